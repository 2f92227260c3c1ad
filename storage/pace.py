"""The pace that all senders share: Slack takes one message a second a channel and a few a second a workspace."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from storage.dialects import upsert
from storage.tables import OutboxRow, PaceSlot


@dataclass(frozen=True)
class Pace:
    """Seconds between two calls: `channel` and `workspace` for posts, `update` for edits, `home` for App Home."""

    channel: float = 1.05
    workspace: float = 0.25
    update: float = 1.25
    home: float = 0.65

    @classmethod
    def off(cls) -> "Pace":
        """No waiting; for tests and the scripted play."""
        return cls(channel=0, workspace=0, update=0, home=0)

    def scopes(self, row: OutboxRow) -> dict[str, float]:
        """Which scopes a row's call uses up, and for how long."""
        if row.mode == "home":
            return {"home": self.home}
        if row.ts is not None:
            return {"update": self.update}
        return {f"channel:{row.to}": self.channel, "workspace": self.workspace}


def reserve(session: Session, row: OutboxRow, pace: Pace, *, now: datetime) -> datetime:
    """Reserve the row's next free slot and return its instant (`now` when nothing is in the way)."""
    scopes = {name: gap for name, gap in pace.scopes(row).items() if gap > 0}
    taken = [session.get(PaceSlot, (row.team_id, name), with_for_update=True) for name in scopes]
    slot = max([now, *(t.free_at for t in taken if t is not None)])
    for name, gap in scopes.items():
        push_back(session, row.team_id, name, until=slot + timedelta(seconds=gap))
    return slot


def push_back(session: Session, team_id: str, scope: str, *, until: datetime) -> None:
    """Say that a scope is taken until an instant: by a reservation, or because Slack said so (429)."""
    existing = session.get(PaceSlot, (team_id, scope))
    if existing is not None:
        existing.free_at = until
        session.add(existing)
    else:
        upsert(session, PaceSlot, {"team_id": team_id, "scope": scope, "free_at": until}, on=["team_id", "scope"])
    session.flush()
