"""One Web API call: its arguments read the way Slack reads them, and the table of methods that answer.

The `api_*` modules add their methods with `@method`; `web` runs them. No HTTP here.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.errors import SlackError
from sandbox.records import Channel, Json, User
from sandbox.site import Site


@dataclass
class Call:
    """A call by the app. Arguments come from a form (values are text, some of it JSON) or from a JSON body."""

    site: Site
    name: str
    arguments: Json

    def text(self, key: str, default: str = "") -> str:
        """A text argument; empty when it was not given."""
        value = self.arguments.get(key)
        return default if value is None else str(value)

    def required(self, key: str) -> str:
        """A text argument that must be there, else `invalid_arguments`."""
        value = self.text(key)
        if not value:
            raise SlackError(
                "invalid_arguments",
                response_metadata={"messages": [f"[ERROR] missing required field: {key}"]},
            )
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """A yes or no, as true, "true" or "1"."""
        value = self.arguments.get(key)
        return default if value is None else str(value).lower() in ("true", "1")

    def number(self, key: str, default: int, *, most: int) -> int:
        """A whole number from 1 to `most`; others are `invalid_limit`, as for `limit`."""
        value = self.text(key) or str(default)
        if not value.isdecimal() or int(value) > most:
            raise SlackError("invalid_limit" if key == "limit" else "invalid_arguments")
        return int(value) or default

    def data(self, key: str) -> Any:
        """An argument with structure: JSON text or the value itself; None when it was not given."""
        value = self.arguments.get(key)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise SlackError("invalid_arguments", detail=f"{key} is not JSON") from None

    def channel(self, key: str = "channel") -> Channel:
        """The conversation named by id, as far as the bot can see it: else `channel_not_found`."""
        w, bot = self.site.workspace, self.site.identity.bot_user
        channel = w.channels.get(self.text(key))
        hidden = channel is not None and channel.is_private and bot not in channel.members
        if channel is None or hidden:
            raise SlackError("channel_not_found")
        return channel

    def user(self, key: str = "user") -> User:
        """The member named by id: else `user_not_found`."""
        user = self.site.workspace.users.get(self.text(key))
        if user is None:
            raise SlackError("user_not_found")
        return user

    def page(self, items: list[Any], default: int, most: int = 1000) -> tuple[list[Any], Json]:
        """One page of a list by `cursor` and `limit`, and the `response_metadata` that leads on."""
        limit, start = self.number("limit", default, most=most), 0
        if cursor := self.text("cursor"):
            try:
                start = int(base64.b64decode(cursor.encode(), validate=True).decode().removeprefix("next:"))
            except ValueError:
                raise SlackError("invalid_cursor") from None
        on = base64.b64encode(f"next:{start + limit}".encode()).decode() if start + limit < len(items) else ""
        return items[start : start + limit], {"next_cursor": on}


Handler = Callable[[Call], Json]
METHODS: dict[str, Handler] = {}


def method(name: str) -> Callable[[Handler], Handler]:
    """Register the function that answers a Web API method."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = handler
        return handler

    return register
