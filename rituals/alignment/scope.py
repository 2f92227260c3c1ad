"""A unit and all below it in the cycles that run at an instant: what every alignment figure is computed over. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property, partial
from typing import Any

from rituals.alignment.coverage import Coverage, coverage
from rituals.alignment.made_of import Connected, connected_and_moving, connections
from rituals.alignment.rules import AlignmentFigures, Course, alignment, connection_rate, course_of
from rituals.calendar import interval_of
from rituals.okrs.figures import Figures
from rituals.okrs.held import Rules
from rituals.okrs.model import KeyResult, Objective, Unit
from rituals.okrs.roles import public
from rituals.okrs.state import NO_CADENCE, CycleSpan, PortfolioState

_KEPT = ("connection_rate", "connected_and_moving", "shared_velocity", "unit_velocity", "shared_lag_index")


@dataclass(frozen=True)
class Scope:
    """A unit and all below it, in the cycles that run at `now`; what is hidden in `state` is left out.

    With `only` (a cycle's key) just that cycle, running or not.
    """

    state: PortfolioState
    unit: str
    now: datetime
    only: str | None = None

    @cached_property
    def units(self) -> list[Unit]:
        """The unit and those below that are open, as far as they may be named."""
        return [self.state.open_units[key] for key in self.state.below(self.unit) if key in self.state.open_units]

    @cached_property
    def objectives(self) -> list[Objective]:
        """Their objectives of the running cycles."""
        keys = {unit.key for unit in self.units}
        among = self.state.objectives if self.only else self.state.current_objectives(self.now)
        return [o for o in among if o.unit in keys and self.only in {None, o.cycle}]

    @cached_property
    def portfolios_above(self) -> list[Unit]:
        """Of a unit that has no portfolio in it those that it is part of: what its lines are to move is theirs."""
        if any(unit.level == "portfolio" for unit in self.units):
            return []
        over = (self.state.open_units.get(key) for key in self.state.lineage(self.unit))
        return [unit for unit in over if unit is not None and unit.level == "portfolio"]

    @cached_property
    def named(self) -> list[Unit]:
        """The units, and the portfolios that they are part of: among these a link is looked for."""
        return [*self.units, *self.portfolios_above]

    @cached_property
    def tops(self) -> list[Objective]:
        """The objectives of the portfolios above, in the same cycles."""
        keys = {unit.key for unit in self.portfolios_above}
        among = self.state.objectives if self.only else self.state.current_objectives(self.now)
        return [o for o in among if o.unit in keys and self.only in {None, o.cycle}] if keys else []

    @cached_property
    def above(self) -> list[Objective]:
        """What else may be moved: the objectives of the portfolios above, and with `only` those of other cycles that
        meet it, because what is moved may run for longer.
        """
        span = self.state.cycles[self.only] if self.only else None
        if span is None:
            return self.tops
        units, cycles = {unit.key for unit in self.named}, self.state.cycles
        meeting = {c.key for c in cycles.values() if c.starts <= span.ends and span.starts <= c.ends} - {span.key}
        return [*self.tops, *(o for o in self.state.objectives if o.cycle in meeting and o.unit in units)]

    @cached_property
    def key_results(self) -> list[KeyResult]:
        """The key results under these."""
        return [kr for o in self.objectives for kr in o.key_results]

    @cached_property
    def interval(self) -> timedelta:
        """The time between two check-ins of the unit."""
        above = self.state.cadence_unit(self.unit)
        cadence = self.state.rhythms[above].cadence if above else None
        return interval_of(cadence) if cadence else NO_CADENCE

    @cached_property
    def cycle(self) -> CycleSpan | None:
        """Of the running cycles they have objectives in, the shortest."""
        if self.only:
            return self.state.cycles[self.only]
        mine = {o.cycle for o in self.objectives}
        return min(
            (c for c in self.state.current_cycles(self.now) if c.key in mine), key=lambda c: c.days, default=None
        )

    @cached_property
    def figures(self) -> dict[str, Figures]:
        """Figures of each key result by key."""
        return {kr.key: self.state.figures(kr, self.now) for kr in self.key_results}

    @cached_property
    def alignment(self) -> AlignmentFigures:
        """All alignment figures, the net confidence by each key result's own rhythm."""
        state = self.state
        found = alignment(
            self.objectives,
            self.units,
            now=self.now,
            zone=state.zone,
            interval=self.interval,
            bands=state.bands,
            course=self.course,
            statuses=[f.status for f in self.figures.values()],
        )
        if self.above:
            found = replace(found, connection_rate=connection_rate(self.objectives, self.named, above=self.above))
        return replace(found, coverage=self._of_a_part()) if self.tops else found

    def _of_a_part(self) -> Coverage:
        """What some lines do for the objectives of the portfolio above them. How many others work on one is not known
        here, and so no gap.
        """
        found = coverage(
            [*self.tops, *self.objectives],
            self.named,
            now=self.now,
            zone=self.state.zone,
            interval=self.interval,
            moves=lambda kr: self.course(kr).movement,
        )
        return replace(found, thin=(), stalled=())

    def course(self, kr: KeyResult) -> Course:
        """That of a key result, by the rhythm of the unit."""
        state, now = self.state, self.now
        rules = Rules(state.zone, self.interval, state.bands)
        make = partial(course_of, kr, now=now, zone=state.zone, interval=self.interval)
        found: Course = state.known.get("course", kr, now, rules, make)
        return found

    @cached_property
    def connected(self) -> tuple[Connected, ...]:
        """Every product-line objective with its links."""
        return connections(
            self.objectives,
            self.named,
            now=self.now,
            zone=self.state.zone,
            interval=self.interval,
            above=self.above,
            moves=lambda kr: self.course(kr).movement,
        )

    def row(self) -> dict[str, float | None]:
        """The figures that are kept by day, and the net confidence."""
        row = self.alignment.row() | {"connected_and_moving": _places(connected_and_moving(self.connected))}
        return {name: row[name] for name in (*_KEPT, "net_confidence")}


def row_to_keep(state: PortfolioState, unit: str, now: datetime, only: str | None = None) -> dict[str, Any]:
    """The figures of a unit as they are kept: over everything in it, and where some of that is private also those over
    what is `public`, for who may not know of the rest (`rituals.okrs.seen.figures_seen`).
    """
    row: dict[str, Any] = dict(Scope(state, unit, now, only=only).row())
    seen = public(state, of=unit)
    if any(seen.units[key].hidden for key in state.below(unit)):
        row["public"] = Scope(seen, unit, now, only=only).row()
    return row


def _places(exact: Fraction | None) -> float | None:
    return None if exact is None else round(float(exact), 4)
