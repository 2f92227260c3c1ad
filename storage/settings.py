"""Rows whose settings are changed, and the Homes that show them. Queries only; it decides nothing."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from storage.tables import CheckinRound, DigestIssue, Person, Unit


def person(session: Session, team_id: str, person_id: int) -> Person:
    """A person by id. Raises LookupError."""
    row = session.get(Person, person_id)
    if row is None or row.team_id != team_id:
        raise LookupError(f"person {person_id} is not of this workspace")
    return row


def unit(session: Session, team_id: str, unit_id: int) -> Unit:
    """A unit by id. Raises LookupError."""
    row = session.get(Unit, unit_id)
    if row is None or row.team_id != team_id:
        raise LookupError(f"unit {unit_id} is not of this workspace")
    return row


def newest_round_day(session: Session, team_id: str, unit_ids: Sequence[int]) -> date | None:
    """The newest local date in the ledger of rounds of some units."""
    query = select(col(CheckinRound.local_date)).where(
        CheckinRound.team_id == team_id, col(CheckinRound.unit_id).in_(unit_ids)
    )
    return session.exec(query.order_by(col(CheckinRound.local_date).desc()).limit(1)).first()


def newest_digest_day(session: Session, team_id: str, unit_ids: Sequence[int], *, audience: str) -> date | None:
    """The newest local date in the ledger of some units' digests for an audience."""
    query = select(col(DigestIssue.local_date)).where(
        DigestIssue.team_id == team_id, col(DigestIssue.unit_id).in_(unit_ids), DigestIssue.audience == audience
    )
    return session.exec(query.order_by(col(DigestIssue.local_date).desc()).limit(1)).first()
