"""A digest that is ready for its channel: promising it with its lists in the thread, and taking it back again.

Runs in the caller's transaction; who may do either, and until when, is decided before. Posts nothing itself.
"""

from datetime import date, datetime

from rituals.notices import Digest, DigestDetails, Part
from storage import outbox
from storage.database import Session
from storage.outbox import Promise

REMOVED = "it was taken back before it was sent"


class Ready(Part):
    """A digest as it was worded, frozen. `unit` is its key, `to` the channel, `zone` that of its audience."""

    unit: str
    day: date
    slot: datetime
    to: str
    zone: str
    digest: Digest
    details: tuple[DigestDetails, ...] = ()

    @property
    def key(self) -> str:
        """The outbox key of its message: one a unit, local day and audience."""
        audience = "" if self.digest.audience == "leadership" else f":{self.digest.audience}"
        return f"digest:{self.unit}:{self.day}{audience}"

    @property
    def keys(self) -> tuple[str, ...]:
        """Those of the message and of each reply in its thread."""
        return (self.key, *(f"{self.key}:{place}" for place, _ in enumerate(self.details, start=1)))


def post(session: Session, team_id: str, ready: Ready, *, now: datetime) -> None:
    """Promise the message, and its whole lists as replies in its thread."""
    for key, notice in zip(ready.keys, (ready.digest, *ready.details), strict=True):
        parent = None if key == ready.key else ready.key
        data = notice.model_dump(mode="json")
        outbox.promise(
            session, team_id, Promise(key=key, kind=notice.KIND, to=ready.to, data=data, thread_of=parent), now=now
        )


def take_back(session: Session, team_id: str, ready: Ready, *, now: datetime) -> None:
    """Have the message and its thread deleted, each once; what was not sent yet never will be."""
    for key in reversed(ready.keys):
        outbox.take_back(session, team_id, key, error=REMOVED, now=now)
