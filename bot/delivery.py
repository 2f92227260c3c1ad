"""The only module that posts. It renders what was claimed, calls Slack with no transaction open, and settles.

Exactly one message: a row that may have been posted before is looked for in Slack's history first (`_landed`); the
writing client never retries by itself; a sender that is late in its lease does not send. What to say and to whom
was decided before; nothing is decided here but what a failed call means for the row.
"""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.claims import LEASE_SECONDS, Claims
from bot.history import messages
from bot.later import found
from bot.outcomes import Claim, Landed, Outcomes, is_person
from bot.slack_errors import TRANSPORT_ERRORS, Refused, error_code, judge
from bot.uploads import Uploads, not_taken
from bot.views import VIEWS, Message, home_view, plainer
from rituals.clock import Clock
from rituals.errors import Refusal
from rituals.notices import NOTICES, Home, Notice
from rituals.notices.parts import Filed
from storage import pace, people
from storage.database import Database, DatabaseBusyError, Session
from storage.tables import OutboxRow

log = logging.getLogger(__name__)
EVENT_TYPE = "plumbline_message"
HTTP_SECONDS = 8  # a call ends before its lease can lapse
LATEST_START = timedelta(seconds=LEASE_SECONDS - 2 * HTTP_SECONDS)

Renderer = Callable[[Session, str, Mapping[str, Any], datetime], Notice | None]


class _LateError(Exception):
    """The lease is too old to post under: another sender may take the row at any moment."""


class Delivery:
    """Sends what is due in one workspace. `renderers` give live notices their present state, by kind.

    Several may run at once, in one process or in many: the lease decides who sends.
    """

    def __init__(
        self,
        db: Database,
        team_id: str,
        writer: WebClient,
        reader: WebClient,
        clock: Clock,
        renderers: Mapping[str, Renderer],
        *,
        limits: pace.Pace | None = None,
        senders: int = 4,
    ) -> None:
        self._db, self._writer, self._reader, self._clock = db, writer, reader, clock
        self._renderers = renderers
        self._uploads = Uploads(db, writer, reader)
        limits = limits or pace.Pace()
        self._outcomes = Outcomes(db, clock, limits)
        self._claims = Claims(db, team_id, clock, limits, senders)
        self._pool = ThreadPoolExecutor(senders, thread_name_prefix="sender")

    def close(self) -> None:
        """Let the calls under way end."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def deliver_due(self, *, limit: int = 20) -> int:
        """One pass: send up to `limit` rows that are due and free in the pace. Returns how many were tried."""
        claims = self._claims.take(limit)
        list(self._pool.map(self._send, claims))
        return len(claims)

    def start_due(self, done: Callable[[], None]) -> int:
        """Begin to send what is due and free in the pace, as far as senders are free, and return how many; `done` is
        called whenever one of them is settled. One that takes its time does not hold up the others' pace."""
        claims = self._claims.take_free()
        for claim in claims:
            self._begin(claim, done)
        return len(claims)

    def _begin(self, claim: Claim, done: Callable[[], None]) -> None:
        place = self._claims.begin(claim)

        def settled(call: Future[None]) -> None:
            self._claims.free(place)
            if not call.cancelled() and (error := call.exception()):
                log.error("cannot write down what became of %s", claim.row.key, exc_info=error)
            done()

        self._pool.submit(self._send, claim).add_done_callback(settled)

    def deliver_all(self) -> int:
        """Passes until nothing is due at this instant; for `tick --deliver` and the sandbox."""
        total = 0
        while sent := self.deliver_due():
            total += sent
        return total

    def pause(self, longest: float) -> float:
        """How long (seconds) a sender may sleep until a row is due and free in the pace: 10 ms at least, `longest`
        at most. What cannot go before a call under way is settled does not count: `done` is called then."""
        return self._claims.pause(longest)

    def _send(self, claim: Claim) -> None:
        row = claim.row
        try:
            landed = self._carry_out(claim)
        except TRANSPORT_ERRORS as error:
            self._outcomes.failed(claim, judge(error))
        except _LateError:
            self._outcomes.retry(claim, after=0, uncertain=row.uncertain, why="late in its lease")
        except DatabaseBusyError:
            self._outcomes.retry(claim, after=1, uncertain=True, why="the database was busy")
        except Exception:
            # a fault of ours: keep the row, say so in the log, let the others go on; the call may have been made
            log.exception("cannot deliver %s", row.key)
            self._outcomes.retry(claim, after=300, uncertain=True, why="a fault on our side; see the log")
        else:
            self._outcomes.sent(claim, landed)

    def _in_time(self, claim: Claim) -> None:
        """Asked right before every call that people see: under a lease that is old, somebody else may make it."""
        if self._clock.now() - claim.at > LATEST_START:
            raise _LateError

    def _notice(self, row: OutboxRow) -> Notice | None:
        data = row.data or {}
        if row.mode == "post":
            return NOTICES[row.kind].model_validate(data)
        with self._db.transaction(readonly=True) as session:
            return self._renderers[row.kind](session, row.team_id, data, self._clock.now())

    def _carry_out(self, claim: Claim) -> Landed:
        if claim.row.mode == "gone":
            return self._remove(claim)
        row, notice = claim.row, self._notice(claim.row)
        if notice is None:
            return Landed(row.channel, row.ts)
        if isinstance(notice, Home):
            view = home_view(notice)
            self._in_time(claim)
            self._writer.views_publish(user_id=row.to, view=view)
            return Landed(None, None)
        if isinstance(notice, Filed):
            return self._show_files(claim, notice)
        try:
            return self._show(claim, VIEWS[row.kind](notice))
        except SlackApiError as error:
            if not isinstance(judge(error), Refused):
                raise
            log.warning("%s was refused (%s); trying it plainer", row.key, error_code(error))
            return self._plainer(claim, notice, error)

    def _remove(self, claim: Claim) -> Landed:
        """Delete a message that was taken back; one that somebody deleted before is gone as well."""
        row = claim.row
        channel, ts = row.channel or claim.channel, row.ts
        if ts is None and row.uncertain:
            channel = channel or self._channel(row)
            ts = self._landed(row, channel, claim.thread_ts)
        if channel and ts:
            self._in_time(claim)
            try:
                self._writer.chat_delete(channel=channel, ts=ts)
            except SlackApiError as error:
                if error_code(error) != "message_not_found":
                    raise
        return Landed(channel, ts)

    def _show_files(self, claim: Claim, notice: Filed) -> Landed:
        """Files, or words where Slack takes no files from this app; first a canvas of it, where it wants one."""
        row, now = claim.row, self._clock.now()
        channel = self._channel(row)
        channel = self._opened(row) if is_person(channel) else channel
        if notice.wants_canvas:
            self._in_time(claim)
            notice = found("bot.canvases:with_canvas")(
                self._db, self._writer, row, notice, channel, by=claim.by, now=now
            )
        try:
            self._uploads.show(row, notice, channel, by=claim.by, now=now, go=lambda: self._in_time(claim))
        except SlackApiError as error:
            if not not_taken(error):
                raise
            return self._show(claim, VIEWS[row.kind](notice))
        except Refusal as no:  # what it was to be made of is gone, or it could not be made
            from bot.views.trouble import refusal

            if no.__cause__ is not None:
                log.warning("no file of %s: %s", row.key, no.__cause__)
            return self._show(claim, refusal(no))
        return Landed(channel, None)

    def _plainer(self, claim: Claim, notice: Notice, error: SlackApiError) -> Landed:
        """Down the ladder on `invalid_blocks` and the like; the last rung is the text alone."""
        for message in plainer(notice):
            try:
                return self._show(claim, message)
            except SlackApiError as again:
                if not isinstance(judge(again), Refused):
                    raise
        raise error

    def _show(self, claim: Claim, message: Message) -> Landed:
        row = claim.row
        if row.channel and row.ts:
            return self._update(claim, row.channel, row.ts, message)
        channel = claim.channel or self._channel(row)
        if row.uncertain and (ts := self._landed(row, channel, claim.thread_ts)):
            return self._update(claim, channel, ts, message) if row.mode == "live" else Landed(channel, ts)
        try:
            return self._post(claim, channel, message)
        except SlackApiError as error:
            if not is_person(channel) or error_code(error) != "channel_not_found":
                raise
        return self._post(claim, self._opened(row), message)  # or Slack says why it cannot be opened

    def _post(self, claim: Claim, channel: str, message: Message) -> Landed:
        self._in_time(claim)
        began = self._clock.now()
        response = self._writer.chat_postMessage(
            channel=channel,
            text=message.text,
            blocks=message.blocks,
            thread_ts=claim.thread_ts,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": claim.row.marker}},
            unfurl_links=False,
            unfurl_media=False,
        )
        return Landed(str(response["channel"]), str(response["ts"]), began)

    def _update(self, claim: Claim, channel: str, ts: str, message: Message) -> Landed:
        self._in_time(claim)
        self._writer.chat_update(channel=channel, ts=ts, text=message.text, blocks=message.blocks)
        return Landed(channel, ts)

    def _channel(self, row: OutboxRow) -> str:
        """Where to post. A message to a person's id opens their DM by itself and tells its id; a row that may have been
        posted needs the id before, to look there."""
        if not is_person(row.to):
            return row.to
        with self._db.transaction(readonly=True) as session:
            person = people.by_slack(session, row.team_id, row.to)
        if person is not None and person.dm:
            return person.dm
        return self._opened(row) if row.uncertain else row.to

    def _opened(self, row: OutboxRow) -> str:
        return str(self._writer.conversations_open(users=row.to)["channel"]["id"])

    def _landed(self, row: OutboxRow, channel: str, thread_ts: str | None) -> str | None:
        """The ts of the message that an earlier attempt posted, found by its marker; None when there is none."""
        for message in messages(self._reader, channel, since=row.created_at, thread_ts=thread_ts):
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("key") == row.marker:
                return str(message["ts"])
        return None
