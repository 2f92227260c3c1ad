"""Grading at the end of a cycle, by METHOD's words; what carrying over keeps; which cycle follows; calibration."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rituals.closing import carrying, rules
from rituals.closing.calibration import Call, calibration
from rituals.closing.next_cycle import NextCycle, following
from rituals.errors import FormRefusal
from rituals.okrs.model import Contribution, KeyResult, Milestone, Objective, Update
from rituals.okrs.pace import expected_progress, expected_value
from rituals.okrs.progress import current_progress, current_value, raw_progress, validate
from rituals.okrs.state import CycleSpan
from tests.rituals.samples import MID, kr, said

Q1 = NextCycle("2027-Q1", date(2027, 1, 1), date(2027, 3, 31))


# Scores


@pytest.mark.parametrize(
    ("progress", "score"),
    [(Fraction(3, 5), "0.60"), (Fraction(-1, 5), "0.00"), (Fraction(13, 10), "1.00"), (Fraction(2, 3), "0.67")],
)
def test_the_suggested_score_is_progress_from_0_to_1(progress: Fraction, score: str) -> None:
    assert rules.suggested_score(progress) == Decimal(score)


def test_without_a_value_no_score_is_suggested() -> None:
    assert rules.suggested_score(None) is None
    assert rules.band(None, "committed") is None


@pytest.mark.parametrize(
    ("score", "band"),
    [("1", "green"), ("0.7", "green"), ("0.69", "yellow"), ("0.4", "yellow"), ("0.39", "red"), ("0", "red")],
)
def test_an_aspirational_key_result_is_green_from_seven_tenths(score: str, band: str) -> None:
    assert rules.band(Decimal(score), "aspirational") == band


@pytest.mark.parametrize(
    ("score", "band"), [("1", "green"), ("0.99", "yellow"), ("0.7", "yellow"), ("0.4", "yellow"), ("0.39", "red")]
)
def test_a_committed_key_result_is_green_only_when_all_of_it_is_there(score: str, band: str) -> None:
    assert rules.band(Decimal(score), "committed") == band


def test_the_onboarding_example_at_thirty_days_is_yellow_and_suggested_to_go_on() -> None:
    at_thirty = kr(updates=(said(MID, 30, 7),))
    found = rules.suggestion(current_progress(at_thirty), at_thirty.commitment)
    assert (found.score, found.band, found.outcome) == (Decimal("0.60"), "yellow", "carried")


@pytest.mark.parametrize(
    ("progress", "commitment", "outcome"),
    [
        (Fraction(1), "committed", "closed"),
        (Fraction(7, 10), "aspirational", "closed"),
        (Fraction(7, 10), "committed", "carried"),
        (Fraction(1, 10), "committed", "carried"),
        (Fraction(1, 10), "aspirational", "dropped"),
        (None, "aspirational", "dropped"),
    ],
)
def test_what_is_suggested_to_become_of_it(progress: Fraction | None, commitment: str, outcome: str) -> None:
    assert rules.suggestion(progress, commitment).outcome == outcome  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "score"), [("0.7", "0.7"), ("0,65", "0.65"), ("70 %", "0.7"), (" 1 ", "1"), (".5", "0.5")]
)
def test_a_score_is_read_as_people_write_it(typed: str, score: str) -> None:
    assert rules.read_score(typed) == Decimal(score)


@pytest.mark.parametrize("typed", ["7", "-0.1", "good", "1.01", "120 %", "NaN", "inf"])
def test_what_is_no_score_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        rules.read_score(typed)


def test_what_was_skipped_comes_again_at_the_end() -> None:
    order = ["a", "b", "c", "d"]
    assert rules.next_undecided(order, ["a", "b", "d"], None) == "a"
    assert rules.next_undecided(order, ["a", "b", "d"], "a") == "b"
    assert rules.next_undecided(order, ["a", "b"], "d") == "a"
    assert rules.next_undecided(order, ["b"], "b") == "b"
    assert rules.next_undecided(order, [], "a") is None


# Carrying over

amounts = st.decimals(min_value=-1000, max_value=1000, places=2)


@given(start=amounts, target=amounts, value=amounts)
def test_carried_over_the_value_goes_on_and_progress_begins_anew(
    start: Decimal, target: Decimal, value: Decimal
) -> None:
    assume(start != target)
    kind = "increase" if target > start else "decrease"
    old = kr(kind=kind, start=start, target=target, updates=(said(MID, value),))
    assume(not carrying.problem(old))
    new = carrying.carried_key_result(old, "KR-9", "O-9", Q1)
    assert new.start == current_value(old) == value
    assert raw_progress(new, value) == 0
    assert raw_progress(new, target) == raw_progress(old, target) == 1
    assert expected_progress(new, Q1.starts) == 0
    assert expected_value(new, Q1.starts) == pytest.approx(value, abs=Decimal("0.5"))
    assert validate(new) == []


@given(done=st.lists(st.booleans(), min_size=1, max_size=6), weight=st.integers(1, 9))
def test_of_milestones_the_open_ones_go_on(done: list[bool], weight: int) -> None:
    assume(not all(done))
    steps = tuple(Milestone(f"step {n}", Decimal(weight + n), done=d) for n, d in enumerate(done))
    new = carrying.carried_key_result(kr(kind="milestone", milestones=steps), "KR-9", "O-9", Q1)
    assert [m.title for m in new.milestones] == [m.title for m in steps if not m.done]
    assert raw_progress(new, Decimal(0)) == 0


def test_what_was_never_reported_goes_on_from_its_old_start() -> None:
    assert carrying.carried_key_result(kr(), "KR-9", "O-9", Q1).start == 45


def test_days_of_the_old_cycle_are_left_behind_and_owners_stay() -> None:
    old = kr(
        due=date(2026, 12, 1), plan=((date(2026, 11, 1), Decimal("0.5")),), commitment="committed", weight=Decimal(3)
    )
    new = carrying.carried_key_result(old, "KR-9", "O-9", Q1, Decimal(15))
    assert (new.due, new.plan, new.updates) == (None, (), ())
    assert (new.starts, new.ends, new.target) == (Q1.starts, Q1.ends, Decimal(15))
    assert (new.owners, new.reporter, new.commitment, new.weight) == (
        old.owners,
        old.reporter,
        old.commitment,
        Decimal(3),
    )


def test_a_due_day_within_the_next_cycle_stays() -> None:
    old = kr(kind="binary", start=None, target=None, due=date(2027, 2, 1))
    assert carrying.carried_key_result(old, "KR-9", "O-9", Q1).due == date(2027, 2, 1)


@pytest.mark.parametrize(
    ("old", "target", "words"),
    [
        (kr(updates=(said(MID, 20),)), None, "has reached its target"),
        (kr(updates=(said(MID, 18),)), 20, "give a target below that"),
        (kr(updates=(said(MID, 18),)), 15, ""),
        (kr(updates=(said(MID, 50),)), None, ""),
        (kr(kind="binary", start=None, target=None, updates=(said(MID, 1),)), None, "is done: close it"),
        (kr(kind="keep_below", start=None, updates=(said(MID, 1),)), None, ""),
        (kr(kind="keep_below", start=None, updates=(said(MID, 1),)), 5, "leave the new target out"),
        (kr(start=None), None, "cannot be computed"),
    ],
)
def test_what_cannot_go_on_says_why(old: KeyResult, target: int | None, words: str) -> None:
    found = carrying.problem(old, None if target is None else Decimal(target))
    assert words in found
    assert bool(found) == bool(words)


def test_links_follow_what_goes_on_stay_to_longer_cycles_and_are_lost_to_what_ends() -> None:
    links = (Contribution("O-1", "goes on"), Contribution("O-2", "ends"), Contribution("Y-1", "the year"))
    one = Objective("O-5", "Start faster", "crm", "2026-Q4", contributes_to=links)
    kept, lost = carrying.carried_links(one, {"O-1": "O-9"}, frozenset({"O-1", "O-2", "O-5"}))
    assert kept == (Contribution("O-9", "goes on"), Contribution("Y-1", "the year"))
    assert lost == ("O-2",)


# The next cycle


def span(key: str, starts: str, ends: str, *, closed: bool = False) -> CycleSpan:
    return CycleSpan(1, key, date.fromisoformat(starts), date.fromisoformat(ends), closed)


@pytest.mark.parametrize(
    ("key", "starts", "ends", "then"),
    [
        ("2026-Q4", "2026-10-01", "2026-12-31", ("2027-Q1", "2027-01-01", "2027-03-31")),
        ("2026-Q1", "2026-01-01", "2026-03-31", ("2026-Q2", "2026-04-01", "2026-06-30")),
        ("Q4 2026", "2026-10-01", "2026-12-31", ("Q1 2027", "2027-01-01", "2027-03-31")),
        ("2026-H2", "2026-07-01", "2026-12-31", ("2027-H1", "2027-01-01", "2027-06-30")),
        ("2026-12", "2026-12-01", "2026-12-31", ("2027-01", "2027-01-01", "2027-01-31")),
        ("2026", "2026-01-01", "2026-12-31", ("2027", "2027-01-01", "2027-12-31")),
        ("Sprint 09", "2026-10-05", "2026-10-18", ("Sprint 10", "2026-10-19", "2026-11-01")),
        ("autumn", "2026-09-01", "2026-11-30", ("autumn 2026-12", "2026-12-01", "2027-02-28")),
    ],
)
def test_the_next_cycle_is_as_long_and_named_by_the_pattern(
    key: str, starts: str, ends: str, then: tuple[str, str, str]
) -> None:
    found = following(span(key, starts, ends), [])
    assert (found.key, found.starts.isoformat(), found.ends.isoformat()) == then


def test_a_cycle_that_exists_and_follows_is_the_next_the_nearest_in_length() -> None:
    quarter = span("2026-Q4", "2026-10-01", "2026-12-31")
    known = [quarter, span("2027", "2027-01-01", "2027-12-31"), span("Spring", "2027-01-01", "2027-04-02")]
    assert following(quarter, known).key == "Spring"
    closed = [replace(c, closed=True) for c in known]
    assert following(quarter, closed).key == "2027-Q1"


def test_a_name_that_is_taken_is_not_given_twice() -> None:
    known = [span("2027-Q1", "2026-01-01", "2026-02-01")]
    assert following(span("2026-Q4", "2026-10-01", "2026-12-31"), known).key == "2027-Q1-2"


# Calibration


def calls(*said_of: tuple[str, int, bool]) -> list[Call]:
    return [Call(*one) for one in said_of]


def test_the_brier_score_is_the_mean_squared_distance() -> None:
    given_ = calls(*[(f"KR-{n % 3}", 8, True) for n in range(5)], *[(f"KR-{n}", 6, False) for n in range(5)])
    found = calibration(given_)
    assert found.brier == (5 * Fraction(4, 100) + 5 * Fraction(36, 100)) / 10 == Fraction(1, 5)
    assert (found.calls, found.key_results) == (10, 5)


def test_always_five_of_ten_is_a_coin() -> None:
    assert calibration(calls(*[(f"KR-{n}", 5, n % 2 == 0) for n in range(10)])).brier == Fraction(1, 4)


def test_nine_calls_or_two_key_results_are_not_enough() -> None:
    assert calibration(calls(*[(f"KR-{n}", 9, True) for n in range(9)])).brier is None
    assert calibration(calls(*[(f"KR-{n % 2}", 9, True) for n in range(30)])).brier is None
    assert calibration(calls(*[(f"KR-{n % 3}", 10, True) for n in range(10)])).brier == 0


def test_a_bin_needs_five_to_say_something() -> None:
    low, middle, high = calibration(
        calls(*[(f"KR-{n}", 3, False) for n in range(4)], *[(f"KR-{n}", 8, n < 3) for n in range(5)])
    ).bins
    assert (low.n, low.said, low.reached) == (4, None, None)
    assert (middle.low, middle.high, middle.n) == (4, 6, 0)
    assert (high.n, high.said, high.reached) == (5, Fraction(8), Fraction(3, 5))


def test_a_value_that_came_in_after_the_end_counts() -> None:
    late = kr(updates=(Update(at=MID, value=Decimal(30)), Update(at=MID.replace(year=2027), value=Decimal(25))))
    assert carrying.carried_key_result(late, "KR-9", "O-9", Q1).start == 25


def test_a_form_refusal_names_its_fields() -> None:
    from rituals.closing.reading import Decision, read

    with pytest.raises(FormRefusal) as no:
        read(kr(updates=(said(MID, 30),)), Decision("KR-1", "carried", score="0.9", target="+3"))
    assert set(no.value.errors) == {"reason", "target"}
