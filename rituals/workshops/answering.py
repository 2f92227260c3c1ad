"""What a line says to an item in the adjustment round: it accepts, will change its draft, or declines.

An accepted dependency becomes a blocker with its handshake, so that check-ins and digests follow it from then on; the
change of a draft itself is made in the forms of `okrs`.
"""

from datetime import datetime
from typing import Literal

from rituals.errors import FormRefusal, Refusal
from rituals.okrs.live import refresh_homes
from rituals.okrs.load import Member, PortfolioState
from rituals.okrs.roles import not_yours
from rituals.workshops import seats, telling, words
from rituals.workshops.service import LONGEST, found
from storage import handshakes, registers
from storage import workshops as store
from storage.database import Database, Session
from storage.tables import Blocker, Workshop, WorkshopItem

Answer = Literal["accepted", "adjusted", "declined"]
ROUND = frozenset({"adjusting", "confirming"})


def answer_item(
    db: Database, team_id: str, user: str, item: int, answer: Answer, *, note: str = "", now: datetime
) -> None:
    """Write down what a line says; it may be changed until the workshop ends. The same again changes nothing.

    Raises Refusal for who does not lead the line that is asked, and where the round is not open; FormRefusal without a
    reason for declining, and without saying what will change.
    """
    with db.transaction() as session:
        state, row, standing, member = _theirs(session, team_id, user, item, now)
        said = note.strip()[:LONGEST]
        if not said and answer != "accepted":
            raise FormRefusal({"note": _WANTED[answer]})
        if (standing.state, standing.note) == (answer, said):
            return
        standing.state, standing.note = answer, said
        standing.decided_by, standing.decided_at = user, now
        _shake_hands(session, state, row, standing, member, now)
        session.add(standing)
        session.flush()
        telling.again(session, row, (standing,), now=now)
        units = [state.unit_keys[unit] for unit in (standing.unit_id, standing.other_unit_id) if unit]
        refresh_homes(session, state, units=units, now=now)


_WANTED = {
    "declined": "Say in a sentence why; who noted it reads it.",
    "adjusted": "Say in a sentence what you will change.",
}


def answered_line(db: Database, team_id: str, user: str, item: int, *, now: datetime) -> str:
    """The name of the line for which a person answers an item. Raises Refusal as `answer_item`."""
    with db.transaction(readonly=True) as session:
        state, _, standing, _ = _theirs(session, team_id, user, item, now)
    line = seats.asked_line(state, standing)
    return state.units[line].name if line else ""


def _theirs(
    session: Session, team_id: str, user: str, item: int, now: datetime
) -> tuple[PortfolioState, Workshop, WorkshopItem, Member]:
    standing = store.item(session, team_id, item)
    if standing is None or standing.retracted_at is not None:
        raise Refusal("Who noted that took it back; nothing waits for your answer.")
    state, row = found(session, team_id, standing.workshop_id)
    if row.state not in ROUND:
        raise Refusal(f"Items are answered in the adjustment round. {words.where(state, row)}")
    member, line = state.member(user), seats.asked_line(state, standing)
    if member is None or not seats.answers(state, member, standing, now):
        raise not_yours(state, "This answer", [line] if line else [])
    return state, row, standing, member


def _shake_hands(
    session: Session, state: PortfolioState, row: Workshop, item: WorkshopItem, member: Member, now: datetime
) -> None:
    """Of a dependency between two lines: promised, and in the register; or out of it again."""
    if item.kind != "dependency" or item.other_unit_id is None:
        return
    if item.state != "accepted":
        blocker = session.get(Blocker, item.blocker_id) if item.blocker_id else None
        if blocker is not None and blocker.state == "open":
            registers.resolve(session, blocker, by=member.id, now=now, state="withdrawn")
        item.blocker_id = None
        return
    if item.blocker_id is None:
        item.blocker_id = _promised(session, state, row, item, member, now)


def _promised(
    session: Session, state: PortfolioState, row: Workshop, item: WorkshopItem, member: Member, now: datetime
) -> int:
    """Enter what was promised, by the day that was asked for or else by the end of the cycle."""
    provides, waits = item.unit_id, item.other_unit_id
    if item.provider == "other":
        provides, waits = item.other_unit_id or provides, item.unit_id
    author = state.member(item.slack_user) or member
    until = item.until or state.cycles[seats.cycle_of(state, row)].ends
    blocker = Blocker(
        team_id=row.team_id,
        number=registers.next_blocker_number(session, row.team_id),
        text=item.text or f"what {state.units[state.unit_keys[provides]].name} promised in the alignment workshop",
        unit_id=waits,
        waits_for_unit_id=provides,
        person_id=author.id,
        until=until,
        kind="dependency",
        opened_at=now,
    )
    session.add(blocker)
    session.flush()
    assert blocker.id is not None
    shake = handshakes.ask(
        session, row.team_id, blocker_id=blocker.id, unit_id=provides, by=author.id, day=until, now=now
    )
    if shake is not None:
        shake.state, shake.answered_by, shake.answered_at = "accepted", member.id, now
        session.add(shake)
    return blocker.id
