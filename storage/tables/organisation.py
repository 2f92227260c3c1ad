"""Who works here: the workspace, its people, units with their leads, and cycles."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint, false
from sqlmodel import Field, SQLModel

from storage.columns import document, instant, one_of


class Workspace(SQLModel, table=True):
    """One Slack workspace. `url` is its address, for permalinks; thresholds are points behind.

    `timezone` is for digests and for people whose own zone is not known. `quiet` is {from, to} in wall time, for
    all who have no quiet hours of their own; null is the built-in default. `model_off` is the workspace's own switch;
    `language` (a code such as "de") is what a model is asked to write in, `model_tokens_a_day` what it may cost.
    """

    __tablename__ = "workspace"
    team_id: str = Field(primary_key=True)
    name: str = ""
    timezone: str = "UTC"
    url: str = ""
    bot_user: str | None = None
    admin_user: str | None = None
    at_risk_above: int = 10
    off_track_above: int = 25
    quiet: dict[str, Any] | None = document()
    nudges_a_week: int = 5
    model_off: bool = False
    language: str = "en"
    model_tokens_a_day: int = 200_000
    approve_digests: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    anonymous_ratings: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    created_at: datetime = instant()


class Person(SQLModel, table=True):
    """A member who leads or reports. `slack` is the user id, `dm` the conversation with the bot once opened.

    `timezone` is Slack's (or the file's), `own_timezone` the one they chose here. Away are the days from `away_from`
    to `away_until`, both included; `away_by` says who told. `admin` is Slack's word for it.
    """

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("team_id", "key"),
        UniqueConstraint("team_id", "slack"),
        one_of("away_by", "", "command", "status"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    key: str
    name: str
    email: str | None = None
    slack: str | None = None
    timezone: str | None = None
    dm: str | None = None
    own_timezone: str | None = None
    quiet: dict[str, Any] | None = document()
    away_from: date | None = None
    away_until: date | None = None
    away_by: str = ""
    delegate_id: int | None = Field(default=None, foreign_key="person.id")
    admin: bool = False


class Unit(SQLModel, table=True):
    """A node of the organisation. `cadence` and `digest` are the file format's mappings, `position` its order.

    `holidays` is {country, region?}; a `binding` cadence leaves units below it none of their own; what a `private`
    unit owns is shown to its leads, those above them and admins only.
    """

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("team_id", "key"),
        one_of("level", "company", "business_unit", "portfolio", "product_line", "team"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    key: str
    name: str
    level: str
    parent_id: int | None = Field(default=None, foreign_key="unit.id")
    stage: str | None = None
    channel: str | None = None
    leadership_channel: str | None = None
    cadence: dict[str, Any] | None = document()
    digest: dict[str, Any] | None = document()
    holidays: dict[str, Any] | None = document()
    binding: bool = False
    private: bool = False
    audiences: dict[str, Any] | None = document()
    closed_on: date | None = None
    position: int = 0


class UnitLead(SQLModel, table=True):
    """A person who answers for a unit, in the order of the file."""

    __tablename__ = "unit_lead"
    unit_id: int = Field(foreign_key="unit.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    position: int = 0


class Cycle(SQLModel, table=True):
    """A named span of local dates, both inclusive."""

    __tablename__ = "cycle"
    __table_args__ = (UniqueConstraint("team_id", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    key: str
    starts: date
    ends: date
    closed_at: datetime | None = instant(optional=True)
    position: int = 0
