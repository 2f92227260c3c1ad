"""`/okr update` in one line, its form, and the Undo and Edit of what was saved."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from slack_sdk import WebClient

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply
from bot.services import Services
from bot.slack_errors import TRANSPORT_ERRORS
from bot.views import Message, ids
from bot.views.blocks import modal
from rituals.errors import FormRefusal

if TYPE_CHECKING:
    from rituals.okrs.cards import UpdateForm
    from rituals.okrs.form import Entry


log = structlog.get_logger(__name__)
SECONDS = 2
_FIELDS = {
    "key": ids.KR_PICK,
    "value": ids.KR_VALUE,
    "confidence": ids.KR_CONFIDENCE,
    "note": ids.KR_NOTE,
    "evidence": ids.KR_EVIDENCE,
    "status": ids.KR_STATUS,
    "status_reason": ids.KR_REASON,
}


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Add the row `update`; hear the form and the buttons."""
    services = inbound.services
    subcommands["update"] = partial(_update, services)
    inbound.action(ids.pattern(ids.OKR_UPDATE, ids.HOME_UPDATE), partial(_open, services))
    inbound.action(ids.pattern(ids.SAVED_UNDO), partial(_undo, services))
    inbound.action(ids.pattern(ids.SAVED_EDIT), partial(_edit, services))
    inbound.submission(ids.UPDATE_FORM, partial(_submitted, services))


def _update(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views import okrs
    from rituals.okrs import service
    from rituals.okrs.cards import UpdateForm

    done = service.update_line(services.db, services.team_id, caller.user, caller.text, now=caller.at, key=caller.key)
    if isinstance(done, UpdateForm):
        reply.open(_form(done, caller))
    else:
        reply.show(okrs.saved(done))


def _open(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.okrs import service

    form = service.update_form(services.db, services.team_id, caller.user, caller.value, now=caller.at)
    reply.open(_form(form, caller))


def _edit(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.okrs import service

    form = service.edit_form(services.db, services.team_id, caller.user, int(caller.value), now=caller.at)
    reply.open(_form(form, caller))


def _undo(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views import okrs
    from rituals.okrs import service

    done = service.undo(services.db, services.team_id, caller.user, int(caller.value), now=caller.at)
    reply.replace(okrs.saved(done))


def _form(form: "UpdateForm", caller: Caller) -> dict[str, Any]:
    """The form, which remembers where it was opened: what it saved is shown there."""
    from bot.views import okrs

    metadata = ids.pack(key=form.key, update=form.update, channel=caller.channel, url=caller.response_url)
    return {**okrs.update_form(form), "private_metadata": metadata}


def _submitted(services: Services, caller: Caller, reply: Reply) -> dict[str, Any] | None:
    from bot.views import okrs
    from rituals.okrs import service

    try:
        saved = service.submit_update(
            services.db, services.team_id, caller.user, _entry(caller), now=caller.at, key=caller.key
        )
    except FormRefusal as no:
        raise FormRefusal({_FIELDS[name]: text for name, text in no.errors.items()}) from None
    return shown_where_opened(services, caller, okrs.saved(saved))


def _entry(caller: Caller) -> "Entry":
    from rituals.okrs.form import Entry

    typed, meta = ids.entered(caller.view["state"]["values"]), caller.metadata
    return Entry(
        key=str(meta.get("key") or typed.get(ids.KR_PICK, "")),
        value=typed.get(ids.KR_VALUE, ""),
        confidence=typed.get(ids.KR_CONFIDENCE, ""),
        note=typed.get(ids.KR_NOTE, ""),
        evidence=typed.get(ids.KR_EVIDENCE, ""),
        status=typed.get(ids.KR_STATUS, ""),
        status_reason=typed.get(ids.KR_REASON, ""),
        update=meta.get("update"),
    )


def shown_where_opened(
    services: Services, caller: Caller, message: Message, *, form: str = ids.UPDATE_FORM
) -> dict[str, Any] | None:
    """Show what was saved where the form was opened; where that is nowhere or fails, in the form's own place.

    It is saved already, so a failure to show it must not look like a failure to save, and Slack waits three seconds for
    the form's answer.
    """
    meta = caller.metadata
    place = replace(caller, channel=meta.get("channel"), response_url=meta.get("url"))
    if place.channel or place.response_url:
        writer = services.writer
        in_time = WebClient(writer.token, base_url=writer.base_url, timeout=SECONDS, ssl=writer.ssl, retry_handlers=[])
        try:
            Reply(place, in_time).show(message)
        except TRANSPORT_ERRORS as error:
            log.warning("what a form saved is shown in the form", why=type(error).__name__)
        else:
            return None
    return {"response_action": "update", "view": modal(form, "Saved", message.blocks)}
