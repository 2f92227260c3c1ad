"""`/okr workshop`, the buttons and forms of the alignment workshop, and reactions on a line's drafts.

The use cases and their views are imported when first used: a workshop is held once in a cycle, and the start is not.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply, first_word
from bot.services import Services
from bot.views import ids
from rituals.errors import FormRefusal, Refusal

REACTIONS = frozenset({"link", "zap", "bulb"})  # most reactions are none of ours: no database is asked about them
WORDS = "start, plan, next, extend, close, cancel, record"


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Add the row `workshop`; hear buttons, forms and reactions."""
    services = inbound.services
    subcommands["workshop"] = partial(_workshop, services)
    inbound.action(ids.pattern(ids.WORKSHOP_MOVE), partial(_press, services))
    inbound.action(ids.pattern(ids.WORKSHOP_PLAN), partial(_plan_again, services))
    inbound.action(ids.pattern(ids.WORKSHOP_OFFER), partial(_offered, services))
    inbound.action(ids.pattern(ids.WORKSHOP_FIELD), partial(_redraw, services))
    inbound.action(ids.pattern(ids.WORKSHOP_NOTE), partial(_open_note, services))
    inbound.action(ids.pattern(ids.WORKSHOP_SAY), partial(_open_item, services))
    inbound.action(ids.pattern(ids.WORKSHOP_TAKE_BACK), partial(_take_back, services))
    inbound.action(ids.pattern(ids.WORKSHOP_ACCEPT), partial(_accept, services))
    inbound.action(ids.pattern(ids.WORKSHOP_ADJUST, ids.WORKSHOP_DECLINE), partial(_open_answer, services))
    inbound.action(ids.pattern(ids.WORKSHOP_NOT_YET), partial(_open_not_yet, services))
    inbound.submission(ids.WORKSHOP_PLAN_FORM, partial(_planned, services))
    inbound.submission(ids.WORKSHOP_ITEM_FORM, partial(_noted, services))
    inbound.submission(ids.WORKSHOP_ANSWER_FORM, partial(_answered, services))
    inbound.submission(ids.WORKSHOP_NOT_YET_FORM, partial(_not_yet, services))
    inbound.event("reaction_added", partial(_reacted, services, added=True))
    inbound.event("reaction_removed", partial(_reacted, services, added=False))


def _workshop(services: Services, caller: Caller, reply: Reply) -> None:
    word, _ = first_word(caller.text)
    work = _WORDS.get(word.casefold())
    if work is None:
        raise Refusal(f'/okr workshop knows {WORDS}; I read "{word[:40]}".')
    work(services, caller, reply)


def _status(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views import workshop_forms as views
    from rituals.workshops import looking

    try:
        found = looking.status(services.db, services.team_id, caller.user, caller.channel, now=caller.at)
    except Refusal as no:
        if no.text != looking.NONE:
            raise
        wanting = looking.missing(services.db, services.team_id, caller.user, now=caller.at)
        return reply.show(views.none_planned(wanting))
    return reply.show(views.status_page(found))


def _start(services: Services, caller: Caller, reply: Reply) -> None:
    """Begin the one whose hour has come, show the one that is planned, plan one where they have none."""
    from rituals.workshops import looking

    found = looking.meant(services.db, services.team_id, caller.user, caller.channel, theirs=True, now=caller.at)
    if found is None:
        return _open_plan(services, caller, reply, {})
    if looking.is_time(services.db, services.team_id, found, now=caller.at):
        return _typed(services, caller, reply, "begin")
    return _status(services, caller, reply)


def _typed(services: Services, caller: Caller, reply: Reply, what: str) -> None:
    """A move by a word: of the workshop that is meant here."""
    from bot.views.workshop_forms import moved
    from rituals.workshops import looking

    found = looking.meant(services.db, services.team_id, caller.user, caller.channel, now=caller.at)
    if found is None:
        raise Refusal(looking.NONE)
    reply.show(moved(_move(services, caller, found, what, None)))


def _press(services: Services, caller: Caller, reply: Reply) -> None:
    """Agenda and drafts show the move by themselves."""
    about = ids.unpack(caller.value)
    _move(services, caller, int(about["workshop"]), str(about["move"]), int(about["step"]))


def _move(services: Services, caller: Caller, workshop: int, what: str, step: int | None) -> str:
    from rituals.alignment.covered import covered
    from rituals.workshops import service

    if what in {"extend", "cancel"}:
        plain = {"extend": service.extend, "cancel": service.cancel}[what]
        return plain(services.db, services.team_id, caller.user, workshop, now=caller.at, step=step)
    moves: dict[str, Callable[..., str]] = {
        "begin": service.begin,
        "next": service.next_turn,
        "adjust": service.adjust,
        "confirm": service.confirm,
        "close": service.close,
    }
    done = moves[what]
    return done(services.db, services.team_id, caller.user, workshop, now=caller.at, step=step, figures=covered)


def _record(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.workshop_forms import moved
    from rituals.workshops import looking

    db, team = services.db, services.team_id
    unit = looking.ask_record(db, team, caller.user, caller.channel, key=caller.key, now=caller.at)
    reply.show(moved(f"The record of the workshop of {unit} comes as a direct message."))


def _plan_again(services: Services, caller: Caller, reply: Reply) -> None:
    _open_plan(services, caller, reply, ids.unpack(caller.value))


def _open_plan(services: Services, caller: Caller, reply: Reply, about: Mapping[str, str | int]) -> None:
    from bot.views.workshop_forms import plan_form
    from rituals.workshops import choosing

    db, team, channel = services.db, services.team_id, caller.channel or ""
    meant = choosing.About(**{name: int(value) for name, value in about.items()})
    reply.open(plan_form(choosing.open_form(db, team, caller.user, channel=channel, about=meant, now=caller.at)))


def _offered(services: Services, caller: Caller, reply: Reply) -> None:
    """The proposal shows by itself what became of it."""
    from bot.views.workshop_forms import moved
    from rituals.workshops import offered

    said, about = ids.split(caller.action_id)[1], ids.unpack(caller.value)
    pressed = offered.Pressed(caller.user, int(about["unit"]), int(about["cycle"]), int(about["at"]))
    if said == "skip":
        offered.leave_out(services.db, services.team_id, pressed, now=caller.at)
    elif not offered.accept(services.db, services.team_id, pressed, now=caller.at):
        reply.show(moved(offered.ANOTHER))


def _redraw(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.workshop_forms import plan_form, typed
    from rituals.workshops import choosing

    moving = bool(caller.metadata.get("moving"))
    form = choosing.redrawn(
        services.db, services.team_id, caller.user, typed(caller.view), moving=moving, now=caller.at
    )
    reply.update(plan_form(form))


def _planned(services: Services, caller: Caller, reply: Reply) -> dict[str, Any]:
    from bot.views.workshop_forms import planned_view, typed
    from rituals.workshops import choosing, planning

    db, team = services.db, services.team_id
    with _Beside():
        wanted = choosing.read(db, team, caller.user, typed(caller.view))
        planning.plan(db, team, caller.user, wanted, now=caller.at)
    return {"response_action": "update", "view": planned_view(wanted.channel, wanted.starts_at)}


def _open_note(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.workshop_forms import item_form
    from rituals.workshops import looking

    about = ids.unpack(caller.value)
    form = looking.item_form(
        services.db, services.team_id, caller.user, int(about["workshop"]), str(about["line"]), now=caller.at
    )
    reply.open(item_form(form))


def _noted(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.workshop_forms import noted
    from rituals.workshops import noting

    about, db, team = caller.metadata, services.db, services.team_id
    with _Beside():
        said = noted(caller.view, str(about["line"]))
        if "item" in about:
            noting.edit_item(db, team, caller.user, int(about["item"]), said, now=caller.at)
        else:
            noting.note_item(db, team, caller.user, int(about["workshop"]), said, key=caller.key, now=caller.at)


def _open_item(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.workshop_forms import item_form
    from rituals.workshops import looking

    reply.open(item_form(looking.edit_form(services.db, services.team_id, caller.user, int(caller.value))))


def _take_back(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.workshops import noting

    noting.take_back(services.db, services.team_id, caller.user, int(caller.value), now=caller.at)


def _accept(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.workshops import answering

    answering.answer_item(services.db, services.team_id, caller.user, int(caller.value), "accepted", now=caller.at)


def _open_answer(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.workshop_forms import answer_form
    from rituals.workshops import answering

    item, name = int(caller.value), ids.split(caller.action_id)[0]
    line = answering.answered_line(services.db, services.team_id, caller.user, item, now=caller.at)
    reply.open(answer_form(item, "declined" if name == ids.WORKSHOP_DECLINE else "adjusted", line))


def _answered(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.workshop_forms import typed
    from rituals.workshops import answering

    about, note = caller.metadata, typed(caller.view).get("note", "")
    with _Beside():
        said = cast(answering.Answer, about["answer"])
        answering.answer_item(
            services.db, services.team_id, caller.user, int(about["item"]), said, note=note, now=caller.at
        )


def _open_not_yet(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.workshop_forms import not_yet_form

    reply.open(not_yet_form(int(ids.unpack(caller.value)["workshop"])))


def _not_yet(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.workshop_forms import typed
    from rituals.workshops import service

    reason = typed(caller.view).get("reason", "")
    with _Beside():
        workshop = int(caller.metadata["workshop"])
        service.not_yet(services.db, services.team_id, caller.user, workshop, reason, now=caller.at)


def _reacted(services: Services, caller: Caller, reply: Reply, *, added: bool) -> None:
    event = caller.event
    if str(event.get("reaction", "")).partition("::")[0] not in REACTIONS:
        return
    from rituals.workshops import noting
    from rituals.workshops.rules import instant_of

    item, at = event.get("item") or {}, instant_of(str(event["event_ts"]))
    said = noting.Reaction(str(item.get("channel", "")), str(item.get("ts", "")), str(event["reaction"]), at, added)
    noting.reacted(services.db, services.team_id, caller.user, said, now=caller.at)


class _Beside:
    """Turns the fields of a refusal into the form's blocks."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, FormRefusal):
            named = {ids.of(ids.WORKSHOP_FIELD, name): text for name, text in error.errors.items()}
            raise FormRefusal(named) from None


_WORDS: dict[str, Callable[[Services, Caller, Reply], None]] = {
    "": _status,
    "status": _status,
    "start": _start,
    "plan": partial(_open_plan, about={}),
    "next": partial(_typed, what="next"),
    "extend": partial(_typed, what="extend"),
    "close": partial(_typed, what="close"),
    "cancel": partial(_typed, what="cancel"),
    "record": _record,
}
