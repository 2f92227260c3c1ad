"""The alignment figures as they stood on a day, so that a cycle has a baseline, an end and a trend; and the findings of
the quality checks that somebody dismissed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import document, instant, one_of
from storage.tables import organisation  # noqa: F401 - what its rows point at


class AlignmentRecord(SQLModel, table=True):
    """One unit's figures on one local day of a cycle; `figures` are numbers by name, null where not known."""

    __tablename__ = "alignment_record"
    __table_args__ = (UniqueConstraint("team_id", "unit_id", "cycle_id", "local_date"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    cycle_id: int = Field(foreign_key="cycle.id")
    local_date: date
    figures: dict[str, Any] | None = document()
    at: datetime = instant()


class Dismissal(SQLModel, table=True):
    """What people said of a finding, with the reason: it stays so. `finding` is its own fixed name."""

    __tablename__ = "dismissal"
    __table_args__ = (UniqueConstraint("team_id", "finding"), one_of("verdict", "dismissed", "confirmed"))
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    finding: str
    verdict: str = Field(default="dismissed", sa_column_kwargs={"server_default": "dismissed"})
    reason: str
    slack_user: str
    at: datetime = instant()
