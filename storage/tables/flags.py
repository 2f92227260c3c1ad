"""What the flags of shared key results did over time, and the threads in which their co-owners agree on one value."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import amount, document, instant, one_of
from storage.tables import okrs, organisation  # noqa: F401 - what its rows point at


class FlagEvent(SQLModel, table=True):
    """A reason of METHOD that opened, worsened or recovered; `numbers` are the flag's own. Never rewritten."""

    __tablename__ = "flag_event"
    __table_args__ = (
        UniqueConstraint("team_id", "key_result_id", "reason", "local_date", "event"),
        one_of("event", "opened", "worsened", "recovered"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    key_result_id: int = Field(foreign_key="key_result.id", index=True)
    reason: str
    event: str
    numbers: dict[str, Any] | None = document()
    local_date: date
    at: datetime = instant()


class FlagLook(SQLModel, table=True):
    """When the flags of a workspace were looked at last, what the newest update and change were then, and when to look
    at the latest again."""

    __tablename__ = "flag_look"
    team_id: str = Field(foreign_key="workspace.team_id", primary_key=True)
    looked_at: datetime = instant()
    next_at: datetime = instant()
    update_id: int = 0
    change_id: int = 0


class FlagThread(SQLModel, table=True):
    """One conversation of the co-owners of a shared key result that falls behind. One is open at a time: `key` is
    `<key result id>:open` while it is, and `<key result id>:<id>` afterwards. It stands in `channel`, or with "" in a
    direct message to each; `why` says how it ended without an agreement."""

    __tablename__ = "flag_thread"
    __table_args__ = (UniqueConstraint("team_id", "key"), one_of("state", "open", "agreed", "ended"))
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    key_result_id: int = Field(foreign_key="key_result.id", index=True)
    key: str
    state: str = "open"
    channel: str = ""
    value: Decimal | None = amount()
    next_step: str = ""
    next_on: date | None = None
    why: str = ""
    opened_at: datetime = instant()
    ended_at: datetime | None = instant(optional=True)


class FlagView(SQLModel, table=True):
    """What one co-owner says the true value is, and the next step; the newest of a unit counts."""

    __tablename__ = "flag_view"
    __table_args__ = (UniqueConstraint("team_id", "source_key"),)
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    thread_id: int = Field(foreign_key="flag_thread.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    person_id: int = Field(foreign_key="person.id")
    value: Decimal | None = amount()
    note: str = ""
    next_step: str = ""
    next_on: date | None = None
    source_key: str
    at: datetime = instant()
