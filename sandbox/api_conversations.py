"""Web API: conversations.*. Reading needs the scope of that kind of conversation."""

from typing import Any

from sandbox import events
from sandbox.calls import Call, method
from sandbox.errors import SlackError
from sandbox.payloads import message_json
from sandbox.records import Channel, Json, Message
from sandbox.scopes import family_scope

KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


@method("conversations.open")
def conversations_open(call: Call) -> Json:
    call.site.manifest.need("im:write")
    w = call.site.workspace
    if call.text("channel"):
        channel = call.channel()
    else:
        users = [u for u in call.required("users").split(",") if u]
        if len(users) != 1:
            raise SlackError("method_not_supported_for_channel_type", detail="the sandbox has no group DMs")
        if users[0] not in w.users:
            raise SlackError("user_not_found")
        channel = w.open_dm(users[0])
    full = channel.to_slack(w.bot.id) if call.flag("return_im") else {"id": channel.id}
    return {"channel": full}


@method("conversations.info")
def conversations_info(call: Call) -> Json:
    channel = _readable(call, "read")
    return {"channel": channel.to_slack(call.site.workspace.bot.id)}


@method("conversations.list")
def conversations_list(call: Call) -> Json:
    w = call.site.workspace
    kinds = [KINDS.get(k.strip(), "") for k in (call.text("types") or "public_channel").split(",")]
    if "" in kinds:
        raise SlackError("invalid_types")
    wanted = [c for c in w.channels.values() if c.kind in kinds and _seen(call, c)]
    for kind in set(kinds) - {"mpim"}:
        call.site.manifest.need({"channel": "channels:read", "group": "groups:read", "im": "im:read"}[kind])
    if call.flag("exclude_archived"):
        wanted = [c for c in wanted if not c.is_archived]
    page, meta = call.page(sorted(wanted, key=lambda c: c.id), 100)
    return {"channels": [c.to_slack(w.bot.id) for c in page], "response_metadata": meta}


@method("conversations.members")
def conversations_members(call: Call) -> Json:
    page, meta = call.page(list(_readable(call, "read").members), 100)
    return {"members": page, "response_metadata": meta}


@method("conversations.join")
def conversations_join(call: Call) -> Json:
    channel, bot = call.channel(), call.site.identity.bot_user
    if channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if bot not in channel.members:
        channel.members.append(bot)
        call.site.workspace.touch("channel", channel.id)
        events.member_joined(call.site, channel, bot)
    return {"channel": channel.to_slack(bot)}


@method("conversations.history")
def conversations_history(call: Call) -> Json:
    channel = _readable(call, "history")
    _must_be_in(call, channel)
    shown = [m for m in call.site.workspace.visible(channel.id) if not m.is_reply or m.broadcast]
    newest_first = [m for m in reversed(shown) if _within(call, m)]
    return _history(call, newest_first)


@method("conversations.replies")
def conversations_replies(call: Call) -> Json:
    channel, w = _readable(call, "history"), call.site.workspace
    _must_be_in(call, channel)
    asked = w.find(channel.id, call.required("ts"))
    if asked is None:
        raise SlackError("thread_not_found")
    parent = w.find(channel.id, asked.root)
    replies = [m for m in w.replies(channel.id, asked.root) if _within(call, m)]
    return _history(call, ([parent] if parent else []) + replies)


def _history(call: Call, messages: list[Message]) -> Json:
    page, meta = call.page(messages, 100, most=999)
    metadata = call.flag("include_all_metadata")
    worded: list[Any] = [message_json(call.site, m, metadata=metadata) for m in page]
    more = bool(meta["next_cursor"])
    return {"messages": worded, "has_more": more} | ({"response_metadata": meta} if more else {})


def _within(call: Call, message: Message) -> bool:
    oldest, latest, ts = call.text("oldest"), call.text("latest"), float(message.ts)
    if call.flag("inclusive"):
        return (not oldest or ts >= float(oldest)) and (not latest or ts <= float(latest))
    return (not oldest or ts > float(oldest)) and (not latest or ts < float(latest))


def _readable(call: Call, right: str) -> Channel:
    channel = call.channel()
    call.site.manifest.need(family_scope(channel, right))
    return channel


def _must_be_in(call: Call, channel: Channel) -> None:
    if call.site.identity.bot_user not in channel.members:
        raise SlackError("not_in_channel")


def _seen(call: Call, channel: Channel) -> bool:
    return not channel.is_private or call.site.identity.bot_user in channel.members
