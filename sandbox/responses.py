"""What the app says back to an act of a person: acknowledgement bodies and POSTs to a response URL.

Both may carry a message, for this person alone or for all. Modal answers to a submission are in `submissions`.
"""

import json
from copy import deepcopy

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sandbox import events
from sandbox.api_chat import LONGEST_TEXT, read_blocks
from sandbox.errors import SlackError
from sandbox.payloads import message_json
from sandbox.records import Json, Message
from sandbox.site import Site
from sandbox.tokens import ResponseUrl

KNOWN = {
    "text",
    "blocks",
    "response_type",
    "replace_original",
    "delete_original",
    "thread_ts",
    "unfurl_links",
    "unfurl_media",
    "attachments",
    "mrkdwn",
    "metadata",
}


def say(site: Site, body: Json, to: ResponseUrl) -> Message | None:
    """Show a response in the channel it came from; None when it deleted the original message."""
    if strange := sorted(set(body) - KNOWN):
        raise SlackError("invalid_payload", detail=f"unknown keys {strange}")
    w = site.workspace
    original = w.find(to.channel, to.message_ts, viewer=to.user) if to.message_ts else None
    if body.get("delete_original"):
        if original is not None:
            _delete(site, original)
        return None
    text, blocks = str(body.get("text") or ""), read_blocks(body.get("blocks"))
    if not text.strip():
        raise SlackError("no_text")
    if len(text) > LONGEST_TEXT:
        raise SlackError("msg_too_long")
    if body.get("replace_original") and original is not None:
        return _replace(site, original, text, blocks)
    return _post(site, body, to, text, blocks)


def _post(site: Site, body: Json, to: ResponseUrl, text: str, blocks: list[Json]) -> Message:
    everyone = body.get("response_type") == "in_channel"
    message = Message(
        to.channel,
        site.workspace.next_ts(),
        site.identity.bot_user,
        text,
        blocks,
        thread_ts=body.get("thread_ts") or to.thread_ts,
        bot=True,
        ephemeral_to=None if everyone else to.user,
    )
    site.workspace.add(message)
    if everyone:
        events.message_posted(site, message)
    return message


def _replace(site: Site, original: Message, text: str, blocks: list[Json]) -> Message:
    before = deepcopy(message_json(site, original))
    with site.workspace.lock:
        original.text, original.blocks = text, blocks
        original.edited = {"user": site.identity.bot_user, "ts": site.workspace.next_ts()}
        site.workspace.touch("ephemeral" if original.ephemeral_to else "message", original.channel)
    events.message_changed(site, original, before)
    return original


def _delete(site: Site, original: Message) -> None:
    before = deepcopy(message_json(site, original))
    original.deleted = True
    site.workspace.touch("ephemeral" if original.ephemeral_to else "message", original.channel)
    events.message_deleted(site, original, before)


class ResponseUrls:
    """The endpoint `/response/{key}`."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def serve(self, request: Request) -> Response:
        """Take a message for the channel the response URL belongs to."""
        try:
            to = self._site.tokens.response(request.path_params["key"])
            body = json.loads(await request.body())
            self._site.record("response_url", body)
            say(self._site, body, to)
        except SlackError as error:
            self._site.reject("response_url", error.code)
            return PlainTextResponse(error.code, status_code=404 if error.status == 200 else error.status)
        except ValueError:
            return PlainTextResponse("invalid_payload", status_code=400)
        return PlainTextResponse("ok")
