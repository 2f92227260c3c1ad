"""Queries of the proposals of workshops: for which unit and cycle one is wanting, and what was said to it. Decides
nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from storage.dialects import insert_or_ignore
from storage.tables import Cycle, OutboxRow, Person, Unit, UnitLead, Workshop, WorkshopOffer, Workspace

KIND = "workshop_offer"


@dataclass(frozen=True)
class Wanting:
    """A unit and a cycle (row ids) without a workshop, the cycle's first day, the workspace's zone by its name."""

    unit: int
    cycle: int
    starts: date
    zone: str


def wanting(session: Session, team_id: str, *, since: date, until: date) -> list[Wanting]:
    """The portfolios that could hold a workshop for a cycle that begins after `since` and not after `until`, have none
    in whatever state, and were not asked: with a channel, a lead in Slack and units below. Of cycles that begin on the
    same day it is the shortest.
    """
    days = {"team": team_id, "since": since, "until": until}
    if session.exec(_near(), params=days).first() is None:
        return []
    found = session.exec(_wanting(), params=days).all()
    return [Wanting(unit, cycle, starts, zone) for unit, cycle, starts, zone in found if unit and cycle]


@cache  # every beat asks: to put the statement together takes longer than to run it
def _near() -> SelectOfScalar[date]:
    return select(col(Cycle.starts)).where(Cycle.team_id == bindparam("team"), *_begins()).limit(1)


@cache
def _wanting() -> Select[int | None, int | None, date, str]:
    return (
        select(col(Unit.id), col(Cycle.id), col(Cycle.starts), col(Workspace.timezone))
        .join(Cycle, col(Cycle.team_id) == Unit.team_id)
        .join(Workspace, col(Workspace.team_id) == Unit.team_id)
        .where(Unit.team_id == bindparam("team"), Unit.level == "portfolio", col(Unit.closed_on).is_(None))
        .where(*_begins(), col(Unit.channel).is_not(None), Unit.channel != "", _led(), _parted())
        .where(~_shorter(), ~_known(Workshop), ~_known(WorkshopOffer))
        .order_by(col(Cycle.starts), col(Unit.position), col(Unit.id))
    )


def _begins() -> tuple[ColumnElement[bool], ...]:
    since, until = col(Cycle.starts) > bindparam("since"), col(Cycle.starts) <= bindparam("until")
    return col(Cycle.closed_at).is_(None), since, until


def _led() -> ColumnElement[bool]:
    lead = and_(col(UnitLead.unit_id) == Unit.id, col(UnitLead.person_id) == Person.id)
    return exists(select(UnitLead.unit_id).where(lead, col(Person.slack).is_not(None)))


def _parted() -> ColumnElement[bool]:
    below = aliased(Unit)
    return exists(select(below.id).where(col(below.parent_id) == Unit.id, col(below.closed_on).is_(None)))


def _shorter() -> ColumnElement[bool]:
    other = aliased(Cycle)
    same = and_(col(other.team_id) == Cycle.team_id, col(other.starts) == Cycle.starts)
    return exists(select(other.id).where(same, col(other.ends) < Cycle.ends))


def _known(table: type[Workshop] | type[WorkshopOffer]) -> ColumnElement[bool]:
    mine = and_(col(table.team_id) == Unit.team_id, col(table.unit_id) == Unit.id, col(table.cycle_id) == Cycle.id)
    return exists(select(table.id).where(mine))


def holidays(session: Session, team_id: str, units: Iterable[int]) -> dict[int, Mapping[str, Any] | None]:
    """The holidays ({country, region?}) of some portfolios (row ids): their own, or the nearest above."""
    query = select(Unit.id, Unit.parent_id, Unit.holidays).where(Unit.team_id == team_id)
    above = {
        number: (parent, place)
        for number, parent, place in session.exec(
            query.where(col(Unit.level).in_(("company", "business_unit", "portfolio")))
        )
    }
    return {unit: _nearest(above, unit) for unit in units}


def _nearest(above: Mapping[Any, tuple[int | None, Any]], unit: int) -> Mapping[str, Any] | None:
    at: int | None = unit
    while at is not None:
        at, place = above.get(at, (None, None))
        if place:
            return dict(place)
    return None


def of_cycle(session: Session, team_id: str, unit_id: int, cycle_id: int) -> WorkshopOffer | None:
    """What was proposed to a unit for a cycle."""
    query = select(WorkshopOffer).where(WorkshopOffer.team_id == team_id)
    return session.exec(query.where(WorkshopOffer.unit_id == unit_id, WorkshopOffer.cycle_id == cycle_id)).first()


def taken(session: Session, team_id: str) -> set[tuple[int, int]]:
    """The units and cycles (row ids) that have a workshop in whatever state, or were asked whether to have one."""
    held = session.exec(select(Workshop.unit_id, Workshop.cycle_id).where(Workshop.team_id == team_id))
    offered = session.exec(
        select(WorkshopOffer.unit_id, WorkshopOffer.cycle_id).where(WorkshopOffer.team_id == team_id)
    )
    return {(unit, cycle) for rows in (held, offered) for unit, cycle in rows}


def enter(session: Session, row: WorkshopOffer) -> bool:
    """Write a proposal down; False where its unit and cycle have one."""
    return insert_or_ignore(session, WorkshopOffer, row.model_dump(exclude={"id"}))


def put(session: Session, row: WorkshopOffer, **values: Any) -> None:
    """Write down another time, or who left it out."""
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()


def message_key(unit_id: int, cycle_id: int, person_id: int) -> str:
    """The outbox key of the proposal to one person."""
    return f"{KIND}:{unit_id}:{cycle_id}:{person_id}"


def messages(session: Session, team_id: str, unit_id: int, cycle_id: int) -> list[OutboxRow]:
    """What was promised of a proposal, sent or not."""
    mine = col(OutboxRow.key).startswith(f"{KIND}:{unit_id}:{cycle_id}:", autoescape=True)
    return list(session.exec(select(OutboxRow).where(OutboxRow.team_id == team_id, mine)))


def at_hand(row: OutboxRow) -> bool:
    """Whether a promise was not tried yet."""
    return row.state == "due" and row.ts is None and not row.uncertain
