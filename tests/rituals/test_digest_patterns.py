"""What blockers say together: chains, circles, what grows old."""

from dataclasses import replace
from datetime import date

import pytest

from rituals.digests.facts import BlockerFacts
from rituals.digests.patterns import MOST_CHAINS, OLD_DAYS, chains, grown_old, overdue
from tests.rituals.digest_samples import blocker

TODAY = date(2026, 11, 13)


def waits(*steps: str) -> list[BlockerFacts]:
    """`A>B` for each step, numbered in order, all three days old."""
    sides = [step.split(">") for step in steps]
    return [blocker(number, by, on, 3) for number, (by, on) in enumerate(sides, start=1)]


def said(*steps: str) -> list[str]:
    return [("O " if c.cycle else "") + ">".join(c.units) for c in chains(waits(*steps))]


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        (["A>B"], []),
        (["A>B", "C>B"], []),
        (["A>B", "B>C"], ["A>B>C"]),
        (["B>C", "A>B"], ["A>B>C"]),
        (["A>B", "B>C", "C>D"], ["A>B>C>D"]),
        (["A>B", "B>C", "X>B"], ["A>B>C", "X>B>C"]),
        (["A>B", "B>C", "A>C"], ["A>B>C"]),
        (["A>B", "B>A"], ["O A>B"]),
        (["A>B", "B>C", "C>A"], ["O A>B>C"]),
        (["A>B", "B>A", "C>D", "D>C"], ["O A>B", "O C>D"]),
        (["A>B", "B>C", "C>B"], ["O B>C"]),
        (["A>B", "B>C", "C>D", "D>C"], ["O C>D", "A>B>C"]),
        (["A>B", "B>C", "C>A", "B>A"], ["O A>B"]),
        (["A>A"], []),
        ([], []),
    ],
)
def test_who_waits_over_several_steps_and_in_circles(steps: list[str], found: list[str]) -> None:
    assert said(*steps) == found


def test_a_step_is_the_oldest_blocker_between_two_units_and_none_is_made_up() -> None:
    given = [blocker(1, "A", "B", 3), blocker(2, "A", "B", 9), blocker(3, "B", "C", 1), blocker(4, "B", None, 20)]
    (found,) = chains(given)
    assert [b.number for b in found.blockers] == [2, 3]
    assert found.pairs == {("A", "B"), ("B", "C")}


def test_units_that_nobody_named_are_not_taken_for_one() -> None:
    assert chains([blocker(1, "a unit", "B", 3), blocker(2, "B", "C", 3)]) == ()


def test_the_longest_come_first_and_no_more_than_fit() -> None:
    lines = [
        f"{start}{n}>{start}{n + 1}"
        for start, length in zip("EDCBA", (2, 3, 4, 5, 6), strict=True)
        for n in range(length)
    ]
    assert [len(c.blockers) for c in chains(waits(*lines))] == [6, 5, 4]
    assert len(chains(waits(*lines))) == MOST_CHAINS


def test_a_thousand_blockers_in_one_web_take_no_time() -> None:
    web = [blocker(a * 40 + b, f"U{a}", f"U{b}", 1) for a in range(40) for b in range(40) if a < b]
    (longest,) = chains(web)
    assert len(longest.units) == 40
    long = [blocker(n, f"U{n:04}", f"U{n + 1:04}", 1) for n in range(3000)]
    assert len(chains(long)[0].units) == 3001


def test_a_blocker_is_overdue_from_the_day_after_its_date() -> None:
    given = blocker(1, until=date(2026, 11, 13))
    assert overdue(given, TODAY) == 0
    assert overdue(given, date(2026, 11, 17)) == 4
    assert overdue(blocker(1), TODAY) == 0


def test_what_grew_old_was_there_before_and_is_past_its_date_or_two_weeks_old() -> None:
    late = blocker(1, days=3, until=date(2026, 11, 10))
    given = [late, blocker(2, days=OLD_DAYS), blocker(3, days=OLD_DAYS - 1), blocker(4, days=40)]
    assert [b.number for b in grown_old(given, TODAY)] == [1, 4, 2]
    assert grown_old([replace(b, new=True) for b in given], TODAY) == ()
