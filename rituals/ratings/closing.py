"""How a rating closes: at its time, or earlier by hand. What it found is posted once, as it stood then.

Each use case is one transaction. What the result shows is `shown`'s.
"""

from datetime import datetime

from rituals.okrs.load import load_portfolio
from rituals.okrs.roles import public
from rituals.ratings import shown
from storage import outbox
from storage import ratings as queries
from storage.database import Database, Session
from storage.outbox import Promise
from storage.ratings import Poll


def close_due(db: Database, team_id: str, *, now: datetime) -> int:
    """Close the polls whose closing has come and post each result; returns how many were closed."""
    with db.transaction(readonly=True) as session:
        if not queries.over(session, team_id, now=now):
            return 0
    with db.transaction() as session:
        closed = sum(close_poll(session, team_id, poll, now) for poll in queries.over(session, team_id, now=now))
    db.scrub()
    return closed


def close_poll(session: Session, team_id: str, poll: Poll, now: datetime) -> bool:
    """Close one poll and promise its result; False where another did."""
    if not queries.close(session, poll, now=now):
        return False
    shown.refresh(session, team_id, poll.id, queries.asked(session, team_id, [poll.id])[poll.id], now=now)
    channel = result_channel(poll)
    if channel is not None:
        state = public(load_portfolio(session, team_id), of=poll.unit.key)
        result = shown.rating_result(session, state, poll)
        post = Promise(
            key=queries.result_key(poll.id), kind=result.KIND, to=channel, data=result.model_dump(mode="json")
        )
        outbox.promise(session, team_id, post, now=now)
    return True


def result_channel(poll: Poll) -> str | None:
    """Where its result is posted; None where the unit has no channel, and it is shown to those who ask only."""
    return poll.unit.channel or poll.unit.leadership_channel
