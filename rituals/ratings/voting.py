"""A lead votes and may say why: once and for good where the poll is anonymous, else changeable until it closes.

Each use case is one transaction. Of an anonymous vote nothing that is said, logged or raised here names the score.
"""

from dataclasses import dataclass
from datetime import datetime

from rituals.errors import Refusal
from rituals.ratings import rules, shown
from storage import people
from storage import rating_ballots as ballots
from storage import ratings as queries
from storage.database import Database, Session
from storage.ratings import Poll
from storage.tables import Person, RatingVote

LONGEST_COMMENT = 500
VOTED = "You have voted. A vote in an anonymous rating cannot be changed, because nothing joins it to you any more."


@dataclass(frozen=True)
class Given:
    """A vote as it comes in: 1 to 5, and a sentence with it where the question takes one."""

    score: int
    comment: str = ""


def vote(db: Database, team_id: str, user: str, poll_id: int, given: Given, *, now: datetime) -> None:
    """Write a person's vote, or change it where the poll is not anonymous. `user` is a Slack id.

    Raises Refusal when they are not asked, the poll has closed, the score is not a whole number from 1 to 5, the
    sentence is longer than 500 characters, or they have voted in an anonymous poll.
    """
    with db.transaction() as session:
        poll, person = _voter(session, team_id, user, poll_id, now)
        if not rules.valid_score(given.score):
            raise Refusal("Choose a whole number from 1 to 5: 1 is not at all, 5 is seamlessly.")
        write = _cast if poll.row.anonymous else _put
        write(session, team_id, poll, person, given, now)
        shown.refresh(session, team_id, poll.id, [person], now=now)
        anonymous = poll.row.anonymous
    if anonymous:
        db.scrub()


def _cast(session: Session, team_id: str, poll: Poll, person: Person, given: Given, now: datetime) -> None:
    if not ballots.cast(session, team_id, poll.id, person.id or 0, given.score, _fitting(given.comment)):
        raise Refusal(VOTED)


def _put(session: Session, team_id: str, poll: Poll, person: Person, given: Given, now: datetime) -> None:
    row = queries.vote_of(session, team_id, poll.id, person.id or 0)
    row = row or RatingVote(team_id=team_id, poll_id=poll.id, person_id=person.id or 0, score=given.score, at=now)
    row.score, row.at = given.score, now
    session.add(row)


def comment(db: Database, team_id: str, user: str, poll_id: int, text: str, *, now: datetime) -> None:
    """Put a sentence beside a vote, replace it, or with an empty one take it back.

    Raises Refusal as `vote` does, when there is no vote yet, and when it is longer than 500 characters.
    """
    with db.transaction() as session:
        poll, person = _voter(session, team_id, user, poll_id, now)
        row = _given(session, team_id, poll, person)
        row.comment = _fitting(text)
        session.add(row)
        shown.refresh(session, team_id, poll.id, [person], now=now)


def comment_of(db: Database, team_id: str, user: str, poll_id: int, *, now: datetime) -> str:
    """The sentence beside a person's vote, for the form that changes it. Raises Refusal as `comment` does."""
    with db.transaction(readonly=True) as session:
        poll, person = _voter(session, team_id, user, poll_id, now, hold=False)
        return _given(session, team_id, poll, person).comment


def _voter(
    session: Session, team_id: str, user: str, poll_id: int, now: datetime, *, hold: bool = True
) -> tuple[Poll, Person]:
    """The poll, held open until the end of the transaction, and the person; Refusal where they may not vote."""
    poll = queries.get(session, team_id, poll_id, hold=hold)
    if poll is None:
        raise Refusal("That rating is not there any more. /okr poll results shows the newest one.")
    person = people.by_slack(session, team_id, user)
    if person is None or not queries.is_asked(session, team_id, poll.id, person.id or 0):
        raise Refusal(
            f"The rating of {poll.unit.name} for {poll.cycle.key} asks the leads of its product lines, and you were "
            "not one of them when it opened. Tell a lead what you think, or /okr poll results shows what they said."
        )
    if not shown.is_open(poll, now):
        raise Refusal(_closed(session, team_id, poll, person))
    return poll, person


def _closed(session: Session, team_id: str, poll: Poll, person: Person) -> str:
    vote = queries.vote_of(session, team_id, poll.id, person.id or 0)
    stays = f"Your {vote.score} stays as it is." if vote else "You did not vote."
    if ballots.has_voted(session, team_id, poll.id, person.id or 0):
        stays = "Your vote counts."
    return f"The rating of {poll.unit.name} for {poll.cycle.key} has closed. {stays} See /okr poll results."


def _given(session: Session, team_id: str, poll: Poll, person: Person) -> RatingVote:
    if poll.row.anonymous:
        raise Refusal("This rating is anonymous: a sentence goes with the vote, and can neither be added nor changed.")
    row = queries.vote_of(session, team_id, poll.id, person.id or 0)
    if row is None:
        raise Refusal("Choose 1 to 5 first; then a sentence can stand beside it.")
    return row


def _fitting(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_COMMENT:
        raise Refusal(f"That has {len(text)} characters; {LONGEST_COMMENT} fit. Shorten it and save again.")
    return text
