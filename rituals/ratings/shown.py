"""What people see of a rating, as notices built from the present state: the question to a lead and the result.

Read only: it loads, computes by `rules` and decides nothing. The question is rendered by this when it is sent.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rituals.notices import RatingAsk, RatingResult
from rituals.okrs.live import home_key
from rituals.ratings import rules
from storage import outbox, people
from storage import ratings as queries
from storage.database import Session
from storage.ratings import Poll
from storage.tables import Person, RatingVote


def ask_key(poll_id: int, person_id: int) -> str:
    """The outbox key of the question to one lead; one per poll and person, so nobody is asked twice."""
    return f"rating:{poll_id}:{person_id}"


def result_key(poll_id: int) -> str:
    """The outbox key of a poll's result."""
    return f"rating_result:{poll_id}"


def refresh(session: Session, team_id: str, poll_id: int, asked: Iterable[Person], *, now: datetime) -> None:
    """Make the questions to these people, and their Homes where there are any, show the present state."""
    for person in asked:
        outbox.again(session, team_id, ask_key(poll_id, person.id or 0), now=now)
        if person.slack is not None:
            outbox.again(session, team_id, home_key(person.slack), now=now)


def is_open(poll: Poll, now: datetime) -> bool:
    """Whether votes count; the closing instant ends it even before anybody wrote that down."""
    return poll.row.state == "open" and now < poll.row.closes_at


def rating_ask(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> RatingAsk | None:
    """The question as it stands for one person (`data`: poll and person id); None when the poll is gone."""
    poll = queries.get(session, team_id, data["poll"])
    if poll is None:
        return None
    vote = queries.vote_of(session, team_id, poll.id, data["person"])
    return RatingAsk(
        poll=poll.id,
        person=data["person"],
        cycle=poll.cycle.key,
        unit=poll.unit.name,
        closes_at=poll.row.closes_at,
        score=vote.score if vote else None,
        comment=vote.comment if vote else "",
        closed=not is_open(poll, now),
    )


def rating_result(session: Session, team_id: str, poll: Poll) -> RatingResult:
    """Mean, spread, votes by score and the sentences, with the mean of the cycle before."""
    asked = queries.asked(session, team_id, [poll.id])[poll.id]
    votes = queries.votes(session, team_id, [poll.id])[poll.id]
    found = outcome(votes, len(asked))
    names = {person.id: person.name for person in people.everyone(session, team_id)}
    return RatingResult(
        poll=poll.id,
        unit=poll.unit.name,
        cycle=poll.cycle.key,
        mean=found.mean,
        spread=found.spread,
        votes=found.votes,
        asked=len(asked),
        scores=found.scores,
        before=_before(session, team_id, poll),
        comments=tuple((names[v.person_id], v.comment) for v in votes if v.comment),
    )


def outcome(votes: Iterable[RatingVote], asked: int) -> rules.Result:
    """The figures of one poll's votes."""
    return rules.result({vote.person_id: vote.score for vote in votes}, asked)


def _before(session: Session, team_id: str, poll: Poll) -> tuple[str, float] | None:
    """The newest closed poll of the same unit for an earlier cycle that has a mean."""
    earlier = [
        p
        for p in queries.polls(session, team_id)
        if p.row.state == "closed" and p.row.unit_id == poll.row.unit_id and p.cycle.ends < poll.cycle.ends
    ]
    votes = queries.votes(session, team_id, [p.id for p in earlier])
    means = ((p.cycle.key, outcome(votes[p.id], 0).mean) for p in sorted(earlier, key=lambda p: p.cycle.ends))
    known = [(cycle, mean) for cycle, mean in means if mean is not None]
    return known[-1] if known else None
