"""Which rows of the outbox may go to Slack now: due, free in the pace, one post a place at a time. It leases them.

Nothing is sent here. What a claim becomes is delivery's, what is written down of it `bot.outcomes`'.
"""

from datetime import datetime
from threading import Lock
from uuid import uuid4

from bot.outcomes import Claim
from rituals.clock import Clock
from storage import outbox, pace
from storage.database import Database
from storage.tables import OutboxRow

LEASE_SECONDS = 30


def _place(row: OutboxRow) -> str:
    """What is claimed once at a time: posts to one place, so that they go in order; a change of what stands there is by
    itself."""
    return row.to if row.ts is None and row.mode != "home" else row.key


class Claims:
    """The claims of one process in one workspace, `senders` under way at most. Others may claim beside it: the
    lease decides who sends."""

    def __init__(self, db: Database, team_id: str, clock: Clock, limits: pace.Pace, senders: int) -> None:
        self._db, self._team, self._clock, self._limits, self._senders = db, team_id, clock, limits, senders
        self._lock = Lock()
        self._under_way: set[str] = set()  # the places of what was begun and is not settled

    def take(self, limit: int) -> list[Claim]:
        """Lease what may go now, one post a place at most: two messages to one channel must not race each other."""
        now = self._clock.now()
        by = uuid4().hex
        claims: dict[str, Claim] = {}
        busy = self._busy()
        with self._db.transaction() as session:
            outbox.alone(session)
            for row in outbox.ready(session, self._team, now=now, limit=limit, without=busy):
                place = _place(row)
                if place in claims or not pace.reserve(session, row, self._limits, now=now):
                    continue
                outbox.lease(session, row, by=by, now=now, seconds=LEASE_SECONDS)
                claims[place] = _claim(row, by, now, outbox.parent_of(session, row))
        return list(claims.values())

    def take_free(self) -> list[Claim]:
        """Lease as many as senders are free."""
        free = self._senders - len(self._busy())
        return self.take(free) if free else []

    def begin(self, claim: Claim) -> str:
        """Nothing else goes to its place, which is returned, until that is freed."""
        place = _place(claim.row)
        with self._lock:
            self._under_way.add(place)
        return place

    def free(self, place: str) -> None:
        """What was under way there is settled."""
        with self._lock:
            self._under_way.discard(place)

    def pause(self, longest: float) -> float:
        """How long (seconds) a sender may sleep until a row is due and free in the pace: 10 ms at least, `longest` at
        most. What cannot go before a claim under way is settled does not count."""
        busy = self._busy()
        if len(busy) >= self._senders:
            return longest
        with self._db.transaction(readonly=True) as session:
            due = outbox.next_due(session, self._team, without=busy)
        return longest if due is None else min(longest, max(0.01, (due - self._clock.now()).total_seconds()))

    def _busy(self) -> set[str]:
        with self._lock:
            return set(self._under_way)


def _claim(row: OutboxRow, by: str, at: datetime, parent: OutboxRow | None) -> Claim:
    channel, thread_ts = (parent.channel, parent.ts) if parent else (None, row.thread_ts)
    return Claim(row, by, at, channel, thread_ts)
