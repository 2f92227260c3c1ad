"""A fault on our side: the person sees its reference, and what they typed is kept."""

import re

from sqlalchemy import text
from sqlmodel import col, select

from storage.tables import InboxEvent
from tests.scenarios.conftest import StageMaker

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
    told = bo.reads(bo.ephemerals()[-1])
    found = re.fullmatch(r"Something broke on our side \(ref (\S+)\)\. Your answer is stored\.", told)
    assert found, told
    with stage.db.transaction(readonly=True) as session:
        kept = session.exec(select(InboxEvent).where(col(InboxEvent.fault) == found[1])).one()
    assert "KR-1 30 days 7/10" in kept.body
