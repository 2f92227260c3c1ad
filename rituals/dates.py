"""Days as people type them: `12 Dec`, `Friday`, `next Monday`, `end of month`. Pure; the day it is now is an argument.

What can be two days (`12/11`, `next week`, `mid-December`) is no day: whoever asks decides what to say of it.
"""

import re
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![^\W_])\.?"
)
_CUE = re.compile(
    r"(?<!\w)(?:until|till|til|by|before|eta|due|expected|promised|arrives|back|on|for)(?: on| by| for| the)?[ :]{1,3}",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)"
    r"|(?P<day_first>\d{1,2})(?:st|nd|rd|th|\.)?(?: of)? ?"
    + _MONTH.format("month_after")
    + r"(?:,? (?P<year_a>20\d\d))?"
    r"|"
    + _MONTH.format("month_before")
    + r" (?:the )?(?P<day_after>\d{1,2})(?:st|nd|rd|th)?(?![\d:])(?:,? (?P<year_b>20\d\d))?"
    r"|(?P<one>\d{1,2})(?P<mark>[./])(?P<two>\d{1,2})(?!\d)(?:(?P=mark)(?P<year_c>20\d\d)?|(?= ?(?:[,;:)!?]|$)))(?!\d)"
    r"|(?:(?:this |(?P<next>next )))?(?P<weekday>mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?(?![^\W_])"
    r"|(?P<word>today|tomorrow|(?:the )?end of (?:the |this )?(?:month|week)|eow|eom)(?![^\W_])"
    r"|(?:the )?end of " + _MONTH.format("whole"),
    re.IGNORECASE,
)
PAST_DAYS = 90


def read_until(text: str, today: date) -> date | None:
    """The first day named after until, by, before, due and the like; None where none is, or not surely.

    A day without a year is the one nearest to `today` that is at most 90 days gone.
    """
    for cue in _CUE.finditer(text):
        if (found := _DAY.match(text, cue.end())) and (day := _day(found, today)):
            return day
    return None


def read_day(text: str, today: date) -> date | None:
    """The day that a text is, whole; None where it is none, or not surely. Without a year as for `read_until`."""
    found = _DAY.fullmatch(" ".join(text.split()))
    return _day(found, today) if found else None


def _day(found: re.Match[str], today: date) -> date | None:
    if found["weekday"]:
        return _weekday(_WEEKDAYS.index(found["weekday"].casefold()), today, next_week=bool(found["next"]))
    if found["word"]:
        return _named_day(found["word"].casefold(), today)
    if found["whole"]:
        first = _near(1, _month(found["whole"]), None, today)
        return _last_of_month(first) if first else None
    return _dated(found, today)


def _weekday(weekday: int, today: date, *, next_week: bool) -> date:
    """The first such day after today; with "next" the one of the week that begins on Monday."""
    if next_week:
        return today + timedelta(days=7 - today.weekday() + weekday)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _named_day(word: str, today: date) -> date:
    if word in {"today", "tomorrow"}:
        return today + timedelta(days=word == "tomorrow")
    if word.endswith("week") or word == "eow":
        return today + timedelta(days=max(0, 4 - today.weekday()))
    return _last_of_month(today)


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _dated(found: re.Match[str], today: date) -> date | None:
    if found["year"]:
        return _near(int(found["day"]), int(found["month"]), int(found["year"]), today)
    if found["month_after"]:
        return _near(int(found["day_first"]), _month(found["month_after"]), _year(found["year_a"]), today)
    if found["month_before"]:
        return _near(int(found["day_after"]), _month(found["month_before"]), _year(found["year_b"]), today)
    one, two, year = int(found["one"]), int(found["two"]), _year(found["year_c"])
    if found["mark"] == "." or one == two or one > 12:
        return _near(one, two, year, today)
    return _near(two, one, year, today) if two > 12 else None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].casefold()) + 1


def _year(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _near(day: int, month: int, year: int | None, today: date) -> date | None:
    """That day; without a year the first that is not more than `PAST_DAYS` gone. None when there is no such day."""
    for candidate in [year] if year else [today.year - 1, today.year, today.year + 1]:
        try:
            when = date(candidate, month, day)
        except ValueError:
            continue
        if year or when >= today - timedelta(days=PAST_DAYS):
            return when
    return None
