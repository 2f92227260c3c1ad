"""What the stand-in remembers: users, channels, messages and views, and how Slack words each as JSON.

Plain records: no rules about who may do what (see the `api_*` modules and `acts`), no delivery.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]


@dataclass
class User:
    """A member of the workspace. `status_expiration` is in seconds since 1970; 0: they clear it themselves."""

    id: str
    name: str
    real_name: str
    email: str
    tz: str
    is_admin: bool = False
    is_bot: bool = False
    deleted: bool = False
    updated: int = 0
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0

    def to_slack(self, team_id: str, now: datetime, *, with_email: bool) -> Json:
        """The user object; the e-mail address only with `users:read.email`."""
        zone = now.astimezone(ZoneInfo(self.tz))
        offset = zone.utcoffset()
        profile: Json = {
            "real_name": self.real_name,
            "display_name": self.name,
            "real_name_normalized": self.real_name,
            "display_name_normalized": self.name,
            "team": team_id,
            "status_text": self.status_text,
            "status_emoji": self.status_emoji,
            "status_expiration": self.status_expiration,
        }
        if with_email and not self.is_bot:
            profile["email"] = self.email
        return {
            "id": self.id,
            "team_id": team_id,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": self.deleted,
            "tz": self.tz,
            "tz_label": zone.tzname() or self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "profile": profile,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }


@dataclass
class Channel:
    """A channel or a direct message (`is_im`, with `user` the person on the other side of the bot)."""

    id: str
    name: str
    members: list[str] = field(default_factory=list)
    is_private: bool = False
    is_im: bool = False
    user: str | None = None
    is_archived: bool = False
    created: int = 0

    @property
    def kind(self) -> str:
        """Slack's `channel_type`: channel, group or im."""
        if self.is_im:
            return "im"
        return "group" if self.is_private else "channel"

    def to_slack(self, bot_user: str) -> Json:
        """The conversation object as the bot sees it."""
        if self.is_im:
            return {"id": self.id, "created": self.created, "is_im": True, "is_archived": False, "user": self.user}
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "created": self.created,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_archived": self.is_archived,
            "is_member": bot_user in self.members,
            "num_members": len(self.members),
        }


@dataclass
class StoredFile:
    """A file of the app's: announced, then uploaded (`content`), then shown (`complete`)."""

    id: str
    name: str
    length: int
    ticket: str
    title: str = ""
    content: bytes | None = None
    complete: bool = False


@dataclass
class Canvas:
    """A document of the app's in a channel's tab."""

    id: str
    channel: str
    title: str
    markdown: str


@dataclass
class Message:
    """One message. `ephemeral_to` is the only person who sees it; a deleted one stays as a tombstone."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    bot: bool = False
    metadata: Json | None = None
    edited: Json | None = None
    deleted: bool = False
    ephemeral_to: str | None = None
    reactions: list[Json] = field(default_factory=list)
    broadcast: bool = False
    extra: Json = field(default_factory=dict)
    files: list[StoredFile] = field(default_factory=list)

    @property
    def root(self) -> str:
        """The ts of the thread it belongs to; its own for a top-level message."""
        return self.thread_ts or self.ts

    @property
    def is_reply(self) -> bool:
        """In a thread, below its parent."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class View:
    """A modal or a Home tab, with what the person has entered so far in `values` and what was wrong in `errors`."""

    id: str
    hash: str
    type: str
    user: str
    blocks: list[Json]
    title: Json | None = None
    submit: Json | None = None
    close: Json | None = None
    callback_id: str = ""
    private_metadata: str = ""
    external_id: str = ""
    clear_on_close: bool = False
    notify_on_close: bool = False
    root_id: str = ""
    previous_id: str | None = None
    values: dict[str, dict[str, Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def heading(self) -> str:
        """The title as text."""
        return str((self.title or {}).get("text", "Home"))
