"""A workspace and a small real Bolt app for the sandbox's own tests. No product code is involved."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Thread
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from rituals.clock import AdjustableClock
from sandbox.people import Person
from sandbox.server import Sandbox

NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)
MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Plumbline"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "Plumbline"},
        "slash_commands": [{"command": "/okr", "description": "OKRs", "should_escape": True}],
        "shortcuts": [
            {"name": "Update", "type": "global", "callback_id": "update", "description": "Update"},
            {"name": "Blocker", "type": "message", "callback_id": "blocker", "description": "Blocker"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "chat:write",
                "commands",
                "im:write",
                "im:history",
                "im:read",
                "channels:history",
                "channels:read",
                "channels:join",
                "groups:history",
                "groups:read",
                "users:read",
                "users:read.email",
                "app_mentions:read",
                "files:write",
                "reactions:write",
                "reactions:read",
                "canvases:write",
            ]
        }
    },
    "settings": {
        "socket_mode_enabled": True,
        "interactivity": {"is_enabled": True},
        "event_subscriptions": {
            "bot_events": [
                "message.im",
                "message.channels",
                "message.groups",
                "app_mention",
                "app_home_opened",
                "member_joined_channel",
                "reaction_added",
                "reaction_removed",
                "user_change",
            ]
        },
    },
}


def without(*paths: str) -> dict[str, Any]:
    """The manifest without some scopes or events."""
    made: dict[str, Any] = {**MANIFEST, "settings": {**MANIFEST["settings"]}}
    scopes = MANIFEST["oauth_config"]["scopes"]["bot"]
    events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    made["oauth_config"] = {"scopes": {"bot": [s for s in scopes if s not in paths]}}
    made["settings"]["event_subscriptions"] = {"bot_events": [e for e in events if e not in paths]}
    return made


def furnished(manifest: dict[str, Any] | None = None, **settings: Any) -> Sandbox:
    """A sandbox with Ana and Bo, a public and a private channel the bot is in, and one it is not in."""
    settings.setdefault("ack_seconds", 3.0)
    sandbox = Sandbox(manifest or MANIFEST, AdjustableClock(NINE), page=False, **settings)
    sandbox.add_user("U01ANA", "ana", "Ana Ruiz", "ana@example.com", "Europe/Berlin", is_admin=True)
    sandbox.add_user("U02BO", "bo", "Bo Lind", "bo@example.com", "America/New_York")
    sandbox.add_channel("C01", "suite", members=["U01ANA", "U02BO"])
    sandbox.add_channel("C02", "elsewhere", members=["U01ANA"], bot_in=False)
    sandbox.add_channel("G01", "secret", members=["U01ANA"], is_private=True)
    sandbox.add_channel("G02", "hidden", members=["U01ANA"], is_private=True, bot_in=False)
    return sandbox


def client(sandbox: Sandbox, token: str | None = None) -> WebClient:
    """The real client, without retries."""
    return WebClient(token or sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])


def bolt(sandbox: Sandbox) -> App:
    """A Bolt app as the product builds it: acknowledged when its listener is done."""
    return App(client=client(sandbox), signing_secret=sandbox.signing_secret, process_before_response=True)


@contextmanager
def connected(sandbox: Sandbox, app: App, connections: int = 1) -> Iterator[list[SocketModeHandler]]:
    """The app on Socket Mode, through the SDK's own client.

    Its `close` waits up to a second for its own queue to run dry; nobody else needs to wait for that.
    """
    handlers = [SocketModeHandler(app, sandbox.app_token) for _ in range(connections)]
    try:
        for handler in handlers:
            handler.connect()
        sandbox.wait_connected(connections)
        yield handlers
    finally:
        for handler in handlers:
            Thread(target=handler.close, daemon=True).start()
        sandbox.wait_until(lambda: sandbox.connections == 0, what="the app to hang up")


def ana(sandbox: Sandbox) -> Person:
    return sandbox.person("U01ANA")


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str = "Hello", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(label: str = "Go", action_id: str = "go", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(label), **more}


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def text_input(label: str = "Value", block_id: str = "value", **more: Any) -> dict[str, Any]:
    optional = {"optional": more.pop("optional")} if "optional" in more else {}
    element = {"type": "plain_text_input", "action_id": "typed", **more}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **optional}


def option(label: str, value: str | None = None) -> dict[str, Any]:
    return {"text": plain(label), "value": value or label.lower()}


def modal(*blocks: dict[str, Any], title: str = "Update", **more: Any) -> dict[str, Any]:
    made = {"type": "modal", "callback_id": "form", "title": plain(title), "blocks": list(blocks)}
    return {**made, "submit": plain("Save"), **more}


def home(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks)}
