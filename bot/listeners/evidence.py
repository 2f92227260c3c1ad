"""The message shortcut "Add as evidence": its form, what became of it, and the way back."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import structlog
from slack_sdk import WebClient

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply
from bot.services import Services
from bot.slack_errors import TRANSPORT_ERRORS
from bot.views import ids

log = structlog.get_logger(__name__)
SECONDS = 1  # of the three in which a form must open, or answer
KEPT = 600  # characters of a message that the form remembers


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Hear the shortcut, its form and its Undo."""
    services = inbound.services
    inbound.message_shortcut(ids.EVIDENCE_SHORTCUT, partial(_chosen, services))
    inbound.submission(ids.EVIDENCE_FORM, partial(_submitted, services))
    inbound.action(ids.EVIDENCE_UNDO, partial(_undo, services))


def _chosen(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.evidence import evidence_form

    message = caller.event
    private = _is_private(services, caller.channel or "")
    metadata = ids.pack(
        channel=caller.channel,
        ts=caller.message_ts,
        author=str(message.get("user") or ""),
        text=str(message.get("text") or "")[:KEPT],
        private=int(private),
        url=caller.response_url,
    )
    reply.open(evidence_form(str(message.get("text") or ""), private=private, metadata=metadata))


def _submitted(services: Services, caller: Caller, reply: Reply) -> dict[str, Any] | None:
    from bot.listeners.updates import shown_where_opened
    from bot.views.evidence import evidence_added
    from rituals.okrs import evidence
    from rituals.okrs.evidence import SaidElsewhere

    meta = caller.metadata
    said = SaidElsewhere(
        permalink=_permalink(services, str(meta["channel"]), str(meta["ts"])),
        text=str(meta.get("text", "")),
        author=str(meta.get("author", "")),
        at=datetime.fromtimestamp(float(meta["ts"]), UTC),
        private=bool(meta.get("private")),
    )
    key = ids.entered(caller.view["state"]["values"])[ids.of(ids.KR_PICK, "evidence")]
    line = evidence.add(services.db, services.team_id, caller.user, key, said, now=caller.at)
    return shown_where_opened(services, caller, evidence_added(line), form=ids.EVIDENCE_FORM)


def _undo(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.evidence import evidence_added
    from rituals.okrs import evidence

    line = evidence.undo(services.db, services.team_id, caller.user, int(caller.value), now=caller.at)
    reply.replace(evidence_added(line))


def _in_time(services: Services) -> WebClient:
    reader = services.reader
    return WebClient(reader.token, base_url=reader.base_url, timeout=SECONDS, ssl=reader.ssl, retry_handlers=[])


def _is_private(services: Services, channel: str) -> bool:
    """Whether only some people can open what is said there; so is what the app cannot look at."""
    try:
        found = _in_time(services).conversations_info(channel=channel)["channel"]
    except TRANSPORT_ERRORS as error:
        log.info("a channel is taken for private", channel=channel, why=type(error).__name__)
        return True
    return bool(found.get("is_private") or found.get("is_im") or found.get("is_mpim"))


def _permalink(services: Services, channel: str, ts: str) -> str:
    """The message's address from Slack; where the app cannot see it, as Slack makes it."""
    from rituals.okrs import evidence

    try:
        return str(_in_time(services).chat_getPermalink(channel=channel, message_ts=ts)["permalink"])
    except TRANSPORT_ERRORS as error:
        log.info("a permalink is made up", channel=channel, why=type(error).__name__)
    return evidence.address(services.db, services.team_id, channel, ts)
