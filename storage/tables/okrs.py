"""Objectives, their links upward, key results and the append-only history of their values."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import amount, document, instant, one_of
from storage.tables import checkins, organisation  # noqa: F401 - what its rows point at


class Objective(SQLModel, table=True):
    """Belongs to a unit and a cycle. `carried_from`: the one of the cycle before that it goes on from."""

    __tablename__ = "objective"
    __table_args__ = (UniqueConstraint("team_id", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    key: str
    unit_id: int = Field(foreign_key="unit.id")
    cycle_id: int = Field(foreign_key="cycle.id", index=True)
    title: str
    carried_from: int | None = Field(default=None, foreign_key="objective.id")
    position: int = 0


class Contribution(SQLModel, table=True):
    """From an objective to one above it, with the sentence that says how."""

    __tablename__ = "contribution"
    objective_id: int = Field(foreign_key="objective.id", primary_key=True)
    to_objective_id: int = Field(foreign_key="objective.id", primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    how: str = ""
    position: int = 0


class KeyResult(SQLModel, table=True):
    """A measured outcome. `starts`/`ends` only where its span differs from the cycle's.

    `plan` is a list of [ISO date, share text]; `milestones` a list of {title, weight, due, done}.
    `carried_from`: the one of the cycle before that it goes on from, with its history.
    """

    __tablename__ = "key_result"
    __table_args__ = (
        UniqueConstraint("team_id", "key"),
        one_of("kind", "increase", "decrease", "keep_above", "keep_below", "keep_between", "milestone", "binary"),
        one_of("commitment", "committed", "aspirational"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    key: str
    objective_id: int = Field(foreign_key="objective.id", index=True)
    title: str
    kind: str = "increase"
    start: Decimal | None = amount()
    target: Decimal | None = amount()
    low: Decimal | None = amount()
    high: Decimal | None = amount()
    tolerance: Decimal | None = amount()
    measured_in: str = ""
    reporter_id: int | None = Field(default=None, foreign_key="person.id")
    commitment: str = "aspirational"
    weight: Decimal | None = amount()
    starts: date | None = None
    ends: date | None = None
    due: date | None = None
    plan: list[Any] | None = document()
    milestones: list[Any] | None = document()
    carried_from: int | None = Field(default=None, foreign_key="key_result.id")
    position: int = 0


class KeyResultOwner(SQLModel, table=True):
    """A unit that owns a key result; two or more make it shared."""

    __tablename__ = "key_result_owner"
    key_result_id: int = Field(foreign_key="key_result.id", primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    position: int = 0


class Evidence(SQLModel, table=True):
    """A Slack message that somebody put beside a key result. `excerpt` is its text, shortened; `author` a Slack id."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("team_id", "key_result_id", "permalink"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    key_result_id: int = Field(foreign_key="key_result.id", index=True)
    permalink: str
    excerpt: str = ""
    author: str = ""
    said_at: datetime = instant()
    added_by: str
    added_at: datetime = instant()
    retracted_at: datetime | None = instant(optional=True)


class KeyResultUpdate(SQLModel, table=True):
    """One reported value; never changed. An undo sets `retracted_at` and leaves the rest for the history.

    `role` is report (moves the key result) or view (a co-owner's look); `source` says where it was given, and
    `source_key` names the very click, command or line of an answer, so that a replay writes nothing twice. `status` is
    one that the person set by hand, with its `status_reason`; it holds while this is the newest update that stands.
    """

    __tablename__ = "key_result_update"
    __table_args__ = (
        one_of("role", "report", "view"),
        one_of("source", "import", "command", "form", "checkin", "home"),
        one_of("status", "on_track", "at_risk", "off_track"),
        CheckConstraint("status IS NULL OR status_reason <> ''", name="status_reason"),
        CheckConstraint("confidence IS NULL OR confidence BETWEEN 0 AND 10", name="confidence"),
        UniqueConstraint("team_id", "source_key"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    key_result_id: int = Field(foreign_key="key_result.id", index=True)
    at: datetime = instant()
    value: Decimal | None = amount()
    confidence: int | None = None
    person_id: int | None = Field(default=None, foreign_key="person.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    note: str = ""
    evidence: str = ""
    role: str = "report"
    blocked: bool = False
    status: str | None = None
    status_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    source: str = "import"
    source_key: str | None = None
    answer_id: int | None = Field(default=None, foreign_key="answer.id", index=True)
    retracted_at: datetime | None = instant(optional=True)
