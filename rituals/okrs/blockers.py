"""`/okr blockers`: the register on demand, and resolving one. Where blockers come from is the check-in's business."""

import re
from dataclasses import dataclass
from datetime import datetime

from rituals.errors import Refusal
from rituals.notices import BlockerLine
from rituals.okrs import registers
from rituals.okrs.live import refresh_homes
from rituals.okrs.naming import Named, find
from rituals.okrs.seen import load_seen
from storage.database import Database

_NUMBER = re.compile(r"(?:b[- ]?)?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True)
class Register:
    """Open blockers, oldest first; of one unit (its name) or of all."""

    lines: tuple[BlockerLine, ...]
    unit: str | None = None


def register(db: Database, team_id: str, query: str, *, now: datetime, user: str = "") -> Register:
    """All open blockers, or those that hold up or wait for the unit that `query` names. Raises Refusal."""
    with db.transaction(readonly=True) as session:
        state, member = load_seen(session, team_id, user)
        if not query.strip():
            return Register(registers.lines(session, state, now, member))
        unit = find(query, [Named(u.key, u.name) for u in state.named_units.values()], what="unit")
        return Register(registers.concerning(session, state, state.below(unit.key), now, member), unit.title)


def resolve(db: Database, team_id: str, user: str, text: str, *, now: datetime) -> BlockerLine:
    """Mark the blocker that `text` numbers (`12`, `B-12`) as resolved; again, and it stays so.

    Raises Refusal when there is none, or the person has no part in it.
    """
    number = read_number(text)
    with db.transaction() as session:
        state, by = load_seen(session, team_id, user)
        row = registers.close_blocker(session, state, number, by=by, now=now, state_after="resolved")
        units = [state.unit_keys[u] for u in (row.unit_id, row.waits_for_unit_id) if u]
        refresh_homes(session, state, units=units, also=(by, state.people_by_id.get(row.person_id or 0)), now=now)
        return registers.blocker_line(state, row, row.resolved_at or now)


def read_number(text: str) -> int:
    """The 12 of `12` or `B-12`. Raises Refusal for anything else."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        raise Refusal("Which blocker? Give its number, such as /okr blockers resolve 12.")
    return int(found[1])
