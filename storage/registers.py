"""Queries of the registers: blockers and proposed adjustments, each numbered per workspace."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.tables import Adjustment, Blocker


def next_blocker_number(session: Session, team_id: str) -> int:
    """The next free B- number; asked inside the writing transaction, which holds the writer's lock."""
    highest = session.exec(select(func.max(Blocker.number)).where(Blocker.team_id == team_id)).one()
    return (highest or 0) + 1


def next_adjustment_number(session: Session, team_id: str) -> int:
    """The next free A- number."""
    highest = session.exec(select(func.max(Adjustment.number)).where(Adjustment.team_id == team_id)).one()
    return (highest or 0) + 1


def blockers(session: Session, team_id: str, *, state: str | None = "open") -> list[Blocker]:
    """The register, oldest first; None for every state."""
    query = select(Blocker).where(Blocker.team_id == team_id)
    if state is not None:
        query = query.where(Blocker.state == state)
    return list(session.exec(query.order_by(col(Blocker.opened_at), col(Blocker.number))))


def blocker(session: Session, team_id: str, number: int) -> Blocker | None:
    """B-number."""
    return session.exec(select(Blocker).where(Blocker.team_id == team_id, Blocker.number == number)).first()


def blockers_from(session: Session, team_id: str, answer_ids: Sequence[int]) -> list[Blocker]:
    """What was registered from some answers and not withdrawn."""
    query = select(Blocker).where(
        Blocker.team_id == team_id, col(Blocker.answer_id).in_(answer_ids), Blocker.state != "withdrawn"
    )
    return list(session.exec(query.order_by(col(Blocker.number))))


def adjustments_from(session: Session, team_id: str, answer_ids: Sequence[int]) -> list[Adjustment]:
    """Proposals to adjust from some answers."""
    query = select(Adjustment).where(
        Adjustment.team_id == team_id, col(Adjustment.answer_id).in_(answer_ids), Adjustment.state != "withdrawn"
    )
    return list(session.exec(query.order_by(col(Adjustment.number))))


def open_adjustments(session: Session, team_id: str) -> list[Adjustment]:
    """Proposals that wait for a decision."""
    query = select(Adjustment).where(Adjustment.team_id == team_id, Adjustment.state == "open")
    return list(session.exec(query.order_by(col(Adjustment.number))))


def resolve(session: Session, row: Blocker, *, by: int | None, now: datetime, state: str = "resolved") -> None:
    """Close a blocker, as resolved or withdrawn."""
    row.state, row.resolved_at, row.resolved_by = state, now, by
    session.add(row)
