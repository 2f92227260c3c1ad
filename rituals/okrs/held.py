"""What was computed of key results and goes on to hold for a while: figures, movements, speeds.

Nothing here computes any of it; it knows until when such a thing stays what it is, though nothing is said.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from rituals.okrs.flags.rules import STALLED_WINDOWS
from rituals.okrs.model import Bands, KeyResult
from rituals.okrs.pace import STALE_AFTER, last_heard, local_day
from rituals.okrs.progress import as_of


class Rules(NamedTuple):
    """By what it is computed."""

    zone: ZoneInfo
    interval: timedelta
    bands: Bands


class _Known(NamedTuple):
    kr: KeyResult
    rules: Rules
    value: Any
    at: datetime
    until: datetime


@dataclass(frozen=True)
class Held:
    """One value of each kind for each key result, shared by all states in which it is the very same one."""

    _known: dict[tuple[str, str], _Known] = field(default_factory=dict)

    def get(self, kind: str, kr: KeyResult, now: datetime, rules: Rules, make: Callable[[], Any]) -> Any:
        """What `make` gives for a key result at `now`, or gave at an instant from which on it holds until after `now`.

        What was before that instant is made each time.
        """
        known = self._known.get((kind, kr.key))
        same = known is not None and known.kr is kr and known.rules == rules
        if known is not None and same and known.at <= now < known.until:
            return known.value
        value = make()
        if known is None or not same or known.until <= now:
            until = holds_until(kr, now=now, zone=rules.zone, interval=rules.interval)
            self._known[kind, kr.key] = _Known(kr, rules, value, now, until)
        return value

    def until(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The first instant after `now` at which something that is held holds no longer, or another day begins; what
        has ended by `now` is of no account.
        """
        ends = (known.until for known in self._known.values() if known.until > now)
        return min(ends, default=_next_day(now, zone))

    def only(self, keys: Container[str]) -> "Held":
        """Without the key results that are gone."""
        return Held({name: known for name, known in self._known.items() if name[1] in keys})


def holds_until(kr: KeyResult, *, now: datetime, zone: ZoneInfo, interval: timedelta) -> datetime:
    """Until before which instant the figures at `now` stay what they are, though nothing is said.

    What can change them is a new local day (also of the day two windows ago), a report that is later than `now`, one
    that leaves a window, and the silence that makes the last one stale.
    """
    windows = STALLED_WINDOWS * interval
    changes = [_next_day(now, zone), _next_day(now - windows, zone) + windows]
    for update in reversed(kr.updates):
        if update.at + windows <= now:
            break
        changes += [update.at, update.at + interval, update.at + windows]
    last = last_heard(as_of(kr, now, zone), zone)
    if last is not None:
        changes.append(last + interval * STALE_AFTER.numerator // STALE_AFTER.denominator + timedelta.resolution)
    return min(change for change in changes if change > now)


def _next_day(at: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the next local day begins."""
    day = local_day(at, zone) + timedelta(days=1)
    return datetime.combine(day, time(), zone).astimezone(UTC)
