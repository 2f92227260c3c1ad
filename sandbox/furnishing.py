"""Setting up a workspace: members and channels, who is where, and the changes an admin makes. No app is involved."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sandbox import events
from sandbox.people import Person
from sandbox.records import Channel, User
from sandbox.site import Site
from sandbox.workspace import Workspace


class Furnishing:
    """The part of `Sandbox` that sets up and changes its workspace."""

    site: Site

    @property
    def workspace(self) -> Workspace:
        """The state, for tests that look closer."""
        return self.site.workspace

    def person(self, user_id: str) -> Person:
        """A member who can act and see."""
        if user_id not in self.workspace.users:
            raise AssertionError(f"there is no {user_id}; there are {sorted(self.workspace.users)}")
        return Person(self.site, user_id)

    def add_user(
        self,
        id: str,
        name: str,
        real_name: str,
        email: str,
        tz: str,
        is_admin: bool = False,
    ) -> Person:
        """Add a member and return them as someone who can act."""
        with self.workspace.lock:
            self.workspace.users[id] = User(id, name, real_name, email, tz, is_admin=is_admin)
            self.workspace.touch("user")
        return self.person(id)

    def add_channel(
        self,
        id: str,
        name: str,
        members: Sequence[str] = (),
        bot_in: bool = True,
        is_private: bool = False,
    ) -> Channel:
        """Add a channel; with the bot in it unless `bot_in=False`."""
        w = self.workspace
        with w.lock:
            inside = [*members, *([self.site.identity.bot_user] if bot_in else [])]
            created = int(w.clock.now().timestamp())
            w.channels[id] = Channel(id, name, inside, is_private=is_private, created=created)
            w.messages[id] = []
            w.touch("channel", id)
            return w.channels[id]

    def join(self, channel: str, user: str) -> None:
        """Let a member (or the bot) join a channel; the app hears of it."""
        place = self.workspace.channels[channel]
        if user not in place.members:
            place.members.append(user)
            self.workspace.touch("channel", channel)
            events.member_joined(self.site, place, user)

    def leave(self, channel: str, user: str) -> None:
        """Take a member (or the bot) out of a channel."""
        self.workspace.channels[channel].members.remove(user)
        self.workspace.touch("channel", channel)

    def archive(self, channel: str) -> None:
        """Archive a channel."""
        self.workspace.channels[channel].is_archived = True
        self.workspace.touch("channel", channel)

    def change_user(self, id: str, **changes: Any) -> None:
        """Change a member's fields (`tz="Asia/Tokyo"`, `deleted=True`); the app hears `user_change`."""
        w = self.workspace
        with w.lock:
            w.users[id] = replace(w.users[id], **changes, updated=int(w.clock.now().timestamp()))
            w.touch("user")
        events.user_changed(self.site, id)
