"""Queries of closing a unit: its day, where its objectives go, and what was decided with it. Decides nothing."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.tables import Grade, KeyResult, Objective, Unit


def close(session: Session, team_id: str, unit_id: int, day: date | None) -> None:
    """From which day on a unit is closed; None opens it again."""
    own = (col(Unit.team_id) == team_id, col(Unit.id) == unit_id)
    session.execute(update(Unit).where(*own).values(closed_on=day))


def move_objectives(session: Session, team_id: str, keys: Iterable[str], unit_id: int) -> None:
    """Give objectives to a unit."""
    own = (col(Objective.team_id) == team_id, col(Objective.key).in_(list(keys)))
    session.execute(update(Objective).where(*own).values(unit_id=unit_id))


def undecided(session: Session, team_id: str, key_results: Iterable[int]) -> dict[int, int]:
    """The cycle (row id) of each of these key results (row ids) on which nothing was decided."""
    query = select(KeyResult.id, Objective.cycle_id).join(Objective, col(Objective.id) == KeyResult.objective_id)
    query = query.outerjoin(Grade, col(Grade.key_result_id) == KeyResult.id).where(col(Grade.id).is_(None))
    found = session.exec(query.where(KeyResult.team_id == team_id, col(KeyResult.id).in_(list(key_results))))
    return {number: cycle for number, cycle in found if number is not None}
