"""`/okr poll start` and `/okr poll close`: the leads of a portfolio and admins open its rating early, or end it.

Reads what was typed and decides who may; what opening and closing do is `opening`'s and `closing`'s.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rituals.calendar import add_working_days
from rituals.dates import read_day
from rituals.errors import Choice, Refusal
from rituals.okrs.load import CycleSpan, PortfolioState, load_portfolio
from rituals.okrs.model import Unit
from rituals.okrs.naming import Named, find
from rituals.okrs.roles import answers_for, may_see_unit, not_yours
from rituals.ratings import rules, shown
from rituals.ratings.closing import close_poll, result_channel
from rituals.ratings.opening import Asking, open_poll, participants
from storage import ratings as queries
from storage.database import Database, Session
from storage.ratings import Poll

BEHIND = timedelta(days=31)  # so long after its end a cycle can still be rated
_UNTIL = re.compile(r"(?:^|\s)(?:until|till|til|by)\s+(?P<day>.+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Opened:
    """A poll as it stands: whose, how many are asked and have voted, and until when; `fewest` where it is anonymous,
    `posted` where the unit has a channel for its result.
    """

    poll: int
    unit: str
    cycle: str
    asked: int
    voted: int
    closes_at: datetime
    anonymous: bool = False
    fewest: int = 0
    posted: bool = True


def start(db: Database, team_id: str, user: str, text: str, *, now: datetime) -> Opened:
    """Open a portfolio's rating now: `[unit] [cycle] [until day]`, by default its running cycle and three working days.

    Raises Refusal for who may not, names and days that cannot be read, a cycle that was rated, and nobody to ask.
    """
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        rest, closes_at = _until(state, text, now)
        cycle_key, name = _cycle_named(state, rest)
        unit = _portfolio(state, user, name, text)
        cycle = _cycle(session, state, unit, cycle_key, now)
        if closes_at is None:
            day = add_working_days(state.today(now), rules.WORKING_DAYS, state.holidays_of(unit))
            closes_at = rules.closes_by_hand(day, state.zone)
        if not participants(state, unit, cycle.key):
            raise Refusal(f"Nobody is to be asked: no product line of {state.units[unit].name} works on {cycle.key}.")
        open_poll(session, state, Asking(unit, cycle.key, now, closes_at, user), now)
        return _standing(session, team_id, _poll_of(session, state, unit, cycle.id))


def asking_to_close(db: Database, team_id: str, user: str, text: str, *, now: datetime) -> Opened:
    """The open poll that the words mean, to be confirmed. Raises Refusal where there is none, or it is not theirs."""
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team_id)
        cycle_key, name = _cycle_named(state, text.strip())
        open_ones = [p for p in queries.polls(session, team_id) if shown.is_open(p, now)]
        mine = [p for p in open_ones if _may(state, user, p.unit.key)]
        if name or len(mine) != 1:
            unit = _portfolio(state, user, name, text)
            mine = [p for p in open_ones if p.unit.key == unit]
        mine = [p for p in mine if cycle_key in {None, p.cycle.key}]
        if not mine:
            raise Refusal("No rating of yours is open. /okr poll results shows the newest one.")
        return _standing(session, team_id, mine[-1])


def close_now(db: Database, team_id: str, user: str, poll_id: int, *, now: datetime) -> Opened:
    """Close an open poll before its time and post what it found. Raises Refusal where it is closed or not theirs."""
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        poll = queries.get(session, team_id, poll_id, hold=True)
        if poll is None:
            raise Refusal("That rating is not there any more. /okr poll results shows the newest one.")
        if not _may(state, user, poll.unit.key):
            raise not_yours(state, f"The rating of {poll.unit.name}", [poll.unit.key])
        if not close_poll(session, team_id, poll, now):
            raise Refusal(f"The rating of {poll.unit.name} for {poll.cycle.key} has closed. See /okr poll results.")
        standing = _standing(session, team_id, poll)
    db.scrub()
    return standing


def _until(state: PortfolioState, text: str, now: datetime) -> tuple[str, datetime | None]:
    """What stands before `until`, and the end of the day behind it."""
    found = _UNTIL.search(text)
    if found is None:
        return text.strip(), None
    day = read_day(found["day"].strip(" ."), state.today(now))
    if day is None:
        raise Refusal(f'I read "{found["day"][:60]}" as no day; write one like "until 12 Dec" or "until 2026-12-12".')
    closes_at = rules.closes_by_hand(day, state.zone)
    if closes_at <= now or closes_at > now + rules.LONGEST:
        raise Refusal(f"A rating closes at 18:00, in the next {rules.LONGEST.days} days; {_day(day)} is not in them.")
    return text[: found.start()].strip(), closes_at


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def _cycle_named(state: PortfolioState, text: str) -> tuple[str | None, str]:
    """The cycle among some words, and the other words."""
    keys = {key.casefold(): key for key in state.cycles}
    words = text.split()
    named = next((keys[word.casefold()] for word in words if word.casefold() in keys), None)
    return named, " ".join(word for word in words if word.casefold() not in keys)


def _may(state: PortfolioState, user: str, unit: str) -> bool:
    member = state.member(user)
    return answers_for(state, member.key if member else None, unit)


def _portfolio(state: PortfolioState, user: str, name: str, text: str) -> str:
    """The portfolio named in a text, or the one that the caller answers for."""
    member = state.member(user)
    seen = [u for u in state.units.values() if may_see_unit(state, member.key if member else None, u.key)]
    every = [u.key for u in seen if u.level == "portfolio" and u.closed_on is None]
    found = _named(state, name, seen, text) if name else [key for key in every if _may(state, user, key)] or every
    if not found:
        raise Refusal("There is no portfolio to rate yet. /okr add unit begins one.")
    if not _may(state, user, found[0]):
        raise not_yours(state, f"The rating of {state.units[found[0]].name}", found[:1])
    if len(found) > 1:
        choices = tuple(Choice(_in_place(text, "", key), state.units[key].name) for key in found[:5])
        raise Refusal("Several portfolios are yours. Which one?", None, choices)
    return found[0]


def _named(state: PortfolioState, name: str, seen: Sequence[Unit], text: str) -> list[str]:
    """The portfolio that a name means, or the one above the unit that it means."""
    try:
        key = find(name, [Named(u.key, u.name) for u in seen], what="unit").key
    except Refusal as no:
        choices = tuple(Choice(_in_place(text, name, one.value), one.label) for one in no.choices)
        raise Refusal(no.text, no.field, choices) from None
    above = [one for one in state.lineage(key) if state.units[one].level == "portfolio"]
    if not above:
        raise Refusal(f"A portfolio is rated by its product lines; {state.units[key].name} is none.")
    return above[:1]


def _in_place(text: str, name: str, key: str) -> str:
    """What was typed with a key in the place of a name, so that the rest of it is not lost."""
    return text.replace(name, key, 1) if name and name in text else f"{key} {text.replace(name, '')}".strip()


def _cycle(session: Session, state: PortfolioState, unit: str, named: str | None, now: datetime) -> CycleSpan:
    """The cycle named; else of those that its lines work on, and that are not rated, the one that ends first."""
    polls = {p.row.cycle_id: p for p in queries.polls(session, state.team_id) if p.unit.key == unit}
    rated = {cycle: p for cycle, p in polls.items() if p.row.state != "skipped"}
    today = state.today(now)
    begun = [c for c in state.cycles.values() if c.starts <= today <= c.ends + BEHIND]
    if named:
        _in_time(state.cycles[named], today)
    wanted = [state.cycles[named]] if named else [c for c in begun if participants(state, unit, c.key)]
    free = [c for c in wanted if c.id not in rated]
    if free:
        return min(free, key=lambda c: c.ends)
    _say_rated(state, [rated[c.id] for c in wanted], now)
    raise Refusal(f"No cycle runs that the product lines of {state.units[unit].name} work on, so nobody can rate it.")


def _in_time(cycle: CycleSpan, today: date) -> None:
    if cycle.starts > today:
        raise Refusal(f"{cycle.key} begins on {_day(cycle.starts)}, and can be rated from then on.")
    if cycle.ends + BEHIND < today:
        raise Refusal(f"{cycle.key} ended on {_day(cycle.ends)}; it could be rated until {_day(cycle.ends + BEHIND)}.")


def _say_rated(state: PortfolioState, polls: Sequence[Poll], now: datetime) -> None:
    for poll in polls:
        what = f"The rating of {poll.unit.name} for {poll.cycle.key}"
        if shown.is_open(poll, now):
            until = poll.row.closes_at.astimezone(state.zone)
            raise Refusal(f"{what} is open until {_day(until)}, {until:%H:%M}. /okr poll close ends it.")
        raise Refusal(f"{what} has closed, and a cycle is rated once. /okr poll results shows it.")


def _poll_of(session: Session, state: PortfolioState, unit: str, cycle_id: int) -> Poll:
    polls = queries.polls(session, state.team_id)
    return next(p for p in polls if p.unit.key == unit and p.row.cycle_id == cycle_id)


def _standing(session: Session, team_id: str, poll: Poll) -> Opened:
    return Opened(
        poll=poll.id,
        unit=poll.unit.name,
        cycle=poll.cycle.key,
        asked=queries.asked_counts(session, team_id, [poll.id])[poll.id],
        voted=len(queries.voted(session, team_id, poll)),
        closes_at=poll.row.closes_at,
        anonymous=poll.row.anonymous,
        fewest=rules.FEWEST if poll.row.anonymous else 0,
        posted=result_channel(poll) is not None,
    )
