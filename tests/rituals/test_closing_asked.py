"""Closing a large cycle: its form is answered at once, a step of time closes it, one message says what came of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.views import VIEWS
from rituals.closing import asking, carrying_out, finishing, service
from rituals.closing.due import close_due
from rituals.closing.next_cycle import NextCycle
from rituals.closing.pages import BeingClosed
from rituals.errors import FormRefusal, Refusal
from rituals.notices.closing import ClosingProgress, Finished, Retrospective
from storage.database import Database
from storage.tables import CycleClose, OutboxRow
from tests.rituals.closing_workspace import (
    ANA,
    BEGUN,
    BO,
    LENA,
    OVER,
    Q1,
    Q4,
    TEAM,
    decide,
    decide_all,
    finish,
    set_up,
    state,
)

INTO = NextCycle(Q1, OVER.date().replace(day=1), OVER.date().replace(month=3, day=31))
LATER = OVER + timedelta(seconds=5)


@pytest.fixture
def suite(sqlite_db: Database) -> Database:
    """The suite after its quarter, with everything decided."""
    db = set_up(sqlite_db)
    decide_all(db)
    return db


def ask(db: Database, user: str = ANA, into: NextCycle = INTO, *, early: bool = False) -> Finished | BeingClosed:
    """Submit the form of a cycle that counts as large."""
    return asking.close(db, TEAM, user, Q4, into, early=early, now=OVER, at_once=0)


def messages(db: Database, kind: str = ClosingProgress.KIND) -> list[OutboxRow]:
    """What was promised of a kind."""
    with db.transaction(readonly=True) as session:
        return list(session.exec(select(OutboxRow).where(OutboxRow.kind == kind)))


def says(db: Database) -> str:
    """What the one message about it says now."""
    [row] = messages(db)
    with db.transaction(readonly=True) as session:
        return VIEWS[row.kind](carrying_out.progress_now(session, TEAM, row.data or {}, LATER)).text


def close_row(db: Database) -> CycleClose:
    """The pass over the quarter."""
    with db.transaction(readonly=True) as session:
        return session.exec(select(CycleClose)).one()


def test_a_small_cycle_is_closed_while_its_form_waits(suite: Database) -> None:
    done = asking.close(suite, TEAM, ANA, Q4, INTO, early=False, now=OVER)
    assert isinstance(done, Finished)
    assert state(suite).cycles[Q4].closed
    assert messages(suite) == []
    assert close_due(suite, TEAM, now=LATER) == 0


def test_a_large_one_is_taken_at_once_and_nothing_is_closed_yet(suite: Database) -> None:
    assert ask(suite) == BeingClosed(cycle=Q4, into=Q1, total=7)
    assert not state(suite).cycles[Q4].closed
    assert says(suite) == "Closing 2026-Q4 … 7 key results, going on in 2027-Q1. This takes some seconds."
    [row] = messages(suite)
    assert (row.to, row.mode) == (ANA, "live")


def test_a_step_of_time_closes_it_once_and_its_message_says_what_came_of_it(suite: Database) -> None:
    ask(suite)
    [before] = messages(suite)
    assert close_due(suite, TEAM, now=LATER) == 1
    assert close_due(suite, TEAM, now=LATER) == 0
    assert state(suite).cycles[Q4].closed
    assert [kr.key for kr in state(suite).key_results.values() if kr.carried_from] == ["KR-8", "KR-9", "KR-10"]
    assert says(suite) == (
        "2026-Q4 is closed. The look back is posted to 1 channel. 3 key results go on in 2027-Q1. It was made."
    )
    [after] = messages(suite)
    assert after.wanted > before.wanted
    assert len(messages(suite, Retrospective.KIND)) == 1
    assert (close_row(suite).closed_by, close_row(suite).asked) == (ANA, None)


def close_and_die(db: Database) -> dict[str, Any]:
    """Close it in a transaction that is never committed; the figures that it would have kept."""
    with pytest.raises(KeyboardInterrupt), db.transaction() as session:
        ready = finishing.make_ready(session, TEAM, ANA, Q4, INTO, early=False, now=LATER)
        assert isinstance(ready, finishing.Ready)
        finishing.close(session, ready)
        kept = dict(session.exec(select(CycleClose)).one().figures or {})
        raise KeyboardInterrupt
    return kept


def test_the_step_keeps_what_closing_at_once_keeps(suite: Database) -> None:
    kept = close_and_die(suite)
    assert kept["alignment"]["suite"]["connection_rate"] == [None, 0.6667]
    ask(suite)
    close_due(suite, TEAM, now=LATER)
    assert close_row(suite).figures == kept


def test_a_second_press_by_whoever_changes_nothing(suite: Database) -> None:
    ask(suite)
    assert ask(suite) == BeingClosed(cycle=Q4, into=Q1, total=7)
    other = NextCycle("2027-H1", INTO.starts, INTO.ends)
    assert ask(suite, LENA, other) == BeingClosed(cycle=Q4, into=Q1, total=7, by="Ana Ruiz")
    assert len(messages(suite)) == 1
    close_due(suite, TEAM, now=LATER)
    again = ask(suite, LENA, other)
    assert isinstance(again, Finished)
    assert again.into == Q1
    assert len(messages(suite)) == 1


def test_what_cannot_be_closed_is_refused_on_the_form(suite: Database) -> None:
    with pytest.raises(Refusal, match="closed by a lead of its portfolio"):
        ask(suite, BO)
    with pytest.raises(FormRefusal):
        ask(suite, ANA, NextCycle("", INTO.starts, INTO.ends))
    with pytest.raises(Refusal, match="Say that you mean to close it early"):
        asking.close(suite, TEAM, ANA, Q4, INTO, early=False, now=BEGUN + timedelta(days=3), at_once=0)
    assert messages(suite) == []
    assert close_due(suite, TEAM, now=LATER) == 0


def test_what_gets_in_the_way_meanwhile_is_told_and_it_can_be_asked_for_again(suite: Database) -> None:
    ask(suite)
    with suite.transaction() as session:
        row = session.exec(select(CycleClose)).one()
        row.asked = (row.asked or {}) | {"by": BO}  # who may not, by now
        session.add(row)
    assert close_due(suite, TEAM, now=LATER) == 1
    assert says(suite).startswith("2026-Q4 is not closed, and nothing was changed. 2026-Q4 is closed by a lead")
    assert not state(suite).cycles[Q4].closed
    assert close_due(suite, TEAM, now=LATER) == 0
    decide(suite, ANA, "KR-1", "dropped")
    assert isinstance(finish(suite), Finished)


def test_a_fault_of_ours_is_told_written_nothing_and_not_tried_again(suite: Database) -> None:
    ask(suite)
    with suite.transaction() as session:
        row = session.exec(select(CycleClose)).one()
        row.asked = (row.asked or {}) | {"starts": "no day"}
        session.add(row)
    with pytest.raises(ValueError, match="no day"):
        close_due(suite, TEAM, now=LATER)
    assert "Something went wrong on our side" in says(suite)
    assert not state(suite).cycles[Q4].closed
    assert close_due(suite, TEAM, now=LATER) == 0
    assert service.begin(suite, TEAM, ANA, Q4, now=LATER).all_decided


def test_killed_on_the_way_nothing_is_written_and_it_is_done_anew(suite: Database) -> None:
    ask(suite)
    close_and_die(suite)
    assert not state(suite).cycles[Q4].closed
    assert close_due(suite, TEAM, now=LATER) == 1
    assert [kr.key for kr in state(suite).key_results.values() if kr.carried_from] == ["KR-8", "KR-9", "KR-10"]
    assert len(messages(suite, Retrospective.KIND)) == 1
