"""The handshake about a blocker: asking a unit, its answer by a button or a form, and the word of who asked."""

from functools import partial
from typing import TYPE_CHECKING

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply
from bot.services import Services
from bot.views import ids
from rituals.errors import FormRefusal

if TYPE_CHECKING:
    from rituals.okrs import handshakes


_FIELDS = {"day": ids.HANDSHAKE_DAY, "note": ids.HANDSHAKE_NOTE}


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Hear the buttons and the forms."""
    services = inbound.services
    inbound.action(ids.pattern(ids.BLOCKER_ASK), partial(_ask, services))
    inbound.action(ids.pattern(ids.BLOCKER_ASK_OTHER), partial(_choose_unit, services))
    inbound.action(ids.pattern(ids.HANDSHAKE_ACCEPT), partial(_accept, services))
    inbound.action(ids.pattern(ids.HANDSHAKE_COUNTER, ids.HANDSHAKE_DECLINE), partial(_open_form, services))
    inbound.action(ids.pattern(ids.HANDSHAKE_AGREE, ids.HANDSHAKE_DISPUTE), partial(_settle, services))
    inbound.submission(ids.HANDSHAKE_UNIT_FORM, partial(_ask_chosen, services))
    inbound.submission(ids.HANDSHAKE_COUNTER_FORM, partial(_counter, services))
    inbound.submission(ids.HANDSHAKE_DECLINE_FORM, partial(_decline, services))


def _ask(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views import handshakes as views
    from rituals.okrs import handshakes

    done = handshakes.ask(services.db, services.team_id, caller.user, int(caller.value), now=caller.at)
    reply.show(views.asked(done))


def _choose_unit(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views import handshakes as views
    from rituals.okrs import handshakes

    number = int(caller.value)
    reply.open(views.unit_form(number, handshakes.units_to_ask(services.db, services.team_id, caller.user, number)))


def _ask_chosen(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.okrs import handshakes

    number, unit = int(caller.metadata["number"]), caller.state(ids.HANDSHAKE_UNIT)
    handshakes.ask(services.db, services.team_id, caller.user, number, unit, now=caller.at)


def _accept(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.okrs import handshakes

    handshakes.answer(services.db, services.team_id, caller.user, int(caller.value), "accept", now=caller.at)


def _open_form(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views import handshakes as views
    from rituals.okrs import handshakes

    number = int(caller.value)
    form = views.decline_form if ids.split(caller.action_id)[0] == ids.HANDSHAKE_DECLINE else views.counter_form
    unit = handshakes.asked_unit(services.db, services.team_id, caller.user, number, now=caller.at)
    reply.open(form(number, unit))


def _counter(services: Services, caller: Caller, reply: Reply) -> None:
    _submitted(services, caller, "counter", day=caller.state(ids.HANDSHAKE_DAY))


def _decline(services: Services, caller: Caller, reply: Reply) -> None:
    _submitted(services, caller, "decline")


def _submitted(services: Services, caller: Caller, said: "handshakes.Reply", *, day: str = "") -> None:
    from rituals.okrs import handshakes

    number, note = int(caller.metadata["handshake"]), caller.state(ids.HANDSHAKE_NOTE)
    try:
        handshakes.answer(services.db, services.team_id, caller.user, number, said, day=day, note=note, now=caller.at)
    except FormRefusal as no:
        raise FormRefusal({_FIELDS[name]: text for name, text in no.errors.items()}) from None


def _settle(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.okrs import handshakes

    agreed = ids.split(caller.action_id)[0] == ids.HANDSHAKE_AGREE
    handshakes.settle(services.db, services.team_id, caller.user, int(caller.value), agreed=agreed, now=caller.at)
