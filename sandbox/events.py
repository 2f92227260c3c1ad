"""Tells the app what happened, as Events API envelopes, if it subscribed to the event and was granted its scope.

Says only what Slack would say to this app: nothing from conversations that its bot is not in.
"""

import secrets

from sandbox.payloads import message_json, view_json
from sandbox.records import Channel, Json, Message
from sandbox.site import Site

FAMILY = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


def emit(site: Site, name: str, event: Json) -> None:
    """Send one event (`name` as the manifest lists it), twice when the fault `redeliver` is set."""
    if not site.manifest.hears(name):
        return
    ident, w = site.identity, site.workspace
    payload = {
        "token": ident.verification,
        "team_id": w.team_id,
        "api_app_id": ident.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": "Ev" + secrets.token_hex(5).upper(),
        "event_time": int(w.clock.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": w.team_id,
                "user_id": ident.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }
    for _ in range(2 if site.faults.redeliver else 1):
        site.courier.send("events_api", payload)


def _heard(site: Site, message: Message) -> Channel | None:
    channel = site.workspace.channels[message.channel]
    return channel if site.identity.bot_user in channel.members and message.ephemeral_to is None else None


def message_posted(site: Site, message: Message) -> None:
    """`message` and, for a mention outside of DMs, `app_mention`."""
    channel = _heard(site, message)
    if channel is None:
        return
    event = message_json(site, message, metadata=True) | {
        "channel": channel.id,
        "channel_type": channel.kind,
        "event_ts": message.ts,
        "team": site.workspace.team_id,
    }
    if not message.bot:
        event["client_msg_id"] = secrets.token_hex(16)
    emit(site, FAMILY[channel.kind], event)
    if f"<@{site.identity.bot_user}>" in message.text and not message.bot and not channel.is_im:
        emit(site, "app_mention", {**event, "type": "app_mention"})


def message_changed(site: Site, message: Message, before: Json) -> None:
    """`message` with subtype `message_changed`; `before` is the message object as it was."""
    after = message_json(site, message, metadata=True)
    _about(site, message, {"subtype": "message_changed", "message": after, "previous_message": before})


def message_deleted(site: Site, message: Message, before: Json) -> None:
    """`message` with subtype `message_deleted`."""
    _about(site, message, {"subtype": "message_deleted", "deleted_ts": message.ts, "previous_message": before})


def _about(site: Site, message: Message, what: Json) -> None:
    channel = _heard(site, message)
    if channel is None:
        return
    ts = site.workspace.next_ts()
    base: Json = {"type": "message", "channel": channel.id, "channel_type": channel.kind, "hidden": True, "ts": ts}
    emit(site, FAMILY[channel.kind], base | what | {"event_ts": ts})


def home_opened(site: Site, user: str, tab: str) -> None:
    """`app_home_opened` with the view that is published, if any."""
    w = site.workspace
    event: Json = {
        "type": "app_home_opened",
        "user": user,
        "channel": w.open_dm(user).id,
        "tab": tab,
        "event_ts": w.next_ts(),
    }
    if tab == "home" and user in w.homes:
        event["view"] = view_json(site, w.homes[user])
    emit(site, "app_home_opened", event)


def member_joined(site: Site, channel: Channel, user: str, inviter: str | None = None) -> None:
    """`member_joined_channel`; also when it was the bot that joined."""
    if site.identity.bot_user not in channel.members:
        return
    event: Json = {
        "type": "member_joined_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": site.workspace.team_id,
        "event_ts": site.workspace.next_ts(),
    }
    emit(site, "member_joined_channel", event | ({"inviter": inviter} if inviter else {}))


def user_changed(site: Site, user_id: str) -> None:
    """`user_change`."""
    w = site.workspace
    email = "users:read.email" in site.manifest.scopes
    user = w.users[user_id].to_slack(w.team_id, w.clock.now(), with_email=email)
    emit(site, "user_change", {"type": "user_change", "user": user, "event_ts": w.next_ts()})


def reaction(site: Site, message: Message, user: str, name: str, *, added: bool) -> None:
    """`reaction_added` or `reaction_removed`."""
    channel = _heard(site, message)
    if channel is None:
        return
    item = {"type": "message", "channel": channel.id, "ts": message.ts}
    ts = site.workspace.next_ts()
    kind = "reaction_added" if added else "reaction_removed"
    event = {"type": kind, "user": user, "reaction": name, "item": item, "event_ts": ts}
    emit(site, kind, event | {"item_user": message.user})
