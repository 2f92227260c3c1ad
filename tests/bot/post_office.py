"""A sandbox, a database and senders on them, for the tests of delivery. Nothing is patched or runs by itself."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler, ServerErrorRetryHandler
from sqlmodel import select

from bot.delivery import HTTP_SECONDS, Delivery
from bot.manifest import load_manifest
from rituals.clock import AdjustableClock, Clock
from rituals.notices import CheckinBoard, DigestDetails, Home, Notice
from sandbox.records import Message
from sandbox.server import Sandbox
from storage import outbox, people
from storage.database import Database, Session
from storage.outbox import Promise
from storage.pace import Pace
from storage.tables import OutboxRow, Person

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
ANA, BO, ADMIN = "U01ANA", "U02BO", "U09ADA"
CHANNELS = tuple(f"C{n:02}" for n in range(1, 11))
HALF_A_MINUTE = timedelta(seconds=31)


class PostOffice:
    """What the tests say: promise this, send, wait, what is in Slack, how does the row stand."""

    def __init__(self, db: Database, team: str, clock: AdjustableClock | None = None) -> None:
        self.db, self.team, self.clock = db, team, clock or AdjustableClock(NOON)
        self.board: str | None = "first"
        self.while_rendering: Callable[[], None] = lambda: None
        self._open = ExitStack()
        self.sandbox = self._open.enter_context(Sandbox(load_manifest(), self.clock, page=False, team_id=team))
        for user, name in ((ANA, "ana"), (BO, "bo"), (ADMIN, "ada")):
            self.sandbox.add_user(user, name, name.title(), f"{name}@example.com", "Europe/Berlin")
        for channel in CHANNELS:
            self.sandbox.add_channel(channel, f"room-{channel.lower()}", members=[ANA, BO])
        with db.transaction() as session:
            workspace = people.workspace(session, team)
            workspace.admin_user = ADMIN
            session.add(workspace)
            session.add(Person(team_id=team, key="ana", name="Ana", slack=ANA))
        self.delivery = self.sender()

    def close(self) -> None:
        """Let the calls under way end and take the sandbox down."""
        self._open.close()

    def sender(
        self,
        *,
        clock: Clock | None = None,
        limits: Pace | None = None,
        token: str | None = None,
        db: Database | None = None,
    ) -> Delivery:
        """A sender as the product wires it: the writing client repeats nothing, the reading one may."""
        token, address = token or self.sandbox.bot_token, self.sandbox.api_url
        writer = WebClient(token, base_url=address, timeout=HTTP_SECONDS, retry_handlers=[])
        handlers = [ServerErrorRetryHandler(), RateLimitErrorRetryHandler()]
        reader = WebClient(token, base_url=address, timeout=HTTP_SECONDS, retry_handlers=handlers)
        renderers = {CheckinBoard.KIND: self.render_board, Home.KIND: self.render_home}
        made = Delivery(
            db or self.db, self.team, writer, reader, clock or self.clock, renderers, limits=limits or Pace.off()
        )
        self._open.callback(made.close)
        return made

    def render_board(self, session: Session, team: str, data: Mapping[str, Any], now: datetime) -> Notice | None:
        """The live message's present state: `board` as it stands when this begins; None when its subject is gone."""
        unit = self.board
        self.while_rendering()
        return CheckinBoard(round=1, number=1, unit=unit, opened_at=NOON, due_at=NOON) if unit else None

    def render_home(self, session: Session, team: str, data: Mapping[str, Any], now: datetime) -> Notice:
        return Home(user=ANA, name="Ana")

    def note(self, title: str, to: str = "C01", **more: Any) -> None:
        """Promise a message that says `title`; its key is the title."""
        notice = DigestDetails(digest=1, title=title, lines=("a line",))
        self.promise(Promise(title, notice.KIND, to, notice.model_dump(mode="json"), **more))

    def keep(self, key: str = "board", to: str = "C01") -> None:
        """Promise the live message, or say that it changed."""
        with self.db.transaction() as session:
            live = Promise(key, CheckinBoard.KIND, to, {"round": 1}, mode="live")
            outbox.keep_current(session, self.team, live, now=self.clock.now())

    def promise(self, what: Promise) -> None:
        with self.db.transaction() as session:
            assert outbox.promise(session, self.team, what, now=self.clock.now())

    def later(self, seconds: float) -> int:
        """Move the clock and send what is due then."""
        self.clock.move_by(timedelta(seconds=seconds))
        return self.delivery.deliver_all()

    def row(self, key: str) -> OutboxRow:
        with self.db.transaction(readonly=True) as session:
            found = outbox.find(session, self.team, key)
        assert found is not None
        return found

    def rows(self) -> dict[str, str]:
        """The state of every row by key."""
        with self.db.transaction(readonly=True) as session:
            return {row.key: row.state for row in session.exec(select(OutboxRow))}

    def said(self, channel: str = "C01") -> list[str]:
        """The texts in a channel, oldest first."""
        return [message.text for message in self.messages(channel)]

    def messages(self, channel: str = "C01") -> list[Message]:
        return self.sandbox.messages(channel)

    def called(self, *methods: str) -> int:
        """How many calls of these methods Slack carried out."""
        return sum(method in methods for method, _ in self.sandbox.calls)

    def lease_elsewhere(self, key: str) -> OutboxRow:
        """What a process leaves that was killed in the middle of its attempt."""
        with self.db.transaction() as session:
            row = outbox.find(session, self.team, key)
            assert row is not None
            outbox.lease(session, row, by="a process that was killed", now=self.clock.now(), seconds=30)
            return row


def words(title: str) -> str:
    """What a note of this title says."""
    return f"More to the digest, {title}: 1 line."
