"""Queries of the alignment figures kept by day, and of what people said of findings. Which days count is decided
elsewhere.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.dialects import insert_or_ignore
from storage.tables import AlignmentRecord, Cycle, Dismissal, Unit, Workspace


@dataclass(frozen=True)
class Ground:
    """The workspace's zone, its portfolios, the cycles not closed, and each (unit id, cycle id, day) kept so far."""

    timezone: str
    portfolios: list[Unit]
    cycles: list[Cycle]
    kept: set[tuple[int, int, date]]


def keep(
    session: Session,
    team_id: str,
    *,
    unit_id: int,
    cycle_id: int,
    day: date,
    figures: dict[str, Any] | None,
    at: datetime,
) -> bool:
    """Write the figures of a day; False where that day was kept before."""
    values = {"team_id": team_id, "unit_id": unit_id, "cycle_id": cycle_id, "local_date": day}
    return insert_or_ignore(session, AlignmentRecord, {**values, "figures": figures, "at": at})


def ground(session: Session, team_id: str) -> Ground:
    """What there is to keep figures of, in four small statements. Raises LookupError for an unknown workspace."""
    workspace = session.get(Workspace, team_id)
    if workspace is None:
        raise LookupError(f"workspace {team_id} is not set up")
    kept = select(AlignmentRecord).where(AlignmentRecord.team_id == team_id)
    portfolios = select(Unit).where(Unit.team_id == team_id, Unit.level == "portfolio", col(Unit.closed_on).is_(None))
    running = select(Cycle).where(Cycle.team_id == team_id, col(Cycle.closed_at).is_(None))
    return Ground(
        timezone=workspace.timezone,
        portfolios=list(session.exec(portfolios)),
        cycles=list(session.exec(running)),
        kept={(row.unit_id, row.cycle_id, row.local_date) for row in session.exec(kept)},
    )


def records(session: Session, team_id: str, unit_id: int) -> list[AlignmentRecord]:
    """What was kept of a unit, oldest first."""
    query = select(AlignmentRecord).where(AlignmentRecord.team_id == team_id, AlignmentRecord.unit_id == unit_id)
    return list(session.exec(query.order_by(col(AlignmentRecord.local_date), col(AlignmentRecord.id))))


def verdicts(session: Session, team_id: str) -> dict[str, Dismissal]:
    """What people said of findings, by their names."""
    return {row.finding: row for row in session.exec(select(Dismissal).where(Dismissal.team_id == team_id))}


def judge(session: Session, team_id: str, finding: str, verdict: str, *, reason: str, by: str, now: datetime) -> bool:
    """Put down a verdict; False where the same one stands. What is dismissed stays so; what is confirmed may yet be."""
    values = {"verdict": verdict, "reason": reason, "slack_user": by, "at": now}
    if insert_or_ignore(session, Dismissal, {"team_id": team_id, "finding": finding, **values}):
        return True
    stands = (Dismissal.team_id == team_id, Dismissal.finding == finding, Dismissal.verdict == "confirmed")
    row = session.exec(select(Dismissal).where(*stands)).first() if verdict == "dismissed" else None
    if row is None:
        return False
    session.add(row.sqlmodel_update(values))
    return True
