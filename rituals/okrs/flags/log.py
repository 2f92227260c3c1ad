"""The book of what flags did: reading it, adding to it, and adding right after a value was given.

`events` finds what happened, `rituals.flags` looks once a day; here is what both and the pages share.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from rituals.okrs.flags.events import FlagEvent, events, look, newest
from rituals.okrs.model import KeyResult, Update
from rituals.okrs.pace import local_day
from rituals.okrs.state import PortfolioState
from storage import flags as store
from storage import outbox, tables
from storage.database import Session


def told(session: Session, team_id: str, krs: Iterable[KeyResult]) -> dict[str, tuple[FlagEvent, ...]]:
    """What is written down of each of these key results, by key, oldest first."""
    keys = {kr.id: kr.key for kr in krs if kr.id is not None}
    rows = store.events_of(session, team_id, [number for number in keys if number is not None])
    return {key: tuple(_event(row) for row in rows.get(number or 0, ())) for number, key in keys.items()}


def _event(row: tables.FlagEvent) -> FlagEvent:
    return FlagEvent(row.reason, row.event, dict(row.numbers or {}), row.at)  # type: ignore[arg-type]  # our own words


def enter(session: Session, state: PortfolioState, kr: KeyResult, found: Iterable[FlagEvent]) -> int:
    """Write events down, each kind once a local day and reason. Returns how many are new."""
    return sum(
        store.add_event(
            session,
            state.team_id,
            {
                "key_result_id": kr.id,
                "reason": event.reason,
                "event": event.event,
                "numbers": dict(event.numbers),
                "local_date": local_day(event.at, state.zone),
                "at": event.at,
            },
        )
        for event in found
    )


def after_update(
    session: Session, state: PortfolioState, kr: KeyResult, row: tables.KeyResultUpdate, now: datetime
) -> None:
    """What a value that was just given does to the flags of a shared key result; `state` is from before it.

    The co-owners' thread, where one is open, shows it.
    """
    if not kr.shared or kr.cycle_closed:
        return
    record(session, state, replace(kr, updates=(*kr.updates, _given(state, kr, row))), now)
    thread = store.open_thread_of(session, state.team_id, kr.id or 0)
    if thread is not None:
        outbox.again(session, state.team_id, *thread_keys(state, thread), now=now)


def record(session: Session, state: PortfolioState, kr: KeyResult, now: datetime) -> int:
    """Look at one shared key result and write down what its flags did. Returns how much that is."""
    last = newest(told(session, state.team_id, [kr])[kr.key])
    sight = look(kr, last, now=now, zone=state.zone, interval=state.interval(kr), bands=state.bands)
    return enter(session, state, kr, events(sight, last))


def thread_keys(state: PortfolioState, thread: int) -> list[str]:
    """The outbox keys under which a thread may stand: in a channel, or with each person."""
    return [thread_key(thread), *(thread_key(thread, person.id) for person in state.people.values() if person.slack)]


def thread_key(thread: int, person: int | None = None) -> str:
    """The outbox key of a co-owners' thread."""
    return f"flag:{thread}" if person is None else f"flag:{thread}:{person}"


def _given(state: PortfolioState, kr: KeyResult, row: tables.KeyResultUpdate) -> Update:
    person = state.people_by_id.get(row.person_id or 0)
    unit = state.unit_keys.get(row.unit_id or 0)
    led = state.led_by(person.key) if person else ()
    return Update(
        id=row.id,
        at=row.at,
        value=row.value,
        confidence=row.confidence,
        by=person.key if person else None,
        note=row.note,
        evidence=row.evidence,
        unit=unit or next((owner for owner in kr.owners if owner in led), None),
        role=row.role,  # type: ignore[arg-type]  # held by a CHECK
        blocked=row.blocked,
    )
