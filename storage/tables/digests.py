"""Digests that were issued: the ledger of occurrences, and what was said, so that the next one knows what changed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import document, instant, one_of


class DigestIssue(SQLModel, table=True):
    """One occurrence of a unit's digest. `snapshot` is {kr key: {progress, status}} and the figures at that instant."""

    __tablename__ = "digest_issue"
    __table_args__ = (
        UniqueConstraint("team_id", "unit_id", "local_date"),
        one_of("state", "due", "issued", "skipped"),
    )
    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(foreign_key="workspace.team_id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    local_date: date
    slot: datetime = instant()
    state: str = "due"
    reason: str = ""
    snapshot: dict[str, Any] | None = document()
    issued_at: datetime | None = instant(optional=True)
