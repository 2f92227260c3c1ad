"""`/okr adjust`: what waits for a decision, proposing a change of a key result, and deciding."""

from dataclasses import replace
from functools import partial

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply
from bot.services import Services
from bot.views import ids
from rituals.errors import FormRefusal


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Add the row `adjust` and hear the decisions."""
    services = inbound.services
    subcommands["adjust"] = partial(_adjust, services)
    inbound.action(ids.pattern(ids.ADJUST_APPROVE), partial(_approve, services))
    inbound.action(ids.pattern(ids.ADJUST_DECLINE), partial(_open_decline, services))
    inbound.submission(ids.ADJUST_DECLINE_FORM, partial(_decline, services))


def _adjust(services: Services, caller: Caller, reply: Reply) -> None:
    """With a key result its form, which asks for the reason; without one what is open."""
    from bot.listeners import authoring
    from bot.views import adjustments as views
    from rituals.okrs import adjusting

    if caller.text:
        return authoring.edit(services, caller, reply)
    return reply.show(views.waiting(adjusting.waiting(services.db, services.team_id, caller.user, now=caller.at)))


def _approve(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.listeners import authoring
    from bot.views import adjustments as views
    from rituals.okrs import adjusting

    number = int(caller.value)
    by_hand = adjusting.approve(services.db, services.team_id, caller.user, number, now=caller.at)
    if by_hand:
        return authoring.edit(services, replace(caller, text=by_hand), reply)
    return reply.show(views.decided(f"Agreed to A-{number}. All concerned are told."))


def _open_decline(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views import adjustments as views

    reply.open(views.decline_form(int(caller.value)))


def _decline(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.okrs import adjusting

    number, note = int(caller.metadata["number"]), caller.state(ids.ADJUST_NOTE)
    try:
        adjusting.decline(services.db, services.team_id, caller.user, number, note, now=caller.at)
    except FormRefusal as no:
        raise FormRefusal({ids.ADJUST_NOTE: no.errors["note"]}) from None
