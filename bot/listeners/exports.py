"""`/okr export [yaml|csv|json|md|ics] [cycle]`: the files, as a direct message by the outbox."""

from functools import partial

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply
from bot.services import Services


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Add the row `export`."""
    subcommands["export"] = partial(_export, inbound.services)


def _export(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views import exports as views
    from rituals import exports

    notice = exports.ask(services.db, services.team_id, caller.user, caller.text, now=caller.at, key=caller.key)
    reply.show(views.promised(notice))
