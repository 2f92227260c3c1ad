"""What became of an attempt to deliver, written down: sent, to be tried again, given up. It calls Slack for nothing.

Only the sender knows what came of its call, so a busy database is asked again and again: a row that is left leased
would be looked for in Slack before it is tried once more.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.slack_errors import Ambiguous, Gone, RateLimited, Refused, Unauthorised, Verdict
from rituals.clock import Clock
from rituals.notices import DeliveryTrouble
from storage import outbox, pace, people
from storage.database import Database, DatabaseBusyError, Session
from storage.tables import OutboxRow

log = logging.getLogger(__name__)
ATTEMPTS = 8  # to write it down; each waits for the database as long as anybody does


@dataclass(frozen=True)
class Claim:
    """A leased row, by whom and since when, and where its parent's message is. `by` is of this one attempt."""

    row: OutboxRow
    by: str
    at: datetime
    channel: str | None = None
    thread_ts: str | None = None


@dataclass(frozen=True)
class Landed:
    """Where a message stands in Slack; None for App Home. `posted` is when the call began that posted it just now."""

    channel: str | None
    ts: str | None
    posted: datetime | None = None


def is_person(to: str) -> bool:
    """Whether this is the id of a member, and not of a conversation."""
    return to[:1] in "UW"


class Outcomes:
    """Writes down what became of claims."""

    def __init__(self, db: Database, clock: Clock, limits: pace.Pace) -> None:
        self._db, self._clock, self._limits = db, clock, limits

    def sent(self, claim: Claim, landed: Landed) -> None:
        """It reached Slack; the conversation with a person is remembered."""
        row, now = claim.row, self._clock.now()

        def write(session: Session) -> None:
            outbox.settle_sent(session, row, by=claim.by, channel=landed.channel, ts=landed.ts, now=now)
            if landed.channel and row.channel is None and is_person(row.to):
                people.remember_dm(session, row.team_id, row.to, landed.channel)
            if landed.posted:
                outbox.alone(session)
                pace.posted(session, row, self._limits, claimed=claim.at, at=landed.posted)

        self._write(row, write)

    def failed(self, claim: Claim, verdict: Verdict) -> None:
        """Slack, or the way there, said no."""
        row = claim.row
        match verdict:
            case Ambiguous(why):
                self.retry(claim, after=2.0 ** min(row.attempts, 8), uncertain=True, why=why)
            case RateLimited(after):
                self._hold(row, after)
                self.retry(claim, after=after, uncertain=row.uncertain, why="rate limited")
            case Unauthorised(code):
                log.error("Slack refuses the token (%s); run `plumbline doctor`", code)
                self.retry(claim, after=300, uncertain=row.uncertain, why=code)
            case Gone(code, why):
                self._give_up(claim, code, why)
            case Refused(code):
                self._give_up(claim, code, f"Slack refused the message ({code})")

    def retry(self, claim: Claim, *, after: float, uncertain: bool, why: str) -> None:
        """It is tried again after so many seconds; `uncertain` where it may have reached Slack."""
        due_at = self._clock.now() + timedelta(seconds=after)

        def write(session: Session) -> None:
            outbox.settle_retry(session, claim.row, by=claim.by, due_at=due_at, uncertain=uncertain, error=why)

        self._write(claim.row, write)

    def _hold(self, row: OutboxRow, after: float) -> None:
        until = self._clock.now() + timedelta(seconds=after)

        def write(session: Session) -> None:
            outbox.alone(session)
            pace.hold(session, row, until=until)

        self._write(row, write)

    def _give_up(self, claim: Claim, code: str, why: str) -> None:
        row, now = claim.row, self._clock.now()
        log.error("%s will not be delivered to %s: %s", row.key, row.to, why)
        self._write(row, lambda session: _bury(session, claim, code, now))

    def _write(self, row: OutboxRow, write: Callable[[Session], None]) -> None:
        for _ in range(ATTEMPTS):
            try:
                with self._db.transaction() as session:
                    write(session)
            except DatabaseBusyError:
                log.warning("database busy, cannot yet write down what became of %s", row.key)
            else:
                return


def _bury(session: Session, claim: Claim, code: str, now: datetime) -> None:
    """End a row, and tell the workspace's admin once for each place and reason."""
    row = claim.row
    if not outbox.settle_dead(session, row, by=claim.by, error=code):
        return
    admin = people.workspace(session, row.team_id).admin_user
    if admin is None or row.to == admin:
        return
    trouble = DeliveryTrouble(channel=row.to, reason=code, what=row.kind.replace("_", " "))
    told = outbox.Promise(
        key=f"trouble:{row.to}:{code}", kind=trouble.KIND, to=admin, data=trouble.model_dump(mode="json")
    )
    outbox.promise(session, row.team_id, told, now=now)
