"""What `/okr list` was asked for: words, people, units and cycles in any order. Pure.

Exact names first; a mistyped word is read as the filter it must be and said so; a name that can be several is asked
back with the whole line as it should have been. What the key results are is `pages`' business.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rituals.errors import Choice, Refusal
from rituals.okrs.naming import Named, find, find_exact, nearest_word, shorten
from rituals.okrs.state import Member, PortfolioState

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_LIKE_A_CYCLE = re.compile(r"(?:19|20)\d\d\w*|[qh]\d\w*")
FLAGS = {"mine": "your key results", "shared": "shared", "behind": "falling behind"}
_SAID = {"mine": "mine", "my": "mine", "me": "mine", "own": "mine", "shared": "shared", "behind": "behind"}
_SPARE = frozenset({"unit", "cycle", "person", "all", "everything", "and", "or", "in", "of", "for", "by"})
_NAMED = 8
_MARKS = "*_~`!?.;:\"'“”-–—\u200e\u200f\u202a\u202b\u202d\u202e\u202c"


@dataclass(frozen=True)
class Asked:
    """Filters that all apply. `flags` are keys of FLAGS; `read` is what was typed wrong and what it was taken for."""

    flags: tuple[str, ...] = ()
    person: Member | None = None
    unit: str | None = None
    cycle: str | None = None
    read: tuple[tuple[str, str], ...] = ()

    def title(self, state: PortfolioState) -> str:
        """What the list is of, in words."""
        names = (
            state.units[self.unit].name if self.unit else "",
            self.person.name if self.person else "",
            self.cycle or "",
            *(FLAGS[flag] for flag in self.flags),
        )
        words = ", ".join(name for name in names if name) or "all key results"
        return words[:1].upper() + words[1:]

    def typed(self) -> str:
        """The same filters as a line; of the unit its key, of the person a mention or @key."""
        who = (f"<@{self.person.slack}>" if self.person.slack else f"@{self.person.key}") if self.person else ""
        return " ".join(word for word in (*self.flags, self.cycle or "", self.unit or "", who) if word)


def asked_for(state: PortfolioState, query: str) -> Asked:
    """Read a line. Raises Refusal for a name that is unknown, or can be several: with lines as choices."""
    flags: dict[str, None] = {}
    cycle, person, rest = None, None, list[str]()
    for word in (part for typed in query.replace(",", " ").split() if (part := typed.strip(_MARKS))):
        if flag := _SAID.get(word.casefold()):
            flags[flag] = None
        elif mention := _MENTION.fullmatch(word):
            person = _mentioned(state, word, mention[1])
        elif cycle is None and (found := find_exact(word, _cycles(state))):
            cycle = found.key
        else:
            rest.append(word)
    known = Asked(tuple(flag for flag in FLAGS if flag in flags), person, None, cycle)
    return _names(state, rest, known) if rest else known


def _names(state: PortfolioState, rest: Sequence[str], known: Asked) -> Asked:
    """The words that are no filters: the names of a unit, a person or a cycle."""
    at = next((n for n, word in enumerate(rest) if word.startswith("@")), None)
    if at is not None:
        person, left = _at(state, rest[at:], known)
        known, rest = replace(known, person=person), [*rest[:at], *left]
    if found := _exactly(state, " ".join(rest), known):
        return found
    rest = [word for word in rest if word.casefold() not in _SPARE]
    if found := _exactly(state, " ".join(rest), known):
        return found
    rest, known = _corrected(state, rest, known)
    rest, known = _cycle_in(state, rest, known)
    return _exactly(state, " ".join(rest), known) or _alike(state, " ".join(rest), known)


def _exactly(state: PortfolioState, name: str, known: Asked) -> Asked | None:
    if not name:
        return known
    if unit := find_exact(name, _units(state)):
        return replace(known, unit=unit.key)
    person = find_exact(name, _people(state))
    return replace(known, person=state.people[person.key]) if person and known.person is None else None


def _alike(state: PortfolioState, name: str, known: Asked) -> Asked:
    """The unit that is meant, else the person. Raises Refusal."""
    try:
        unit = find(name, _units(state), what="unit")
        if all(nearest_word(word, unit.title.split()) for word in name.split()):
            return replace(known, unit=unit.key)
        unclear = Refusal(f'No unit "{name}". Did you mean {unit.title}?', choices=(Choice(unit.key, unit.title),))
    except Refusal as no:
        unclear = no
    try:
        if not unclear.choices and known.person is None:
            return replace(known, person=state.people[find(name, _people(state), what="person").key])
    except Refusal as no:
        if no.choices:
            raise _lines(no, known, before="@") from None
    if unclear.choices:
        raise _lines(unclear, known) from None
    some = ", ".join([unit.title for unit in _units(state)][:_NAMED])
    raise Refusal(
        f'No unit, person or cycle "{shorten(name, 60)}". '
        f"Type mine, shared, behind, @person, a cycle, or a unit such as {some}."
    )


def _mentioned(state: PortfolioState, typed: str, slack: str) -> Member:
    member = state.member(slack)
    if member is None:
        raise Refusal(f"{typed} has no part in this portfolio.")
    return member


def _at(state: PortfolioState, words: Sequence[str], known: Asked) -> tuple[Member, list[str]]:
    """The person written as @name, and the words after the name."""
    names = [words[0].removeprefix("@"), *words[1:]]
    for length in range(len(names), 0, -1):
        if found := find_exact(" ".join(names[:length]), _people(state)):
            return state.people[found.key], names[length:]
    try:
        return state.people[find(" ".join(names), _people(state), what="person").key], []
    except Refusal as no:
        raise _lines(no, known, before="@") from None


def _corrected(state: PortfolioState, rest: Sequence[str], known: Asked) -> tuple[list[str], Asked]:
    """Words that can be nothing but a mistyped filter."""
    left, read = list[str](), list[tuple[str, str]]()
    for word in rest:
        flag = nearest_word(word, FLAGS) if len(word) > 3 and not _begins_a_name(state, word) else None
        if flag:
            read.append((word, flag))
        else:
            left.append(word)
    flags = {*known.flags, *(flag for _, flag in read)}
    return left, replace(known, flags=tuple(flag for flag in FLAGS if flag in flags), read=(*known.read, *read))


def _begins_a_name(state: PortfolioState, word: str) -> bool:
    names = [part for item in (*_units(state), *_people(state)) for part in item.title.casefold().split()]
    return any(name.startswith(word.casefold()) for name in names)


def _cycle_in(state: PortfolioState, rest: Sequence[str], known: Asked) -> tuple[list[str], Asked]:
    """Words with a digit that are parts of cycles' keys: Q4, or Q4 2026. Raises Refusal with choices for several."""
    parts = [word for word in rest if any(letter.isdigit() for letter in word)]
    if known.cycle or not parts:
        return list(rest), known
    left, typed = [word for word in rest if word not in parts], " ".join(parts)
    fits = [key for key in state.cycles if all(_squashed(part) in _squashed(key) for part in parts)]
    if len(fits) == 1:
        return left, replace(known, cycle=fits[0], read=(*known.read, (typed, fits[0])))
    if fits:
        lines = [Choice(f"{replace(known, cycle=key).typed()} {' '.join(left)}".strip(), key) for key in fits[:5]]
        raise Refusal(f'"{typed}" can be {" or ".join(fits[:5])}. Which?', choices=tuple(lines))
    if all(_LIKE_A_CYCLE.fullmatch(_squashed(part)) for part in parts):
        raise Refusal(f'No cycle "{typed}". There {_are(list(state.cycles)[-_NAMED:])}.')
    return list(rest), known


def _squashed(word: str) -> str:
    return re.sub(r"[\W_]", "", word).casefold()


def _are(keys: Sequence[str]) -> str:
    return f"are {', '.join(keys)}" if len(keys) > 1 else f"is {keys[0]}" if keys else "is none yet"


def _lines(no: Refusal, known: Asked, before: str = "") -> Refusal:
    """The refusal with the whole line in every choice, so that no other filter is lost."""
    choices = (Choice(f"{known.typed()} {before}{choice.value}".strip(), choice.label) for choice in no.choices)
    return Refusal(no.text, choices=tuple(choices))


def _units(state: PortfolioState) -> list[Named]:
    return [Named(unit.key, unit.name) for unit in state.named_units.values()]


def _people(state: PortfolioState) -> list[Named]:
    return [Named(person.key, person.name) for person in state.people.values()]


def _cycles(state: PortfolioState) -> list[Named]:
    return [Named(key, key) for key in state.cycles]
