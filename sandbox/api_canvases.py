"""Web API: canvases.create. A document of Markdown, in a channel's tab where one is named.

`workspace.canvases_off` makes it a workspace without them. Stricter than Slack: a canvas needs a title, its Markdown
and a channel that the bot is in, because nobody would see it otherwise.
"""

import secrets

from sandbox.calls import Call, method
from sandbox.errors import SlackError
from sandbox.records import Canvas, Json

LONGEST = 1_048_576
LONGEST_TITLE = 255


@method("canvases.create")
def create(call: Call) -> Json:
    w = call.site.workspace
    if w.canvases_off:
        raise SlackError("canvas_disabled_user_team")
    channel = call.channel("channel_id")
    if call.site.identity.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    canvas = Canvas(f"F{secrets.token_hex(5).upper()}", channel.id, call.required("title"), _markdown(call))
    if len(canvas.title) > LONGEST_TITLE:
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] title is too long"]})
    with w.lock:
        w.canvases[canvas.id] = canvas
        w.touch("message", channel.id)
    return {"canvas_id": canvas.id}


def _markdown(call: Call) -> str:
    content = call.data("document_content")
    text = content.get("markdown") if isinstance(content, dict) and content.get("type") == "markdown" else None
    if not isinstance(text, str) or not text.strip():
        raise SlackError("canvas_creation_failed", detail="'content' error: no markdown")
    if len(text) > LONGEST:
        raise SlackError("canvas_creation_failed", detail="'content' error: too long")
    return text
