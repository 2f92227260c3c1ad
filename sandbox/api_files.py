"""Web API: files in two steps. An address to upload to, the bytes, then the message that shows them.

Stricter than Slack: the bytes must have exactly the announced length, an id is completed once, and only with its bytes.
"""

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sandbox import events
from sandbox.calls import Call, method
from sandbox.errors import SlackError
from sandbox.records import Json, Message, StoredFile
from sandbox.site import Site

LARGEST = 10_000_000  # of this stand-in; Slack's own limit is 1 GB
LONGEST_NAME = 255


@method("files.getUploadURLExternal")
def upload_url(call: Call) -> Json:
    name, length = call.required("filename"), call.text("length")
    if not length.isdecimal() or not 0 < int(length) <= LARGEST:
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] length is not a file's"]})
    if len(name) > LONGEST_NAME or "/" in name:
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] filename"]})
    file = StoredFile(f"F{secrets.token_hex(5).upper()}", name, int(length), secrets.token_hex(16))
    with call.site.workspace.lock:
        call.site.workspace.files[file.id] = file
    return {"upload_url": f"{call.site.base}/upload/{file.ticket}", "file_id": file.id}


@method("files.completeUploadExternal")
def complete(call: Call) -> Json:
    site, w = call.site, call.site.workspace
    files = [_uploaded(call, one) for one in _listed(call)]
    channel = call.channel("channel_id") if call.text("channel_id") else None
    if channel is not None:
        if channel.is_archived:
            raise SlackError("is_archived")
        if site.identity.bot_user not in channel.members:
            raise SlackError("not_in_channel")
    with w.lock:
        for file in files:
            file.complete = True
    if channel is not None:
        text = call.text("initial_comment")
        message = Message(channel.id, w.next_ts(), site.identity.bot_user, text, bot=True, files=files)
        w.add(message)
        events.message_posted(site, message)
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def _listed(call: Call) -> list[Any]:
    files = call.data("files")
    if not isinstance(files, list) or not files or not all(isinstance(one, dict) for one in files):
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] files is no list of files"]})
    return files


def _uploaded(call: Call, given: Json) -> StoredFile:
    file = call.site.workspace.files.get(str(given.get("id")))
    if file is None or file.content is None or file.complete:
        raise SlackError("file_not_found")
    file.title = str(given.get("title") or file.name)
    return file


class Files:
    """The endpoints to which bytes are uploaded and from which people download them."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def take(self, request: Request) -> Response:
        """`POST /upload/{ticket}`: the bytes of one file."""
        ticket, content = request.path_params["ticket"], await request.body()
        with self._site.workspace.lock:
            file = next((f for f in self._site.workspace.files.values() if f.ticket == ticket), None)
            if file is None or file.content is not None:
                return PlainTextResponse("no such upload", status_code=404)
            if len(content) != file.length:
                return PlainTextResponse(f"{len(content)} bytes and not {file.length}", status_code=400)
            file.content = content
        return PlainTextResponse(f"OK - {len(content)}")

    async def give(self, request: Request) -> Response:
        """`GET /files/{id}/{name}`: what was shown in a conversation, as a download."""
        file = self._site.workspace.files.get(request.path_params["id"])
        if file is None or not file.complete or file.content is None:
            return PlainTextResponse("no such file", status_code=404)
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "X-Content-Type-Options": "nosniff"}
        return Response(file.content, media_type="application/octet-stream", headers=headers)
