"""The rating's use cases: time opens and closes a poll, leads vote and may say why.

Each is one transaction: load, decide by `rules`, write facts and promises. What people see is in `shown` and `results`.
"""

from dataclasses import dataclass
from datetime import datetime

from rituals.errors import Refusal
from rituals.notices import RatingAsk
from rituals.okrs.live import home_key
from rituals.okrs.load import CycleSpan, Member, PortfolioState, load_portfolio
from rituals.ratings import rules, shown
from storage import outbox, people
from storage import ratings as queries
from storage.database import Database, Session
from storage.outbox import Promise
from storage.ratings import Poll
from storage.tables import Person, RatingVote

LONGEST_COMMENT = 500


@dataclass(frozen=True)
class _Due:
    """A portfolio's cycle whose poll is to open, and who is asked."""

    unit: str
    cycle: CycleSpan
    asked: tuple[Member, ...]
    opens_at: datetime
    closes_at: datetime


def open_due(db: Database, team_id: str, *, now: datetime) -> int:
    """Open the poll of every portfolio and cycle whose time has come, once; returns how many were opened.

    One whose closing has passed as well is entered as skipped and nobody is asked. Takes no writer's lock while there
    is nothing to open.
    """
    with db.transaction(readonly=True) as session:
        if not _due(session, load_portfolio(session, team_id), now):
            return 0
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        return sum(_open(session, state, due, now) for due in _due(session, state, now))


def _due(session: Session, state: PortfolioState, now: datetime) -> list[_Due]:
    entered = queries.entered(session, state.team_id)
    portfolios = [key for key, unit in state.units.items() if unit.level == "portfolio"]
    begun = [cycle for cycle in state.cycles.values() if rules.opens_at(cycle.ends, state.zone) <= now]
    return [
        _Due(unit, cycle, asked, rules.opens_at(cycle.ends, state.zone), rules.closes_at(cycle.ends, state.zone))
        for unit in portfolios
        for cycle in begun
        if (state.unit_ids[unit], cycle.id) not in entered and (asked := participants(state, unit, cycle.key))
    ]


def participants(state: PortfolioState, unit: str, cycle: str) -> tuple[Member, ...]:
    """The leads of the product lines of a portfolio that work on the cycle: with an objective or key result in it.

    A line belongs to the nearest portfolio above it, so that nobody is asked twice about one cycle.
    """
    objectives = [o for o in state.objectives if o.cycle == cycle]
    busy = {o.unit for o in objectives} | {owner for o in objectives for kr in o.key_results for owner in kr.owners}
    lines = [key for key in state.below(unit) if state.units[key].level == "product_line"]
    mine = [line for line in lines if _portfolio_of(state, line) == unit and busy.intersection(state.below(line))]
    leads = {person for line in mine for person in state.units[line].leads}
    return tuple(member for key, member in state.people.items() if key in leads)


def _portfolio_of(state: PortfolioState, line: str) -> str | None:
    return next((key for key in state.lineage(line) if state.units[key].level == "portfolio"), None)


def _open(session: Session, state: PortfolioState, due: _Due, now: datetime) -> bool:
    late = now >= due.closes_at
    poll_id = queries.enter(
        session,
        {
            "team_id": state.team_id,
            "unit_id": state.unit_ids[due.unit],
            "cycle_id": due.cycle.id,
            "opens_at": due.opens_at,
            "closes_at": due.closes_at,
            "state": "skipped" if late else "open",
        },
    )
    if poll_id is None or late:
        return False
    queries.invite(session, state.team_id, poll_id, [member.id for member in due.asked])
    for member in due.asked:
        _ask(session, state.team_id, poll_id, member, now)
    return True


def _ask(session: Session, team_id: str, poll_id: int, member: Member, now: datetime) -> None:
    """A lead who was not found in Slack counts as asked and can vote once they are found."""
    if member.slack is None:
        return
    ask = Promise(
        key=shown.ask_key(poll_id, member.id),
        kind=RatingAsk.KIND,
        to=member.slack,
        data={"poll": poll_id, "person": member.id},
        mode="live",
    )
    outbox.keep_current(session, team_id, ask, now=now)
    outbox.again(session, team_id, home_key(member.slack), now=now)


def close_due(db: Database, team_id: str, *, now: datetime) -> int:
    """Close the polls whose closing has come and post each result; returns how many were closed."""
    with db.transaction(readonly=True) as session:
        if not queries.over(session, team_id, now=now):
            return 0
    with db.transaction() as session:
        return sum(_close(session, team_id, poll, now) for poll in queries.over(session, team_id, now=now))


def _close(session: Session, team_id: str, poll: Poll, now: datetime) -> bool:
    if not queries.close(session, poll, now=now):
        return False
    shown.refresh(session, team_id, poll.id, queries.asked(session, team_id, [poll.id])[poll.id], now=now)
    channel = poll.unit.channel or poll.unit.leadership_channel
    if channel is not None:
        result = shown.rating_result(session, team_id, poll)
        post = Promise(key=shown.result_key(poll.id), kind=result.KIND, to=channel, data=result.model_dump(mode="json"))
        outbox.promise(session, team_id, post, now=now)
    return True


def vote(db: Database, team_id: str, user: str, poll_id: int, score: int, *, now: datetime) -> None:
    """Write a person's vote, or change it. `user` is a Slack id.

    Raises Refusal when they are not asked, the poll has closed, or the score is not a whole number from 1 to 5.
    """
    with db.transaction() as session:
        poll, person = _voter(session, team_id, user, poll_id, now)
        if not rules.valid_score(score):
            raise Refusal(f"I read a score of {score}. Choose a whole number: 1 is not at all, 5 is seamlessly.")
        row = queries.vote_of(session, team_id, poll_id, person.id or 0)
        row = row or RatingVote(team_id=team_id, poll_id=poll_id, person_id=person.id or 0, score=score, at=now)
        row.score, row.at = score, now
        session.add(row)
        shown.refresh(session, team_id, poll.id, [person], now=now)


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
    return f"The rating of {poll.unit.name} for {poll.cycle.key} has closed. {stays} See /okr poll results."


def _given(session: Session, team_id: str, poll: Poll, person: Person) -> RatingVote:
    row = queries.vote_of(session, team_id, poll.id, person.id or 0)
    if row is None:
        raise Refusal("Choose 1 to 5 first; then a sentence can stand beside it.")
    return row


def _fitting(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_COMMENT:
        raise Refusal(f"That has {len(text)} characters; {LONGEST_COMMENT} fit. Shorten it and save again.")
    return text
