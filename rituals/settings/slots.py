"""What a rhythm would bring, before it is saved: its next slots, where and when they are for each lead. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rituals.cadence import Cadence
from rituals.calendar import Slot, preview, resolve
from rituals.checkins.rules import participants
from rituals.okrs.load import Member, PortfolioState
from rituals.settings.cards import LocalTime, PreviewSlot

NEXT = 6
_LOOK_AHEAD = 20


def asked(state: PortfolioState, unit: str, which: str, c: Cadence | None, now: datetime) -> tuple[Member, ...]:
    """Whom a rhythm of a unit concerns: those its check-in asks if it had this cadence; of a digest its leads, of that
    of each product line theirs."""
    if which == "unit":
        lines = [key for key in state.below(unit) if state.units[key].level == "product_line"]
        leads = dict.fromkeys(lead for key in lines for lead in state.units[key].leads[:1])
        return tuple(state.people[lead] for lead in leads)
    if which != "checkin":
        return tuple(state.people[lead] for lead in state.units[unit].leads)
    own = replace(state.rhythms[unit], cadence=c)
    return participants(replace(state, rhythms={**state.rhythms, unit: own}), unit, state.today(now))


def in_effect(state: PortfolioState, which: str, c: Cadence) -> Cadence:
    """A digest without a zone is sent by the workspace's; a check-in, and each line's digest, where its leads are."""
    return replace(c, timezone=c.timezone or state.zone.key) if which in ("digest", "portfolio") else c


def first(state: PortfolioState, unit: str, c: Cadence, people: Iterable[Member], *, now: datetime) -> date | None:
    """The next slot's local day."""
    return next((slot.day for slot in _slots(state, unit, c, people, now, 1)), None)


def counted(
    state: PortfolioState, unit: str, c: Cadence, people: Iterable[Member], *, now: datetime, after: date | None
) -> Cadence:
    """The same cadence from its first slot after `now` and after a local day that had its round already.

    What would have been before is not made up for; the steps go on from where they were, because the day it starts
    on is one of its own.
    """
    for slot in _slots(state, unit, c, people, now, _LOOK_AHEAD):
        nominal = slot.moved_from or slot.day
        if after is None or nominal > after:
            return replace(c, starts=nominal)
    return c


def next_slots(
    state: PortfolioState, unit: str, c: Cadence, people: tuple[Member, ...], *, now: datetime
) -> tuple[PreviewSlot, ...]:
    """The next six slots with what each is for the people it concerns."""
    return tuple(_shown(state, c, people, slot) for slot in _slots(state, unit, c, people, now, NEXT))


def _slots(
    state: PortfolioState, unit: str, c: Cadence, people: Iterable[Member], now: datetime, count: int
) -> tuple[Slot, ...]:
    zones = [(member.zone or state.zone).key for member in people]
    days = state.holidays_of(unit)
    return preview(c, now=now, default_zone=state.zone.key, holidays=days, zones=zones, count=count)


def _shown(state: PortfolioState, c: Cadence, people: tuple[Member, ...], slot: Slot) -> PreviewSlot:
    return PreviewSlot(
        day=slot.day,
        at=f"{c.at:%H:%M}",
        moved_from=slot.moved_from,
        holiday=slot.holiday,
        local=_local(state, c, people, slot),
    )


def _local(state: PortfolioState, c: Cadence, people: tuple[Member, ...], slot: Slot) -> tuple[LocalTime, ...]:
    """The slot where the people are, those with the same hour together, the earliest first."""
    groups: defaultdict[tuple[datetime, str, bool], list[str]] = defaultdict(list)
    for member in people:
        zone = member.zone or state.zone
        at = resolve(slot.day, c.at, ZoneInfo(c.timezone) if c.timezone else zone)
        wall = at.astimezone(zone)
        quiet = member.quiet.covers(at, zone)
        said = f"{wall:%H:%M}" if wall.date() == slot.day else f"{wall:%a %H:%M}"
        groups[(wall.replace(tzinfo=None), said if c.timezone else zone.key, quiet)].append(member.name)
    return tuple(
        LocalTime(at=said, names=tuple(names), quiet=quiet) for (_, said, quiet), names in sorted(groups.items())
    )
