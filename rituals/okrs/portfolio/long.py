"""The long CSV table: one row a thing, the fields of the portfolio file as columns. Read into the file's own entries.

Pure. Rows become the tree that the YAML reader makes, so that every check and every word about a mistake is the same.
"""

from collections.abc import Iterator, Mapping, Sequence

from rituals.cadence import nearest
from rituals.okrs.portfolio.csv_values import Table, TableRow
from rituals.okrs.portfolio.days import DateOrder, iso_day
from rituals.okrs.portfolio.file import portfolio_of
from rituals.okrs.portfolio.headers import Columns, Names, plain
from rituals.okrs.portfolio.numbers_read import DecimalMark, plain_number
from rituals.okrs.portfolio.schema import SCHEMA, Portfolio
from rituals.okrs.portfolio.yaml_lines import Entry, FileProblem, Items, PortfolioErrors

LONG: Names = {
    "type": ("record", "record type", "row type"),
    "key": ("id", "identifier"),
    "name": ("full name",),
    "title": (),
    "unit": ("team", "department"),
    "cycle": ("period", "time period", "quarter"),
    "objective": ("objective key",),
    "key_result": ("kr", "key result key"),
    "contributes_to": ("contributes", "supports"),
    "how": (),
    "kind": ("metric type", "direction"),
    "start": ("baseline", "start value", "starting value", "initial value"),
    "target": ("target value", "goal value"),
    "low": ("lower bound", "minimum", "min"),
    "high": ("upper bound", "maximum", "max"),
    "tolerance": (),
    "measured_in": ("measure", "unit of measure", "metric unit", "uom"),
    "owners": ("owner", "owner units", "owning units"),
    "reporter": ("reported by", "responsible"),
    "commitment": (),
    "weight": ("weighting",),
    "starts": ("start date", "begins"),
    "ends": ("end date",),
    "due": ("due date", "deadline"),
    "done": ("done on", "completed"),
    "day": (),
    "share": (),
    "at": ("date", "updated at", "check-in date"),
    "value": ("current value", "current", "actual"),
    "confidence": (),
    "by": ("author", "updated by"),
    "role": (),
    "blocked": (),
    "note": ("notes", "comment", "comments"),
    "evidence": ("link", "url"),
    "level": (),
    "parent": ("parent unit",),
    "leads": ("lead",),
    "stage": ("lifecycle",),
    "channel": (),
    "leadership_channel": (),
    "cadence": (),
    "digest": (),
    "holidays": (),
    "binding": (),
    "private": (),
    "closed": (),
    "email": ("e-mail", "email address", "mail"),
    "slack": ("slack id", "member id"),
    "timezone": ("time zone", "zone"),
}
"""The columns in the order in which they are written, with the names that are read as the same."""

_LISTS = {"person": "people", "unit": "units", "cycle": "cycles", "objective": "objectives"}
_CHILDREN = {
    "key_result": ("objective", "key_results"),
    "contribution": ("objective", "contributes_to"),
    "plan": ("key_result", "plan"),
    "milestone": ("key_result", "milestones"),
    "update": ("key_result", "updates"),
}
"""Where a row hangs: the column that names what it belongs to, and the list there."""

TYPES = ("portfolio", *_LISTS, *_CHILDREN)
_ALSO = {"people": "person", "team": "unit", "goal": "objective", "kr": "key_result", "check_in": "update"}
_DAYS = frozenset({"starts", "ends", "due", "done", "day", "at"})
_AMOUNTS = frozenset({"start", "target", "low", "high", "tolerance", "weight", "share", "value"})
_KEYS = frozenset({"leads", "owners"})
_PAIRED = {
    "cadence": "every: 2 weeks; on: monday; at: 09:00; starts: 2026-10-05",
    "digest": "every: 1 week; on: friday; at: 15:00",
    "holidays": "country: DE; region: BE",
}
"""Columns whose cells hold pairs, each with an example."""
_NAMES = frozenset({"name", "title", "email", "slack", "channel", "leadership_channel"})
_TEXTS = frozenset({"how", "measured_in", "note", "evidence"})  # spaces alone are a text, too


def type_of(cell: str) -> str | None:
    """What a row is about, by its first column; None for a word that is no such thing."""
    word = plain(cell)
    word = _ALSO.get(word, word)
    return word if word in TYPES else None


def read_long(
    table: Table,
    columns: Columns,
    *,
    timezone: str = "UTC",
    dates: DateOrder | None = None,
    decimal: DecimalMark | None = None,
) -> Portfolio:
    """The portfolio in a long table; `timezone` is for one that has no row `portfolio`.

    Raises PortfolioErrors with every problem and its row.
    """
    return _Rows(columns, dates, decimal).read(table, timezone)


class _Rows:
    """Sorts rows into the tree. What cannot be placed is a problem and left out."""

    def __init__(self, columns: Columns, dates: DateOrder | None, decimal: DecimalMark | None) -> None:
        self._columns, self._dates, self._decimal = columns, dates, decimal
        self.problems: list[FileProblem] = []
        self._refused: set[tuple[int, str]] = set()

    def read(self, table: Table, timezone: str) -> Portfolio:
        kinds = [(self._type(row), row) for row in table.rows]
        entries = [(kind, self._entry(row, kind)) for kind, row in kinds if kind is not None]
        root = self._root([entry for kind, entry in entries if kind == "portfolio"], timezone)
        for name in _LISTS.values():
            root[name] = Items(1)
        for kind, entry in entries:
            if kind in _LISTS:
                _append(root[_LISTS[kind]], entry)
        known = {
            "objective": _by_key(root["objectives"]),
            "key_result": _by_key([entry for kind, entry in entries if kind == "key_result"]),
        }
        for kind, entry in entries:
            if kind in _CHILDREN:
                self._attach(kind, entry, known)
        try:
            return portfolio_of(root, self.problems)
        except PortfolioErrors as errors:
            raise PortfolioErrors(problem for problem in errors.problems if not self._follows(problem)) from None

    def _follows(self, problem: FileProblem) -> bool:
        """Whether it only says that a field is missing whose cell was refused already."""
        return any(problem.line == row and problem.text.endswith(f'"{name}" is missing') for row, name in self._refused)

    def _type(self, row: TableRow) -> str | None:
        place = self._columns.place("type")
        written = row.cells[place].strip() if place is not None else ""
        kind = type_of(written)
        if kind is None:
            tail = nearest(written, TYPES) or f"; write one of {', '.join(TYPES)}"
            self._say(row.number, "type", f'I read "{written}"{tail}' if written else f"it is empty{tail}")
        return kind

    def _root(self, rows: Sequence[Entry], timezone: str) -> Entry:
        root = rows[0] if rows else Entry(1)
        for other in rows[1:]:
            self._say(other.line, "portfolio", f"there is a row for it already, row {root.line}; keep one")
        if "key" in root:
            root["schema"], root.lines["schema"] = root.pop("key"), root.lines.pop("key")
        root.setdefault("schema", SCHEMA)
        root.setdefault("timezone", timezone)
        return root

    def _entry(self, row: TableRow, kind: str) -> Entry:
        """The cells of a row that are filled, each as the portfolio file would have it."""
        entry = Entry(row.number)
        for place, field in self._columns.fields.items():
            cell = row.cells[place]
            if not cell or field == "type" or not (field in _TEXTS or cell.strip()):
                continue
            try:
                entry[field] = self._value(field, cell, row.number)
                entry.lines[field] = row.number
            except ValueError as error:
                self._refused.add((row.number, field))
                self._say(row.number, f"{_label(kind, entry)} {field}", str(error))
        if kind == "objective" and "contributes_to" in entry:
            entry["contributes_to"] = _links(entry["contributes_to"], row.number)
        return entry

    def _value(self, field: str, cell: str, row: int) -> object:
        if field in _TEXTS or field in _NAMES:
            return cell
        typed = cell.strip()
        if field in _DAYS:
            return iso_day(typed, self._dates)
        if field in _AMOUNTS:
            return plain_number(typed, self._decimal)
        if field in _KEYS:
            return _keys(typed, row)
        return _pairs_of(typed, row, _PAIRED[field]) if field in _PAIRED else typed

    def _attach(self, kind: str, entry: Entry, known: Mapping[str, Mapping[str, Entry]]) -> None:
        column, name = _CHILDREN[kind]
        label = _label(kind, entry)
        key = entry.pop(column, None)
        entry.lines.pop(column, None)
        if key is None:
            self._say(entry.line, label, f'"{column}" is missing; name the {column.replace("_", " ")} it belongs to')
            return
        parent = known[column].get(key)
        if parent is None:
            words = f'there is no {column.replace("_", " ")} "{key}"{nearest(key, known[column])}'
            self._say(entry.line, f"{label} {column}", words)
            return
        if kind == "contribution":
            if "contributes_to" not in entry:
                self._say(entry.line, label, '"contributes_to" is missing; name the objective above')
                return
            entry["objective"], entry.lines["objective"] = entry.pop("contributes_to"), entry.line
        parent.setdefault(name, Items(parent.line))
        parent.lines.setdefault(name, entry.line)
        _append(parent[name], entry)

    def _say(self, row: int, where: str, text: str) -> None:
        self.problems.append(FileProblem(row, f"{where}: {text}"))


def _label(kind: str, entry: Entry) -> str:
    """How a message calls a row: by its key, or by what it belongs to."""
    if "key" in entry:
        return str(entry["key"])
    of = entry.get(_CHILDREN[kind][0]) if kind in _CHILDREN else None
    return f"{kind.replace('_', ' ')} of {of}" if of else kind.replace("_", " ")


def _append(items: Items, entry: Entry) -> None:
    items.append(entry)
    items.lines.append(entry.line)


def _by_key(entries: Sequence[Entry]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for entry in entries:
        if "key" in entry:
            found.setdefault(entry["key"], entry)
    return found


def _items(parts: Sequence[str], row: int) -> Items:
    items = Items(row)
    items += [part.strip() for part in parts if part.strip()]
    items.lines = [row] * len(items)
    return items


def _keys(cell: str, row: int) -> Items:
    return _items(cell.replace(";", ",").replace("\n", ",").split(","), row)


def _links(cell: str, row: int) -> Items:
    """What an objective's own row says it contributes to: keys, without the sentence that says how."""
    links = Items(row)
    for key in _keys(cell, row):
        link = Entry(row)
        link["objective"], link.lines["objective"] = key, row
        _append(links, link)
    return links


def _pairs_of(cell: str, row: int, example: str) -> Entry:
    entry = Entry(row)
    for name, value in _pairs(cell, example):
        days = value.split(",")
        entry[name] = _items(days, row) if name == "on" and len(days) > 1 else value
        entry.lines[name] = row
    return entry


def _pairs(cell: str, example: str) -> Iterator[tuple[str, str]]:
    for part in filter(str.strip, cell.split(";")):
        name, colon, value = part.partition(":")
        if not colon:
            raise ValueError(f'I read "{part.strip()}"; write it like {example}')
        yield name.strip(), value.strip()
