"""What another tool's file describes as a portfolio: the stored organisation, with the file's objectives laid over it.

Pure. What the file does not say stays as it is stored. Objectives and key results are known again by their keys, or by
their titles where they belong, so that importing a file twice changes nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rituals.okrs.portfolio.file import portfolio_of
from rituals.okrs.portfolio.schema import CycleEntry, Portfolio
from rituals.okrs.portfolio.tools import Shape
from rituals.okrs.portfolio.wide import Found, Item
from rituals.okrs.portfolio.wide_cells import Cells
from rituals.okrs.portfolio.wide_names import Directory
from rituals.okrs.portfolio.wide_results import History, Values, measure_of, owners_of, span_of, update_of
from rituals.okrs.portfolio.write import plain_values
from rituals.okrs.portfolio.yaml_lines import Entry, Items, PortfolioErrors


@dataclass
class _Placed:
    """An objective with its entry and its cycle."""

    entry: Values
    cycle: CycleEntry


class Builder:
    """Builds the portfolio, row by row; problems and what is not kept go to `found`."""

    def __init__(
        self, stored: Portfolio, history: History, directory: Directory, found: Found, cells: Cells, shape: Shape
    ) -> None:
        self._stored, self._history, self._directory = stored, history, directory
        self._found, self._cells, self._shape = found, cells, shape
        self._values = plain_values(stored)
        self._objectives: dict[str, Values] = {o["key"]: o for o in self._values.get("objectives", ())}
        self._krs: dict[str, Values] = {kr["key"]: kr for o in self._objectives.values() for kr in _krs_of(o)}
        self._placed: dict[int, _Placed] = {}
        self._first: dict[str, Item] = {}

    def portfolio(self, now: datetime) -> Portfolio:
        """The portfolio as of `now`. Raises PortfolioErrors with every problem and its row."""
        for item in self._found.objectives:
            self._objective(item)
        for item in self._found.objectives:
            self._links(item)
        for item in self._found.key_results:
            self._key_result(item, now)
        added = plain_values(Portfolio(people=tuple(self._directory.added))).get("people", [])
        root = {**self._values, "people": [*self._values.get("people", ()), *added]}
        of_file = {placed.entry["key"]: placed.entry for placed in self._placed.values()}
        bare = [_without(o, "key_results") for o in self._objectives.values() if o["key"] not in of_file]
        root["objectives"] = [*bare, *of_file.values()]
        try:
            return portfolio_of(_entry(root, 1), self._found.problems)
        except PortfolioErrors as errors:
            told = {problem.line for problem in self._found.problems}
            more = (problem for problem in errors.problems if problem.line not in told)
            raise PortfolioErrors(
                [*self._found.problems, *more]
            ) from None  # what follows from a refused cell is no news

    def _objective(self, item: Item) -> None:
        units: Sequence[str] = ()
        cycle: CycleEntry | None = None
        with self._cells.telling(item, "cycle"):
            cycle = self._directory.cycle(item.cells.get("cycle", ""))
        with self._cells.telling(item, "unit"):
            units = self._directory.units(item.cells.get("unit", ""))
            if len(units) > 1:
                raise ValueError(f"an objective belongs to one unit; keep one of {', '.join(units)}")
        if cycle is None or len(units) != 1 or not self._titled(item):
            return
        key = self._cells.text(item, "objective_key") or self._cells.text(item, "key")
        key = key or self._known_objective(item.title, units[0], cycle.key) or self._free("O-", self._objectives)
        if self._stands_already(item, key):
            return
        kept = _without(self._objectives.get(key, {}), "key_results")
        entry = {**kept, "key": key, "unit": units[0], "cycle": cycle.key, "title": item.title, "row": item.row}
        self._placed[id(item)] = _Placed({**entry, "key_results": []}, cycle)

    def _known_objective(self, title: str, unit: str, cycle: str) -> str | None:
        all_of_them = (*self._objectives.values(), *(placed.entry for placed in self._placed.values()))
        here = (o for o in all_of_them if (o["unit"], o["cycle"]) == (unit, cycle))
        return next((str(o["key"]) for o in here if _same(o["title"], title)), None)

    def _links(self, item: Item) -> None:
        """What it contributes to; links that are stored stay."""
        placed = self._placed.get(id(item))
        if placed is None:
            return
        above = [self._placed[id(parent)].entry["key"] for parent in item.above if id(parent) in self._placed]
        above += re.split(r"[,;\s]+", self._cells.text(item, "parent_key"))
        links = list(placed.entry.get("contributes_to", ()))
        known = {"", *(link["objective"] for link in links)}
        links += [{"objective": key} for key in dict.fromkeys(above) if key not in known]
        placed.entry["contributes_to"] = links

    def _key_result(self, item: Item, now: datetime) -> None:
        placed = self._home(item)
        if placed is None or not self._titled(item):
            return
        objective = self._objectives.get(placed.entry["key"], {})
        beside = (*_krs_of(objective), *_krs_of(placed.entry))
        known = (str(kr["key"]) for kr in beside if _same(kr["title"], item.title))
        key = self._cells.text(item, "key") or next(known, "") or self._free("KR-", self._krs)
        if self._stands_already(item, key):
            return
        stored = _without(self._krs.get(key, {}), "updates")
        entry = {
            **(stored | {"key": key, "title": item.title, "row": item.row}),
            **owners_of(item, self._cells, self._directory, stored=stored, unit=placed.entry["unit"]),
            **measure_of(item, self._cells, stored),
            **span_of(item, self._cells, placed.cycle),
        }
        update = update_of(
            item,
            self._cells,
            self._shape,
            entry,
            self._history,
            cycle=placed.cycle,
            zone=self._stored.zone,
            now=now,
        )
        placed.entry["key_results"].append({**entry, "updates": [update] if update else []})

    def _home(self, item: Item) -> _Placed | None:
        """The objective it belongs to: of the file, or one that is stored."""
        if item.objective is not None:
            return self._placed.get(id(item.objective))  # where it is missing, that was said
        key = self._cells.text(item, "parent_key")
        objective = self._objectives.get(key)
        if objective is None:
            if key:
                self._cells.say(item, "parent_key", f'there is no objective "{key}"')
            return None
        cycle = next(c for c in self._stored.cycles if c.key == objective["cycle"])
        of_file = next((p for p in self._placed.values() if p.entry["key"] == key), None)
        return of_file or self._placed.setdefault(id(objective), _Placed({**objective, "key_results": []}, cycle))

    def _titled(self, item: Item) -> bool:
        if not item.title:
            self._cells.say(item, "title", "it is empty")
        return bool(item.title)

    def _stands_already(self, item: Item, key: str) -> bool:
        first = self._first.setdefault(key, item)
        if first is not item:
            self._found.say(item.row, f'{key} "{item.title}" stands in row {first.row} already; keep one')
        return first is not item

    def _free(self, prefix: str, stored: Iterable[str]) -> str:
        numbers = (key.removeprefix(prefix) for key in (*stored, *self._first) if key.startswith(prefix))
        return f"{prefix}{max((int(n) for n in numbers if n.isdecimal()), default=0) + 1}"


def _krs_of(objective: Values) -> Sequence[Values]:
    krs: Sequence[Values] = objective.get("key_results", ())
    return krs


def _without(values: Values, name: str) -> Values:
    return {other: value for other, value in values.items() if other != name}


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _entry(values: Values, row: int) -> Entry:
    """Values as the tree of a file, each part with the row that it came from."""
    row = values.get("row", row)
    entry = Entry(row)
    for name, value in values.items():
        if name != "row":
            entry[name] = _part(value, row)
            entry.lines[name] = row
    return entry


def _part(value: Any, row: int) -> Any:
    if isinstance(value, dict):
        return _entry(value, row)
    if not isinstance(value, list):
        return value
    items = Items(row)
    items += [_part(part, row) for part in value]
    items.lines = [part.line if isinstance(part, Entry) else row for part in items]
    return items
