"""A small Bolt app for the browser tests: it posts, opens forms, refuses bad input and publishes Home.

It knows no product code.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient

from sandbox.server import Sandbox
from tests.browser import gallery

Payload = dict[str, Any]


@contextmanager
def connected(sandbox: Sandbox) -> Iterator[App]:
    """The app, connected to the sandbox over Socket Mode until the block ends."""
    client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
    app = App(client=client, token_verification_enabled=False, process_before_response=True)
    _listen(app)
    handler = SocketModeHandler(app, sandbox.app_token, ping_interval=1)
    handler.connect()
    sandbox.wait_connected()
    yield app
    handler.close()


def _listen(app: App) -> None:
    app.event("message")(_echo)
    app.event("app_home_opened")(_home)
    app.command("/okr")(_command)
    app.action("g-answer")(_open)
    app.action("g-update")(_open)
    app.action("g-same")(_same)
    app.action("g-undo")(_undone)
    app.shortcut("update")(_open)
    app.shortcut("blocker")(_open)
    app.options("f-kr-typed")(_suggest)
    app.view("g-form")(_save)


def _echo(event: Payload, client: WebClient) -> None:
    if event.get("bot_id") or event.get("subtype"):
        return
    said = f"You wrote: {event['text']}"
    client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text=said)


def _home(event: Payload, client: WebClient) -> None:
    if event["tab"] == "home":
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": gallery.HOME})


def _command(ack: Any, command: Payload) -> None:
    ack(text=f"*You typed* {command['text']}", response_type="ephemeral")


def _open(ack: Any, body: Payload, client: WebClient) -> None:
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=gallery.MODAL)


def _same(ack: Any, body: Payload, client: WebClient) -> None:
    ack()
    blocks = [{"type": "section", "text": gallery.mrkdwn("Nothing changed.")}]
    client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="Nothing changed.", blocks=blocks)


def _undone(ack: Any, body: Payload, client: WebClient) -> None:
    ack()
    client.chat_postEphemeral(channel=body["channel"]["id"], user=body["user"]["id"], text="Undone.")


def _suggest(ack: Any, payload: Payload) -> None:
    ack(options=[o for o in gallery.KRS if payload["value"].lower() in o["text"]["text"].lower()])


def _save(ack: Any, view: Payload, body: Payload, client: WebClient) -> None:
    value = view["state"]["values"]["f-value"]["f-value-typed"]["value"]
    if not any(c.isdigit() for c in value):
        ack(response_action="errors", errors={"f-value": f'I read no number in "{value}". For example: 30 days'})
        return
    ack()
    client.chat_postMessage(channel=body["user"]["id"], text=f"Saved: {value}")
