"""Early warnings scored against what happened: which count, what missed, precision and recall with their counts."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from sqlmodel import select

from rituals import align
from rituals.flags import scoring
from rituals.flags.looking import look_due
from rituals.flags.warnings import Outcome, Score, outcome, said_badly_at, score, warning
from rituals.okrs.flags.events import FlagEvent
from rituals.okrs.load import load_portfolio
from rituals.okrs.model import KeyResult
from storage.database import Database
from storage.tables import Cycle, Grade
from tests.rituals.halden import ANA, NOW, TEAM
from tests.rituals.samples import BERLIN, on_day, percent_kr, said

END = datetime(2026, 4, 12, tzinfo=UTC)


def opened(day: int, reason: Any = "pace") -> FlagEvent:
    """A flag that opened on a day of the span."""
    return FlagEvent(reason, "opened", {}, on_day(day))


def made(value: int, **changes: Any) -> KeyResult:
    """Ends at a value of 100."""
    return percent_kr(said(on_day(90), value), **changes)


@pytest.mark.parametrize(
    ("commitment", "value", "missed"),
    [("aspirational", 70, False), ("aspirational", 69, True), ("committed", 90, False), ("committed", 89, True)],
)
def test_missed_is_what_ends_under_what_its_commitment_needs(commitment: str, value: int, missed: bool) -> None:
    assert outcome(made(value, commitment=commitment), (), None, BERLIN).missed is missed


def test_the_score_that_people_gave_counts_before_the_progress() -> None:
    assert outcome(made(100), (), Fraction(1, 2), BERLIN).missed is True
    assert outcome(made(10), (), Fraction(9, 10), BERLIN).missed is False


def test_what_nobody_ever_reported_is_missed() -> None:
    assert outcome(percent_kr(), (), None, BERLIN) == Outcome(percent_kr(), None, None)
    assert outcome(percent_kr(), (), None, BERLIN).missed


@pytest.mark.parametrize("reason", ["pace", "trend", "stalled", "divergence"])
def test_a_flag_two_weeks_before_the_end_is_a_warning_and_later_is_none(reason: str) -> None:
    assert warning(made(10), (opened(85, reason),), END) is not None
    assert warning(made(10), (opened(87, reason),), END) is None


@pytest.mark.parametrize("reason", ["silent", "confidence"])
def test_what_people_say_or_do_not_say_is_no_warning_of_ours(reason: str) -> None:
    assert warning(made(10), (opened(40, reason),), END) is None


def test_after_a_person_said_that_it_goes_badly_it_is_no_warning_any_more() -> None:
    low = percent_kr(said(on_day(30), 10, 3), said(on_day(50), 12, 3))
    assert warning(low, (opened(29),), END) == opened(29)
    assert warning(low, (opened(31),), END) is None


def test_what_recovered_before_is_warned_of_by_what_opened_first() -> None:
    gone = FlagEvent("pace", "recovered", {}, on_day(30))
    assert warning(made(10), (opened(20), gone, opened(60)), END) == opened(20)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ([(10, 8), (20, 6), (30, 5)], None),
        ([(10, 8), (20, 5)], 20),
        ([(10, 4), (20, 3)], 20),
    ],
)
def test_a_person_says_that_it_goes_badly_by_the_limits_of_confidence(
    words: list[tuple[int, int]], day: int | None
) -> None:
    line = percent_kr(*(said(on_day(at), 10, confidence) for at, confidence in words))
    assert said_badly_at(line) == (None if day is None else on_day(day))


def test_blocked_by_another_is_a_persons_word_too() -> None:
    assert said_badly_at(percent_kr(said(on_day(9), 1, 7, blocked=True))) == on_day(9)


def cases(warned_missed: int, warned_made: int, silent_missed: int, silent_made: int) -> list[Outcome]:
    """So many of each."""
    kinds = ((warned_missed, opened(9), 10), (warned_made, opened(9), 90))
    plain = ((silent_missed, None, 10), (silent_made, None, 90))
    return [
        Outcome(made(value), flag, Fraction(value, 100))
        for number, flag, value in (*kinds, *plain)
        for _ in range(number)
    ]


def test_precision_and_recall_by_hand() -> None:
    found = score(cases(6, 2, 3, 5))
    assert found == Score(key_results=16, warned=8, missed=9, hits=6)
    assert found.precision == pytest.approx(0.75)
    assert found.recall == pytest.approx(6 / 9)


@pytest.mark.parametrize(
    ("counts", "precision", "recall"),
    [((4, 0, 9, 9), None, 4 / 13), ((4, 1, 0, 9), 0.8, None), ((5, 0, 0, 0), 1.0, 1.0), ((0, 0, 0, 3), None, None)],
)
def test_under_five_to_count_from_there_is_not_enough_data(
    counts: tuple[int, int, int, int], precision: float | None, recall: float | None
) -> None:
    found = score(cases(*counts))
    assert (found.precision, found.recall) == (
        None if precision is None else pytest.approx(precision),
        None if recall is None else pytest.approx(recall),
    )


def ended(db: Database) -> datetime:
    """The sample's fourth quarter has gone by; looked at each Monday until its end. An instant after it."""
    for week in range(8):
        look_due(db, TEAM, now=NOW + timedelta(weeks=week))
    with db.transaction() as session:
        for cycle in session.exec(select(Cycle).where(Cycle.ends <= date(2026, 12, 31))):
            cycle.closed_at = datetime(2027, 1, 5, tzinfo=UTC)
            session.add(cycle)
    return datetime(2027, 1, 6, 9, tzinfo=UTC)


def test_the_page_has_a_line_for_the_newest_cycle_that_is_over_and_opens_what_it_is_made_of(halden: Database) -> None:
    assert align.show(halden, TEAM, ANA, "suite", now=NOW).warnings == ()
    later = ended(halden)
    page = align.show(halden, TEAM, ANA, "suite", now=later)
    one = page.warnings[0]
    assert one.cycle == "2026-Q4"
    assert one.hits <= min(one.warned, one.missed) <= one.key_results
    lines = align.made(halden, TEAM, ANA, page.unit_key, "warnings", now=later).lines
    mine = [line for line in lines if line.startswith("2026-Q4: ")]
    assert sum("warned of on" in line for line in mine) == one.warned
    assert sum(", missed (" in line for line in mine) == one.missed
    assert sum("warned of on" in line and ", missed (" in line for line in mine) == one.hits


def test_a_grade_that_people_gave_is_what_counts_on_the_page(halden: Database) -> None:
    later = ended(halden)
    before = align.show(halden, TEAM, ANA, "suite", now=later).warnings[0]
    with halden.transaction() as session:
        state = load_portfolio(session, TEAM)
        for o in state.objectives:
            for kr in o.key_results if o.cycle == "2026-Q4" else ():
                session.add(
                    Grade(
                        team_id=TEAM,
                        key_result_id=kr.id or 0,
                        cycle_id=state.cycles[o.cycle].id,
                        score=Decimal("1.0"),
                        outcome="closed",
                        slack_user=ANA,
                        at=later,
                    )
                )
    after = align.show(halden, TEAM, ANA, "suite", now=later).warnings[0]
    assert (after.missed, after.hits, after.warned) == (0, 0, before.warned)
    assert before.missed > 0


def test_the_scores_of_all_cycles_are_read_in_two_statements(halden: Database) -> None:
    from sqlalchemy import event as sql

    later, asked = ended(halden), []
    with halden.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)

        @sql.listens_for(halden.engine, "before_cursor_execute")
        def seen(conn: object, cursor: object, statement: str, *_: object) -> None:
            asked.append(statement)

        scoring.scores(session, state, state.units, later)
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 2
