"""How messages, views and people are worded in API answers and in what is sent to the app.

Pure wording from records; sends nothing and decides nothing.
"""

from sandbox.elements import state_of
from sandbox.records import Channel, Json, Message, StoredFile, View
from sandbox.site import Site


def message_json(site: Site, message: Message, *, metadata: bool = False) -> Json:
    """The message object; its metadata only when asked for (`include_all_metadata`)."""
    ident = site.identity
    worded: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    if message.bot:
        worded |= {
            "bot_id": ident.bot_id,
            "app_id": ident.app_id,
            "team": site.workspace.team_id,
            "bot_profile": {"id": ident.bot_id, "app_id": ident.app_id, "name": site.manifest.bot_name},
        }
    if message.blocks:
        worded["blocks"] = message.blocks
    if metadata and message.metadata:
        worded["metadata"] = message.metadata
    if message.files:
        worded["files"] = [file_json(site, file) for file in message.files]
    worded |= {k: v for k, v in (("edited", message.edited), ("reactions", message.reactions)) if v}
    return worded | _thread_fields(site, message)


def file_json(site: Site, file: StoredFile) -> Json:
    """The file object, as far as it is used here."""
    url = f"{site.base}/files/{file.id}/{file.name}"
    size = len(file.content or b"")
    return {"id": file.id, "name": file.name, "title": file.title, "size": size, "url_private_download": url}


def _thread_fields(site: Site, message: Message) -> Json:
    fields: Json = {"subtype": "thread_broadcast"} if message.broadcast else {}
    if message.is_reply:
        parent = site.workspace.find(message.channel, message.root)
        return fields | {"thread_ts": message.thread_ts, "parent_user_id": parent.user if parent else ""}
    replies = site.workspace.replies(message.channel, message.ts)
    if not replies:
        return fields
    users = list(dict.fromkeys(r.user for r in replies))
    return fields | {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users": users,
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
        "subscribed": False,
    }


def view_json(site: Site, view: View) -> Json:
    """The view object with its current `state.values`."""
    ident = site.identity
    return {
        "id": view.id,
        "team_id": site.workspace.team_id,
        "type": view.type,
        "blocks": view.blocks,
        "private_metadata": view.private_metadata,
        "callback_id": view.callback_id,
        "state": {"values": state_of(view.blocks, view.values)},
        "hash": view.hash,
        "title": view.title,
        "submit": view.submit,
        "close": view.close,
        "clear_on_close": view.clear_on_close,
        "notify_on_close": view.notify_on_close,
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "app_id": ident.app_id,
        "external_id": view.external_id,
        "app_installed_team_id": site.workspace.team_id,
        "bot_id": ident.bot_id,
    }


def common(site: Site, user_id: str) -> Json:
    """What every interaction payload says about who, where and to whom."""
    w, user = site.workspace, site.workspace.users[user_id]
    return {
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": w.team_id},
        "team": {"id": w.team_id, "domain": w.team_name.lower().replace(" ", "-")},
        "api_app_id": site.identity.app_id,
        "token": site.identity.verification,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def channel_json(channel: Channel) -> Json:
    """A channel as interactions name it."""
    return {"id": channel.id, "name": "directmessage" if channel.is_im else channel.name}


def container_json(message: Message) -> Json:
    """Where in a message something was clicked."""
    worded: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    return worded | ({"thread_ts": message.thread_ts} if message.thread_ts else {})


def response_url(site: Site, user: str, channel: str, message: Message | None) -> str:
    """A fresh response URL."""
    ts, thread = (message.ts, message.thread_ts) if message else (None, None)
    return f"{site.base}/response/{site.tokens.response_key(user, channel, ts, thread)}"
