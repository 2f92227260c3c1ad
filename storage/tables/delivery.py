"""What must reach Slack exactly once (outbox), what came from it (inbox), and the pace shared by all senders."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import document, instant, one_of
from storage.tables import organisation  # noqa: F401 - what its rows point at


class OutboxRow(SQLModel, table=True):
    """A promised effect. `key` is unique: promising it again is a no-op (post) or makes it due again (live).

    `mode`: post (frozen `data`, sent once), live (posted once, then updated; `data` holds the subject's id and
    the current state is rendered when it is sent), home (published view) or gone (a message that is taken back: deleted
    where it stands). `to` is a channel or user id.
    `thread_of` is the key of the row whose message it replies to; `thread_ts` a message of a person's.
    `wanted` counts requests to render, `rendered` the one last shown: behind means due again.
    `marker` is the opaque key in the message's metadata that a retry looks for; `uncertain` says that a send may
    have reached Slack without our knowing.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("team_id", "key"),
        one_of("mode", "post", "live", "home", "gone"),
        one_of("state", "due", "leased", "sent", "dead"),
        Index("ix_outbox_due", "state", "due_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    key: str
    kind: str
    mode: str = "post"
    to: str
    data: dict[str, Any] | None = document()
    thread_of: str | None = None
    thread_ts: str | None = None
    marker: str
    state: str = "due"
    due_at: datetime = instant()
    lease_until: datetime | None = instant(optional=True)
    lease_by: str | None = None
    attempts: int = 0
    uncertain: bool = False
    wanted: int = 1
    rendered: int = 0
    channel: str | None = None
    ts: str | None = Field(default=None, index=True)
    sent_at: datetime | None = instant(optional=True)
    error: str = ""
    created_at: datetime = instant()


class InboxEvent(SQLModel, table=True):
    """An event, command or click that arrived; the key is Slack's own, so a redelivery is seen.

    `body` is the payload as JSON until the work is done (then empty): what a restart replays. After a fault of ours
    it stays, with the reference that the person was told, so that nothing typed is lost.
    """

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_open", "handled_at", "received_at"),)
    team_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    kind: str
    body: str = ""
    received_at: datetime = instant()
    handled_at: datetime | None = instant(optional=True)
    fault: str = Field(default="", sa_column_kwargs={"server_default": ""})


class PaceSlot(SQLModel, table=True):
    """When a channel or the workspace may be written to next, shared by every sender."""

    __tablename__ = "pace"
    team_id: str = Field(primary_key=True)
    scope: str = Field(primary_key=True)
    free_at: datetime = instant()
