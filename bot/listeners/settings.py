"""`/okr settings`: its pages, and the forms that open on top of them.

A save closes its form and shows what changed on the page below, or in the form's own place where there is no page.
What each form does is in `settings_forms`.
"""

from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply
from bot.services import Services
from bot.slack_errors import TRANSPORT_ERRORS
from bot.views import ids
from rituals.errors import FormRefusal

if TYPE_CHECKING:
    from rituals.settings.cards import Saved

log = structlog.get_logger(__name__)


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Add the row `settings`; hear its buttons, menus and forms."""
    services = inbound.services
    subcommands["settings"] = partial(_settings, services)
    inbound.action(ids.pattern(ids.SETTINGS_UNIT), partial(_unit, services))
    inbound.action(ids.pattern(ids.SETTINGS_EDIT), partial(_edit, services))
    inbound.action(ids.pattern(ids.SETTINGS_DROP), partial(_drop, services))
    inbound.action(ids.pattern(ids.SETTINGS_PREVIEW, ids.SETTING), partial(_redraw, services))
    inbound.submission(ids.SETTINGS_FORM, partial(_submitted, services))


def _settings(services: Services, caller: Caller, reply: Reply) -> None:
    reply.open(_page(services, caller, caller.text))


def _unit(services: Services, caller: Caller, reply: Reply) -> None:
    reply.open(_page(services, caller, caller.value))


def _page(services: Services, caller: Caller, unit: str, saved: "Saved | None" = None) -> dict[str, Any]:
    """The first page, or a unit's where one is named."""
    from bot.views.settings import settings_page, unit_page
    from rituals.settings import pages

    db, team, user = services.db, services.team_id, caller.user
    if not unit:
        return settings_page(pages.page(db, team, user, now=caller.at, saved=saved))
    return unit_page(pages.unit_page(db, team, user, unit, now=caller.at, saved=saved))


def _edit(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.listeners.settings_forms import OPEN
    from bot.views.settings_forms import settings_form

    asked = ids.unpack(caller.value)
    form = OPEN[str(asked["form"])](services, caller, str(asked.get("about", "")))
    reply.open(settings_form(form))


def _redraw(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.listeners.settings_forms import REDRAW
    from bot.views.settings_forms import settings_form
    from bot.views.settings_typed import typed_of

    meta = caller.metadata
    form = REDRAW[str(meta["form"])](services, caller, str(meta.get("about", "")), typed_of(caller.view))
    reply.update(settings_form(form))


def _drop(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.settings import rhythm_form

    saved = rhythm_form.drop(services.db, services.team_id, caller.user, caller.value, now=caller.at, key=caller.key)
    reply.update(_page(services, caller, str(caller.metadata["unit"]), saved))


def _submitted(services: Services, caller: Caller, reply: Reply) -> dict[str, Any] | None:
    from bot.listeners.settings_forms import SAVE
    from bot.views.settings_typed import typed_of

    meta = caller.metadata
    about = str(meta.get("about", ""))
    try:
        saved = SAVE[str(meta["form"])](services, caller, about, typed_of(caller.view))
    except FormRefusal as no:
        raise FormRefusal({ids.of(ids.SETTING, name): text for name, text in no.errors.items()}) from None
    return _shown(services, caller, about.partition(":")[0], saved)


def _shown(services: Services, caller: Caller, unit: str, saved: "Saved") -> dict[str, Any] | None:
    """The page below with what was saved; it is saved already, so what fails now must not look like a failure."""
    from bot.listeners.settings_forms import in_time
    from bot.views.settings import saved_modal

    below = caller.view.get("previous_view_id")
    if below:
        try:
            Reply(caller, in_time(services)).update(_page(services, caller, unit, saved), str(below))
        except TRANSPORT_ERRORS as error:
            log.warning("what a form saved is shown in the form", why=type(error).__name__)
        else:
            return None
    return {"response_action": "update", "view": saved_modal(saved)}
