"""The short-lived keys Slack hands out: trigger ids (3 seconds, once) and response URLs (5 uses, 30 minutes).

Ages are real time from a monotonic counter, whatever the workspace's clock says.
"""

import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from sandbox.errors import SlackError

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_USES = 5


@dataclass
class Trigger:
    """What a trigger id stands for: who acted, and from which modal (None: not from a modal)."""

    user: str
    view_id: str | None
    born: float
    used: bool = False


@dataclass
class ResponseUrl:
    """Where a response URL writes: the person and channel, and the message it came from (its ts)."""

    user: str
    channel: str
    message_ts: str | None
    thread_ts: str | None
    born: float
    uses: int = 0


class Tokens:
    """Issues and redeems trigger ids and response URL keys."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = Lock()
        self._numbers = itertools.count(1_000_000_001)
        self._triggers: dict[str, Trigger] = {}
        self._responses: dict[str, ResponseUrl] = {}

    def trigger(self, user: str, view_id: str | None = None) -> str:
        """A fresh trigger id."""
        with self._lock:
            trigger_id = f"{next(self._numbers)}.{next(self._numbers)}.{secrets.token_hex(16)}"
            self._triggers[trigger_id] = Trigger(user, view_id, self._monotonic())
            return trigger_id

    def redeem(self, trigger_id: str) -> Trigger:
        """Use a trigger id up. Raises invalid_trigger_id, expired_trigger_id or exchanged_trigger_id."""
        with self._lock:
            trigger = self._triggers.get(trigger_id)
            if trigger is None:
                raise SlackError("invalid_trigger_id")
            if trigger.used:
                raise SlackError("exchanged_trigger_id")
            if self._monotonic() - trigger.born > TRIGGER_SECONDS:
                raise SlackError("expired_trigger_id")
            trigger.used = True
            return trigger

    def response_key(self, user: str, channel: str, message_ts: str | None, thread_ts: str | None) -> str:
        """A fresh key for a response URL."""
        with self._lock:
            key = secrets.token_hex(12)
            self._responses[key] = ResponseUrl(user, channel, message_ts, thread_ts, self._monotonic())
            return key

    def response(self, key: str) -> ResponseUrl:
        """Use a response URL once. Raises expired_url or used_url, as Slack words them."""
        with self._lock:
            found = self._responses.get(key)
            if found is None or self._monotonic() - found.born > RESPONSE_SECONDS:
                raise SlackError("expired_url", status=404)
            if found.uses >= RESPONSE_USES:
                raise SlackError("used_url", status=404)
            found.uses += 1
            return found
