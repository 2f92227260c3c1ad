"""Closes a cycle whose close was asked for, in one transaction, and has its message say what came of it.

Killed on the way, nothing was written and it is done anew; what is refused meanwhile, or fails, is told and not tried
again. The figures that take long are computed before the transaction, so that nobody waits for it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rituals.closing import asking, figures, finishing, shown
from rituals.closing.figures import Ahead
from rituals.errors import FormRefusal, Refusal
from rituals.notices.closing import ClosingProgress, Finished
from rituals.okrs.load import load_portfolio
from storage import closing as store
from storage import outbox
from storage.database import Database, DatabaseBusyError, Session
from storage.tables import CycleClose

FAULT = "Something went wrong on our side; whoever runs the bot finds it in the log."


def carry_out(db: Database, team_id: str, cycle_id: int, *, now: datetime) -> int:
    """Close it, or say why not; 0 where it was settled meanwhile. Raises what is a fault of ours, after it was told."""
    try:
        return _closed(db, team_id, cycle_id, now)
    except Refusal as no:
        return _told(db, team_id, cycle_id, no.text, now)
    except FormRefusal as no:
        return _told(db, team_id, cycle_id, " ".join(no.errors.values()), now)
    except DatabaseBusyError:
        raise
    except Exception:
        _told(db, team_id, cycle_id, FAULT, now)
        raise


def progress_now(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> ClosingProgress:
    """The message as it was last told."""
    return ClosingProgress.model_validate(data)


def _look_ahead(db: Database, team_id: str, cycle_id: int, now: datetime) -> Ahead:
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team_id)
    cycle = next(c for c in state.cycles.values() if c.id == cycle_id)
    return figures.look_ahead(shown.Pass(state, cycle, {}, now))


def _closed(db: Database, team_id: str, cycle_id: int, now: datetime) -> int:
    ahead = _look_ahead(db, team_id, cycle_id, now)
    with db.transaction() as session:
        store.hold(session, team_id)
        row = store.of_cycle(session, team_id, cycle_id)
        if row is None or row.asked is None:
            return 0
        asked, cycle = row.asked, store.key_of(session, team_id, cycle_id)
        ready = finishing.make_ready(
            session, team_id, asked["by"], cycle, asking.read(asked), early=asked["early"], now=now
        )
        done = ready if isinstance(ready, Finished) else finishing.close(session, ready, ahead)
        _say(session, row, now, done=done)
        return 1


def _told(db: Database, team_id: str, cycle_id: int, why: str, now: datetime) -> int:
    with db.transaction() as session:
        store.hold(session, team_id)
        row = store.of_cycle(session, team_id, cycle_id)
        if row is None or row.asked is None:
            return 0
        _say(session, row, now, why=why)
        return 1


def _say(session: Session, row: CycleClose, now: datetime, *, done: Finished | None = None, why: str = "") -> None:
    """What came of it, in the message; it is asked for no longer."""
    key = (row.asked or {})["message"]
    promised = outbox.find(session, row.team_id, key)
    told = ClosingProgress.model_validate(promised.data if promised else None)
    data = told.model_copy(update={"done": done, "why": why}).model_dump(mode="json")
    outbox.retell(session, row.team_id, key, data, now=now)
    row.asked = None
    session.add(row)
