"""`/okr align`: the alignment figures, and what each of them is made of."""

from functools import partial
from typing import cast

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply
from bot.services import Services
from bot.views import alignment as views
from bot.views import ids
from rituals import align
from rituals.alignment.page import Figure


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Answer `/okr align` and what opens a figure."""
    services = inbound.services
    subcommands["align"] = partial(_show, services)
    inbound.action(ids.ALIGN_OPEN, partial(_open, services))


def _show(services: Services, caller: Caller, reply: Reply) -> None:
    page = align.show(services.db, services.team_id, caller.user, caller.text, now=caller.at)
    in_message = caller.response_url or caller.channel
    reply.show(views.alignment_page(page, "native" if in_message else "text"))


def _open(services: Services, caller: Caller, reply: Reply) -> None:
    chosen = ids.unpack(caller.value)
    figure, unit = cast(Figure, chosen["figure"]), str(chosen["unit"])
    reply.show(views.made(align.made(services.db, services.team_id, caller.user, unit, figure, now=caller.at)))
