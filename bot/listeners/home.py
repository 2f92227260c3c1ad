"""App Home and the bare `/okr`: what a person owes, with its Answer button. The buttons of key results, ratings and
blockers in it belong to those features.
"""

from functools import partial

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply
from bot.services import Services
from bot.views import ids


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Add the row of the bare command; hear that Home was opened, its Answer and its list button."""
    services = inbound.services
    subcommands[""] = partial(_mine, services)
    inbound.event("app_home_opened", partial(_opened, services))
    inbound.action(ids.pattern(ids.HOME_ANSWER), partial(_answer, services))
    inbound.action(ids.HOME_LIST, partial(_list, services))


def _mine(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.mine import mine
    from rituals import home

    reply.show(mine(home.overview(services.db, services.team_id, caller.user, now=caller.at)))


def _opened(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals import home

    if caller.event.get("tab") == "home":
        home.promise(services.db, services.team_id, caller.user, now=caller.at)


def _answer(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.listeners.checkins import show_form
    from rituals.checkins import form_opening

    ask = int(caller.value)
    form = form_opening.open_form(services.db, services.team_id, caller.user, ask_id=ask, now=caller.at)
    show_form(services, caller, reply, form)


def _list(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.listeners.okrs import list_page

    asked = ids.unpack(caller.value)
    reply.show(list_page(services, caller, str(asked["query"]), int(asked["start"])))
