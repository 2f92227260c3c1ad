"""The pace that all senders share: Slack takes one message a second a channel and a few a second a workspace.

A call may go when every scope that it uses is free; it then takes them for their gap. Nothing is reserved ahead, so
that a pause of the senders ends in no burst (half a second's worth at most) and a 429 holds whatever has not gone yet.
Call these under `outbox.alone`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, exists, func, or_
from sqlmodel import Session, col, select

from storage.dialects import upsert
from storage.tables import OutboxRow, PaceSlot

# How far a call that comes late is counted back: what the calls themselves take must not slow the pace.
CATCH_UP = {"workspace": timedelta(seconds=0.5), "channel": timedelta(seconds=0.5)}


@dataclass(frozen=True)
class Pace:
    """Seconds between two calls: `channel` and `workspace` for posts, `update` for edits, `home` for App Home."""

    channel: float = 1.0
    workspace: float = 0.25
    update: float = 1.25
    home: float = 0.65

    @classmethod
    def off(cls) -> "Pace":
        """No waiting; for tests and the scripted play."""
        return cls(channel=0, workspace=0, update=0, home=0)

    def gaps(self, row: OutboxRow) -> dict[str, float]:
        """Which scopes a row's call uses, and for how long. `_used` says the same in SQL."""
        if row.mode == "home":
            return {"home": self.home}
        if row.ts is not None:
            return {"update": self.update}
        return {f"channel:{row.to}": self.channel, "workspace": self.workspace}


def taken(now: datetime) -> ColumnElement[bool]:
    """SQL: whether some scope that an outbox row's call uses is not free at an instant."""
    return exists().where(_used(), col(PaceSlot.free_at) > now)


def free_at() -> ScalarSelect[datetime]:
    """SQL: when all scopes that an outbox row's call uses are free; null where none was ever taken."""
    return select(func.max(PaceSlot.free_at)).where(_used()).correlate(OutboxRow).scalar_subquery()


def _used() -> ColumnElement[bool]:
    post = and_(col(OutboxRow.mode) != "home", col(OutboxRow.ts).is_(None))
    own = case(
        (col(OutboxRow.mode) == "home", "home"),
        (col(OutboxRow.ts).is_not(None), "update"),
        else_="channel:" + col(OutboxRow.to),
    )
    scope = or_(col(PaceSlot.scope) == own, and_(post, col(PaceSlot.scope) == "workspace"))
    return and_(col(PaceSlot.team_id) == OutboxRow.team_id, scope)


def reserve(session: Session, row: OutboxRow, pace: Pace, *, now: datetime) -> bool:
    """Take a row's scopes from now on; False, and nothing is taken, when one of them is not free."""
    taken = {scope: gap for scope, gap in pace.gaps(row).items() if gap > 0}
    slots = {scope: session.get(PaceSlot, (row.team_id, scope)) for scope in pace.gaps(row)}
    if any(slot is not None and slot.free_at > now for slot in slots.values()):
        return False
    for scope, gap in taken.items():
        slot = slots[scope]
        start = _start(scope, gap, None if slot is None else slot.free_at, now)
        _take(session, row.team_id, scope, until=start + timedelta(seconds=gap))
    return True


def _start(scope: str, gap: float, free_at: datetime | None, now: datetime) -> datetime:
    """From when a call counts that begins now. In a stream, one that comes late counts from when it might have gone."""
    kind = scope.partition(":")[0]
    streams = kind == "workspace" or (free_at is not None and now - free_at < timedelta(seconds=gap))
    since = now - CATCH_UP.get(kind, timedelta()) if streams else now
    return since if free_at is None else max(free_at, since)


def posted(session: Session, row: OutboxRow, pace: Pace, *, claimed: datetime, at: datetime) -> None:
    """A post that was claimed at one instant went at another. Where that is long after, what comes next waits for it:
    calls that were held up arrive together, and Slack counts from when they do.
    """
    if pace.channel > 0:
        channel = at + timedelta(seconds=pace.channel) - CATCH_UP["channel"]
        _take(session, row.team_id, f"channel:{row.to}", until=channel)
    if pace.workspace > 0 and at - claimed > timedelta(seconds=pace.workspace):
        _take(session, row.team_id, "workspace", until=at + timedelta(seconds=pace.workspace))


def hold(session: Session, row: OutboxRow, *, until: datetime) -> None:
    """Let nothing that uses the row's scopes go before an instant, because Slack said so (429)."""
    for scope in Pace().gaps(row):
        _take(session, row.team_id, scope, until=until)


def _take(session: Session, team_id: str, scope: str, *, until: datetime) -> None:
    slot = session.get(PaceSlot, (team_id, scope))
    if slot is None:
        upsert(session, PaceSlot, {"team_id": team_id, "scope": scope, "free_at": until}, on=["team_id", "scope"])
    else:
        slot.free_at = max(slot.free_at, until)
        session.add(slot)
    session.flush()
