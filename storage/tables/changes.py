"""Who changed what about the portfolio and its settings, and when: append-only."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import document, instant, one_of
from storage.tables import organisation  # noqa: F401 - what its rows point at


class Change(SQLModel, table=True):
    """One change by a person. `before` and `after` hold the changed fields only; `key` is the thing's own.

    `source_key` names the submission it came from, so that a replay changes nothing twice.
    """

    __tablename__ = "change"
    __table_args__ = (
        UniqueConstraint("team_id", "source_key"),
        one_of("what", "workspace", "person", "unit", "cycle", "objective", "key_result"),
        one_of("action", "add", "edit", "remove"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    at: datetime = instant()
    slack_user: str
    what: str
    key: str
    action: str
    before: dict[str, Any] | None = document()
    after: dict[str, Any] | None = document()
    source_key: str | None = None
