"""Queries of handshakes: which unit was asked about which blocker, and what it said. Decides nothing."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Session, col, select

from storage.dialects import insert_or_ignore
from storage.tables import Blocker, Handshake


def ask(
    session: Session, team_id: str, *, blocker_id: int, unit_id: int, by: int, day: date | None, now: datetime
) -> Handshake | None:
    """Enter that a unit is asked about a blocker; None where it was asked before."""
    values = {"team_id": team_id, "blocker_id": blocker_id, "unit_id": unit_id, "asked_by": by}
    if not insert_or_ignore(session, Handshake, {**values, "day": day, "asked_at": now, "note": "", "state": "asked"}):
        return None
    return session.exec(select(Handshake).where(Handshake.blocker_id == blocker_id, Handshake.unit_id == unit_id)).one()


def get(session: Session, team_id: str, number: int) -> tuple[Handshake, Blocker] | None:
    """A handshake by its row id, with the blocker it is about."""
    query = select(Handshake, Blocker).join(Blocker, col(Blocker.id) == Handshake.blocker_id)
    return session.exec(query.where(Handshake.team_id == team_id, Handshake.id == number)).first()


def of_blockers(session: Session, team_id: str, blockers: Iterable[int]) -> dict[int, Handshake]:
    """The newest handshake of each blocker (row ids)."""
    query = select(Handshake).where(Handshake.team_id == team_id, col(Handshake.blocker_id).in_(list(blockers)))
    return {row.blocker_id: row for row in session.exec(query.order_by(col(Handshake.asked_at), col(Handshake.id)))}


def about(session: Session, team_id: str, blocker_id: int) -> list[Handshake]:
    """Every handshake about a blocker, oldest first."""
    query = select(Handshake).where(Handshake.team_id == team_id, Handshake.blocker_id == blocker_id)
    return list(session.exec(query.order_by(col(Handshake.id))))
