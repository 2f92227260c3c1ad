"""Sharing a key result: each co-owner's yes or no, and what of their own supports it."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import instant, one_of
from storage.tables import okrs, organisation  # noqa: F401 - what its rows point at


class Ownership(SQLModel, table=True):
    """A unit that was asked to own a key result together with others. Those that are not here were never asked: they
    own it by the portfolio's file, or asked themselves.

    Countered: it offers `other_unit_id` in its place, or, without one, to support it only. Withdrawn: whoever edits the
    key result took it out. `times` is how often it was asked; each time is a question of its own. `reminded_at` is of
    what stands: who the question or the offer waits for is reminded once of each.
    """

    __tablename__ = "ownership"
    __table_args__ = (
        UniqueConstraint("key_result_id", "unit_id"),
        one_of("state", "asked", "accepted", "declined", "countered", "withdrawn"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    key_result_id: int = Field(foreign_key="key_result.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    asked_by: int = Field(foreign_key="person.id")
    asked_at: datetime = instant()
    times: int = 1
    state: str = "asked"
    other_unit_id: int | None = Field(default=None, foreign_key="unit.id")
    note: str = ""
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = instant(optional=True)
    reminded_at: datetime | None = instant(optional=True)


class Support(SQLModel, table=True):
    """What a co-owner does of its own for a shared key result: one of its objectives or one of its key results."""

    __tablename__ = "support"
    __table_args__ = (UniqueConstraint("key_result_id", "unit_id"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    key_result_id: int = Field(foreign_key="key_result.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    objective_id: int | None = Field(default=None, foreign_key="objective.id")
    by_key_result_id: int | None = Field(default=None, foreign_key="key_result.id")
    slack_user: str
    at: datetime = instant()
