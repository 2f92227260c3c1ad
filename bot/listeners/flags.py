"""The thread of the co-owners of a key result that fell behind: saying the true value, and agreeing with another's."""

from functools import partial

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply
from bot.services import Services
from bot.views import ids
from rituals.errors import FormRefusal

_FIELDS = {"value": ids.FLAG_VALUE, "step": ids.FLAG_STEP, "day": ids.FLAG_DAY, "note": ids.FLAG_NOTE}


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Hear the buttons and the form."""
    services = inbound.services
    inbound.action(ids.pattern(ids.FLAG_SAY), partial(_open_form, services))
    inbound.action(ids.pattern(ids.FLAG_AGREE), partial(_agree, services))
    inbound.submission(ids.FLAG_FORM, partial(_said, services))


def _open_form(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views import flags as views
    from rituals.flags import saying

    about = ids.unpack(caller.value)
    asked = saying.question(
        services.db, services.team_id, caller.user, int(about["thread"]), str(about["unit"]), now=caller.at
    )
    reply.open(views.form(asked))


def _agree(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.flags import saying

    about = ids.unpack(caller.value)
    saying.agree(
        services.db,
        services.team_id,
        caller.user,
        int(about["thread"]),
        int(about["view"]),
        key=caller.key,
        now=caller.at,
    )


def _said(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.flags import questions, saying

    about, typed = caller.metadata, questions.Typed(*(caller.state(field) for field in _FIELDS.values()))
    thread, unit = int(about["thread"]), str(about["unit"])
    try:
        saying.say(services.db, services.team_id, caller.user, thread, unit, typed, key=caller.key, now=caller.at)
    except FormRefusal as no:
        raise FormRefusal({_FIELDS[name]: text for name, text in no.errors.items()}) from None
