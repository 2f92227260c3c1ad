"""`/okr align`: the alignment figures, and what each of them is made of.

The use cases and their views are imported when first used: they are asked for now and then, and the start is not.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply, first_word
from bot.services import Services
from bot.views import Message, ids
from rituals.errors import FormRefusal, Refusal

if TYPE_CHECKING:
    from rituals.alignment.page import Figure


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Answer `/okr align` and what opens a figure."""
    services = inbound.services
    subcommands["align"] = partial(_show, services)
    inbound.action(ids.ALIGN_OPEN, partial(_open, services))
    inbound.action(ids.ALIGN_MADE_MORE, partial(_open_more, services))
    inbound.action(ids.ALIGN_PICTURE, partial(_draw, services))
    inbound.action(ids.ALIGN_CHECK_MORE, partial(_check_more, services))
    inbound.action(ids.pattern(ids.ALIGN_CONFIRM), partial(_confirm, services))
    inbound.action(ids.pattern(ids.ALIGN_DISMISS), partial(_open_dismissal, services))
    inbound.submission(ids.ALIGN_DISMISS_FORM, partial(_dismissed, services))


def _show(services: Services, caller: Caller, reply: Reply) -> None:
    word, rest = first_word(caller.text)
    which = word.casefold()
    wanted, unit = first_word(rest)
    if which in PICTURED and wanted.casefold() in {"picture", "image", "png"}:
        return _promise_picture(services, caller, reply, which, unit)
    view = VIEWS.get(word.casefold())
    if view is not None:
        return reply.show(view(services, caller, rest))
    try:
        return reply.show(_page(services, caller, caller.text))
    except Refusal as no:
        raise _or_a_view(no, which) from None


def _or_a_view(no: Refusal, word: str) -> Refusal:
    """A word that names no unit may be a view that was mistyped."""
    from difflib import get_close_matches  # of what is not exact only

    near = get_close_matches(word, list(VIEWS), n=1)
    return Refusal(f"{no.text} Or /okr align {near[0]}?", no.field, no.choices) if near else no


def _page(services: Services, caller: Caller, unit: str) -> Message:
    from bot.views.alignment import alignment_page
    from rituals import align
    from rituals.pictures.canvas import available

    page = align.show(services.db, services.team_id, caller.user, unit, now=caller.at)
    in_message = caller.response_url or caller.channel
    return alignment_page(page, "native" if in_message else "text", pictures=available())


def _map(services: Services, caller: Caller, unit: str) -> Message:
    from bot.views.alignment_map import map_page
    from rituals.alignment import service
    from rituals.pictures.canvas import available

    page = service.show_map(services.db, services.team_id, caller.user, unit, now=caller.at)
    return map_page(page, pictures=available())


def _draw(services: Services, caller: Caller, reply: Reply) -> None:
    chosen = ids.unpack(caller.value)
    _promise_picture(services, caller, reply, str(chosen["which"]), str(chosen["unit"]))


def _promise_picture(services: Services, caller: Caller, reply: Reply, which: str, unit: str) -> None:
    """The picture comes as a file in a direct message, by the outbox."""
    from bot.views import exports as views
    from rituals import exports

    notice = exports.ask_picture(
        services.db, services.team_id, caller.user, which, unit, now=caller.at, key=f"picture:{caller.key}"
    )
    reply.show(views.promised(notice))


def _sharing(services: Services, caller: Caller, unit: str) -> Message:
    from bot.views.alignment_map import sharing_page
    from rituals.alignment import service

    return sharing_page(service.show_sharing(services.db, services.team_id, caller.user, unit, now=caller.at))


def _strategy(services: Services, caller: Caller, unit: str) -> Message:
    from bot.views.alignment_strategy import strategy_page
    from rituals.alignment.strategy import show_strategy

    return strategy_page(show_strategy(services.db, services.team_id, caller.user, unit, now=caller.at))


def _check(services: Services, caller: Caller, unit: str, start: int = 0) -> Message:
    from bot.views.alignment_check import check_page
    from rituals.alignment import checks

    return check_page(checks.show_check(services.db, services.team_id, caller.user, unit, now=caller.at), start)


def _check_more(services: Services, caller: Caller, reply: Reply) -> None:
    at = ids.unpack(caller.value)
    reply.replace(_check(services, caller, str(at["unit"]), int(at["start"])))


def _confirm(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.alignment import verdicts

    about = ids.unpack(caller.value)
    unit, name = str(about["unit"]), str(about["name"])
    verdicts.confirm(services.db, services.team_id, caller.user, unit, name, now=caller.at)
    reply.replace(_check(services, caller, unit))


def _open_dismissal(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.alignment_check import dismiss_form

    about = ids.unpack(caller.value)
    reply.open(dismiss_form(str(about["unit"]), str(about["name"])))


def _dismissed(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.alignment import checks

    about, reason = caller.metadata, caller.state(ids.ALIGN_DISMISS_REASON)
    try:
        checks.dismiss(services.db, services.team_id, caller.user, about["unit"], about["name"], reason, now=caller.at)
    except FormRefusal as no:
        raise FormRefusal({ids.ALIGN_DISMISS_REASON: no.errors["reason"]}) from None


VIEWS: dict[str, Callable[[Services, Caller, str], Message]] = {
    "matrix": _page,
    "map": _map,
    "sharing": _sharing,
    "strategy": _strategy,
    "check": _check,
}
PICTURED = ("matrix", "map")


def _open(services: Services, caller: Caller, reply: Reply) -> None:
    reply.show(_made(services, caller))


def _open_more(services: Services, caller: Caller, reply: Reply) -> None:
    reply.replace(_made(services, caller))


def _made(services: Services, caller: Caller) -> Message:
    from bot.views.alignment import made
    from rituals import align

    chosen = ids.unpack(caller.value)
    figure, unit = cast("Figure", chosen["figure"]), str(chosen["unit"])
    found = align.made(services.db, services.team_id, caller.user, unit, figure, now=caller.at)
    return made(found, int(chosen.get("start", 0)))
