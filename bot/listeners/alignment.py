"""`/okr align`: the alignment figures, and what each of them is made of."""

from collections.abc import Callable
from functools import partial
from typing import cast

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply, first_word
from bot.services import Services
from bot.views import Message, ids
from bot.views import alignment as views
from bot.views.alignment_map import map_page, sharing_page
from rituals import align
from rituals.alignment import service
from rituals.alignment.page import Figure


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Answer `/okr align` and what opens a figure."""
    services = inbound.services
    subcommands["align"] = partial(_show, services)
    inbound.action(ids.ALIGN_OPEN, partial(_open, services))


def _show(services: Services, caller: Caller, reply: Reply) -> None:
    word, rest = first_word(caller.text)
    view = VIEWS.get(word.casefold())
    if view is not None:
        return reply.show(view(services, caller, rest))
    page = align.show(services.db, services.team_id, caller.user, caller.text, now=caller.at)
    in_message = caller.response_url or caller.channel
    return reply.show(views.alignment_page(page, "native" if in_message else "text"))


def _map(services: Services, caller: Caller, unit: str) -> Message:
    return map_page(service.show_map(services.db, services.team_id, caller.user, unit, now=caller.at))


def _sharing(services: Services, caller: Caller, unit: str) -> Message:
    return sharing_page(service.show_sharing(services.db, services.team_id, caller.user, unit, now=caller.at))


VIEWS: dict[str, Callable[[Services, Caller, str], Message]] = {"map": _map, "sharing": _sharing}


def _open(services: Services, caller: Caller, reply: Reply) -> None:
    chosen = ids.unpack(caller.value)
    figure, unit = cast(Figure, chosen["figure"]), str(chosen["unit"])
    reply.show(views.made(align.made(services.db, services.team_id, caller.user, unit, figure, now=caller.at)))
