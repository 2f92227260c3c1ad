"""Owning a key result together: a unit's answer to the question by a form, the word of who asked, and linking what
supports it.
"""

from functools import partial
from typing import TYPE_CHECKING

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply
from bot.services import Services
from bot.views import ids
from rituals.errors import FormRefusal

if TYPE_CHECKING:
    from rituals.okrs.ownership import service as ownership

_FIELDS = {"note": ids.OWN_NOTE, "other": ids.OWN_OTHER, "support": ids.OWN_SUPPORT}


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Hear the buttons and the forms."""
    services = inbound.services
    inbound.action(ids.pattern(ids.OWN_ACCEPT, ids.OWN_COUNTER, ids.OWN_DECLINE), partial(_open_form, services))
    inbound.action(ids.pattern(ids.OWN_AGREE, ids.OWN_INSIST), partial(_settle, services))
    inbound.submission(ids.OWN_ACCEPT_FORM, partial(_submitted, services, "accept"))
    inbound.submission(ids.OWN_COUNTER_FORM, partial(_submitted, services, "counter"))
    inbound.submission(ids.OWN_DECLINE_FORM, partial(_submitted, services, "decline"))
    inbound.action(ids.pattern(ids.SUPPORT_OPEN), partial(_open_support, services))
    inbound.submission(ids.SUPPORT_FORM, partial(_linked, services))


def _open_form(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views import ownership as views
    from rituals.okrs.ownership import service as ownership

    forms = {
        ids.OWN_ACCEPT: views.accept_form,
        ids.OWN_COUNTER: views.counter_form,
        ids.OWN_DECLINE: views.decline_form,
    }
    data = ownership.open_form(services.db, services.team_id, caller.user, int(caller.value), now=caller.at)
    reply.open(forms[ids.split(caller.action_id)[0]](data))


def _submitted(services: Services, said: "ownership.Reply", caller: Caller, reply: Reply) -> None:
    from rituals.okrs.ownership import service as ownership

    number, fields = int(caller.metadata["ownership"]), ids.entered(caller.view["state"]["values"])
    note, other, supports = (fields.get(name, "") for name in (ids.OWN_NOTE, ids.OWN_OTHER, ids.OWN_SUPPORT))
    try:
        ownership.answer(
            services.db,
            services.team_id,
            caller.user,
            number,
            said,
            note=note,
            other=other,
            supports=supports,
            now=caller.at,
        )
    except FormRefusal as no:
        raise FormRefusal({_FIELDS[name]: text for name, text in no.errors.items()}) from None


def _settle(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.okrs.ownership import service as ownership

    word: ownership.Word = "agree" if ids.split(caller.action_id)[0] == ids.OWN_AGREE else "insist"
    about = ids.unpack(caller.value)
    number, seen = int(about["ownership"]), str(about["seen"])
    ownership.settle(services.db, services.team_id, caller.user, number, word, seen=seen, now=caller.at)


def _open_support(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views import ownership as views
    from rituals.okrs import support

    about = ids.unpack(caller.value)
    key, unit = str(about["key"]), str(about["unit"])
    reply.open(views.support_form(support.open_form(services.db, services.team_id, caller.user, key, unit)))


def _linked(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.okrs import support

    key, unit = str(caller.metadata["key"]), str(caller.metadata["unit"])
    choice = ids.entered(caller.view["state"]["values"]).get(ids.OWN_SUPPORT, "")
    try:
        support.link(services.db, services.team_id, caller.user, key, unit, choice, now=caller.at, source=caller.key)
    except FormRefusal as no:
        raise FormRefusal({_FIELDS[name]: text for name, text in no.errors.items()}) from None
