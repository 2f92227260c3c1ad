"""`/okr blockers [resolve N | unit]`, and the Resolve buttons wherever a blocker is shown."""

from functools import partial

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply, first_word
from bot.services import Services
from bot.views import ids


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Add the row `blockers` and hear the buttons."""
    services = inbound.services
    subcommands["blockers"] = partial(_blockers, services)
    inbound.action(ids.pattern(ids.BLOCKER_RESOLVE, ids.HOME_RESOLVE), partial(_clicked, services))


def _blockers(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views import blockers as views
    from rituals.okrs import blockers

    word, rest = first_word(caller.text)
    if word.casefold() == "resolve":
        reply.show(views.resolved(blockers.resolve(services.db, services.team_id, caller.user, rest, now=caller.at)))
        return
    found = blockers.register(services.db, services.team_id, caller.text, now=caller.at, user=caller.user)
    reply.show(views.register(found.lines, found.unit))


def _clicked(services: Services, caller: Caller, reply: Reply) -> None:
    """In a list it says so; in App Home the list itself changes."""
    from bot.views import blockers as views
    from rituals.okrs import blockers

    line = blockers.resolve(services.db, services.team_id, caller.user, caller.value, now=caller.at)
    if caller.view.get("type") != "home":
        reply.show(views.resolved(line))
