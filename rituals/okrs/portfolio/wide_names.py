"""Who and what the words of another tool's file are: units, cycles and people of the stored portfolio.

Pure. A word that names nothing is a ValueError that says what to do; only an address makes somebody new.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rituals.cadence import nearest
from rituals.okrs.portfolio.schema import CycleEntry, PersonEntry, Portfolio, UnitEntry

_MANY = re.compile(r"[,;\n]")
_WORDS = re.compile(r"\w+")
_NOT_A_KEY = re.compile(r"[^\w.\-]+")
ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")
NOBODY_IN_PARTICULAR = frozenset({"individual"})
"""What a tool writes for a team where it means a person."""


@dataclass(frozen=True)
class Owners:
    """Who answers for a key result: its reporter, and the units that own it where it says so. `more`: others named."""

    reporter: str | None = None
    units: tuple[str, ...] = ()
    more: bool = False


class Directory:
    """The stored portfolio by its words, and the people that the file adds to it."""

    def __init__(self, stored: Portfolio, *, cycle: str | None, unit: str | None) -> None:
        self._stored = stored
        self._people = list(stored.people)
        self.added: list[PersonEntry] = []
        self._cycle = None if cycle is None else self._stated(cycle, "cycle", [c.key for c in stored.cycles])
        self._unit = None if unit is None else self._stated(unit, "unit", [u.key for u in stored.units])

    def missing(self, kinds: Iterable[str]) -> list[str]:
        """What has to be added to the command where the file names no cycle or no unit at all."""
        keys = {"cycle": [c.key for c in self._stored.cycles], "unit": [u.key for u in self._stored.units]}
        given = {"cycle": self._cycle, "unit": self._unit}
        return [
            f"the file names no {kind}; add --{kind} KEY: {_one_of(keys[kind], kind)}"
            for kind in kinds
            if given[kind] is None
        ]

    def cycle(self, written: str) -> CycleEntry:
        """The cycle that is called so: `Q4 2026` is 2026-Q4. Without a word, the one that was stated."""
        cycles = {c.key: c for c in self._stored.cycles}
        if not written.strip():
            return cycles[self._or_stated(self._cycle, "cycle")]
        words = _words(written)
        same = [c for c in self._stored.cycles if _words(c.key) == words]
        if len(same) == 1:
            return same[0]
        tail = nearest(written, cycles) or f"; {_one_of(list(cycles), 'cycle')}"
        raise ValueError(f'there is no cycle "{written.strip()}"{tail}')

    def units(self, written: str) -> tuple[str, ...]:
        """The keys of the units that are called so, by key or name. Without a word, the one that was stated."""
        parts = [part for part in _parts(written) if part.casefold() not in NOBODY_IN_PARTICULAR]
        if not parts:
            return (self._or_stated(self._unit, "unit"),)
        return tuple(dict.fromkeys(self._unit_named(part).key for part in parts))

    def owners(self, written: str, name: str = "") -> Owners:
        """People (addresses, names, keys) and units in one cell. The first person reports."""
        people: list[str] = []
        units: list[str] = []
        for part in _parts(written):
            address = ADDRESS.search(part)
            if address is not None:
                people.append(self._by_address(address[0], name).key)
            elif (person := self._person_named(part)) is not None:
                people.append(person.key)
            else:
                units.append(self._unit_or_nobody(part).key)
        return Owners(people[0] if people else None, tuple(dict.fromkeys(units)), more=len(set(people)) > 1)

    def _by_address(self, address: str, name: str) -> PersonEntry:
        known = next((p for p in self._people if p.email and p.email.casefold() == address.casefold()), None)
        if known is not None:
            return known
        local = address.partition("@")[0]
        made = PersonEntry(key=self._free_key(local), name=name.strip() or local, email=address)
        self._people.append(made)
        self.added.append(made)
        return made

    def _free_key(self, local: str) -> str:
        base = _NOT_A_KEY.sub("-", local).strip("-.")[:50] or "person"
        taken = {p.key for p in self._people}
        number = 1
        while (key := base if number == 1 else f"{base}-{number}") in taken:
            number += 1
        return key

    def _person_named(self, written: str) -> PersonEntry | None:
        low = written.casefold()
        same = [p for p in self._people if low in (p.key.casefold(), p.name.casefold())]
        if len(same) > 1:
            raise ValueError(f'"{written}" can be {" or ".join(p.key for p in same)}; write the address')
        return same[0] if same else None

    def _unit_named(self, written: str) -> UnitEntry:
        low = written.casefold()
        same = [u for u in self._stored.units if low in (u.key.casefold(), u.name.casefold())]
        if len(same) != 1:
            names = [name for u in self._stored.units for name in (u.key, u.name)]
            raise ValueError(f'there is no unit "{written}"{nearest(written, names)}; units are imported first')
        return same[0]

    def _unit_or_nobody(self, written: str) -> UnitEntry:
        try:
            return self._unit_named(written)
        except ValueError:
            words = f'there is no person or unit "{written}"; write an address, or import the person first'
            raise ValueError(words) from None

    def _or_stated(self, stated: str | None, kind: str) -> str:
        if stated is None:
            raise ValueError(f"it is empty; fill it, or add --{kind} KEY for rows without one")
        return stated

    def _stated(self, key: str, kind: str, keys: Sequence[str]) -> str:
        if key not in keys:
            tail = nearest(key, keys) or f"; {_one_of(keys, kind)}"
            raise ValueError(f'--{kind}: there is no {kind} "{key}"{tail}')
        return key


def _parts(written: str) -> list[str]:
    return [part.strip() for part in _MANY.split(written) if part.strip()]


def _words(text: str) -> list[str]:
    return sorted(word.casefold() for word in _WORDS.findall(text))


def _one_of(keys: Sequence[str], kind: str) -> str:
    more = f" and {len(keys) - 8} more" if len(keys) > 8 else ""
    return f"there is {', '.join(keys[:8])}{more}" if keys else f"there is no {kind} yet, import one first"
