"""Which cycles have ended and are not closed: the small question that every beat asks. Queries only."""

from datetime import date

from sqlmodel import Session, col, select

from storage.tables import Cycle


def ended_open(session: Session, team_id: str, *, since: date, before: date) -> list[Cycle]:
    """Cycles that ended from `since` on and before a day, and are not closed; the first to end first."""
    query = select(Cycle).where(
        Cycle.team_id == team_id,
        col(Cycle.closed_at).is_(None),
        col(Cycle.ends) >= since,
        col(Cycle.ends) < before,
    )
    return list(session.exec(query.order_by(col(Cycle.ends))))
