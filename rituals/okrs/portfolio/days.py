"""Days as spreadsheets write them: 2026-04-03, 03/04/2026, 3 Apr 2026. Which number is the month is stated.

Pure. It turns a text into an ISO day; whether a day fits is not known here.
"""

import re
from datetime import date
from typing import Literal

DateOrder = Literal["dmy", "mdy", "iso"]

_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_MONTH_OF = {word: n for n, name in enumerate(_NAMES, 1) for word in (name.lower(), name[:3].lower())} | {"sept": 9}
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{2}|\d{4})")
_DAY_NAMED = re.compile(r"(\d{1,2})[ .\-]{1,2}([A-Za-z]{3,9})[ .,\-]{1,2}(\d{4})")
_MONTH_NAMED = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})")
_TIME = re.compile(r"[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp]\.?[Mm]\.?)?( ?(Z|UTC|[+-]\d{2}:?\d{2}))?")


def iso_day(text: str, order: DateOrder | None = None) -> str:
    """`2026-04-03` for a day in any of these spellings; a text that is none of them as it is.

    Raises ValueError with what to add or correct where the order of day and month is not certain, or no such day is.
    """
    typed = text.strip()
    if (found := _YEAR_FIRST.fullmatch(typed)) is not None:
        return _day(typed, int(found[1]), int(found[3]), int(found[4]))
    if (found := _YEAR_LAST.fullmatch(typed)) is not None:
        return _by_order(typed, int(found[1]), int(found[3]), found[4], order)
    if (found := _DAY_NAMED.fullmatch(typed)) is not None:
        return _by_name(typed, found[2], found[1], found[3])
    if (found := _MONTH_NAMED.fullmatch(typed)) is not None:
        return _by_name(typed, found[1], found[2], found[3])
    return text


def without_time(text: str) -> str:
    """The day of a text that goes on with a time of day; any other text as it is."""
    found = _TIME.search(text)
    return text[: found.start()] if found is not None and found.end() == len(text.rstrip()) else text


def _by_order(typed: str, first: int, second: int, year: str, order: DateOrder | None) -> str:
    if len(year) == 2:
        raise ValueError(f'I read "{typed}"; write the year with four digits')
    if order == "iso":
        raise ValueError(f'I read "{typed}", but --dates iso says days are written like 2026-04-03')
    if order is None:
        order = _certain(typed, first, second, year)
    day, month = (first, second) if order == "dmy" else (second, first)
    if month > 12 >= day:
        other = "mdy" if order == "dmy" else "dmy"
        raise ValueError(
            f'I read "{typed}", and with --dates {order} there is no month {month}; is it --dates {other}?'
        )
    return _day(typed, int(year), month, day)


def _certain(typed: str, first: int, second: int, year: str) -> DateOrder:
    """The only order in which there is such a day."""
    if not (0 < first <= 12 and 0 < second <= 12) or first == second:
        return "mdy" if second > 12 else "dmy"
    one, other = f"{first} {_NAMES[second - 1]}", f"{second} {_NAMES[first - 1]}"
    raise ValueError(f'"{typed}" can be {one} or {other} {year}; add --dates dmy or --dates mdy')


def _by_name(typed: str, name: str, day: str, year: str) -> str:
    month = _MONTH_OF.get(name.lower())
    return typed if month is None else _day(typed, int(year), month, int(day))


def _day(typed: str, year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise ValueError(f'there is no day "{typed}"; write one like 2026-10-05') from None
