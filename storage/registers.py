"""Queries of the registers: blockers and proposed adjustments, each numbered per workspace."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from storage.tables import Adjustment, Answer, Blocker

E = TypeVar("E", Blocker, Adjustment)


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


def blockers_about(session: Session, team_id: str, units: Collection[int]) -> list[Blocker]:
    """The open blockers that hold up one of these units or wait for one, oldest first."""
    about = or_(col(Blocker.unit_id).in_(units), col(Blocker.waits_for_unit_id).in_(units))
    query = select(Blocker).where(Blocker.team_id == team_id, Blocker.state == "open", about)
    return list(session.exec(query.order_by(col(Blocker.opened_at), col(Blocker.number))))


def blockers_at(session: Session, team_id: str, at: datetime) -> list[Blocker]:
    """The blockers that were open at an instant, oldest first; withdrawn ones never were."""
    query = select(Blocker).where(
        Blocker.team_id == team_id,
        Blocker.state != "withdrawn",
        col(Blocker.opened_at) <= at,
        or_(col(Blocker.resolved_at).is_(None), col(Blocker.resolved_at) > at),
    )
    return list(session.exec(query.order_by(col(Blocker.opened_at), col(Blocker.number))))


def blocker(session: Session, team_id: str, number: int) -> Blocker | None:
    """B-number."""
    return session.exec(select(Blocker).where(Blocker.team_id == team_id, Blocker.number == number)).first()


def entries_from(
    session: Session, table: type[E], team_id: str, answer_ids: Sequence[int], *, also: Collection[int] = ()
) -> list[E]:
    """What was registered from some answers and not withdrawn, and the entries with the numbers `also`."""
    query = select(table).where(
        table.team_id == team_id,
        or_(col(table.answer_id).in_(answer_ids), col(table.number).in_(also)),
        table.state != "withdrawn",
    )
    return list(session.exec(query.order_by(col(table.number))))


def open_from(session: Session, table: type[E], answer: Answer) -> list[E]:
    """What was registered from an answer and is open."""
    query = select(table).where(table.team_id == answer.team_id, table.answer_id == answer.id, table.state == "open")
    return list(session.exec(query))


def said_by(session: Session, table: type[E], answer: Answer, versions: Collection[int]) -> list[E]:
    """What the author of an answer has open, newest first, then what the answer's own `versions` (ids) registered."""
    query = select(table).where(
        table.team_id == answer.team_id,
        table.person_id == answer.person_id,
        or_(col(table.state) == "open", col(table.answer_id).in_(versions)),
    )
    return list(session.exec(query.order_by((col(table.state) == "open").desc(), col(table.number).desc())))


def adjustments_of(session: Session, team_id: str, key_result_id: int) -> list[Adjustment]:
    """What was proposed for a key result, oldest first; withdrawn ones as well."""
    query = select(Adjustment).where(Adjustment.team_id == team_id, Adjustment.key_result_id == key_result_id)
    return list(session.exec(query.order_by(col(Adjustment.number))))


def resolve(session: Session, row: Blocker, *, by: int | None, now: datetime, state: str = "resolved") -> None:
    """Close a blocker, as resolved or withdrawn."""
    row.state, row.resolved_at, row.resolved_by = state, now, by
    session.add(row)
