"""Owning a key result together: each unit that is made a co-owner is asked, accepts, declines with a reason or offers
something else, and who asked reads it. Who may edit a key result at all is `authoring.rights`' business.

A unit owns from the moment it is asked, shown as asked; it owns no longer once it declines.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rituals.errors import FormRefusal, Refusal
from rituals.notices import OwnershipAsk
from rituals.okrs import support
from rituals.okrs.live import refresh_homes
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from rituals.okrs.model import KeyResult
from rituals.okrs.ownership.moves import change_owners
from rituals.okrs.ownership.told import mark, promise_ask, tell, values
from rituals.okrs.reaching import answering_for, asked_of
from rituals.okrs.roles import answers_for, not_yours
from rituals.okrs.seen import load_seen
from storage import ownership as store
from storage.database import Database, Session
from storage.tables import Ownership

Reply = Literal["accept", "counter", "decline"]
Word = Literal["agree", "insist"]
SUPPORT_ONLY = "support_only"
LONGEST = 500
_AFTER = {"accept": "accepted", "counter": "countered", "decline": "declined"}


@dataclass(frozen=True)
class Opened:
    """A question for who answers it: what supports it of the unit's own, and the units that could be asked instead,
    each as (value, label).
    """

    ask: OwnershipAsk
    own: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]


def ask_new(
    session: Session, team_id: str, key: str, was: Collection[str], by: Member, *, now: datetime
) -> tuple[str, ...]:
    """After a key result was saved: ask every co-owner that is new and not `by`'s own, and call off the question to
    who is an owner no longer. `was`: the owners before. Returns the names of those who are asked.
    """
    state = load_portfolio(session, team_id)
    kr = state.key_results[key]
    for row in store.about(session, team_id, kr.id or 0):
        if state.unit_keys[row.unit_id] not in kr.owners and row.state in {"asked", "accepted", "countered"}:
            row.state = "withdrawn"
            session.add(row)
            tell(session, state, kr, row, now)
    new = [unit for unit in kr.owners if unit not in was and kr.shared]
    return tuple(state.units[unit].name for unit in new if _ask(session, state, kr, unit, by, now))


def open_form(db: Database, team_id: str, user: str, number: int, *, now: datetime) -> Opened:
    """A question as it stands and what can be chosen. Raises Refusal for who does not answer it."""
    with db.transaction(readonly=True) as session:
        row = _there(store.get(session, team_id, number))
        state, kr, _ = _answering(session, user, row, now)
        _only_open(state, row, kr)
        unit = state.unit_keys[row.unit_id]
        others = [u for u in state.open_units.values() if u.key not in kr.owners and asked_of(state, u.key, now)]
        near = sorted(others, key=lambda one: one.parent != state.units[unit].parent)
        return Opened(
            ask=OwnershipAsk(**values(session, state, row)),
            own=support.candidates(state, unit, kr),
            others=tuple((one.key, one.name) for one in near),
        )


def answer(
    db: Database,
    team_id: str,
    user: str,
    number: int,
    reply: Reply,
    *,
    note: str = "",
    other: str = "",
    supports: str = "",
    now: datetime,
) -> None:
    """What a unit says: `accept`, `decline` with a `note`, or `counter` with an `other` unit or SUPPORT_ONLY.

    `supports` is what of its own supports it. The first answer counts; a counter-offer can be changed until it is
    settled. Raises FormRefusal by field (note, other, support), Refusal for who may not, and where it is answered.
    """
    with db.transaction() as session:
        row = _there(store.hold(session, team_id, number))  # before the owners are read: another may just take them out
        state, kr, member = _answering(session, user, row, now)
        if row.state == _AFTER[reply] and row.answered_by == member.id and reply != "counter":
            return
        _only_open(state, row, kr)
        _check(state, kr, reply, note.strip(), other, now)
        row.state, row.note = _AFTER[reply], note.strip()[:LONGEST]
        row.other_unit_id = state.unit_ids[other] if reply == "counter" and other != SUPPORT_ONLY else None
        row.answered_by, row.answered_at, row.reminded_at = member.id, now, None
        session.add(row)
        if supports and reply != "decline":
            support.write(session, state, kr, state.unit_keys[row.unit_id], supports, user, now)
        if reply == "decline":
            _take_out(session, state, kr, row, user, now)
        tell(session, state, kr, row, now)


def settle(
    db: Database, team_id: str, user: str, number: int, word: Word, *, seen: str | None = None, now: datetime
) -> None:
    """What the side that asked says to a counter-offer: agreed (the other unit is asked then, or nobody), or it asks
    once more. `seen` names the offer that they were shown (`mark`), None whichever stands.

    Raises Refusal for anybody else, where nothing is offered (any more) or something else, or where what is offered
    cannot be any more.
    """
    with db.transaction() as session:
        row = _there(store.hold(session, team_id, number))
        state, by = load_seen(session, team_id, user)
        kr = _key_result(state, row)
        _on_the_side_that_asked(state, by, row, kr)
        assert by is not None  # else they were not on that side
        _refuse_settling(state, row, kr, word, seen)
        if word == "insist":
            tell(session, state, kr, row, now)  # what was offered stands as said, and the question comes anew
            _ask(session, state, kr, state.unit_keys[row.unit_id], by, now)
            return
        _take_out(session, state, kr, row, user, now)
        other = state.unit_keys.get(row.other_unit_id or 0)
        tell(session, state, kr, row, now)
        if other is not None:
            session.flush()
            present = load_portfolio(session, team_id)
            _ask(session, present, present.key_results[kr.key], other, by, now)


def _ask(session: Session, state: PortfolioState, kr: KeyResult, unit: str, by: Member, now: datetime) -> bool:
    """Ask a unit; False where it is one's own, or where there is nobody but oneself to ask."""
    people = [member for member in answering_for(state, unit, now) if member.id != by.id]
    if unit in state.led_by(by.key) or not people:
        return False
    place = state.unit_ids[unit]
    row = store.ask(session, state.team_id, key_result_id=kr.id or 0, unit_id=place, by=by.id, now=now)
    promise_ask(session, state.team_id, row, people, now)
    refresh_homes(session, state, units=[unit], also=people, now=now)
    return True


def _take_out(session: Session, state: PortfolioState, kr: KeyResult, row: Ownership, user: str, now: datetime) -> None:
    into = state.unit_keys.get(row.other_unit_id or 0) if row.state == "countered" else None
    change_owners(
        session,
        state,
        kr,
        state.unit_keys[row.unit_id],
        into,
        by=user,
        reason=row.note,
        now=now,
        source=f"ownership:{row.id}:{row.times}",
    )


def _there(row: Ownership | None) -> Ownership:
    if row is None:
        raise Refusal("That question is gone; /okr shared shows who owns what together.")
    return row


def _key_result(state: PortfolioState, row: Ownership) -> KeyResult:
    key = state.key_result_ids.get(row.key_result_id)
    if key is None:
        raise Refusal("That key result is not there for you any more. Nothing was changed.")
    return state.key_results[key]


def _answering(session: Session, user: str, row: Ownership, now: datetime) -> tuple[PortfolioState, KeyResult, Member]:
    """What is asked, and who answers for the unit, or stands in for a lead of it who is away."""
    state, member = load_seen(session, row.team_id, user)
    kr, unit = _key_result(state, row), state.unit_keys[row.unit_id]
    if member is None or not (answers_for(state, member.key, unit) or member in asked_of(state, unit, now)):
        raise not_yours(state, f"The answer about {kr.key}", [unit])
    return state, kr, member


def _only_open(state: PortfolioState, row: Ownership, kr: KeyResult) -> None:
    unit, who = state.units[state.unit_keys[row.unit_id]], state.people_by_id.get(row.answered_by or 0)
    if kr.cycle_closed:
        raise Refusal(f"The cycle of {kr.key} is closed: it stays as it was.")
    if row.state in {"accepted", "declined"}:
        raise Refusal(f"{who.name if who else 'A lead'} has {row.state} already for {unit.name}. Nothing was changed.")
    if row.state == "withdrawn" or unit.key not in kr.owners:
        raise Refusal(f"{unit.name} is not asked to own {kr.key} any more. /okr show {kr.key} says who does.")


def _check(state: PortfolioState, kr: KeyResult, reply: Reply, note: str, other: str, now: datetime) -> None:
    """Raises FormRefusal for what is missing or cannot be."""
    if reply == "decline" and not note:
        raise FormRefusal({"note": "Say in a sentence why; it goes to who asked."})
    if reply != "counter" or other == SUPPORT_ONLY:
        return
    if other not in state.open_units or other in kr.owners:
        raise FormRefusal({"other": "Choose the unit that should own it instead, or to support it only."})
    if not asked_of(state, other, now):
        raise FormRefusal({"other": f"Nobody of {state.units[other].name} can be asked: it has no lead in Slack."})


def _refuse_settling(state: PortfolioState, row: Ownership, kr: KeyResult, word: Word, seen: str | None) -> None:
    """Raises Refusal where no offer waits, another one than was seen, or one that cannot be any more."""
    unit, other = state.unit_keys[row.unit_id], state.unit_keys.get(row.other_unit_id or 0)
    if row.state != "countered" or unit not in kr.owners or kr.cycle_closed:
        raise Refusal(f"Nothing about {kr.key} waits for your word any more.")
    if seen is not None and seen != mark(row):
        raise Refusal(f"{state.units[unit].name} has changed its offer meanwhile. The message shows what it is now.")
    if word == "agree" and other is not None and other not in state.open_units:
        raise Refusal(f"{state.units[other].name} is closed. Ask {state.units[unit].name} again.")


def _on_the_side_that_asked(state: PortfolioState, by: Member | None, row: Ownership, kr: KeyResult) -> None:
    asked = state.unit_keys[row.unit_id]
    mine = by is not None and any(answers_for(state, by.key, owner) for owner in kr.owners if owner != asked)
    if not (mine or (by is not None and by.id == row.asked_by)):
        raise Refusal(f"Who asked about {kr.key}, or another owner of it, says whether that will do.")
