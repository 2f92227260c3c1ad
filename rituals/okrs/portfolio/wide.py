"""The rows of another tool's file as objectives and key results that hang together. Structure only: cells stay texts.

Pure. Which objective a key result belongs to is read from its own row, from the row above, or from row numbers,
depending on which columns there are. What units, people and amounts the cells mean is not known here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rituals.okrs.portfolio.csv_values import Table, TableRow
from rituals.okrs.portfolio.headers import Columns, columns_of, plain
from rituals.okrs.portfolio.tools import TYPES, WIDE, RowType, Shape
from rituals.okrs.portfolio.yaml_lines import FileProblem, PortfolioErrors

_NUMBERED = re.compile(r"key_result_(\d+)_(\w+)")
_HARMLESS = frozenset({"edit", "create", "add", "update"})
_MANY = re.compile(r"[,;\n]")
NO_OBJECTIVES = (
    "the file has no columns for objectives and key results; say which they are: "
    "--map COLUMN=objective --map COLUMN=key_result, or write the long table (docs/csv.md)"
)
UNCLEAR_UNIT = '"{0}" can be the unit that owns it or the unit of measure; add --map {0}=unit or --map {0}=measured_in'


@dataclass(eq=False)
class Item:
    """An objective or key result of the file: its row, its filled cells by field, and what it hangs on.

    `above` are the objectives that an objective contributes to; `names` says how each field's column is called.
    """

    row: int
    cells: dict[str, str]
    names: Mapping[str, str]
    objective: "Item | None" = None
    above: "list[Item]" = field(default_factory=list)

    @property
    def title(self) -> str:
        """Its title, spaces put in order."""
        return " ".join(self.cells.get("title", "").split())

    def column(self, name: str) -> str:
        """How the file calls the column of a field."""
        return f'"{self.names.get(name, name)}"'


@dataclass
class Found:
    """What the rows are, in their order. `left_out` says in words which rows were not read and why."""

    objectives: list[Item] = field(default_factory=list)
    key_results: list[Item] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)

    def say(self, row: int, text: str) -> None:
        """Note a problem of a row."""
        self.problems.append(FileProblem(row, text))


def wide_columns(header: Sequence[str], shape: Shape, mapped: Mapping[str, str]) -> Columns:
    """The fields of a wide file's columns. Raises PortfolioErrors where one is not clear."""
    stated = {plain(column) for column in mapped}
    unclear = [name for name in header if plain(name) in ("unit", "units") and plain(name) not in stated]
    if unclear:
        raise PortfolioErrors([FileProblem(1, UNCLEAR_UNIT.format(unclear[0]))])
    return columns_of(header, shape.all_names(), mapped)


def found_in(table: Table, columns: Columns, shape: Shape) -> Found:
    """The objectives and key results of a table. Raises PortfolioErrors where its columns name none."""
    fields = set(columns.fields.values())
    if {"objective", "key_result"} <= fields:
        found = _flat(table, columns)
    elif "objective" in fields and _numbered(table.header):
        found = _of_numbers(table, columns, _numbered(table.header))
    elif {"title", "row", "parent"} <= fields:
        found = _tree(table, columns, shape)
    elif {"title", "type"} <= fields:
        found = _in_turn(table, columns, shape)
    else:
        raise PortfolioErrors([FileProblem(1, NO_OBJECTIVES)])
    for item in (*found.objectives, *found.key_results):
        action = item.cells.get("action", "").strip()
        if action and action.casefold() not in _HARMLESS:
            found.say(
                item.row, f'{item.column("action")}: I read "{action}", and an import deletes nothing; take it out'
            )
    return found


def numbered_columns(header: Sequence[str]) -> set[str]:
    """The columns like `key_result_1_title` that hold several key results of one row."""
    return {header[place] for places in _numbered(header).values() for place in places.values()}


def _item(row: TableRow, columns: Columns, names: Mapping[str, str], **cells: str) -> Item:
    filled = {name: row.cells[place] for place, name in columns.fields.items() if row.cells[place].strip()}
    return Item(row.number, {**filled, **cells}, names)


def _names(table: Table, columns: Columns) -> dict[str, str]:
    return {name: table.header[place] for place, name in columns.fields.items()}


def _flat(table: Table, columns: Columns) -> Found:
    """A key result a row, with its objective's title; an empty one is that of the row above."""
    found, names = Found(), _names(table, columns)
    by_title: dict[tuple[str, ...], Item] = {}
    last: Item | None = None
    for row in table.rows:
        item = _item(row, columns, names)
        title = item.cells.get("objective", "")
        if title:
            of = {"title": title, **_only(item.cells, "unit", "cycle", "objective_key", "parent_key")}
            where = tuple(" ".join(of.get(name, "").split()).casefold() for name in ("title", "unit", "cycle"))
            last = by_title.setdefault(where, Item(row.number, of, {**names, "title": names["objective"]}))
        if "key_result" in item.cells:
            if last is None:
                found.say(row.number, f"{item.column('objective')} is empty, and no row above names one")
                continue
            cells = _without(item.cells, "objective", "objective_key", "parent_key")
            found.key_results.append(Item(row.number, {**cells, "title": cells["key_result"]}, names, objective=last))
    found.objectives = list(by_title.values())
    return found


def _of_numbers(table: Table, columns: Columns, numbered: Mapping[int, Mapping[str, int]]) -> Found:
    """An objective a row, with its key results in columns like `key_result_1_title`."""
    found, names = Found(), _names(table, columns)
    for row in table.rows:
        item = _item(row, columns, names)
        if "objective" not in item.cells:
            found.say(row.number, f"{item.column('objective')} is empty")
            continue
        cells = _without(item.cells, "objective", "progress")
        objective = Item(
            row.number, {**cells, "title": item.cells["objective"]}, {**names, "title": names["objective"]}
        )
        found.objectives.append(objective)
        krs = list(
            _key_results(row, table.header, numbered, _only(cells, "owner", "owner_name", "starts", "ends"), names)
        )
        for kr in krs:
            kr.objective = objective
        found.key_results += krs
        if not krs and "progress" in item.cells:
            found.left_out.append(f"row {row.number}: the progress of an objective without key results")
    return found


def _key_results(
    row: TableRow,
    header: Sequence[str],
    numbered: Mapping[int, Mapping[str, int]],
    common: Mapping[str, str],
    names: Mapping[str, str],
) -> Iterator[Item]:
    for places in numbered.values():
        own = {name: row.cells[place] for name, place in places.items() if row.cells[place].strip()}
        if own:
            called = {name: header[place] for name, place in places.items()}
            yield Item(row.number, {**common, **own}, {**names, **called})


def _numbered(header: Sequence[str]) -> dict[int, dict[str, int]]:
    """The columns `key_result_1_title` … by number and field."""
    words = {plain(word): name for name, others in WIDE.items() for word in (name, *others)}
    places: dict[int, dict[str, int]] = {}
    for place, name in enumerate(header):
        matched = _NUMBERED.fullmatch(plain(name))
        if matched and matched[2] in words:
            places.setdefault(int(matched[1]), {})[words[matched[2]]] = place
    return places


def _in_turn(table: Table, columns: Columns, shape: Shape) -> Found:
    """A row is an objective or a key result of the objective above it."""
    found, names = Found(), _names(table, columns)
    last: Item | None = None
    for row in table.rows:
        item = _item(row, columns, names)
        kind = _type(item, shape, found)
        if kind == "objective":
            found.objectives.append(item)
            last = item
        elif kind == "key_result" and last is not None:
            item.objective = last
            found.key_results.append(item)
        elif kind == "key_result":
            found.say(row.number, "it is a key result, and no row above is an objective")
    return found


def _tree(table: Table, columns: Columns, shape: Shape) -> Found:
    """Rows that name the row they hang on. Without a type, one that hangs on another and bears none is a key result."""
    found, names = Found(), _names(table, columns)
    items = [_item(row, columns, names) for row in table.rows]
    by_row: dict[str, Item] = {}
    for item in items:
        number = item.cells.get("row", "").strip()
        if number and by_row.setdefault(number, item) is not item:
            found.say(item.row, f"{item.column('row')} {number} stands in row {by_row[number].row} already")
    parents = {id(item): list(_parents(item, by_row, found)) for item in items}
    bearing = {id(parent) for above in parents.values() for parent in above}
    for item in items:
        item.above = parents[id(item)]
        hangs = bool(item.above) or "parent_key" in item.cells
        kind = _type(item, shape, found) if "type" in item.cells else "key_result" if hangs else "objective"
        if kind == "objective" or (kind == "key_result" and "type" not in item.cells and id(item) in bearing):
            found.objectives.append(item)
        elif kind == "key_result":
            found.key_results.append(item)
    objectives, krs = ({id(item) for item in kept} for kept in (found.objectives, found.key_results))
    for kr in found.key_results:
        _hang(kr, objectives, found)
    for objective in found.objectives:
        objective.above = list(_objectives_above(objective, krs, found))
    return found


def _hang(kr: Item, objectives: set[int], found: Found) -> None:
    """A key result belongs to one objective, of this file or one that is stored (`parent_key`)."""
    if len(kr.above) > 1:
        rows = " and ".join(str(parent.row) for parent in kr.above)
        found.say(kr.row, f"it hangs on rows {rows}; a key result belongs to one objective: keep one parent")
    elif kr.above and id(kr.above[0]) not in objectives:
        found.say(kr.row, f"it hangs on row {kr.above[0].row}, which is no objective")
    elif not kr.above and "parent_key" not in kr.cells:
        found.say(kr.row, f"it is a key result, and {kr.column('parent')} names no objective")
    kr.objective = kr.above[0] if kr.above else None


def _objectives_above(objective: Item, key_results: set[int], found: Found) -> Iterator[Item]:
    """What it contributes to; for a key result above, that key result's objective."""
    for parent in objective.above:
        if id(parent) not in key_results:
            yield parent
        elif parent.objective is not None:
            found.left_out.append(
                f"row {objective.row}: it hangs on a key result; it contributes to the objective of it"
            )
            yield parent.objective


def _parents(item: Item, by_row: Mapping[str, Item], found: Found) -> Iterator[Item]:
    for number in filter(None, map(str.strip, _MANY.split(item.cells.get("parent", "")))):
        if number not in by_row:
            found.say(item.row, f"{item.column('parent')}: there is no row {number}")
        elif by_row[number] is item:
            found.say(item.row, f"{item.column('parent')}: it hangs on itself")
        else:
            yield by_row[number]


def _type(item: Item, shape: Shape, found: Found) -> RowType | None:
    """What a row says it is; what is neither is left out, and told."""
    word = plain(item.cells.get("type", ""))
    kind = {**TYPES, **shape.types}.get(word)
    if kind is None:
        words = f'{item.column("type")}: I read "{item.cells.get("type", "")}"; write objective or key result'
        found.say(item.row, words)
    elif kind == "other":
        found.left_out.append(f"row {item.row}: {word.replace('_', ' ')}s are not kept")
    return kind


def _only(cells: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: cells[name] for name in names if name in cells}


def _without(cells: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: cell for name, cell in cells.items() if name not in names}
