"""What a flag does over time: it opens, worsens, recovers. Found from what holds at one instant and the last event of
each reason.

Pure. Why a key result is flagged is decided in `rules`; what is written down, and when, in `rituals.flags`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal, cast
from zoneinfo import ZoneInfo

from rituals.okrs.flags.rules import Limits, Numbers, flags
from rituals.okrs.model import Bands, Flag, KeyResult

Event = Literal["opened", "worsened", "recovered"]
Reason = Literal["pace", "trend", "stalled", "silent", "confidence", "divergence"]
REASONS: tuple[Reason, ...] = ("pace", "trend", "stalled", "silent", "confidence", "divergence")

RECOVERED = Limits(
    needed_more=0.02,
    ahead=2,
    stalled_under=Fraction(2, 100),
    low_confidence=4,
    confidence_drop=2,
    confidence_spread=2,
    value_spread=Fraction(8, 100),
)
"""How far a reason must be gone before it counts as recovered: what stands at the limit is flagged once, not daily."""

WORSE_POINTS = 10
WORSE_LANDING = 0.1
WORSE_CONFIDENCE = 2
WORSE_SILENCE = 2


@dataclass(frozen=True, slots=True)
class FlagEvent:
    """Something that a reason did at an instant; `numbers` are the flag's, of what recovered the last known ones."""

    reason: Reason
    event: Event
    numbers: Numbers
    at: datetime


@dataclass(frozen=True, slots=True)
class Sight:
    """A key result at one instant: the reasons that hold, and those that are not clearly gone."""

    at: datetime
    found: tuple[Flag, ...]
    lingering: frozenset[str]


Book = Mapping[str, FlagEvent]
"""The last event of each reason."""


def look(kr: KeyResult, last: Book, *, now: datetime, zone: ZoneInfo, interval: timedelta, bands: Bands) -> Sight:
    """What `events` needs to know of a key result at an instant, after the `last` event of each reason.

    What nobody updates says nothing of its pace: while it is silent, pace, trend and stall linger. A forecast is not
    better because the key result has fallen behind meanwhile: while its pace lingers, its trend does.
    """
    found = flags(kr, now=now, zone=zone, interval=interval, bands=bands)
    lingering = {flag.reason for flag in found}
    if any(event.event != "recovered" and reason not in lingering for reason, event in last.items()):
        near = flags(kr, now=now, zone=zone, interval=interval, bands=bands, limits=RECOVERED)
        lingering |= {flag.reason for flag in near if _same_matter(flag, last.get(flag.reason))}
    if "silent" in lingering:
        lingering |= {"pace", "trend", "stalled"}
    if "pace" in lingering:
        lingering |= {"trend"}
    return Sight(now, found, frozenset(lingering))


def _same_matter(flag: Flag, last: FlagEvent | None) -> bool:
    """Whether what is still near is what was flagged: owners who disagreed on the value may be apart in confidence."""
    if flag.reason != "divergence" or last is None:
        return True
    return any(name in flag.numbers and name in last.numbers for name in ("low", "confidence_low", "blocked_unit"))


def events(sight: Sight, last: Book) -> tuple[FlagEvent, ...]:
    """What happened since the `last` event of each reason, in METHOD's order; at most one event a reason."""
    held = {flag.reason: flag for flag in sight.found}
    made = (_event(reason, held.get(reason), sight, last.get(reason)) for reason in REASONS)
    return tuple(event for event in made if event is not None)


def _event(reason: Reason, flag: Flag | None, sight: Sight, last: FlagEvent | None) -> FlagEvent | None:
    if last is None or last.event == "recovered":
        return None if flag is None else FlagEvent(reason, "opened", flag.numbers, sight.at)
    if flag is not None:
        worse = _WORSE[reason](flag.numbers, last, sight.at)
        return FlagEvent(reason, "worsened", flag.numbers, sight.at) if worse else None
    return None if reason in sight.lingering else FlagEvent(reason, "recovered", last.numbers, sight.at)


def newest(told: Iterable[FlagEvent]) -> dict[str, FlagEvent]:
    """The last event of each reason, of events in the order in which they happened."""
    return {event.reason: event for event in told}


def standing(told: Iterable[FlagEvent]) -> tuple[FlagEvent, ...]:
    """The last events of the reasons that have not recovered."""
    return tuple(event for event in newest(told).values() if event.event != "recovered")


def opened_at(told: Iterable[FlagEvent], reason: str) -> datetime | None:
    """Since when a reason stands, of events in order; None where it does not."""
    since: datetime | None = None
    for event in told:
        if event.reason == reason and event.event != "worsened":
            since = event.at if event.event == "opened" else None
    return since


def without_blinks(told: Iterable[FlagEvent], zone: ZoneInfo) -> tuple[FlagEvent, ...]:
    """Without what opened and went, or went and opened, on one local day, say by a value that was taken back."""
    kept: list[FlagEvent] = []
    for event in told:
        run = _last_turn(kept, event.reason)
        if event.event != "worsened" and run and run[0].event != event.event and _same_day(run[0], event, zone):
            kept = [one for one in kept if not any(one is gone for gone in run)]
        else:
            kept.append(event)
    return tuple(kept)


def _last_turn(told: list[FlagEvent], reason: str) -> list[FlagEvent]:
    """What happened of a reason from the last time that it opened or recovered on."""
    mine = [event for event in told if event.reason == reason]
    turns = [place for place, event in enumerate(mine) if event.event != "worsened"]
    return mine[turns[-1] :] if turns else []


def _same_day(one: FlagEvent, other: FlagEvent, zone: ZoneInfo) -> bool:
    return one.at.astimezone(zone).date() == other.at.astimezone(zone).date()


def _number(numbers: Numbers, name: str) -> float:
    return float(cast(float, numbers.get(name, 0)))


def _pace(now: Numbers, last: FlagEvent, at: datetime) -> bool:
    """From at risk to off track; once off track, by so many points more."""
    if now["status"] != "off_track" or last.numbers.get("status") != "off_track":
        return now["status"] == "off_track"
    return _number(now, "gap") >= _number(last.numbers, "gap") + WORSE_POINTS


def _trend(now: Numbers, last: FlagEvent, at: datetime) -> bool:
    return _number(now, "landing") <= round(_number(last.numbers, "landing") - WORSE_LANDING, 4)


def _stalled(now: Numbers, last: FlagEvent, at: datetime) -> bool:
    return at - last.at >= timedelta(days=_number(now, "days"))


def _silent(now: Numbers, last: FlagEvent, at: datetime) -> bool:
    return _number(now, "days") >= WORSE_SILENCE * max(_number(last.numbers, "days"), 1)


def _confidence(now: Numbers, last: FlagEvent, at: datetime) -> bool:
    return _number(now, "now") <= _number(last.numbers, "now") - WORSE_CONFIDENCE


def _divergence(now: Numbers, last: FlagEvent, at: datetime) -> bool:
    wider = _apart(now) - _apart(last.numbers)
    limit = _number(now, "limit")
    further = limit > 0 and wider >= limit
    confidences = _apart(now, "confidence_") - _apart(last.numbers, "confidence_") >= WORSE_CONFIDENCE
    return further or confidences or ("blocked_unit" in now and "blocked_unit" not in last.numbers)


def _apart(numbers: Numbers, prefix: str = "") -> float:
    return _number(numbers, f"{prefix}high") - _number(numbers, f"{prefix}low")


_WORSE: Mapping[Reason, Callable[[Numbers, FlagEvent, datetime], bool]] = {
    "pace": _pace,
    "trend": _trend,
    "stalled": _stalled,
    "silent": _silent,
    "confidence": _confidence,
    "divergence": _divergence,
}


def replayed(
    kr: KeyResult,
    told: Iterable[FlagEvent],
    instants: Iterable[datetime],
    *,
    zone: ZoneInfo,
    interval: timedelta,
    bands: Bands,
) -> tuple[FlagEvent, ...]:
    """The events of a key result at these instants, oldest first, by what was known at each of them; `told` are those
    that are written down already. With the cycle, or the sharing, its flags end without a word.
    """
    if not kr.shared or kr.cycle_closed:
        return ()
    last, found = newest(told), list[FlagEvent]()
    for at in instants:
        new = events(look(kr, last, now=at, zone=zone, interval=interval, bands=bands), last)
        last |= newest(new)
        found += new
    return tuple(found)
