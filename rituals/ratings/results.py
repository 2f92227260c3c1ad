"""The newest result on request, or what comes where there is none yet. Reads only."""

from collections.abc import Iterable
from datetime import datetime

from rituals.errors import Refusal
from rituals.notices import RatingResult
from rituals.okrs.load import PortfolioState
from rituals.okrs.seen import load_seen
from rituals.ratings import rules, shown
from storage import ratings as queries
from storage.database import Database, Session
from storage.ratings import Poll


def newest_result(db: Database, team_id: str, user: str, *, now: datetime) -> RatingResult:
    """The newest result that the caller may see; of several portfolios that of their own.

    Raises Refusal with what comes, before there is any.
    """
    with db.transaction(readonly=True) as session:
        state, _ = load_seen(session, team_id, user)
        polls = [poll for poll in queries.polls(session, team_id) if poll.unit.key in state.named_units]
        near = _near(state, user)
        closed = [poll for poll in polls if poll.row.state == "closed"]
        if closed:
            own = [poll for poll in closed if poll.unit.key in near]
            return shown.rating_result(session, team_id, (own or closed)[0])
        raise Refusal(_no_result(session, state, polls, now))


def _near(state: PortfolioState, user: str) -> set[str]:
    """The units that a Slack user leads, and those above them."""
    member = state.member(user)
    led: Iterable[str] = state.led_by(member.key) if member else ()
    return {above for unit in led for above in state.lineage(unit)}


def _no_result(session: Session, state: PortfolioState, polls: list[Poll], now: datetime) -> str:
    running = next((poll for poll in polls if shown.is_open(poll, now)), None)
    if running is not None:
        votes = len(queries.votes(session, state.team_id, [running.id])[running.id])
        asked = len(queries.asked(session, state.team_id, [running.id])[running.id])
        when = _day(state, running.row.closes_at)
        return f"The rating for {running.cycle.key} is open until {when}. {votes} of {asked} have voted so far."
    ahead = [rules.opens_at(c.ends, state.zone) for c in state.cycles.values()]
    opening = min((at for at in ahead if at > now), default=None)
    comes = f"The next one opens on {_day(state, opening)}." if opening else "It opens near the end of a cycle."
    return f"There is no rating yet. {comes}"


def _day(state: PortfolioState, at: datetime) -> str:
    local = at.astimezone(state.zone)
    return f"{local:%a} {local.day} {local:%b} {local:%H:%M}"
