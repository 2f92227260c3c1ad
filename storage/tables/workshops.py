"""The alignment workshop at a cycle's start: where it is, and what the lines said of each other's drafts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import document, instant, one_of
from storage.tables import blockers, okrs, organisation  # noqa: F401 - what its rows point at


class Workshop(SQLModel, table=True):
    """One workshop of a portfolio and cycle. `step` counts up with every move, so that of two people who press at once
    one moves it; `moved_by` (a Slack id) and `moved_at` say whose was the last. `turns` is the order of the lines (unit
    keys), `turn` the one whose ten minutes run until `turn_ends_at`; at `tick_at` its clock shows something new.

    The lines are asked for drafts at `ask_at`, the agenda was posted at `agenda_at`. `before` and `after` are the
    coverage figures when it began and when it was closed. `run` counts how often it was planned anew after a
    cancellation. `facilitator` and `confirmed_by` are Slack ids, `remark` is why it was not confirmed.
    """

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
    ask_at: datetime = instant()
    agenda_at: datetime | None = instant(optional=True)
    run: int = 1
    facilitator: str = ""
    state: str = "planned"
    step: int = 0
    turns: list[Any] | None = document()
    turn: int = 0
    turn_ends_at: datetime | None = instant(optional=True)
    tick_at: datetime | None = instant(optional=True)
    moved_by: str = ""
    moved_at: datetime | None = instant(optional=True)
    begun_at: datetime | None = instant(optional=True)
    before: dict[str, Any] | None = document()
    after: dict[str, Any] | None = document()
    confirmed_by: str = ""
    confirmed_at: datetime | None = instant(optional=True)
    remark: str = ""
    closed_at: datetime | None = instant(optional=True)


class WorkshopOffer(SQLModel, table=True):
    """That the workshop of a unit and cycle was proposed, for `starts_at`, and who (a Slack id) left it out for the
    cycle, if anybody did. Whether it is planned is in the workshop's own row.
    """

    __tablename__ = "workshop_offer"
    __table_args__ = (UniqueConstraint("team_id", "unit_id", "cycle_id"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    cycle_id: int = Field(foreign_key="cycle.id")
    starts_at: datetime = instant()
    offered_at: datetime = instant()
    declined_by: str = ""
    declined_at: datetime | None = instant(optional=True)


class WorkshopItem(SQLModel, table=True):
    """A dependency, conflict, opportunity or decision that somebody saw in the drafts of `unit_id`, with
    `other_unit_id`. Of a dependency `provider` says whose turn it is to deliver: that of the draft's unit or the other.

    `at` is when its author last said so or took it back, so that events out of order change nothing. `state`, `note`
    and who decided are the lines' answer; an accepted dependency has the blocker and handshake it became.
    """

    __tablename__ = "workshop_item"
    __table_args__ = (
        UniqueConstraint("team_id", "source_key"),
        one_of("kind", "dependency", "conflict", "opportunity", "decision"),
        one_of("provider", "", "draft", "other"),
        one_of("state", "open", "accepted", "adjusted", "declined"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    workshop_id: int = Field(foreign_key="workshop.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    other_unit_id: int | None = Field(default=None, foreign_key="unit.id")
    objective_id: int | None = Field(default=None, foreign_key="objective.id")
    kind: str
    provider: str = ""
    text: str = ""
    until: date | None = None
    slack_user: str
    source_key: str
    at: datetime = instant()
    retracted_at: datetime | None = instant(optional=True)
    state: str = "open"
    note: str = ""
    decided_by: str = ""
    decided_at: datetime | None = instant(optional=True)
    blocker_id: int | None = Field(default=None, foreign_key="blocker.id")
