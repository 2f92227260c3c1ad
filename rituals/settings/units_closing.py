"""Closing a unit, and opening it again: what becomes of its open objectives is asked, its check-ins stop, and what was
stays: past rounds, answers, kept figures and files name it as before.
"""

from collections.abc import Iterator
from datetime import date, datetime

from rituals.checkins.rules import participants
from rituals.errors import FormRefusal, Refusal
from rituals.okrs.live import refresh_all
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.model import KeyResult, Objective
from rituals.okrs.ownership.following import call_off
from rituals.okrs.ownership.moves import change_owners, owners_after
from rituals.okrs.roles import answers_for
from rituals.settings.cards import Saved, SettingsForm, Typed
from rituals.settings.saving import Edit, write
from rituals.settings.units import allowed
from storage import changes, checkins, closing, portfolio, structure
from storage.database import Database, Session

MOVE, DROP = "move", "drop"
FIELDS = ("fate", "to")


def open_form(db: Database, team_id: str, user: str, unit: str, *, again: bool = False, now: datetime) -> SettingsForm:
    """The form of closing a unit, or of opening it `again`. Raises Refusal for who may not, and for a unit that others
    are part of."""
    return redrawn(db, team_id, user, unit, Typed(), again=again, now=now)


def redrawn(
    db: Database, team_id: str, user: str, unit: str, typed: Typed, *, again: bool = False, now: datetime
) -> SettingsForm:
    """The form with what is typed."""
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team_id)
        person = allowed(state, user, unit)
    name = state.units[unit].name
    if again:
        return SettingsForm(kind="reopen", about=unit, name=name, typed=typed)
    _refuse_open_below(state, unit)
    member = person.key if person else None
    picks = {f"to:{key}": one.name for key, one in state.open_units.items() if _takes(state, member, key, unit)}
    facts = {"stakes": _stakes(state, unit), **picks}
    return SettingsForm(kind="close", about=unit, name=name, typed=typed, facts=facts)


def save(db: Database, team_id: str, user: str, unit: str, typed: Typed, *, now: datetime, key: str) -> Saved:
    """Close a unit; one that is closed stays so.

    Raises FormRefusal by field (fate, to) where it is not said what becomes of what is open, Refusal as `open_form`.
    """
    with db.transaction() as session:
        portfolio.hold_workspace(session, team_id, now=now)  # two who close it at once hand it over once
        state = load_portfolio(session, team_id)
        member = allowed(state, user, unit)
        if state.units[unit].closed_on is not None:
            return _written(session, state, unit, _edit(state, user, unit, key, now), state.units[unit].closed_on)
        _refuse_open_below(state, unit)
        into = _into(state, typed, unit, member.key if member else None)
        edit = _edit(state, user, unit, key, now)
        _settle(session, state, unit, into, edit)
        call_off(session, state, unit, now)
        saved = _written(session, state, unit, edit, state.today(now))
        _stop_checkins(session, team_id, unit, now)
        refresh_all(session, team_id, now=now)
        return saved


def open_again(db: Database, team_id: str, user: str, unit: str, *, now: datetime, key: str) -> Saved:
    """Open a closed unit; one that is open stays so. Raises Refusal for who may not, and under a closed one."""
    with db.transaction() as session:
        portfolio.hold_workspace(session, team_id, now=now)
        state = load_portfolio(session, team_id)
        allowed(state, user, unit)
        parent = state.units[unit].parent
        if parent and state.units[parent].closed_on is not None:
            raise Refusal(f"{state.units[parent].name}, which it is part of, is closed. Open that one first.")
        saved = _written(session, state, unit, _edit(state, user, unit, key, now), None)
        refresh_all(session, team_id, now=now)
        return saved


def _edit(state: PortfolioState, user: str, unit: str, key: str, now: datetime) -> Edit:
    return Edit(by=user, what="unit", key=unit, about=state.units[unit].name, source=key, at=now)


def _written(session: Session, state: PortfolioState, unit: str, edit: Edit, day: date | None) -> Saved:
    """The day from which on it is closed, with a record of it, once a submission."""
    was = state.units[unit].closed_on
    before, after = ({"closed": one.isoformat() if one else None} for one in (was, day))
    number = state.unit_ids[unit]
    return write(session, state, edit, before, after, lambda _: structure.close(session, state.team_id, number, day))


def _takes(state: PortfolioState, person: str | None, key: str, unit: str) -> bool:
    return key != unit and answers_for(state, person, key)


def _refuse_open_below(state: PortfolioState, unit: str) -> None:
    open_below = [key for key in state.below(unit) if key != unit and state.units[key].closed_on is None]
    if open_below:
        names = ", ".join(state.names(open_below[:4]))
        more = f" and {len(open_below) - 4} more" if len(open_below) > 4 else ""
        raise Refusal(f"{names}{more} are part of {state.units[unit].name}. Move or close them first: /okr edit.")


def _open_objectives(state: PortfolioState, unit: str) -> list[Objective]:
    return [o for o in state.objectives if o.unit == unit and not state.cycles[o.cycle].closed]


def _co_owned(state: PortfolioState, unit: str) -> Iterator[KeyResult]:
    """What it owns under objectives of others, in cycles that are not closed."""
    for objective in state.objectives:
        if objective.unit != unit and not state.cycles[objective.cycle].closed:
            yield from (kr for kr in objective.key_results if unit in kr.owners)


def _stakes(state: PortfolioState, unit: str) -> str:
    """What is open, in words; "" where nothing is."""
    objectives = _open_objectives(state, unit)
    krs, shared = sum(len(o.key_results) for o in objectives), len(list(_co_owned(state, unit)))
    parts = [
        _counted(len(objectives), "open objective") + (f" with {_counted(krs, 'key result')}" if krs else ""),
        f"a part in {_counted(shared, 'key result')} of others",
    ]
    return " and ".join(part for part, there in zip(parts, (objectives, shared), strict=True) if there)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"


def _into(state: PortfolioState, typed: Typed, unit: str, person: str | None) -> str | None:
    """The unit that takes over; None where what is open is dropped with its cycle. Raises FormRefusal."""
    fate, into = typed.text("fate"), typed.text("to")
    stakes = _stakes(state, unit)
    if not stakes:
        return None
    if fate not in (MOVE, DROP):
        raise FormRefusal({"fate": f"It has {stakes}. Say what becomes of it."})
    if fate == DROP:
        return None
    if into not in state.open_units or not _takes(state, person, into, unit):
        raise FormRefusal({"to": "Choose the unit that takes over, one that you answer for."})
    return into


def _settle(session: Session, state: PortfolioState, unit: str, into: str | None, edit: Edit) -> None:
    """Hand over what is open, or drop it: what others have goes on without the unit."""
    reason = f"{edit.about} was closed"
    objectives = _open_objectives(state, unit)
    own = [kr for o in objectives for kr in o.key_results if unit in kr.owners]
    if into is not None:
        structure.move_objectives(session, state.team_id, [o.key for o in objectives], state.unit_ids[into])
        for objective in objectives:
            _record_move(session, state, objective, unit, into, edit, reason)
    else:
        _drop(session, state, [kr for o in objectives for kr in o.key_results], edit, reason)
    for kr in (*(own if into else ()), *_co_owned(state, unit)):
        if into or owners_after(state, kr, unit) != kr.owners:
            change_owners(
                session, state, kr, unit, into, by=edit.by, reason=reason, now=edit.at, source=f"{edit.source}:{kr.key}"
            )


def _record_move(
    session: Session, state: PortfolioState, objective: Objective, unit: str, into: str, edit: Edit, reason: str
) -> None:
    changes.add_change(
        session,
        state.team_id,
        at=edit.at,
        by=edit.by,
        what="objective",
        key=objective.key,
        action="edit",
        before={"unit": unit},
        after={"unit": into, "reason": reason},
        source_key=f"{edit.source}:{objective.key}",
    )


def _drop(session: Session, state: PortfolioState, krs: list[KeyResult], edit: Edit, reason: str) -> None:
    """Decided now, so that the close of the cycle finds it decided; what was decided before stays."""
    cycles = structure.undecided(session, state.team_id, [kr.id for kr in krs if kr.id is not None])
    blank = {"suggested": None, "score": None, "reason": "", "target": None, "carried_to": None}
    said = {"team_id": state.team_id, "note": reason, "outcome": "dropped", "slack_user": edit.by, "at": edit.at}
    closing.grade_all(
        session, [{**blank, **said, "key_result_id": number, "cycle_id": cycle} for number, cycle in cycles.items()]
    )


def _stop_checkins(session: Session, team_id: str, unit: str, now: datetime) -> None:
    """Close its own open round, and ask who has no part in one any more no further."""
    state = load_portfolio(session, team_id)
    reason = f"{state.units[unit].name} was closed"
    leads = {state.people[key].id for key in state.units[unit].leads}
    for row in checkins.open_rounds(session, team_id):
        whose = state.unit_keys[row.unit_id]
        stay = {member.id for member in participants(state, whose, row.local_date)} if whose != unit else set()
        for found in checkins.asks_of(session, team_id, [row.id or 0]):
            gone = whose == unit or (found.ask.person_id in leads and found.ask.person_id not in stay)
            if gone and found.ask.state in {"upcoming", "asked"}:
                found.ask.state, found.ask.reason = "skipped", reason
                session.add(found.ask)
        if whose == unit:
            row.state, row.closed_at, row.reason = "closed", now, reason
            session.add(row)
