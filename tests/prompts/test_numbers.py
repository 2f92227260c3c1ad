"""What counts as the same number, date or reference in two texts."""

from datetime import date
from decimal import Decimal

import pytest

from prompts.numbers import figures, of_date, of_number


def missing(claim: str, facts: str) -> str | None:
    return figures(claim).missing_from(figures(facts))


@pytest.mark.parametrize(
    ("claim", "facts"),
    [
        ("12 days", "12"),
        ("1250 accounts", "1,250 accounts"),
        ("1.250", "1,250"),
        ("12,500 users", "12.5k users"),
        ("3 million", "$3M"),
        ("1 234 567", "1,234,567"),
        ("by 12 Dec", "until 12 December"),
        ("by Dec 12, 2026", "2026-12-12"),
        ("by the 12th of December", "12 Dec"),
        ("two lines", "2 lines"),
        ("KR-7 and Q4", "kr-7 in q4"),
        ("at 18:00", "until 18:00"),
        ("in December", "on 12 Dec"),
        ("on Friday", "friday"),
        ("fell by 3", "-3"),
        ("0.30", "0.3"),
        ("no figure at all", ""),
        ("one of them", ""),
    ],
)
def test_the_same_value_in_another_spelling_is_found(claim: str, facts: str) -> None:
    assert missing(claim, facts) is None


@pytest.mark.parametrize(
    ("claim", "facts"),
    [
        ("12 days", "120 days"),
        ("120 days", "12 days"),
        ("1 day", "12 days"),
        ("1.25", "1250"),
        ("12", "12 Dec"),
        ("12 Dec", "12 days"),
        ("12 Dec", "13 Dec"),
        ("12 Dec 2027", "2026-12-12"),
        ("three teams", "2 teams"),
        ("KR-7", "KR-70"),
        ("KR-7", "7"),
        ("in December", "on 12 Nov"),
        ("by Friday", "by Monday"),
        ("at 17:00", "at 18:00"),
        ("3 million", "3"),
        ("20.5 %", "20 %"),
    ],
)
def test_a_different_value_is_missing(claim: str, facts: str) -> None:
    assert missing(claim, facts) is not None


def test_what_is_missing_is_named() -> None:
    assert missing("12 of 40 accounts", "12") == "40"


def test_a_known_date_supports_itself_its_month_and_its_weekday() -> None:
    assert figures("on Saturday 12 December").missing_from(of_date(date(2026, 12, 12))) is None
    assert figures("on Friday").missing_from(of_date(date(2026, 12, 12))) == "friday"


def test_a_counted_number_supports_itself_only() -> None:
    assert figures("two").missing_from(of_number(2)) is None
    assert figures("20").missing_from(of_number(2)) == "20"


def test_an_ambiguous_literal_keeps_both_readings() -> None:
    assert figures("1,250").numbers == (frozenset({Decimal(1250), Decimal("1.250")}),)
