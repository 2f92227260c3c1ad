"""Which cycles have ended and are not closed, and which are being closed: the small questions that every beat asks.
Queries only.
"""

from datetime import date

from sqlalchemy import text
from sqlmodel import Session, col, select

from storage.tables import Cycle

_CLOSING = text("SELECT cycle_id FROM cycle_close WHERE team_id = :team AND state = 'open' AND asked IS NOT NULL")


def ended_open(session: Session, team_id: str, *, since: date, before: date) -> list[Cycle]:
    """Cycles that ended from `since` on and before a day, and are not closed; the first to end first."""
    query = select(Cycle).where(
        Cycle.team_id == team_id,
        col(Cycle.closed_at).is_(None),
        col(Cycle.ends) >= since,
        col(Cycle.ends) < before,
    )
    return list(session.exec(query.order_by(col(Cycle.ends))))


def being_closed(session: Session, team_id: str) -> list[int]:
    """The cycles (ids) whose close was submitted and is still to be carried out. In words of SQL, because the table of
    the passes is loaded four times a year.
    """
    return [cycle_id for (cycle_id,) in session.connection().execute(_CLOSING, {"team": team_id})]
