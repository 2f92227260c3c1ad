"""Queries of proposed adjustments to be decided. Decides nothing itself."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.tables import Adjustment


def open_ones(session: Session, team_id: str) -> list[Adjustment]:
    """What waits for a decision, oldest first."""
    query = select(Adjustment).where(Adjustment.team_id == team_id, Adjustment.state == "open")
    return list(session.exec(query.order_by(col(Adjustment.proposed_at), col(Adjustment.number))))


def get(session: Session, team_id: str, number: int) -> Adjustment | None:
    """A-number."""
    return session.exec(select(Adjustment).where(Adjustment.team_id == team_id, Adjustment.number == number)).first()


def add_form(session: Session, row: Adjustment, form: dict[str, Any], reason: str) -> None:
    """Keep what a form would change, so that approving it makes the very change."""
    row.form, row.reason = form, reason
    session.add(row)


def decide(session: Session, row: Adjustment, decision: str, *, note: str, by: int, now: datetime) -> None:
    """Write a decision down: accepted or declined."""
    row.state, row.decision, row.note, row.decided_by, row.decided_at = "decided", decision, note, by, now
    session.add(row)
