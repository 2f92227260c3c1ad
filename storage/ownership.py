"""Queries of sharing: which unit was asked to own which key result and what it said, who owns, and what of their own
supports it. Decides nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from storage.dialects import insert_or_ignore, upsert
from storage.tables import KeyResult, KeyResultOwner, Objective, Ownership, Support

OPEN = ("asked", "countered")


def ask(session: Session, team_id: str, *, key_result_id: int, unit_id: int, by: int, now: datetime) -> Ownership:
    """Enter that a unit is asked to own a key result; once more where it was asked before."""
    values = {"team_id": team_id, "key_result_id": key_result_id, "unit_id": unit_id, "asked_by": by, "asked_at": now}
    new = insert_or_ignore(session, Ownership, {**values, "times": 1, "state": "asked", "note": ""})
    query = select(Ownership).where(Ownership.key_result_id == key_result_id, Ownership.unit_id == unit_id)
    row = session.exec(query.with_for_update()).one()
    if not new:
        row.asked_by, row.asked_at, row.times, row.state = by, now, row.times + 1, "asked"
        row.note, row.other_unit_id, row.answered_by, row.answered_at = "", None, None, None
        row.reminded_at = None
        session.add(row)
    session.flush()
    return row


def get(session: Session, team_id: str, number: int) -> Ownership | None:
    """A question by its row id."""
    return session.exec(select(Ownership).where(Ownership.team_id == team_id, Ownership.id == number)).first()


def hold(session: Session, team_id: str, number: int) -> Ownership | None:
    """The same, and nobody else answers it until this transaction ends."""
    query = select(Ownership).where(Ownership.team_id == team_id, Ownership.id == number)
    return session.exec(query.with_for_update()).first()


def about(session: Session, team_id: str, key_result_id: int) -> list[Ownership]:
    """Every unit that was ever asked about a key result, oldest first."""
    query = select(Ownership).where(Ownership.team_id == team_id, Ownership.key_result_id == key_result_id)
    return list(session.exec(query.order_by(col(Ownership.id))))


def open_ones(session: Session, team_id: str) -> list[Ownership]:
    """Every question that is not settled."""
    query = select(Ownership).where(Ownership.team_id == team_id, col(Ownership.state).in_(OPEN))
    return list(session.exec(query.order_by(col(Ownership.id))))


def unreminded(session: Session, team_id: str, *, until: datetime | None = None) -> list[Ownership]:
    """What is not settled and of which nobody was reminded; only what stands since `until` or longer."""
    query = select(Ownership).where(Ownership.team_id == team_id, col(Ownership.state).in_(OPEN))
    query = query.where(col(Ownership.reminded_at).is_(None)).order_by(col(Ownership.id))
    if until is not None:
        query = query.where(func.coalesce(col(Ownership.answered_at), col(Ownership.asked_at)) <= until)
    return list(session.exec(query))


def join(session: Session, team_id: str, key_result_id: int, unit_id: int) -> None:
    """Make a unit an owner, behind those there are."""
    last = select(func.max(KeyResultOwner.position)).where(KeyResultOwner.key_result_id == key_result_id)
    values = {"key_result_id": key_result_id, "unit_id": unit_id, "team_id": team_id}
    insert_or_ignore(session, KeyResultOwner, {**values, "position": (session.exec(last).one() or 0) + 1})


def leave(session: Session, team_id: str, key_result_id: int, unit_id: int) -> None:
    """Make a unit an owner no longer."""
    own = (KeyResultOwner.key_result_id == key_result_id, KeyResultOwner.unit_id == unit_id)
    session.execute(delete(KeyResultOwner).where(col(KeyResultOwner.team_id) == team_id, *own))  # type: ignore[arg-type]


def set_reporter(session: Session, team_id: str, key_result_id: int, person_id: int | None) -> None:
    """Who reports a key result."""
    own = (col(KeyResult.team_id) == team_id, col(KeyResult.id) == key_result_id)
    session.execute(update(KeyResult).where(*own).values(reporter_id=person_id))


@dataclass(frozen=True)
class Supported:
    """What a unit (row id) does of its own for a key result (row id): one of its objectives or key results, by key."""

    key_result_id: int
    unit_id: int
    objective: str | None
    key_result: str | None


def supports(session: Session, team_id: str, key_results: Iterable[int] | None = None) -> list[Supported]:
    """What co-owners said to do of their own: for these key results (row ids), or for all."""
    columns = (Support.key_result_id, Support.unit_id, Objective.key, KeyResult.key)
    query = (
        select(*columns)
        .outerjoin(Objective, col(Objective.id) == Support.objective_id)
        .outerjoin(KeyResult, col(KeyResult.id) == Support.by_key_result_id)
        .where(Support.team_id == team_id)
        .order_by(col(Support.id))
    )
    if key_results is not None:
        query = query.where(col(Support.key_result_id).in_(list(key_results)))
    return [Supported(*row) for row in session.exec(query)]


def link(
    session: Session,
    team_id: str,
    *,
    key_result_id: int,
    unit_id: int,
    objective: str | None,
    key_result: str | None,
    by: str,
    now: datetime,
) -> None:
    """Say what of its own (an objective or a key result by key) supports a key result of a unit's, in the place of
    what was said before."""
    values: dict[str, Any] = {"team_id": team_id, "key_result_id": key_result_id, "unit_id": unit_id}
    values["objective_id"] = _id(session, Objective, team_id, objective)
    values["by_key_result_id"] = _id(session, KeyResult, team_id, key_result)
    upsert(session, Support, {**values, "slack_user": by, "at": now}, on=["key_result_id", "unit_id"])


def unlink(session: Session, team_id: str, key_result_id: int, unit_id: int) -> None:
    """Take back what was said to support it."""
    own = (col(Support.key_result_id) == key_result_id, col(Support.unit_id) == unit_id)
    session.execute(delete(Support).where(col(Support.team_id) == team_id, *own))


def _id(session: Session, table: type[Objective] | type[KeyResult], team_id: str, key: str | None) -> int | None:
    return session.exec(select(table.id).where(table.team_id == team_id, table.key == key)).one() if key else None
