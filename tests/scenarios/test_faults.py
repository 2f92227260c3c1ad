"""Trouble on our side: a fault has a reference and loses nothing, and work that takes long holds up nobody else."""

import re

from sqlalchemy import text
from sqlmodel import col, select

from storage.tables import InboxEvent
from tests.scenarios.conftest import StageMaker
from tests.scenarios.seen import told
from tests.scenarios.trouble import all_hands_full

ROUND = "2026-11-16T08:10"


def test_the_person_sees_the_reference_and_nothing_typed_is_lost(staged: StageMaker) -> None:
    stage = staged(at="2026-11-15T22:30")
    stage.go_to(ROUND)
    bo = stage.person("U03BO")
    prompt = next(m for m in bo.dm if m.bot)
    with stage.db.transaction() as session:  # a real fault: the table for answers is gone
        session.connection().execute(text("ALTER TABLE answer RENAME TO answer_gone"))
    bo.says("dm", "1. KR-1 30 days 7/10", thread_ts=prompt.ts)
    stage.settle()
    words = bo.reads(bo.ephemerals()[-1])
    found = re.fullmatch(r"Something broke on our side \(ref (\S+)\)\. Your answer is stored\.", words)
    assert found, words
    with stage.db.transaction(readonly=True) as session:
        kept = session.exec(select(InboxEvent).where(col(InboxEvent.fault) == found[1])).one()
    assert "KR-1 30 days 7/10" in kept.body


def test_four_listeners_that_take_their_time_hold_up_nobody_else(staged: StageMaker) -> None:
    stage = staged(at="2026-11-15T22:30")
    bo = stage.person("U03BO")
    with all_hands_full(stage, hands=4):
        assert bo.types("/okr show KR-1", "C03CRM").error is None
        assert "KR-1 Median time from signature" in told(stage, "U03BO", "C03CRM")
