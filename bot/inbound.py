"""The way in for everything Slack sends: written to the inbox, acknowledged, then worked off, once.

`Remember` is Bolt's only middleware of ours: what arrives is durable before anybody acknowledges it, and what
arrives twice goes no further. `Inbound` registers a feature's listeners so that each is acknowledged at once and
worked off right after, in a thread of its own; what a crash leaves in between is replayed. What to do with an
event is the listeners' business.
"""

import json
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from re import Pattern
from typing import Any

import structlog
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.middleware import Middleware
from slack_sdk import WebClient

from bot.faults_log import log_fault, reference
from bot.replies import Caller, Reply
from bot.services import Services
from bot.slack_errors import TRANSPORT_ERRORS
from bot.views import Message, ids, trouble
from rituals.errors import FormRefusal, Refusal
from storage.database import DatabaseBusyError
from storage.tables import InboxEvent

log = structlog.get_logger(__name__)
REPLAYED, CALLER = "plumbline_replayed", "plumbline_caller"
NOT_TAKEN = "The database is busy and nothing was changed. Please do that again in a moment."
UNFINISHED_AFTER = timedelta(seconds=60)  # longer than any work takes, so that nothing under way is replayed

Work = Callable[[Caller, Reply], None]
Submit = Callable[[Caller, Reply], dict[str, Any] | None]
Offer = Callable[[str, str, str], list[dict[str, Any]]]  # user, action id, what was typed


class Inbound:
    """Registers listeners on a Bolt app."""

    def __init__(self, app: App, services: Services) -> None:
        self.app, self.services = app, services

    def command(self, name: str, work: Work) -> None:
        """A slash command."""
        self.app.command(name)(self._listener(work))

    def action(self, action_id: str | Pattern[str], work: Work) -> None:
        """A click or a pick in a message, a modal or App Home."""
        self.app.action(action_id)(self._listener(work))

    def action_at_once(self, action_id: str | Pattern[str], work: Work) -> None:
        """A click whose payload is kept nowhere (`ids.UNKEPT`): done before it is acknowledged, so that whoever is told
        that it came can rely on it. What a crash leaves undone, the person sees fail and clicks again.
        """

        def listener(ack: Any, body: dict[str, Any], context: dict[str, Any], client: WebClient) -> None:
            self._work_off(work, context.get(CALLER) or Caller.of(body, at=self.services.clock.now()), client)
            ack()

        self.app.action(action_id)(listener)

    def message_shortcut(self, callback_id: str, work: Work) -> None:
        """A shortcut on a message."""
        self.app.message_shortcut(callback_id)(self._listener(work))

    def event(self, name: str, work: Work) -> None:
        """An event of the Events API."""
        self.app.event(name)(self._listener(work))

    def options(self, action_id: str | Pattern[str], offer: Offer) -> None:
        """What a field offers while somebody types in it; where that fails, it offers nothing."""

        def listener(ack: Any, body: dict[str, Any]) -> None:
            ack(options=self._offered(offer, body))

        self.app.options(action_id)(listener)

    def _offered(self, offer: Offer, body: dict[str, Any]) -> list[dict[str, Any]]:
        try:
            return offer(body["user"]["id"], body["action_id"], str(body.get("value") or ""))
        except (Refusal, DatabaseBusyError):
            return []
        except Exception as error:  # noqa: BLE001 - as above: the person goes on typing, the log has it
            log_fault(log, error, user=body["user"]["id"])
            return []

    def submission(self, callback_id: str, submit: Submit) -> None:
        """A modal's submission: done before the answer, so that errors stand beside their fields.

        `submit` returns the response to Slack (say a view to show next) or None to close the modal.
        """

        def listener(ack: Any, body: dict[str, Any], client: WebClient) -> None:
            self._submitted(submit, ack, body, client)

        self.app.view(callback_id)(listener)

    def _listener(self, work: Work) -> Callable[..., None]:
        """Acknowledges, and hands the work to the pool itself: Bolt's own lazy listeners copy every request deeply."""

        def listener(ack: Any, body: dict[str, Any], context: dict[str, Any], client: WebClient) -> None:
            caller = context.get(CALLER) or Caller.of(body, at=self.services.clock.now())
            ack()
            if context.get(REPLAYED):  # one after the other, in the order in which they came
                self._work_off(work, caller, client)
                return
            pool = self.app.listener_runner.listener_executor
            pool.submit(self._work_off, work, caller, client).add_done_callback(_watched)

        return listener

    def _work_off(self, work: Work, caller: Caller, client: WebClient) -> None:
        reply = Reply(caller, client)
        try:
            work(caller, reply)
        except Refusal as no:
            self._close(caller, reply, trouble.refusal(no, context=caller.text, typed=_line(caller)))
        except DatabaseBusyError:
            _tell(reply, _again(caller))
        except Exception as error:  # noqa: BLE001 - the one edge where a fault of ours becomes an id a person sees
            ref = log_fault(log, error, key=caller.key, user=caller.user)
            self._close(caller, reply, trouble.broke(ref, stored=not ids.unkept(caller.action_id)), fault=ref)
        else:
            self._done(caller)
        self.services.nudge()

    def _close(self, caller: Caller, reply: Reply, message: Message, *, fault: str = "") -> None:
        """Show what became of it before it counts as done: after a crash in between it is shown twice, not never."""
        try:
            _tell(reply, message)
        finally:
            self._done(caller, fault=fault)

    def _done(self, caller: Caller, *, fault: str = "") -> None:
        """Close the event in the inbox. With a fault its payload is kept under the reference the person was told."""
        self.services.inbox.handled(self.services.team_id, caller.key, at=caller.at, fault=fault)

    def _submitted(self, submit: Submit, ack: Any, body: dict[str, Any], client: WebClient) -> None:
        caller = Caller.of(body, at=self.services.clock.now())
        try:
            answer = submit(caller, Reply(caller, client))
        except FormRefusal as no:
            ack(response_action="errors", errors=_beside_inputs(body, no.errors))
        except Refusal as no:
            ack(response_action="errors", errors={no.field or _first_input(body): _with_choices(no)})
        except DatabaseBusyError:
            ack(response_action="errors", errors={_first_input(body): trouble.busy().text})
        except Exception as error:  # noqa: BLE001 - as above: the form stays open with what was typed
            text = trouble.broke(log_fault(log, error, key=caller.key, user=caller.user), stored=False).text
            ack(response_action="errors", errors={_first_input(body): text})
        else:
            ack(**answer) if answer else ack()
            self.services.nudge()


def _again(caller: Caller) -> Message:
    """What the inbox has stays open there and is done again; what it has not, the person does again."""
    return trouble.refusal(Refusal(NOT_TAKEN)) if ids.unkept(caller.action_id) else trouble.busy()


def _line(caller: Caller) -> str:
    """A command as it was typed; "" for what stands in Slack anyway."""
    return f"/okr {caller.text}" if caller.key.startswith("command:") else ""


def _tell(reply: Reply, message: Message) -> None:
    """Show what became of it. Where Slack does not take the words any more, the work is done all the same."""
    try:
        reply.show(message)
    except TRANSPORT_ERRORS as error:
        log.warning("a reply could not be shown", why=str(error)[:200])


def _watched(work: Future[None]) -> None:
    """What broke outside of every care that is taken of work would be lost in the pool without a word."""
    if (error := work.exception()) is not None:
        log_fault(log, error)


def _with_choices(no: Refusal) -> str:
    return f"{no.text} {' or '.join(c.label for c in no.choices)}" if no.choices else no.text


def _beside_inputs(body: dict[str, Any], errors: dict[str, str]) -> dict[str, str]:
    """Each error beside its input; one whose input the form does not show stands beside the first, with its subject."""
    inputs = {block["block_id"] for block in body["view"]["blocks"] if block["type"] == "input"}
    placed = {block: text for block, text in errors.items() if block in inputs}
    for block in errors.keys() - inputs:
        first, (_, about) = _first_input(body), ids.split(block)
        placed[first] = f"{placed.get(first, '')} {about}: {errors[block]}".strip()
    return placed


def _first_input(body: dict[str, Any]) -> str:
    """Slack shows a modal's errors beside inputs only."""
    blocks = body["view"]["blocks"]
    return str(next(b["block_id"] for b in blocks if b["type"] == "input"))


class Remember(Middleware):
    """Writes to the inbox before anything is acknowledged and stops what came before.

    A class and not a function, for which Bolt would collect every argument that a function may ask for.
    """

    def __init__(self, services: Services) -> None:
        self._services = services

    def process(self, *, req: BoltRequest, resp: BoltResponse, next: Callable[[], BoltResponse]) -> BoltResponse | None:
        """Bolt's: call `next` or answer."""
        kind = _kind(req.body)
        if kind is None or req.context.get(REPLAYED):
            return next()
        services = self._services
        caller = req.context[CALLER] = Caller.of(req.body, at=services.clock.now())
        try:
            kept = "" if ids.unkept(caller.action_id) else json.dumps(req.body)
            fresh = services.inbox.record(services.team_id, caller.key, kind, kept, at=caller.at)
        except DatabaseBusyError:
            return _not_taken(kind, req.body, caller, req.context.client)
        return next() if fresh else BoltResponse(status=200, body="")


def _not_taken(kind: str, body: dict[str, Any], caller: Caller, client: WebClient) -> BoltResponse:
    """What could not be written down is not acknowledged where Slack sends it again: that is so of events only.

    A command's line goes back to who typed it; whoever clicked is asked to click again.
    """
    log.warning("database busy, not taken", kind=kind, key=caller.key)
    if kind == "event":
        return BoltResponse(status=503, body="")
    if kind == "command":
        told = trouble.refusal(Refusal(NOT_TAKEN), typed=_line(caller))
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": told.text, "blocks": told.blocks})
    _tell(Reply(caller, client), trouble.refusal(Refusal(NOT_TAKEN)))
    return BoltResponse(status=200, body="")


def _kind(body: dict[str, Any]) -> str | None:
    """What is worked off after the acknowledgement; forms and suggestions answer within it and are not kept."""
    if "command" in body:
        return "command"
    if body.get("type") == "event_callback":
        return "event"
    return str(body["type"]) if body.get("type") in {"block_actions", "shortcut", "message_action"} else None


def replay(app: App, services: Services) -> int:
    """Work off what was acknowledged before a crash. Returns how much there was."""
    before = services.clock.now() - UNFINISHED_AFTER
    left = services.inbox.unfinished(services.team_id, before=before)
    for event in left:
        _dispatch_again(app, services, event)
    return len(left)


def _dispatch_again(app: App, services: Services, event: InboxEvent) -> None:
    """It counts as said when it came. What is not taken now either, say a button of another version, never will be:
    it is kept as a fault.
    """
    body = json.loads(event.body)
    context = {REPLAYED: True, CALLER: Caller.of(body, at=event.received_at)}
    request = BoltRequest(body=body, mode="socket_mode", context=context)
    response = app.dispatch(request)
    if response.status != 200:
        ref = reference()
        log.error("a replayed event was not taken", key=event.key, status=response.status, ref=ref)
        services.inbox.handled(event.team_id, event.key, at=services.clock.now(), fault=ref)
