"""The handshake about a blocker: a unit asks another to take something out of its way; that one accepts with a day,
offers another, or declines; both see it. What a blocker is, is the register's business.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from rituals.errors import FormRefusal, Refusal
from rituals.notices import HandshakeAsk, HandshakeTold
from rituals.notices.handshakes import HandshakeState
from rituals.okrs import registers
from rituals.okrs.live import refresh_answer, refresh_homes
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from rituals.okrs.reaching import asked_of
from rituals.okrs.roles import above_all, answers_for, not_yours, seen_by
from rituals.okrs.seen import load_seen
from storage import handshakes as store
from storage import outbox
from storage.database import Database, Session
from storage.outbox import Promise
from storage.tables import Blocker, Handshake

Reply = Literal["accept", "counter", "decline"]
_AFTER: Mapping[Reply, HandshakeState] = {"accept": "accepted", "counter": "countered", "decline": "declined"}
LONGEST = 500


@dataclass(frozen=True)
class Asked:
    """A unit (name) that was asked about B-`number`, and whom of it the question reaches, nobody of a unit that is
    hidden from who asks; `anew` the first time.
    """

    number: int
    unit: str
    people: tuple[str, ...]
    anew: bool


def ask(db: Database, team_id: str, user: str, number: int, unit: str | None = None, *, now: datetime) -> Asked:
    """Ask the unit that B-`number` waits for (or `unit`, a key, which it then waits for) to take it out of the way.

    Asked again, nothing is sent. Raises Refusal where the person has no part in the blocker, or nobody can be asked.
    """
    with db.transaction() as session:
        state, by = load_seen(session, team_id, user)
        row = _open(session, state, number, by)
        provider = unit or state.unit_keys.get(row.waits_for_unit_id or 0)
        if by is None or provider is None:
            raise Refusal(f"B-{number} waits for no unit. Choose which one to ask.")
        if provider not in state.units:
            raise Refusal("That unit is gone. Choose another one to ask.")
        leads = _reachable(state, provider, now)
        row.waits_for_unit_id = state.unit_ids[provider]
        session.add(row)
        shake = store.ask(
            session, team_id, blocker_id=_id(row), unit_id=row.waits_for_unit_id, by=by.id, day=row.until, now=now
        )
        if shake is not None:
            _promise(session, team_id, HandshakeAsk.KIND, shake, leads, now)
        _refresh(session, state, row, now)
        named = () if state.units[provider].hidden else tuple(member.name for member in leads)
        return Asked(number, state.units[provider].name, named, shake is not None)


def units_to_ask(db: Database, team_id: str, user: str, number: int) -> tuple[tuple[str, str], ...]:
    """The units (key, name) that can be asked about B-`number`: those with a lead in Slack, but not the one held up;
    those with most units above in common with it first.

    Raises Refusal where the person has no part in the blocker.
    """
    with db.transaction(readonly=True) as session:
        state, by = load_seen(session, team_id, user)
        row = _open(session, state, number, by)
    held_up = state.unit_keys.get(row.unit_id or 0)
    above = set(state.lineage(held_up)) if held_up else set()
    found = [
        unit
        for key, unit in state.open_units.items()
        if key != held_up and any(state.people[lead].slack for lead in unit.leads)
    ]
    return tuple((u.key, u.name) for u in sorted(found, key=lambda u: -len(above.intersection(state.lineage(u.key)))))


def asked_unit(db: Database, team_id: str, user: str, number: int, *, now: datetime) -> str:
    """The name of the unit that handshake `number` asks. Raises Refusal for who does not answer for it."""
    with db.transaction(readonly=True) as session:
        state, _ = load_seen(session, team_id, user)
        shake, row = _found(session, team_id, number)
        _only_open(row)
        _answering(state, user, shake, row, now)
    return state.units[state.unit_keys[shake.unit_id]].name


def answer(
    db: Database, team_id: str, user: str, number: int, reply: Reply, *, day: str = "", note: str = "", now: datetime
) -> None:
    """What the provider says: `accept` the day asked for, `counter` with a `day` (ISO), or `decline` with a `note`.

    A day accepted is the blocker's own from then on. May be changed until the blocker is closed. Raises Refusal for
    who does not lead the unit, FormRefusal for a day that is missing or over.
    """
    with db.transaction() as session:
        state, _ = load_seen(session, team_id, user)
        shake, row = _found(session, team_id, number)
        member = _answering(state, user, shake, row, now)
        _only_open(row)
        _write(shake, row, reply, _day(reply, day, row, state.day_of(member, now)), note.strip()[:LONGEST])
        shake.answered_by, shake.answered_at = member.id, now
        session.add_all([shake, row])
        _tell(session, state, shake, row, now)


def settle(db: Database, team_id: str, user: str, number: int, *, agreed: bool, now: datetime) -> None:
    """What the side that asked says to another day: agreed, or not enough, which makes it a matter for those above.

    Raises Refusal for anybody else, and where nothing was offered (any more).
    """
    with db.transaction() as session:
        state, by = load_seen(session, team_id, user)
        shake, row = _found(session, team_id, number)
        _open(session, state, row.number, by)
        _on_the_side_that_asked(state, by, shake, row)
        if shake.state != "countered":
            raise Refusal(f"Nothing about B-{row.number} waits for your word any more.")
        shake.state = "accepted" if agreed else "disputed"
        row.until = shake.day if agreed else row.until
        session.add_all([shake, row])
        _tell(session, state, shake, row, now)
        if not agreed:
            people = [member for member in _above(state, shake, row) if member.id != shake.asked_by]
            _promise(session, team_id, HandshakeTold.KIND, shake, people, now)


def ask_now(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> HandshakeAsk | None:
    """The question as it stands; None when it is gone."""
    values = _values(session, team_id, data)
    return HandshakeAsk(**values) if values else None


def told_now(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> HandshakeTold | None:
    """What came of it, as it stands; None when it is gone."""
    values = _values(session, team_id, data)
    return HandshakeTold(**values) if values else None


def _values(session: Session, team_id: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What one side reads of it, each with the names that it may see."""
    found = store.get(session, team_id, data["handshake"])
    if found is None:
        return {}
    (shake, row), state = found, load_portfolio(session, team_id)
    reader = state.people_by_id.get(data["person"])
    state = seen_by(state, reader.key if reader else None)
    line = registers.blocker_line(state, row, shake.asked_at)
    hidden = state.units[state.unit_keys[shake.unit_id]].hidden
    answered = None if hidden else state.people_by_id.get(shake.answered_by or 0)
    return {
        "handshake": shake.id,
        "number": row.number,
        "text": row.text,
        "by": line.by,
        "unit": state.units[state.unit_keys[shake.unit_id]].name,
        "asked_by": state.people_by_id[shake.asked_by].name,
        "key_result": line.key_result,
        "asked_for": row.until,
        "day": shake.day,
        "note": shake.note,
        "state": shake.state,
        "answered_by": answered.name if answered else None,
        "closed": row.state != "open",
    }


def _reachable(state: PortfolioState, unit: str, now: datetime) -> list[Member]:
    found = asked_of(state, unit, now)
    if not found:
        name = state.units[unit].name
        raise Refusal(f"Nobody of {name} can be asked: it has no lead in Slack. /okr settings names its leads.")
    return found


def _above(state: PortfolioState, shake: Handshake, row: Blocker) -> tuple[Member, ...]:
    return above_all(state, [state.unit_keys[unit] for unit in (shake.unit_id, row.unit_id) if unit])


def _promise(
    session: Session, team_id: str, kind: str, shake: Handshake, people: Iterable[Member], now: datetime
) -> None:
    for member in people:
        key = f"{kind}:{shake.id}:{member.id}"
        data = {"handshake": shake.id, "person": member.id}
        promise = Promise(key=key, kind=kind, to=member.slack or "", data=data, mode="live")
        outbox.keep_current(session, team_id, promise, now=now)


def _tell(session: Session, state: PortfolioState, shake: Handshake, row: Blocker, now: datetime) -> None:
    """Both sides see what stands now."""
    session.flush()
    people = asked_of(state, state.unit_keys[shake.unit_id], now)
    _promise(session, state.team_id, HandshakeAsk.KIND, shake, people, now)
    asker = state.people_by_id[shake.asked_by]
    if asker.slack:
        _promise(session, state.team_id, HandshakeTold.KIND, shake, [asker], now)
    above = [f"{HandshakeTold.KIND}:{shake.id}:{m.id}" for m in _above(state, shake, row) if m.id != shake.asked_by]
    outbox.again(session, state.team_id, *above, now=now)
    _refresh(session, state, row, now)


def _refresh(session: Session, state: PortfolioState, row: Blocker, now: datetime) -> None:
    units = [state.unit_keys[u] for u in (row.unit_id, row.waits_for_unit_id) if u]
    refresh_homes(session, state, units=units, also=(state.people_by_id.get(row.person_id or 0),), now=now)
    refresh_answer(session, state.team_id, row.answer_id, now=now)


def _found(session: Session, team_id: str, number: int) -> tuple[Handshake, Blocker]:
    found = store.get(session, team_id, number)
    if found is None:
        raise Refusal("That question is gone; /okr blockers shows what is open.")
    return found


def _open(session: Session, state: PortfolioState, number: int, by: Member | None) -> Blocker:
    row = registers.own_blocker(session, state, number, by)
    _only_open(row)
    return row


def _answering(state: PortfolioState, user: str, shake: Handshake, row: Blocker, now: datetime) -> Member:
    """Who leads the unit that is asked, or one above it, or stands in for a lead of it who is away."""
    member, unit = state.member(user), state.unit_keys[shake.unit_id]
    if member is None or not (answers_for(state, member.key, unit) or member in asked_of(state, unit, now)):
        raise not_yours(state, f"The answer about B-{row.number}", [unit])
    return member


def _on_the_side_that_asked(state: PortfolioState, by: Member | None, shake: Handshake, row: Blocker) -> None:
    held_up = state.unit_keys.get(row.unit_id or 0)
    if by is None or not (by.id == shake.asked_by or (held_up and answers_for(state, by.key, held_up))):
        raise Refusal(f"Who asked about B-{row.number} says whether that day is soon enough.")


def _only_open(row: Blocker) -> None:
    if row.state != "open":
        raise Refusal(f"B-{row.number} is out of the way already; nothing waits for an answer.")


def _day(reply: Reply, typed: str, row: Blocker, today: date) -> date | None:
    """The day that a reply names. Accepting means the day that was asked for."""
    if reply == "decline":
        return None
    if reply == "accept":
        if row.until is None or row.until < today:
            raise Refusal(f"The day that B-{row.number} was asked for is over. Offer another day.")
        return row.until
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise FormRefusal({"day": "Choose the day by which it can be done."}) from None
    if day < today:
        raise FormRefusal({"day": f"{day.day} {day:%b} is over. Choose today or later."})
    return day


def _write(shake: Handshake, row: Blocker, reply: Reply, day: date | None, note: str) -> None:
    """A day no later than the one asked for is no other offer: it is accepted."""
    if reply == "decline" and not note:
        raise FormRefusal({"note": "Say in a sentence why; it goes to who asked."})
    in_time = day is not None and (row.until is None or day <= row.until)
    shake.state = "accepted" if in_time else _AFTER[reply]
    shake.day, shake.note = day, note
    if shake.state == "accepted":
        row.until = day


def _id(row: Blocker) -> int:
    assert row.id is not None
    return row.id
