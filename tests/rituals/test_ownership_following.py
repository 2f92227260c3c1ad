"""Open questions about owning together when a cycle or a unit is closed: they go on, or end with a word."""

from datetime import UTC, datetime

import pytest

from rituals.closing import finishing, service
from rituals.closing.reading import Decision
from rituals.closing.rules import Outcome
from rituals.errors import Refusal
from rituals.okrs import ownership
from rituals.okrs.load import load_portfolio
from rituals.settings import units_closing
from rituals.settings.cards import Typed
from storage.closing import grade_of
from storage.database import Database
from tests.rituals.halden import ANA, BO, LENA, NOW, OMAR, TEAM
from tests.rituals.test_ownership import answer, key_result, number, owed, question, row, shared, told

OVER = datetime(2027, 1, 4, 9, tzinfo=UTC)
Q4 = "2026-Q4"


def close_cycle(db: Database, key: str, outcome: Outcome) -> str:
    """Close the quarter with this outcome for one key result; the key it goes on as, or an empty one."""
    service.decide(db, TEAM, LENA, Q4, Decision(key, outcome, "0.5", "as agreed"), now=OVER)
    service.decide_many(db, TEAM, LENA, Q4, "suggested", now=OVER)
    done = finishing.finish(db, TEAM, LENA, Q4, now=OVER)
    return next((went.now for went in done.key_results if went.before == key), "")


def test_a_question_goes_on_with_the_key_result_that_is_carried_over(halden: Database) -> None:
    key = shared(halden)
    went = close_cycle(halden, key, "carried")
    assert (row(halden).state, question(halden).key) == ("asked", went)
    assert [one.key for one in owed(halden, OMAR, OVER)] == [went]
    ownership.answer(halden, TEAM, OMAR, number(halden), "decline", note="Not ours.", now=OVER)
    assert key_result(halden, went).owners == ("crm",)
    assert key_result(halden, key).owners == ("crm", "payments")


@pytest.mark.parametrize("outcome", ["closed", "dropped"])
def test_a_question_about_what_ends_is_withdrawn_and_both_sides_read_why(halden: Database, outcome: Outcome) -> None:
    key = shared(halden)
    close_cycle(halden, key, outcome)
    assert (row(halden).state, question(halden).ended) == ("withdrawn", Q4)
    assert (told(halden).state, told(halden).ended) == ("withdrawn", Q4)
    assert owed(halden, OMAR, OVER) == []


def close_unit(db: Database, unit: str, user: str = ANA, **said: str) -> None:
    units_closing.save(db, TEAM, user, unit, Typed(texts=said), now=NOW, key="v1")


def test_a_unit_that_is_closed_is_asked_no_more_and_who_asked_reads_why(halden: Database) -> None:
    shared(halden, "crm", "desktop")
    close_unit(halden, "desktop", fate="drop")
    assert row(halden, "desktop").state == "withdrawn"
    assert (told(halden).state, told(halden).ended) == ("withdrawn", "Desktop")


def test_a_unit_that_was_offered_and_is_closed_meanwhile_is_not_made_an_owner(halden: Database) -> None:
    key = shared(halden)
    answer(halden, OMAR, "counter", other="desktop")
    close_unit(halden, "desktop", fate="drop")
    with pytest.raises(Refusal, match=r"Desktop is closed\. Ask Payments again"):
        ownership.settle(halden, TEAM, BO, number(halden), "agree", now=NOW)
    assert key_result(halden, key).owners == ("crm", "payments")


def test_a_unit_whose_key_results_were_graded_ahead_can_be_closed(halden: Database) -> None:
    with halden.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
    graded = next(kr.key for o in state.objectives if o.unit == "desktop" for kr in o.key_results)
    service.decide(halden, TEAM, LENA, Q4, Decision(graded, "closed", "0.8", "as agreed"), now=NOW)
    close_unit(halden, "desktop", fate="drop")
    with halden.transaction(readonly=True) as session:
        grade = grade_of(session, TEAM, state.key_results[graded].id or 0)
    assert grade is not None
    assert grade.outcome == "closed"
