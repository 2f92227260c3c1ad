"""The time that a check-in takes: its first sign is written down, and what it came to is read back.

Signs are a form that was opened, words that came in and a button that was pressed; what they come to is said in
`rituals.timing`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rituals import timing
from storage import checkins as queries
from storage.database import Database, DatabaseBusyError, Session
from storage.tables import Answer, CheckinAsk


def sign(session: Session, ask: CheckinAsk, now: datetime) -> None:
    """A sign that this check-in is being answered; only the first counts, and none once it is answered."""
    if ask.started_at is None and ask.answered_at is None:
        ask.started_at = now
        session.add(ask)


def opened(db: Database, team_id: str, ask_id: int, *, now: datetime) -> None:
    """Its form was opened. Called after that, so that nobody waits for it; while the database is busy it is let go."""
    with db.transaction(readonly=True) as session:
        ask = queries.get_ask(session, team_id, ask_id)
        if ask is None or ask.started_at is not None:
            return
    try:
        with db.transaction() as session:
            ask = queries.get_ask(session, team_id, ask_id)
            if ask is not None:
                sign(session, ask, now)
    except DatabaseBusyError:
        return


def of_answer(session: Session, ask: CheckinAsk, answer: Answer) -> int | None:
    """The seconds from the first sign to this answer; None where they cannot be seen, or a long pause lies between."""
    said = queries.said_at(session, ask.team_id, [ask.id or 0]).get(ask.id or 0, ())
    found = timing.took(ask.started_at, [at for at in said if at <= answer.at])
    if found is None or ask.started_at is None or found != answer.at - ask.started_at:
        return None
    return int(found.total_seconds())


def of_round(session: Session, team_id: str, asks: Sequence[CheckinAsk]) -> tuple[timedelta, int]:
    """What a round's leads spent on it together, and of how many it could be measured."""
    said = queries.said_at(session, team_id, [ask.id or 0 for ask in asks])
    found = (timing.took(ask.started_at, said.get(ask.id or 0, ())) for ask in asks)
    known = [one for one in found if one is not None]
    return sum(known, timedelta()), len(known)
