"""The step of time that closes what was asked for on the form: a small query where there is nothing. What it does then
is `carrying_out`'s, which is imported four times a year.
"""

from datetime import datetime

from storage import cycles
from storage.database import Database


def close_due(db: Database, team_id: str, *, now: datetime) -> int:
    """Close every cycle whose close was asked for, once; returns how many were settled."""
    with db.transaction(readonly=True) as session:
        waiting = cycles.being_closed(session, team_id)
    if not waiting:
        return 0
    from rituals.closing.carrying_out import carry_out

    return sum(carry_out(db, team_id, cycle_id, now=now) for cycle_id in waiting)
