"""What people see of a rating, as notices built from the present state: the question to a lead and the result.

Read only: it loads, computes by `rules` and `tallies` and decides nothing. The question is rendered by this when it is
sent; to an anonymous one it never says what was voted, only that it was.
"""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rituals.notices import RatingAsk, RatingLine, RatingResult
from rituals.okrs.state import PortfolioState
from rituals.ratings import rules
from rituals.ratings.tallies import Tally, by_line, earlier, tallies
from storage import outbox
from storage import rating_ballots as ballots
from storage import ratings as queries
from storage.database import Session
from storage.ratings import Poll
from storage.tables import Person

EARLIER = 4


def ask_key(poll_id: int, person_id: int) -> str:
    """The outbox key of the question to one lead; one per poll and person, so nobody is asked twice."""
    return f"rating:{poll_id}:{person_id}"


def refresh(session: Session, team_id: str, poll_id: int, asked: Iterable[Person], *, now: datetime) -> None:
    """Make the questions to these people, and their Homes where there are any, show the present state."""
    people = list(asked)
    homes = [outbox.home_key(person.slack) for person in people if person.slack is not None]
    outbox.again(session, team_id, *(ask_key(poll_id, person.id or 0) for person in people), *homes, now=now)


def is_open(poll: Poll, now: datetime) -> bool:
    """Whether votes count; the closing instant ends it even before anybody wrote that down."""
    return poll.row.state == "open" and now < poll.row.closes_at


def rating_ask(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> RatingAsk | None:
    """The question as it stands for one person (`data`: poll and person id); None when the poll is gone."""
    poll = queries.get(session, team_id, data["poll"])
    if poll is None:
        return None
    asked = RatingAsk(
        poll=poll.id,
        person=data["person"],
        cycle=poll.cycle.key,
        unit=poll.unit.name,
        closes_at=poll.row.closes_at,
        closed=not is_open(poll, now),
    )
    if poll.row.anonymous:
        voted = ballots.has_voted(session, team_id, poll.id, data["person"])
        return asked.model_copy(update={"anonymous": True, "fewest": rules.FEWEST, "voted": voted})
    vote = queries.vote_of(session, team_id, poll.id, data["person"])
    return asked.model_copy(update={"score": vote.score, "comment": vote.comment, "voted": True}) if vote else asked


def rating_result(session: Session, state: PortfolioState, poll: Poll) -> RatingResult:
    """Mean, spread, votes by score, by line and the sentences, with the means of the cycles before, for whoever may see
    `state`."""
    found = tallies(session, state.team_id, [poll])[poll.id]
    before = earlier(session, state.team_id, poll)
    return RatingResult(
        poll=poll.id,
        unit=poll.unit.name,
        cycle=poll.cycle.key,
        anonymous=poll.row.anonymous,
        fewest=rules.FEWEST if found.withheld else 0,
        mean=found.result.mean,
        spread=found.result.spread,
        votes=found.result.votes,
        asked=found.asked,
        scores=found.result.scores,
        before=before[-1] if before else None,
        earlier=tuple(before[-EARLIER:]),
        lines=tuple(_lines(session, state, found)),
        comments=_comments(state, found),
    )


def _lines(session: Session, state: PortfolioState, found: Tally) -> Iterable[RatingLine]:
    for one in by_line(session, state, found):
        unit = state.units.get(state.unit_keys.get(one.unit_id, ""))
        if unit is not None and not unit.hidden:
            yield RatingLine(unit=unit.name, mean=one.mean, votes=one.votes)


def _comments(state: PortfolioState, found: Tally) -> tuple[tuple[str, str], ...]:
    """With their names; of an anonymous poll without, and in an order that is drawn anew each time."""
    if not found.poll.row.anonymous:
        return tuple((state.people_by_id[person].name, words) for person, words in found.said)
    unsigned = list(found.unsigned)
    secrets.SystemRandom().shuffle(unsigned)
    return tuple(("", words) for words in unsigned)
