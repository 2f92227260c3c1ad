"""What a portfolio's entries must be to each other: unique, referring to what exists, inside their cycles, computable.

Pure. It reports faults of entries, not of lines: the reader of the file knows where each entry stands.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rituals.cadence import nearest
from rituals.okrs.model import KeyResult, Milestone, Update
from rituals.okrs.portfolio.schema import (
    CycleEntry,
    FileEntry,
    KeyResultEntry,
    ObjectiveEntry,
    Portfolio,
    UnitEntry,
    UpdateEntry,
    instant_of,
)
from rituals.okrs.progress import validate

Kinds = Mapping[str, Set[str]]
"""Keys by kind: people, units, cycles, objectives."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with an entry, in its field (None: as a whole). `within` is the key of what a part belongs to."""

    entry: FileEntry
    field: str | None
    text: str
    within: str = ""

    @property
    def where(self) -> str:
        """The key and field to look at."""
        return f"{self.entry.label or self.within} {self.field or ''}".strip()


def check(portfolio: Portfolio, also: Kinds | None = None) -> list[Fault]:
    """Every fault. `also` holds keys that exist although their entries could not be read."""
    known = {kind: {e.key for e in getattr(portfolio, kind)} | (also or {}).get(kind, set()) for kind in _KINDS}
    faults = [*_doubles(portfolio), *_people_twice(portfolio)]
    faults += _units(portfolio, known)
    faults += [Fault(c, "ends", f"it ends on {c.ends} before it starts on {c.starts}") for c in _backward(portfolio)]
    faults += _objectives(portfolio, known)
    cycles = {c.key: c for c in portfolio.cycles if c.starts <= c.ends}
    for objective, kr in portfolio.key_results():
        faults += _key_result(objective, kr, known)
        cycle = cycles.get(objective.cycle)
        if cycle is not None:
            dates = list(_outside(kr, cycle))
            faults += dates
            faults += _uncomputable(objective, kr, cycle, portfolio.zone) if not dates else []
    return faults


def key_result_of(entry: KeyResultEntry, objective: str, cycle: CycleEntry, zone: ZoneInfo) -> KeyResult:
    """The entry as the value that the rules work on."""
    updates = sorted((update_of(u, zone) for u in entry.updates), key=lambda u: u.at)
    return KeyResult(
        key=entry.key,
        title=entry.title,
        kind=entry.kind,
        starts=entry.starts or cycle.starts,
        ends=entry.ends or cycle.ends,
        objective=objective,
        owners=entry.owners,
        start=entry.start,
        target=entry.target,
        low=entry.low,
        high=entry.high,
        tolerance=entry.tolerance,
        measured_in=entry.measured_in,
        reporter=entry.reporter,
        commitment=entry.commitment,
        weight=entry.weight,
        plan=tuple((p.day, p.share) for p in entry.plan),
        due=entry.due,
        milestones=tuple(Milestone(m.title, m.weight, m.due, m.done) for m in entry.milestones),
        updates=tuple(updates),
    )


def update_of(entry: UpdateEntry, zone: ZoneInfo) -> Update:
    """The entry as the value that the rules work on."""
    return Update(
        at=instant_of(entry, zone),
        value=entry.value,
        confidence=entry.confidence,
        by=entry.by,
        note=entry.note,
        evidence=entry.evidence,
        unit=entry.unit,
        role=entry.role,
        blocked=entry.blocked,
    )


_KINDS = {"people": "person", "units": "unit", "cycles": "cycle", "objectives": "objective"}


def _doubles(portfolio: Portfolio) -> Iterator[Fault]:
    krs = [kr for _, kr in portfolio.key_results()]
    for entries in (portfolio.people, portfolio.units, portfolio.cycles, portfolio.objectives, krs):
        seen: set[str] = set()
        for entry in entries:
            if entry.key in seen:
                yield Fault(entry, "key", f'"{entry.key}" is used twice; every key is given once')
            seen.add(entry.key)


def _people_twice(portfolio: Portfolio) -> Iterator[Fault]:
    for field in ("slack", "email"):
        first: dict[str, str] = {}
        for person in portfolio.people:
            value = getattr(person, field)
            if value is not None and first.setdefault(value, person.key) != person.key:
                yield Fault(person, field, f'"{value}" is {first[value]}\'s already')


def _units(portfolio: Portfolio, known: Kinds) -> Iterator[Fault]:
    parents = {u.key: u.parent for u in portfolio.units}
    for unit in portfolio.units:
        yield from _refers(unit, "parent", [unit.parent], "units", known)
        yield from _refers(unit, "leads", unit.leads, "people", known)
        if _circles(unit.key, lambda key: [parents.get(key)]):
            yield Fault(unit, "parent", "it stands above itself; a unit's parents end at the top")
    yield from _cadences(portfolio.units)
    yield from _under_closed(portfolio.units)


def _under_closed(units: Iterable[UnitEntry]) -> Iterator[Fault]:
    """What is part of a closed unit is closed too."""
    by_key = {u.key: u for u in units}
    for unit in by_key.values():
        above = by_key.get(unit.parent or "")
        if above is not None and above.closed and not unit.closed:
            yield Fault(unit, "parent", f"{above.key} is closed; choose one that is not")


def second_company(before: Portfolio, merged: Portfolio) -> list[Fault]:
    """Where there is one company, no second one stands beside it; a portfolio that begins with two keeps them."""
    tops = [[u for u in one.units if u.level == "company" and u.parent is None] for one in (before, merged)]
    if len(tops[0]) != 1:
        return []
    first = tops[0][0].key
    return [Fault(u, "parent", f"{first} is the company; choose what it is part of") for u in tops[1] if u.key != first]


def _cadences(units: Iterable[UnitEntry]) -> Iterator[Fault]:
    """A binding cadence is that of every unit below it: none of them has one of its own."""
    by_key = {u.key: u for u in units}
    for unit in by_key.values():
        if unit.binding and unit.cadence is None:
            yield Fault(
                unit, "binding", "it has no cadence to bind the units below it to; give it one or leave this out"
            )
        binds = next((key for key in _over(unit, by_key) if by_key[key].binding and by_key[key].cadence), None)
        if unit.cadence is not None and binds is not None:
            text = f'the cadence of "{binds}" is binding for every unit below it; take this one out, or "binding" there'
            yield Fault(unit, "cadence", text)


def _over(unit: UnitEntry, by_key: Mapping[str, UnitEntry]) -> Iterator[str]:
    """The units above one, nearest first; each once, should they go round in a circle."""
    seen = {unit.key}
    key = unit.parent
    while key is not None and key in by_key and key not in seen:
        seen.add(key)
        yield key
        key = by_key[key].parent


def _backward(portfolio: Portfolio) -> Iterable[CycleEntry]:
    return (c for c in portfolio.cycles if c.ends < c.starts)


def _objectives(portfolio: Portfolio, known: Kinds) -> Iterator[Fault]:
    above = {o.key: [c.objective for c in o.contributes_to] for o in portfolio.objectives}
    for objective in portfolio.objectives:
        yield from _refers(objective, "unit", [objective.unit], "units", known)
        yield from _refers(objective, "cycle", [objective.cycle], "cycles", known)
        yield from _refers(objective, "contributes_to", above[objective.key], "objectives", known)
        if _circles(objective.key, lambda key: above.get(key, [])):
            yield Fault(objective, "contributes_to", "it contributes to itself; links go up and never come back")


def _key_result(objective: ObjectiveEntry, kr: KeyResultEntry, known: Kinds) -> Iterator[Fault]:
    if not kr.owners:
        yield Fault(kr, "owners", f"name at least one unit, like [{objective.unit}]")
    yield from _refers(kr, "owners", kr.owners, "units", known)
    yield from _refers(kr, "reporter", [kr.reporter], "people", known)
    for update in kr.updates:
        yield from _refers(update, "by", [update.by], "people", known)
        yield from _refers(update, "unit", [update.unit], "units", known)
        if update.value is None and update.confidence is None and not (update.note or update.blocked):
            yield Fault(update, None, "it says nothing; give a value, a confidence or a note")


def _refers(entry: FileEntry, field: str, keys: Iterable[str | None], kind: str, known: Kinds) -> Iterator[Fault]:
    seen: set[str] = set()
    for key in keys:
        if key is None:
            continue
        if key not in known[kind]:
            yield Fault(entry, field, f'there is no {_KINDS[kind]} "{key}"{nearest(key, known[kind])}')
        elif key in seen:
            yield Fault(entry, field, f'"{key}" is named twice')
        seen.add(key)


def _circles(start: str, above: Callable[[str], Iterable[str | None]]) -> bool:
    """Whether going up from `start` leads back to it."""
    seen: set[str] = set()
    waiting = [key for key in above(start) if key is not None]
    while waiting:
        key = waiting.pop()
        if key == start:
            return True
        if key not in seen:
            seen.add(key)
            waiting += [k for k in above(key) if k is not None]
    return False


def _outside(kr: KeyResultEntry, cycle: CycleEntry) -> Iterator[Fault]:
    """Days that are not the cycle's. An update may be: then it is given with its time and zone."""
    span = f"{cycle.key} ({cycle.starts} to {cycle.ends})"
    days: list[tuple[FileEntry, str, date | bool | None]] = [
        (kr, "starts", kr.starts),
        (kr, "ends", kr.ends),
        (kr, "due", kr.due),
        *((p, "day", p.day) for p in kr.plan),
        *((m, "due", m.due) for m in kr.milestones),
        *((m, "done", m.done) for m in kr.milestones),
    ]
    for entry, field, day in days:
        if isinstance(day, date) and not cycle.starts <= day <= cycle.ends:
            yield Fault(entry, field, f"{day} is outside {span}", within=kr.key)
    for update in kr.updates:
        if not isinstance(update.at, datetime) and not cycle.starts <= update.at <= cycle.ends:
            yield Fault(update, "at", f"{update.at} is outside {span}; one given outside needs its time and zone")


def _uncomputable(objective: ObjectiveEntry, kr: KeyResultEntry, cycle: CycleEntry, zone: ZoneInfo) -> Iterator[Fault]:
    value = replace(key_result_of(kr, objective.key, cycle, zone), updates=())
    problems = validate(value)
    for problem in problems:
        yield Fault(kr, None, problem)
    if problems:
        return
    for update in kr.updates:
        for problem in validate(replace(value, updates=(update_of(update, zone),))):
            yield Fault(update, None, problem)
