"""The ballots of anonymous polls: a vote is cast once, and nothing joins it to who cast it. Decides nothing.

Neither database keeps rows without an order: SQLite fills a page from its end, PostgreSQL a heap from its start and
stamps each row with its transaction. So every vote writes all ballots of its poll anew, shuffled and under new keys,
and touches every invitation of the poll: what is stored last looks like what is stored first.
"""

import secrets
from collections.abc import Sequence

from sqlalchemy import delete, insert, or_, update
from sqlmodel import Session, col, select

from storage.tables import RatingBallot, RatingInvite

_CHANCE = secrets.SystemRandom()


def cast(session: Session, team_id: str, poll_id: int, person_id: int, score: int, comment: str) -> bool:
    """Put a person's ballot among the others; False, and nothing changes, when they voted before.

    The caller holds the poll, so that no two votes read the same ballots.
    """
    if has_voted(session, team_id, poll_id, person_id):
        return False
    connection = session.connection()
    mine = col(RatingInvite.poll_id) == poll_id
    voted = or_(col(RatingInvite.voted), col(RatingInvite.person_id) == person_id)
    connection.execute(update(RatingInvite).where(mine).values(voted=voted))
    _write_anew(session, team_id, poll_id, (score, comment))
    return True


def _write_anew(session: Session, team_id: str, poll_id: int, ballot: tuple[int, str]) -> None:
    connection = session.connection()
    of_poll = (col(RatingBallot.team_id) == team_id, col(RatingBallot.poll_id) == poll_id)
    found = connection.execute(select(RatingBallot.score, RatingBallot.comment).where(*of_poll))
    ballots = [*((row.score, row.comment) for row in found), ballot]
    _CHANCE.shuffle(ballots)
    connection.execute(delete(RatingBallot).where(*of_poll))
    rows = [
        {"key": secrets.token_hex(16), "team_id": team_id, "poll_id": poll_id, "score": score, "comment": words}
        for score, words in ballots
    ]
    connection.execute(insert(RatingBallot), rows)


def has_voted(session: Session, team_id: str, poll_id: int, person_id: int) -> bool:
    """Whether a person's ballot is among them."""
    query = select(RatingInvite.voted).where(
        RatingInvite.team_id == team_id, RatingInvite.poll_id == poll_id, RatingInvite.person_id == person_id
    )
    return bool(session.exec(query).first())


def ballots(session: Session, team_id: str, poll_ids: Sequence[int]) -> dict[int, list[RatingBallot]]:
    """The ballots of some polls by poll id, in the order of their random keys."""
    query = select(RatingBallot).where(RatingBallot.team_id == team_id, col(RatingBallot.poll_id).in_(poll_ids))
    found: dict[int, list[RatingBallot]] = {poll_id: [] for poll_id in poll_ids}
    for row in session.exec(query.order_by(col(RatingBallot.key))):
        found[row.poll_id].append(row)
    return found
