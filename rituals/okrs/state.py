"""The whole portfolio of a workspace as one value, and what is asked of it: who leads what, which cycles run, where a
rhythm comes from.

Pure: it is loaded by `load`, and what the figures mean is decided by the rules beside it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from rituals.away import Away
from rituals.cadence import Cadence
from rituals.calendar import NO_NAMED_DAYS, NamedDays, interval_of
from rituals.holidays import Holidays
from rituals.okrs.figures import Figures, figures
from rituals.okrs.held import Held, Rules
from rituals.okrs.model import Bands, KeyResult, Objective, Unit
from rituals.quiet import USUAL, Quiet

NO_CADENCE = timedelta(days=14)  # a unit without a cadence is judged by the usual fortnight


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the portfolio. `slack` is None until the member is found in Slack.

    `zone` is the one they chose, else Slack's; `quiet` their own hours, else the workspace's.
    """

    id: int
    key: str
    name: str
    slack: str | None
    zone: ZoneInfo | None
    quiet: Quiet = USUAL
    away: Away | None = None
    admin: bool = False


@dataclass(frozen=True, slots=True)
class CycleSpan:
    """A cycle: first and last day."""

    id: int
    key: str
    starts: date
    ends: date
    closed: bool

    @property
    def days(self) -> int:
        """From its first day to its last; of cycles that run at once the shortest is what people count in."""
        return (self.ends - self.starts).days


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A unit's channels and cadences as set on it; None where it has none of its own.

    `holidays` are a country and its region; a `binding` cadence is that of every unit below. `audiences` are rhythms of
    digests beyond `digest`, None for one that is turned off.
    """

    channel: str | None
    leadership_channel: str | None
    cadence: Cadence | None
    digest: Cadence | None
    holidays: tuple[str, str | None] | None = None
    binding: bool = False
    audiences: Mapping[str, Cadence | None] = field(default_factory=dict)


@dataclass(frozen=True)
class PortfolioState:
    """The portfolio at one instant of loading. Units, people and cycles by key; ids of units and objectives by key.

    `known` is what was computed of its key results.
    """

    team_id: str
    zone: ZoneInfo
    bands: Bands
    url: str
    people: Mapping[str, Member]
    units: Mapping[str, Unit]
    unit_ids: Mapping[str, int]
    rhythms: Mapping[str, Rhythm]
    cycles: Mapping[str, CycleSpan]
    objectives: tuple[Objective, ...]
    objective_ids: Mapping[str, int] = field(default_factory=dict)
    nudges_a_week: int = 5
    model_off: bool = False
    known: Held = field(default_factory=Held, compare=False, repr=False)

    @cached_property
    def people_by_id(self) -> Mapping[int, Member]:
        """People by row id."""
        return {p.id: p for p in self.people.values()}

    @cached_property
    def unit_keys(self) -> Mapping[int, str]:
        """Unit keys by row id."""
        return {number: key for key, number in self.unit_ids.items()}

    @cached_property
    def unit_names(self) -> Mapping[str, str]:
        """Unit names by key."""
        return {key: unit.name for key, unit in self.units.items()}

    @cached_property
    def named_units(self) -> Mapping[str, Unit]:
        """The units that may be named to whom this state is for (see `roles.seen_by`): those to choose from."""
        return {key: unit for key, unit in self.units.items() if not unit.hidden}

    @cached_property
    def open_units(self) -> Mapping[str, Unit]:
        """Of these, the ones that are not closed: what new things can be given to."""
        return {key: unit for key, unit in self.named_units.items() if unit.closed_on is None}

    @cached_property
    def key_results(self) -> Mapping[str, KeyResult]:
        """Every key result by key, in the portfolio's order."""
        return {kr.key: kr for o in self.objectives for kr in o.key_results}

    @cached_property
    def key_result_ids(self) -> Mapping[int | None, str]:
        """Key results' keys by row id."""
        return {kr.id: kr.key for kr in self.key_results.values()}

    @cached_property
    def objectives_by_key(self) -> Mapping[str, Objective]:
        """Every objective by key."""
        return {o.key: o for o in self.objectives}

    def today(self, now: datetime) -> date:
        """The local day of the workspace."""
        return now.astimezone(self.zone).date()

    def day_of(self, person: Member | None, at: datetime) -> date:
        """The day it is at an instant where a person is; without a zone of theirs the workspace's."""
        return at.astimezone(person.zone if person and person.zone else self.zone).date()

    def current_cycles(self, now: datetime) -> tuple[CycleSpan, ...]:
        """The cycles that run today; between cycles all that ended last, before all those that come first."""
        return self.cycles_on(self.today(now))

    def cycles_on(self, day: date) -> tuple[CycleSpan, ...]:
        """The cycles that are current on a local day."""
        running = tuple(c for c in self.cycles.values() if c.starts <= day <= c.ends and not c.closed)
        if running:
            return running
        over = [c for c in self.cycles.values() if c.starts <= day]
        if over:
            last = max(c.ends for c in over)
            return tuple(c for c in over if c.ends == last)
        first = min((c.starts for c in self.cycles.values()), default=None)
        return tuple(c for c in self.cycles.values() if c.starts == first)

    def current_objectives(self, now: datetime) -> tuple[Objective, ...]:
        """The objectives of the current cycles."""
        return self._objectives_on(self.today(now))

    def _objectives_on(self, day: date) -> tuple[Objective, ...]:
        keys = {c.key for c in self.cycles_on(day)}
        over = {key for key, unit in self.units.items() if unit.closed_on and unit.closed_on <= day}
        return tuple(o for o in self.objectives if o.cycle in keys and o.unit not in over)

    def current_key_results(self, now: datetime) -> tuple[KeyResult, ...]:
        """The key results of the current cycles."""
        return self.key_results_on(self.today(now))

    def key_results_on(self, day: date) -> tuple[KeyResult, ...]:
        """The key results of the cycles that are current on a local day."""
        return tuple(kr for o in self._objectives_on(day) for kr in o.key_results)

    def lineage(self, unit: str) -> Iterable[str]:
        """The unit and those above it, nearest first."""
        key: str | None = unit
        while key is not None:
            yield key
            key = self.units[key].parent

    def below(self, unit: str) -> tuple[str, ...]:
        """The unit and all below it, in the portfolio's order."""
        return self._below.get(unit, ())

    @cached_property
    def _below(self) -> Mapping[str, tuple[str, ...]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for key in self.units:
            for above in self.lineage(key):
                found[above].append(key)
        return {unit: tuple(keys) for unit, keys in found.items()}

    def cadence_unit(self, unit: str) -> str | None:
        """The unit whose cadence this one follows: the highest above that binds, else its own, or the nearest above."""
        setters = [key for key in self.lineage(unit) if self.rhythms[key].cadence]
        binding = [key for key in setters if self.rhythms[key].binding and key != unit]
        return next(iter([*reversed(binding), *setters]), None)

    def own_cadence(self, unit: str) -> Cadence | None:
        """The cadence of a unit's own rounds; None where it follows another's."""
        return self.rhythms[unit].cadence if self.cadence_unit(unit) == unit else None

    def following(self, unit: str) -> frozenset[str]:
        """The units whose check-in a unit's round is: itself and those below it without rounds of their own."""
        return self._followers.get(unit, frozenset())

    @cached_property
    def _followers(self) -> Mapping[str, frozenset[str]]:
        found: defaultdict[str | None, set[str]] = defaultdict(set)
        for key, unit in self.units.items():
            if unit.closed_on is None:
                found[self.cadence_unit(key)].add(key)
        return {unit: frozenset(keys) for unit, keys in found.items() if unit is not None}

    def holidays_of(self, unit: str | None) -> NamedDays:
        """The holidays of a unit: those that it states, or the nearest above; none where nobody does."""
        stated = (self.rhythms[key].holidays for key in (self.lineage(unit) if unit else ()))
        place = next((place for place in stated if place), None)
        return Holidays(*place) if place else NO_NAMED_DAYS

    def interval(self, kr: KeyResult) -> timedelta:
        """The check-in interval by which a key result's silence is judged."""
        for owner in kr.owners:
            unit = self.cadence_unit(owner)
            cadence = self.rhythms[unit].cadence if unit else None
            if cadence is not None:
                return interval_of(cadence)
        return NO_CADENCE

    @cached_property
    def _led(self) -> Mapping[str, list[str]]:
        led: defaultdict[str, list[str]] = defaultdict(list)
        for key, unit in self.units.items():
            for lead in unit.leads:
                led[lead].append(key)
        return led

    def led_by(self, person: str) -> tuple[str, ...]:
        """The units that a person leads."""
        return tuple(self._led.get(person, ()))

    def concerns(self, person: str) -> frozenset[str]:
        """The keys of the key results that a person reports, or of which they lead an owner."""
        return self._concerned.get(person, frozenset())

    @cached_property
    def _concerned(self) -> Mapping[str, frozenset[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for key, kr in self.key_results.items():
            for person in (kr.reporter, *(lead for owner in kr.owners for lead in self.units[owner].leads)):
                found[person or ""].add(key)
        return {person: frozenset(keys) for person, keys in found.items()}

    def figures(self, kr: KeyResult, now: datetime) -> Figures:
        """The key result's figures by this workspace's zone, bands and rhythm.

        They are computed once and held as long as they hold; what was before then is computed each time.
        """
        rules = Rules(self.zone, self.interval(kr), self.bands)

        def make() -> Figures:
            return figures(kr, now=now, zone=rules.zone, interval=rules.interval, bands=rules.bands)

        found: Figures = self.known.get("figures", kr, now, rules, make)
        return found if found.at == now else replace(found, at=now)

    def member(self, slack: str) -> Member | None:
        """The person behind a Slack user id."""
        return self._by_slack.get(slack)

    @cached_property
    def _by_slack(self) -> Mapping[str | None, Member]:
        return {p.slack: p for p in self.people.values() if p.slack}

    def names(self, units: Iterable[str]) -> tuple[str, ...]:
        """Names of units by their keys."""
        return tuple(self.units[key].name for key in units)
