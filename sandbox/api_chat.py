"""Web API: chat.*. Where the bot may write, what a message must be, and the events that follow."""

import json
from copy import deepcopy
from typing import Any

from sandbox import events
from sandbox.blocks import check_message, name_blocks
from sandbox.calls import Call, method
from sandbox.errors import SlackError, bad_blocks
from sandbox.payloads import message_json
from sandbox.records import Channel, Json, Message

LONGEST_TEXT = 40_000
LONGEST_UPDATE = 4_000
MOST_OF_BLOCKS = 12_000  # not documented; Slack's people speak of it, and its measure is a little more generous
LARGEST_METADATA = 16_384


@method("chat.postMessage")
def post_message(call: Call) -> Json:
    site, w = call.site, call.site.workspace
    if any(call.text(k) for k in ("username", "icon_url", "icon_emoji")):
        site.manifest.need("chat:write.customize")
    channel = _place(call)
    text, blocks = content(call, LONGEST_TEXT)
    thread_ts = thread(call, channel)
    message = Message(
        channel.id,
        w.next_ts(),
        site.identity.bot_user,
        text,
        blocks,
        thread_ts=thread_ts,
        bot=True,
        metadata=_metadata(call),
        broadcast=thread_ts is not None and call.flag("reply_broadcast"),
        extra={k: call.flag(k) for k in ("unfurl_links", "unfurl_media") if k in call.arguments},
    )
    w.add(message)
    events.message_posted(site, message)
    worded = message_json(site, message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": worded}


@method("chat.update")
def update(call: Call) -> Json:
    site, w = call.site, call.site.workspace
    channel = call.channel()
    message = _own(call, channel, "cant_update_message")
    text, blocks = content(call, LONGEST_UPDATE, keep=message)
    before = deepcopy(message_json(site, message, metadata=True))
    with w.lock:
        message.text, message.blocks = text, blocks
        message.edited = {"user": site.identity.bot_user, "ts": w.next_ts()}
        if "metadata" in call.arguments:
            message.metadata = _metadata(call)
        w.touch("message", channel.id)
    events.message_changed(site, message, before)
    worded = message_json(site, message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": text, "message": worded}


@method("chat.delete")
def delete(call: Call) -> Json:
    channel = call.channel()
    message = _own(call, channel, "cant_delete_message")
    before = deepcopy(message_json(call.site, message))
    message.deleted = True
    call.site.workspace.touch("message", channel.id)
    events.message_deleted(call.site, message, before)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.postEphemeral")
def post_ephemeral(call: Call) -> Json:
    w, channel, user = call.site.workspace, _place(call), call.user()
    if user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks = content(call, LONGEST_TEXT)
    thread_ts = thread(call, channel)
    ts = w.next_ts()
    bot = call.site.identity.bot_user
    w.add(Message(channel.id, ts, bot, text, blocks, thread_ts=thread_ts, bot=True, ephemeral_to=user.id))
    return {"message_ts": ts}


@method("chat.getPermalink")
def get_permalink(call: Call) -> Json:
    channel = call.channel()
    message = call.site.workspace.find(channel.id, call.required("message_ts"))
    if message is None:
        raise SlackError("message_not_found")
    link = f"{call.site.base}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _place(call: Call) -> Channel:
    """Where a post goes: a channel the bot is in, or the DM of a user id."""
    w, name = call.site.workspace, call.text("channel")
    if name in w.users and name != call.site.identity.bot_user:
        return w.open_dm(name)
    channel = call.channel()
    if channel.is_archived:
        raise SlackError("is_archived")
    outside = call.site.identity.bot_user not in channel.members
    if outside and "chat:write.public" not in call.site.manifest.scopes:
        raise SlackError("not_in_channel")
    return channel


def content(call: Call, longest: int, keep: Message | None = None) -> tuple[str, list[Json]]:
    """The text and blocks of a call, checked. Stricter than Slack: blocks without a text are `no_text`.

    `keep` is the message that is updated: without new blocks a new text removes the old blocks, as in Slack.
    """
    text, given = call.text("text"), call.data("blocks")
    if keep is not None and not text and given is None and "metadata" in call.arguments:
        return keep.text, keep.blocks
    if call.data("attachments"):
        raise SlackError("invalid_attachments", detail="the sandbox shows blocks, no attachments")
    blocks = read_blocks(given)
    if not text.strip():
        raise SlackError("no_text")
    if len(text) > longest:
        raise SlackError("msg_too_long")
    return text, blocks


def read_blocks(given: Any) -> list[Json]:
    """Blocks of a message, checked, with ids; raises `invalid_blocks_format` and `invalid_blocks`."""
    if given is None:
        return []
    if not isinstance(given, list):
        raise SlackError("invalid_blocks_format")
    if problems := check_message(given):
        raise bad_blocks(problems)
    if _characters(given) > MOST_OF_BLOCKS:
        raise SlackError("msg_blocks_too_long")
    return name_blocks(given)


def _characters(value: Any) -> int:
    """All texts of blocks together, without those in menus."""
    if isinstance(value, dict):
        parts = ((k, v) for k, v in value.items() if k != "options")
        return sum(len(v) if k == "text" and isinstance(v, str) else _characters(v) for k, v in parts)
    return sum(map(_characters, value)) if isinstance(value, list) else 0


def thread(call: Call, channel: Channel) -> str | None:
    """The thread a post goes to; `thread_not_found` when its parent is not there."""
    thread_ts = call.text("thread_ts")
    if not thread_ts:
        return None
    parent = call.site.workspace.find(channel.id, thread_ts)
    if parent is None:
        raise SlackError("thread_not_found")
    if parent.is_reply:
        raise SlackError("thread_not_found", detail="thread_ts is a reply's ts, not its parent's")
    return thread_ts


def _metadata(call: Call) -> Json | None:
    given = call.data("metadata")
    if not given:
        return None
    whole = isinstance(given, dict) and isinstance(given.get("event_payload"), dict)
    if not whole or not isinstance(given.get("event_type"), str) or not given["event_type"]:
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(given)) > LARGEST_METADATA:
        raise SlackError("metadata_too_large")
    return {"event_type": given["event_type"], "event_payload": given["event_payload"]}


def _own(call: Call, channel: Channel, refusal: str) -> Message:
    message = call.site.workspace.find(channel.id, call.required("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if not message.bot:
        raise SlackError(refusal)
    return message
