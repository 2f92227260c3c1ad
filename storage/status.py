"""Queries of `plumbline status` that no feature has: rounds of cycles, blockers as they stood. Decides nothing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from storage.tables import Blocker, CheckinRound


def rounds(session: Session, team_id: str, cycle_ids: Sequence[int]) -> list[CheckinRound]:
    """Every round of some cycles, skipped ones too, oldest first."""
    query = select(CheckinRound).where(CheckinRound.team_id == team_id, col(CheckinRound.cycle_id).in_(cycle_ids))
    return list(session.exec(query.order_by(col(CheckinRound.slot), col(CheckinRound.id))))


def blockers_at(session: Session, team_id: str, at: datetime) -> list[Blocker]:
    """The blockers that were open at an instant, oldest first; withdrawn ones never were."""
    query = select(Blocker).where(
        Blocker.team_id == team_id,
        Blocker.state != "withdrawn",
        col(Blocker.opened_at) <= at,
        or_(col(Blocker.resolved_at).is_(None), col(Blocker.resolved_at) > at),
    )
    return list(session.exec(query.order_by(col(Blocker.opened_at), col(Blocker.number))))
