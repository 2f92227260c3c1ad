"""From rows to values: what the tables of OKRs say as the pure dataclasses that the rules work on.

The only place where they are turned into `rituals.okrs.model`; it decides nothing, reads and writes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, cast
from zoneinfo import ZoneInfo

from rituals.away import Away
from rituals.cadence import parse_cadence, parse_cadences
from rituals.okrs.model import Bands, Contribution, KeyResult, Milestone, Objective, Unit, Update
from rituals.okrs.state import CycleSpan, Member, PortfolioState, Rhythm
from rituals.quiet import USUAL, Quiet, parse_quiet
from storage.okrs import GroundRows, PlanRows


def ground(rows: GroundRows) -> PortfolioState:
    """A portfolio without a plan: the workspace, its people, units and cycles."""
    people = {p.id: p.key for p in rows.people}
    unit_keys = {u.id: u.key for u in rows.units}
    leads = _grouped((row.unit_id, people[row.person_id]) for row in rows.leads)
    usual = parse_quiet(rows.workspace.quiet) if rows.workspace.quiet else USUAL
    return PortfolioState(
        team_id=rows.workspace.team_id,
        zone=ZoneInfo(rows.workspace.timezone),
        bands=Bands(rows.workspace.at_risk_above, rows.workspace.off_track_above),
        url=rows.workspace.url,
        people={p.key: _member(p, people, usual) for p in rows.people},
        units={u.key: _unit(u, unit_keys, tuple(leads[u.id])) for u in rows.units},
        unit_ids={u.key: cast(int, u.id) for u in rows.units},
        rhythms={u.key: _rhythm(u) for u in rows.units},
        cycles={c.key: CycleSpan(cast(int, c.id), c.key, c.starts, c.ends, bool(c.closed_at)) for c in rows.cycles},
        objectives=(),
        nudges_a_week=rows.workspace.nudges_a_week,
        model_off=rows.workspace.model_off,
    )


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> defaultdict[Any, list[Any]]:
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def _member(row: Any, people: Mapping[int | None, str], usual: Quiet) -> Member:
    zone = row.own_timezone or row.timezone
    return Member(
        id=cast(int, row.id),
        key=row.key,
        name=row.name,
        slack=row.slack,
        zone=ZoneInfo(zone) if zone else None,
        quiet=parse_quiet(row.quiet) if row.quiet else usual,
        away=_away(row, people),
        admin=row.admin,
    )


def _away(row: Any, people: Mapping[int | None, str]) -> Away | None:
    if row.away_from is None or row.away_until is None:
        return None
    return Away(row.away_from, row.away_until, people[row.delegate_id] if row.delegate_id else None)


def _unit(row: Any, keys: Mapping[int | None, str], leads: tuple[str, ...]) -> Unit:
    return Unit(
        key=row.key,
        name=row.name,
        level=row.level,
        parent=keys[row.parent_id] if row.parent_id else None,
        leads=leads,
        stage=row.stage,
        private=row.private,
        closed_on=row.closed_on,
    )


def _rhythm(row: Any) -> Rhythm:
    """A closed unit has no rounds and no digest any more; its row keeps what they were."""
    runs = row.closed_on is None
    return Rhythm(
        channel=row.channel,
        leadership_channel=row.leadership_channel,
        cadence=parse_cadence(row.cadence) if row.cadence and runs else None,
        digest=parse_cadence(row.digest) if row.digest and runs else None,
        holidays=(row.holidays["country"], row.holidays.get("region")) if row.holidays else None,
        binding=row.binding,
        audiences=parse_cadences(row.audiences if runs else None),
    )


@dataclass(frozen=True)
class Plan:
    """Turns rows of a plan into objectives, over the `state` that they stand in."""

    state: PortfolioState
    rows: PlanRows

    @cached_property
    def ids(self) -> Mapping[str, int]:
        """Row ids of all objectives by key, in the portfolio's order."""
        return {key: number for number, key in self.rows.keys}

    @cached_property
    def owners(self) -> Mapping[int, tuple[str, ...]]:
        """Unit keys by key result id."""
        units = self.state.unit_keys
        found = _grouped((row.key_result_id, units[row.unit_id]) for row in self.rows.owners)
        return {number: tuple(keys) for number, keys in found.items()}

    def objectives(self, said: Mapping[int, tuple[Update, ...]]) -> tuple[Objective, ...]:
        """The objectives that there are rows of, with their key results; `said` are each one's updates by its id."""
        keys = dict(self.rows.keys)
        units, cycles = self.state.unit_keys, {c.id: c for c in self.state.cycles.values()}
        links = _grouped(
            (row.objective_id, Contribution(keys[row.to_objective_id], row.how)) for row in self.rows.contributions
        )
        people = {number: person.key for number, person in self.state.people_by_id.items()}
        key_results = _grouped((row.objective_id, row) for row in self.rows.key_results)

        def objective(row: Any) -> Objective:
            cycle = cycles[row.cycle_id]
            results = (
                _key_result(kr, row.key, cycle, self.owners.get(kr.id, ()), said.get(kr.id, ()), people)
                for kr in key_results[row.id]
            )
            return Objective(
                key=row.key,
                title=row.title,
                unit=units[row.unit_id],
                cycle=cycle.key,
                contributes_to=tuple(links[row.id]),
                key_results=tuple(results),
            )

        return tuple(objective(row) for row in self.rows.objectives)


def said(
    state: PortfolioState, rows: Iterable[Any], owners: Mapping[int, tuple[str, ...]]
) -> dict[int, tuple[Update, ...]]:
    """Updates by key result id, in the order of their rows.

    One that names no unit speaks for the owner that its author leads, so that one person is one voice.
    """
    people = {number: person.key for number, person in state.people_by_id.items()}
    units = state.unit_keys
    leads = {(key, lead) for key, unit in state.units.items() for lead in unit.leads}
    found: defaultdict[int, list[Update]] = defaultdict(list)
    for row in rows:
        by = people[row.person_id] if row.person_id else None
        unit = units[row.unit_id] if row.unit_id else None
        if unit is None and by is not None:
            unit = next((owner for owner in owners.get(row.key_result_id, ()) if (owner, by) in leads), None)
        found[row.key_result_id].append(_update(row, by, unit))
    return {number: tuple(updates) for number, updates in found.items()}


def _key_result(
    row: Any,
    objective: str,
    cycle: CycleSpan,
    owners: tuple[str, ...],
    updates: tuple[Update, ...],
    people: Mapping[int, str],
) -> KeyResult:
    return KeyResult(
        id=row.id,
        key=row.key,
        title=row.title,
        kind=row.kind,
        objective=objective,
        owners=owners,
        starts=row.starts or cycle.starts,
        ends=row.ends or cycle.ends,
        start=row.start,
        target=row.target,
        low=row.low,
        high=row.high,
        tolerance=row.tolerance,
        measured_in=row.measured_in,
        reporter=people[row.reporter_id] if row.reporter_id else None,
        commitment=row.commitment,
        weight=Decimal(1) if row.weight is None else row.weight,
        due=row.due,
        plan=tuple((date.fromisoformat(day), Decimal(str(share))) for day, share in row.plan or ()),
        milestones=tuple(milestone(m) for m in row.milestones or ()),
        updates=updates,
        cycle_closed=cycle.closed,
        carried_from=row.carried_from,
    )


def milestone(raw: Mapping[str, Any]) -> Milestone:
    """One of a key result's milestones, from the document that they are stored as."""
    done = raw.get("done", False)
    return Milestone(
        title=raw["title"],
        weight=Decimal(str(raw.get("weight", 1))),
        due=date.fromisoformat(raw["due"]) if raw.get("due") else None,
        done=date.fromisoformat(done) if isinstance(done, str) else bool(done),
    )


def _update(row: Any, by: str | None, unit: str | None) -> Update:
    return Update(
        id=row.id,
        at=row.at,
        value=row.value,
        confidence=row.confidence,
        by=by,
        note=row.note,
        evidence=row.evidence,
        unit=unit,
        role=row.role,
        blocked=row.blocked,
        status=row.status,
        status_reason=row.status_reason,
    )
