"""The check-in's listeners: messages in its threads, the form, one tap, undo, guesses, "not a blocker"."""

from typing import Any

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply
from bot.services import Services
from bot.views import ids
from bot.views.answer_form import answer_form
from rituals.checkins import answers, form_service, guesses, snoozing
from rituals.checkins.answers import Said
from rituals.checkins.form_service import Submitted
from rituals.errors import FormRefusal
from rituals.okrs.form import Entry

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
    inbound.action(ids.pattern(ids.CHECKIN_NO_CHANGE), on(_no_change))
    inbound.action(ids.pattern(ids.RECEIPT_UNDO), on(_undo))
    inbound.action(ids.RECEIPT_EDIT, on(_edit))
    inbound.action(ids.pattern(ids.GUESS_PICK), on(_pick))
    inbound.action(ids.pattern(ids.BLOCKER_NOT), on(_not_a_blocker))
    inbound.submission(ids.ANSWER_FORM, lambda caller, reply: _submitted(services, caller))
    subcommands["checkin"] = on(open_now)


def _message(services: Services, caller: Caller, reply: Reply) -> None:
    """A message was posted, edited or deleted where the bot can hear it."""
    event = caller.event
    changed = event.get("message") or event
    if event.get("subtype") == "message_deleted" or changed.get("subtype") == "tombstone":
        answers.withdraw(services.db, services.team_id, _gone(caller), now=caller.at)
    elif _spoken(services, caller, changed):
        take = answers.edit if event.get("subtype") == "message_changed" else answers.receive
        take(services.db, services.team_id, _said(caller), now=caller.at)


def _gone(caller: Caller) -> Said:
    """A deleted message as far as Slack says it. One with replies is said to have changed to an empty shell."""
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


def _said(caller: Caller) -> Said:
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


def _open_ask(services: Services, caller: Caller, reply: Reply) -> None:
    form = form_service.open_form(services.db, services.team_id, caller.user, ask_id=int(caller.value), now=caller.at)
    reply.open(answer_form(form))


def _open_round(services: Services, caller: Caller, reply: Reply) -> None:
    form = form_service.open_form(
        services.db, services.team_id, caller.user, ask_id=None, round_id=int(caller.value), now=caller.at
    )
    reply.open(answer_form(form))


def open_now(services: Services, caller: Caller, reply: Reply) -> None:
    """The form for what this person owes now."""
    form = form_service.open_form(services.db, services.team_id, caller.user, ask_id=None, now=caller.at)
    reply.open(answer_form(form))


def _no_change(services: Services, caller: Caller, reply: Reply) -> None:
    """What is on pace is confirmed; what is behind is asked at once."""
    ask = int(caller.value)
    behind = form_service.no_change(services.db, services.team_id, caller.user, ask, now=caller.at)
    if behind:
        form = form_service.open_form(services.db, services.team_id, caller.user, ask_id=ask, now=caller.at)
        only = tuple(field for field in form.fields if field.key in behind)
        reply.open(answer_form(form.model_copy(update={"fields": only})))


def _later(services: Services, caller: Caller, reply: Reply) -> None:
    """The prompt says when it comes back, so nothing else needs to."""
    picked = ids.unpack(caller.value)
    snoozing.snooze(services.db, services.team_id, caller.user, int(picked["ask"]), str(picked["when"]), now=caller.at)


def _undo(services: Services, caller: Caller, reply: Reply) -> None:
    answers.undo(services.db, services.team_id, caller.user, int(caller.value), now=caller.at)


def _edit(services: Services, caller: Caller, reply: Reply) -> None:
    answer = int(caller.value)
    ask = answers.ask_behind(services.db, services.team_id, answer)
    form = form_service.open_form(
        services.db, services.team_id, caller.user, ask_id=ask, answer_id=answer, now=caller.at
    )
    reply.open(answer_form(form))


def _pick(services: Services, caller: Caller, reply: Reply) -> None:
    picked = ids.unpack(caller.value)
    guesses.pick(
        services.db, services.team_id, caller.user, int(picked["proposal"]), str(picked["value"]), now=caller.at
    )


def _not_a_blocker(services: Services, caller: Caller, reply: Reply) -> None:
    answers.not_a_blocker(services.db, services.team_id, caller.user, int(caller.value), now=caller.at)


def _submitted(services: Services, caller: Caller) -> None:
    meta = caller.metadata
    try:
        form_service.submit_form(
            services.db,
            services.team_id,
            caller.user,
            _form_of(caller, int(meta["ask"]), meta.get("answer")),
            now=caller.at,
        )
    except FormRefusal as no:
        raise FormRefusal({_block(name): text for name, text in no.errors.items()}) from None


def _form_of(caller: Caller, ask: int, answer: int | None) -> Submitted:
    blocks = [block["block_id"] for block in caller.view["blocks"] if block["type"] == "input"]
    keys = [key for name, key in map(ids.split, blocks) if name == ids.KR_VALUE]

    def field(name: str, about: object) -> str:
        return caller.state(ids.of(name, about))

    return Submitted(
        ask=ask,
        view=caller.key,
        entries=[
            Entry(key, field(ids.KR_VALUE, key), field(ids.KR_CONFIDENCE, key), field(ids.KR_NOTE, key)) for key in keys
        ],
        blockers=field(ids.QUESTION, 2),
        adjustments=field(ids.QUESTION, 3),
        answer=answer,
    )


def _block(name: str) -> str:
    """The form's block that a service's field name stands for: `value:KR-1`, `confidence:KR-1`, `blockers`."""
    field, _, key = name.partition(":")
    question = {"blockers": 2, "adjustments": 3}.get(field)
    if question:
        return ids.of(ids.QUESTION, question)
    return ids.of(ids.KR_CONFIDENCE if field == "confidence" else ids.KR_VALUE, key)
