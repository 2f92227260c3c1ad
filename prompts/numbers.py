"""The numbers, dates and reference names in a sentence, as values that can be compared. Pure.

Used to check that a sentence has no figure that its sources lack: the same value, of the same thing, within the same
bounds. It reads generously (both readings of "1,250") and must not judge: a number here is not yet a claim.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from prompts.calendar_words import Day, calendar, dates, of_day
from prompts.number_words import number_words

_FACTORS = {"k": 1_000, "m": 1_000_000, "b": 1_000_000_000, "bn": 1_000_000_000}
_LONG = {"thousand": "k", "million": "m", "billion": "b"}
_NAME = re.compile(r"\b[A-Za-z]+(?:-?\d+)+[A-Za-z0-9]*\b|\b\d{1,2}:\d{2}\b")
_NUMBER = re.compile(r"\d+(?:[.,’' \u00a0\u202f]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?", re.IGNORECASE)
_SCALE = re.compile(r"\s?(k|m|bn|b|thousand|million|billion)\b", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_UNITS = {
    "%": r"%|percent\b|per cent\b|pct\b|prozent\b",
    "points": r"(?:percentage )?points?\b|pp\b|punkte?\b",
    "money": r"€|\$|£|¥|euros?\b|dollars?\b|usd\b|eur\b|gbp\b",
    "minute": r"min(?:ute)?s?\b|minuten\b",
    "hour": r"hours?\b|hrs?\b|h\b|stunden?\b|heures?\b|horas?\b",
    "day": r"(?:working |calendar |business )?days?\b|d\b|tagen?\b|tage\b|jours?\b|días?\b",
    "week": r"weeks?\b|wks?\b|wochen?\b|semaines?\b|semanas?\b",
    "month": r"months?\b|monaten?\b|monate\b|mois\b|mes(?:es)?\b",
    "quarter": r"quarters?\b|quartalen?\b|trimestres?\b",
    "year": r"years?\b|jahren?\b|jahre\b|ans?\b|años?\b",
    "sprint": r"sprints?\b",
    "round": r"rounds?\b|check-ins?\b|runden?\b",
    "unit": r"(?:product |business )?(?:units?|lines?|teams?)\b|(?:produkt)?linien\b|équipes\b|equipos\b",
    "blocker": r"(?:open |new )?(?:blockers?|dependenc(?:y|ies))\b|blocker\b",
}
_UNIT = re.compile(
    r"\s*-?(?:(?:more|further|other) )?(?:" + "|".join(f"(?P<u{n}>{p})" for n, p in enumerate(_UNITS.values())) + ")",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(r"(?:€|\$|£|¥|\busd |\beur )\s*$", re.IGNORECASE)
_BOUNDS = {
    ">": r"at least|more than|over|above|no(?:t)? less than|minimum(?: of)?|[>≥]=?|mindestens|mehr als|über|au moins",
    "<": r"at most|up to|under|below|(?:no(?:t)? )?(?:less|more|fewer) than|max(?:imum)?(?: of)?|within|[<≤]=?"
    r"|höchstens|bis zu|weniger als|unter|au plus",
    "~": r"about|around|roughly|approx(?:\.|imately)?|some|nearly|almost|circa|ca\.?|[~≈]|etwa|rund|ungefähr|fast"
    r"|environ",
}
_BOUND = [(bound, re.compile(rf"(?<!\w)(?:{words})\s*[€$£¥]?$", re.IGNORECASE)) for bound, words in _BOUNDS.items()]
_TO = re.compile(r"\s*(?:[-–—]|to|bis|à|until)\s*[€$£¥]?$", re.IGNORECASE)
_OF = re.compile(r"\s*(?:/|(?:out )?of|von|sur|de)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """One number: all its readings, of what (`unit`, "" where it is not one we know), and within which bounds.

    `bound` is "" for a plain number, ">", "<", "~", "range" for an end of one, "of" for a part of "3 of 10".
    """

    readings: frozenset[Decimal]
    unit: str = ""
    bound: str = ""
    bare: bool = True

    def is_borne_out_by(self, known: "Number") -> bool:
        """The same value and bound; units agree, or no word says what one of them counts."""
        units = self.unit == known.unit or any(not n.unit and n.bare for n in (self, known))
        return bool(self.readings & known.readings) and self.bound == known.bound and units


@dataclass(frozen=True, slots=True)
class Figures:
    """What a text states: numbers, dates, `names` such as "KR-7", "Q4" or "18:00", and `calendar` words.

    The latter are lone months ("month 12"), weekdays ("friday") and relative times ("next week").
    """

    numbers: tuple[Number, ...] = ()
    dates: frozenset[Day] = frozenset()
    names: frozenset[str] = frozenset()
    calendar: frozenset[str] = frozenset()

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.numbers + other.numbers,
            self.dates | other.dates,
            self.names | other.names,
            self.calendar | other.calendar,
        )

    @property
    def measured(self) -> bool:
        """Whether it has a number or a date, names aside."""
        return bool(self.numbers or self.dates or self.calendar)

    def missing_from(self, facts: "Figures") -> str | None:
        """The first of mine that `facts` lack, as a person would write it; None when all are there."""
        lost = [str(min(n.readings)) for n in self.numbers if not any(n.is_borne_out_by(f) for f in facts.numbers)]
        days = sorted(self.dates, key=lambda d: (d.month, d.day))
        lost += [f"{d.day}/{d.month}" for d in days if not any(d.is_borne_out_by(f) for f in facts.dates)]
        lost += sorted(self.names - facts.names)
        lost += sorted(self.calendar - facts.calendar - {f"month {d.month}" for d in facts.dates})
        return lost[0] if lost else None


def of_date(day: date) -> Figures:
    """The figures that a known date supports: itself as an end, its month and its weekday."""
    known, words = of_day(day)
    return Figures(dates=frozenset({known}), calendar=words)


def of_number(value: int, unit: str = "") -> Figures:
    """The figures that a counted number supports."""
    return Figures(numbers=(Number(frozenset({Decimal(value)}), unit),))


def figures(text: str, start: int = 0, end: int | None = None) -> Figures:
    """Everything countable that begins in `text[start:end]`: "KR-7 by 12 Dec, 30 %" is a name, a date and a number.

    What stands around the stretch is read along, so that "12" cut out of "12 weeks" stays twelve weeks.
    """
    stretch = range(start, len(text) if end is None else end)
    found_dates = list(dates(text))
    rest = _blanked(text, [(a, b) for a, b, _ in found_dates])
    found_names = [(m.start(), m.end(), m.group().casefold()) for m in _NAME.finditer(rest)]
    rest = _ORDINAL.sub(lambda m: " " * len(m.group()), _blanked(rest, [(a, b) for a, b, _ in found_names]))
    return Figures(
        tuple(number for at, number in _numbers(rest) if at in stretch),
        frozenset(day for at, _, day in found_dates if at in stretch),
        frozenset(name for at, _, name in found_names if at in stretch),
        frozenset(word for at, word in calendar(rest) if at in stretch),
    )


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _numbers(text: str) -> Iterator[tuple[int, Number]]:
    digits = [(m.start(), m.end(), _readings(m.group())) for m in _NUMBER.finditer(text)]
    scales = {m.start(1) for _, end, _ in digits if (m := _SCALE.match(text, end))}
    words = [(start, end, {value}) for start, end, value in number_words(text) if start not in scales]
    places = sorted(digits + words)
    for place, (start, end, readings) in enumerate(places):
        scale = _SCALE.match(text, end)
        factor = _FACTORS[_LONG.get(scale[1].lower(), scale[1].lower())] if scale else 1
        after = scale.end() if scale else end
        joined = _joined(text, places, place)
        values = frozenset(value * factor for value in readings)
        yield (
            start,
            Number(values, _unit(text, start, after, joined), joined or _bound(text[:start]), _bare(text, after)),
        )


def _joined(text: str, places: list[tuple[int, int, set[Decimal]]], place: int) -> str:
    """ "range" or "of" where this number and a neighbour are two ends of one thing."""
    start, end, _ = places[place]
    gaps = [text[places[place - 1][1] : start]] if place else []
    gaps += [text[end : places[place + 1][0]]] if place + 1 < len(places) else []
    if any(_TO.fullmatch(gap) for gap in gaps):
        return "range"
    return "of" if any(_OF.fullmatch(gap) for gap in gaps) else ""


def _unit(text: str, start: int, end: int, joined: str) -> str:
    """Of what a number is: the word behind it or a currency before it; of a range, behind its other end."""
    if _MONEY_BEFORE.search(text[:start]):
        return "money"
    if joined == "range" and (other := re.match(r"\s*(?:[-–—]|to|bis|à)\s*[\d.,]+", text[end:])):
        end += other.end()
    found = _UNIT.match(text, end)
    return list(_UNITS)[int((found.lastgroup or "u0")[1:])] if found else ""


def _bound(before: str) -> str:
    tail = before[-24:].rstrip()
    return next((bound for bound, words in _BOUND if words.search(tail)), "")


def _bare(text: str, end: int) -> bool:
    """Whether no word follows that could say of what it is."""
    return not re.match(r"[\s-]*[^\W\d_]", text[end:])


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
