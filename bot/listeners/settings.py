"""`/okr settings`: its pages, and the forms that open on top of them.

A save closes its form and shows what changed on the page below, or in the form's own place where there is no page.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.inbound import Inbound, Work
from bot.listeners.members import member_of
from bot.replies import Caller, Reply
from bot.services import Services
from bot.slack_errors import TRANSPORT_ERRORS, error_code
from bot.views import ids
from bot.views.settings import saved_modal, settings_page, unit_page
from bot.views.settings_forms import settings_form
from bot.views.settings_typed import typed_of
from rituals.errors import FormRefusal
from rituals.settings import absent, leads, mine, pages, rhythm_form, units, workspace
from rituals.settings.cards import Saved, SettingsForm, Typed
from rituals.settings.leads import Newcomer

log = structlog.get_logger(__name__)
SECONDS = 1  # Slack waits three for the answer to a form, the database takes its part
MOST_NEW = 2  # each is a call to Slack
UNASKED = "Slack could not be asked who they are. Nothing was changed; please save again."

Open = Callable[[Services, Caller, str], SettingsForm]
Redraw = Callable[[Services, Caller, str, Typed], SettingsForm]
Save = Callable[[Services, Caller, str, Typed], Saved]


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


def _page(services: Services, caller: Caller, unit: str, saved: Saved | None = None) -> dict[str, Any]:
    """The first page, or a unit's where one is named."""
    db, team, user = services.db, services.team_id, caller.user
    if not unit:
        return settings_page(pages.page(db, team, user, now=caller.at, saved=saved))
    return unit_page(pages.unit_page(db, team, user, unit, now=caller.at, saved=saved))


def _edit(services: Services, caller: Caller, reply: Reply) -> None:
    asked = ids.unpack(caller.value)
    form = OPEN[str(asked["form"])](services, caller, str(asked.get("about", "")))
    reply.open(settings_form(form))


def _redraw(services: Services, caller: Caller, reply: Reply) -> None:
    meta = caller.metadata
    form = REDRAW[str(meta["form"])](services, caller, str(meta.get("about", "")), typed_of(caller.view))
    reply.update(settings_form(form))


def _drop(services: Services, caller: Caller, reply: Reply) -> None:
    saved = rhythm_form.drop(services.db, services.team_id, caller.user, caller.value, now=caller.at, key=caller.key)
    reply.update(_page(services, caller, str(caller.metadata["unit"]), saved))


def _submitted(services: Services, caller: Caller, reply: Reply) -> dict[str, Any] | None:
    meta = caller.metadata
    about = str(meta.get("about", ""))
    try:
        saved = SAVE[str(meta["form"])](services, caller, about, typed_of(caller.view))
    except FormRefusal as no:
        raise FormRefusal({ids.of(ids.SETTING, name): text for name, text in no.errors.items()}) from None
    return _shown(services, caller, about.partition(":")[0], saved)


def _shown(services: Services, caller: Caller, unit: str, saved: Saved) -> dict[str, Any] | None:
    """The page below with what was saved; it is saved already, so what fails now must not look like a failure."""
    below = caller.view.get("previous_view_id")
    if below:
        try:
            Reply(caller, _in_time(services)).update(_page(services, caller, unit, saved), str(below))
        except TRANSPORT_ERRORS as error:
            log.warning("what a form saved is shown in the form", why=type(error).__name__)
        else:
            return None
    return {"response_action": "update", "view": saved_modal(saved)}


def _in_time(services: Services) -> WebClient:
    writer = services.writer
    return WebClient(writer.token, base_url=writer.base_url, timeout=SECONDS, ssl=writer.ssl, retry_handlers=[])


def _save_unit(services: Services, caller: Caller, about: str, typed: Typed) -> Saved:
    """Who leads it from now on may not be in the portfolio yet: Slack knows their name and zone."""
    db, team = services.db, services.team_id
    unknown = leads.unknown(db, team, typed.several("leads"))
    if len(unknown) > MOST_NEW:
        raise FormRefusal({"leads": f"{len(unknown)} of them are new to the portfolio; add {MOST_NEW} at a time"})
    newcomers = [one for user in unknown if (one := _newcomer(_in_time(services), user))]
    return units.save(db, team, caller.user, about, typed, now=caller.at, key=caller.key, newcomers=newcomers)


def _newcomer(client: WebClient, user: str) -> Newcomer | None:
    """Who a Slack user is; None for a bot, who left, or is of another workspace."""
    try:
        found = client.users_info(user=user)["user"]
    except SlackApiError as error:
        if error_code(error) in {"user_not_found", "user_not_visible"}:
            return None
        raise FormRefusal({"leads": UNASKED}) from None
    except TRANSPORT_ERRORS:
        raise FormRefusal({"leads": UNASKED}) from None
    if found.get("is_bot") or found.get("deleted"):
        return None
    member = member_of(found)
    name = str((found.get("profile") or {}).get("real_name") or found.get("real_name") or found.get("name") or user)
    return Newcomer(member.slack, name, member.email, member.timezone)


OPEN: dict[str, Open] = {
    "mine": lambda s, c, about: mine.open_form(s.db, s.team_id, c.user, now=c.at),
    "away": lambda s, c, about: absent.open_form(s.db, s.team_id, c.user, now=c.at),
    "workspace": lambda s, c, about: workspace.open_form(s.db, s.team_id, c.user, now=c.at),
    "unit": lambda s, c, about: units.open_form(s.db, s.team_id, c.user, about, now=c.at),
    "rhythm": lambda s, c, about: rhythm_form.open_form(s.db, s.team_id, c.user, about, now=c.at),
}
REDRAW: dict[str, Redraw] = {
    "mine": lambda s, c, about, typed: mine.redrawn(s.db, s.team_id, c.user, typed),
    "away": lambda s, c, about, typed: absent.redrawn(s.db, s.team_id, c.user, typed, now=c.at),
    "workspace": lambda s, c, about, typed: workspace.redrawn(s.db, s.team_id, c.user, typed),
    "unit": lambda s, c, about, typed: units.redrawn(s.db, s.team_id, c.user, about, typed),
    "rhythm": lambda s, c, about, typed: rhythm_form.redrawn(s.db, s.team_id, c.user, about, typed, now=c.at),
}
SAVE: dict[str, Save] = {
    "mine": lambda s, c, about, typed: mine.save(s.db, s.team_id, c.user, typed, now=c.at, key=c.key),
    "away": lambda s, c, about, typed: absent.save(s.db, s.team_id, c.user, typed, now=c.at, key=c.key),
    "workspace": lambda s, c, about, typed: workspace.save(s.db, s.team_id, c.user, typed, now=c.at, key=c.key),
    "unit": _save_unit,
    "rhythm": lambda s, c, about, typed: rhythm_form.save(s.db, s.team_id, c.user, about, typed, now=c.at, key=c.key),
}
