"""What both sides read about owning a key result together: promised here, built when it is sent."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rituals.notices import OwnershipAsk, OwnershipTold
from rituals.okrs import support
from rituals.okrs.authoring.rights import may_edit
from rituals.okrs.card import course
from rituals.okrs.live import refresh_boards, refresh_homes
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from rituals.okrs.model import KeyResult
from rituals.okrs.reaching import answering_for
from rituals.okrs.roles import seen_by
from storage import outbox
from storage import ownership as store
from storage.database import Session
from storage.outbox import Promise
from storage.tables import Ownership


def ask_now(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> OwnershipAsk | None:
    """The question as it stands; None when it is gone."""
    found = _found(session, team_id, data)
    return OwnershipAsk(**values(session, *found), over=found[1].times > data["times"]) if found else None


def told_now(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> OwnershipTold | None:
    """What came of it, as it stands; None when it is gone."""
    found = _found(session, team_id, data)
    if found is None:
        return None
    state, row = found
    reader, key = state.people_by_id.get(data["person"]), state.key_result_ids[row.key_result_id]
    may = may_edit(state, reader, state.key_results[key])
    return OwnershipTold(**values(session, state, row), over=row.times > data["times"], editable=may)


def values(session: Session, state: PortfolioState, row: Ownership) -> dict[str, Any]:
    """A question's fields, with the names that are seen in `state`."""
    kr = state.key_results[state.key_result_ids[row.key_result_id]]
    unit, other = state.unit_keys[row.unit_id], state.unit_keys.get(row.other_unit_id or 0)
    objective = state.objectives_by_key[kr.objective]
    answered = None if state.units[unit].hidden else state.people_by_id.get(row.answered_by or 0)
    return {
        "ownership": row.id,
        "key": kr.key,
        "title": kr.title,
        "course": course(kr),
        "objective": f"{objective.key} {objective.title}",
        "unit": state.units[unit].name,
        "asked_by": state.people_by_id[row.asked_by].name,
        "beside": state.names(owner for owner in kr.owners if owner != unit),
        "reporter": state.people[kr.reporter].name if kr.reporter else None,
        "state": row.state,
        "other": state.units[other].name if other else None,
        "note": row.note,
        "support": support.supported(session, state, [kr]).get((kr.key, unit), "") if row.state == "accepted" else "",
        "answered_by": answered.name if answered else None,
        "ended": _ended(state, kr, unit) if row.state == "withdrawn" else "",
        "seen": mark(row),
        "agreed": row.state == "countered" and unit not in kr.owners,
    }


def mark(row: Ownership) -> str:
    """The name of what is offered: who agrees to it later sees whether it is still the same."""
    return f"{row.times}:{row.other_unit_id or 0}"


def _ended(state: PortfolioState, kr: KeyResult, unit: str) -> str:
    """What was closed: the cycle, or the unit that was asked; "" where neither was."""
    if kr.cycle_closed:
        return state.objectives_by_key[kr.objective].cycle
    return state.units[unit].name if state.units[unit].closed_on is not None else ""


def promise_ask(session: Session, team_id: str, row: Ownership, people: Iterable[Member], now: datetime) -> None:
    """The question to each, or, where they have it, what became of it."""
    _promise(session, team_id, OwnershipAsk.KIND, row, people, now)


def tell(session: Session, state: PortfolioState, kr: KeyResult, row: Ownership, now: datetime) -> None:
    """Both sides see what stands now, and everybody on whose Home or board the key result stands."""
    session.flush()
    unit, asker = state.unit_keys[row.unit_id], state.people_by_id[row.asked_by]
    people = [m for m in answering_for(state, unit, now) if m != asker]
    promise_ask(session, state.team_id, row, people, now)
    if asker.slack:
        _promise(session, state.team_id, OwnershipTold.KIND, row, [asker], now)
    refresh_homes(session, state, units={*kr.owners, unit}, also=(asker, *people), now=now)
    refresh_boards(session, state.team_id, now=now)


def _promise(
    session: Session, team_id: str, kind: str, row: Ownership, people: Iterable[Member], now: datetime
) -> None:
    for member in people:
        key = f"{kind}:{row.id}:{row.times}:{member.id}"
        data = {"ownership": row.id, "times": row.times, "person": member.id}
        promise = Promise(key=key, kind=kind, to=member.slack or "", data=data, mode="live")
        outbox.keep_current(session, team_id, promise, now=now)


def _found(session: Session, team_id: str, data: Mapping[str, Any]) -> tuple[PortfolioState, Ownership] | None:
    row = store.get(session, team_id, data["ownership"])
    return (seen_for(session, row, data["person"]), row) if row is not None else None


def seen_for(session: Session, row: Ownership, person: int) -> PortfolioState:
    """The portfolio as a question's reader (a row id) may see it; who may not see the key result reads it all the same,
    because they were asked about it."""
    state = load_portfolio(session, row.team_id)
    reader = state.people_by_id.get(person)
    seen = seen_by(state, reader.key if reader else None)
    return seen if row.key_result_id in seen.key_result_ids else state
