"""Ends the threads of co-owners: with the value they agree on, which is written as the reporter's, or with a line when
the key result recovered by itself or its cycle is over. Disagreement ends nothing.

Runs inside the caller's transaction and promises only.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import cast

from rituals.flags.opening import promise_people
from rituals.flags.voices import Voice, agreed, asked, voices
from rituals.notices.flags import Ended, FlagEnded, ThreadState
from rituals.okrs.flags.events import standing
from rituals.okrs.flags.log import record, thread_key, thread_keys, told
from rituals.okrs.live import refresh_boards, refresh_homes
from rituals.okrs.load import load_portfolio
from rituals.okrs.model import KeyResult
from rituals.okrs.roles import public, seen_by
from rituals.okrs.state import PortfolioState
from rituals.okrs.words import value_words
from storage import flags as store
from storage import okrs as queries
from storage import outbox
from storage.database import Session
from storage.outbox import Promise
from storage.tables import FlagThread

AGREED = "Agreed by all owners."


def settle_open(session: Session, state: PortfolioState, now: datetime) -> int:
    """End what has come to its end, and take what its channel did not take to each person. Returns how many."""
    return sum(_settle(session, state, thread, now) for thread in store.open_threads(session, state.team_id))


def _settle(session: Session, state: PortfolioState, thread: FlagThread, now: datetime) -> bool:
    kr = state.key_results.get(state.key_result_ids.get(thread.key_result_id) or "")
    if kr is None or kr.cycle_closed or not kr.shared:
        return _end_without(session, state, thread, kr, "closed", now)
    if conclude(session, state, thread, kr, now):
        return True
    book = told(session, state.team_id, [kr])[kr.key]
    if book and not standing(book):
        return _end_without(session, state, thread, kr, "recovered", now)
    return _move(session, state, thread, kr, now)


def _move(session: Session, state: PortfolioState, thread: FlagThread, kr: KeyResult, now: datetime) -> bool:
    """To each person by themselves, where the channel did not take it."""
    row = outbox.find(session, state.team_id, thread_key(thread.id or 0)) if thread.channel else None
    if row is None or row.state != "dead":
        return False
    thread.channel = ""
    session.add(thread)
    session.flush()
    promise_people(session, state, kr, thread, asked(state, kr, now), now)
    return True


def conclude(session: Session, state: PortfolioState, thread: FlagThread, kr: KeyResult, now: datetime) -> bool:
    """End a thread whose owners agree, and write the value; False while they do not, or when it was ended before."""
    said = voices(state, kr, thread, store.views_of(session, state.team_id, thread.id or 0))
    found = agreed(state, kr, asked(state, kr, now), said)
    if found is None:
        return False
    step, step_on = _step(found, said)
    ended = store.end_thread(session, thread, state="agreed", now=now, value=found.value, step=step, step_on=step_on)
    if ended:
        _write(session, state, thread, kr, found, said, now)
        _tell(session, state, thread, kr, now)
    return ended


def _step(found: Voice, said: Mapping[str, Voice]) -> tuple[str, date | None]:
    """The next step of whose value counts, else the newest one that was said."""
    ordered = [found, *sorted(said.values(), key=lambda voice: voice.at, reverse=True)]
    voice = next((voice for voice in ordered if voice.step), None)
    return (voice.step, voice.step_on) if voice else ("", None)


def _write(
    session: Session,
    state: PortfolioState,
    thread: FlagThread,
    kr: KeyResult,
    found: Voice,
    said: Mapping[str, Voice],
    now: datetime,
) -> None:
    """What was said in the thread becomes history: the views of the others first, then the value as a report."""
    spoken = [voice for voice in said.values() if voice.view and voice.unit != found.unit]
    for voice, role in (*((voice, "view") for voice in spoken), (found, "report")):
        by = state.people.get(voice.by or "")
        values = {
            "team_id": state.team_id,
            "key_result_id": kr.id,
            "at": now,
            "value": voice.value,
            "person_id": by.id if by else None,
            "unit_id": state.unit_ids[voice.unit],
            "note": " ".join(part for part in (AGREED if role == "report" else "", voice.note) if part),
            "evidence": _link(session, state, thread),
            "role": role,
            "blocked": False,
            "source": "form",
            "source_key": f"flag:{thread.id}:{voice.unit}",
        }
        queries.add_update(session, values)
    fresh = load_portfolio(session, state.team_id)
    record(session, fresh, fresh.key_results[kr.key], now)
    reporter = state.people.get(kr.reporter or "")
    refresh_homes(session, state, units=kr.owners, also=(reporter,), now=now)
    refresh_boards(session, state.team_id, now=now)


def _link(session: Session, state: PortfolioState, thread: FlagThread) -> str:
    """Where the thread stands; "" for direct messages, which nobody else can open."""
    row = outbox.find(session, state.team_id, thread_key(thread.id or 0)) if thread.channel else None
    if row is None or not row.ts or not state.url:
        return ""
    return f"{state.url.rstrip('/')}/archives/{row.channel or row.to}/p{row.ts.replace('.', '')}"


def _end_without(
    session: Session, state: PortfolioState, thread: FlagThread, kr: KeyResult | None, why: Ended, now: datetime
) -> bool:
    ended = store.end_thread(session, thread, state="ended", now=now, why=why)
    if ended and kr is not None:
        _tell(session, state, thread, kr, now)
    return ended


def _tell(session: Session, state: PortfolioState, thread: FlagThread, kr: KeyResult, now: datetime) -> None:
    """The message shows how it ended, and a line in its thread says so."""
    outbox.again(session, state.team_id, *thread_keys(state, thread.id or 0), now=now)
    for key, to, seen in places(session, state, thread):
        notice = _ended(thread, kr, seen)
        what = Promise(f"{key}:end", FlagEnded.KIND, to, notice.model_dump(mode="json"), thread_of=key)
        outbox.promise(session, state.team_id, what, now=now)


def places(session: Session, state: PortfolioState, thread: FlagThread) -> list[tuple[str, str, PortfolioState]]:
    """Where a thread stands: its outbox key, the channel or person, and what is to be seen there."""
    number = thread.id or 0
    if thread.channel:
        return [(thread_key(number), thread.channel, public(state))]
    people = [(thread_key(number, one.id), one) for one in state.people.values() if one.slack]
    sent = store.promised(session, state.team_id, [key for key, _ in people])
    return [(key, one.slack or "", seen_by(state, one.key)) for key, one in people if key in sent]


def _ended(thread: FlagThread, kr: KeyResult, seen: PortfolioState) -> FlagEnded:
    return FlagEnded(
        thread=thread.id or 0,
        key=kr.key,
        title=kr.title,
        state=cast(ThreadState, thread.state),
        ended=cast(Ended, thread.why),
        value=value_words(kr, thread.value),
        step=thread.next_step,
        step_on=thread.next_on,
        owners=seen.names(kr.owners),
    )
