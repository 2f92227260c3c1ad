"""What fields offer while somebody types: key results. The answer is the acknowledgement itself; nothing is kept."""

from functools import partial

from bot.inbound import Inbound, Work
from bot.services import Services
from bot.views import ids
from bot.views.blocks import Block


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Answer the fields that ask for a key result."""
    inbound.options(ids.pattern(ids.KR_PICK, ids.KR_ANY), partial(_key_results, inbound.services))


def _key_results(services: Services, user: str, action_id: str, typed: str) -> list[Block]:
    from bot.views import pickers
    from rituals.okrs import picking

    to_update = ids.split(action_id)[0] == ids.KR_PICK
    now = services.clock.now()
    return pickers.suggested(
        picking.key_results(services.db, services.team_id, user, typed, now=now, to_update=to_update)
    )
