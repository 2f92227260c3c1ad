"""Queries of the digest: its ledger, and what its sources say. No rules: what is due is decided by the caller."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, and_, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.dialects import insert_or_ignore
from storage.tables import Adjustment, Answer, Blocker, Cycle, DigestIssue, KeyResultUpdate, OutboxRow, Unit, Workspace


@dataclass(frozen=True)
class DigestUnit:
    """A unit that has a digest: its cadence as stored, and the channel it goes to (None where it has none)."""

    id: int
    key: str
    name: str
    cadence: dict[str, Any]
    channel: str | None


@dataclass(frozen=True)
class Place:
    """A message in a channel: its timestamp and that of the thread it stands in."""

    channel: str
    ts: str
    thread_ts: str | None


def units_with_digest(session: Session, team_id: str) -> list[DigestUnit]:
    """The units that have a digest, in the file's order. Its channel is the leadership's, else the unit's own."""
    query = select(Unit).where(Unit.team_id == team_id).order_by(col(Unit.position), col(Unit.id))
    return [
        DigestUnit(unit.id, unit.key, unit.name, unit.digest, unit.leadership_channel or unit.channel)
        for unit in session.exec(query)
        if unit.digest and unit.id is not None
    ]


def timezone(session: Session, team_id: str) -> str:
    """The workspace's zone. Raises LookupError for an unknown workspace."""
    workspace = session.get(Workspace, team_id)
    if workspace is None:
        raise LookupError(f"workspace {team_id} is not set up")
    return workspace.timezone


def in_a_cycle(session: Session, team_id: str, day: date, *, grace: timedelta) -> bool:
    """Whether a cycle runs on a day, or ended no longer than `grace` before it."""
    query = select(Cycle.id).where(Cycle.team_id == team_id, col(Cycle.starts) <= day, col(Cycle.ends) >= day - grace)
    return session.exec(query).first() is not None


def holidays_upward(session: Session, unit_id: int) -> Iterator[dict[str, Any] | None]:
    """What a unit and those above it state as their holidays, nearest first."""
    seen: set[int] = set()
    unit = session.get(Unit, unit_id)
    while unit is not None and unit.id is not None and unit.id not in seen:
        seen.add(unit.id)
        yield unit.holidays
        unit = session.get(Unit, unit.parent_id) if unit.parent_id else None


def is_open(session: Session, team_id: str, unit_id: int, *, since: date) -> bool:
    """Whether the ledger has an occurrence of this local day or a later one."""
    query = select(DigestIssue.id).where(
        DigestIssue.team_id == team_id, DigestIssue.unit_id == unit_id, col(DigestIssue.local_date) >= since
    )
    return session.exec(query).first() is not None


def open_issue(
    session: Session, team_id: str, *, unit_id: int, day: date, slot: datetime, skipped_because: str = ""
) -> bool:
    """Enter an occurrence in the ledger once: due, or skipped with a reason. False when it was there before."""
    values = {
        "team_id": team_id,
        "unit_id": unit_id,
        "local_date": day,
        "slot": slot,
        "state": "skipped" if skipped_because else "due",
        "reason": skipped_because,
    }
    return insert_or_ignore(session, DigestIssue, values)


def due(session: Session, team_id: str) -> list[DigestIssue]:
    """Occurrences that wait to be prepared, oldest first."""
    query = select(DigestIssue).where(DigestIssue.team_id == team_id, DigestIssue.state == "due")
    return list(session.exec(query.order_by(col(DigestIssue.slot), col(DigestIssue.id))))


def settle_issued(session: Session, team_id: str, issue_id: int, *, snapshot: Mapping[str, Any], now: datetime) -> bool:
    """Due becomes issued, once: False when another process was faster."""
    return _settle(session, team_id, issue_id, state="issued", snapshot=dict(snapshot), issued_at=now)


def settle_skipped(session: Session, team_id: str, issue_id: int, *, reason: str) -> bool:
    """Due becomes skipped, with the reason."""
    return _settle(session, team_id, issue_id, state="skipped", reason=reason)


def _settle(session: Session, team_id: str, issue_id: int, **values: Any) -> bool:
    mine = (col(DigestIssue.team_id) == team_id, col(DigestIssue.id) == issue_id, col(DigestIssue.state) == "due")
    done: CursorResult[Any] = session.connection().execute(update(DigestIssue).where(*mine).values(**values))
    return done.rowcount == 1


def last_issued(session: Session, team_id: str, unit_id: int, *, before: datetime) -> DigestIssue | None:
    """The newest digest that was given for a unit up to an instant."""
    query = (
        select(DigestIssue)
        .where(DigestIssue.team_id == team_id, DigestIssue.unit_id == unit_id, DigestIssue.state == "issued")
        .where(col(DigestIssue.issued_at) <= before)
        .order_by(col(DigestIssue.issued_at).desc(), col(DigestIssue.id).desc())
        .limit(1)
    )
    return session.exec(query).first()


def skipped_since(session: Session, team_id: str, unit_id: int, since: datetime) -> list[DigestIssue]:
    """Occurrences after an instant that were not given, oldest first."""
    query = (
        select(DigestIssue)
        .where(DigestIssue.team_id == team_id, DigestIssue.unit_id == unit_id, DigestIssue.state == "skipped")
        .where(col(DigestIssue.slot) > since)
        .order_by(col(DigestIssue.slot))
    )
    return list(session.exec(query))


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
