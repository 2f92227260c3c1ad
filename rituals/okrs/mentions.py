"""Where key results are named in a longer text, by key or by their whole title.

Exact mentions only: likeness is for `naming.py`, and what is said about a mention for `said.py`. Positions are
those of the folded text it is given. Linear in the text for a given portfolio.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rituals.okrs.naming import KnownKeyResult
from rituals.okrs.typed import lowered

_TOKEN = re.compile(r"[^\W\d_]{1,80}|\d{1,30}")
_GAP = re.compile(r"[-_ #.]?|[-_] | [-_#]")
_NUMBERED = re.compile(r"([^\W\d_]{1,12})[-_ ]?\d{1,9}")
_REST = re.compile(r"[^\W_]{1,6}|\.\d{1,6}")
SHORTEST_TITLE = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text. `item` is None when it looks like a key (`KR-99`) but no key result has it."""

    start: int
    end: int
    typed: str
    item: KnownKeyResult | None
    by_title: bool = False


def mentions(text: str, known: Sequence[KnownKeyResult]) -> tuple[Mention, ...]:
    """Every mention in order; where a key and a title overlap, the one that begins first and is longer."""
    low = lowered(text)
    found = sorted([*_by_key(low, text, known), *_by_title(low, text, known)], key=lambda m: (m.start, -m.end))
    kept: list[Mention] = []
    for mention in found:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return tuple(kept)


def _by_key(low: str, text: str, known: Sequence[KnownKeyResult]) -> Iterator[Mention]:
    keys = _index(known)
    prefixes = {"kr"} | {found[1].lower() for item in known if (found := _NUMBERED.fullmatch(item.key))}
    tokens = [found.span() for found in _TOKEN.finditer(low)]
    for number, (start, end) in enumerate(tokens):
        if start and _joined(low[start - 1]):
            continue
        word = low[start:end]
        fits = ((last, item) for names, item in keys.get(word, ()) if (last := _ends(low, tokens, number, names)))
        if best := next(fits, None):
            yield Mention(start, best[0], text[start : best[0]], best[1])
        elif word in prefixes and (last := _unknown_end(low, tokens, number)):
            yield Mention(start, last, text[start:last], None)


def _index(known: Sequence[KnownKeyResult]) -> dict[str, list[tuple[tuple[str, ...], KnownKeyResult]]]:
    """Keys as their words and numbers, by the first; longest first. A key that two share is in no doubt: in neither."""
    spelled: dict[tuple[str, ...], list[KnownKeyResult]] = {}
    for item in known:
        spelled.setdefault(tuple(_TOKEN.findall(lowered(item.key))), []).append(item)
    index: dict[str, list[tuple[tuple[str, ...], KnownKeyResult]]] = {}
    for names, items in sorted(spelled.items(), key=lambda entry: -len(entry[0])):
        if names and len(items) == 1:
            index.setdefault(names[0], []).append((names, items[0]))
    return index


def _ends(low: str, tokens: list[tuple[int, int]], number: int, names: tuple[str, ...]) -> int:
    """Where the key ends if its words stand here one after the other; else 0."""
    if number + len(names) > len(tokens):
        return 0
    for step, name in enumerate(names):
        start, end = tokens[number + step]
        if low[start:end] != name or (step and not _GAP.fullmatch(low[tokens[number + step - 1][1] : start])):
            return 0
    end = tokens[number + len(names) - 1][1]
    return 0 if end < len(low) and (_joined(low[end]) or re.match(r"\.\d", low[end : end + 2])) else end


def _unknown_end(low: str, tokens: list[tuple[int, int]], number: int) -> int:
    """Where an unknown key of the usual form (letters, then a number) ends; else 0."""
    if number + 1 == len(tokens):
        return 0
    (_, end), (start, last) = tokens[number], tokens[number + 1]
    if not low[start].isdigit() or last - start > 6 or low[end:start] not in {"", "-", "_", "#"}:
        return 0
    rest = _REST.match(low, last)
    last = rest.end() if rest else last
    return 0 if last < len(low) and _joined(low[last]) else last


def _joined(char: str) -> bool:
    return char.isalnum()


def _by_title(low: str, text: str, known: Sequence[KnownKeyResult]) -> Iterator[Mention]:
    titles: dict[str, list[KnownKeyResult]] = {}
    for item in known:
        titles.setdefault(lowered(item.title), []).append(item)
    for title, items in titles.items():
        if len(items) > 1 or len(title) < SHORTEST_TITLE:
            continue
        at = low.find(title)
        while at >= 0:
            end = at + len(title)
            if not (at and _joined(low[at - 1])) and not (end < len(low) and _joined(low[end])):
                yield Mention(at, end, text[at:end], items[0], by_title=True)
            at = low.find(title, end)
