"""One key result of another tool's file as values of the portfolio: who owns it, how it is measured, what was reported.

Pure. Only what the file says is returned, so that the rest stays as it is stored.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from rituals.okrs.portfolio.headers import plain
from rituals.okrs.portfolio.schema import CycleEntry, UpdateEntry
from rituals.okrs.portfolio.tools import KINDS, Shape
from rituals.okrs.portfolio.wide import Item
from rituals.okrs.portfolio.wide_cells import Cells
from rituals.okrs.portfolio.wide_names import Directory

Values = dict[str, Any]
History = Mapping[str, Sequence[UpdateEntry]]
"""All updates that are stored or were taken back, by key result."""

_BOUNDS = ("target", "start", "low", "high", "tolerance")
_IN_PERCENT = {"start": Decimal(0), "target": Decimal(100), "measured_in": "%"}
_LINE = frozenset({"increase", "decrease"})
_KINDS = "increase, decrease, keep_above, keep_below, binary, number or percent"


def owners_of(item: Item, cells: Cells, directory: Directory, *, stored: Values, unit: str) -> Values:
    """The owning units and the reporter: those named, else those that are stored, else the objective's unit."""
    named: list[str] = []
    said: Values = {}
    with cells.telling(item, "unit"):
        if cells.text(item, "unit"):
            named += directory.units(item.cells["unit"])
    with cells.telling(item, "owner"):
        owners = directory.owners(item.cells.get("owner", ""), cells.text(item, "owner_name"))
        named += owners.units
        said = {"reporter": owners.reporter} if owners.reporter else {}
        if owners.more:
            cells.found.left_out.append(f"row {item.row}: it names more than one person; the first reports")
    return said | {"owners": list(dict.fromkeys(named)) or stored.get("owners", [unit])}


def measure_of(item: Item, cells: Cells, stored: Values) -> Values:
    """Kind, unit of measure, bounds and weight. The direction is that from start to target, unless it is stated."""
    stated, measure = _kind(item, cells)
    said: Values = {}
    unit = cells.text(item, "measured_in") or measure or stored.get("measured_in", "")
    for name in _BOUNDS:
        read = cells.amount(item, name, unit)
        if read is not None:
            said[name], unit = read.value, unit or read.unit
    if _only_progress(item) and not stored and not said:
        said, unit = dict(_IN_PERCENT), "%"
    weight = cells.amount(item, "weight")
    said |= {"weight": weight.value} if weight else {}
    said |= {"measured_in": unit} if unit else {}
    if commitment := plain(cells.text(item, "commitment")):
        said["commitment"] = commitment
    kind = stated or _direction(stored | said)
    if kind == "binary":
        said = {name: value for name, value in said.items() if name in ("weight", "commitment")}
    return said | {"kind": kind}


def span_of(item: Item, cells: Cells, cycle: CycleEntry) -> Values:
    """Its own days, where they are not the cycle's."""
    days = {"starts": cells.day(item, "starts"), "ends": cells.day(item, "ends")}
    usual = {"starts": cycle.starts, "ends": cycle.ends}
    return {name: None if day == usual[name] else day for name, day in days.items() if day is not None}


def update_of(
    item: Item,
    cells: Cells,
    shape: Shape,
    kr: Values,
    history: History,
    *,
    cycle: CycleEntry,
    zone: ZoneInfo,
    now: datetime,
) -> Values | None:
    """What was reported, as of its day; without one as of now, unless the history has it already."""
    value = _value(item, cells, shape, kr)
    note, confidence = cells.text(item, "note"), cells.confidence(item)
    if value is None and confidence is None and not note:
        return None
    at = cells.moment(item, "at", cycle, zone)
    told = history.get(kr["key"], ()) if at is None else ()
    known = next((u for u in told if (u.value, u.note, u.confidence) == (value, note, confidence)), None)
    if known is not None:
        return dict(known) | {"row": item.row}
    said = {"at": at or now.astimezone(UTC).replace(microsecond=0), "value": value, "confidence": confidence}
    return said | {"note": note, "evidence": cells.text(item, "evidence"), "row": item.row}


def _kind(item: Item, cells: Cells) -> tuple[str | None, str | None]:
    """The kind and the unit of measure that the word for its metric states."""
    written = cells.text(item, "kind")
    found = KINDS.get(plain(written)) if written else (None, None)
    if found is None:
        cells.say(item, "kind", f'I read "{written}"; write {_KINDS}')
    return found or (None, None)


def _direction(values: Values) -> str:
    kind = str(values.get("kind", "increase"))
    if kind in _LINE and {"start", "target"} <= values.keys():
        return "decrease" if values["target"] < values["start"] else "increase"
    return kind


def _only_progress(item: Item) -> bool:
    """Whether all that is said of how far it is is a progress, in this row or in the whole file."""
    said = item.cells if "progress" in item.cells else item.names
    return "progress" in said and not {"target", "value"} & said.keys()


def _value(item: Item, cells: Cells, shape: Shape, kr: Values) -> Decimal | None:
    binary = kr["kind"] == "binary"
    if "value" in item.cells:
        read = cells.amount(item, "value", "" if binary else kr.get("measured_in", ""), kr["kind"])
        return None if read is None else _done(read.value, 1) if binary else read.value
    percent = cells.share(item, "progress", shape.progress) if _only_progress(item) else None
    if percent is None or binary:
        return None if percent is None else _done(percent, 100)
    if all(kr.get(name) == value for name, value in _IN_PERCENT.items()):
        return percent
    cells.found.left_out.append(f"row {item.row}: the progress of {kr['key']}, which has a measure of its own")
    return None


def _done(value: Decimal, whole: int) -> Decimal:
    return Decimal(int(value >= whole))
