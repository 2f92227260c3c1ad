"""The workspace's state in memory: who and what there is, under one lock, and a version that grows with every change.

It enforces what is true of any Slack (unique growing ts, one DM a person) and leaves permissions and events to others.
"""

import itertools
from collections.abc import Callable
from threading import Condition, RLock
from time import monotonic

from rituals.clock import Clock
from sandbox.elements import state_of
from sandbox.records import Canvas, Channel, Json, Message, StoredFile, User, View

Listener = Callable[[Json], None]


class Workspace:
    """Users, channels, messages and views. Callers hold `lock` for what must be seen whole."""

    def __init__(self, clock: Clock, *, team_id: str, team_name: str, bot: User) -> None:
        self.clock = clock
        self.team_id = team_id
        self.team_name = team_name
        self.bot = bot
        self.lock = RLock()
        self.changed = Condition(self.lock)
        self.version = 0
        self.users: dict[str, User] = {bot.id: bot}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, list[Message]] = {}
        self.homes: dict[str, View] = {}
        self.files: dict[str, StoredFile] = {}
        self.canvases: dict[str, Canvas] = {}
        self.canvases_off = False
        self.stacks: dict[str, list[View]] = {}
        self.drafts: dict[tuple[str, str], dict[str, dict[str, Json]]] = {}
        self.listeners: list[Listener] = []
        self._last_micros = 0
        self._numbers = itertools.count(1)

    def next_ts(self) -> str:
        """A ts from the clock, unique and growing also while the clock stands still."""
        with self.lock:
            now = self.clock.now()
            micros = int(now.timestamp()) * 1_000_000 + now.microsecond
            self._last_micros = max(micros, self._last_micros + 1)
            return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"

    def number(self) -> int:
        """A number that was not given before, for ids."""
        with self.lock:
            return next(self._numbers)

    def touch(self, what: str, channel: str | None = None) -> None:
        """Say that something changed: message, view, home, clock, ephemeral, user or fault."""
        with self.lock:
            self.version += 1
            note = {"version": self.version, "channel": channel, "what": what}
            self.changed.notify_all()
            for listener in list(self.listeners):
                listener(note)

    def wait_until(self, holds: Callable[[], bool], timeout: float) -> bool:
        """Wait (real seconds) until `holds()` is true, looking again after every change and every 50 ms.

        The lock is not held while `holds` runs: it may call the API.
        """
        end = monotonic() + timeout
        while True:
            seen = self.version
            if holds():
                return True
            if (left := end - monotonic()) <= 0:
                return False
            with self.lock:
                if self.version == seen:
                    self.changed.wait(min(left, 0.05))

    def open_dm(self, user_id: str) -> Channel:
        """The DM between the bot and a person; opened when there was none."""
        with self.lock:
            channel_id = "D" + user_id[1:]
            if channel_id not in self.channels:
                created = int(self.clock.now().timestamp())
                members = [user_id, self.bot.id]
                self.channels[channel_id] = Channel(
                    channel_id, user_id, members, is_private=True, is_im=True, user=user_id, created=created
                )
                self.messages[channel_id] = []
                self.touch("message", channel_id)
            return self.channels[channel_id]

    def find(self, channel_id: str, ts: str, *, viewer: str | None = None) -> Message | None:
        """A message that is not deleted; ephemerals only for their viewer."""
        with self.lock:
            for m in reversed(self.messages.get(channel_id, [])):
                if m.ts == ts and not m.deleted and m.ephemeral_to in (None, viewer):
                    return m
            return None

    def add(self, message: Message) -> Message:
        """Append a message and say so."""
        with self.lock:
            self.messages[message.channel].append(message)
            self.touch("ephemeral" if message.ephemeral_to else "message", message.channel)
            return message

    def visible(self, channel_id: str) -> list[Message]:
        """The channel's lasting messages, oldest first."""
        with self.lock:
            return [m for m in self.messages.get(channel_id, []) if not m.deleted and m.ephemeral_to is None]

    def replies(self, channel_id: str, ts: str) -> list[Message]:
        """The replies of a thread, oldest first."""
        return [m for m in self.visible(channel_id) if m.is_reply and m.thread_ts == ts]

    def view(self, view_id: str) -> View | None:
        """An open modal or a Home tab by id."""
        with self.lock:
            open_now = [v for stack in self.stacks.values() for v in stack] + list(self.homes.values())
            return next((v for v in open_now if v.id == view_id), None)

    def view_by_external_id(self, external_id: str) -> View | None:
        """An open modal or a Home tab by the app's own id."""
        with self.lock:
            open_now = [v for stack in self.stacks.values() for v in stack] + list(self.homes.values())
            return next((v for v in open_now if external_id and v.external_id == external_id), None)

    def draft(self, user: str, message: Message) -> dict[str, dict[str, Json]]:
        """What this person has entered in a message's inputs and selects, as `state.values`."""
        with self.lock:
            key = (user, f"{message.channel}:{message.ts}")
            entered = state_of(message.blocks, self.drafts.get(key, {}))
            self.drafts[key] = entered
            return entered
