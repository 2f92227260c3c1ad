"""The forms of `/okr settings` by name: what opens each, draws it again and saves it. Hears nothing itself.

Apart from `settings`, which is there from the start: all that stands behind a form is loaded with the first one.
"""

from collections.abc import Callable

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.listeners.members import member_of
from bot.replies import Caller
from bot.services import Services
from bot.slack_errors import TRANSPORT_ERRORS, error_code
from rituals.errors import FormRefusal
from rituals.settings import absent, leads, mine, rhythm_form, units, units_closing, workspace
from rituals.settings.cards import Saved, SettingsForm, Typed
from rituals.settings.leads import Newcomer

SECONDS = 1  # Slack waits three for the answer to a form, the database takes its part
MOST_NEW = 2  # each is a call to Slack
UNASKED = "Slack could not be asked who they are. Nothing was changed; please save again."

Open = Callable[[Services, Caller, str], SettingsForm]
Redraw = Callable[[Services, Caller, str, Typed], SettingsForm]
Save = Callable[[Services, Caller, str, Typed], Saved]


def in_time(services: Services) -> WebClient:
    """A client that gives up in time for the answer to a form."""
    writer = services.writer
    return WebClient(writer.token, base_url=writer.base_url, timeout=SECONDS, ssl=writer.ssl, retry_handlers=[])


def _save_unit(services: Services, caller: Caller, about: str, typed: Typed) -> Saved:
    """Who leads it from now on may not be in the portfolio yet: Slack knows their name and zone."""
    db, team = services.db, services.team_id
    unknown = leads.unknown(db, team, typed.several("leads"))
    if len(unknown) > MOST_NEW:
        raise FormRefusal({"leads": f"{len(unknown)} of them are new to the portfolio; add {MOST_NEW} at a time"})
    newcomers = [one for user in unknown if (one := _newcomer(in_time(services), user))]
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
    "close": lambda s, c, about: units_closing.open_form(s.db, s.team_id, c.user, about, now=c.at),
    "reopen": lambda s, c, about: units_closing.open_form(s.db, s.team_id, c.user, about, again=True, now=c.at),
    "rhythm": lambda s, c, about: rhythm_form.open_form(s.db, s.team_id, c.user, about, now=c.at),
}
REDRAW: dict[str, Redraw] = {
    "mine": lambda s, c, about, typed: mine.redrawn(s.db, s.team_id, c.user, typed),
    "away": lambda s, c, about, typed: absent.redrawn(s.db, s.team_id, c.user, typed, now=c.at),
    "workspace": lambda s, c, about, typed: workspace.redrawn(s.db, s.team_id, c.user, typed),
    "unit": lambda s, c, about, typed: units.redrawn(s.db, s.team_id, c.user, about, typed),
    "close": lambda s, c, about, typed: units_closing.redrawn(s.db, s.team_id, c.user, about, typed, now=c.at),
    "rhythm": lambda s, c, about, typed: rhythm_form.redrawn(s.db, s.team_id, c.user, about, typed, now=c.at),
}
SAVE: dict[str, Save] = {
    "mine": lambda s, c, about, typed: mine.save(s.db, s.team_id, c.user, typed, now=c.at, key=c.key),
    "away": lambda s, c, about, typed: absent.save(s.db, s.team_id, c.user, typed, now=c.at, key=c.key),
    "workspace": lambda s, c, about, typed: workspace.save(s.db, s.team_id, c.user, typed, now=c.at, key=c.key),
    "unit": _save_unit,
    "close": lambda s, c, about, typed: units_closing.save(s.db, s.team_id, c.user, about, typed, now=c.at, key=c.key),
    "reopen": lambda s, c, about, typed: units_closing.open_again(s.db, s.team_id, c.user, about, now=c.at, key=c.key),
    "rhythm": lambda s, c, about, typed: rhythm_form.save(s.db, s.team_id, c.user, about, typed, now=c.at, key=c.key),
}
