"""What came of polls, as far as it may be known: the figures, and of attributed ones each person's score.

The one place where votes are turned into figures, so that an anonymous poll of fewer than four votes says nothing
anywhere. Reads only.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from rituals.okrs.state import PortfolioState
from rituals.ratings import rules
from storage import rating_ballots as ballots
from storage import ratings as queries
from storage.database import Session
from storage.ratings import Poll


@dataclass(frozen=True)
class Tally:
    """One poll's outcome. `scores` by person id and `said` (person id, sentence) are those of an attributed poll.

    `withheld`: it is anonymous and has fewer than four votes.
    """

    poll: Poll
    asked: int
    result: rules.Result
    withheld: bool = False
    scores: Mapping[int, int] | None = None
    said: tuple[tuple[int, str], ...] = ()
    unsigned: tuple[str, ...] = ()


@dataclass(frozen=True)
class LineMean:
    """A product line (unit id) with the mean of its leads' scores."""

    unit_id: int
    mean: float
    votes: int


def tallies(session: Session, team_id: str, polls: Sequence[Poll]) -> dict[int, Tally]:
    """The outcome of some polls by poll id, in a constant number of statements. Whether they are open is not asked."""
    ids = [poll.id for poll in polls]
    asked = queries.asked_counts(session, team_id, ids)
    votes = queries.votes(session, team_id, ids)
    cast = ballots.ballots(session, team_id, ids)
    found = {}
    for poll in polls:
        if poll.row.anonymous:
            scores = [ballot.score for ballot in cast[poll.id]]
            result = rules.result(scores, asked[poll.id])
            shown = rules.withheld(result)
            enough = shown.mean is not None
            words = tuple(b.comment for b in cast[poll.id] if b.comment) if enough else ()
            found[poll.id] = Tally(poll, asked[poll.id], shown, not enough, unsigned=words)
        else:
            given = {vote.person_id: vote.score for vote in votes[poll.id]}
            said = tuple((vote.person_id, vote.comment) for vote in votes[poll.id] if vote.comment)
            found[poll.id] = Tally(
                poll, asked[poll.id], rules.result(given.values(), asked[poll.id]), False, given, said
            )
    return found


def by_line(session: Session, state: PortfolioState, found: Tally) -> list[LineMean]:
    """The mean of each product line's leads, as they led it when they were asked; the worst first.

    None for an anonymous poll: with one or two leads a line it would say who voted what.
    """
    if found.scores is None:
        return []
    given: defaultdict[int, list[int]] = defaultdict(list)
    for invite in queries.invites(session, state.team_id, found.poll.id):
        score = found.scores.get(invite.person_id)
        for line in _lines(state, invite.lines, invite.person_id) if score else ():
            given[line].append(score or 0)
    means = [LineMean(line, float(mean(scores)), len(scores)) for line, scores in given.items()]
    return sorted(means, key=lambda one: (one.mean, one.unit_id))


def _lines(state: PortfolioState, kept: Iterable[int] | None, person_id: int) -> list[int]:
    """The lines that were kept with an invitation; of older ones those that the person leads now."""
    if kept is not None:
        return list(kept)
    led = state.led_by(state.people_by_id[person_id].key)
    return [state.unit_ids[key] for key in led if state.units[key].level == "product_line"]


def earlier(session: Session, team_id: str, poll: Poll) -> list[tuple[str, float]]:
    """The means of the same unit's closed polls of earlier cycles, the oldest first; those that say nothing are out."""
    polls = [
        one
        for one in queries.polls(session, team_id)
        if one.row.state == "closed" and one.row.unit_id == poll.row.unit_id and one.cycle.ends < poll.cycle.ends
    ]
    found = tallies(session, team_id, polls)
    ordered = sorted(polls, key=lambda one: one.cycle.ends)
    means = [(one.cycle.key, found[one.id].result.mean) for one in ordered]
    return [(cycle, value) for cycle, value in means if value is not None]
