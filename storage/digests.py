"""Queries of the digest: who has one, and what its sources say. Its ledger is `digest_ledger`. No rules."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, or_
from sqlalchemy import select as plain_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.tables import (
    Adjustment,
    Answer,
    Blocker,
    Cycle,
    KeyResultUpdate,
    OutboxRow,
    Person,
    Unit,
    UnitLead,
    Workspace,
)


@dataclass(frozen=True)
class DigestUnit:
    """A unit as far as its digests go: its cadences as stored, where they go, and what is above it.

    `zone` is that of its first lead whose zone is known.
    """

    id: int
    key: str
    name: str
    level: str
    parent_id: int | None
    channel: str | None
    leadership_channel: str | None
    digest: dict[str, Any] | None
    audiences: dict[str, Any] | None
    holidays: dict[str, Any] | None
    private: bool
    closed_on: date | None
    zone: str | None = None


@dataclass(frozen=True)
class Place:
    """A message in a channel: its timestamp and that of the thread it stands in."""

    channel: str
    ts: str
    thread_ts: str | None


def units(session: Session, team_id: str) -> list[DigestUnit]:
    """Every unit, in the file's order, in one statement, and one more where a zone of leads may matter."""
    columns = Unit.metadata.tables["unit"].c
    names = [field.name for field in fields(DigestUnit) if field.name != "zone"]
    query = plain_select(*(columns[name] for name in names)).where(columns.team_id == team_id)
    query = query.order_by(columns.position, columns.id)
    found = [DigestUnit(*row) for row in session.connection().execute(query)]
    zones = _zones_of_leads(session, team_id) if any(unit.audiences for unit in found) else {}
    return [replace(unit, zone=zones[unit.id]) if unit.id in zones else unit for unit in found]


def _zones_of_leads(session: Session, team_id: str) -> dict[int, str]:
    query = (
        select(UnitLead.unit_id, col(Person.own_timezone), col(Person.timezone))
        .join(Person, col(Person.id) == UnitLead.person_id)
        .where(UnitLead.team_id == team_id)
        .order_by(col(UnitLead.position).desc())
    )
    known = ((unit, own or slack) for unit, own, slack in session.exec(query))
    return {unit: zone for unit, zone in known if zone}


def timezone(session: Session, team_id: str) -> str:
    """The workspace's zone. Raises LookupError for an unknown workspace."""
    workspace = session.get(Workspace, team_id)
    if workspace is None:
        raise LookupError(f"workspace {team_id} is not set up")
    return workspace.timezone


def cycle_spans(session: Session, team_id: str) -> list[tuple[date, date]]:
    """First and last day of every cycle."""
    query = select(col(Cycle.starts), col(Cycle.ends)).where(Cycle.team_id == team_id)
    return [(starts, ends) for starts, ends in session.exec(query)]


def resolved_blockers(
    session: Session, team_id: str, *, after: datetime, until: datetime, also: Collection[int] = ()
) -> list[Blocker]:
    """Blockers resolved up to an instant, after another one or with a number of `also`; by number."""
    query = (
        select(Blocker)
        .where(Blocker.team_id == team_id, Blocker.state == "resolved", col(Blocker.resolved_at) <= until)
        .where(or_(col(Blocker.resolved_at) > after, col(Blocker.number).in_(also)))
        .order_by(col(Blocker.number))
    )
    return list(session.exec(query))


def open_adjustments(session: Session, team_id: str, *, at: datetime) -> list[Adjustment]:
    """Proposals without a decision that were made by an instant, by number."""
    query = select(Adjustment).where(
        Adjustment.team_id == team_id, Adjustment.state == "open", col(Adjustment.proposed_at) <= at
    )
    return list(session.exec(query.order_by(col(Adjustment.number))))


def answers(session: Session, team_id: str, ids: Collection[int]) -> list[Answer]:
    """Answers by id, oldest first."""
    query = select(Answer).where(Answer.team_id == team_id, col(Answer.id).in_(ids))
    return list(session.exec(query.order_by(col(Answer.at), col(Answer.id)))) if ids else []


def answers_since(session: Session, team_id: str, *, since: datetime, until: datetime) -> list[Answer]:
    """Answers in force that were given from one instant to another, oldest first."""
    query = select(Answer).where(
        Answer.team_id == team_id,
        col(Answer.superseded).is_(False),
        col(Answer.at) >= since,
        col(Answer.at) <= until,
    )
    return list(session.exec(query.order_by(col(Answer.at), col(Answer.id))))


def answers_of_updates(session: Session, team_id: str, update_ids: Collection[int]) -> dict[int, Answer]:
    """The answers from which some values were read, by the update's id."""
    query = (
        select(KeyResultUpdate.id, Answer)
        .join(Answer, col(Answer.id) == KeyResultUpdate.answer_id)
        .where(KeyResultUpdate.team_id == team_id, col(KeyResultUpdate.id).in_(update_ids))
    )
    return {number: answer for number, answer in session.exec(query) if number is not None} if update_ids else {}


def shared_places(session: Session, team_id: str, kind: str, ask_ids: Collection[int]) -> dict[int, Place]:
    """Where the copies of answers stand in a round's thread, by the ask's id; `kind` is that of the copies."""
    if not ask_ids:
        return {}
    parent = aliased(OutboxRow)
    ask = col(OutboxRow.data)["ask"].as_integer()
    query = (
        select(OutboxRow, parent.ts)
        .outerjoin(parent, and_(col(parent.team_id) == OutboxRow.team_id, col(parent.key) == OutboxRow.thread_of))
        .where(OutboxRow.team_id == team_id, OutboxRow.kind == kind, ask.in_(ask_ids), col(OutboxRow.ts).is_not(None))
    )
    return {
        int((row.data or {})["ask"]): Place(row.channel or row.to, row.ts, thread_ts)
        for row, thread_ts in session.exec(query)
        if row.ts
    }
