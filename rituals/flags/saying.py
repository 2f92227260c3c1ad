"""What co-owners do in their thread: say the true value and the next step, or agree with what another says.

Each is one transaction that holds the thread, so that of two at once the second sees what the first did.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from rituals.errors import FormRefusal, Refusal
from rituals.flags.questions import LONGEST, Question, Typed
from rituals.flags.settling import conclude, places
from rituals.flags.shown import view_of
from rituals.flags.voices import Voice, may_speak, speaks_for, voices
from rituals.notices.flags import FlagSaid
from rituals.okrs.flags.log import thread_key, thread_keys
from rituals.okrs.form import read_value
from rituals.okrs.load import load_portfolio
from rituals.okrs.model import KeyResult
from rituals.okrs.progress import as_of
from rituals.okrs.roles import not_yours, seen_by
from rituals.okrs.state import Member, PortfolioState
from rituals.okrs.updates import resolved_value
from rituals.okrs.words import expected_words, value_words
from storage import flags as store
from storage import outbox
from storage.database import Database, Session
from storage.outbox import Promise
from storage.tables import FlagThread


@dataclass(frozen=True)
class _Place:
    """A thread that is open, who speaks in it, and about what."""

    thread: FlagThread
    state: PortfolioState
    kr: KeyResult
    member: Member


def question(db: Database, team_id: str, user: str, thread_id: int, unit: str, *, now: datetime) -> Question:
    """The form of one owner, with what it said before. Raises Refusal for who does not answer for it, and when the
    thread has ended.
    """
    with db.transaction(readonly=True) as session:
        place = _place(session, team_id, user, thread_id, now)
        _only_for(place, unit, now)
        views = store.views_of(session, team_id, thread_id)
    state, kr, figures = place.state, place.kr, place.state.figures(place.kr, now)
    before = voices(state, kr, place.thread, [row for row in views if state.unit_keys.get(row.unit_id) == unit])
    said = before.get(unit) if unit in before and before[unit].view else None
    return Question(
        thread=thread_id,
        unit=unit,
        name=state.units[unit].name,
        key=kr.key,
        title=kr.title,
        measured_in=kr.measured_in,
        last=value_words(kr, figures.value),
        expected=expected_words(kr, figures),
        typed=_typed(kr, said) if said else Typed(),
    )


def _typed(kr: KeyResult, said: Voice) -> Typed:
    day = said.step_on.isoformat() if said.step_on else ""
    return Typed(value_words(kr, said.value) or "", said.step, day, said.note)


def say(
    db: Database, team_id: str, user: str, thread_id: int, unit: str, typed: Typed, *, key: str, now: datetime
) -> None:
    """Keep what an owner says; where all agree with it, the thread ends. `key` names this very form.

    Raises FormRefusal with the words for each field, Refusal as `question` does.
    """
    with db.transaction() as session:
        place = _place(session, team_id, user, thread_id, now, held=True)
        _only_for(place, unit, now)
        value, day = _read(place, typed, now)
        fields = {"value": value, "next_step": typed.step.strip()[:LONGEST], "next_on": day}
        _keep(session, place, unit, {**fields, "note": typed.note.strip()[:LONGEST]}, key, now)


def agree(db: Database, team_id: str, user: str, thread_id: int, view_id: int, *, key: str, now: datetime) -> None:
    """Say the same value as another owner did. `key` names this very click.

    Raises Refusal where that one has said another since, for who speaks for no other owner, and when it has ended.
    """
    with db.transaction() as session:
        place = _place(session, team_id, user, thread_id, now, held=True)
        said = voices(place.state, place.kr, place.thread, store.views_of(session, team_id, thread_id))
        theirs = next((voice for voice in said.values() if voice.view == view_id), None)
        if theirs is None:
            raise Refusal("That was said anew meanwhile. The message shows what stands now.")
        others = [unit for unit in speaks_for(place.state, place.member, place.kr, now) if unit != theirs.unit]
        if not others:
            raise _not_an_owner(place)
        silent = [unit for unit in others if unit not in said or said[unit].value != theirs.value]
        fields = {"value": theirs.value, "next_step": "", "next_on": None, "note": ""}
        _keep(session, place, (silent or others)[0], fields, key, now)


def _place(session: Session, team_id: str, user: str, thread_id: int, now: datetime, *, held: bool = False) -> _Place:
    thread = store.get_thread(session, team_id, thread_id, held=held)
    state = load_portfolio(session, team_id)
    kr = state.key_results.get(state.key_result_ids.get(thread.key_result_id) or "") if thread else None
    if thread is None or kr is None:
        raise Refusal("What this was about is gone. /okr shared shows what is shared.")
    member = state.member(user)
    if member is None or not speaks_for(state, member, kr, now):
        seen = seen_by(state, member.key if member else None)
        raise not_yours(seen, f"The word on {kr.key}", kr.owners)
    if thread.state == "agreed":
        raise Refusal(f"This is settled: {value_words(kr, thread.value)}. A new value goes by /okr update {kr.key}.")
    if thread.state != "open" or kr.cycle_closed or not kr.shared:
        raise Refusal(f"This has ended. A new value goes by /okr update {kr.key}.")
    return _Place(thread, state, kr, member)


def _only_for(place: _Place, unit: str, now: datetime) -> None:
    if may_speak(place.state, place.member, place.kr, unit, now):
        return
    seen = seen_by(place.state, place.member.key)
    mine = seen.names(speaks_for(place.state, place.member, place.kr, now))
    refusal = not_yours(seen, f"The word on {place.kr.key} here", [unit] if unit in seen.units else [])
    raise Refusal(f"{refusal.text} You speak for {' and '.join(mine)}: press that button.")


def _not_an_owner(place: _Place) -> Refusal:
    return Refusal(f"That is your own value on {place.kr.key}: another owner can agree with it.")


def _read(place: _Place, typed: Typed, now: datetime) -> tuple[Decimal | None, date | None]:
    """The value and the day; every field that cannot be used is named at once."""
    errors: dict[str, str] = {}
    value = _value(place.kr, typed.value, now, place.state, errors)
    if not typed.step.strip():
        errors["step"] = "Say in a sentence what is done next."
    day = _day(typed.day, place.state.day_of(place.member, now), errors)
    if errors:
        raise FormRefusal(errors)
    return value, day


def _value(kr: KeyResult, text: str, now: datetime, state: PortfolioState, errors: dict[str, str]) -> Decimal | None:
    if not text.strip():
        errors["value"] = "Give the value as it is today."
        return None
    try:
        return resolved_value(as_of(kr, now, state.zone), read_value(kr, text))
    except Refusal as no:
        how = f" Write {' or '.join(choice.value for choice in no.choices)}." if no.choices else ""
        errors["value"] = f"{no.text}{how}"
        return None


def _day(text: str, today: date, errors: dict[str, str]) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        errors["day"] = "Choose the day by which it is done."
        return None
    if day < today:
        errors["day"] = f"{day.day} {day:%b} is over. Choose today or later."
    return day


def _keep(session: Session, place: _Place, unit: str, fields: dict[str, object], key: str, now: datetime) -> None:
    """Written once; shown in the message and told in its thread; the thread ends where all agree now."""
    thread, state, kr = place.thread, place.state, place.kr
    who = {"thread_id": thread.id, "unit_id": state.unit_ids[unit], "person_id": place.member.id}
    row = store.add_view(session, state.team_id, {**who, **fields, "source_key": key, "at": now})
    if row is None:
        return
    outbox.again(session, state.team_id, *thread_keys(state, thread.id or 0), now=now)
    said = voices(state, kr, thread, [row])[unit]
    for place_key, to, seen in places(session, state, thread):
        if place_key == thread_key(thread.id or 0, place.member.id):
            continue
        notice = FlagSaid(thread=thread.id or 0, key=kr.key, view=view_of(seen, kr, said))
        data = notice.model_dump(mode="json")
        what = Promise(f"{place_key}:said:{row.id}", FlagSaid.KIND, to, data, thread_of=place_key)
        outbox.promise(session, state.team_id, what, now=now)
    conclude(session, state, thread, kr, now)
