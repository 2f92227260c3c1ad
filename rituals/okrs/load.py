"""From rows to values: the whole portfolio of a workspace as the pure dataclasses that the rules work on.

The only place where the tables of OKRs are turned into `rituals.okrs.model`; it decides nothing and writes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

from rituals.cadence import parse_cadence
from rituals.okrs.model import (
    Bands,
    Contribution,
    KeyResult,
    Milestone,
    Objective,
    Unit,
    Update,
)
from rituals.okrs.state import NO_CADENCE, Away, CycleSpan, Member, PortfolioState, Rhythm
from rituals.quiet import USUAL, Quiet, parse_quiet
from storage import okrs as queries
from storage import tables
from storage.database import Session

__all__ = ["NO_CADENCE", "CycleSpan", "Member", "PortfolioState", "Rhythm", "load_portfolio"]


def load_portfolio(session: Session, team_id: str) -> PortfolioState:
    """Load everything in a constant number of statements. Raises LookupError for an unknown workspace."""
    rows = queries.portfolio_rows(session, team_id, records=False)
    people = {p.id: p.key for p in rows.people}
    unit_keys = {u.id: u.key for u in rows.units}
    leads = _grouped((row.unit_id, people[row.person_id]) for row in rows.leads)
    usual = parse_quiet(rows.workspace.quiet) if rows.workspace.quiet else USUAL
    return PortfolioState(
        team_id=team_id,
        zone=ZoneInfo(rows.workspace.timezone),
        bands=Bands(rows.workspace.at_risk_above, rows.workspace.off_track_above),
        url=rows.workspace.url,
        people={p.key: _member(p, people, usual) for p in rows.people},
        units={u.key: _unit(u, unit_keys, tuple(leads[u.id])) for u in rows.units},
        unit_ids={u.key: cast(int, u.id) for u in rows.units},
        rhythms={u.key: _rhythm(u) for u in rows.units},
        cycles={c.key: CycleSpan(cast(int, c.id), c.key, c.starts, c.ends, bool(c.closed_at)) for c in rows.cycles},
        objectives=_objectives(rows, people, unit_keys),
        nudges_a_week=rows.workspace.nudges_a_week,
        model_off=rows.workspace.model_off,
    )


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> defaultdict[Any, list[Any]]:
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def _member(row: tables.Person, people: Mapping[int | None, str], usual: Quiet) -> Member:
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


def _away(row: tables.Person, people: Mapping[int | None, str]) -> Away | None:
    if row.away_from is None or row.away_until is None:
        return None
    return Away(row.away_from, row.away_until, people[row.delegate_id] if row.delegate_id else None)


def _unit(row: tables.Unit, keys: Mapping[int | None, str], leads: tuple[str, ...]) -> Unit:
    return Unit(
        key=row.key,
        name=row.name,
        level=row.level,  # type: ignore[arg-type]  # held to the levels by a CHECK
        parent=keys[row.parent_id] if row.parent_id else None,
        leads=leads,
        stage=row.stage,  # type: ignore[arg-type]  # checked where it is read from a file
        private=row.private,
    )


def _rhythm(row: tables.Unit) -> Rhythm:
    return Rhythm(
        channel=row.channel,
        leadership_channel=row.leadership_channel,
        cadence=parse_cadence(row.cadence) if row.cadence else None,
        digest=parse_cadence(row.digest) if row.digest else None,
        holidays=(row.holidays["country"], row.holidays.get("region")) if row.holidays else None,
        binding=row.binding,
    )


def _objectives(
    rows: queries.PortfolioRows, people: Mapping[int | None, str], units: Mapping[int | None, str]
) -> tuple[Objective, ...]:
    cycles = {c.id: c for c in rows.cycles}
    keys = {o.id: o.key for o in rows.objectives}
    owners = _grouped((row.key_result_id, units[row.unit_id]) for row in rows.owners)
    leads = {(units[row.unit_id], people[row.person_id]) for row in rows.leads}
    updates = _grouped((row.key_result_id, _update(row, people, units)) for row in rows.updates)
    links = _grouped((row.objective_id, Contribution(keys[row.to_objective_id], row.how)) for row in rows.contributions)
    key_results = _grouped((row.objective_id, row) for row in rows.key_results)
    voices = {row.id: _spoken_for(updates[row.id], owners[row.id], leads) for row in rows.key_results}

    def objective(row: tables.Objective) -> Objective:
        cycle = cycles[row.cycle_id]
        return Objective(
            key=row.key,
            title=row.title,
            unit=units[row.unit_id],
            cycle=cycle.key,
            contributes_to=tuple(links[row.id]),
            key_results=tuple(
                _key_result(kr, row.key, cycle, tuple(owners[kr.id]), voices[kr.id], people)
                for kr in key_results[row.id]
            ),
        )

    return tuple(objective(row) for row in rows.objectives)


def _key_result(
    row: tables.KeyResult,
    objective: str,
    cycle: tables.Cycle,
    owners: tuple[str, ...],
    updates: tuple[Update, ...],
    people: Mapping[int | None, str],
) -> KeyResult:
    return KeyResult(
        id=row.id,
        key=row.key,
        title=row.title,
        kind=row.kind,  # type: ignore[arg-type]  # held to the kinds by a CHECK
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
        commitment=row.commitment,  # type: ignore[arg-type]  # held by a CHECK
        weight=Decimal(1) if row.weight is None else row.weight,
        due=row.due,
        plan=tuple((date.fromisoformat(day), Decimal(str(share))) for day, share in row.plan or ()),
        milestones=tuple(_milestone(m) for m in row.milestones or ()),
        updates=updates,
        cycle_closed=cycle.closed_at is not None,
    )


def _spoken_for(updates: list[Update], owners: list[str], leads: set[tuple[str, str]]) -> tuple[Update, ...]:
    """An update that names no unit speaks for the owner that its author leads, so that one person is one voice."""

    def spoken(update: Update) -> Update:
        if update.unit is not None or update.by is None:
            return update
        return replace(update, unit=next((unit for unit in owners if (unit, update.by) in leads), None))

    return tuple(spoken(update) for update in updates)


def _milestone(raw: Mapping[str, Any]) -> Milestone:
    done = raw.get("done", False)
    return Milestone(
        title=raw["title"],
        weight=Decimal(str(raw.get("weight", 1))),
        due=date.fromisoformat(raw["due"]) if raw.get("due") else None,
        done=date.fromisoformat(done) if isinstance(done, str) else bool(done),
    )


def _update(row: tables.KeyResultUpdate, people: Mapping[int | None, str], units: Mapping[int | None, str]) -> Update:
    return Update(
        id=row.id,
        at=row.at,
        value=row.value,
        confidence=row.confidence,
        by=people[row.person_id] if row.person_id else None,
        note=row.note,
        evidence=row.evidence,
        unit=units[row.unit_id] if row.unit_id else None,
        role=row.role,  # type: ignore[arg-type]  # held by a CHECK
        blocked=row.blocked,
    )
