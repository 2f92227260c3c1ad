"""`/okr close-cycle`: the guided pass over a cycle's key results, closing it, its look back, and opening it again.

The use cases and their views are imported when first used: they are asked for once a quarter.
"""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply, first_word
from bot.services import Services
from bot.views import ids
from rituals.errors import FormRefusal, Refusal

if TYPE_CHECKING:
    from rituals.closing.pages import ClosingPage, GradeForm
    from rituals.closing.reading import Decision
    from rituals.closing.service import Batch

_FIELDS = {"score": ids.CLOSING_SCORE, "reason": ids.CLOSING_REASON, "target": ids.CLOSING_TARGET}
_FINISH = {"key": ids.CLOSING_NEXT, "until": ids.CLOSING_UNTIL, "early": ids.CLOSING_EARLY}


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Answer `/okr close-cycle`; hear its buttons and forms."""
    services = inbound.services
    subcommands["close-cycle"] = partial(_close_cycle, services)
    inbound.action(ids.CLOSING_OPEN, partial(_open, services))
    inbound.action(ids.pattern(ids.CLOSING_PICK), partial(_pick, services))
    inbound.action(ids.pattern(ids.CLOSING_SKIP), partial(_skip, services))
    inbound.action(ids.pattern(ids.CLOSING_BATCH), partial(_batch, services))
    inbound.action(ids.CLOSING_MORE, partial(_more, services))
    inbound.action(ids.pattern(ids.CLOSING_LOOK), partial(_look, services))
    inbound.action(ids.CLOSING_RESULTS, partial(_results, services))
    inbound.action(ids.CLOSING_REOPEN, partial(_reopen, services))
    inbound.action(ids.CLOSING_FINISH, partial(_open_finish, services))
    inbound.submission(ids.CLOSING_FORM, partial(_submitted, services))
    inbound.submission(ids.CLOSING_FINISH_FORM, partial(_finished, services))


def _close_cycle(services: Services, caller: Caller, reply: Reply) -> None:
    """`results` and `reopen` are words of it; anything else is a cycle's name."""
    word, rest = first_word(caller.text)
    if word.casefold() in {"results", "result"}:
        return _show_results(services, caller, reply, rest)
    if word.casefold() == "reopen":
        return _open_again(services, caller, reply, rest)
    return reply.show(_page(services, caller, caller.text))


def _page(services: Services, caller: Caller, cycle: str, start: int = 0) -> Any:
    from bot.views.closing import closing_page
    from rituals.closing import service

    return closing_page(service.begin(services.db, services.team_id, caller.user, cycle, start=start, now=caller.at))


def _more(services: Services, caller: Caller, reply: Reply) -> None:
    at = ids.unpack(caller.value)
    reply.replace(_page(services, caller, str(at["cycle"]), int(at["start"])))


def _look(services: Services, caller: Caller, reply: Reply) -> None:
    """The page as it is now: in the place of an older one, or below the reminder, which stays."""
    page = _page(services, caller, caller.value)
    return reply.show(page) if ids.split(caller.action_id)[1] else reply.replace(page)


def _show_results(services: Services, caller: Caller, reply: Reply, cycle: str) -> None:
    from bot.views.retrospective import look_back
    from rituals.closing import results

    found = results.results(services.db, services.team_id, caller.user, cycle, now=caller.at)
    in_message = caller.response_url or caller.channel
    reply.show(look_back(found, "native" if in_message else "text"))


def _results(services: Services, caller: Caller, reply: Reply) -> None:
    _show_results(services, caller, reply, caller.value)


def _open_again(services: Services, caller: Caller, reply: Reply, cycle: str) -> None:
    from bot.views.closed import opened_again
    from rituals.closing import finishing

    if not cycle:
        raise Refusal("Say which cycle, such as /okr close-cycle reopen 2026-Q4.")
    finishing.reopen(services.db, services.team_id, caller.user, cycle, now=caller.at)
    reply.show(opened_again(cycle))


def _reopen(services: Services, caller: Caller, reply: Reply) -> None:
    _open_again(services, caller, reply, caller.value)


# One key result


def _open(services: Services, caller: Caller, reply: Reply) -> None:
    _show_form(services, caller, reply, str(ids.unpack(caller.value)["cycle"]))


def _pick(services: Services, caller: Caller, reply: Reply) -> None:
    _show_form(services, caller, reply, "", caller.value)


def _skip(services: Services, caller: Caller, reply: Reply) -> None:
    at = ids.unpack(caller.value)
    _show_form(services, caller, reply, str(at["cycle"]), after=str(at["after"]))


def _show_form(services: Services, caller: Caller, reply: Reply, cycle: str, key: str = "", *, after: str = "") -> None:
    from rituals.closing import service

    _draw(
        caller, reply, service.form(services.db, services.team_id, caller.user, cycle, key, after=after, now=caller.at)
    )


def _draw(caller: Caller, reply: Reply, found: "GradeForm | ClosingPage") -> None:
    """In the modal that the caller is in, else in a new one."""
    if caller.view.get("type") == "modal":
        reply.update(_view(found))
    else:
        reply.open(_view(found))


def _view(found: "GradeForm | ClosingPage") -> dict[str, Any]:
    from bot.views import closing as views
    from rituals.closing.pages import GradeForm

    return views.grade_form(found) if isinstance(found, GradeForm) else views.overview(found)


def _batch(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.closing import closing_page
    from rituals.closing import service

    at = ids.unpack(caller.value)
    cycle, objective, which = str(at["cycle"]), str(at.get("objective", "")), cast("Batch", at["which"])
    page = service.decide_many(
        services.db, services.team_id, caller.user, cycle, which, objective=objective, now=caller.at
    )
    if caller.view.get("callback_id") != ids.CLOSING_FORM or not page.left or not objective:
        return reply.replace(closing_page(page))
    found = service.form(services.db, services.team_id, caller.user, cycle, now=caller.at)
    return reply.update(_view(found.model_copy(update={"did": page.did})))


def _submitted(services: Services, caller: Caller, reply: Reply) -> dict[str, Any] | None:
    """Save, and show the next in the same modal; without a key result in it, it is the overview that is closed."""
    from rituals.closing import service

    meta = caller.metadata
    if "key" not in meta:
        return None
    key = str(meta["key"])
    try:
        found = service.decide(
            services.db, services.team_id, caller.user, str(meta["cycle"]), _decision(caller, key), now=caller.at
        )
    except FormRefusal as no:
        raise FormRefusal({ids.of(_FIELDS[name], key): text for name, text in no.errors.items()}) from None
    return {"response_action": "update", "view": _view(found)}


def _decision(caller: Caller, key: str) -> "Decision":
    from rituals.closing.reading import Decision

    typed = ids.entered(caller.view["state"]["values"])

    def said(name: str) -> str:
        return typed.get(ids.of(name, key), "")

    return Decision(
        key,
        said(ids.CLOSING_OUTCOME),  # type: ignore[arg-type]  # one of the options
        said(ids.CLOSING_SCORE),
        said(ids.CLOSING_REASON),
        said(ids.CLOSING_NOTE),
        said(ids.CLOSING_TARGET),
        seen=str(caller.metadata.get("seen", "")),
    )


# Closing


def _open_finish(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.closed import finish_form
    from rituals.closing import finishing

    form = finishing.finish_form(services.db, services.team_id, caller.user, caller.value, now=caller.at)
    reply.open(finish_form(form))


def _finished(services: Services, caller: Caller, reply: Reply) -> dict[str, Any]:
    from bot.views.blocks import modal
    from bot.views.closed import being_closed, finished
    from rituals.closing import asking
    from rituals.closing.next_cycle import NextCycle
    from rituals.notices.closing import Finished

    meta, values = caller.metadata, caller.view["state"]["values"]
    starts, until = (_day(caller, name, str(meta[kept])) for name, kept in _DAYS)
    into = NextCycle(caller.state(ids.CLOSING_NEXT), starts, until)
    early = any(box.get("selected_options") for box in values.get(ids.CLOSING_EARLY, {}).values())
    try:
        done = asking.close(
            services.db, services.team_id, caller.user, str(meta["cycle"]), into, early=early, now=caller.at
        )
    except FormRefusal as no:
        raise FormRefusal({_FINISH[name]: text for name, text in no.errors.items()}) from None
    except Refusal as no:
        raise Refusal(no.text, _FINISH.get(no.field or ""), no.choices) from None
    title, shown = ("Closed", finished(done)) if isinstance(done, Finished) else ("Closing", being_closed(done))
    return {"response_action": "update", "view": modal(ids.CLOSING_FINISH_FORM, title, shown.blocks)}


_DAYS = ((ids.CLOSING_STARTS, "starts"), (ids.CLOSING_UNTIL, "until"))


def _day(caller: Caller, name: str, proposed: str) -> date:
    """A day of the form; what was proposed where the form has no field for it."""
    given = caller.state(name) if name in caller.view["state"]["values"] else ""
    return date.fromisoformat(given or proposed)
