"""App Home of one person: what they owe, their key results, units, blockers and the rhythm. Read only but for the
promise to show it. The one module that looks across features, because a person's day does.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from rituals.away import NO_END
from rituals.calendar import next_slot, resolve
from rituals.checkins.asking import asked_in
from rituals.checkins.rules import asked_of, no_change_offered
from rituals.checkins.turnout import left
from rituals.checkins.turns import next_turn
from rituals.checkins.windows import window_of
from rituals.digests.audiences import places_of, plans
from rituals.home_units import units_of
from rituals.notices import Home, HomeSettings, KrLine, Owed
from rituals.okrs.lines import line_of
from rituals.okrs.load import Member, PortfolioState
from rituals.okrs.pages import of_person, worst_first
from rituals.okrs.registers import concerning
from rituals.okrs.seen import load_seen
from rituals.ratings.opening import participants as rated
from rituals.ratings.rules import opens_at
from rituals.settings.words import quiet as quiet_words
from rituals.standing import standing
from storage import checkins, outbox, ownership, ratings, workshops
from storage.database import Database, Session
from storage.outbox import Promise

_DAY_ENDS = time(23, 59)
_CLOSED_WITHIN = timedelta(days=30)


def promise(db: Database, team_id: str, user: str, *, now: datetime) -> None:
    """Publish a person's Home now, and keep it current from then on."""
    shown = Promise(key=outbox.home_key(user), kind=Home.KIND, to=user, data={"user": user}, mode="home")
    with db.transaction() as session:
        outbox.keep_current(session, team_id, shown, now=now)


def overview(db: Database, team_id: str, user: str, *, now: datetime) -> Home:
    """The same for a reply to a bare `/okr`."""
    with db.transaction(readonly=True) as session:
        return home(session, team_id, {"user": user}, now)


def home(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> Home:
    """The Home of `data["user"]`, a Slack user id; without a name for who is not in the portfolio."""
    user = str(data["user"])
    state, member = load_seen(session, team_id, user)
    if member is None:
        return Home(user=user, name=None, contacts=_contacts(state))
    return Home(
        user=user,
        name=member.name,
        owed=_owed(session, state, member, now),
        key_results=_key_results(state, member, now),
        units=units_of(session, state, member, now),
        alignment=standing(session, state, member, now),
        blockers=concerning(session, state, state.led_by(member.key), now, member),
        rhythm=_rhythm(session, state, member, now),
        missing=_missing(session, state, member, now),
        settings=_settings(state, member, now),
    )


def _contacts(state: PortfolioState) -> tuple[str, ...]:
    """Who can say how a newcomer belongs: the leads of the portfolios, or of the topmost units."""
    portfolios = [u for u in state.units.values() if u.level == "portfolio"]
    asked = portfolios or [u for u in state.units.values() if u.parent is None]
    return tuple(dict.fromkeys(state.people[lead].name for unit in asked for lead in unit.leads))


def _owed(session: Session, state: PortfolioState, member: Member, now: datetime) -> tuple[Owed, ...]:
    """Check-ins and ratings that wait, the first due first."""
    asks = [
        Owed(
            what="check-in",
            ask=ask.id,
            number=row.number,
            unit=state.units[state.unit_keys[row.unit_id]].name,
            due_at=ask.due_at,
            late=window_of(ask, row, now).state == "late",
            partly=ask.partly,
            back_at=ask.snoozed_until,
            instead_of=state.people_by_id[ask.person_id].name if ask.person_id != member.id else None,
            no_change=no_change_offered(asked_in(session, state, ask, now)),
        )
        for ask, row in checkins.owed(session, state.team_id, member.id)
        if ask.state == "asked" or left(session, state, ask, now)
    ]
    polls = [
        Owed(
            what="rating",
            poll=poll.id,
            unit=poll.unit.name,
            due_at=poll.row.closes_at,
            anonymous=poll.row.anonymous,
        )
        for poll in ratings.owed(session, state.team_id, member.id, now=now)
    ]
    waiting = [*asks, *polls, *_closings(session, state, member, now), *_ownings(session, state, member, now)]
    return tuple(sorted(waiting, key=lambda owed: owed.due_at or now))


def _closings(session: Session, state: PortfolioState, member: Member, now: datetime) -> list[Owed]:
    """The cycles that ended and wait for this person's decisions; none that ended long ago."""
    today = state.today(now)
    over = [c for c in state.cycles.values() if not c.closed and c.ends < today <= c.ends + _CLOSED_WITHIN]
    if not over:
        return []
    from rituals.closing.shown import left_for  # four times a year: the start does without

    found = [(cycle, left_for(session, state, member, cycle, now)) for cycle in over]
    return [Owed(what=f"close {cycle.key}", cycle=cycle.key, left=left) for cycle, left in found if left]


def _ownings(session: Session, state: PortfolioState, member: Member, now: datetime) -> list[Owed]:
    """The questions about owning a key result together that wait for this person's word."""
    rows = ownership.open_ones(session, state.team_id)
    if not rows:
        return []
    from rituals.okrs.ownership.waiting import asks_of  # asked now and then: the start does without

    return [Owed(what=ask.key, owning=ask) for ask in asks_of(session, state, rows, member, now)]


def _key_results(state: PortfolioState, member: Member, now: datetime) -> tuple[KrLine, ...]:
    """What the person is asked about; for who leads only units above, what is below them. Worst first."""
    asked = {a.kr.key: a.role for a in asked_of(state, member.key, now)}
    krs = [state.key_results[key] for key in asked]
    among = krs or of_person(state, member, state.current_key_results(now))
    return tuple(line_of(state, kr, f, asked.get(kr.key, "own")) for kr, f in worst_first(state, among, now))


def _rhythm(session: Session, state: PortfolioState, member: Member, now: datetime) -> tuple[tuple[str, datetime], ...]:
    """The next check-in where this person is, the next digest and workshop, and the end of each running cycle."""
    led = state.led_by(member.key)
    rounds = [unit for unit in dict.fromkeys(state.cadence_unit(unit) for unit in led) if unit]
    above = dict.fromkeys(key for unit in led for key in state.lineage(unit))
    coming = [
        *_soonest("Next check-in", (next_turn(state, unit, member, now) for unit in rounds)),
        *_soonest("Next digest", (at for unit in above for at in _next_digests(state, unit, now))),
        *_soonest("Next workshop", _workshops(session, state, set(above), now)),
        *_soonest("Next rating", _ratings(session, state, member, now)),
    ]
    ends = [
        (f"{c.key} ends", resolve(c.ends, _DAY_ENDS, state.zone))
        for c in state.current_cycles(now)
        if c.ends >= state.today(now)
    ]
    return (*coming, *ends)


def _next_digests(state: PortfolioState, unit: str, now: datetime) -> Iterator[datetime]:
    """The next digests of a unit, for whichever audience, that lie in a cycle."""
    for plan in plans(places_of(state, state.lineage(unit)), state.zone.key):
        if plan.unit == unit:
            off = state.holidays_of(unit)
            day, slot = next_slot(plan.cadence, now=now, default_zone=plan.zone, holidays=off)
            if any(cycle.starts <= day <= cycle.ends for cycle in state.cycles.values()):
                yield slot


def _ratings(session: Session, state: PortfolioState, member: Member, now: datetime) -> Iterator[datetime]:
    """When the ratings open in which this person is to be asked, and which nobody opened by hand before."""
    entered = ratings.entered(session, state.team_id)
    portfolios = [key for key, unit in state.units.items() if unit.level == "portfolio"]
    for cycle in state.current_cycles(now):
        for unit in portfolios:
            opens = opens_at(cycle.ends, state.zone, state.holidays_of(unit))
            known = (state.unit_ids[unit], cycle.id) in entered
            if now < opens and not known and member in rated(state, unit, cycle.key):
                yield opens


def _workshops(session: Session, state: PortfolioState, units: set[str], now: datetime) -> Iterator[datetime]:
    """When the workshops of some units begin that are still to come."""
    for row in workshops.unfinished(session, state.team_id):
        if row.starts_at > now and row.begun_at is None and state.unit_keys[row.unit_id] in units:
            yield row.starts_at


def _missing(session: Session, state: PortfolioState, member: Member, now: datetime) -> tuple[str, ...]:
    """What keeps the bot from proposing the workshop of a cycle that is near."""
    from rituals.workshops import offering  # around a cycle's start only: the start of the bot does without

    return offering.missing(session, state, member, now)


def _settings(state: PortfolioState, member: Member, now: datetime) -> HomeSettings:
    away = member.away if member.away and member.away.until >= state.day_of(member, now) else None
    delegate = state.people.get(away.delegate or "") if away else None
    return HomeSettings(
        zone=(member.zone or state.zone).key,
        quiet=quiet_words(member.quiet),
        away_from=away.starts if away else None,
        away_until=away.until if away and away.until != NO_END else None,
        delegate=delegate.name if delegate else None,
    )


def _soonest(name: str, slots: Iterable[datetime | None]) -> list[tuple[str, datetime]]:
    """The first of some instants with its name; nothing where there is none."""
    found = [slot for slot in slots if slot is not None]
    return [(name, min(found))] if found else []
