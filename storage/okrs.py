"""Queries of objectives, key results and their history, in bulk: the number of statements never grows with them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, SQLModel, col, select

from storage.dialects import insert_or_ignore
from storage.tables import (
    Contribution,
    Cycle,
    KeyResult,
    KeyResultOwner,
    KeyResultUpdate,
    Objective,
    Person,
    Unit,
    UnitLead,
    Workspace,
)


@dataclass(frozen=True)
class PortfolioRows:
    """Everything of a workspace's portfolio as records, each list in its stored order.

    Owners and updates are plain rows with the columns of their tables: history is most of a portfolio, and as objects
    it takes three times as long to read.
    """

    workspace: Workspace
    people: list[Person]
    units: list[Unit]
    leads: list[UnitLead]
    cycles: list[Cycle]
    objectives: list[Objective]
    contributions: list[Contribution]
    key_results: list[KeyResult]
    owners: Sequence[Any]
    updates: Sequence[Any]


@dataclass(frozen=True)
class GroundRows:
    """What the plan stands on, as plain rows with the columns of their tables, each in its stored order."""

    workspace: Any
    people: Sequence[Any]
    units: Sequence[Any]
    leads: Sequence[Any]
    cycles: Sequence[Any]


@dataclass(frozen=True)
class PlanRows:
    """Objectives and key results with their links, as plain rows, each in its stored order. `keys` are all objectives'
    (id, key), also where the rows are of some of them.
    """

    keys: Sequence[tuple[int, str]]
    objectives: Sequence[Any]
    contributions: Sequence[Any]
    key_results: Sequence[Any]
    owners: Sequence[Any]


_ORDER: Mapping[type[SQLModel], tuple[Any, ...]] = {
    Person: (Person.id,),
    Unit: (Unit.position, Unit.id),
    UnitLead: (UnitLead.unit_id, UnitLead.position, UnitLead.person_id),
    Cycle: (Cycle.position, Cycle.id),
    Objective: (Objective.position, Objective.id),
    Contribution: (Contribution.objective_id, Contribution.position, Contribution.to_objective_id),
    KeyResult: (KeyResult.position, KeyResult.id),
    KeyResultOwner: (KeyResultOwner.key_result_id, KeyResultOwner.position, KeyResultOwner.unit_id),
}
_SAID = (
    "id",
    "key_result_id",
    "at",
    "value",
    "confidence",
    "person_id",
    "unit_id",
    "note",
    "evidence",
    "role",
    "blocked",
    "status",
    "status_reason",
)
_AT_ONCE = 500  # ids of one IN list


def portfolio_rows(session: Session, team_id: str) -> PortfolioRows:
    """The whole portfolio in ten statements, as records that can be changed; retracted updates are left out."""

    def of(table: Any) -> Any:
        return list(session.exec(select(table).where(table.team_id == team_id).order_by(*_ORDER[table])))

    workspace = session.get(Workspace, team_id)
    if workspace is None:
        raise LookupError(f"workspace {team_id} is not set up")
    standing = select(KeyResultUpdate.__table__).where(*_standing(team_id))  # type: ignore[attr-defined]
    return PortfolioRows(
        workspace=workspace,
        people=of(Person),
        units=of(Unit),
        leads=of(UnitLead),
        cycles=of(Cycle),
        objectives=of(Objective),
        contributions=of(Contribution),
        key_results=of(KeyResult),
        owners=_plain(session, KeyResultOwner, team_id),
        updates=session.execute(standing.order_by(KeyResultUpdate.at, KeyResultUpdate.id)).all(),  # type: ignore[arg-type]
    )


def ground_rows(session: Session, team_id: str) -> GroundRows:
    """Five statements. Raises LookupError for an unknown workspace."""
    table = Workspace.__table__  # type: ignore[attr-defined]
    workspace = session.execute(select(table).where(table.c.team_id == team_id)).first()
    if workspace is None:
        raise LookupError(f"workspace {team_id} is not set up")
    return GroundRows(
        workspace=workspace,
        people=_plain(session, Person, team_id),
        units=_plain(session, Unit, team_id),
        leads=_plain(session, UnitLead, team_id),
        cycles=_plain(session, Cycle, team_id),
    )


def plan_rows(session: Session, team_id: str, objectives: Collection[int] | None = None) -> PlanRows:
    """Four statements for all of it, five for that of some objectives (ids)."""
    of = None if objectives is None else tuple(objectives)
    found = _plain(session, Objective, team_id, *_among(col(Objective.id), of))
    key_results, owners = key_result_rows(session, team_id, of)
    return PlanRows(
        keys=[(row.id, row.key) for row in found] if of is None else _keys(session, team_id),
        objectives=found,
        contributions=_plain(session, Contribution, team_id, *_among(col(Contribution.objective_id), of)),
        key_results=key_results,
        owners=owners,
    )


def _keys(session: Session, team_id: str) -> list[tuple[int, str]]:
    query = select(Objective.id, Objective.key).where(Objective.team_id == team_id).order_by(*_ORDER[Objective])
    return [(number, key) for number, key in session.exec(query) if number is not None]


def objective_rows(session: Session, team_id: str) -> tuple[Sequence[Any], Sequence[Any]]:
    """Every objective, and every link between two."""
    return _plain(session, Objective, team_id), _plain(session, Contribution, team_id)


def key_result_rows(
    session: Session, team_id: str, objectives: Collection[int] | None = None
) -> tuple[Sequence[Any], Sequence[Any]]:
    """Key results and what owns them: all, or those under some objectives (ids)."""
    under = col(KeyResult.objective_id)
    theirs = select(col(KeyResult.id)).where(KeyResult.team_id == team_id, *_among(under, objectives))
    owned = () if objectives is None else (col(KeyResultOwner.key_result_id).in_(theirs),)
    return (
        _plain(session, KeyResult, team_id, *_among(under, objectives)),
        _plain(session, KeyResultOwner, team_id, *owned),
    )


def _among(column: Any, values: Collection[int] | None) -> tuple[Any, ...]:
    return () if values is None else (column.in_(values),)


def home_of(session: Session, team_id: str, key: str | None) -> tuple[int, int] | None:
    """The ids of a key result (by key) and of the objective that it is under."""
    query = select(col(KeyResult.id), col(KeyResult.objective_id))
    row = session.execute(query.where(KeyResult.team_id == team_id, KeyResult.key == key)).first()
    return (row[0], row[1]) if row else None


def standing_updates(session: Session, team_id: str, key_results: Sequence[int] | None = None) -> list[Any]:
    """What was said and not taken back, oldest first: of some key results (by id), or of all in one statement."""
    table = KeyResultUpdate.__table__  # type: ignore[attr-defined]
    query = select(*(table.c[name] for name in _SAID)).where(*_standing(team_id)).order_by(table.c.at, table.c.id)
    if key_results is None:
        return list(session.execute(query).all())
    chunks = (key_results[at : at + _AT_ONCE] for at in range(0, len(key_results), _AT_ONCE))
    return [row for chunk in chunks for row in session.execute(query.where(table.c.key_result_id.in_(chunk))).all()]


def _standing(team_id: str) -> tuple[Any, Any]:
    return col(KeyResultUpdate.team_id) == team_id, col(KeyResultUpdate.retracted_at).is_(None)


def _plain(session: Session, table: Any, team_id: str, *which: Any) -> Sequence[Any]:
    """Three times as fast as records; they cannot be changed."""
    query = select(table.__table__).where(table.team_id == team_id, *which)
    return session.execute(query.order_by(*_ORDER[table])).all()


def add_update(session: Session, values: dict[str, Any]) -> KeyResultUpdate | None:
    """Append to the history; None when this very `source_key` was written before."""
    if not insert_or_ignore(session, KeyResultUpdate, values):
        return None
    return update_by_source(session, values["team_id"], values["source_key"])


def update_by_source(session: Session, team_id: str, source_key: str) -> KeyResultUpdate | None:
    """The update that a click, command or line of an answer wrote."""
    query = select(KeyResultUpdate).where(KeyResultUpdate.team_id == team_id, KeyResultUpdate.source_key == source_key)
    return session.exec(query).first()


def updates_of(session: Session, team_id: str, key_result_id: int) -> list[KeyResultUpdate]:
    """Everything that was said of a key result, oldest first, with what was taken back."""
    query = select(KeyResultUpdate).where(
        KeyResultUpdate.team_id == team_id, KeyResultUpdate.key_result_id == key_result_id
    )
    return list(session.exec(query.order_by(col(KeyResultUpdate.at), col(KeyResultUpdate.id))))


def get_update(session: Session, team_id: str, update_id: int) -> KeyResultUpdate | None:
    """An update by id, retracted or not."""
    row = session.get(KeyResultUpdate, update_id)
    return row if row is not None and row.team_id == team_id else None


def retract(session: Session, team_id: str, update_ids: Sequence[int], *, now: datetime) -> None:
    """Take updates back; they stay in the table with the instant."""
    session.execute(
        update(KeyResultUpdate)
        .where(col(KeyResultUpdate.team_id) == team_id, col(KeyResultUpdate.id).in_(update_ids))
        .where(col(KeyResultUpdate.retracted_at).is_(None))
        .values(retracted_at=now)
    )
