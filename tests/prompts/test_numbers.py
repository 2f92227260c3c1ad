"""What counts as the same number, date or reference in two texts."""

from datetime import date
from decimal import Decimal

import pytest

from prompts.letters import visible
from prompts.numbers import figures, of_date, of_number


def missing(claim: str, facts: str) -> str | None:
    return figures(visible(claim)).missing_from(figures(visible(facts)))


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
        ("twenty-one days", "21 days"),
        ("two hundred and five accounts", "205 accounts"),
        ("a dozen tests", "12 tests"),
        ("one day", "1 day"),
        ("10–12 days", "10-12 days"),
        ("10 to 12 days", "10-12 days"),
        ("at least 3 weeks", "more than 3 weeks"),
        ("about 40 accounts", "~40 accounts"),
        ("3 of 10 tests", "3/10 tests"),
        ("bis 12. Dezember", "until 12 Dec"),
        ("hasta el 12 de diciembre", "until 12 Dec"),
        ("zwölf Tage", "12 days"),
        ("by March", "in March"),
        ("by 12.12.", "until 12 Dec"),
        ("next week", "next week"),
        ("€3 million", "3M euros"),
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
        ("twenty-one days", "20 days"),
        ("two hundred", "2 tests and 100 accounts"),
        ("12 weeks", "12 days"),
        ("12 %", "12 days"),
        ("$12", "12 days"),
        ("12 days", "12 tests"),
        ("12 days", "10-12 days"),
        ("10–12 days", "10 days, 12 tests"),
        ("12 days", "at least 12 days"),
        ("over 12 days", "12 days"),
        ("up to 12 days", "at least 12 days"),
        ("3 accounts", "3 of 10 accounts"),
        ("3 of 12", "3 of 10 and 12"),
        ("one line", "two lines"),
        ("a couple of days", "3 days"),
        ("a dozen tests", "10 tests"),
        ("the third round", "2 rounds"),
        ("since 12 Dec", "until 12 Dec"),
        ("until 12 Dec", "not before 12 Dec"),
        ("by March", "in May"),
        ("by tomorrow", "until Friday"),
        ("next week", "this week"),
        ("until 31.12.", "until 12 Dec"),
        ("zwölf Tage", "11 days"),
        ("½ of it", ""),
    ],
)
def test_a_different_value_is_missing(claim: str, facts: str) -> None:
    assert missing(claim, facts) is not None


def test_what_is_missing_is_named() -> None:
    assert missing("12 days and 40 accounts", "12") == "40"


def test_a_known_date_supports_itself_its_month_and_its_weekday() -> None:
    assert figures("on Saturday 12 December").missing_from(of_date(date(2026, 12, 12))) is None
    assert figures("on Friday").missing_from(of_date(date(2026, 12, 12))) == "friday"


def test_a_counted_number_supports_itself_only() -> None:
    assert figures("two").missing_from(of_number(2)) is None
    assert figures("20").missing_from(of_number(2)) == "20"


@pytest.mark.parametrize("text", ["１２ days", "①② days", "١٢ days"])
def test_digits_of_other_forms_are_digits(text: str) -> None:
    assert figures(visible(text)).missing_from(figures("12 days")) is None
    assert figures(visible(text)).missing_from(figures("2 days")) is not None


def test_a_number_cut_out_of_its_sentence_keeps_its_unit_and_its_bounds() -> None:
    text = "It takes at least 12 weeks, they say"
    cut = figures(text, text.index("12"), text.index("12") + 2)
    assert figures("at least 12 weeks").missing_from(cut) is None
    assert figures("12 weeks").missing_from(cut) == "12"
    assert figures("at least 12 days").missing_from(cut) == "12"


def test_an_ambiguous_literal_keeps_both_readings() -> None:
    (number,) = figures("1,250").numbers
    assert number.readings == {Decimal(1250), Decimal("1.250")}
