"""What the model is told about blockers, as plain values. Built by a ritual, worded by nobody here.

Everything in these texts was typed by people and is untrusted; this module must not send, clean or judge it.
"""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class PersonFact:
    """Someone whose name must not leave: `name` in full, `aliases` other spellings (handle, email, member id)."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """An answer word for word. `id` is unique in the facts ("A17"), `unit` the name of the author's unit."""

    id: str
    text: str
    unit: str = ""
    by: str | None = None


@dataclass(frozen=True, slots=True)
class BlockerFact:
    """An open blocker. `id` is "B-12"; `held_up` and `waits_for` are units' names; `days_open` whole days.

    `answers` are the ids of the answers it rests on; `overdue` are whole days since `until` passed. `new` since the
    last summary; `grown_old` were there before and are past their date or a whole round old.
    """

    id: str
    text: str
    held_up: str
    waits_for: str | None = None
    key_result: str | None = None
    until: date | None = None
    days_open: int = 0
    new: bool = False
    answers: tuple[str, ...] = ()
    overdue: int = 0
    grown_old: bool = False


@dataclass(frozen=True, slots=True)
class ChainFact:
    """Units of which each waits for the next, by the blockers with these ids; in a `cycle` the last for the first."""

    units: tuple[str, ...]
    blockers: tuple[str, ...]
    cycle: bool = False


@dataclass(frozen=True, slots=True)
class SummaryFacts:
    """All that a summary of blockers may rest on. `units` are the names that could be mixed up."""

    unit: str
    blockers: tuple[BlockerFact, ...]
    answers: tuple[AnswerFact, ...]
    people: tuple[PersonFact, ...] = ()
    units: tuple[str, ...] = field(default=())
    chains: tuple[ChainFact, ...] = ()

    @property
    def known_units(self) -> frozenset[str]:
        """Every unit named in the facts."""
        named = {b.held_up for b in self.blockers} | {b.waits_for for b in self.blockers if b.waits_for}
        return frozenset(named | {a.unit for a in self.answers} | set(self.units)) - {""}

    def waited_for(self) -> dict[str, tuple[int, int]]:
        """By unit waited for: (units held up, blockers). Counted here because the model must not count."""
        groups: dict[str, list[BlockerFact]] = {}
        for blocker in self.blockers:
            if blocker.waits_for:
                groups.setdefault(blocker.waits_for, []).append(blocker)
        return {on: (len({b.held_up for b in some}), len(some)) for on, some in groups.items()}
