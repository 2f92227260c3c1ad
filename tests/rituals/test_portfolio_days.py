"""Days and numbers of CSV files: what is certain is read, what is not asks for the word that makes it so."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.okrs.portfolio.days import DateOrder, iso_day, without_time
from rituals.okrs.portfolio.numbers_read import DecimalMark, plain_amount, plain_number


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2026-04-03", None, "2026-04-03"),
        ("2026-04-03", "mdy", "2026-04-03"),
        ("2026/4/3", None, "2026-04-03"),
        ("2026.04.03", "dmy", "2026-04-03"),
        ("03/04/2026", "dmy", "2026-04-03"),
        ("03/04/2026", "mdy", "2026-03-04"),
        ("3.4.2026", "dmy", "2026-04-03"),
        ("25/04/2026", None, "2026-04-25"),
        ("04-25-2026", None, "2026-04-25"),
        ("04/04/2026", None, "2026-04-04"),
        ("3 Apr 2026", None, "2026-04-03"),
        ("03-April-2026", "mdy", "2026-04-03"),
        ("Apr 3, 2026", None, "2026-04-03"),
        ("September 30 2026", None, "2026-09-30"),
        ("30 Sept 2026", None, "2026-09-30"),
        (" 2026-04-03 ", None, "2026-04-03"),
    ],
)
def test_a_day_is_read_where_it_is_certain(text: str, order: DateOrder | None, day: str) -> None:
    assert iso_day(text, order) == day


@pytest.mark.parametrize(
    ("text", "order", "words"),
    [
        ("03/04/2026", None, '"03/04/2026" can be 3 April or 4 March 2026; add --dates dmy or --dates mdy'),
        ("03.04.2026", "iso", "but --dates iso says days are written like 2026-04-03"),
        ("04/25/2026", "dmy", "with --dates dmy there is no month 25; is it --dates mdy?"),
        ("25/04/2026", "mdy", "with --dates mdy there is no month 25; is it --dates dmy?"),
        ("03/04/26", "dmy", "write the year with four digits"),
        ("31/02/2026", None, 'there is no day "31/02/2026"'),
        ("00/04/2026", None, 'there is no day "00/04/2026"'),
        ("40/50/2026", None, 'there is no day "40/50/2026"'),
        ("2026-13-01", None, 'there is no day "2026-13-01"'),
        ("31 Feb 2026", None, 'there is no day "31 Feb 2026"'),
    ],
)
def test_a_day_that_is_not_certain_or_not_there_is_refused(text: str, order: DateOrder | None, words: str) -> None:
    with pytest.raises(ValueError) as refused:
        iso_day(text, order)
    assert words in str(refused.value)


@pytest.mark.parametrize("text", ["", "last Monday", "3 Foo 2026", "true", "2026-04-03T09:30:00+02:00", "12/2026"])
def test_what_is_no_day_is_left_to_others(text: str) -> None:
    assert iso_day(text) == text


@given(st.dates(), st.sampled_from([("dmy", "%d/%m/%Y"), ("mdy", "%m/%d/%Y")]))
def test_every_day_is_read_back_in_the_stated_order(day: date, how: tuple[DateOrder, str]) -> None:
    order, pattern = how
    written = day.strftime(pattern)
    if day.year >= 1000:
        assert iso_day(written, order) == day.isoformat()


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-03 09:30",
        "2026-04-03T09:30:00Z",
        "2026-04-03 09:30:00 UTC",
        "2026-04-03T09:30:00.123+02:00",
        "2026-04-03",
    ],
)
def test_the_time_of_day_is_left_out(text: str) -> None:
    assert without_time(text) == "2026-04-03"


def test_the_time_of_an_american_clock_is_left_out() -> None:
    assert without_time("4/3/2026 9:30 PM") == "4/3/2026"


@pytest.mark.parametrize(
    ("text", "mark", "plain"),
    [
        ("1.250,5", ",", "1250.5"),
        ("1,250.5", ".", "1250.5"),
        ("1 250,5", ",", "1250.5"),
        ("-12,5", ",", "-12.5"),
        ("−12,5", ",", "-12.5"),
        ("1250", ",", "1250"),
        ("1.250", ",", "1250"),
        ("1.250", ".", "1.250"),
        ("12,5", None, "12,5"),
        ("12.50.1", ",", "12.50.1"),
        ("banana", ",", "banana"),
    ],
)
def test_a_stated_decimal_mark_makes_a_number_plain(text: str, mark: DecimalMark | None, plain: str) -> None:
    assert plain_number(text, mark) == plain


@pytest.mark.parametrize(
    ("text", "mark", "plain"),
    [
        ("1.250,5 days", ",", "1250.5 days"),
        ("$1,250", ".", "$1250"),
        ("1.250", ".", "1.2500"),
        ("€ -3,5", ",", "€ -3.5"),
        ("45%", ".", "45%"),
        ("1.250", None, "1.250"),
        ("n/a", ".", "n/a"),
    ],
)
def test_a_number_keeps_its_unit(text: str, mark: DecimalMark | None, plain: str) -> None:
    assert plain_amount(text, mark) == plain
