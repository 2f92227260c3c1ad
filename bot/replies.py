"""Who calls and how to answer them at once: ephemeral words, modals. What must not be lost goes by the outbox
instead, never by this. It knows Slack's payload shapes, so that listeners see plain values.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.slack_errors import error_code
from bot.views import Message
from rituals.errors import Refusal

log = structlog.get_logger(__name__)
TOO_LATE = "That took too long for a form to open. Please do that again."
_SPENT = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})


@dataclass(frozen=True)
class Caller:
    """One payload in plain values. `key` names it, for doing a thing once: by Slack's own id, a form by its modal and
    what stood in it, because a press whose answer got lost is pressed again. `text` is what was typed.

    `value` is a clicked button's or picked option's value, `typed` what stood in the inputs beside it (of a message),
    `view` the modal it happened in or submitted; `event` the event, or the message that was clicked in or that a
    shortcut is about.
    """

    key: str
    user: str
    at: datetime
    text: str = ""
    channel: str | None = None
    thread_ts: str | None = None
    trigger_id: str | None = None
    response_url: str | None = None
    action_id: str = ""
    value: str = ""
    typed: dict[str, dict[str, Any]] = field(default_factory=dict)
    message_ts: str | None = None
    view: dict[str, Any] = field(default_factory=dict)
    event: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, body: dict[str, Any], *, at: datetime) -> "Caller":
        """Read a payload of any kind."""
        if body.get("type") == "event_callback":
            return _of_event(body, at)
        if "command" in body:
            return cls(
                key=f"command:{body['trigger_id']}",
                user=body["user_id"],
                at=at,
                text=(body.get("text") or "").strip(),
                channel=body.get("channel_id"),
                trigger_id=body["trigger_id"],
                response_url=body.get("response_url"),
            )
        return _of_interaction(body, at)

    @property
    def metadata(self) -> dict[str, Any]:
        """The modal's private_metadata, as packed by the view."""
        packed = self.view.get("private_metadata") or ""
        return dict(json.loads(packed)) if packed else {}

    def state(self, block_id: str) -> str:
        """What stands in a form's field, as text; "" when it is empty. Raises KeyError for an unknown field."""
        [element] = self.view["state"]["values"][block_id].values()
        option = element.get("selected_option") or {}
        return str(element.get("value") or option.get("value") or element.get("selected_date") or "").strip()


def _of_event(body: dict[str, Any], at: datetime) -> Caller:
    event = body["event"]
    message = event.get("message") or event
    user = message.get("user") or event.get("user") or ""
    return Caller(
        key=f"event:{body['event_id']}",
        user=str(user.get("id", "")) if isinstance(user, dict) else user,
        at=at,
        text=message.get("text") or "",
        channel=event.get("channel"),
        thread_ts=message.get("thread_ts"),
        message_ts=message.get("ts"),
        event=event,
    )


def _of_interaction(body: dict[str, Any], at: datetime) -> Caller:
    action = (body.get("actions") or [{}])[0]
    option = action.get("selected_option") or {}
    container = body.get("container") or {}
    view = body.get("view") or {}
    return Caller(
        key=f"{body['type']}:{_sending(view) if body['type'] == 'view_submission' else body['trigger_id']}",
        user=body["user"]["id"],
        at=at,
        channel=(body.get("channel") or {}).get("id") or container.get("channel_id"),
        thread_ts=(body.get("message") or {}).get("thread_ts"),
        trigger_id=body.get("trigger_id"),
        response_url=body.get("response_url"),
        action_id=action.get("action_id", ""),
        value=str(action.get("value") or option.get("value") or ""),
        typed=(body.get("state") or {}).get("values") or {},
        message_ts=(body.get("message") or {}).get("ts") or container.get("message_ts"),
        view=view,
        event=body.get("message") or {},
    )


def _sending(view: dict[str, Any]) -> str:
    entered = json.dumps((view.get("state") or {}).get("values"), sort_keys=True)
    return f"{view.get('id', '')}:{hashlib.sha256(entered.encode()).hexdigest()[:16]}"


def first_word(text: str) -> tuple[str, str]:
    """The first word and the rest, whatever white space stands between them."""
    word, *rest = text.split(maxsplit=1) or [""]
    return word, rest[0].strip() if rest else ""


class Reply:
    """Answers a caller where they are."""

    def __init__(self, caller: Caller, client: WebClient) -> None:
        self._caller, self._client = caller, client

    def show(self, message: Message) -> None:
        """Words that only the caller sees: beside the command or message, or in a modal where there is neither."""
        caller = self._caller
        if caller.response_url:
            self._respond(message, response_type="ephemeral", replace_original=False)
        elif caller.channel:
            self._client.chat_postEphemeral(
                channel=caller.channel,
                user=caller.user,
                thread_ts=caller.thread_ts,
                text=message.text,
                blocks=message.blocks,
            )
        elif caller.trigger_id:
            self._open(_modal(message))

    def say(self, message: Message) -> None:
        """Words that everybody in the channel sees, because the caller asked for it."""
        if self._caller.response_url:
            self._respond(message, response_type="in_channel", replace_original=False)

    def replace(self, message: Message) -> None:
        """Put a message in the place of the ephemeral one, or of the modal, that was clicked."""
        view = self._caller.view
        if view.get("type") == "modal" and self._caller.action_id:
            self._client.views_update(view_id=view["id"], view=_modal(message))
        elif self._caller.response_url:
            self._respond(message, response_type="ephemeral", replace_original=True)
        else:
            self.show(message)

    def _respond(self, message: Message, *, response_type: str, replace_original: bool) -> None:
        """Answer by the response URL; in words alone where Slack refuses the blocks."""
        url = self._caller.response_url or ""
        webhook = WebhookClient(url, timeout=self._client.timeout, retry_handlers=[])  # by default 30 s and twice
        for one, blocks in [*((rung, rung.blocks) for rung in (message, *message.plainer)), (message, None)]:
            sent = webhook.send(
                text=one.text, blocks=blocks, response_type=response_type, replace_original=replace_original
            )
            if sent.status_code == 200:
                return
        log.warning("an answer was not taken by Slack", status=sent.status_code, said=sent.body[:200])

    def open(self, view: dict[str, Any]) -> None:
        """Open a modal, on top of the one that the caller is in. Raises Refusal when Slack's three seconds are over."""
        try:
            self._open(view)
        except SlackApiError as error:
            if error_code(error) not in _SPENT:
                raise
            raise Refusal(TOO_LATE) from None

    def update(self, view: dict[str, Any], view_id: str | None = None) -> None:
        """Put a view in the place of the modal that the caller is in, or of another one of the same stack; what was
        typed stays in fields that stay. A modal that was closed meanwhile needs none."""
        try:
            self._client.views_update(view_id=view_id or self._caller.view["id"], view=view)
        except SlackApiError as error:
            if error_code(error) != "not_found":
                raise
            log.info("a modal was closed before it was drawn anew")

    def _open(self, view: dict[str, Any]) -> None:
        in_modal = self._caller.view.get("type") == "modal"
        call = self._client.views_push if in_modal else self._client.views_open
        call(trigger_id=self._caller.trigger_id, view=view)


def _modal(message: Message) -> dict[str, Any]:
    """A message where there is no place for one."""
    return {"type": "modal", "title": {"type": "plain_text", "text": "Plumbline"}, "blocks": message.blocks}
