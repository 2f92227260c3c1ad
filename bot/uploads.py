"""Files to a member or channel: Slack's upload in two steps, and the look for files that may have been shown already.

Part of delivery, which calls it with a leased row and settles. Nothing that is uploaded is seen before the last call,
which shows all files as one message; their ids are put down before it, so that an attempt whose answer got lost is
recognised by them. It decides nothing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.history import messages
from bot.later import found
from bot.slack_errors import Refused, error_code, judge
from storage import outbox
from storage.database import Database
from storage.tables import OutboxRow

if TYPE_CHECKING:
    from rituals.exports import ExportFile
    from rituals.notices.parts import Filed
    from rituals.workshops.record import RecordFile

# Of each kind that carries files: what makes them, and the words above them.
FILES = {
    "export": ("rituals.exports:build", "bot.views.exports:comment"),
    "workshop_record": ("rituals.workshops.record:build", "bot.views.workshop_letters:record_comment"),
}
NOT_TAKEN = frozenset(
    {"missing_scope", "file_uploads_disabled", "file_upload_size_restricted", "storage_limit_reached"}
)


MOST_ALT = 1000  # characters of a picture's description


class Uploads:
    """Uploads with one token. `writer` and `reader` are delivery's."""

    def __init__(self, db: Database, writer: WebClient, reader: WebClient) -> None:
        self._db, self._writer, self._reader = db, writer, reader

    def show(
        self, row: OutboxRow, notice: "Filed", channel: str, *, by: str, now: datetime, go: Callable[[], None]
    ) -> str:
        """Show the files in a conversation; returns it. `go` is called right before what people see, and may raise.

        Raises what the calls raise. Slack's refusal of files as such is a SlackApiError whose code is in NOT_TAKEN.
        """
        files = notice.uploaded
        if files and row.uncertain and self._shown(channel, files, row.created_at):
            return channel
        if not files:
            files = self._upload_all(row, notice, by=by, now=now)
        go()
        try:
            self._complete(channel, files, notice)
        except SlackApiError as error:
            if not notice.uploaded or not isinstance(judge(error), Refused):
                raise
            # what an earlier attempt uploaded is not there any more
            self._complete(channel, self._upload_all(row, notice, by=by, now=now), notice)
        return channel

    def _upload_all(self, row: OutboxRow, notice: "Filed", *, by: str, now: datetime) -> tuple[tuple[str, str], ...]:
        made: tuple[ExportFile | RecordFile, ...] = found(FILES[row.kind][0])(self._db, row.team_id, notice, now=now)
        files = tuple((self._upload(file), file.title) for file in made)
        data = notice.model_copy(update={"uploaded": files}).model_dump(mode="json")
        with self._db.transaction() as session:
            outbox.put_down(session, row, by=by, data=data)
        return files

    def _upload(self, file: "ExportFile | RecordFile") -> str:
        """The id of a file that nobody sees yet."""
        content = file.content
        told = {"alt_txt": file.alt[:MOST_ALT]} if file.alt else {}
        place = self._writer.files_getUploadURLExternal(filename=file.name, length=len(content), **told)
        url = str(place["upload_url"])
        if not url.startswith(("https://", self._writer.base_url.partition("/api/")[0])):
            raise OSError("Slack names an address for uploads that is not secure")
        request = Request(url, content, {"Content-Type": "application/octet-stream"}, method="POST")  # noqa: S310 - see above
        with urlopen(request, timeout=self._writer.timeout, context=self._writer.ssl):  # noqa: S310
            return str(place["file_id"])

    def _complete(self, channel: str, files: Sequence[tuple[str, str]], notice: "Filed") -> None:
        self._writer.files_completeUploadExternal(
            files=[{"id": number, "title": title} for number, title in files],
            channel_id=channel,
            initial_comment=found(FILES[notice.KIND][1])(notice),
        )

    def _shown(self, channel: str, files: Sequence[tuple[str, str]], since: datetime) -> bool:
        """Whether an earlier attempt's last call arrived: its files stand in the conversation."""
        ids = {number for number, _ in files}
        found = messages(self._reader, channel, since=since)
        return any(ids & {str(file.get("id")) for file in message.get("files") or ()} for message in found)


def not_taken(error: SlackApiError) -> bool:
    """Whether Slack takes no files from this app at all, so that words have to do."""
    return error_code(error) in NOT_TAKEN
