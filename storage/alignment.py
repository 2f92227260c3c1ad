"""Queries of the alignment figures kept by day. Decides nothing: which days are kept is a rule."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.dialects import insert_or_ignore
from storage.tables import AlignmentRecord


def keep(
    session: Session,
    team_id: str,
    *,
    unit_id: int,
    cycle_id: int,
    day: date,
    figures: dict[str, Any],
    at: datetime,
) -> bool:
    """Write the figures of a day; False where that day was kept before."""
    values = {"team_id": team_id, "unit_id": unit_id, "cycle_id": cycle_id, "local_date": day}
    return insert_or_ignore(session, AlignmentRecord, {**values, "figures": figures, "at": at})


def kept_days(session: Session, team_id: str) -> set[tuple[int, int, date]]:
    """(unit id, cycle id, day) of everything that was kept."""
    query = select(AlignmentRecord.unit_id, AlignmentRecord.cycle_id, AlignmentRecord.local_date)
    return set(session.exec(query.where(AlignmentRecord.team_id == team_id)))


def records(session: Session, team_id: str, unit_id: int) -> list[AlignmentRecord]:
    """What was kept of a unit, oldest first."""
    query = select(AlignmentRecord).where(AlignmentRecord.team_id == team_id, AlignmentRecord.unit_id == unit_id)
    return list(session.exec(query.order_by(col(AlignmentRecord.local_date), col(AlignmentRecord.id))))
