"""A stage: the strict sandbox and the real bot connected to it by Socket Mode, with a clock that is moved.

For scenario tests, the scripted play and the live sandbox. Nothing runs by itself: `go_to` moves the clock, does what
is due and delivers it; `settle` waits until what people did is worked off and delivers what came of it.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from bot import jobs
from bot.config import Settings
from bot.manifest import load_manifest
from bot.socket import connect
from bot.wiring import Bot, build_bot
from rituals.clock import AdjustableClock
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.portfolio.service import import_portfolio
from sandbox.people import Person
from sandbox.records import Message
from sandbox.seed import SAMPLE, seed
from sandbox.server import Sandbox
from storage.database import BUSY_SECONDS, Database
from storage.pace import Pace

FAR_AHEAD = timedelta(days=36500)


def instant(iso: str) -> datetime:
    """An aware instant; UTC where no zone is given."""
    at = datetime.fromisoformat(iso)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@dataclass
class Stage:
    """Sandbox and bot, side by side."""

    sandbox: Sandbox
    bot: Bot
    clock: AdjustableClock
    db: Database

    @property
    def team(self) -> str:
        return self.sandbox.team_id

    def person(self, user: str) -> Person:
        """Someone who can act."""
        return self.sandbox.person(user)

    def go_to(self, at: str | datetime) -> None:
        """Move the clock, do what is due then, deliver it."""
        self.clock.move_to(instant(at) if isinstance(at, str) else at)
        self.tick()

    def tick(self) -> None:
        """Do what is due now and deliver it."""
        jobs.tick(self.bot.services)
        self.deliver()

    def deliver(self) -> None:
        """Send everything that is due at this instant."""
        self.bot.services.delivery.deliver_all()
        self.sandbox.settle()

    def settle(self) -> None:
        """Wait until what people did is worked off, then deliver what came of it."""
        self.sandbox.settle()
        deadline = time.monotonic() + 10
        while self.bot.services.inbox.unfinished(self.team, before=self.clock.now() + FAR_AHEAD):
            if time.monotonic() > deadline:
                raise TimeoutError("the bot did not work off its inbox")
            time.sleep(0.005)
        self.deliver()

    def close(self) -> None:
        """Take it down."""
        self.bot.stop()
        self.sandbox.stop()

    def messages(self, channel: str) -> list[Message]:
        """Everything in a channel, oldest first, threads included."""
        return self.sandbox.messages(channel)

    def thread(self, parent: Message) -> list[Message]:
        """The replies under a message."""
        return [m for m in self.messages(parent.channel) if m.root == parent.ts and m.ts != parent.ts]

    def as_read(self, message: Message) -> str:
        """A message's text as it is shown."""
        return self.person(self.sandbox.bot_user).reads(message)

    def state(self) -> PortfolioState:
        """The portfolio as it stands."""
        with self.db.transaction(readonly=True) as session:
            return load_portfolio(session, self.team)


def set_up(
    path: Path,
    *,
    at: str,
    port: int = 0,
    portfolio: str | None = None,
    limits: Pace | None = None,
    settings: dict[str, object] | None = None,
    busy_seconds: float = BUSY_SECONDS,
) -> Stage:
    """A stage at an instant with a portfolio (the sample) imported and its people in the workspace.

    `busy_seconds` is how long its database is waited for (as `Database` has it).
    """
    text = SAMPLE.read_text(encoding="utf-8") if portfolio is None else portfolio
    clock = AdjustableClock(instant(at))
    sandbox = Sandbox(load_manifest(), clock, port=port).start()
    seed(sandbox, text)
    db = Database(f"sqlite:///{path}", busy_seconds=busy_seconds)
    chosen = Settings(
        slack_bot_token=SecretStr(sandbox.bot_token),
        slack_app_token=SecretStr(sandbox.app_token),
        slack_api_url=sandbox.api_url,
        **(settings or {"plumbline_llm": "off"}),
    )
    import_portfolio(db, sandbox.team_id, text, now=clock.now())
    bot = build_bot(chosen, db, clock=clock, limits=limits or Pace.off())
    jobs.housekeeping(bot.services)
    bot.handler = connect(bot.app, chosen)
    sandbox.wait_connected()
    return Stage(sandbox, bot, clock, db)
