"""The close of a cycle: how far it is, and the grade of each key result with what became of it."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import amount, document, instant, one_of
from storage.tables import okrs, organisation  # noqa: F401 - what its rows point at


class CycleClose(SQLModel, table=True):
    """One pass over a cycle. `figures` is its retrospective, frozen when it was closed; `reminded_at` is when its
    closing was asked for, for want of one (then nobody has started it). `asked` is a close that somebody has submitted
    and that is still to be carried out: {by, key, starts, ends, early, message}."""

    __tablename__ = "cycle_close"
    __table_args__ = (UniqueConstraint("team_id", "cycle_id"), one_of("state", "open", "closed"))
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    cycle_id: int = Field(foreign_key="cycle.id")
    next_cycle_id: int | None = Field(default=None, foreign_key="cycle.id")
    state: str = "open"
    started_by: str
    started_at: datetime = instant()
    closed_by: str = ""
    closed_at: datetime | None = instant(optional=True)
    figures: dict[str, Any] | None = document()
    reminded_at: datetime | None = instant(optional=True)
    asked: dict[str, Any] | None = document()


class Grade(SQLModel, table=True):
    """A key result's score (0.0-1.0) at the end of its cycle. `suggested` is what its progress says; another score
    needs a reason. `outcome`: closed, carried over (`carried_to` is the key result that goes on, with `target` a new
    one if any) or dropped."""

    __tablename__ = "grade"
    __table_args__ = (UniqueConstraint("team_id", "key_result_id"), one_of("outcome", "closed", "carried", "dropped"))
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    key_result_id: int = Field(foreign_key="key_result.id")
    cycle_id: int = Field(foreign_key="cycle.id", index=True)
    suggested: Decimal | None = amount()
    score: Decimal | None = amount()
    reason: str = ""
    note: str = ""
    outcome: str
    target: Decimal | None = amount()
    carried_to: int | None = Field(default=None, foreign_key="key_result.id")
    slack_user: str
    at: datetime = instant()
