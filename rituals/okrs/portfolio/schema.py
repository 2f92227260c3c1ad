"""The portfolio file as typed, strict values: one class an entry. Shapes only; references, dates against cycles and
whether a key result can be computed are `check`'s.

The order of the fields is the order in which they are written; what equals its default is left out of a file.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from rituals.calendar import resolve
from rituals.okrs.model import Commitment, Kind, Level, Role, Stage
from rituals.okrs.portfolio.fields import (
    Amount,
    Confidence,
    Day,
    Done,
    Flag,
    HolidayPlace,
    Key,
    Moment,
    Name,
    Rhythm,
    Text,
    Zone,
)

SCHEMA = "plumbline/1"
LISTS = ("people", "units", "cycles", "objectives")


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, str) else value


_Word = BeforeValidator(_as_text)


class FileEntry(BaseModel):
    """An entry of the file: immutable, no keys but its own; a key without a value counts as absent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _leave_out_the_empty(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {k: v for k, v in data.items() if v is not None or k not in cls.model_fields}

    @property
    def label(self) -> str:
        """How a message calls it."""
        return str(getattr(self, "key", ""))


class PersonEntry(FileEntry):
    """A lead or reporter; `slack` (member id) or `email` finds the member."""

    key: Key
    name: Name
    email: Name | None = None
    slack: Name | None = None
    timezone: Zone | None = None


class UnitEntry(FileEntry):
    """A node of the organisation, with the rhythm of its check-ins and digests and the holidays of where it works.

    From the day it is `closed` it is part of what was only; a file that does not say so opens nothing again.
    """

    key: Key
    name: Name
    level: Annotated[Level, _Word]
    parent: Key | None = None
    leads: tuple[Key, ...] = ()
    stage: Annotated[Stage, _Word] | None = None
    channel: Name | None = None
    leadership_channel: Name | None = None
    cadence: Rhythm | None = None
    digest: Rhythm | None = None
    holidays: HolidayPlace | None = None
    binding: Flag = False
    private: Flag = False
    closed: Day | None = None


class CycleEntry(FileEntry):
    """A named span of local days, both included."""

    key: Key
    starts: Day
    ends: Day


class ContributionEntry(FileEntry):
    """A link to an objective above, and the sentence that says how."""

    objective: Key
    how: Text = ""


class MilestoneEntry(FileEntry):
    """A step of a milestone key result; `done` is the day it was done, or true where the day is not known."""

    title: Name
    weight: Amount = Decimal(1)
    due: Day | None = None
    done: Done = False


class PlanPoint(FileEntry):
    """The share of the way (0-1) that the stated course has reached on a day."""

    day: Day
    share: Amount


class UpdateEntry(FileEntry):
    """One value of the history. `at` is a day (its first instant in the file's timezone) or a time with its zone."""

    at: Moment
    value: Amount | None = None
    confidence: Confidence | None = None
    by: Key | None = None
    unit: Key | None = None
    role: Annotated[Role, _Word] = "report"
    blocked: Flag = False
    note: Text = ""
    evidence: Text = ""


class KeyResultEntry(FileEntry):
    """A measured outcome and its history. `starts` and `ends` only where its span differs from the cycle's."""

    key: Key
    title: Name
    kind: Annotated[Kind, _Word] = "increase"
    start: Amount | None = None
    target: Amount | None = None
    low: Amount | None = None
    high: Amount | None = None
    tolerance: Amount | None = None
    measured_in: Text = ""
    owners: tuple[Key, ...]
    reporter: Key | None = None
    commitment: Annotated[Commitment, _Word] = "aspirational"
    weight: Amount = Decimal(1)
    starts: Day | None = None
    ends: Day | None = None
    due: Day | None = None
    plan: tuple[PlanPoint, ...] = ()
    milestones: tuple[MilestoneEntry, ...] = ()
    updates: tuple[UpdateEntry, ...] = ()


class ObjectiveEntry(FileEntry):
    """Belongs to a unit and a cycle; holds key results and the links upward."""

    key: Key
    unit: Key
    cycle: Key
    title: Name
    contributes_to: tuple[ContributionEntry, ...] = ()
    key_results: tuple[KeyResultEntry, ...] = ()


class Portfolio(FileEntry):
    """The whole file."""

    timezone: Zone = "UTC"
    people: tuple[PersonEntry, ...] = ()
    units: tuple[UnitEntry, ...] = ()
    cycles: tuple[CycleEntry, ...] = ()
    objectives: tuple[ObjectiveEntry, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """Where a day without a time begins."""
        return ZoneInfo(self.timezone)

    def key_results(self) -> Iterator[tuple[ObjectiveEntry, KeyResultEntry]]:
        """Every key result with its objective, in the order of the file."""
        return ((objective, kr) for objective in self.objectives for kr in objective.key_results)


class Header(FileEntry):
    """The file's first lines. `timezone` is for digests and for people whose own zone is not known."""

    format: Annotated[Literal["plumbline/1"], _Word] = Field(alias="schema")
    timezone: Zone = "UTC"


def instant_of(update: UpdateEntry, zone: ZoneInfo) -> datetime:
    """When an update was given (UTC): a day is its first instant in `zone`."""
    return update.at.astimezone(UTC) if isinstance(update.at, datetime) else resolve(update.at, time(0), zone)
