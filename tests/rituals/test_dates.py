"""Days as people type them."""

from datetime import date

import pytest

from rituals.dates import read_day

FRIDAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-30", date(2026, 11, 30)),
        ("30 Nov", date(2026, 11, 30)),
        ("30. November 2026", date(2026, 11, 30)),
        ("Nov 30th", date(2026, 11, 30)),
        ("30.11.", date(2026, 11, 30)),
        ("3 Jan", date(2027, 1, 3)),
        ("today", FRIDAY),
        ("Tomorrow", date(2026, 11, 21)),
        ("Friday", date(2026, 11, 27)),
        ("mon", MONDAY),
        ("this Thursday", date(2026, 11, 26)),
        ("end of month", date(2026, 11, 30)),
        ("  end   of  the week ", FRIDAY),
    ],
)
def test_a_day_is_read_as_people_type_it(typed: str, day: date) -> None:
    assert read_day(typed, FRIDAY) == day


@pytest.mark.parametrize(
    ("typed", "today", "day"),
    [
        ("next Monday", FRIDAY, MONDAY),
        ("next Friday", FRIDAY, date(2026, 11, 27)),
        ("next Friday", MONDAY, date(2026, 12, 4)),
        ("Next Wed", date(2026, 11, 22), date(2026, 11, 25)),
    ],
)
def test_next_is_the_week_that_begins_on_monday(typed: str, today: date, day: date) -> None:
    assert read_day(typed, today) == day


@pytest.mark.parametrize(
    "typed", ["", "12/11", "next week", "soon", "31 Feb", "30 Nov or so", "Friday Monday", "2026-13-01", "5"]
)
def test_what_is_no_day_for_sure_is_none(typed: str) -> None:
    assert read_day(typed, FRIDAY) is None
