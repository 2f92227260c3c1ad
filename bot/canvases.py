"""The record of a workshop as a canvas in its channel's tab, where the workspace has them and the app may make them.

Part of delivery, which calls it with a leased row before the file is shown. Slack has no way to look for a canvas, so
an attempt is put down before the call and not repeated when its outcome is unknown: the file is there in any case.
What keeps a workspace from having one is logged and not told to anybody.
"""

from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from slack_sdk import WebClient

from bot.slack_errors import TRANSPORT_ERRORS, RateLimited, judge
from rituals.workshops.record import document, title
from storage import outbox, people
from storage.database import Database
from storage.tables import OutboxRow

if TYPE_CHECKING:
    from rituals.notices.workshops import WorkshopRecord

log = structlog.get_logger(__name__)
TRIED = "?"
LONGEST_TITLE = 255


def with_canvas(
    db: Database, writer: WebClient, row: OutboxRow, notice: "WorkshopRecord", channel: str, *, by: str, now: datetime
) -> "WorkshopRecord":
    """The notice with the canvas that was made, or with the mark that one was tried. Raises only a 429, which made
    none and is tried again with the whole row.
    """
    text = document(db, row.team_id, notice.workshop, now=now)
    if not text:
        return notice
    tried = _put_down(db, row, by, notice.model_copy(update={"canvas": TRIED}))
    content = {"type": "markdown", "markdown": text}
    try:
        made = writer.canvases_create(title=title(notice)[:LONGEST_TITLE], document_content=content, channel_id=channel)
    except TRANSPORT_ERRORS as error:
        if isinstance(judge(error), RateLimited):
            _put_down(db, row, by, notice)
            raise
        log.warning("no canvas of the record; the file stands alone", why=str(error)[:200])
        return tried
    canvas = str(made["canvas_id"])
    return _put_down(db, row, by, tried.model_copy(update={"canvas": canvas, "canvas_url": _url(db, row, canvas)}))


def _put_down(db: Database, row: OutboxRow, by: str, notice: "WorkshopRecord") -> "WorkshopRecord":
    with db.transaction() as session:
        outbox.put_down(session, row, by=by, data=notice.model_dump(mode="json"))
    return notice


def _url(db: Database, row: OutboxRow, canvas: str) -> str:
    """Where a canvas opens; "" where the workspace's address is not known."""
    with db.transaction(readonly=True) as session:
        base = people.workspace(session, row.team_id).url.rstrip("/")
    return f"{base}/docs/{row.team_id}/{canvas}" if base else ""
