"""What the forms write beside the portfolio itself: proposals by hand. Queries only; it decides nothing."""

from datetime import datetime

from sqlmodel import Session, select

from storage.registers import next_adjustment_number
from storage.tables import Adjustment


def propose(
    session: Session,
    team_id: str,
    *,
    text: str,
    key_result_id: int | None,
    unit_id: int | None,
    person_id: int,
    now: datetime,
) -> Adjustment:
    """Register a proposed change; the open one of the same person in the same words where there is one."""
    query = select(Adjustment).where(
        Adjustment.team_id == team_id,
        Adjustment.person_id == person_id,
        Adjustment.key_result_id == key_result_id,
        Adjustment.state == "open",
        Adjustment.text == text,
    )
    standing = session.exec(query).first()
    if standing is not None:
        return standing
    row = Adjustment(
        team_id=team_id,
        number=next_adjustment_number(session, team_id),
        text=text,
        key_result_id=key_result_id,
        unit_id=unit_id,
        person_id=person_id,
        proposed_at=now,
    )
    session.add(row)
    session.flush()
    return row
