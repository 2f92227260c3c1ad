"""The query of `plumbline status` that no feature has: the rounds of cycles. Decides nothing."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.tables import CheckinRound


def rounds(session: Session, team_id: str, cycle_ids: Sequence[int]) -> list[CheckinRound]:
    """Every round of some cycles, skipped ones too, oldest first."""
    query = select(CheckinRound).where(CheckinRound.team_id == team_id, col(CheckinRound.cycle_id).in_(cycle_ids))
    return list(session.exec(query.order_by(col(CheckinRound.slot), col(CheckinRound.id))))
