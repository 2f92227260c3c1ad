"""The register of blockers that check-ins feed, worded. Reads, words, closes blockers."""

from collections.abc import Iterable
from datetime import datetime

from rituals.errors import Refusal
from rituals.notices import BlockerLine
from rituals.okrs.load import Member, PortfolioState
from storage import registers as queries
from storage.database import Session
from storage.tables import Blocker


def blocker_line(state: PortfolioState, row: Blocker, now: datetime, permalink: str | None = None) -> BlockerLine:
    """A blocker as one line, with its age in days."""
    keys = {kr.id: kr.key for kr in state.key_results.values()}

    def unit(unit_id: int | None) -> str | None:
        return state.units[state.unit_keys[unit_id]].name if unit_id else None

    person = state.people_by_id.get(row.person_id or 0)
    return BlockerLine(
        number=row.number,
        text=row.text,
        by=unit(row.unit_id) or (person.name if person else "somebody"),
        on=unit(row.waits_for_unit_id),
        key_result=keys.get(row.key_result_id) if row.key_result_id else None,
        opened_at=row.opened_at,
        until=row.until,
        days=max(0, (now - row.opened_at).days),
        permalink=permalink,
    )


def lines(session: Session, state: PortfolioState, now: datetime) -> tuple[BlockerLine, ...]:
    """All open blockers as lines, oldest first."""
    return tuple(blocker_line(state, row, now) for row in queries.blockers(session, state.team_id))


def concerning(session: Session, state: PortfolioState, units: Iterable[str], now: datetime) -> tuple[BlockerLine, ...]:
    """The open blockers that hold up one of these units or wait for one."""
    mine = {state.unit_ids[key] for key in units}
    rows = queries.blockers(session, state.team_id)
    return tuple(blocker_line(state, b, now) for b in rows if {b.unit_id, b.waits_for_unit_id} & mine)


def close_blocker(
    session: Session, state: PortfolioState, number: int, *, by: Member | None, now: datetime, state_after: str
) -> Blocker:
    """Mark B-number as resolved or withdrawn. Raises Refusal when there is none, or the person has no part in it."""
    row = queries.blocker(session, state.team_id, number)
    if row is None:
        raise Refusal(f"There is no blocker B-{number}. /okr blockers lists the open ones.")
    if by is None or not _has_part(state, row, by):
        raise Refusal(f"B-{number} is between other units. Ask who is held up, or who they wait for.")
    if row.state == "open":
        queries.resolve(session, row, by=by.id, now=now, state=state_after)
    return row


def _has_part(state: PortfolioState, row: Blocker, member: Member) -> bool:
    if row.person_id == member.id:
        return True
    led = set(state.led_by(member.key))
    units = [state.unit_keys[u] for u in (row.unit_id, row.waits_for_unit_id) if u]
    return any(above in led for unit in units for above in state.lineage(unit))
