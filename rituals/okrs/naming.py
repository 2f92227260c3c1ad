"""Finding the key result, unit or word a person meant by what they typed. Exact first, then alike, never a guess.

Pure. It compares keys and titles only; where in a longer text a name stands is `mentions.py`'s business.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from rituals.errors import Choice, Refusal
from rituals.okrs.model import Kind

SURE = 80
LIKELY = 55
MARGIN = 5
LIKE_A_WORD = 65
TITLE_LIMIT = 40
_LOOKS_LIKE_A_KEY = re.compile(r"[^\W\d_]{1,12}[-_ #.]?\d{1,6}")
_WORD = re.compile(r"[^\W_]{1,80}")


@dataclass(frozen=True, slots=True)
class Named:
    """Anything with a key and a title: a key result, a unit, an objective."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class KnownKeyResult(Named):
    """What the reading needs of an open key result. `value` is the present one; milestones: `target` is all weight."""

    kind: Kind = "increase"
    measured_in: str = ""
    value: Decimal | None = None
    start: Decimal | None = None
    target: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


N = TypeVar("N", bound=Named)


def find(query: str, among: Sequence[N], *, what: str = "key result") -> N:
    """The one thing meant by `query`: by key (`KR 12`, `kr12` and `KR-12` are the same), else by fuzzy title.

    Raises Refusal with choices when several could be meant or none is but some are near.
    """
    typed = " ".join(query.split()).strip("\"'“”„‘’ ")
    if not typed:
        raise Refusal(f"Which {what}? Give its key, such as {among[0].key}." if among else f"There is no open {what}.")
    if exact := find_exact(typed, among):
        return exact
    if _LOOKS_LIKE_A_KEY.fullmatch(typed):
        raise no_such(typed, near_keys(typed, among), what)
    scored = alike(typed, among)
    sure = [item for item, score in scored if score >= SURE and score > scored[0][1] - MARGIN]
    if len(sure) == 1:
        return sure[0]
    if sure:
        text = f'"{shorten(typed, TITLE_LIMIT)}" can be {_listed(sure[:3])}. Which?'
        raise Refusal(text, choices=_choices(sure[:5]))
    raise no_such(typed, [item for item, _ in scored[:2]], what)


def find_exact(query: str, among: Sequence[N]) -> N | None:
    """The one whose key or title is the query but for case and punctuation; None when none or several are."""
    for fits in (
        [item for item in among if item.key.casefold() == query.casefold()],
        [item for item in among if _squash(item.key) == _squash(query)],
        [item for item in among if _words(item.title) == _words(query)],
    ):
        if fits and _squash(query):
            return fits[0] if len(fits) == 1 else None
    return None


def alike(query: str, among: Sequence[N], *, floor: int = LIKELY, most: int = 5) -> list[tuple[N, float]]:
    """Those whose title resembles the query, best first, with a score of 0-100. Nothing for under three letters."""
    if len(_squash(query)) < 3:
        return []
    from rituals.okrs import likeness

    titles = [item.title for item in among]
    return [(among[at], score) for at, score in likeness.ranked(query, titles, floor=floor, most=most)]


def begun_words(query: str, title: str) -> bool:
    """Whether every word of the query begins a word of the title: what somebody who types a title has so far."""
    said = _words(title)
    asked = _words(query)
    return bool(asked) and all(any(word.startswith(typed) for word in said) for typed in asked)


def near_keys(query: str, among: Sequence[N]) -> list[N]:
    """At most two whose keys are one slip away (or end as typed), nearest first."""
    from rituals.okrs import likeness

    typed = _squash(query)
    ranked = []
    for position, item in enumerate(among):
        key = _squash(item.key)
        distance = likeness.slips(typed, key)
        if distance <= 1 or key.endswith(typed):
            ranked.append((distance, len(key), position, item))
    return [item for *_, item in sorted(ranked, key=lambda entry: entry[:3])[:2]]


def no_such(typed: str, near: Sequence[Named], what: str = "key result") -> Refusal:
    """The refusal of an unknown name, with what is near it as choices."""
    name = typed if _LOOKS_LIKE_A_KEY.fullmatch(typed) else f'"{shorten(typed, TITLE_LIMIT)}"'
    hint = f" Did you mean {_listed(near)}?" if near else " /okr list shows all you can name."
    return Refusal(f"No {what} {name}.{hint}", choices=_choices(near))


def _listed(items: Sequence[Named]) -> str:
    names = [f'{item.key} "{shorten(item.title, TITLE_LIMIT)}"' for item in items]
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _choices(items: Iterable[Named]) -> tuple[Choice, ...]:
    return tuple(Choice(item.key, f"{item.key} {shorten(item.title, TITLE_LIMIT)}") for item in items)


def _squash(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters on one line, cut at a word and marked with "…" when anything was left out."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    cut = flat[:limit].rfind(" ") if " " in flat[limit // 3 : limit] else limit - 1
    return flat[:cut].rstrip(" ,;:-–(") + "…"


def nearest_word(word: str, words: Iterable[str]) -> str | None:
    """The word of `words` that a mistyped or cut `word` most likely is; None when none is near."""
    typed, known = word.casefold(), list(words)
    begun = [candidate for candidate in known if len(typed) >= 2 and candidate.startswith(typed)]
    if len(begun) == 1:
        return begun[0]
    from rituals.okrs import likeness

    return likeness.nearest(typed, known, floor=LIKE_A_WORD)
