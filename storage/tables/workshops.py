"""The alignment workshop at a cycle's start: where it is, and what the lines said of each other's drafts."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import document, instant, one_of


class Workshop(SQLModel, table=True):
    """One workshop of a portfolio and cycle. `step` counts up with every move, so that of two people who press at once
    one moves it; `turns` is the order of the lines (unit keys), `turn` the one whose ten minutes run until
    `turn_ends_at`. `before` and `after` are the coverage figures when it began and when it was closed."""

    __tablename__ = "workshop"
    __table_args__ = (
        UniqueConstraint("team_id", "unit_id", "cycle_id"),
        one_of("state", "planned", "drafting", "presenting", "adjusting", "confirming", "closed", "cancelled"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    cycle_id: int = Field(foreign_key="cycle.id")
    channel: str
    starts_at: datetime = instant()
    state: str = "planned"
    step: int = 0
    turns: list[Any] | None = document()
    turn: int = 0
    turn_ends_at: datetime | None = instant(optional=True)
    before: dict[str, Any] | None = document()
    after: dict[str, Any] | None = document()
    confirmed_by: str = ""
    confirmed_at: datetime | None = instant(optional=True)
    remark: str = ""
    started_by: str = ""
    closed_at: datetime | None = instant(optional=True)


class WorkshopItem(SQLModel, table=True):
    """A dependency, conflict, opportunity or decision that somebody saw in a line's drafts, with `other_unit_id`."""

    __tablename__ = "workshop_item"
    __table_args__ = (
        UniqueConstraint("team_id", "source_key"),
        one_of("kind", "dependency", "conflict", "opportunity", "decision"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    workshop_id: int = Field(foreign_key="workshop.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    other_unit_id: int | None = Field(default=None, foreign_key="unit.id")
    objective_id: int | None = Field(default=None, foreign_key="objective.id")
    kind: str
    text: str = ""
    slack_user: str
    source_key: str
    at: datetime = instant()
    retracted_at: datetime | None = instant(optional=True)
