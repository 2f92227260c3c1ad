"""A result on request: the newest one or a cycle's; or what comes where there is none yet. Reads only.

While a poll is open it says how many have voted and nothing of what they voted.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from rituals.errors import Refusal
from rituals.notices import RatingResult
from rituals.okrs.load import PortfolioState
from rituals.okrs.naming import Named, find
from rituals.okrs.seen import load_seen
from rituals.ratings import rules, shown
from storage import ratings as queries
from storage.database import Database, Session
from storage.ratings import Poll


def result(db: Database, team_id: str, user: str, text: str = "", *, now: datetime) -> RatingResult:
    """The newest result that the caller may see, of several portfolios that of their own; or that of a cycle named.

    Raises Refusal with what comes, before there is any.
    """
    with db.transaction(readonly=True) as session:
        state, _ = load_seen(session, team_id, user)
        cycle = _cycle(state, text)
        polls = [poll for poll in queries.polls(session, team_id) if poll.unit.key in state.named_units]
        polls = [poll for poll in polls if cycle in {None, poll.cycle.key}]
        near = _near(state, user)
        closed = [poll for poll in polls if poll.row.state == "closed"]
        if closed:
            own = [poll for poll in closed if poll.unit.key in near]
            return shown.rating_result(session, state, (own or closed)[0])
        raise Refusal(_no_result(session, state, polls, cycle, now))


def _cycle(state: PortfolioState, text: str) -> str | None:
    if not text.strip():
        return None
    return find(text, [Named(key, key) for key in state.cycles], what="cycle").key


def _near(state: PortfolioState, user: str) -> set[str]:
    """The units that a Slack user leads, and those above them."""
    member = state.member(user)
    led: Iterable[str] = state.led_by(member.key) if member else ()
    return {above for unit in led for above in state.lineage(unit)}


def _no_result(session: Session, state: PortfolioState, polls: list[Poll], cycle: str | None, now: datetime) -> str:
    running = next((poll for poll in polls if shown.is_open(poll, now)), None)
    if running is not None:
        votes = len(queries.voted(session, state.team_id, running))
        asked = queries.asked_counts(session, state.team_id, [running.id])[running.id]
        when = _day(state, running.row.closes_at)
        return f"The rating for {running.cycle.key} is open until {when}. {votes} of {asked} have voted so far."
    opening = min(_openings(state, cycle, now), default=None)
    comes = f"The next one opens on {_day(state, opening)}." if opening else "It opens near the end of a cycle."
    return f"There is no rating{f' of {cycle}' if cycle else ''} yet. {comes}"


def _openings(state: PortfolioState, cycle: str | None, now: datetime) -> Iterator[datetime]:
    portfolios = [key for key, unit in state.units.items() if unit.level == "portfolio"]
    for one in state.cycles.values():
        for unit in portfolios if cycle in {None, one.key} else ():
            opens = rules.opens_at(one.ends, state.zone, state.holidays_of(unit))
            if opens > now:
                yield opens


def _day(state: PortfolioState, at: datetime) -> str:
    local = at.astimezone(state.zone)
    return f"{local:%a} {local.day} {local:%b} {local:%H:%M}"
