"""The ledger of digests: each occurrence once for a unit, local date and audience; what a person decided about it, and
what its readers thought of it. Queries only; what is due, and who may decide, is the caller's business.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import CursorResult, func, update
from sqlmodel import Session, col, select

from storage.dialects import insert_or_ignore
from storage.tables import DigestFeedback, DigestIssue


def newest_days(session: Session, team_id: str) -> dict[tuple[int, str], date]:
    """The newest local date in the ledger, by the unit's id and audience."""
    query = (
        select(DigestIssue.unit_id, DigestIssue.audience, func.max(DigestIssue.local_date))
        .where(DigestIssue.team_id == team_id)
        .group_by(col(DigestIssue.unit_id), col(DigestIssue.audience))
    )
    return {(unit, audience): day for unit, audience, day in session.exec(query)}


def open_issue(
    session: Session,
    team_id: str,
    *,
    unit_id: int,
    day: date,
    slot: datetime,
    audience: str = "leadership",
    skipped_because: str = "",
) -> bool:
    """Enter an occurrence in the ledger once: due, or skipped with a reason. False when it was there before."""
    values = {
        "team_id": team_id,
        "unit_id": unit_id,
        "local_date": day,
        "audience": audience,
        "slot": slot,
        "state": "skipped" if skipped_because else "due",
        "reason": skipped_because,
        "decided_by": "",
    }
    return insert_or_ignore(session, DigestIssue, values)


def due(session: Session, team_id: str) -> list[DigestIssue]:
    """Occurrences that wait to be prepared, oldest first."""
    query = select(DigestIssue).where(DigestIssue.team_id == team_id, DigestIssue.state == "due")
    return list(session.exec(query.order_by(col(DigestIssue.slot), col(DigestIssue.id))))


def get(session: Session, team_id: str, issue_id: int, *, held: bool = False) -> DigestIssue | None:
    """An occurrence by its row id; `held` so that nobody else changes it before this transaction ends."""
    row = session.get(DigestIssue, issue_id, with_for_update=held or None)
    return row if row is not None and row.team_id == team_id else None


def to_attend(session: Session, team_id: str, *, now: datetime) -> list[int]:
    """The ids of those with which time has something to do by `now`, the longest waiting first."""
    query = select(DigestIssue.id).where(DigestIssue.team_id == team_id, col(DigestIssue.next_at) <= now)
    return [found for found in session.exec(query.order_by(col(DigestIssue.next_at))) if found is not None]


def next_attended(session: Session, team_id: str) -> datetime | None:
    """When time has something to do with one of them next."""
    query = select(func.min(DigestIssue.next_at)).where(DigestIssue.team_id == team_id)
    return session.exec(query.where(col(DigestIssue.next_at).is_not(None))).one()


def settle(session: Session, team_id: str, issue_id: int, *, of: str, **values: Any) -> bool:
    """From one state to what `values` say, once: False when another process or person was faster."""
    mine = (col(DigestIssue.team_id) == team_id, col(DigestIssue.id) == issue_id, col(DigestIssue.state) == of)
    statement = update(DigestIssue).where(*mine).values(**values)
    done: CursorResult[Any] = session.connection().execute(statement)
    return done.rowcount == 1


def last_issued(
    session: Session, team_id: str, unit_id: int, *, before: datetime, audience: str = "leadership"
) -> DigestIssue | None:
    """The newest digest that an audience of a unit was given up to an instant and that nobody took back."""
    query = (
        select(DigestIssue)
        .where(DigestIssue.team_id == team_id, DigestIssue.unit_id == unit_id, DigestIssue.state == "issued")
        .where(DigestIssue.audience == audience, col(DigestIssue.issued_at) <= before)
        .order_by(col(DigestIssue.issued_at).desc(), col(DigestIssue.id).desc())
        .limit(1)
    )
    return session.exec(query).first()


def skipped_since(
    session: Session, team_id: str, unit_id: int, since: datetime, *, audience: str = "leadership"
) -> list[DigestIssue]:
    """Occurrences after an instant that an audience was not given, or not left, oldest first."""
    query = (
        select(DigestIssue)
        .where(DigestIssue.team_id == team_id, DigestIssue.unit_id == unit_id, DigestIssue.audience == audience)
        .where(col(DigestIssue.state).in_(("skipped", "withdrawn")), col(DigestIssue.slot) > since)
        .order_by(col(DigestIssue.slot))
    )
    return list(session.exec(query))


def say(
    session: Session, team_id: str, digest_id: int, user: str, *, at: datetime, useful: bool, comment: str | None = None
) -> DigestFeedback:
    """What a reader says of a digest, in the place of what they said before; a `comment` of None stays as it is."""
    first = {"team_id": team_id, "digest_id": digest_id, "slack_user": user, "useful": useful, "comment": "", "at": at}
    insert_or_ignore(session, DigestFeedback, first)
    row = _said_by(session, team_id, digest_id, user)
    row.useful, row.at = useful, at
    if comment is not None:
        row.comment = comment
    session.add(row)
    return row


def _said_by(session: Session, team_id: str, digest_id: int, user: str) -> DigestFeedback:
    query = select(DigestFeedback).where(DigestFeedback.team_id == team_id, DigestFeedback.digest_id == digest_id)
    return session.exec(query.where(DigestFeedback.slack_user == user).with_for_update()).one()


def feedback(session: Session, team_id: str, unit_ids: Collection[int], *, since: date) -> list[DigestFeedback]:
    """What readers said of some units' digests of a local day or later, oldest first."""
    query = (
        select(DigestFeedback)
        .join(DigestIssue, col(DigestIssue.id) == DigestFeedback.digest_id)
        .where(DigestFeedback.team_id == team_id, col(DigestIssue.unit_id).in_(unit_ids))
        .where(col(DigestIssue.local_date) >= since)
    )
    return list(session.exec(query.order_by(col(DigestFeedback.at), col(DigestFeedback.id))))


def settle_issued(session: Session, team_id: str, issue_id: int, *, snapshot: Mapping[str, Any], now: datetime) -> bool:
    """Due becomes issued, once: False when another process was faster."""
    return settle(session, team_id, issue_id, of="due", state="issued", snapshot=dict(snapshot), issued_at=now)
