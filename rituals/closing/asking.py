"""Closing a cycle from its form: a small one at once; a large one is asked for, which a step of time carries out (see
`carrying_out`), and one message follows it. Asked for a second time, it is the same one.
"""

from datetime import date, datetime
from typing import Any

from rituals.closing import finishing
from rituals.closing.finishing import Ready
from rituals.closing.next_cycle import NextCycle
from rituals.closing.pages import BeingClosed
from rituals.notices.closing import ClosingProgress, Finished
from storage import closing as store
from storage import outbox
from storage.database import Database, Session
from storage.outbox import Promise

AT_ONCE = 200
"""Key results with which a cycle is closed while its form waits: under a tenth of a second."""


def close(
    db: Database,
    team_id: str,
    user: str,
    cycle: str,
    into: NextCycle,
    *,
    early: bool,
    now: datetime,
    at_once: int = AT_ONCE,
) -> Finished | BeingClosed:
    """Close a cycle in which everything is decided, or have it closed, with more than `at_once` key results; then the
    message of whoever asked first says what came of it. Raises as `finishing.finish` does.
    """
    with db.transaction() as session:
        ready = finishing.make_ready(session, team_id, user, cycle, into, early=early, now=now)
        if isinstance(ready, Finished):
            return ready
        if len(ready.found.key_results) <= at_once:
            return finishing.close(session, ready)
        return _ask(session, ready, early, now)


def _ask(session: Session, ready: Ready, early: bool, now: datetime) -> BeingClosed:
    """Write down what is asked for, where nobody has asked yet, and promise the message."""
    state, cycle = ready.found.state, ready.found.cycle
    row = store.begin(session, state.team_id, cycle.id, by=ready.user, now=now)
    if row.asked is None:
        message = f"{ClosingProgress.KIND}:{row.id}:{now.isoformat()}"
        row.asked = written(ready, early) | {"message": message}
        session.add(row)
        notice = ClosingProgress(cycle=cycle.key, into=ready.into.key, total=len(ready.found.key_results))
        promise = Promise(message, notice.KIND, ready.user, notice.model_dump(mode="json"), mode="live")
        outbox.promise(session, state.team_id, promise, now=now)
    by = state.member(row.asked["by"])
    return BeingClosed(
        cycle=cycle.key,
        into=row.asked["key"],
        total=len(ready.found.key_results),
        by=by.name if by and by.slack != ready.user else "",
    )


def written(ready: Ready, early: bool) -> dict[str, Any]:
    """What is asked for, as JSON."""
    into = ready.into
    return {
        "by": ready.user,
        "key": into.key,
        "starts": into.starts.isoformat(),
        "ends": into.ends.isoformat(),
        "early": early,
    }


def read(asked: dict[str, Any]) -> NextCycle:
    """The next cycle that was asked for."""
    return NextCycle(asked["key"], date.fromisoformat(asked["starts"]), date.fromisoformat(asked["ends"]))
