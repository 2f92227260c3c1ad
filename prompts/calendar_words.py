"""Dates, lone months, weekdays and words such as "next week" in a sentence, as values that can be compared. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

Edge = Literal["", "end", "begin"]

_MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6,
    "july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sept": 9, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
    "januar": 1, "februar": 2, "märz": 3, "mai": 5, "juni": 6, "juli": 7, "oktober": 10, "okt": 10, "dezember": 12,
    "dez": 12, "janvier": 1, "février": 2, "mars": 3, "avril": 4, "juin": 6, "juillet": 7, "août": 8, "septembre": 9,
    "octobre": 10, "novembre": 11, "décembre": 12, "enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5,
    "junio": 6, "julio": 7, "agosto": 8, "septiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12,
}  # fmt: skip
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_OTHER_DAYS = {
    "montag": 0, "dienstag": 1, "mittwoch": 2, "donnerstag": 3, "freitag": 4, "samstag": 5, "sonntag": 6,
    "lundi": 0, "mardi": 1, "mercredi": 2, "jeudi": 3, "vendredi": 4, "samedi": 5, "dimanche": 6,
    "lunes": 0, "martes": 1, "miércoles": 2, "jueves": 3, "viernes": 4, "sábado": 5, "domingo": 6,
}  # fmt: skip
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DATES = (
    re.compile(r"\b(?P<year>\d{4})-(?P<mon>\d{2})-(?P<day>\d{2})\b"),
    re.compile(r"\b(?P<day>\d{1,2})\.\s?(?P<mon>\d{1,2})\.(?P<year>\d{4})?(?!\d)"),
    re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.)?(?:\s+(?:of|de))?\s+{_MONTH}(?:(?:,| de)?\s+(?P<year>\d{{4}})\b)?",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year>\d{{4}})\b)?", re.IGNORECASE),
)
_AMBIGUOUS = {"may", "march", "mar", "jan", "mars", "sept", "mai"}
_MONTH_ALONE = re.compile(
    r"\b(?:(" + "|".join(n.capitalize() for n in _MONTHS if n not in _AMBIGUOUS) + r")\b"
    r"|(?:in|by|until|till|since|from|before|after|of|for|this|next|last|mid|early|late|end)[ -]"
    r"(" + "|".join(sorted(n.capitalize() for n in _AMBIGUOUS)) + r")\b)"
)
_WEEKDAY = re.compile(r"\b(" + "|".join([*DAYS, *_OTHER_DAYS]) + r")s?\b", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\b(today|tomorrow|yesterday|tonight|weekend|this morning|heute|morgen|gestern|demain|hier|mañana|ayer"
    r"|(?:this|next|last|coming|end of(?: the)?|mid|early|late)[ -](?:week|month|quarter|year|sprint|cycle)"
    r"|nächste[rn]? (?:woche|monat|quartal|jahr)|la semaine prochaine|la próxima semana)\b",
    re.IGNORECASE,
)
_END = re.compile(
    r"\b(?:until|till|by|before|to|due|due on|at the latest|bis|vor|spätestens|jusqu'au|avant le|avant|hasta el|hasta"
    r"|antes del)(?: the| le| el| am| zum)?\s*$",
    re.IGNORECASE,
)
_BEGIN = re.compile(
    r"\b(?:since|from|after|starting|as of|not before|no earlier than|earliest|seit|ab|ab dem|nach|nicht vor|frühestens"
    r"|depuis le|après le|à partir du|desde el|después del)(?: the| dem| am)?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date as written; `edge` says whether it is one that ends or begins something ("until", "since")."""

    year: int | None
    month: int
    day: int
    edge: Edge = ""

    def is_borne_out_by(self, known: "Day") -> bool:
        """The same day, and not an end where a beginning is known."""
        years = self.year is None or known.year is None or self.year == known.year
        edges = not (self.edge and known.edge) or self.edge == known.edge
        return years and edges and (self.month, self.day) == (known.month, known.day)


def dates(text: str) -> Iterator[tuple[int, int, Day]]:
    """Where each date stands and which one it is: (start, end, day)."""
    taken: list[tuple[int, int]] = []
    for pattern in _DATES:
        for found in pattern.finditer(text):
            parts = found.groupdict()
            month = int(parts["mon"]) if "mon" in parts else _MONTHS[parts["month"].lower()]
            if month > 12 or any(found.start() < end and start < found.end() for start, end in taken):
                continue
            taken.append(found.span())
            year = int(parts["year"]) if parts.get("year") else None
            yield *found.span(), Day(year, month, int(parts["day"]), _edge(text[: found.start()]))


def calendar(text: str) -> Iterator[tuple[int, str]]:
    """Lone months ("month 12"), weekdays ("friday") and relative times ("next week"), each with its start."""
    for found in _MONTH_ALONE.finditer(text):
        yield found.start(), f"month {_MONTHS[(found[1] or found[2]).lower()]}"
    for found in _WEEKDAY.finditer(text):
        name = found[1].lower()
        yield found.start(), DAYS[_OTHER_DAYS[name]] if name in _OTHER_DAYS else name
    for found in _RELATIVE.finditer(text):
        yield found.start(), re.sub(r"[ -]+(?:of(?: the)? )?", " ", found[1].lower())


def is_calendar(word: str) -> bool:
    """Whether a word names a month or a weekday."""
    return word.casefold() in _MONTHS or word.casefold() in DAYS or word.casefold() in _OTHER_DAYS


def of_day(day: date) -> tuple[Day, frozenset[str]]:
    """A day until which something waits, and what may be said of it: its month and its weekday."""
    return Day(day.year, day.month, day.day, "end"), frozenset({DAYS[day.weekday()], f"month {day.month}"})


def _edge(before: str) -> Edge:
    tail = before[-40:]
    if _BEGIN.search(tail):
        return "begin"
    return "end" if _END.search(tail) else ""
