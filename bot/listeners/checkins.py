"""The check-in's listeners: messages in its threads, the form, one tap, undo, guesses, "not a blocker"."""

from typing import TYPE_CHECKING, Any

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply
from bot.services import Services
from bot.views import ids
from rituals.errors import FormRefusal

if TYPE_CHECKING:
    from rituals.checkins.answers import Said
    from rituals.checkins.form import AnswerForm, Queue


SPOKEN = frozenset({None, "file_share", "me_message", "thread_broadcast"})  # the rest Slack says of the conversation
SLACKBOT = "USLACKBOT"


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Hear everything that belongs to a check-in."""
    services = inbound.services

    def on(work: Any) -> Work:
        return lambda caller, reply: work(services, caller, reply)

    inbound.event("message", on(_message))
    inbound.action(ids.CHECKIN_ANSWER, on(_open_ask))
    inbound.action(ids.CHECKIN_LATER, on(_later))
    inbound.action(ids.BOARD_ANSWER, on(_open_round))
    inbound.action(ids.FORM_ALL, on(_show_all))
    inbound.action(ids.FORM_SKIP, on(_skip))
    inbound.action(ids.pattern(ids.CHECKIN_NO_CHANGE), on(_no_change))
    inbound.action(ids.pattern(ids.RECEIPT_UNDO), on(_undo))
    inbound.action(ids.RECEIPT_EDIT, on(_edit))
    inbound.action(ids.pattern(ids.GUESS_PICK), on(_pick))
    inbound.action(ids.pattern(ids.BLOCKER_NOT), on(_not_a_blocker))
    inbound.submission(ids.ANSWER_FORM, lambda caller, reply: _submitted(services, caller))
    subcommands["checkin"] = on(open_now)


def _message(services: Services, caller: Caller, reply: Reply) -> None:
    """A message was posted, edited or deleted where the bot can hear it."""
    from rituals.checkins import answers

    event = caller.event
    changed = event.get("message") or event
    if event.get("subtype") == "message_deleted" or changed.get("subtype") == "tombstone":
        answers.withdraw(services.db, services.team_id, _gone(caller), now=caller.at)
    elif _spoken(services, caller, changed):
        take = answers.edit if event.get("subtype") == "message_changed" else answers.receive
        take(services.db, services.team_id, _said(caller), now=caller.at)


def _gone(caller: Caller) -> "Said":
    """A deleted message as far as Slack says it. One with replies is said to have changed to an empty shell."""
    from rituals.checkins.answers import Said

    event, before = caller.event, caller.event.get("previous_message") or {}
    ts = str((event.get("message") or {}).get("ts") or event.get("deleted_ts") or before.get("ts") or "")
    by_person = not before.get("bot_id") and before.get("subtype") in SPOKEN
    return Said(
        user=str(before.get("user") or "") if by_person else "",
        channel=caller.channel or "",
        ts=ts,
        text=str(before.get("text") or ""),
        thread_ts=before.get("thread_ts") if before.get("thread_ts") != ts else None,
        direct=_is_direct(caller),
    )


def _is_direct(caller: Caller) -> bool:
    return caller.event.get("channel_type") == "im" or (caller.channel or "").startswith("D")


def _spoken(services: Services, caller: Caller, message: dict[str, Any]) -> bool:
    """Whether a person said it. Where the bot's own messages change, the app hears of that, too."""
    subtypes = {message.get("subtype"), caller.event.get("subtype")} - {"message_changed"}
    by_nobody = message.get("bot_id") or caller.user in {"", services.bot_user, SLACKBOT}
    return subtypes <= SPOKEN and not by_nobody and caller.channel is not None


def _said(caller: Caller) -> "Said":
    from rituals.checkins.answers import Said

    channel, ts = caller.channel or "", caller.message_ts or ""
    return Said(
        user=caller.user,
        channel=channel,
        ts=ts,
        text=caller.text,
        thread_ts=caller.thread_ts if caller.thread_ts != ts else None,
        direct=_is_direct(caller),
        edited=((caller.event.get("message") or {}).get("edited") or {}).get("ts"),
    )


def _opened(services: Services, caller: Caller, **which: Any) -> "AnswerForm":
    from rituals.checkins.form_opening import open_form

    return open_form(services.db, services.team_id, caller.user, now=caller.at, **which)


def show_form(services: Services, caller: Caller, reply: Reply, form: "AnswerForm") -> None:
    """Open it; from then on it is timed."""
    from bot.views.answer_form import answer_form
    from rituals.checkins import effort

    reply.open(answer_form(form))
    effort.opened(services.db, services.team_id, form.ask, now=caller.at)


def _open_ask(services: Services, caller: Caller, reply: Reply) -> None:
    show_form(services, caller, reply, _opened(services, caller, ask_id=int(caller.value)))


def _open_round(services: Services, caller: Caller, reply: Reply) -> None:
    show_form(services, caller, reply, _opened(services, caller, ask_id=None, round_id=int(caller.value)))


def open_now(services: Services, caller: Caller, reply: Reply) -> None:
    """The form for what this person owes now, the first due first."""
    show_form(services, caller, reply, _opened(services, caller, ask_id=None))


def _show_all(services: Services, caller: Caller, reply: Reply) -> None:
    """The same form with every key result, and with what stands in it."""
    from bot.views.answer_form import answer_form, queue_of
    from bot.views.answer_typed import typed_over

    meta = caller.metadata
    form = _opened(services, caller, ask_id=int(meta["ask"]), answer_id=meta.get("answer"))
    form = typed_over(form, caller.view).model_copy(update={"everything": True, "queue": queue_of(meta)})
    reply.update(answer_form(form))


def _skip(services: Services, caller: Caller, reply: Reply) -> None:
    """To the next check-in; this one stays owed."""
    from bot.views.answer_form import queue_of, still_owed
    from rituals.checkins.form import Queue

    reply.update(_next(services, caller, queue_of(caller.metadata)) or still_owed((), Queue()))


def _next(services: Services, caller: Caller, queue: "Queue") -> dict[str, Any] | None:
    """The next form of a queue, else what of it still waits; None where nothing does."""
    from bot.views.answer_form import answer_form, still_owed
    from rituals.checkins import effort
    from rituals.checkins.form_opening import next_form

    found = next_form(services.db, services.team_id, caller.user, queue, now=caller.at)
    if found.form is not None:
        effort.opened(services.db, services.team_id, found.form.ask, now=caller.at)
        return answer_form(found.form)
    return still_owed(found.waiting, queue) if found.waiting else None


def _no_change(services: Services, caller: Caller, reply: Reply) -> None:
    """What is on pace is confirmed; what is behind is asked at once."""
    from bot.views.answer_form import answer_form
    from rituals.checkins import form_service

    ask = int(caller.value)
    behind = form_service.no_change(services.db, services.team_id, caller.user, ask, now=caller.at)
    if behind:
        form = _opened(services, caller, ask_id=ask)
        only = tuple(field.model_copy(update={"first": True}) for field in form.fields if field.key in behind)
        reply.open(answer_form(form.model_copy(update={"fields": only})))


def _later(services: Services, caller: Caller, reply: Reply) -> None:
    """The prompt says when it comes back, so nothing else needs to."""
    from rituals.checkins import snoozing

    picked = ids.unpack(caller.value)
    snoozing.snooze(services.db, services.team_id, caller.user, int(picked["ask"]), str(picked["when"]), now=caller.at)


def _undo(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.checkins import answers

    answers.undo(services.db, services.team_id, caller.user, int(caller.value), now=caller.at)


def _edit(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views.answer_form import answer_form
    from rituals.checkins import answers
    from rituals.checkins.form import Queue

    answer = int(caller.value)
    ask = answers.ask_behind(services.db, services.team_id, answer)
    form = _opened(services, caller, ask_id=ask, answer_id=answer)
    reply.open(answer_form(form.model_copy(update={"queue": Queue()})))


def _pick(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.checkins import guesses

    picked = ids.unpack(caller.value)
    guesses.pick(
        services.db, services.team_id, caller.user, int(picked["proposal"]), str(picked["value"]), now=caller.at
    )


def _not_a_blocker(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.checkins import answers

    answers.not_a_blocker(services.db, services.team_id, caller.user, int(caller.value), now=caller.at)


def _submitted(services: Services, caller: Caller) -> dict[str, Any] | None:
    """Save it; where several check-ins are owed, lead on to the next."""
    from bot.views.answer_form import queue_of
    from bot.views.answer_typed import block_of, submitted
    from rituals.checkins import form_service

    meta = caller.metadata
    form = submitted(caller.view, meta, caller.key)
    try:
        form_service.submit_form(services.db, services.team_id, caller.user, form, now=caller.at)
    except FormRefusal as no:
        raise FormRefusal({block_of(name): text for name, text in no.errors.items()}) from None
    queue = queue_of(meta)
    queue = queue.model_copy(update={"done": queue.done + 1})
    view = _next(services, caller, queue) if queue.total > 1 else None
    return {"response_action": "update", "view": view} if view else None
