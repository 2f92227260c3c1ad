"""Setting a unit's check-in or digest rhythm, with what it would bring before it is saved; and giving it back.

A new rhythm counts from its first slot after the change, and never on a local day that had its round already.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from rituals.cadence import Cadence, dump_cadence
from rituals.digests.audiences import main_audience
from rituals.errors import FormRefusal, Refusal
from rituals.okrs.live import refresh_all
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.settings import rhythms, slots
from rituals.settings.cards import RhythmForm, Saved, Typed
from rituals.settings.rhythm_typed import AUDIENCES, read_cadence, stored, typed_of
from rituals.settings.saving import Edit, assign, write
from rituals.settings.units import allowed
from storage import settings
from storage.database import Database, Session

OFF = "off"
COLUMNS: Mapping[str, str] = {"checkin": "cadence", "digest": "digest"}


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
        return _form(session, state, (unit, which), typed_of(state, unit, which, now), now)


def redrawn(db: Database, team_id: str, user: str, about: str, typed: Typed, *, now: datetime) -> RhythmForm:
    """The form with what is typed and what it would bring."""
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team_id)
        return _form(session, state, _about(state, user, about), typed, now)


def save(db: Database, team_id: str, user: str, about: str, typed: Typed, *, now: datetime, key: str) -> Saved:
    """Write a rhythm. Raises FormRefusal by field: every, on, at, starts, zone; Refusal for who may not set it."""
    wanted = read_cadence(typed)
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        unit, which = _about(state, user, about)
        before = stored(state, unit, which)
        new = wanted if wanted == before else _counted(session, state, (unit, which), wanted, now)
        after = _after(session, state, unit, which, dump_cadence(new))
        if which == "checkin":
            after["binding"] = "binding" in typed.several("binding")
        since = None if new == before else new.starts
        return _write(session, state, _Target(unit, which, user, key, now), after, since=since)


def drop(db: Database, team_id: str, user: str, about: str, *, now: datetime, key: str) -> Saved:
    """Give a unit's own rhythm back: the check-in follows the unit above again, the digest ends.

    Of `unit:line` it is the digest that a product line gets by the rhythm of a unit above: turned off, or on again.
    """
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        unit, which = _about(state, user, about)
        if which == "line":
            off = None if state.rhythms[unit].audiences else {"unit": OFF}
            return _write(session, state, _Target(unit, which, user, key, now), {"audiences": off})
        if which == "checkin" and rhythms.above(state, unit) is None:
            raise Refusal("No unit above has a check-in that this one could follow. Change its own instead.")
        after = _after(session, state, unit, which, None)
        if which == "checkin":
            after["binding"] = False
        return _write(session, state, _Target(unit, which, user, key, now), after)


def _after(
    session: Session, state: PortfolioState, unit: str, which: str, dumped: dict[str, Any] | None
) -> dict[str, Any]:
    """The column that a rhythm stands in, with it."""
    if which not in AUDIENCES:
        return {COLUMNS[which]: dumped}
    others = {**(settings.unit(session, state.team_id, state.unit_ids[unit]).audiences or {})}
    others.pop(which, None)
    return {"audiences": {**others, **({which: dumped} if dumped else {})} or None}


def _about(state: PortfolioState, user: str, about: str) -> tuple[str, str]:
    """Unit and rhythm of `unit:which`. Raises Refusal where the person may not set it, or a unit above binds."""
    unit, _, which = about.rpartition(":")
    allowed(state, user, unit)
    whose = state.cadence_unit(unit)
    if which == "checkin" and whose and rhythms.is_bound(state, unit):
        raise Refusal(f"The check-in of {state.units[whose].name} is binding for all below it.")
    return unit, which


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
    if which != "checkin":
        below = state.below(unit) if which == "unit" else (unit,)
        units = [state.unit_ids[key] for key in below]
        audience = which if which in AUDIENCES else main_audience(state.units[unit].level)
        return settings.newest_digest_day(session, state.team_id, units, audience=audience)
    followed = {unit, state.cadence_unit(unit) or unit}
    return settings.newest_round_day(session, state.team_id, [state.unit_ids[key] for key in followed])


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
        wanted = read_cadence(typed)
    except FormRefusal as no:
        return form.model_copy(update={"problem": "; ".join(dict.fromkeys(no.errors.values()))})
    before = stored(state, unit, which)
    new = wanted if wanted == before else _counted(session, state, about, wanted, now)
    effective, people = slots.in_effect(state, which, new), slots.asked(state, unit, which, new, now)
    shown = slots.next_slots(state, unit, effective, people, now=now)
    return form.model_copy(update={"preview": shown, "since": None if new == before else new.starts})
