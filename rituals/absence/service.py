"""A person's own absence: told, shown and ended. Whom a check-in asks meanwhile is decided where it asks.

One transaction each. It writes days on the person's row and a record of the change, and makes their Home due again.
"""

from dataclasses import dataclass
from datetime import date, datetime

from rituals.absence import rules
from rituals.away import NO_END
from rituals.calendar import add_working_days
from rituals.errors import Refusal
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from storage import changes, outbox, people
from storage.database import Database, Session
from storage.tables import Person

NOT_IN_PORTFOLIO = "You are not in the portfolio, so no check-in asks you and there is nothing to be away from."


@dataclass(frozen=True)
class Absence:
    """As it stands: the days away (both included; `until` None without an end), and who is asked instead.

    `first` is None for somebody who is not away. `by_status` tells that Slack's status said so. `units` are what they
    answer for; `stands_in_for` who has named them as delegate meanwhile.
    """

    first: date | None = None
    until: date | None = None
    delegate: str | None = None
    by_status: bool = False
    ended: bool = False
    units: tuple[str, ...] = ()
    stands_in_for: tuple[str, ...] = ()

    @property
    def back_on(self) -> date | None:
        """The first working day on which they are asked again."""
        return add_working_days(self.until, 1) if self.until else None


@dataclass(frozen=True)
class _Days:
    """What is written of an absence: its days, and who told of it (`command` or `status`)."""

    since: date | None
    until: date | None
    told_by: str


def away(db: Database, team_id: str, user: str, typed: str, *, now: datetime, key: str) -> Absence:
    """What `/okr away …` does: nothing typed shows it, `off` ends it, a day sets it; `key` names the command.

    Raises Refusal for who is not in the portfolio, and for a day or a delegate that cannot be.
    """
    words = typed.strip()
    with db.transaction(readonly=not words) as session:
        state = load_portfolio(session, team_id)
        me = state.member(user)
        if me is None:
            raise Refusal(NOT_IN_PORTFOLIO)
        if not words:
            return _shown(session, state, me, now)
        if words.casefold() in rules.OFF:
            return _end(session, state, me, now=now, key=key)
        return _set(session, state, me, words, now=now, key=key)


def _set(session: Session, state: PortfolioState, me: Member, typed: str, *, now: datetime, key: str) -> Absence:
    """A day, a delegate or both; one named alone is for the absence that stands, which Slack's status may have told."""
    today, wish, row = state.day_of(me, now), rules.read_wish(typed), _row(session, state, me)
    standing = me.away if me.away and me.away.until >= today and not wish.until else None
    until = standing.until if standing else rules.until_of(wish, today)
    delegate = rules.delegate_of(state, me, wish.delegate, today, until) if wish.delegate else None
    days = _Days(standing.starts if standing else today, until, row.away_by if standing else "command")
    _write(session, state, row, days, delegate.id if delegate else None, now=now, key=key)
    return _shown(session, load_portfolio(session, state.team_id), me, now)


def _end(session: Session, state: PortfolioState, me: Member, *, now: datetime, key: str) -> Absence:
    row = _row(session, state, me)
    was_away = row.away_until is not None and row.away_until >= state.day_of(me, now)
    if not was_away:
        return _shown(session, state, me, now)
    _write(session, state, row, _Days(None, None, "command"), None, now=now, key=key)
    return Absence(ended=True, units=state.names(state.led_by(me.key)))


def _write(
    session: Session,
    state: PortfolioState,
    row: Person,
    days: _Days,
    delegate: int | None,
    *,
    now: datetime,
    key: str,
) -> None:
    """Once for each command, however often Slack delivers it."""
    before = {"away_until": _iso(row.away_until), "delegate_id": row.delegate_id}
    after = {"away_until": _iso(days.until), "delegate_id": delegate}
    new = changes.add_change(
        session,
        state.team_id,
        at=now,
        by=row.slack or "",
        what="person",
        key=row.key,
        action="edit",
        before=before,
        after=after,
        source_key=key,
    )
    if not new:
        return
    row.away_from, row.away_until, row.away_by, row.delegate_id = days.since, days.until, days.told_by, delegate
    session.add(row)
    session.flush()
    outbox.again(session, state.team_id, outbox.home_key(row.slack or ""), now=now)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _row(session: Session, state: PortfolioState, me: Member) -> Person:
    row = people.by_slack(session, state.team_id, me.slack or "")
    assert row is not None  # the portfolio was loaded with them
    return row


def _shown(session: Session, state: PortfolioState, me: Member, now: datetime) -> Absence:
    member, today = state.people[me.key], state.day_of(me, now)
    units = state.names(state.led_by(me.key))
    if member.away is None or member.away.until < today:
        return Absence(units=units)
    delegate = state.people.get(member.away.delegate or "")
    return Absence(
        first=member.away.starts,
        until=None if member.away.until == NO_END else member.away.until,
        delegate=delegate.name if delegate else None,
        by_status=_row(session, state, me).away_by == "status",
        units=units,
        stands_in_for=tuple(other.name for other in rules.stands_in_for(state, me, today)),
    )
