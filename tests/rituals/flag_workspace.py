"""The sample portfolio with flags looked at, for the tests of the co-owners' threads: KR-30 of Mobile and Identity."""

from datetime import datetime
from typing import Any

from sqlmodel import col, select

from rituals.flags import saying
from rituals.flags.looking import look_due
from rituals.flags.questions import Typed
from rituals.flags.shown import thread_now
from rituals.notices.flags import FlagThreadNotice
from rituals.okrs.load import load_portfolio
from storage.database import Database
from storage.tables import FlagThread, FlagView, KeyResultUpdate
from tests.rituals.halden import NOW, TEAM
from tests.rituals.stored import promised

SAYS = {"step": "raise the limit for all", "day": "2026-11-23"}


def looked(db: Database, now: datetime = NOW) -> int:
    """The id of KR-30's newest thread, after a look."""
    look_due(db, TEAM, now=now)
    return thread_of(db, "KR-30").id or 0


def thread_of(db: Database, key: str) -> FlagThread:
    """A key result's newest thread."""
    return threads(db, key)[-1]


def threads(db: Database, key: str = "") -> list[FlagThread]:
    """All threads of one key result, or of all, oldest first."""
    with db.transaction(readonly=True) as session:
        keys = load_portfolio(session, TEAM).key_result_ids
        found = session.exec(select(FlagThread).order_by(col(FlagThread.id))).all()
    return [one for one in found if not key or keys[one.key_result_id] == key]


def says(
    db: Database, user: str, unit: str, value: str, *, thread: int, key: str = "", now: datetime = NOW, **more: Any
) -> None:
    """Somebody sends the form."""
    typed = Typed(**{"value": value, **SAYS, **more})
    saying.say(db, TEAM, user, thread, unit, typed, key=key or f"form:{user}:{unit}:{value}:{now}", now=now)


def view(db: Database, thread: int, unit: str) -> int:
    """The id of what a unit said last."""
    with db.transaction(readonly=True) as session:
        unit_id = load_portfolio(session, TEAM).unit_ids[unit]
        rows = session.exec(select(FlagView).where(FlagView.thread_id == thread, FlagView.unit_id == unit_id))
        return max(row.id or 0 for row in rows)


def reads(db: Database, thread: int, user: str = "", now: datetime = NOW) -> FlagThreadNotice:
    """The thread in its channel, or as a person reads it in their direct message."""
    rows = promised(db, FlagThreadNotice.KIND, f"flag:{thread}")
    row = next(row for row in rows if not user or row.to == user)
    with db.transaction(readonly=True) as session:
        found = thread_now(session, TEAM, row.data or {}, now)
    assert found is not None
    return found


def history(db: Database, key: str) -> list[KeyResultUpdate]:
    """Everything that was said of a key result, oldest first."""
    with db.transaction(readonly=True) as session:
        number = load_portfolio(session, TEAM).key_results[key].id
        rows = session.exec(select(KeyResultUpdate).where(KeyResultUpdate.key_result_id == number))
        return sorted(rows, key=lambda row: row.id or 0)
