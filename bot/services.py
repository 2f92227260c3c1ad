"""What listeners and jobs work with, made once by `bot.wiring`. A bag of named parts: no behaviour."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from slack_sdk import WebClient

from bot.delivery import Delivery
from prompts.client import ModelClient
from rituals.clock import Clock
from storage.database import Database
from storage.inbox import Inbox

if TYPE_CHECKING:
    from rituals.at_hand import AtHand  # knows the figures: the start does without


@dataclass
class Services:
    """The parts of a running bot in one workspace. `nudge` wakes the sender after something was promised, `at_hand` is
    what was computed beforehand.
    """

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
    at_hand: "AtHand | None" = None

    def close(self) -> None:
        """Let calls under way end and give back every connection."""
        self.delivery.close()
        self.inbox.close()
        self.db.close()
