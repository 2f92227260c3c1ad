"""Between the rows of a portfolio and the entries of its file. It translates; it decides and queries nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from rituals.calendar import dump_cadence, parse_cadence, resolve
from rituals.holidays import Holidays, dump_holidays
from rituals.okrs.portfolio.schema import (
    ContributionEntry,
    CycleEntry,
    KeyResultEntry,
    MilestoneEntry,
    ObjectiveEntry,
    PersonEntry,
    PlanPoint,
    Portfolio,
    UnitEntry,
    UpdateEntry,
    instant_of,
)
from rituals.okrs.rows import milestone
from storage import tables
from storage.okrs import PortfolioRows

Keys = Mapping[int | None, str]
Ids = Mapping[str, Mapping[str, int]]
"""Row ids by kind and key."""


class Translation:
    """Rows as entries. Keys of what a row refers to are looked up in the rows themselves."""

    def __init__(self, rows: PortfolioRows) -> None:
        self._rows = rows
        self._zone = ZoneInfo(rows.workspace.timezone)
        self._people: Keys = {p.id: p.key for p in rows.people}
        self._units: Keys = {u.id: u.key for u in rows.units}
        self._cycles = {c.id: c for c in rows.cycles}
        self._objectives: Keys = {o.id: o.key for o in rows.objectives}
        self._cycle_of = {o.id: self._cycles[o.cycle_id] for o in rows.objectives}
        self._krs = _grouped((kr.objective_id, kr) for kr in rows.key_results)
        self._updates = _grouped((u.key_result_id, u) for u in rows.updates)
        self._owners = _grouped((o.key_result_id, self._units[o.unit_id]) for o in rows.owners)
        self._leads = _grouped((lead.unit_id, self._people[lead.person_id]) for lead in rows.leads)
        self._links = _grouped((c.objective_id, c) for c in rows.contributions)

    def portfolio(self) -> Portfolio:
        """The whole of it."""
        return Portfolio(
            timezone=self._rows.workspace.timezone,
            people=tuple(
                PersonEntry(key=p.key, name=p.name, email=p.email, slack=p.slack, timezone=p.timezone)
                for p in self._rows.people
            ),
            units=tuple(self._unit(u) for u in self._rows.units),
            cycles=tuple(CycleEntry(key=c.key, starts=c.starts, ends=c.ends) for c in self._rows.cycles),
            objectives=tuple(self._objective(o) for o in self._rows.objectives),
        )

    def updates_of(self, updates: Iterable[tables.KeyResultUpdate]) -> dict[str, list[UpdateEntry]]:
        """Updates as entries by the key of their key result."""
        krs = {kr.id: kr for kr in self._rows.key_results}
        return _grouped((krs[u.key_result_id].key, self._update(u, krs[u.key_result_id])) for u in updates)

    def _unit(self, row: tables.Unit) -> UnitEntry:
        return UnitEntry.model_validate(
            {
                **_same(row, "key", "name", "level", "stage", "channel", "leadership_channel", "binding", "private"),
                "closed": row.closed_on,
                "parent": self._units.get(row.parent_id),
                "leads": self._leads[row.id],
                "cadence": parse_cadence(row.cadence) if row.cadence else None,
                "digest": parse_cadence(row.digest) if row.digest else None,
                "holidays": Holidays(row.holidays["country"], row.holidays.get("region")) if row.holidays else None,
            }
        )

    def _objective(self, row: tables.Objective) -> ObjectiveEntry:
        return ObjectiveEntry(
            key=row.key,
            unit=self._units[row.unit_id],
            cycle=self._cycles[row.cycle_id].key,
            title=row.title,
            contributes_to=tuple(
                ContributionEntry(objective=self._objectives[c.to_objective_id], how=c.how) for c in self._links[row.id]
            ),
            key_results=tuple(self._key_result(kr) for kr in self._krs[row.id]),
        )

    def _key_result(self, row: tables.KeyResult) -> KeyResultEntry:
        return KeyResultEntry.model_validate(
            {
                **_same(row, "key", "title", "kind", "start", "target", "low", "high", "tolerance", "measured_in"),
                **_same(row, "commitment", "starts", "ends", "due"),
                "weight": Decimal(1) if row.weight is None else row.weight,
                "owners": self._owners[row.id],
                "reporter": self._people.get(row.reporter_id),
                "plan": [PlanPoint(day=date.fromisoformat(d), share=Decimal(str(s))) for d, s in row.plan or ()],
                "milestones": [_milestone(m) for m in row.milestones or ()],
                "updates": [self._update(u, row) for u in self._updates[row.id]],
            }
        )

    def _update(self, row: tables.KeyResultUpdate, kr: tables.KeyResult) -> UpdateEntry:
        return UpdateEntry.model_validate(
            {
                **_same(row, "value", "confidence", "role", "blocked", "note", "evidence"),
                "at": self._moment(row, kr),
                "by": self._people.get(row.person_id),
                "unit": self._units.get(row.unit_id),
            }
        )

    def _moment(self, row: tables.KeyResultUpdate, kr: tables.KeyResult) -> date:
        """A day where the update stands at its first instant and the file may say so, else the time with its offset."""
        local = row.at.astimezone(self._zone)
        day, cycle = local.date(), self._cycle_of[kr.objective_id]
        if cycle.starts <= day <= cycle.ends and resolve(day, time(0), self._zone) == row.at:
            return day
        return datetime.fromisoformat(local.isoformat())  # as the file's reader makes it: an offset, no zone


def person_row(entry: PersonEntry) -> dict[str, Any]:
    """The columns of a person."""
    return entry.model_dump()


def unit_row(entry: UnitEntry, position: int) -> dict[str, Any]:
    """The columns of a unit but its parent, which may not have a row yet."""
    return {
        **_same(entry, "key", "name", "level", "stage", "channel", "leadership_channel", "binding", "private"),
        "cadence": dump_cadence(entry.cadence) if entry.cadence else None,
        "digest": dump_cadence(entry.digest) if entry.digest else None,
        "holidays": dump_holidays(entry.holidays) if entry.holidays else None,
        "closed_on": entry.closed,
        "position": position,
    }


def cycle_row(entry: CycleEntry, position: int) -> dict[str, Any]:
    """The columns of a cycle."""
    return {**entry.model_dump(), "position": position}


def objective_row(entry: ObjectiveEntry, position: int, ids: Ids) -> dict[str, Any]:
    """The columns of an objective."""
    return {
        "key": entry.key,
        "title": entry.title,
        "unit_id": ids["units"][entry.unit],
        "cycle_id": ids["cycles"][entry.cycle],
        "position": position,
    }


def key_result_row(entry: KeyResultEntry, position: int, objective: str, ids: Ids) -> dict[str, Any]:
    """The columns of a key result."""
    return {
        **_same(entry, "key", "title", "kind", "start", "target", "low", "high", "tolerance", "measured_in"),
        **_same(entry, "commitment", "weight", "starts", "ends", "due"),
        "objective_id": ids["objectives"][objective],
        "reporter_id": ids["people"][entry.reporter] if entry.reporter else None,
        "plan": [[p.day.isoformat(), format(p.share, "f")] for p in entry.plan] or None,
        "milestones": [_milestone_document(m) for m in entry.milestones] or None,
        "position": position,
    }


def update_row(entry: UpdateEntry, key_result: str, zone: ZoneInfo, ids: Ids) -> dict[str, Any]:
    """The columns of an update that an import brings."""
    return {
        **_same(entry, "value", "confidence", "role", "blocked", "note", "evidence"),
        "key_result_id": ids["key_results"][key_result],
        "at": instant_of(entry, zone),
        "person_id": ids["people"][entry.by] if entry.by else None,
        "unit_id": ids["units"][entry.unit] if entry.unit else None,
        "source": "import",
    }


def _milestone(raw: Mapping[str, Any]) -> MilestoneEntry:
    read = milestone(raw)
    return MilestoneEntry(title=read.title, weight=read.weight, due=read.due, done=read.done)


def _milestone_document(entry: MilestoneEntry) -> dict[str, Any]:
    return {
        "title": entry.title,
        "weight": format(entry.weight, "f"),
        "due": entry.due.isoformat() if entry.due else None,
        "done": entry.done.isoformat() if isinstance(entry.done, date) else entry.done,
    }


def _same(source: object, *names: str) -> dict[str, Any]:
    return {name: getattr(source, name) for name in names}


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> defaultdict[Any, list[Any]]:
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups
