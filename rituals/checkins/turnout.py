"""Whether a lead has answered in a round, and whether in time. Counts what is in force; decides nothing else."""

from datetime import datetime

from storage import checkins as queries
from storage.database import Session
from storage.tables import CheckinAsk


def is_late(session: Session, ask: CheckinAsk, now: datetime) -> bool:
    """Whether the round had closed by then, or this lead's own time was over."""
    row = queries.get_round(session, ask.team_id, ask.round_id)
    return now >= ask.due_at or row is None or (row.closed_at is not None and row.closed_at <= now)


def count_in(session: Session, ask: CheckinAsk, *, now: datetime) -> None:
    """Set the ask's state by the answers that are in force and answer a question.

    The first one says whether it was in time: what is added or corrected later makes nobody late.
    """
    given = [a for a in queries.answers_of(session, ask.team_id, [ask.id or 0]) if (a.reading or {}).get("answered")]
    if given:
        ask.answered_at = ask.answered_at or given[0].at
        ask.state = "late" if ask.answered_at >= ask.due_at else "answered"
    elif ask.state in {"answered", "late"}:
        ask.answered_at = None
        waits = "asked" if ask.asked_at is not None else "upcoming"
        ask.state = "missed" if is_late(session, ask, now) else waits
    session.add(ask)
