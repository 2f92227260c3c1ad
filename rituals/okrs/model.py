"""Objectives and key results as values: what the rules work on. Records of the database are turned into these
at the services' edge; nothing here loads, writes or formats.

Amounts are Decimal, shares of progress and time are Fraction (exact, so that a gap of exactly 10 points is on
track), instants are aware UTC datetimes, days are local dates.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Kind = Literal["increase", "decrease", "keep_above", "keep_below", "keep_between", "milestone", "binary"]
Commitment = Literal["committed", "aspirational"]
Role = Literal["report", "view"]
Status = Literal["closed", "achieved", "not_started", "no_data", "stale", "off_track", "at_risk", "on_track"]
HandStatus = Literal["on_track", "at_risk", "off_track"]
Level = Literal["company", "business_unit", "portfolio", "product_line", "team"]
Stage = Literal["growth", "mature", "sunset"]

KEEP_KINDS: frozenset[str] = frozenset({"keep_above", "keep_below", "keep_between"})


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of a milestone key result. `done` is the day it was done, True (day unknown) or False."""

    title: str
    weight: Decimal = Decimal(1)
    due: date | None = None
    done: date | bool = False


@dataclass(frozen=True, slots=True)
class Update:
    """One reported value. `role` is "report" (moves the key result) or "view" (a co-owner's look at it).

    `value` is in the key result's own unit of measure; for milestones it is the weight done, for binary 0 or 1.
    None where only a confidence (0-10) was given. `unit` is the key of the unit the author spoke for. `status` is one
    that was set by hand, with its `status_reason`.
    """

    at: datetime
    value: Decimal | None
    confidence: int | None = None
    by: str | None = None
    note: str = ""
    evidence: str = ""
    unit: str | None = None
    role: Role = "report"
    blocked: bool = False
    id: int | None = None
    status: HandStatus | None = None
    status_reason: str = ""


@dataclass(frozen=True, slots=True)
class KeyResult:
    """A measured outcome with its history. `starts` and `ends` are its own span (its cycle's unless it has dates).

    `target` is the bound of keep_above and keep_below; keep_between has `low` and `high`. `owners` are unit keys,
    two or more make it shared. `plan` is the stated course as (day, share 0-1) points. `updates` are in time order.
    `carried_from` is the row id of the one of the cycle before that it goes on from.
    """

    key: str
    title: str
    kind: Kind
    starts: date
    ends: date
    objective: str
    owners: tuple[str, ...]
    start: Decimal | None = None
    target: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    tolerance: Decimal | None = None
    measured_in: str = ""
    reporter: str | None = None
    commitment: Commitment = "aspirational"
    weight: Decimal = Decimal(1)
    plan: tuple[tuple[date, Decimal], ...] = ()
    due: date | None = None
    milestones: tuple[Milestone, ...] = ()
    updates: tuple[Update, ...] = ()
    cycle_closed: bool = False
    id: int | None = None
    carried_from: int | None = None

    @property
    def shared(self) -> bool:
        """Owned by two or more units."""
        return len(self.owners) > 1

    @property
    def reports(self) -> tuple[Update, ...]:
        """The updates that move it: reported ones that carry a value."""
        return tuple(u for u in self.updates if u.role == "report" and u.value is not None)


@dataclass(frozen=True, slots=True)
class Contribution:
    """A link from an objective to one above it, with the sentence that says how it moves it."""

    objective: str
    how: str


@dataclass(frozen=True, slots=True)
class Objective:
    """Belongs to a unit and a cycle; holds key results and the links upward."""

    key: str
    title: str
    unit: str
    cycle: str
    key_results: tuple[KeyResult, ...] = ()
    contributes_to: tuple[Contribution, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A node of the organisation. `leads` are person keys; what a `private` one owns is not everybody's to see.

    `hidden` is set by `roles.seen_by` where the reader may not know more than that there is a unit: its name is gone.
    From `closed_on` on (a local day) it is part of nothing that runs, and of everything that was.
    """

    key: str
    name: str
    level: Level
    parent: str | None = None
    leads: tuple[str, ...] = ()
    stage: Stage | None = None
    private: bool = False
    hidden: bool = False
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Bands:
    """The workspace's thresholds, in points behind: above `at_risk` is at risk, above `off_track` off track."""

    at_risk: int = 10
    off_track: int = 25


@dataclass(frozen=True, slots=True)
class Flag:
    """One reason why a shared key result is falling behind, with the numbers that made the rule fire."""

    reason: Literal["pace", "trend", "stalled", "silent", "confidence", "divergence"]
    numbers: dict[str, float | int | str] = field(default_factory=dict)
