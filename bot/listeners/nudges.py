"""`/okr nudge`: who is missing, and nudging them by hand; the buttons below it."""

from functools import partial

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply
from bot.services import Services
from bot.views import ids


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Add the row `nudge` and hear its buttons."""
    services = inbound.services
    subcommands["nudge"] = partial(_nudge, services)
    inbound.action(ids.NUDGE_SEND, partial(_clicked, services, later=False))
    inbound.action(ids.NUDGE_LATER, partial(_clicked, services, later=True))


def _nudge(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views import nudges as views
    from rituals.checkins import nudges

    if not caller.text.strip():
        reply.show(views.page(nudges.page(services.db, services.team_id, caller.user, now=caller.at)))
        return
    done = nudges.nudge(services.db, services.team_id, caller.user, caller.text, key=caller.key, now=caller.at)
    reply.show(views.done(done))


def _clicked(services: Services, caller: Caller, reply: Reply, *, later: bool) -> None:
    """What became of it stands in the place of what was clicked."""
    from bot.views import nudges as views
    from rituals.checkins import nudges

    query = str(ids.unpack(caller.value)["query"])
    done = nudges.nudge(services.db, services.team_id, caller.user, query, key=caller.key, now=caller.at, later=later)
    reply.replace(views.done(done))
