"""For whom a unit's digest is, when and where each of them gets it; and in which channels a private unit's may stand.

Pure. `leadership` reads what is to be decided and why, `portfolio` what blocks whom and who is asked, `unit` its own
key results and what others wait for from it. A unit's `digest` is for the leadership, that of a product line or team
for itself; what is set beyond it stands in its `audiences`: a rhythm for the `portfolio`, and one for the `unit`, by
which each product line below gets its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rituals.cadence import Cadence
from rituals.notices.digests import Audience
from rituals.okrs.state import PortfolioState

AUDIENCES: tuple[Audience, ...] = ("leadership", "portfolio", "unit")
NO_CHANNEL = "no channel is set for it"
SHARED_CHANNEL = "its channel is also that of a unit which is not private with it"
_LINES = frozenset({"product_line", "team"})


@dataclass(frozen=True)
class Place:
    """A unit as far as its digests go. Of `audiences` a value is a rhythm, or None where it is turned off.

    `zone` is that of its leads, where it is known.
    """

    key: str
    level: str
    parent: str | None = None
    channel: str | None = None
    leadership_channel: str | None = None
    digest: Cadence | None = None
    audiences: Mapping[str, Cadence | None] | None = None
    private: bool = False
    zone: str | None = None
    closed_on: date | None = None

    @property
    def channels(self) -> frozenset[str]:
        """Its own channels."""
        return frozenset(filter(None, (self.channel, self.leadership_channel)))

    def rhythm(self, audience: Audience) -> Cadence | None:
        """What is set for an audience beyond its `digest`."""
        return (self.audiences or {}).get(audience)


@dataclass(frozen=True)
class Plan:
    """A unit's digest for an audience: its rhythm, the zone that holds where this names none, and its channel.

    `why_not` says why it cannot be given; `set_by` is the unit by whose rhythm it comes.
    """

    unit: str
    audience: Audience
    cadence: Cadence
    zone: str
    to: str | None
    set_by: str
    why_not: str = ""
    closed_on: date | None = None


def main_audience(level: str) -> Audience:
    """For whom the digest of a unit is that nobody says more of."""
    return "unit" if level in _LINES else "leadership"


def places_of(state: PortfolioState, units: Iterable[str] | None = None) -> dict[str, Place]:
    """The units of a portfolio (some with all above them, or all) as far as their digests go."""
    return {key: _place_of(state, key) for key in (state.units if units is None else units)}


def _place_of(state: PortfolioState, key: str) -> Place:
    unit, own = state.units[key], state.rhythms[key]
    zones = (state.people[lead].zone for lead in unit.leads)
    return Place(
        key=key,
        level=unit.level,
        parent=unit.parent,
        channel=own.channel,
        leadership_channel=own.leadership_channel,
        digest=own.digest,
        audiences=own.audiences,
        private=unit.private,
        zone=next((zone.key for zone in zones if zone), None),
        closed_on=unit.closed_on,
    )


def plans(places: Mapping[str, Place], zone: str) -> list[Plan]:
    """Every digest that is set, in the units' order; `zone` is the workspace's."""
    return [plan for place in places.values() for plan in _plans_of(places, place, zone)]


def _plans_of(places: Mapping[str, Place], place: Place, zone: str) -> Iterator[Plan]:
    if place.digest is not None:
        to = place.leadership_channel or place.channel
        yield _plan(places, place, main_audience(place.level), place.digest, zone, to, place.key)
    if place.level not in _LINES and (own := place.rhythm("portfolio")):
        yield _plan(places, place, "portfolio", own, zone, place.channel, place.key)
    if inherited := line_rhythm(places, place):
        by, cadence = inherited
        yield _plan(places, place, "unit", cadence, place.zone or zone, place.channel, by)


def line_rhythm(places: Mapping[str, Place], place: Place) -> tuple[str, Cadence] | None:
    """By which unit above (its key), and when, a product line without a digest of its own gets one; None where it was
    turned off."""
    if place.level != "product_line" or place.digest is not None or "unit" in (place.audiences or {}):
        return None
    above = (places[key] for key in lineage(places, place.key) if key != place.key)
    return next(((one.key, rhythm) for one in above if (rhythm := one.rhythm("unit"))), None)


def _plan(
    places: Mapping[str, Place], place: Place, audience: Audience, c: Cadence, zone: str, to: str | None, by: str
) -> Plan:
    why_not = why_not_there(places, place.key, to) if to else NO_CHANNEL
    return Plan(place.key, audience, c, zone, to, by, why_not, place.closed_on)


def lineage(places: Mapping[str, Place], key: str) -> Iterator[str]:
    """The unit and those above it, nearest first."""
    above: str | None = key
    while above is not None:
        yield above
        above = places[above].parent


def why_not_there(places: Mapping[str, Place], unit: str, channel: str) -> str:
    """Why the digest of a unit must not stand in a channel; "" where it may.

    That of a private unit stands in its own channel, or in one of a unit above that is private with it; never where
    somebody else's is as well, because then others read it.
    """
    inside = _inside(places, unit)
    if not inside:
        return ""
    own = {to for key in inside for to in places[key].channels}
    below = {key for key in places if unit in lineage(places, key)}
    others = {to for key in places if key not in below and key not in inside for to in places[key].channels}
    return "" if channel in own - others else SHARED_CHANNEL


def _inside(places: Mapping[str, Place], unit: str) -> list[str]:
    """The unit and those above it up to the highest that is private; none for a public one."""
    way = list(lineage(places, unit))
    private = [number for number, key in enumerate(way) if places[key].private]
    return way[: private[-1] + 1] if private else []


def find(plans: Iterable[Plan], unit: str, audience: str) -> Plan | None:
    """The plan of a unit for an audience."""
    return next((plan for plan in plans if plan.unit == unit and plan.audience == audience), None)
