"""What a key result was before: its grade where its cycle was closed, and those of earlier cycles that it goes on from.

Reads only; their last words are the card's to add.
"""

from rituals.notices.cards import Graded
from rituals.okrs.grading import band
from rituals.okrs.load import PortfolioState
from rituals.okrs.model import KeyResult
from storage.database import Session

CYCLES = 4


def graded(session: Session, state: PortfolioState, kr: KeyResult) -> Graded | None:
    """What was decided on a key result; None while its cycle is open."""
    from storage import closing  # with the first one that has a grade: the start does without

    row = closing.grade_of(session, state.team_id, kr.id or 0) if kr.cycle_closed else None
    if row is None:
        return None
    by = state.member(row.slack_user)
    return Graded(
        score=row.score,
        band=band(row.score, kr.commitment),
        outcome=row.outcome,
        reason=row.reason,
        note=row.note,
        to=state.key_result_ids.get(row.carried_to or 0),
        by=by.name if by else None,
        at=row.at,
    )


def line_of_descent(state: PortfolioState, kr: KeyResult) -> list[KeyResult]:
    """The key results that it goes on from, the newest first, as far as `state` shows them."""
    found: list[KeyResult] = []
    key = state.key_result_ids.get(kr.carried_from) if kr.carried_from else None
    while key is not None and len(found) < CYCLES:
        before = state.key_results[key]
        found.append(before)
        key = state.key_result_ids.get(before.carried_from) if before.carried_from else None
    return found
