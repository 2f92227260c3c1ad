"""Open questions about owning together when a cycle or a unit is closed: they go on, or end with a word."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import select

from rituals.closing import finishing, service
from rituals.closing.reading import Decision
from rituals.closing.rules import Outcome
from rituals.errors import Refusal
from rituals.okrs import support
from rituals.okrs.load import load_portfolio
from rituals.okrs.ownership import service as ownership
from rituals.settings import units_closing
from rituals.settings.cards import Typed
from storage.closing import grade_of
from storage.database import Database
from storage.tables import Objective, Support
from tests.rituals import closing_workspace as closing
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


LONG = """cycles:
  - {key: 2026-H2X, starts: 2026-10-01, ends: 2027-03-31}"""


def test_what_supports_a_key_result_from_a_cycle_that_runs_on_goes_on_supporting_it_and_the_other_way_round(
    sqlite_db: Database,
) -> None:
    text = (
        closing.PORTFOLIO.replace("cycles:", LONG, 1)
        + """
  - key: O-9
    unit: payments
    cycle: 2026-H2X
    title: The half year's own
    key_results:
      - {key: KR-9, title: Paid by card, start: 0, target: 10, owners: [payments, crm]}
"""
    )
    closing.set_up(sqlite_db, text)
    with sqlite_db.transaction() as session:
        found = load_portfolio(session, TEAM)
        ids = {key: kr.id or 0 for key, kr in found.key_results.items()}
        long = session.exec(select(Objective).where(Objective.key == "O-9")).one()
        said: dict[str, Any] = {
            "team_id": TEAM,
            "unit_id": found.unit_ids["payments"],
            "slack_user": closing.MIA,
            "at": NOW,
        }
        session.add(Support(key_result_id=ids["KR-2"], objective_id=long.id, **said))
        session.add(Support(key_result_id=ids["KR-9"], by_key_result_id=ids["KR-5"], **said))
    closing.decide(sqlite_db, closing.ANA, "KR-2", "carried", target="200")
    closing.decide_all(sqlite_db)
    went = {one.before: one.now for one in closing.finish(sqlite_db).key_results}
    with sqlite_db.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
        links = support.supported(session, state, state.key_results.values())
    assert links[went["KR-2"], "payments"].startswith("O-9 ")
    assert links["KR-9", "payments"].startswith(f"{went['KR-5']} ")
