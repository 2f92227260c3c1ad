"""`/okr away [until <date> [delegate @x] | off]`, and its button."""

from functools import partial

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply
from bot.services import Services
from bot.views import ids


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Add the row `away` and hear its button."""
    services = inbound.services
    subcommands["away"] = partial(_away, services)
    inbound.action(ids.AWAY_OFF, partial(_back, services))


def _away(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views import absence as views
    from rituals.absence import service

    found = service.away(services.db, services.team_id, caller.user, caller.text, now=caller.at, key=caller.key)
    reply.show(views.absence(found))


def _back(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views import absence as views
    from rituals.absence import service

    ended = service.away(services.db, services.team_id, caller.user, "off", now=caller.at, key=caller.key)
    reply.replace(views.absence(ended))
