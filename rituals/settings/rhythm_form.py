"""Setting a unit's check-in or digest rhythm, with what it would bring before it is saved; and giving it back.

A new rhythm counts from its first slot after the change, and never on a local day that had its round already.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from rituals.cadence import EPOCH, Cadence, dump_cadence, parse_cadence
from rituals.errors import FormRefusal, Refusal
from rituals.okrs.live import refresh_all
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.settings import reading, rhythms, slots
from rituals.settings.cards import RhythmForm, Saved, Typed
from rituals.settings.reading import Reading
from rituals.settings.saving import Edit, assign, write
from rituals.settings.units import allowed
from storage import settings
from storage.database import Database, Session

COLUMNS: Mapping[str, str] = {"checkin": "cadence", "digest": "digest"}
_MOST = {"weeks": 52, "months": 12}


@dataclass(frozen=True)
class _Target:
    """Which rhythm of which unit is changed by whom; `source` names the submission."""

    unit: str
    which: str
    user: str
    source: str
    at: datetime


def open_form(db: Database, team_id: str, user: str, about: str, *, now: datetime) -> RhythmForm:
    """The form of `unit:which` with what is set, or what it follows. Raises Refusal for who may not set it."""
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team_id)
        unit, which = _about(state, user, about)
        return _form(session, state, (unit, which), _typed(state, unit, which, now), now)


def redrawn(db: Database, team_id: str, user: str, about: str, typed: Typed, *, now: datetime) -> RhythmForm:
    """The form with what is typed and what it would bring."""
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team_id)
        return _form(session, state, _about(state, user, about), typed, now)


def save(db: Database, team_id: str, user: str, about: str, typed: Typed, *, now: datetime, key: str) -> Saved:
    """Write a rhythm. Raises FormRefusal by field: every, on, at, starts, zone; Refusal for who may not set it."""
    wanted = _read(typed)
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        unit, which = _about(state, user, about)
        stored = _stored(state, unit, which)
        new = wanted if wanted == stored else _counted(session, state, (unit, which), wanted, now)
        after: dict[str, Any] = {COLUMNS[which]: dump_cadence(new)}
        if which == "checkin":
            after["binding"] = "binding" in typed.several("binding")
        since = None if new == stored else new.starts
        return _write(session, state, _Target(unit, which, user, key, now), after, since=since)


def drop(db: Database, team_id: str, user: str, about: str, *, now: datetime, key: str) -> Saved:
    """Give a unit's own rhythm back: the check-in follows the unit above again, the digest ends."""
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        unit, which = _about(state, user, about)
        if which == "checkin" and rhythms.above(state, unit) is None:
            raise Refusal("No unit above has a check-in that this one could follow. Change its own instead.")
        after: dict[str, Any] = {COLUMNS[which]: None}
        if which == "checkin":
            after["binding"] = False
        return _write(session, state, _Target(unit, which, user, key, now), after)


def _about(state: PortfolioState, user: str, about: str) -> tuple[str, str]:
    """Unit and rhythm of `unit:which`. Raises Refusal where the person may not set it, or a unit above binds."""
    unit, _, which = about.rpartition(":")
    allowed(state, user, unit)
    whose = state.cadence_unit(unit)
    if which == "checkin" and whose and rhythms.is_bound(state, unit):
        raise Refusal(f"The check-in of {state.units[whose].name} is binding for all below it.")
    return unit, which


def _stored(state: PortfolioState, unit: str, which: str) -> Cadence | None:
    return state.rhythms[unit].digest if which == "digest" else state.rhythms[unit].cadence


def _write(
    session: Session, state: PortfolioState, target: _Target, after: Mapping[str, Any], *, since: date | None = None
) -> Saved:
    row = settings.unit(session, state.team_id, state.unit_ids[target.unit])
    edit = Edit(
        by=target.user,
        what="unit",
        key=target.unit,
        about=state.units[target.unit].name,
        source=target.source,
        at=target.at,
    )
    before = {field: getattr(row, field) for field in after}
    saved = write(session, state, edit, before, after, assign(session, row), since=since)
    if before.get("binding") and not after.get("binding", True):
        _free(session, target.unit, state.team_id, target.at)
    if saved.changes:
        refresh_all(session, state.team_id, now=target.at)
    return saved


def _free(session: Session, above: str, team_id: str, now: datetime) -> None:
    """Units below that have their own check-in again: it counts from now on, not from where it once stopped."""
    state = load_portfolio(session, team_id)
    for unit in state.below(above):
        own = state.own_cadence(unit)
        if unit != above and own is not None:
            row = settings.unit(session, team_id, state.unit_ids[unit])
            row.cadence = dump_cadence(_counted(session, state, (unit, "checkin"), own, now))
            session.add(row)


def _counted(
    session: Session, state: PortfolioState, about: tuple[str, str], wanted: Cadence, now: datetime
) -> Cadence:
    """The cadence from when it counts: what its leads were asked under the old one is not asked again that day."""
    unit, which = about
    people = slots.asked(state, unit, which, wanted, now)
    effective = slots.in_effect(state, which, wanted)
    counted = slots.counted(state, unit, effective, people, now=now, after=_ledger(session, state, unit, which))
    return replace(wanted, starts=counted.starts)


def _ledger(session: Session, state: PortfolioState, unit: str, which: str) -> date | None:
    if which == "digest":
        return settings.newest_digest_day(session, state.team_id, state.unit_ids[unit])
    followed = {unit, state.cadence_unit(unit) or unit}
    return settings.newest_round_day(session, state.team_id, [state.unit_ids[key] for key in followed])


def _read(typed: Typed) -> Cadence:
    """The cadence that stands in the form. Raises FormRefusal."""
    read = Reading()
    step = typed.text("step") or "weeks"
    every = read.take("every", lambda: reading.whole(typed.text("every"), 1, _MOST[step]), 1)
    at = read.take("at", lambda: reading.hour(typed.text("at")), None)
    field = "weekdays" if step == "weeks" else "monthdays"
    on = typed.several(field)
    if not on:
        read.errors[field] = "choose at least one day"
    zone = read.take("zone", lambda: _zone(typed), None)
    starts = typed.text("starts")
    if every > 1 and not starts:
        read.errors["starts"] = f"choose the day from which the {step} are counted"
    read.done()
    raw = {"every": f"{every} {step}", "on": on, "at": at, "timezone": zone, "starts": starts or None}
    try:
        return parse_cadence(raw)
    except Refusal as no:
        raise FormRefusal({no.field if no.field in {"at", "starts", "every"} else field: no.text}) from None


def _zone(typed: Typed) -> str | None:
    if typed.text("where") != "zone":
        return None
    found = reading.zone(typed.text("zone"))
    if found is None:
        raise Refusal("write a time zone like Europe/Berlin")
    return found


def _typed(state: PortfolioState, unit: str, which: str, now: datetime) -> Typed:
    """What is set, or what it would follow, or the usual fortnight, to begin with."""
    whose = state.cadence_unit(unit) if which == "checkin" else unit
    c = _stored(state, whose or unit, which) or _beginning(which)
    starts = state.today(now) if c.starts == EPOCH else c.starts
    texts = {
        "every": str(c.every),
        "step": c.unit,
        "at": f"{c.at:%H:%M}",
        "starts": starts.isoformat(),
        "where": "zone" if c.timezone else "own",
        "zone": c.timezone or state.zone.key,
    }
    days = "weekdays" if c.unit == "weeks" else "monthdays"
    binding = ("binding",) if which == "checkin" and state.rhythms[unit].binding else ()
    return Typed(texts=texts, lists={days: c.on, "binding": binding})


def _beginning(which: str) -> Cadence:
    usual = {"every": "1 week", "on": "friday", "at": "15:00"}
    if which == "checkin":
        usual = {"every": "2 weeks", "on": "monday", "at": "09:00", "starts": EPOCH.isoformat()}
    return parse_cadence(usual)


def _form(session: Session, state: PortfolioState, about: tuple[str, str], typed: Typed, now: datetime) -> RhythmForm:
    unit, which = about
    whose = state.cadence_unit(unit) if which == "checkin" else unit
    form = RhythmForm(
        kind="rhythm",
        about=f"{unit}:{which}",
        name=state.units[unit].name,
        typed=typed,
        facts={"zone": state.zone.key},
        which=which,
        binds=which == "checkin" and len(state.below(unit)) > 1,
        inherited=state.units[whose].name if whose not in (None, unit) else None,
    )
    try:
        wanted = _read(typed)
    except FormRefusal as no:
        return form.model_copy(update={"problem": "; ".join(dict.fromkeys(no.errors.values()))})
    stored = _stored(state, unit, which)
    new = wanted if wanted == stored else _counted(session, state, about, wanted, now)
    effective, people = slots.in_effect(state, which, new), slots.asked(state, unit, which, new, now)
    shown = slots.next_slots(state, unit, effective, people, now=now)
    return form.model_copy(update={"preview": shown, "since": None if new == stored else new.starts})
