"""How often a ritual happens, as a value, and its two spellings: the portfolio file's mapping and this dataclass.

It knows words, not days: stepping and resolving are `rituals.calendar`'s. Nothing here reads the clock.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from difflib import get_close_matches
from typing import Any, Literal
from zoneinfo import ZoneInfo

from rituals.errors import Choice, Refusal

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ORDINALS = ("first", "second", "third", "fourth", "last")
EPOCH = date(2001, 1, 1)
"""The Monday from which a cadence without `starts` is counted: only one of every week or every month may omit it."""

Steps = Literal["weeks", "months"]

_KEYS = ("every", "on", "at", "starts", "timezone")
_MOST = {"weeks": 52, "months": 12}
_EVERY = re.compile(r"(\d{1,3})\s*(week|month)s?", re.IGNORECASE)
_AT = re.compile(r"(\d{1,2}):(\d{2})")


@dataclass(frozen=True)
class Cadence:
    """`every` N `unit`, `on` these days, `at` this wall time, counted from `starts`.

    `on` holds weekday names for weeks; "first monday" to "last friday" or day numbers ("15") for months, in the
    order of the period. With a `timezone` (IANA name) a round is one instant, else each person's own wall time.
    """

    every: int
    unit: Steps
    on: tuple[str, ...]
    at: time
    starts: date = EPOCH
    timezone: str | None = None


def parse_cadence(raw: Mapping[str, Any]) -> Cadence:
    """Read `{every: 2 weeks, on: monday, at: "09:00", starts: 2026-10-05, timezone: Europe/Berlin}`.

    Values may be text as typed or dates, times and ints. Raises Refusal with `field` set to the key at fault.
    """
    _known_keys(raw)
    every, unit = _every(raw.get("every"))
    return Cadence(
        every=every,
        unit=unit,
        on=_on(raw.get("on"), unit),
        at=_at(raw.get("at")),
        starts=_starts(raw.get("starts"), every, unit),
        timezone=None if raw.get("timezone") is None else zone_of(str(raw["timezone"])).key,
    )


def parse_cadences(raw: Mapping[str, Any] | None) -> dict[str, Cadence | None]:
    """Several by name, each as `parse_cadence` reads it; None for one that is turned off (any text)."""
    return {name: parse_cadence(value) if isinstance(value, Mapping) else None for name, value in (raw or {}).items()}


def dump_cadence(c: Cadence) -> dict[str, Any]:
    """The mapping that `parse_cadence` reads back identically, of text and lists only (JSON, YAML)."""
    unit = c.unit if c.every > 1 else c.unit.removesuffix("s")
    dumped: dict[str, Any] = {
        "every": f"{c.every} {unit}",
        "on": c.on[0] if len(c.on) == 1 else list(c.on),
        "at": c.at.strftime("%H:%M"),
    }
    if c.starts != EPOCH:
        dumped["starts"] = c.starts.isoformat()
    if c.timezone is not None:
        dumped["timezone"] = c.timezone
    return dumped


def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name such as Europe/Berlin. Raises Refusal with the nearest names."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        from zoneinfo import available_timezones

        near = get_close_matches(name, sorted(available_timezones()), n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else 'write it like "Europe/Berlin"'
        raise _refusal(f'"{name}" is no time zone; {hint}', "timezone", near) from None


def nearest(word: str, words: Iterable[str]) -> str:
    """`, did you mean "monday"?` where a word is near, else an empty string: the tail of a refusal."""
    written = {w.lower(): w for w in words}
    near = get_close_matches(word.lower(), list(written), n=1, cutoff=0.5)
    return f', did you mean "{written[near[0]]}"?' if near else ""


def _refusal(text: str, field: str, choices: Iterable[str] = ()) -> Refusal:
    return Refusal(text, field, tuple(Choice(c, c) for c in choices))


def _known_keys(raw: Mapping[str, Any]) -> None:
    for key in raw:
        if key not in _KEYS:
            raise _refusal(f'a cadence has no "{key}"{nearest(str(key), _KEYS)}', str(key), _KEYS)


def _every(value: object) -> tuple[int, Steps]:
    if value is None:
        raise _refusal('"every" is missing; write "2 weeks" or "1 month"', "every")
    read = _EVERY.fullmatch(str(value).strip())
    if read is None:
        raise _refusal(f'I read every "{value}"; write "2 weeks" or "1 month"', "every")
    unit: Steps = "weeks" if read[2].lower() == "week" else "months"
    if not 1 <= int(read[1]) <= _MOST[unit]:
        raise _refusal(f'every "{value}" is out of range; 1 to {_MOST[unit]} {unit} are possible', "every")
    return int(read[1]), unit


def _on(value: object, unit: Steps) -> tuple[str, ...]:
    words = list(value) if isinstance(value, (list, tuple)) else [value]
    if value is None or not words:
        example = '"monday"' if unit == "weeks" else '"first monday" or a day number'
        raise _refusal(f'"on" is missing; write {example}', "on")
    read = _weekday if unit == "weeks" else _monthday
    days = [read(" ".join(str(word).lower().split())) for word in words]
    for day in days:
        if days.count(day) > 1:
            raise _refusal(f'"{day}" is named twice', "on")
    return tuple(sorted(days, key=_place))


def _weekday(word: str) -> str:
    for name in WEEKDAYS:
        if word in (name, name[:3]):
            return name
    raise _refusal(f'"{word}" is no weekday{nearest(word, WEEKDAYS) or ", write one like monday"}', "on", WEEKDAYS)


def _monthday(word: str) -> str:
    if word.isdecimal():
        if not 1 <= int(word) <= 31:
            raise _refusal(f"a month has no day {word}; 1 to 31 are possible", "on")
        return str(int(word))
    ordinal, _, weekday = word.partition(" ")
    if not weekday:
        raise _refusal(f'I read on "{word}"; by months write "first monday", "last friday" or a day number', "on")
    if ordinal not in ORDINALS:
        tail = nearest(ordinal, ORDINALS) or f", write one of {', '.join(ORDINALS)}"
        raise _refusal(f'I read on "{word}"; "{ordinal}" is no place in a month{tail}', "on", ORDINALS)
    return f"{ordinal} {_weekday(weekday)}"


def _place(day: str) -> tuple[int, int]:
    """Where a day stands in its period, for a stable order."""
    if day.isdecimal():
        return 0, int(day)
    ordinal, _, weekday = day.rpartition(" ")
    return 1 + (ORDINALS.index(ordinal) if ordinal else 0), WEEKDAYS.index(weekday)


def _at(value: object) -> time:
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0, tzinfo=None)
    if value is None:
        raise _refusal('"at" is missing; write a time like "09:00"', "at")
    read = _AT.fullmatch(str(value).strip())
    if read is None or int(read[1]) > 23 or int(read[2]) > 59:
        raise _refusal(f'I read at "{value}"; write a time like "09:00"', "at")
    return time(int(read[1]), int(read[2]))


def _starts(value: object, every: int, unit: Steps) -> date:
    if isinstance(value, date):
        return value
    if value is not None:
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError:
            raise _refusal(f'I read starts "{value}"; write a day like 2026-10-05', "starts") from None
    if every > 1:
        raise _refusal(f'every {every} {unit} needs "starts", the day from which they are counted', "starts")
    return EPOCH
