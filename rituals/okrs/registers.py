"""The register of blockers that check-ins feed, worded. Reads, words, closes blockers."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from rituals.errors import Refusal
from rituals.notices import BlockerLine
from rituals.okrs.live import refresh_handshakes
from rituals.okrs.load import Member, PortfolioState
from rituals.okrs.roles import answers_for, is_admin, not_yours
from storage import handshakes
from storage import registers as queries
from storage.database import Session
from storage.tables import Blocker, Handshake


def blocker_line(
    state: PortfolioState,
    row: Blocker,
    now: datetime,
    permalink: str | None = None,
    handshake: Handshake | None = None,
) -> BlockerLine:
    """A blocker as one line, with its age in days and what the unit it waits for has said."""

    def unit(unit_id: int | None) -> str | None:
        return state.units[state.unit_keys[unit_id]].name if unit_id else None

    person = state.people_by_id.get(row.person_id or 0)
    return BlockerLine(
        number=row.number,
        text=row.text,
        by=unit(row.unit_id) or (person.name if person else "somebody"),
        on=unit(row.waits_for_unit_id),
        key_result=state.key_result_ids.get(row.key_result_id),
        opened_at=row.opened_at,
        until=row.until,
        days=max(0, (now - row.opened_at).days),
        permalink=permalink,
        kind=row.kind,
        next_step=next_step(state, row),
        handshake=handshake_words(state, handshake),
    )


def blocker_lines(
    session: Session, state: PortfolioState, rows: Sequence[Blocker], now: datetime
) -> tuple[BlockerLine, ...]:
    """Blockers as lines, in their order, each with its handshake."""
    shakes = handshakes.of_blockers(session, state.team_id, [row.id for row in rows if row.id is not None])
    return tuple(blocker_line(state, row, now, handshake=shakes.get(row.id or 0)) for row in rows)


def handshake_words(state: PortfolioState, row: Handshake | None) -> str:
    """`Payments asked`, `Payments: by 12 Dec`, `Payments offers 19 Dec`, `Payments cannot`."""
    if row is None:
        return ""
    name = state.units[state.unit_keys[row.unit_id]].name
    when = f" {row.day.day} {row.day:%b}" if row.day else ""
    said = {
        "accepted": f": by{when}",
        "countered": f" offers{when}",
        "declined": " cannot",
        "disputed": f" offers{when}",
    }
    return f"{name}{said.get(row.state, ' was asked')}"


def next_step(state: PortfolioState, row: Blocker) -> str:
    """Who is to act next, on what: `Ana Ruiz: asks the vendor by 20 Nov`; "" where nobody said."""
    owner = state.people_by_id.get(row.owner_id or 0)
    return ": ".join(part for part in (owner.name if owner else "", row.next_action) if part)


def lines(
    session: Session, state: PortfolioState, now: datetime, member: Member | None = None
) -> tuple[BlockerLine, ...]:
    """All open blockers that `member` may be told of as lines, oldest first."""
    rows = [b for b in queries.blockers(session, state.team_id) if may_be_told(state, b, member)]
    return blocker_lines(session, state, rows, now)


def concerning(
    session: Session, state: PortfolioState, units: Iterable[str], now: datetime, member: Member | None = None
) -> tuple[BlockerLine, ...]:
    """The open blockers that hold up one of these units or wait for one, and of which `member` may be told."""
    mine = {state.unit_ids[key] for key in units}
    rows = queries.blockers_about(session, state.team_id, mine)
    return blocker_lines(session, state, [b for b in rows if may_be_told(state, b, member)], now)


def may_be_told(state: PortfolioState, row: Blocker, member: Member | None = None) -> bool:
    """Whether a blocker is for the eyes for which `state` was made (`roles.seen_by`).

    What holds up a hidden unit is told to who said it, who is to act, and those who answer for whom it waits for.
    """
    held_up = state.unit_keys.get(row.unit_id or 0)
    known = row.key_result_id is None or row.key_result_id in state.key_result_ids
    if known and not (held_up and state.units[held_up].hidden):
        return True
    if member is None:
        return False
    waits_for = state.unit_keys.get(row.waits_for_unit_id or 0)
    return member.id in {row.person_id, row.owner_id} or bool(waits_for and answers_for(state, member.key, waits_for))


def own_blocker(session: Session, state: PortfolioState, number: int, by: Member | None) -> Blocker:
    """B-number, which this person may act on. Raises Refusal when there is none, or they have no part in it."""
    row = queries.blocker(session, state.team_id, number)
    if row is None or not may_be_told(state, row, by):
        raise Refusal(f"There is no blocker B-{number}. /okr blockers lists the open ones.")
    units = [state.unit_keys[u] for u in (row.unit_id, row.waits_for_unit_id) if u]
    if by is None or not _has_part(state, row, units, by):
        raise not_yours(state, f"B-{number}", units)
    return row


def close_blocker(
    session: Session, state: PortfolioState, number: int, *, by: Member | None, now: datetime, state_after: str
) -> Blocker:
    """Mark B-number as resolved or withdrawn. Raises Refusal when there is none, or the person has no part in it."""
    row = own_blocker(session, state, number, by)
    if row.state == "open" and by is not None:
        queries.resolve(session, row, by=by.id, now=now, state=state_after)
        refresh_handshakes(session, state, row.id or 0, now=now)
    return row


def _has_part(state: PortfolioState, row: Blocker, units: Iterable[str], member: Member) -> bool:
    if member.id in {row.person_id, row.owner_id} or is_admin(state, member.key):
        return True
    return any(answers_for(state, member.key, unit) for unit in units)
