"""What listeners and jobs work with, made once by `bot.wiring`. A bag of named parts: no behaviour."""

from collections.abc import Callable
from dataclasses import dataclass, field

from slack_sdk import WebClient

from bot.delivery import Delivery
from prompts.client import ModelClient
from rituals.clock import Clock
from storage.database import Database
from storage.inbox import Inbox


@dataclass
class Services:
    """The parts of a running bot in one workspace. `nudge` wakes the sender after something was promised."""

    team_id: str
    bot_user: str
    db: Database
    inbox: Inbox
    clock: Clock
    writer: WebClient
    reader: WebClient
    delivery: Delivery
    model: ModelClient
    nudge: Callable[[], None] = field(default=lambda: None)

    def close(self) -> None:
        """Let calls under way end and give back every connection."""
        self.delivery.close()
        self.inbox.close()
        self.db.close()
