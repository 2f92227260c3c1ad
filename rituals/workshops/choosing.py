"""The form in which a workshop is planned: what is proposed or stands, what that would bring before anything is saved,
and what was typed. It never proposes a day off; who chooses one is told, and may. It saves nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from rituals.calendar import resolve
from rituals.errors import FormRefusal, Refusal
from rituals.okrs.load import CycleSpan, Member, PortfolioState
from rituals.okrs.roles import answers_for, not_yours
from rituals.okrs.seen import load_seen
from rituals.workshops import rules, seats
from rituals.workshops.cards import Pick, PlanForm, Preview
from rituals.workshops.planning import Plan, asks_at, minutes
from storage import workshops as store
from storage.database import Database, Session
from storage.tables import Workshop


@dataclass(frozen=True)
class About:
    """What the form is opened for, by row ids: a workshop that stands, or a unit and cycle; or neither."""

    workshop: int | None = None
    unit: int | None = None
    cycle: int | None = None


def open_form(
    db: Database, team_id: str, user: str, *, channel: str = "", about: About | None = None, now: datetime
) -> PlanForm:
    """The form with what is proposed, or what stands. Raises Refusal for who leads no unit with lines below it."""
    about = about or About()
    with db.transaction(readonly=True) as session:
        state, member = load_seen(session, team_id, user)
        row = _standing(session, team_id, about)
        if row is not None:
            seats.must_run(state, user, row)
    asked = [state.unit_keys.get(about.unit or 0), *_units(state, member)]
    unit = next((key for key in ([seats.unit_of(state, row)] if row else asked) if key), None)
    if unit is None or member is None:
        raise _nothing_to_hold(state)
    cycle = seats.cycle_of(state, row) if row else _cycle(state, about, now)
    if cycle is None:
        raise Refusal("Every cycle is over. A portfolio file or the close of the cycle names the next one.")
    place = row.channel if row else state.rhythms[unit].channel or (channel if channel[:1] in "CG" else "")
    zone = member.zone or state.zone
    at = row.starts_at if row else _proposed(state, unit, cycle, now)
    local = at.astimezone(zone)
    typed = {"unit": unit, "cycle": cycle, "channel": place, "day": f"{local.date()}", "hour": f"{local:%H:%M}"}
    return _form(state, member, typed, now, moving=row is not None)


def _standing(session: Session, team_id: str, about: About) -> Workshop | None:
    """The workshop that is moved by the form, if one is."""
    if about.workshop:
        return store.get(session, team_id, about.workshop)
    if not (about.unit and about.cycle):
        return None
    row = store.of_cycle(session, team_id, about.unit, about.cycle)
    return row if row is not None and row.state != "cancelled" else None


def _cycle(state: PortfolioState, about: About, now: datetime) -> str | None:
    asked = (key for key, cycle in state.cycles.items() if cycle.id == about.cycle)
    return next(asked, None) or _next_cycle(state, now)


def redrawn(
    db: Database, team_id: str, user: str, typed: Mapping[str, str], *, moving: bool, now: datetime
) -> PlanForm:
    """The form with what is chosen in it and what that would bring."""
    with db.transaction(readonly=True) as session:
        state, member = load_seen(session, team_id, user)
    if member is None:
        raise _nothing_to_hold(state)
    return _form(state, member, typed, now, moving=moving)


def read(db: Database, team_id: str, user: str, typed: Mapping[str, str]) -> Plan:
    """What a form says, the hour where its reader is. Raises FormRefusal with the words for each field."""
    with db.transaction(readonly=True) as session:
        state, member = load_seen(session, team_id, user)
    wanted = {
        "unit": "Choose a unit.",
        "cycle": "Choose a cycle.",
        "channel": "Choose a channel.",
        "day": "Choose a day.",
    }
    errors = {name: text for name, text in wanted.items() if not typed.get(name)}
    at = _instant(typed, (member.zone if member else None) or state.zone)
    if at is None:
        errors.setdefault("hour", "Choose a day and an hour.")
    if errors or at is None:
        raise FormRefusal(errors)
    return Plan(typed["unit"], typed["cycle"], typed["channel"], at)


def _units(state: PortfolioState, member: Member | None) -> list[str]:
    """Where a person may hold one: portfolios first, the nearest to what they lead."""
    if member is None:
        return []
    open_ones = [key for key, unit in state.named_units.items() if not unit.closed_on]
    mine = [key for key in open_ones if answers_for(state, member.key, key) and seats.lines(state, key)]
    led = set(state.led_by(member.key))
    return sorted(mine, key=lambda key: (state.units[key].level != "portfolio", key not in led))


def _nothing_to_hold(state: PortfolioState) -> Refusal:
    portfolios = [key for key, unit in state.named_units.items() if unit.level == "portfolio"]
    return not_yours(state, "Planning a workshop", portfolios)


def _next_cycle(state: PortfolioState, now: datetime) -> str | None:
    """The one that begins next; with none to come the one that began last and runs. Of several the shortest."""
    today = state.today(now)
    by_length = sorted((c for c in state.cycles.values() if not c.closed), key=_days)
    coming = sorted((c for c in by_length if c.starts > today), key=_begun)
    running = sorted((c for c in by_length if c.starts <= today <= c.ends), key=_begun, reverse=True)
    return next((cycle.key for cycle in (*coming, *running)), None)


def _begun(cycle: CycleSpan) -> date:
    return cycle.starts


def _days(cycle: CycleSpan) -> int:
    return cycle.days


def _proposed(state: PortfolioState, unit: str, cycle: str, now: datetime) -> datetime:
    return rules.suggested(state.cycles[cycle].starts, state.today(now), state.zone, state.holidays_of(unit))


def _instant(typed: Mapping[str, str], zone: ZoneInfo) -> datetime | None:
    try:
        return resolve(date.fromisoformat(typed.get("day", "")), time.fromisoformat(typed.get("hour", "")), zone)
    except ValueError:
        return None


def _form(state: PortfolioState, member: Member, typed: Mapping[str, str], now: datetime, *, moving: bool) -> PlanForm:
    zone = member.zone or state.zone
    today = state.today(now)
    cycles = [c for c in state.cycles.values() if c.ends >= today and not c.closed]
    units = _units(state, member)
    if moving:  # another unit or cycle would be another workshop, and leave this one where it is
        units = [key for key in units if key == typed.get("unit")]
        cycles = [cycle for cycle in cycles if cycle.key == typed.get("cycle")]
    return PlanForm(
        units=tuple(Pick(key=key, label=state.units[key].name) for key in units),
        cycles=tuple(Pick(key=c.key, label=c.key) for c in sorted(cycles, key=_begun)),
        typed=dict(typed),
        zone=zone.key,
        moving=moving,
        preview=_preview(state, typed, zone, now),
    )


def _preview(state: PortfolioState, typed: Mapping[str, str], zone: ZoneInfo, now: datetime) -> Preview | None:
    at, unit, cycle = _instant(typed, zone), typed.get("unit", ""), typed.get("cycle", "")
    if at is None or unit not in state.units or cycle not in state.cycles:
        return None
    lines = seats.lines(state, unit)
    leads = {lead: state.people[lead] for line in lines for lead in state.units[line].leads}
    return Preview(
        starts_at=at,
        asks_at=asks_at(state, Plan(unit, cycle, "", at), now),
        lines=state.names(lines),
        minutes=minutes(lines),
        day_off=_day_off(state, unit, at.astimezone(zone).date()),
        late=tuple(_there(state, one, at) for one in leads.values() if one.quiet.covers(at, one.zone or state.zone)),
        over=at <= now,
    )


def _day_off(state: PortfolioState, unit: str, day: date) -> str:
    """Why a day is no working day; "" where it is one."""
    off = state.holidays_of(unit)
    if day in off:
        return off.get(day, "a holiday")
    return "a weekend" if day.weekday() >= 5 else ""


def _there(state: PortfolioState, member: Member, at: datetime) -> tuple[str, str]:
    return member.name, f"{at.astimezone(member.zone or state.zone):%a %H:%M}"
