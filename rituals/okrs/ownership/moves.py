"""Who owns a key result from now on, when a co-owner steps out or another one takes its place: written with a record of
it. History is not touched: what a unit said stays said.
"""

from datetime import datetime
from typing import Any

from rituals.errors import Refusal
from rituals.okrs.model import KeyResult
from rituals.okrs.state import PortfolioState
from storage import changes
from storage import ownership as store
from storage.database import Session


def owners_after(state: PortfolioState, kr: KeyResult, out: str, into: str | None = None) -> tuple[str, ...]:
    """The owners without one, or with another in its place; the last one hands over to the objective's unit.

    Raises Refusal where it is that very unit.
    """
    home = state.objectives_by_key[kr.objective].unit
    left = tuple(owner for owner in kr.owners if owner != out)
    if into is not None and into not in left:
        left = (*left, into)
    if left:
        return left
    if home == out:
        raise Refusal(f"{kr.key} stands under {state.units[out].name}'s own objective. Edit or drop it instead.")
    return (home,)


def reporter_after(state: PortfolioState, kr: KeyResult, out: str, owners: tuple[str, ...]) -> str | None:
    """Who reports it then: whoever did, unless they lead the unit that is out and none of the owners."""
    led = state.led_by(kr.reporter) if kr.reporter else ()
    if out not in led or any(owner in led for owner in owners):
        return kr.reporter
    return next((lead for owner in owners for lead in state.units[owner].leads), None)


def change_owners(
    session: Session,
    state: PortfolioState,
    kr: KeyResult,
    out: str,
    into: str | None = None,
    *,
    by: str,
    reason: str,
    now: datetime,
    source: str,
) -> tuple[str, ...]:
    """Take a unit out of a key result's owners, another one in its place where there is one; the owners afterwards.

    Raises Refusal as `owners_after` does. `source` names this very change, so that it is recorded once.
    """
    owners = owners_after(state, kr, out, into)
    reporter = reporter_after(state, kr, out, owners)
    _hand_over(session, state, kr, out, owners)
    before: dict[str, Any] = {"owners": list(kr.owners)}
    after: dict[str, Any] = {"owners": list(owners)}
    if reporter != kr.reporter:
        store.set_reporter(session, state.team_id, kr.id or 0, state.people[reporter].id if reporter else None)
        before, after = {**before, "reporter": kr.reporter}, {**after, "reporter": reporter}
    changes.add_change(
        session,
        state.team_id,
        at=now,
        by=by,
        what="key_result",
        key=kr.key,
        action="edit",
        before=before,
        after={**after, **({"reason": reason} if reason else {})},
        source_key=source,
    )
    return owners


def _hand_over(session: Session, state: PortfolioState, kr: KeyResult, out: str, owners: tuple[str, ...]) -> None:
    number = kr.id or 0
    store.leave(session, state.team_id, number, state.unit_ids[out])
    for owner in owners:
        if owner not in kr.owners:
            store.join(session, state.team_id, number, state.unit_ids[owner])
