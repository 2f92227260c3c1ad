"""How a rating opens: by itself in a cycle's last days, or by hand. Who is asked, and for which lines, is frozen then.

Each use case is one transaction: load, decide by `rules`, write facts and promises. Votes are `voting`'s business.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rituals.calendar import NO_DAYS
from rituals.holidays import Holidays
from rituals.notices import RatingAsk
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from rituals.ratings import rules, shown
from storage import outbox, people
from storage import ratings as queries
from storage.database import Database, Session
from storage.outbox import Promise
from storage.tables import RatingInvite, Unit

AHEAD = timedelta(days=21)  # no run of holidays brings the third-last working day further from a cycle's end


@dataclass(frozen=True)
class Asking:
    """A poll to open: whose and which cycle's, from when to when, and by whom it was opened (nobody: by itself)."""

    unit: str
    cycle: str
    opens_at: datetime
    closes_at: datetime
    by: str = ""


def open_due(db: Database, team_id: str, *, now: datetime) -> int:
    """Open the poll of every portfolio and cycle whose time has come, once; returns how many were opened.

    One whose closing has passed as well, or with nobody to ask, is entered as skipped. Looks at units and cycles only,
    and takes no writer's lock, while there is nothing to open.
    """
    with db.transaction(readonly=True) as session:
        if not _due(session, team_id, now):
            return 0
    with db.transaction() as session:
        due = _due(session, team_id, now)
        state = load_portfolio(session, team_id)
        return sum(open_poll(session, state, one, now) for one in due)


def _due(session: Session, team_id: str, now: datetime) -> list[Asking]:
    zone = ZoneInfo(people.workspace(session, team_id).timezone)
    today = now.astimezone(zone).date()
    pairs = queries.unopened(session, team_id, until=today + AHEAD)
    units = {unit.id: unit for unit in people.units(session, team_id)} if pairs else {}
    found = []
    for unit, cycle in pairs:
        off = _holidays(units, unit)
        opens = rules.opens_at(cycle.ends, zone, off)
        if opens <= now:
            found.append(Asking(unit.key, cycle.key, opens, rules.closes_at(cycle.ends, zone, off)))
    return found


def _holidays(units: dict[int | None, Unit], unit: Unit | None) -> Container[date]:
    """Those that it states, or the nearest above, without loading a portfolio for it."""
    while unit is not None:
        if unit.holidays:
            return Holidays(unit.holidays["country"], unit.holidays.get("region"))
        unit = units.get(unit.parent_id)
    return NO_DAYS


def participants(state: PortfolioState, unit: str, cycle: str) -> tuple[Member, ...]:
    """The leads of the product lines of a portfolio that work on the cycle: with an objective or key result in it."""
    leads = {person for line in rated_lines(state, unit, cycle) for person in state.units[line].leads}
    return tuple(member for key, member in state.people.items() if key in leads)


def rated_lines(state: PortfolioState, unit: str, cycle: str) -> list[str]:
    """The lines of a portfolio that work on a cycle.

    A line belongs to the nearest portfolio above it, so that nobody is asked twice about one cycle.
    """
    objectives = [o for o in state.objectives if o.cycle == cycle]
    busy = {o.unit for o in objectives} | {owner for o in objectives for kr in o.key_results for owner in kr.owners}
    below = [state.units[key] for key in state.below(unit)]
    lines = [one.key for one in below if one.level == "product_line" and one.closed_on is None]
    return [line for line in lines if _portfolio_of(state, line) == unit and busy.intersection(state.below(line))]


def _portfolio_of(state: PortfolioState, line: str) -> str | None:
    return next((key for key in state.lineage(line) if state.units[key].level == "portfolio"), None)


def open_poll(session: Session, state: PortfolioState, asking: Asking, now: datetime) -> bool:
    """Enter a poll and ask its leads; False where it is over already, has nobody to ask, or is in the books."""
    asked = participants(state, asking.unit, asking.cycle)
    skipped = now >= asking.closes_at or not asked
    anonymous = people.workspace(session, state.team_id).anonymous_ratings
    poll_id = queries.enter(
        session,
        {
            "team_id": state.team_id,
            "unit_id": state.unit_ids[asking.unit],
            "cycle_id": state.cycles[asking.cycle].id,
            "opens_at": asking.opens_at,
            "closes_at": asking.closes_at,
            "state": "skipped" if skipped else "open",
            "anonymous": anonymous,
            "opened_by": asking.by,
        },
    )
    if poll_id is None or skipped:
        return False
    _invite(session, state, asking, poll_id, asked, now)
    for member in asked:
        _ask(session, state.team_id, poll_id, member, now)
    homes = (outbox.home_key(member.slack) for member in asked if member.slack)
    outbox.again(session, state.team_id, *homes, now=now)
    return True


def _invite(
    session: Session, state: PortfolioState, asking: Asking, poll_id: int, asked: Sequence[Member], now: datetime
) -> None:
    lines, off = rated_lines(state, asking.unit, asking.cycle), state.holidays_of(asking.unit)
    invites = [
        RatingInvite(
            poll_id=poll_id,
            person_id=member.id,
            team_id=state.team_id,
            lines=[state.unit_ids[line] for line in lines if member.key in state.units[line].leads],
            remind_at=rules.remind_at(now, asking.closes_at, member.quiet, member.zone or state.zone, off),
        )
        for member in asked
    ]
    queries.invite(session, invites)


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
