"""Queries of evidence: Slack messages that somebody put beside a key result."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.dialects import insert_or_ignore
from storage.tables import Evidence, Person


def add(session: Session, values: dict[str, Any]) -> tuple[Evidence, bool]:
    """Write it once for each message and key result. Returns the row and whether it is new, or new again after it was
    taken back."""
    fresh = insert_or_ignore(session, Evidence, values)
    query = select(Evidence).where(
        Evidence.team_id == values["team_id"],
        Evidence.key_result_id == values["key_result_id"],
        Evidence.permalink == values["permalink"],
    )
    row = session.exec(query).one()
    if not fresh and row.retracted_at is not None:
        row.retracted_at, row.added_by, row.added_at = None, values["added_by"], values["added_at"]
        row.excerpt, fresh = values["excerpt"], True
        session.add(row)
    return row, fresh


def get(session: Session, team_id: str, evidence_id: int) -> Evidence | None:
    """Evidence by id, taken back or not."""
    row = session.get(Evidence, evidence_id)
    return row if row is not None and row.team_id == team_id else None


def of_key_result(
    session: Session, team_id: str, key_result_id: int, *, limit: int
) -> Sequence[tuple[Evidence, str | None]]:
    """What stands beside a key result with its author's name in the portfolio, the newest message first."""
    query = (
        select(Evidence, Person.name)
        .outerjoin(Person, (col(Person.team_id) == Evidence.team_id) & (col(Person.slack) == Evidence.author))
        .where(Evidence.team_id == team_id, Evidence.key_result_id == key_result_id)
        .where(col(Evidence.retracted_at).is_(None))
        .order_by(col(Evidence.said_at).desc(), col(Evidence.id).desc())
        .limit(limit)
    )
    return list(session.exec(query))


def retract(session: Session, row: Evidence, *, now: datetime) -> None:
    """Take it back; it stays in the table with the instant."""
    row.retracted_at = row.retracted_at or now
    session.add(row)
