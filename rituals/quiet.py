"""Hours in which nobody is written to of our own accord: what they are, and when they end. Pure.

It sends nothing and reads no clock; who has which hours is said in `rituals.okrs.state`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rituals.calendar import resolve
from rituals.errors import Refusal


@dataclass(frozen=True)
class Quiet:
    """From `start` to `end` in wall time where the person is, over midnight where `end` is earlier.

    `weekends`: Saturdays and Sundays are quiet as a whole. Equal times are no quiet hours at all.
    """

    start: time = time(20)
    end: time = time(7)
    weekends: bool = True

    def covers(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether an instant is within them, for somebody in `zone`."""
        local = at.astimezone(zone)
        return (self.weekends and local.weekday() >= 5) or self._hour_covers(local.time())

    def _hour_covers(self, hour: time) -> bool:
        if self.start <= self.end:
            return self.start <= hour < self.end
        return hour >= self.start or hour < self.end

    def over(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The first instant from `at` on that is not quiet (UTC); `at` itself where it is not."""
        day = at.astimezone(zone).date()
        candidates = [at, *(resolve(day + timedelta(days=n), self.end, zone) for n in range(4))]
        if self.weekends and self.start == self.end:
            candidates += [resolve(day + timedelta(days=n), time(0), zone) for n in range(4)]
        later = sorted(c for c in candidates if c >= at and not self.covers(c, zone))
        return later[0]


USUAL = Quiet()
NEVER = Quiet(time(0), time(0), weekends=False)


def parse_quiet(raw: Mapping[str, Any]) -> Quiet:
    """Read `{from: "20:00", to: "07:00", weekends: true}`. Raises Refusal with `field` set to what is at fault."""
    return Quiet(_time(raw, "from"), _time(raw, "to"), bool(raw.get("weekends", True)))


def dump_quiet(quiet: Quiet) -> dict[str, Any]:
    """The mapping that `parse_quiet` reads back identically."""
    return {"from": f"{quiet.start:%H:%M}", "to": f"{quiet.end:%H:%M}", "weekends": quiet.weekends}


def _time(raw: Mapping[str, Any], name: str) -> time:
    typed = str(raw.get(name, "")).strip()
    try:
        return time.fromisoformat(typed.zfill(5)).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise Refusal(f'I read {name} "{typed}"; write a time like "20:00"', name) from None
