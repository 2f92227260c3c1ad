"""Later: a lead puts their prompt off, and it comes back by itself. What is owed stays owed and shown meanwhile.

Nothing is put off beyond the lead's own window, and nobody is brought back in their quiet hours. A return is the
lead's own wish and no nudge: it is not counted among the reminders, and whoever put it off is not reminded before.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rituals.calendar import resolve
from rituals.checkins import shown
from rituals.checkins.asking import is_theirs, unsaid_in
from rituals.errors import Refusal
from rituals.notices import CheckinBack, Later
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from storage import checkins as queries
from storage import outbox
from storage.database import Database, Session
from storage.outbox import Promise
from storage.tables import CheckinAsk, CheckinRound

SOON = timedelta(hours=2)
MORNING = time(9)


def choices(member: Member, zone: ZoneInfo, due_at: datetime, now: datetime) -> tuple[Later, ...]:
    """When this lead can be asked again, within their window and outside of their quiet hours; no instant twice."""
    own = member.zone or zone
    last_day = due_at.astimezone(own).date()
    today = now.astimezone(own).date()
    soon, tomorrow = now + SOON, _morning(member, own, today + timedelta(days=1))
    found = [
        Later(when="soon", at=soon, label="In 2 hours") if not member.quiet.covers(soon, own) else None,
        Later(when="tomorrow", at=tomorrow, label=_worded(tomorrow, own, today)),
    ]
    if last_day > today:
        last = _morning(member, own, last_day)
        found.append(Later(when="last_day", at=last, label=f"On the last day, {last.astimezone(own):%a %H:%M}"))
    kept: dict[datetime, Later] = {}
    for one in found:
        if one is not None and now < one.at < due_at:
            kept.setdefault(one.at, one)
    return tuple(kept.values())


def _morning(member: Member, own: ZoneInfo, day: date) -> datetime:
    """Nine o'clock on a day; where that is quiet, on the first day after on which it is not, or when quiet ends."""
    at = member.quiet.over(resolve(day, MORNING, own), own)
    return member.quiet.over(max(at, resolve(at.astimezone(own).date(), MORNING, own)), own)


def _worded(at: datetime, own: ZoneInfo, today: date) -> str:
    local = at.astimezone(own)
    return f"{'Tomorrow' if (local.date() - today).days == 1 else f'{local:%a}'} {local:%H:%M}"


def snooze(db: Database, team_id: str, user: str, ask_id: int, when: str, *, now: datetime) -> datetime:
    """Put an ask off until the choice `when`; returns the instant at which it comes back.

    Raises Refusal where it is another lead's, answered already, or not possible any more before it is due.
    """
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        ask = queries.get_ask(session, team_id, ask_id)
        member = state.member(user)
        if ask is None or member is None or not is_theirs(ask, member):
            raise Refusal("This check-in is another lead's. /okr checkin opens yours.")
        if ask.state != "asked":
            raise Refusal("This check-in does not wait for you any more, so there is nothing to put off.")
        found = choices(member, state.zone, ask.due_at, now)
        chosen = next((one for one in found if one.when == when), None)
        if chosen is None:
            raise Refusal(_no_room(found))
        ask.snoozed_until = chosen.at
        session.add(ask)
        outbox.come_alive(session, team_id, shown.prompt_key(ask), {"ask": ask_id}, now=now)
        outbox.again(session, team_id, outbox.home_key(user), now=now)
        return chosen.at


def _no_room(found: tuple[Later, ...]) -> str:
    instead = f" Still possible: {' or '.join(one.label for one in found)}." if found else ""
    return f"That is too late for this check-in.{instead} Answer works at any time."


def bring_back(db: Database, team_id: str, *, now: datetime) -> int:
    """Ask those again whose time has come. Returns how many; run again it finds none, and takes no writer's lock."""
    with db.transaction(readonly=True) as session:
        if not queries.snoozed(session, team_id, until=now):
            return 0
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        return sum(_back(session, state, ask, now) for ask in queries.snoozed(session, team_id, until=now))


def _back(session: Session, state: PortfolioState, ask: CheckinAsk, now: datetime) -> bool:
    until, ask.snoozed_until = ask.snoozed_until, None
    session.add(ask)
    session.flush()
    row = queries.get_round(session, state.team_id, ask.round_id)
    if row is None or until is None or ask.state != "asked" or now >= ask.due_at:
        return False
    _promise_back(session, state, row, ask, until, now)
    outbox.come_alive(session, state.team_id, shown.prompt_key(ask), {"ask": ask.id}, now=now)
    return True


def _promise_back(
    session: Session, state: PortfolioState, row: CheckinRound, ask: CheckinAsk, until: datetime, now: datetime
) -> None:
    member = state.people_by_id[ask.delegate_id or ask.person_id]
    if member.slack is None:
        return
    notice = CheckinBack(
        ask=ask.id or 0,
        number=row.number,
        unit=shown.unit_name(state, row),
        due_at=ask.due_at,
        user=member.slack,
        open=len(unsaid_in(session, state, ask, now)),
        later=choices(member, state.zone, ask.due_at, now),
    )
    promise = Promise(
        key=f"back:{ask.id}:{int(until.timestamp())}",
        kind=notice.KIND,
        to=member.slack,
        data=notice.model_dump(mode="json"),
        thread_of=shown.prompt_key(ask),
    )
    outbox.promise(session, state.team_id, promise, now=now)
