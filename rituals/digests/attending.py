"""What time does with digests that wait for a person: reminds once, ends the wait, ends the time in which one can be
taken back. Asked every few seconds, so that it reads one index while nothing is to be done.
"""

from datetime import datetime

from storage import digest_ledger as ledger
from storage.database import Database


def attend(db: Database, team_id: str, *, now: datetime) -> int:
    """Do what is due; returns how many digests had something."""
    with db.transaction(readonly=True) as session:
        waiting = ledger.to_attend(session, team_id, now=now)
    if not waiting:
        return 0
    from rituals.digests.waiting import look_after  # what it takes is loaded only where a digest waits

    with db.transaction() as session:
        return sum(look_after(session, team_id, issue_id, now=now) for issue_id in waiting)
