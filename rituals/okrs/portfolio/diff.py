"""What an import would change: the stored portfolio and the file, entry by entry, worded for a person.

Pure. An import adds and changes, it never deletes: what the file does not name is kept, and history only grows.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from rituals.cadence import EPOCH, Cadence
from rituals.holidays import Holidays
from rituals.okrs.portfolio.schema import (
    ContributionEntry,
    CycleEntry,
    FileEntry,
    KeyResultEntry,
    MilestoneEntry,
    ObjectiveEntry,
    PersonEntry,
    Portfolio,
    UnitEntry,
    UpdateEntry,
    instant_of,
)

E = TypeVar("E", PersonEntry, UnitEntry, CycleEntry, ObjectiveEntry, KeyResultEntry)

_NAMED = {"people": "person ", "units": "unit ", "cycles": "cycle ", "objectives": "", "key_results": ""}


@dataclass(frozen=True)
class Diff:
    """`merged` is the portfolio afterwards; `new` and `changed` are keys by kind (people, units, cycles, objectives,
    key_results); `updates` what is added to the history, by key result. `added`, `altered` and `kept` are the lines.
    """

    merged: Portfolio
    new: Mapping[str, frozenset[str]]
    changed: Mapping[str, frozenset[str]]
    updates: Mapping[str, tuple[UpdateEntry, ...]]
    added: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    kept: tuple[str, ...] = field(default=())

    @property
    def empty(self) -> bool:
        """Whether importing would change nothing."""
        return not self.added and not self.altered

    @property
    def lines(self) -> tuple[str, ...]:
        """`+` added, `~` changed, `=` not in the file and kept; "nothing changes" where that is so."""
        return (*(["nothing changes"] if self.empty else []), *self.added, *self.altered, *self.kept)

    def __str__(self) -> str:
        return "\n".join(self.lines)


def diff(
    before: Portfolio | None, after: Portfolio, *, withdrawn: Mapping[str, Sequence[UpdateEntry]] | None = None
) -> Diff:
    """What importing `after` changes. `withdrawn` are updates that people took back, by key result: they stay so."""
    old = before or Portfolio(timezone=after.timezone)
    updates, unnamed = _history(old, after, withdrawn or {})
    merged = _merged(old, after, updates)
    new, changed = {}, {}
    added: list[str] = []
    altered = _fields_changed("timezone", old, merged, ["timezone"])
    for kind, word in _NAMED.items():
        stored, wanted = _by_key(old, kind), _by_key(merged, kind)
        new[kind] = frozenset(wanted.keys() - stored.keys())
        lines = {key: list(_changes(word + key, stored[key], wanted[key])) for key in stored}
        if kind == "key_results":
            _tell_moves(lines, old, merged)
        changed[kind] = frozenset(key for key, told in lines.items() if told)
        added += [f"+ {word}{key} {_title(entry)}" for key, entry in wanted.items() if key in new[kind]]
        altered += [line for told in lines.values() for line in told]
    added += [f"+ {_counted(len(rows), 'update')} on {key}" for key, rows in updates.items()]
    return Diff(merged, new, changed, updates, tuple(added), tuple(altered), tuple(_kept(old, after, unnamed)))


def _by_key(portfolio: Portfolio, kind: str) -> dict[str, Any]:
    if kind == "key_results":
        return {kr.key: kr for _, kr in portfolio.key_results()}
    return {entry.key: entry for entry in getattr(portfolio, kind)}


def _title(entry: Any) -> str:
    if isinstance(entry, CycleEntry):
        return f"{entry.starts} to {entry.ends}"
    return str(getattr(entry, "title", None) or entry.name)


# What stands afterwards


def _merged(old: Portfolio, after: Portfolio, updates: Mapping[str, tuple[UpdateEntry, ...]]) -> Portfolio:
    home = {kr.key: o.key for portfolio in (old, after) for o, kr in portfolio.key_results()}
    histories = {kr.key: kr.updates for _, kr in old.key_results()}
    krs = _joined([kr for _, kr in old.key_results()], [kr for _, kr in after.key_results()])
    grown = [kr.model_copy(update={"updates": histories.get(kr.key, ()) + updates.get(kr.key, ())}) for kr in krs]
    return Portfolio(
        timezone=after.timezone,
        people=_joined(_found_in_slack(old.people, after.people), ()),
        units=_joined(old.units, _still_closed(old.units, after.units)),
        cycles=_joined(old.cycles, after.cycles),
        objectives=tuple(
            o.model_copy(update={"key_results": tuple(kr for kr in grown if home[kr.key] == o.key)})
            for o in _joined(old.objectives, after.objectives)
        ),
    )


def _joined(old: Iterable[E], new: Iterable[E]) -> tuple[E, ...]:
    """Old entries in their order, replaced by their new version, then the new ones."""
    entries = {entry.key: entry for entry in old}
    entries.update({entry.key: entry for entry in new})
    return tuple(entries.values())


def _still_closed(old: Sequence[UnitEntry], new: Sequence[UnitEntry]) -> Iterator[UnitEntry]:
    """Units as the file has them; what was closed since it was written stays closed."""
    closed = {unit.key: unit.closed for unit in old}
    for unit in new:
        yield unit if unit.closed else unit.model_copy(update={"closed": closed.get(unit.key)})


def _found_in_slack(old: Sequence[PersonEntry], new: Sequence[PersonEntry]) -> Iterator[PersonEntry]:
    """People as the file has them; what it leaves open and Slack told since stays."""
    stored = {person.key: person for person in old}
    yield from old
    for person in new:
        known = stored.get(person.key, person)
        found = {name: getattr(known, name) for name in ("email", "slack", "timezone") if getattr(person, name) is None}
        yield person.model_copy(update=found)


# History


def _history(
    old: Portfolio, after: Portfolio, withdrawn: Mapping[str, Sequence[UpdateEntry]]
) -> tuple[dict[str, tuple[UpdateEntry, ...]], int]:
    """The updates of the file that are missing, by key result, and how many stored ones the file does not name."""
    stored = {kr.key: kr.updates for _, kr in old.key_results()}
    missing, unnamed = {}, 0
    for _, kr in after.key_results():
        have = Counter(_identity(u, old.zone) for u in stored.get(kr.key, ()))
        taken_back = Counter(_identity(u, old.zone) for u in withdrawn.get(kr.key, ()))
        zones = (after.zone, old.zone)
        rows = [u for u in kr.updates if not (_taken(have, u, zones) or _taken(taken_back, u, zones))]
        if rows:
            missing[kr.key] = tuple(rows)
        unnamed += have.total()
    return missing, unnamed


def _taken(have: Counter[tuple[Any, ...]], update: UpdateEntry, zones: tuple[ZoneInfo, ZoneInfo]) -> bool:
    """Whether this update is among those, each of which answers for one. A day may have been read in the old zone."""
    for zone in zones:
        identity = _identity(update, zone)
        if have[identity] > 0:
            have[identity] -= 1
            return True
    return False


def _identity(update: UpdateEntry, zone: ZoneInfo) -> tuple[Any, ...]:
    """All that an update says: two that differ in anything are two."""
    return (instant_of(update, zone), *(v for name, v in update if name != "at"))


# Words


def _changes(name: str, old: FileEntry, new: FileEntry) -> Iterator[str]:
    fields = [f for f in type(old).model_fields if f not in ("key", "updates", "key_results")]
    yield from _fields_changed(name, old, new, fields)


def _fields_changed(name: str, old: FileEntry, new: FileEntry, fields: Iterable[str]) -> list[str]:
    lines = []
    for one in fields:
        was, is_now = getattr(old, one), getattr(new, one)
        if was != is_now:
            what = name if one == name else f"{name} {one}"
            told = (_worded(was), _worded(is_now))
            lines.append(f"~ {what} changed" if told[0] == told[1] else f"~ {what} {told[0]} → {told[1]}")
    return lines


def _tell_moves(lines: dict[str, list[str]], old: Portfolio, merged: Portfolio) -> None:
    was = {kr.key: o.key for o, kr in old.key_results()}
    for objective, kr in merged.key_results():
        if was.get(kr.key, objective.key) != objective.key:
            lines[kr.key].append(f"~ {kr.key} objective {was[kr.key]} → {objective.key}")


def _worded(value: Any) -> str:
    match value:
        case bool():
            words = "yes" if value else "no"
        case None | "" | ():
            words = "–"
        case Decimal():
            words = format(value, "f")
        case Cadence():
            words = _rhythm(value)
        case Holidays():
            words = f"{value.country} {value.region or ''}".strip()
        case tuple():
            words = _listed(value)
        case str() if " " in value:
            words = f'"{value}"'
        case _:
            words = str(value)
    return words


def _rhythm(c: Cadence) -> str:
    unit = c.unit if c.every > 1 else c.unit.removesuffix("s")
    zone = f" {c.timezone}" if c.timezone else ""
    since = f" from {c.starts}" if c.starts != EPOCH else ""
    return f"every {c.every} {unit} on {' and '.join(c.on)} at {c.at:%H:%M}{zone}{since}"


def _listed(values: tuple[Any, ...]) -> str:
    if isinstance(values[0], MilestoneEntry):
        return f"{_counted(len(values), 'milestone')}, {sum(bool(m.done) for m in values)} done"
    if isinstance(values[0], ContributionEntry):
        return ", ".join(f'{c.objective} "{c.how}"' for c in values)
    return ", ".join(values) if isinstance(values[0], str) else _counted(len(values), "point")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" + ("s" if number != 1 else "")


def _kept(old: Portfolio, after: Portfolio, unnamed: int) -> Iterator[str]:
    left = []
    for kind, word in _NAMED.items():
        gone = _by_key(old, kind).keys() - _by_key(after, kind).keys()
        left += [word + key for key in _by_key(old, kind) if key in gone]
    if left:
        yield f"= not in the file, kept: {', '.join(left)}"
    if unnamed:
        yield f"= {_counted(unnamed, 'update')} not in the file, kept"
