"""The numbers, dates and reference names in a sentence, as values that can be compared. Pure.

Used to check that a sentence has no figure that its sources lack. It reads generously (both readings of "1,250")
and must not judge: a number here is not yet a claim.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6,
    "july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sept": 9, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WORDS: dict[str, int | str] = {
    "zero": 0, "half": "0.5", "two": 2, "both": 2, "twice": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "dozen": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000,
}  # fmt: skip
_FACTORS = {"k": 1_000, "m": 1_000_000, "b": 1_000_000_000, "bn": 1_000_000_000}
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DATES = (
    re.compile(r"\b(?P<year>\d{4})-(?P<mon>\d{2})-(?P<day>\d{2})\b"),
    re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?(?:\s+of)?\s+{_MONTH}(?:,?\s+(?P<year>\d{{4}}))?\b", re.IGNORECASE
    ),
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year>\d{{4}}))?", re.IGNORECASE),
)
_NAME = re.compile(r"\b[A-Za-z]+(?:-?\d+)+[A-Za-z0-9]*\b|\b\d{1,2}:\d{2}\b")
_NUMBER = re.compile(r"\d+(?:[.,’' \u00a0\u202f]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?", re.IGNORECASE)
_SCALE = re.compile(r"\s?(k|m|bn|b|thousand|million|billion)\b", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_MONTH_ALONE = re.compile(
    r"\b(" + "|".join(n.capitalize() for n in _MONTHS if n not in {"may", "march", "mar", "jan"}) + r")\b"
)
_WEEKDAY = re.compile(r"\b(" + "|".join(_DAYS) + r")s?\b", re.IGNORECASE)
_WORD = re.compile(r"\b(" + "|".join(_WORDS) + r")\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a text states. `numbers` holds, for each number, all its readings; `dates` are (year or None, month, day).

    `names` are references such as "KR-7", "Q4" or "18:00"; `calendar` lone months ("month 12") and weekdays ("friday").
    """

    numbers: tuple[frozenset[Decimal], ...] = ()
    dates: frozenset[tuple[int | None, int, int]] = frozenset()
    names: frozenset[str] = frozenset()
    calendar: frozenset[str] = frozenset()

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.numbers + other.numbers,
            self.dates | other.dates,
            self.names | other.names,
            self.calendar | other.calendar,
        )

    def missing_from(self, facts: "Figures") -> str | None:
        """The first of mine that `facts` lack, as a person would write it; None when all are there."""
        known = frozenset(value for readings in facts.numbers for value in readings)
        lost = [str(min(readings)) for readings in self.numbers if not readings & known]
        lost += [f"{d}/{m}" for y, m, d in sorted(self.dates, key=str) if not _has_date(facts, y, m, d)]
        lost += sorted(self.names - facts.names)
        lost += sorted(self.calendar - facts.calendar - {f"month {m}" for _, m, _ in facts.dates})
        return lost[0] if lost else None


def of_date(day: date) -> Figures:
    """The figures that a known date supports: itself, its month and its weekday."""
    return Figures(
        dates=frozenset({(day.year, day.month, day.day)}), calendar=frozenset({_DAYS[day.weekday()].lower()})
    )


def of_number(value: int) -> Figures:
    """The figures that a counted number supports."""
    return Figures(numbers=(frozenset({Decimal(value)}),))


def figures(text: str) -> Figures:
    """Everything countable in `text`: "KR-7 by 12 Dec, 30 %" is a name, a date and a number."""
    dates, rest = _take_dates(text)
    names = frozenset(m.group().casefold() for m in _NAME.finditer(rest))
    rest = _ORDINAL.sub(" ", _NAME.sub(" ", rest))
    words = tuple(frozenset({Decimal(_WORDS[m.group().lower()])}) for m in _WORD.finditer(rest))
    months = {f"month {_MONTHS[m.group(1).lower()]}" for m in _MONTH_ALONE.finditer(rest)}
    weekdays = {m.group(1).lower() for m in _WEEKDAY.finditer(rest)}
    return Figures(_numbers(rest) + words, dates, names, frozenset(months | weekdays))


def _take_dates(text: str) -> tuple[frozenset[tuple[int | None, int, int]], str]:
    found: set[tuple[int | None, int, int]] = set()
    for pattern in _DATES:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month = int(parts["mon"]) if "mon" in parts else _MONTHS[parts["month"].lower()]
            found.add((int(parts["year"]) if parts.get("year") else None, month, int(parts["day"])))
        text = pattern.sub(" ", text)
    return frozenset(found), text


def _has_date(facts: Figures, year: int | None, month: int, day: int) -> bool:
    return any((m, d) == (month, day) and (year is None or y is None or y == year) for y, m, d in facts.dates)


def _numbers(text: str) -> tuple[frozenset[Decimal], ...]:
    found = []
    for match in _NUMBER.finditer(text):
        scale = _SCALE.match(text, match.end())
        factor = _FACTORS[_factor(scale.group(1))] if scale else 1
        found.append(frozenset(value * factor for value in _readings(match.group())))
    return tuple(found)


def _factor(word: str) -> str:
    return {"thousand": "k", "million": "m", "billion": "b"}.get(word.lower(), word.lower())


def _readings(literal: str) -> set[Decimal]:
    """All values that a literal may have: "1,250" is 1250 or 1.25; "12" is 12."""
    plain = re.sub(r"[’' \u00a0\u202f]", "", literal)
    marks = re.findall(r"[.,]", plain)
    if not marks:
        return {Decimal(plain)}
    last = max(plain.rfind("."), plain.rfind(","))
    whole, part = re.sub(r"[.,]", "", plain[:last]), plain[last + 1 :]
    as_fraction, as_group = Decimal(f"{whole}.{part}"), Decimal(whole + part)
    if len(part) != 3:
        return {as_fraction}
    if len(marks) > 1 and len(set(marks)) == 1:
        return {as_group}
    return {as_fraction} if len(set(marks)) > 1 else {as_fraction, as_group}
