"""What people do in the workspace: say, edit, command, click, submit, close, open Home; and what they are then shown.

Used by the people driver and by the page. Every act that Slack sends to the app waits for the acknowledgement.
Raises ActError for what a person could not do at all (not a member, nothing there).
"""

from copy import deepcopy
from dataclasses import dataclass, field

from sandbox import api_reactions, events, responses
from sandbox.elements import Placed, state_of, walk
from sandbox.errors import SlackError
from sandbox.payloads import channel_json, common, container_json, message_json, response_url, view_json
from sandbox.records import Channel, Json, Message, View
from sandbox.site import Site
from sandbox.submissions import no_answer
from sandbox.tokens import ResponseUrl
from sandbox.typed import as_sent


class ActError(Exception):
    """Something a person could not have done."""


@dataclass
class Shown:
    """What a person sees because of an act: `note` is Slack's own word when the app failed."""

    note: str | None = None
    view: View | None = None
    messages: list[Message] = field(default_factory=list)
    changed: list[Message] = field(default_factory=list)


def place(site: Site, user: str, ref: str) -> Channel:
    """A conversation by id, `#name`, name, or `dm`, of which the person is a member or which is public."""
    w = site.workspace
    if ref in ("dm", w.bot.id):
        return w.open_dm(user)
    by_name = {c.name: c for c in w.channels.values() if not c.is_im}
    channel = w.channels.get(ref) or by_name.get(ref.removeprefix("#"))
    if channel is None or (channel.is_private and user not in channel.members):
        raise ActError(f"{user} sees no channel {ref!r}; there are {sorted(by_name)}")
    return channel


def say(site: Site, user: str, ref: str, text: str, thread_ts: str | None = None) -> Message:
    """Post as a person; in a thread when `thread_ts` is given (a reply's ts leads to its thread)."""
    w, channel = site.workspace, place(site, user, ref)
    if user not in channel.members:
        raise ActError(f"{user} is not in #{channel.name}")
    if channel.is_archived:
        raise ActError(f"#{channel.name} is archived")
    if channel.is_im and not site.manifest.messages_tab:
        raise ActError("the manifest has the messages tab off: nobody can write to the bot")
    if thread_ts is not None:
        parent = w.find(channel.id, thread_ts)
        if parent is None:
            raise ActError(f"no message {thread_ts} in {channel.name}")
        thread_ts = parent.root
    message = w.add(Message(channel.id, w.next_ts(), user, as_sent(w, text), thread_ts=thread_ts))
    events.message_posted(site, message)
    return message


def edit(site: Site, user: str, message: Message, text: str) -> Message:
    """Edit one's own message."""
    if message.user != user or message.deleted:
        raise ActError(f"{user} cannot edit {message.text!r}")
    before = deepcopy(message_json(site, message))
    with site.workspace.lock:
        message.text = as_sent(site.workspace, text)
        message.edited = {"user": user, "ts": site.workspace.next_ts()}
        site.workspace.touch("message", message.channel)
    events.message_changed(site, message, before)
    return message


def delete(site: Site, user: str, message: Message) -> None:
    """Delete one's own message."""
    if message.user != user or message.deleted:
        raise ActError(f"{user} cannot delete {message.text!r}")
    before = deepcopy(message_json(site, message))
    message.deleted = True
    site.workspace.touch("message", message.channel)
    events.message_deleted(site, message, before)


def react(site: Site, user: str, message: Message, name: str) -> bool:
    """Put a reaction on a message, or take it off where it is on it; whether it is on it now."""
    place(site, user, message.channel)
    if message.ephemeral_to is not None or message.deleted:
        raise ActError("nobody can react to that")
    return api_reactions.react(site, message, user, name) or not api_reactions.unreact(site, message, user, name)


def command(site: Site, user: str, ref: str, typed: str) -> Shown:
    """Type a slash command (`/okr list`) in a conversation."""
    w, channel = site.workspace, place(site, user, ref)
    if user not in channel.members:
        raise ActError(f"{user} is not in #{channel.name}")
    name, _, text = typed.strip().partition(" ")
    declared = site.manifest.commands.get(name)
    if declared is None:
        return Shown(note=f"{name} is not a valid command; the manifest has {sorted(site.manifest.commands)}")
    sent = as_sent(w, text.strip(), mentions=bool(declared.get("should_escape")), named=True)
    who = w.users[user]
    payload = {
        "token": site.identity.verification,
        "team_id": w.team_id,
        "team_domain": common(site, user)["team"]["domain"],
        "channel_id": channel.id,
        "channel_name": channel_json(channel)["name"],
        "user_id": user,
        "user_name": who.name,
        "command": name,
        "text": sent,
        "api_app_id": site.identity.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url(site, user, channel.id, None),
        "trigger_id": site.tokens.trigger(user),
    }
    return _ask(site, "slash_commands", payload, user, channel.id)


def _ask(site: Site, kind: str, payload: Json, user: str, channel: str | None) -> Shown:
    """Send, wait, show the acknowledgement's own message, and gather what appeared meanwhile."""
    w = site.workspace
    seen = {id(m): m.edited for ms in w.messages.values() for m in ms}
    views = {(v.id, v.hash) for v in w.stacks.get(user, [])}
    delivery = site.courier.ask(kind, payload)
    shown = Shown()
    if not delivery.acked:
        shown.note = no_answer(site, delivery)
    elif kind == "slash_commands" and delivery.answer and channel:
        try:
            responses.say(site, delivery.answer, ResponseUrl(user, channel, None, None, 0.0))
        except SlackError as error:
            site.reject(delivery.name, error.code)
            shown.note = f"the app's answer was refused: {error.code} {error.extra}"
    with w.lock:
        theirs = [m for ms in w.messages.values() for m in ms if m.bot and m.ephemeral_to in (None, user)]
        shown.messages = sorted((m for m in theirs if id(m) not in seen), key=lambda m: m.ts)
        shown.changed = [m for m in theirs if id(m) in seen and m.edited != seen[id(m)]]
        top = w.stacks.get(user, [])[-1:]
        shown.view = next((v for v in top if (v.id, v.hash) not in views), None)
    return shown


def click(site: Site, user: str, where: Message | View, placed: Placed, value: Json) -> Shown:
    """Use an interactive element; `value` is what the action carries (`{"value": …}`, `{"selected_option": …}`)."""
    if not site.manifest.interactive:
        raise ActError("the manifest has interactivity off")
    w, ts = site.workspace, site.workspace.next_ts()
    action: Json = {"type": placed.kind, "action_id": placed.action_id, "block_id": placed.block_id, "action_ts": ts}
    if isinstance(placed.element.get("text"), dict):
        action["text"] = placed.element["text"]
    payload = common(site, user) | {"type": "block_actions", "actions": [action | value]}
    if isinstance(where, View):
        payload |= {
            "trigger_id": site.tokens.trigger(user, where.id if where.type == "modal" else None),
            "container": {"type": "view", "view_id": where.id},
            "view": view_json(site, where),
        }
        return _ask(site, "interactive", payload, user, None)
    payload |= _from_message(site, user, where)
    payload["state"] = {"values": deepcopy(w.draft(user, where))}
    return _ask(site, "interactive", payload, user, where.channel)


def _from_message(site: Site, user: str, message: Message) -> Json:
    channel = site.workspace.channels[message.channel]
    said: Json = {
        "trigger_id": site.tokens.trigger(user),
        "container": container_json(message),
        "channel": channel_json(channel),
        "response_url": response_url(site, user, channel.id, message),
    }
    if message.ephemeral_to is None:
        said["message"] = message_json(site, message, metadata=True)
    return said


def enter(site: Site, user: str, where: Message | View, placed: Placed, state: Json) -> None:
    """Put a value into an input or select; nothing is sent."""
    entered = site.workspace.draft(user, where) if isinstance(where, Message) else where.values
    with site.workspace.lock:
        entered.setdefault(placed.block_id, {})[placed.action_id] = state
        if isinstance(where, View):
            where.values = state_of(where.blocks, where.values)


def suggest(site: Site, user: str, where: Message | View, placed: Placed, query: str) -> list[Json]:
    """The options an external select offers for what was typed."""
    payload = common(site, user) | {
        "type": "block_suggestion",
        "action_id": placed.action_id,
        "block_id": placed.block_id,
        "value": query,
    }
    if isinstance(where, View):
        payload |= {"container": {"type": "view", "view_id": where.id}, "view": view_json(site, where)}
    else:
        channel = site.workspace.channels[where.channel]
        payload |= {"container": container_json(where), "channel": channel_json(channel)}
        payload["message"] = message_json(site, where)
    delivery = site.courier.ask("interactive", payload)
    if not delivery.acked:
        raise ActError(no_answer(site, delivery))
    answer = delivery.answer or {}
    groups = answer.get("option_groups") or []
    return list(answer.get("options") or []) + [o for g in groups for o in g.get("options", [])]


def shortcut(site: Site, user: str, callback_id: str, message: Message | None = None) -> Shown:
    """Use a global shortcut, or a message shortcut on a message."""
    declared = site.manifest.shortcuts.get(callback_id)
    kind = "message" if message is not None else "global"
    if declared is None or declared.get("type") != kind:
        raise ActError(f"the manifest has no {kind} shortcut {callback_id!r}")
    payload = common(site, user) | {"callback_id": callback_id, "action_ts": site.workspace.next_ts()}
    if message is None:
        payload |= {"type": "shortcut", "trigger_id": site.tokens.trigger(user)}
        return _ask(site, "interactive", payload, user, None)
    payload |= {"type": "message_action", "message_ts": message.ts, **_from_message(site, user, message)}
    return _ask(site, "interactive", payload, user, message.channel)


def close(site: Site, view: View, *, everything: bool = False) -> None:
    """Close a modal, or the whole stack; `view_closed` goes to the app where a view asked for it."""
    w = site.workspace
    with w.lock:
        stack = w.stacks.get(view.user, [])
        everything = everything or view.clear_on_close
        gone = list(stack) if everything else [v for v in stack if v is view]
        w.stacks[view.user] = [v for v in stack if v not in gone]
        w.touch("view")
    for v in reversed(gone):
        if v.notify_on_close:
            payload = common(site, v.user) | {"type": "view_closed", "view": view_json(site, v)}
            site.courier.ask("interactive", payload | {"is_cleared": everything})


def element(where: Message | View, block_id: str, action_id: str) -> Placed:
    """The element with these ids."""
    for placed in walk(where.blocks):
        if placed.block_id == block_id and placed.action_id == action_id:
            return placed
    raise ActError(f"there is no {action_id!r} in block {block_id!r}")
