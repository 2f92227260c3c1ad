"""Which cycle follows another: its days and its name by the pattern of the one before. Pure."""

import re
from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from rituals.okrs.state import CycleSpan

LONGEST_KEY = 40
_DAY = timedelta(days=1)
_NUMBERED = re.compile(r"(?P<head>.*?)(?P<number>\d+)(?P<tail>\D*)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PARTS = {"Q": 4, "H": 2, "T": 3}
_PART = re.compile(r"(?P<letter>[QHT])(?P<number>\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NextCycle:
    """A cycle to go on in; one that does not exist yet is made with these days, both included."""

    key: str
    starts: date
    ends: date


def following(cycle: CycleSpan, known: Iterable[CycleSpan]) -> NextCycle:
    """The cycle that exists from the day after, nearest in length; else a new one, as long, named by the pattern."""
    others = list(known)
    starts = cycle.ends + _DAY
    behind = [c for c in others if not c.closed and c.starts == starts]
    if behind:
        found = min(behind, key=lambda c: (abs(c.days - cycle.days), c.key))
        return NextCycle(found.key, found.starts, found.ends)
    return NextCycle(next_key(cycle, starts, {c.key for c in others}), starts, _as_long(cycle, starts))


def next_key(cycle: CycleSpan, starts: date, taken: Collection[str]) -> str:
    """`2026-Q4` → `2027-Q1`, `2026-12` → `2027-01`, `Sprint 12` → `Sprint 13`, free of what is taken."""
    made = _counted_on(cycle, starts)
    number, key = 2, made
    while key in taken:
        key, number = f"{made}-{number}", number + 1
    return key


def _counted_on(cycle: CycleSpan, starts: date) -> str:
    key = cycle.key
    part = _PART.search(key)
    if part and part["letter"].upper() in _PARTS:
        last = int(part["number"]) >= _PARTS[part["letter"].upper()]
        then = f"{part['letter']}{1 if last else int(part['number']) + 1}"
        made = f"{key[: part.start()]}{then}{key[part.end() :]}"
        return _YEAR.sub(lambda found: str(int(found[0]) + 1), made, count=1) if last else made
    if re.fullmatch(r"\d{4}-\d\d", key):
        return f"{starts:%Y-%m}"
    numbers = list(_NUMBERED.finditer(key))
    if not numbers:
        return f"{key} {starts:%Y-%m}"
    last_one = numbers[-1]
    counted = str(int(last_one["number"]) + 1).zfill(len(last_one["number"]))
    return f"{key[: last_one.start('number')]}{counted}{key[last_one.end('number') :]}"


def _as_long(cycle: CycleSpan, starts: date) -> date:
    """Whole months where it was whole months, else as many days."""
    months = (cycle.ends.year - cycle.starts.year) * 12 + cycle.ends.month - cycle.starts.month + 1
    if cycle.starts.day == 1 and cycle.ends.day == monthrange(cycle.ends.year, cycle.ends.month)[1]:
        year, month = divmod(starts.year * 12 + starts.month - 1 + months, 12)
        return date(year, month + 1, 1) - _DAY
    return starts + timedelta(days=cycle.days)
