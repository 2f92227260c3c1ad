"""Digests that were issued: the ledger of occurrences, what was said, so that the next one knows what changed, what a
person did to them before they went out, and what readers thought of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import document, instant, one_of
from storage.tables import organisation  # noqa: F401 - what its rows point at


class DigestIssue(SQLModel, table=True):
    """One occurrence of a unit's digest for an audience. `snapshot` is {kr key: {progress, status}} and the figures at
    that instant. One that waits for a person is `held` with its frozen `notice`, {digest, details, to}; `edits` are
    the lines they wrote instead, by place, {text, by, user}. `withdrawn`: taken back by the person who let it go.
    `next_at` is when time has something to do with it next: a reminder, the end of the wait, of the time to undo.
    """

    __tablename__ = "digest_issue"
    __table_args__ = (
        UniqueConstraint("team_id", "unit_id", "local_date", "audience"),
        one_of("state", "due", "held", "issued", "skipped", "withdrawn"),
        one_of("audience", "leadership", "portfolio", "unit"),
        Index("ix_digest_issue_state", "team_id", "state"),
        Index("ix_digest_issue_next", "team_id", "next_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    local_date: date
    audience: str = Field(default="leadership", sa_column_kwargs={"server_default": "leadership"})
    slot: datetime = instant()
    state: str = "due"
    reason: str = ""
    snapshot: dict[str, Any] | None = document()
    issued_at: datetime | None = instant(optional=True)
    notice: dict[str, Any] | None = document()
    edits: dict[str, Any] | None = document()
    decided_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    decided_at: datetime | None = instant(optional=True)
    next_at: datetime | None = instant(optional=True)


class DigestFeedback(SQLModel, table=True):
    """What a reader (a Slack user) said of a digest; the last word counts."""

    __tablename__ = "digest_feedback"
    __table_args__ = (UniqueConstraint("digest_id", "slack_user"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    digest_id: int = Field(foreign_key="digest_issue.id")
    slack_user: str
    useful: bool
    comment: str = ""
    at: datetime = instant()
