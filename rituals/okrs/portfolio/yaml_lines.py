"""YAML text into plain mappings, lists and texts that remember their lines. What the words mean is not known here.

Built from the parser's events, so nothing is ever constructed from a tag or expanded from an alias: anchors, aliases
and tags are refused, as are deep nesting and large files. JSON is read too, being YAML.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

MOST_BYTES = 4_000_000
MOST_DEPTH = 20
_LONGEST = 450

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_NO_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, order=True)
class FileProblem:
    """What is wrong, in plain words, and the line (from 1) to look at."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}"


class PortfolioErrors(Exception):  # noqa: N818 - it carries all of them
    """A file that cannot be taken as it is. `problems` are all of them, in the order of the lines."""

    def __init__(self, problems: Iterable[FileProblem]) -> None:
        self.problems = tuple(sorted(FileProblem(problem.line, _one_line(problem.text)) for problem in problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def _one_line(text: str) -> str:
    """A problem is one line, however much of the file it quotes; what to do stands at its end."""
    line = " ".join(text.split()) if "\n" in text or "\r" in text else text
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 150]} … {line[-147:]}"


class Scalar(str):
    """A text of the file. `plain` tells `20` from `"20"`."""

    __slots__ = ("line", "plain")
    line: int
    plain: bool


class Entry(dict[str, Any]):
    """A mapping with its line and those of its keys. Values are Entry, Items, Scalar or None."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class Items(list[Any]):
    """A list with its line and those of its items."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


def text_of(data: bytes) -> str:
    """The file's text. Raises PortfolioErrors when it is not UTF-8 or too large."""
    if len(data) > MOST_BYTES:
        raise _one(1, f"the file is larger than {MOST_BYTES // 1_000_000} MB; is it the portfolio?")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _one(line, "this is not UTF-8 text; save the file as UTF-8") from None


def parse_yaml(text: str) -> tuple[Entry, list[FileProblem]]:
    """The mapping that a file holds, and the problems that did not keep it from being read (duplicate keys, anchors).

    Raises PortfolioErrors where it is no YAML at all, empty, or no mapping.
    """
    _guard(text)
    builder = _Builder(text)
    try:
        root = builder.document()
    except yaml.YAMLError as error:
        raise PortfolioErrors([*builder.problems, _no_yaml(error, text)]) from None
    if root is None:
        raise _one(1, 'the file is empty; it starts with "schema: plumbline/1"')
    if not isinstance(root, Entry):
        raise _one(root.line, 'this is no portfolio; it starts with "schema: plumbline/1"')
    return root, builder.problems


def _one(line: int, text: str) -> PortfolioErrors:
    return PortfolioErrors([FileProblem(line, text)])


def _guard(text: str) -> None:
    if len(text) > MOST_BYTES:
        raise _one(1, f"the file is larger than {MOST_BYTES // 1_000_000} MB; is it the portfolio?")
    strange = _NO_TEXT.search(text.removeprefix("\ufeff"))
    if strange is not None:
        line = text.count("\n", 0, strange.start()) + 1
        raise _one(line, f"there is a character that is no text (U+{ord(strange[0]):04X}); is this the portfolio?")


def _no_yaml(error: yaml.YAMLError, text: str) -> FileProblem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = int(getattr(mark, "line", 0))
    lines = text.splitlines()
    written = lines[line] if line < len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip())]:
        return FileProblem(line + 1, "the line is indented with a tab; use spaces")
    why = " ".join(str(getattr(error, "problem", None) or "it cannot be read").split())
    return FileProblem(line + 1, f"this is not YAML: {why}")


class _Builder:
    """Turns the parser's events into entries; `problems` are those that do not stop it."""

    def __init__(self, text: str) -> None:
        self.problems: list[FileProblem] = []
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=_LOADER))

    def document(self) -> Any:
        root, documents = None, 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _one(_line(event), "a second document starts here; a file holds one")
                root = self._node(next(self._events), 0)
        return root

    def _node(self, event: Any, depth: int) -> Any:
        line = _line(event)
        if depth > MOST_DEPTH:
            raise _one(line, f"this is nested more than {MOST_DEPTH} deep; is it the portfolio?")
        self._refuse_references(event, line)
        if isinstance(event, yaml.MappingStartEvent):
            return self._entry(line, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._items(line, depth)
        return _scalar(event, line) if isinstance(event, yaml.ScalarEvent) else None

    def _refuse_references(self, event: Any, line: int) -> None:
        if event.anchor is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            self.problems.append(FileProblem(line, f"{sign}{event.anchor}: anchors are not read; write the value out"))
        if getattr(event, "tag", None) is not None:
            self.problems.append(FileProblem(line, f"{event.tag}: tags are not read; leave it out"))

    def _entry(self, line: int, depth: int) -> Entry:
        entry = Entry(line)
        for event in iter(lambda: next(self._events), None):
            if isinstance(event, yaml.MappingEndEvent):
                break
            key_line = _line(event)
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            self._put(entry, key, value, key_line)
        return entry

    def _put(self, entry: Entry, key: Any, value: Any, line: int) -> None:
        if not isinstance(key, Scalar):
            self.problems.append(FileProblem(line, "a key is a word"))
        elif key in entry:
            first = entry.lines[key]
            self.problems.append(FileProblem(line, f'"{key}" stands here twice, first on line {first}; keep one'))
        else:
            entry[str(key)] = value
            entry.lines[str(key)] = line

    def _items(self, line: int, depth: int) -> Items:
        items = Items(line)
        for event in iter(lambda: next(self._events), None):
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.lines.append(_line(event))
            items.append(self._node(event, depth + 1))
        return items


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(event: Any, line: int) -> Scalar | None:
    plain = bool(event.implicit[0]) and not event.style
    if plain and event.value in _NULL:
        return None
    scalar = Scalar(event.value)
    scalar.line, scalar.plain = line, plain
    return scalar
