"""The registers that check-ins feed: blockers and proposed adjustments."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import document, instant, one_of
from storage.tables import checkins, okrs, organisation  # noqa: F401 - what its rows point at


class Blocker(SQLModel, table=True):
    """Something that needs someone else to act. `number` is the 12 of B-12, counted per workspace.

    `kind` is "" where nobody said; `owner_id` is who is to act next, on what (`next_action`) and by when (`next_on`).
    """

    __tablename__ = "blocker"
    __table_args__ = (
        UniqueConstraint("team_id", "number"),
        one_of("state", "open", "resolved", "withdrawn"),
        one_of("kind", "", "dependency", "decision", "resource", "technical", "external", "scope", "people"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    number: int
    text: str
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    waits_for_unit_id: int | None = Field(default=None, foreign_key="unit.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    key_result_id: int | None = Field(default=None, foreign_key="key_result.id")
    answer_id: int | None = Field(default=None, foreign_key="answer.id", index=True)
    until: date | None = None
    kind: str = ""
    owner_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    next_action: str = ""
    next_on: date | None = None
    state: str = "open"
    opened_at: datetime = instant()
    resolved_at: datetime | None = instant(optional=True)
    resolved_by: int | None = Field(default=None, foreign_key="person.id")


class Handshake(SQLModel, table=True):
    """A unit that was asked to take something out of another's way, and what it said to that.

    asked -> accepted, countered (with a day of its own) or declined; countered -> accepted or disputed. `day` is the
    one that stands: asked for, then offered. `note` is the provider's words.
    """

    __tablename__ = "handshake"
    __table_args__ = (
        UniqueConstraint("blocker_id", "unit_id"),
        one_of("state", "asked", "accepted", "countered", "declined", "disputed"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    blocker_id: int = Field(foreign_key="blocker.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    asked_by: int = Field(foreign_key="person.id")
    asked_at: datetime = instant()
    day: date | None = None
    note: str = ""
    state: str = "asked"
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = instant(optional=True)


class Adjustment(SQLModel, table=True):
    """A proposed change to an OKR, in the lead's words. `number` is the 3 of A-3.

    `form` is what a form would change, {texts, lists} by field; null where it was said in words alone. `decision` is ""
    until somebody decided, and `note` is why.
    """

    __tablename__ = "adjustment"
    __table_args__ = (
        UniqueConstraint("team_id", "number"),
        one_of("state", "open", "decided", "withdrawn"),
        one_of("decision", "", "accepted", "declined"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    number: int
    text: str
    key_result_id: int | None = Field(default=None, foreign_key="key_result.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    answer_id: int | None = Field(default=None, foreign_key="answer.id", index=True)
    reason: str = ""
    form: dict[str, Any] | None = document()
    decision: str = ""
    note: str = ""
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = instant(optional=True)
    state: str = "open"
    proposed_at: datetime = instant()
