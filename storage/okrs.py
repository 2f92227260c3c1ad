"""Queries of objectives, key results and their history, in bulk: the number of statements never grows with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

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
    """Everything of a workspace's portfolio as rows, each list in its stored order.

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


def portfolio_rows(session: Session, team_id: str, *, records: bool = True) -> PortfolioRows:
    """The whole portfolio in ten statements; retracted updates are left out.

    Owners and updates are plain rows. So is everything without `records`, which is three times as fast; they cannot
    be changed.
    """

    def plain(table: Any, *order: Any, where: Any = None) -> Any:
        query = select(table.__table__).where(table.team_id == team_id)
        query = query if where is None else query.where(where)
        return session.execute(query.order_by(*order)).all()

    def of(table: Any, *order: Any) -> Any:
        if not records:
            return plain(table, *order)
        return list(session.exec(select(table).where(table.team_id == team_id).order_by(*order)))

    workspace = session.get(Workspace, team_id)
    if workspace is None:
        raise LookupError(f"workspace {team_id} is not set up")
    return PortfolioRows(
        workspace=workspace,
        people=of(Person, Person.id),
        units=of(Unit, Unit.position, Unit.id),
        leads=of(UnitLead, UnitLead.unit_id, UnitLead.position),
        cycles=of(Cycle, Cycle.position, Cycle.id),
        objectives=of(Objective, Objective.position, Objective.id),
        contributions=of(Contribution, Contribution.objective_id, Contribution.position),
        key_results=of(KeyResult, KeyResult.position, KeyResult.id),
        owners=plain(KeyResultOwner, KeyResultOwner.key_result_id, KeyResultOwner.position),
        updates=plain(
            KeyResultUpdate,
            KeyResultUpdate.at,
            KeyResultUpdate.id,
            where=col(KeyResultUpdate.retracted_at).is_(None),
        ),
    )


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
