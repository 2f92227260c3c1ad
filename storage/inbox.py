"""The inbox: everything that arrives from Slack is written here before it is acknowledged, once per Slack key.

The write stands between a person and Slack's three seconds, so it goes by shared commits, past the ORM. What is done
with an event is not decided here.
"""

from datetime import UTC, datetime

from sqlalchemy import and_, delete, or_
from sqlmodel import col, select

from storage.commits import SharedCommits
from storage.database import Database
from storage.tables import InboxEvent

_INSERT = (
    "INSERT INTO inbox (team_id, key, kind, body, received_at) VALUES (:team, :key, :kind, :body, :at) "
    "ON CONFLICT DO NOTHING"
)
_HANDLED = "UPDATE inbox SET handled_at = :at, body = '' WHERE team_id = :team AND key = :key"
_FAILED = "UPDATE inbox SET handled_at = :at, fault = :fault WHERE team_id = :team AND key = :key"


class Inbox:
    """Records events durably. Threads that write at the same time share a commit."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._commits = SharedCommits(db)

    def record(self, team_id: str, key: str, kind: str, body: str, *, at: datetime) -> bool:
        """Write an event; True when its key is new. It is on disk when this returns. One with an empty body is never
        unfinished: there is nothing to do again.

        Raises DatabaseBusyError when it could not be written in time: do not acknowledge then.
        """
        values = {"team": team_id, "key": key, "kind": kind, "body": body, "at": self._stored(at)}
        return self._commits.run(_INSERT, values)

    def handled(self, team_id: str, key: str, *, at: datetime, fault: str = "") -> None:
        """The work is done and its payload not kept; after a fault of ours it is kept, under the fault's reference.

        It is noted with the next commit; a crash before that has the work done once more.
        """
        values = {"team": team_id, "key": key, "at": self._stored(at)}
        self._commits.later(_FAILED if fault else _HANDLED, {**values, "fault": fault})

    def _stored(self, at: datetime) -> datetime | str:
        """An instant as the column has it; the driver is asked directly here."""
        if not self._db.is_sqlite:
            return at
        return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")

    def unfinished(self, team_id: str, *, before: datetime, limit: int = 100) -> list[InboxEvent]:
        """A workspace's events that were acknowledged before an instant and not worked off, oldest first."""
        query = (
            select(InboxEvent)
            .where(InboxEvent.team_id == team_id, col(InboxEvent.handled_at).is_(None))
            .where(col(InboxEvent.received_at) < before, col(InboxEvent.body) != "")
            .order_by(col(InboxEvent.received_at))
            .limit(limit)
        )
        self._commits.settle()
        with self._db.transaction(readonly=True) as session:
            return list(session.exec(query))

    def forget(self, team_id: str, *, before: datetime) -> None:
        """Drop what was handled well before an instant; Slack's own redeliveries end after minutes."""
        self._commits.settle()
        never_ended = and_(col(InboxEvent.body) == "", col(InboxEvent.received_at) < before)
        with self._db.transaction() as session:
            session.execute(
                delete(InboxEvent)
                .where(col(InboxEvent.team_id) == team_id, or_(col(InboxEvent.handled_at) < before, never_ended))
                .where(col(InboxEvent.fault) == "")
            )

    def close(self) -> None:
        """Write what is not written yet and give back the connection."""
        self._commits.close()
