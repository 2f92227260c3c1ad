"""What leads answer, from wherever they do: thread, form, one tap. Stored word for word first, then read.

Storing and reading are two transactions on purpose: whatever happens to the reading, the words are kept, and
`read_stored` picks up what a crash left unread. An edit is a new version that takes the place of the one before,
with everything that was written from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rituals.checkins import effort, shown
from rituals.checkins.applying import apply_answer, promise_receipt
from rituals.checkins.registering import take_out
from rituals.checkins.turnout import count_in, is_late
from rituals.errors import Refusal
from rituals.okrs.load import load_portfolio
from rituals.okrs.registers import close_blocker
from rituals.okrs.updates import take_back
from storage import checkins as queries
from storage import outbox, people
from storage.database import Database, DatabaseBusyError, Session
from storage.tables import Answer, CheckinAsk, OutboxRow, Person

OnFault = Callable[[Exception], str]


@dataclass(frozen=True)
class Said:
    """A person's message in Slack. `thread_ts` is None outside of a thread; `direct` for the DM with the bot; `edited`
    is Slack's own instant of the edit that these words are, in seconds.
    """

    user: str
    channel: str
    ts: str
    text: str
    thread_ts: str | None = None
    direct: bool = False
    edited: str | None = None

    @property
    def key(self) -> str:
        """Names the message, for storing it once."""
        return f"message:{self.channel}:{self.ts}"


def receive(db: Database, team_id: str, said: Said, *, now: datetime) -> bool:
    """Take a message as an answer where it is one; False where it is not for us.

    Raises Refusal, with the words kept, for somebody who is not asked. A message that came before changes nothing.
    """
    with db.transaction() as session:
        place, answer = _taken(session, team_id, said, now)
    return _followed(db, team_id, place, answer, now)


def _taken(session: Session, team_id: str, said: Said, now: datetime) -> tuple["_Place | None", Answer | None]:
    """Where a message was said, where that is ours, and the answer as stored; no answer where it was stored before."""
    place = _place(session, team_id, said)
    return place, _store(session, team_id, said, place, now) if place else None


def _followed(db: Database, team_id: str, place: "_Place | None", answer: Answer | None, now: datetime) -> bool:
    """Read what was just stored; False where there was no place for it. Raises Refusal for somebody not asked."""
    if place is not None and place.ask is None:
        raise Refusal(_not_asked(place))
    if answer is not None and answer.ask_id is not None:
        read_one(db, team_id, answer.id or 0, now=now)
    return place is not None


@dataclass(frozen=True)
class _Place:
    """Where a message was said, as far as it is ours: in the thread of a prompt or a board, or in the DM."""

    person: Person | None
    ask: CheckinAsk | None
    number: int | None = None


def _place(session: Session, team_id: str, said: Said) -> _Place | None:
    person = people.by_slack(session, team_id, said.user)
    parent = outbox.by_message(session, team_id, said.channel, said.thread_ts) if said.thread_ts else None
    if parent is not None and parent.kind == "checkin_board":
        return _in_round(session, team_id, person, parent)
    if parent is not None and "ask" in (parent.data or {}):
        ask = queries.get_ask(session, team_id, (parent.data or {})["ask"])
        return _Place(person, ask if ask and person and person.id in {ask.person_id, ask.delegate_id} else None)
    if not said.direct:
        return None
    return _Place(person, queries.newest_ask(session, team_id, person.id or 0) if person else None)


def _in_round(session: Session, team_id: str, person: Person | None, parent: OutboxRow) -> _Place:
    round_id = (parent.data or {})["round"]
    row = queries.get_round(session, team_id, round_id)
    ask = queries.ask_of(session, team_id, round_id, person.id or 0) if person else None
    return _Place(person, ask, row.number if row else None)


def _not_asked(place: _Place) -> str:
    kept = "I kept your words, but changed nothing."
    if place.number is not None:
        return f"{kept} Only the leads who are asked in check-in {place.number} move its key results; tell one of them."
    return f"{kept} No check-in waits for you. /okr help shows what you can do."


def _store(session: Session, team_id: str, said: Said, place: _Place, now: datetime) -> Answer | None:
    """The answer as typed; None when this message is stored already."""
    if queries.versions(session, team_id, said.key):
        return None
    answer = Answer(
        team_id=team_id,
        ask_id=place.ask.id if place.ask else None,
        person_id=place.person.id if place.person else None,
        slack_user=said.user,
        source="dm" if said.direct else "channel",
        source_key=said.key,
        text=said.text,
        channel=said.channel,
        ts=said.ts,
        thread_ts=said.thread_ts,
        permalink=permalink(people.workspace(session, team_id).url, said),
        at=now,
        edited_ts=said.edited,
        late=place.ask is not None and is_late(session, place.ask, now),
    )
    session.add(answer)
    session.flush()
    if place.ask is not None:
        effort.sign(session, place.ask, now)
    return answer


def permalink(url: str, said: Said) -> str | None:
    """The message's address, as Slack makes it."""
    if not url:
        return None
    link = f"{url.rstrip('/')}/archives/{said.channel}/p{said.ts.replace('.', '')}"
    return f"{link}?thread_ts={said.thread_ts}&cid={said.channel}" if said.thread_ts else link


def edit(db: Database, team_id: str, said: Said, *, now: datetime) -> bool:
    """A message was edited: its new words take the place of the old. False when it is no answer of ours.

    Slack keeps no order: an edit that comes before its message is taken as the message, which then changes nothing.
    Raises Refusal as `receive` does.
    """
    with db.transaction() as session:
        before = queries.versions(session, team_id, said.key)
        if before:
            place, answer = None, _replaced(session, before[-1], said, now)
        else:
            place, answer = _taken(session, team_id, said, now)
    return _followed(db, team_id, place, answer, now) or bool(before)


def _replaced(session: Session, last: Answer, said: Said, now: datetime) -> Answer | None:
    """A new version with the new words; None where they are the same, as when Slack unfolds a link, or were deleted
    since, or changed by a later edit: Slack may tell of an edit after the deletion, and a replay in any order.
    """
    if last.superseded or last.text == said.text or _is_older(said.edited, last.edited_ts):
        return None
    source = "dm" if said.direct else "channel"
    return next_version(session, last, now=now, text=said.text, form=None, source=source, edited_ts=said.edited)


def _is_older(edited: str | None, than: str | None) -> bool:
    return edited is not None and than is not None and float(edited) < float(than)


def next_version(session: Session, last: Answer, *, now: datetime, **changed: Any) -> Answer:
    """A new version of an answer; the one before goes out of force with what was written from it."""
    take_out(session, last, now=now)
    values = last.model_dump(exclude={"id", "reading", "fault"}) | {
        "version": last.version + 1,
        "at": now,
        "superseded": False,
    }
    answer = Answer(**{**values, **changed})
    session.add(answer)
    session.flush()
    return answer


def withdraw(db: Database, team_id: str, gone: Said, *, now: datetime) -> bool:
    """A message was deleted: what was written from it is taken back; the words stay in the history.

    Where the deletion comes before the message itself, the words are stored as taken back, so that they never count.
    """
    with db.transaction() as session:
        before = queries.versions(session, team_id, gone.key)
        if not before:
            _, answer = _taken(session, team_id, gone, now) if gone.user else (None, None)
            if answer is not None:
                answer.superseded = True
            return False
        if before[-1].superseded:
            return False
        last = before[-1]
        take_out(session, last, now=now)
        ask = queries.get_ask(session, team_id, last.ask_id) if last.ask_id else None
        if ask is not None:
            count_in(session, load_portfolio(session, team_id), ask, now=now)
        refresh_after(session, team_id, last, ask, now=now)
        return True


def refresh_after(session: Session, team_id: str, answer: Answer, ask: CheckinAsk | None, *, now: datetime) -> None:
    """Make receipt, shared answer, board and Home show the present state, where they exist."""
    outbox.again(session, team_id, shown.receipt_key(answer.source_key), now=now)
    if ask is not None:
        outbox.again(session, team_id, shown.shared_key(ask.id or 0), now=now)
    round_id = ask.round_id if ask else None
    shown.refresh(session, team_id, round_id=round_id, users=[answer.slack_user], answer_id=answer.id, now=now)


def read_one(db: Database, team_id: str, answer_id: int, *, now: datetime) -> None:
    """Read a stored answer and write what it says; nothing when that was done before."""
    with db.transaction() as session:
        answer = queries.get_answer(session, team_id, answer_id)
        if answer is None or answer.reading is not None or answer.superseded:
            return
        apply_answer(session, load_portfolio(session, team_id), answer, now=now)


def read_stored(db: Database, team_id: str, *, now: datetime, on_fault: OnFault) -> int:
    """Read what was stored but not read, because the process died in between. Returns how many there were.

    One that cannot be read stops none of the others: it keeps the reference that `on_fault` gives, is left alone from
    then on, and its author is told.
    """
    with db.transaction(readonly=True) as session:
        left = [a.id for a in queries.unread_answers(session, team_id) if a.id is not None]
    for answer_id in left:
        try:
            read_one(db, team_id, answer_id, now=now)
        except DatabaseBusyError:
            raise
        except Exception as fault:  # noqa: BLE001 - a fault of ours in one answer must not stop the others
            _mark(db, team_id, answer_id, on_fault(fault), now=now)
    return len(left)


def _mark(db: Database, team_id: str, answer_id: int, ref: str, *, now: datetime) -> None:
    with db.transaction() as session:
        answer = queries.get_answer(session, team_id, answer_id)
        if answer is None or answer.reading is not None:
            return
        answer.fault = ref
        session.add(answer)
        ask = queries.get_ask(session, team_id, answer.ask_id or 0)
        if ask is not None:
            promise_receipt(session, answer, ask, now)


def undo(db: Database, team_id: str, user: str, update_id: int, *, now: datetime) -> None:
    """Take one saved value of an answer back. Raises Refusal when it is somebody else's."""
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        row = take_back(session, state, update_id, by=state.member(user), now=now)
        answer = queries.get_answer(session, team_id, row.answer_id) if row.answer_id else None
        if answer is not None:
            ask = queries.get_ask(session, team_id, answer.ask_id) if answer.ask_id else None
            refresh_after(session, team_id, answer, ask, now=now)


def not_a_blocker(db: Database, team_id: str, user: str, number: int, *, now: datetime) -> None:
    """What was taken for a blocker was none. Raises Refusal when the person has no part in it."""
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        row = close_blocker(session, state, number, by=state.member(user), now=now, state_after="withdrawn")
        answer = queries.get_answer(session, team_id, row.answer_id) if row.answer_id else None
        if answer is not None:
            ask = queries.get_ask(session, team_id, answer.ask_id) if answer.ask_id else None
            refresh_after(session, team_id, answer, ask, now=now)


def ask_behind(db: Database, team_id: str, answer_id: int) -> int | None:
    """The ask that an answer was given to."""
    with db.transaction(readonly=True) as session:
        answer = queries.get_answer(session, team_id, answer_id)
        return answer.ask_id if answer else None
