"""What a digest leaves for the next one: its snapshot, and how the next reads it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from rituals.digests.carrying import kept
from rituals.digests.facts import Before, DigestFacts
from rituals.digests.registers import Told
from rituals.okrs.load import CycleSpan
from rituals.okrs.pace import local_day
from rituals.okrs.state import PortfolioState
from storage.tables import DigestIssue


def snapshot(facts: DigestFacts) -> dict[str, Any]:
    """What the next digest needs to know of this one, as JSON: shares are exact fractions in text."""
    return {
        "at": facts.now.isoformat(),
        "connection_rate": None if facts.connection is None else str(facts.connection),
        "key_results": {
            k.kr.key: {
                "progress": None if k.figures.progress is None else str(k.figures.progress),
                "status": k.figures.status,
                "behind": k.behind,
            }
            for k in facts.key_results
        },
        "blockers": [b.number for b in (*facts.blockers, *facts.waited_for)],
        "adjustments": [a.number for a in facts.adjustments],
        "carried": kept(facts.blockers),
    }


@dataclass(frozen=True)
class Previous:
    """The last digest that a unit's people were given; `issue` is None before the first."""

    issue: DigestIssue | None

    @property
    def _snapshot(self) -> Mapping[str, Any]:
        return (self.issue.snapshot if self.issue else None) or {}

    @property
    def at(self) -> datetime | None:
        """The instant of which it tells: one that waited for a person was put together before it was issued."""
        if self.issue is None:
            return None
        at = self._snapshot.get("at")
        return datetime.fromisoformat(at) if at else self.issue.issued_at

    @property
    def told(self) -> Told | None:
        """What it had of the registers."""
        found = self._snapshot
        if self.issue is None:
            return None
        said, proposed = (frozenset(found.get(name, ())) for name in ("blockers", "adjustments"))
        return Told(said, proposed, found.get("carried", {}))

    def connection(self, state: PortfolioState, cycle: CycleSpan | None) -> Fraction | None:
        """The rate it gave, where it was of the same cycle: another one's objectives are other ones."""
        if self.at is None or (cycle is not None and local_day(self.at, state.zone) < cycle.starts):
            return None
        return _share(self._snapshot, "connection_rate")

    def key_result(self, key: str) -> Before | None:
        """How one stood in it."""
        found = (self._snapshot.get("key_results") or {}).get(key)
        return None if found is None else Before(_share(found, "progress"), found["status"], bool(found["behind"]))


def _share(found: Mapping[str, Any], name: str) -> Fraction | None:
    value = found.get(name)
    return None if value is None else Fraction(value)
