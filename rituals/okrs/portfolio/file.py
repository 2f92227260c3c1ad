"""Reads a portfolio file: text in, typed entries out, or every problem of the file with its line at once.

Pure; it knows nothing of what is stored. The format is SURFACE's "Portfolio file"; syntax is `yaml_lines`'s,
shapes are `schema`'s, and what entries must be to each other is `check`'s.
"""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rituals.cadence import nearest
from rituals.okrs.portfolio.check import check
from rituals.okrs.portfolio.fields import FieldError
from rituals.okrs.portfolio.schema import (
    LISTS,
    ContributionEntry,
    CycleEntry,
    FileEntry,
    Header,
    KeyResultEntry,
    MilestoneEntry,
    ObjectiveEntry,
    PersonEntry,
    PlanPoint,
    Portfolio,
    UnitEntry,
    UpdateEntry,
)
from rituals.okrs.portfolio.yaml_lines import Entry, FileProblem, Items, PortfolioErrors, parse_yaml, text_of

__all__ = ["FileProblem", "Portfolio", "PortfolioErrors", "portfolio_of", "read_portfolio", "text_of"]

M = TypeVar("M", bound=FileEntry)

_INNER: dict[str, type[FileEntry]] = {
    "contributes_to": ContributionEntry,
    "milestones": MilestoneEntry,
    "plan": PlanPoint,
}
_STAND_INS = {"name": "?", "title": "?", "level": "team"}
_TOP = ("schema", "timezone", *LISTS)


def read_portfolio(text: str) -> Portfolio:
    """The portfolio that a file describes. Raises PortfolioErrors with all of its problems."""
    return portfolio_of(*parse_yaml(text))


def portfolio_of(root: Entry, problems: Iterable[FileProblem] = ()) -> Portfolio:
    """The portfolio in a tree of entries with their lines. Raises PortfolioErrors with `problems` and all others."""
    reader = _Reader(list(problems))
    portfolio = reader.portfolio(root)
    if reader.problems:
        raise PortfolioErrors(reader.problems)
    return portfolio


class _Reader:
    """Reads entry by entry, so that one that cannot be read does not hide what is wrong with the others."""

    def __init__(self, problems: list[FileProblem]) -> None:
        self.problems = problems
        self._origin: dict[int, tuple[Entry, str]] = {}
        self._bad: dict[int, set[str]] = {}
        self._alive: list[FileEntry] = []  # an id is only good while its object lives

    def portfolio(self, root: Entry) -> Portfolio:
        for key in root:
            if key not in _TOP:
                self._say(root.lines[key], "", f'"{key}" is not known here{nearest(key, _TOP)}')
        header = self._read(Header, {k: v for k, v in root.items() if k in ("schema", "timezone")}, root, "")
        portfolio = Portfolio(
            timezone=header.timezone if header else "UTC",
            people=_read(self._entry(PersonEntry, e, "person") for e in self._each(root, "people")),
            units=_read(self._entry(UnitEntry, e, "unit") for e in self._each(root, "units")),
            cycles=_read(self._entry(CycleEntry, e, "cycle") for e in self._each(root, "cycles")),
            objectives=_read(self._objective(e) for e in self._each(root, "objectives")),
        )
        self._check(portfolio, root)
        return portfolio

    def _objective(self, raw: Entry) -> ObjectiveEntry | None:
        krs = _read(self._key_result(kr) for kr in self._each(raw, "key_results"))
        return self._entry(ObjectiveEntry, raw, "objective", key_results=krs)

    def _key_result(self, raw: Entry) -> KeyResultEntry | None:
        label = f"update of {raw.get('key') or 'a key result'}"
        updates = _read(self._entry(UpdateEntry, u, label) for u in self._each(raw, "updates"))
        return self._entry(KeyResultEntry, raw, "key result", updates=updates)

    def _each(self, parent: Entry, name: str) -> Iterator[Entry]:
        """The mappings in a list of the file."""
        items = parent.get(name)
        if items is None:
            return
        if not isinstance(items, Items):
            self._say(parent.lines[name], name, "write a list here, one item a line after a dash")
            return
        for item, line in zip(items, items.lines, strict=True):
            if isinstance(item, Entry):
                yield item
            else:
                self._say(line, name, "an item is a mapping like {key: …}")

    def _entry(self, model: type[M], raw: Entry, kind: str, **children: Any) -> M | None:
        label = f"{raw['key']}" if isinstance(raw.get("key"), str) else kind
        entry = self._read(model, {**raw, **children}, raw, label)
        if entry is not None:
            self._remember(entry, raw, label)
        return entry

    def _read(self, model: type[M], values: dict[str, Any], raw: Entry, label: str) -> M | None:
        try:
            return model.model_validate(values)
        except ValidationError as error:
            details = error.errors(include_url=False)
            for detail in details:
                self._say(_line_of(raw, detail), *_worded(model, label, detail))
            return self._without(model, values, {str(detail["loc"][0]) for detail in details if detail["loc"]})

    def _without(self, model: type[M], values: dict[str, Any], bad: set[str]) -> M | None:
        """What is left of an entry, so that its sound fields and children are checked too; None if it is too little."""
        sound = {k: v for k, v in values.items() if k not in bad}
        try:
            entry = model.model_validate(sound | {k: v for k, v in _STAND_INS.items() if k in bad})
        except ValidationError:
            return None
        self._alive.append(entry)
        self._bad[id(entry)] = bad
        return entry

    def _remember(self, entry: FileEntry, raw: Entry, label: str) -> None:
        self._alive.append(entry)
        self._origin[id(entry)] = raw, label
        for name in _INNER:
            for child, inner in zip(getattr(entry, name, ()), raw.get(name) or (), strict=False):
                self._origin[id(child)] = inner, label

    def _check(self, portfolio: Portfolio, root: Entry) -> None:
        known = {kind: {str(e["key"]) for e in _mappings(root.get(kind)) if "key" in e} for kind in LISTS}
        for fault in check(portfolio, known):
            bad = self._bad.get(id(fault.entry))
            if bad is not None and (fault.field is None or fault.field in bad):
                continue  # it follows from what was said already
            raw, label = self._origin[id(fault.entry)]
            line = raw.lines.get(fault.field, raw.line) if fault.field else raw.line
            self._say(line, f"{label} {fault.field or ''}".strip(), fault.text)

    def _say(self, line: int, where: str, text: str) -> None:
        self.problems.append(FileProblem(line, f"{where}: {text}" if where else text))


def _read(entries: Iterable[M | None]) -> tuple[M, ...]:
    return tuple(entry for entry in entries if entry is not None)


def _mappings(items: object) -> Iterator[Entry]:
    return (item for item in items if isinstance(item, Entry)) if isinstance(items, Items) else iter(())


def _line_of(raw: Entry, detail: ErrorDetails) -> int:
    """The line of the innermost key or item on the way to the fault."""
    line, here = raw.line, raw
    for step in _way(detail):
        if isinstance(here, Entry) and step in here.lines:
            line, here = here.lines[str(step)], here[str(step)]
        elif isinstance(here, Items) and isinstance(step, int) and step < len(here):
            line, here = here.lines[step], here[step]
    return line


def _way(detail: ErrorDetails) -> list[int | str]:
    field = getattr(detail.get("ctx", {}).get("error"), "field", None)
    return [*detail["loc"], *([field] if field else [])]


def _worded(model: type[BaseModel], label: str, detail: ErrorDetails) -> tuple[str, str]:
    """Where it is, and what is wrong."""
    names = [str(step) for step in detail["loc"] if isinstance(step, str)]
    field = names[-1] if names else ""
    inner = _INNER.get(names[0], model) if len(names) > 1 else model
    where = " ".join([label, *names[:-1]]).strip()
    if detail["type"] == "missing":
        return where, f'"{field}" is missing'
    if detail["type"] == "extra_forbidden":
        return where, f'"{field}" is not known here{nearest(field, _fields(inner))}'
    return f"{where} {field}".strip(), words_of(inner, field, detail)


def _fields(model: type[BaseModel]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items()]


def words_of(model: type[BaseModel], field: str, detail: ErrorDetails) -> str:
    """What is wrong with a field, in words for who wrote it."""
    error = detail.get("ctx", {}).get("error")
    if isinstance(error, (FieldError, ValueError)):
        return str(error)
    if detail["type"] == "literal_error":
        words = _choices(model, field)
        tail = nearest(str(detail["input"]), words) or f"; write {' or '.join(words)}"
        return f'I read "{detail["input"]}"{tail}'
    if detail["type"] == "tuple_type":
        return f"write a list like [{detail['input']}]" if isinstance(detail["input"], str) else "write a list here"
    if detail["type"] in ("model_type", "model_attributes_type"):
        return "an item is a mapping like {…: …}"
    return detail["msg"]


def _choices(model: type[BaseModel], field: str) -> list[str]:
    """The words that a field's Literal allows."""
    found = next(info for name, info in model.model_fields.items() if field in (name, info.alias))
    return list(_literals(found.annotation))


def _literals(annotation: object) -> Iterator[str]:
    """The texts in a Literal, however it is wrapped."""
    for part in get_args(annotation):
        yield from [part] if isinstance(part, str) else _literals(part)
