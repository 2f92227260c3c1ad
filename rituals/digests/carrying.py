"""What is carried from round to round: blockers that do not change, and "no blockers" beside what does not move.

Pure rules. A blocker changes when its words, its date, who is waited for or its next step do; said again as it was, it
is carried over. From the third unchanged round on the digest asks for a decision.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rituals.digests.facts import BlockerFacts, Contradiction, KrFacts

DECIDE_AFTER = 3


@dataclass(frozen=True, slots=True)
class Quiet:
    """A lead's "no blockers": in which unit (its name) and when."""

    unit: str
    at: datetime


def unchanged_since(
    mark: str, number: int, before: Mapping[str, Any], *, opened_at: datetime, now: datetime
) -> datetime:
    """Since when a blocker is what its `mark` says. `before` is what the last digest kept: number to [mark, instant].

    One that no digest has seen is unchanged since it was opened; one with another mark than last time since now.
    """
    kept = before.get(str(number))
    if kept is None:
        return opened_at
    return datetime.fromisoformat(kept[1]) if kept[0] == mark else now


def rounds_since(since: datetime, slots: Iterable[datetime], now: datetime) -> int:
    """The rounds of a unit that began after an instant."""
    return sum(since < slot <= now for slot in slots)


def to_decide(blockers: Sequence[BlockerFacts]) -> tuple[BlockerFacts, ...]:
    """Those that did not change in DECIDE_AFTER rounds or more, the longest first."""
    stuck = [b for b in blockers if b.rounds >= DECIDE_AFTER]
    return tuple(sorted(stuck, key=lambda b: (-b.rounds, b.number)))


def contradictions(
    quiet: Iterable[Quiet], krs: Iterable[KrFacts], held_up: Collection[str]
) -> tuple[Contradiction, ...]:
    """Units that said "no blockers" while a key result of theirs has not moved; none of those that have an open one."""
    newest: dict[str, datetime] = {}
    for said in quiet:
        newest[said.unit] = max(said.at, newest.get(said.unit, said.at))
    stalled = [k for k in krs if any(flag.reason == "stalled" for flag in k.figures.flags)]
    return tuple(
        Contradiction(unit, at, tuple(keys))
        for unit, at in sorted(newest.items())
        if unit not in held_up and (keys := [k.kr.key for k in stalled if unit in k.line.owners])
    )


def kept(blockers: Iterable[BlockerFacts]) -> dict[str, list[str]]:
    """What the next digest needs to know of these: number to [mark, instant]."""
    return {str(b.number): [b.mark, b.unchanged_since.isoformat()] for b in blockers if b.unchanged_since}
