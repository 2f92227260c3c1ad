"""Check-in rounds, who was asked, what they answered word for word, and guesses that wait to be confirmed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import document, instant, one_of
from storage.tables import organisation  # noqa: F401 - what its rows point at


class CheckinRound(SQLModel, table=True):
    """One occurrence of a unit's cadence. One row per unit and local date, whatever the zones: the ledger."""

    __tablename__ = "checkin_round"
    __table_args__ = (
        UniqueConstraint("team_id", "unit_id", "local_date"),
        one_of("state", "open", "closed", "skipped"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    cycle_id: int | None = Field(default=None, foreign_key="cycle.id")
    local_date: date
    number: int
    of: int | None = None
    slot: datetime = instant()
    due_at: datetime = instant()
    state: str = "open"
    reason: str = ""
    closed_at: datetime | None = instant(optional=True)


class CheckinAsk(SQLModel, table=True):
    """One lead of one round: when they are asked (their own wall time) and where it stands.

    `delegate_id` is who is asked instead; `started_at` the first sign that they began (form opened, first words);
    `remind_at` and `last_call_at` are when to remind, `reminded_at` and `last_called_at` when it was done. `partly`:
    something was said, but not of everything that is always asked.
    """

    __tablename__ = "checkin_ask"
    __table_args__ = (
        UniqueConstraint("round_id", "person_id"),
        one_of("state", "upcoming", "asked", "answered", "late", "missed", "skipped"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    round_id: int = Field(foreign_key="checkin_round.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    slot: datetime = instant()
    due_at: datetime = instant()
    remind_at: datetime = instant()
    state: str = "upcoming"
    asked_at: datetime | None = instant(optional=True)
    reminded_at: datetime | None = instant(optional=True)
    answered_at: datetime | None = instant(optional=True)
    delegate_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    reason: str = ""
    snoozed_until: datetime | None = instant(optional=True)
    started_at: datetime | None = instant(optional=True)
    last_call_at: datetime | None = instant(optional=True)
    last_called_at: datetime | None = instant(optional=True)
    escalated_at: datetime | None = instant(optional=True)
    partly: bool = False


class Answer(SQLModel, table=True):
    """What a lead said, word for word, stored before anything is read from it. An edit is a new version.

    `text` is what was typed (threads) or null; `form` what a form sent. `source_key` is the Slack message or view
    it came from: unique with the version, so that a redelivered event stores nothing twice. `edited_ts` is Slack's own
    instant of the edit that a version is; `fault` names why it could not be read.
    """

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("team_id", "source_key", "version"),
        one_of("source", "dm", "channel", "form", "button"),
        CheckConstraint("version >= 1", name="version"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    ask_id: int | None = Field(default=None, foreign_key="checkin_ask.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    slack_user: str
    source: str
    source_key: str
    version: int = 1
    text: str = ""
    form: dict[str, Any] | None = document()
    reading: dict[str, Any] | None = document()
    channel: str | None = None
    ts: str | None = None
    thread_ts: str | None = None
    permalink: str | None = None
    at: datetime = instant()
    late: bool = False
    superseded: bool = False
    edited_ts: str | None = None
    fault: str = ""


class Proposal(SQLModel, table=True):
    """Something read from an answer that was not certain: applied only when a person confirms it."""

    __tablename__ = "proposal"
    __table_args__ = (one_of("state", "open", "confirmed", "dismissed"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    answer_id: int = Field(foreign_key="answer.id", index=True)
    text: str
    choices: list[Any] | None = document()
    data: dict[str, Any] | None = document()
    state: str = "open"
    decided_at: datetime | None = instant(optional=True)
