"""Views: what each notice looks like in Slack. `VIEWS` has one entry for every kind that is posted, `home_view` the
App Home; the modules beside it hold the forms and the replies of commands. Pure: data in, plain dicts out.

A view is imported when something is first shown by it, and so is what it shows.
"""

from collections.abc import Callable
from functools import partial

from bot.later import found
from bot.views.blocks import Block, Message, section
from rituals.notices import NOTICES, Notice

__all__ = ["LADDERS", "VIEWS", "WHERE", "Message", "home_view", "plainer"]

View = Callable[[Notice], Message]

WHERE = {
    "checkin_prompt": "prompt:prompt",
    "checkin_back": "prompt:back",
    "checkin_reminder": "reminders:reminder",
    "checkin_nudge": "reminders:checkin_nudge",
    "kr_nudge": "reminders:kr_nudge",
    "checkin_missed": "reminders:missed",
    "checkin_escalation": "reminders:escalation",
    "checkin_escalation_copy": "reminders:escalation_copy",
    "checkin_board": "checkins:board",
    "checkin_receipt": "receipts:receipt",
    "checkin_shared_answer": "checkins:shared_answer",
    "shared_card": "cards:shared",
    "adjustment_ask": "adjustments:ask",
    "adjustment_told": "adjustments:told",
    "handshake_ask": "handshakes:ask",
    "handshake_told": "handshakes:told",
    "conflict_told": "conflicts:told",
    "ownership_ask": "ownership:ask",
    "ownership_told": "ownership:told",
    "ownership_reminder": "ownership:reminder",
    "flag_thread": "flags:thread",
    "flag_words": "flags:words",
    "flag_said": "flags:said_in_thread",
    "flag_ended": "flags:ended",
    "digest": "digests:digest",
    "digest_details": "digest_details:details",
    "digest_approval": "digest_approval:approval",
    "digest_waiting": "digest_approval:waiting",
    "workshop_offer": "workshop_offers:offer",
    "workshop_ask": "workshop_letters:ask",
    "workshop_board": "workshops:board",
    "workshop_turn": "workshops:turn",
    "workshop_time": "workshops:time_up",
    "workshop_card": "workshop_letters:card",
    "workshop_confirm": "workshop_letters:confirm",
    "workshop_record": "workshop_letters:record",
    "rating_ask": "ratings:ask",
    "rating_reminder": "ratings:reminder",
    "rating_result": "ratings:result",
    "cycle_closed": "retrospective:look_back",
    "closing_reminder": "retrospective:reminder",
    "closing_progress": "closed:progress",
    "delivery_trouble": "trouble:delivery_trouble",
    "export": "exports:refused",
}
# Kinds that use blocks which Slack may refuse: what renders a lower rung of them, given its name.
_RUNGS = {
    "digest": "digests:digest_at",
    "digest_approval": "digest_approval:approval_at",
    "shared_card": "cards:shared",
    "cycle_closed": "retrospective:look_back",
}
_LOWER = ("fields", "text")


def _shown(kind: str, where: str, notice: Notice, **rung: str) -> Message:
    if not isinstance(notice, NOTICES[kind]):
        raise TypeError(f"{kind} cannot show {type(notice).__name__}")
    message: Message = found(f"bot.views.{where}")(notice, **rung)
    return message


VIEWS: dict[str, View] = {kind: partial(_shown, kind, where) for kind, where in WHERE.items()}
LADDERS: dict[str, tuple[View, ...]] = {
    kind: tuple(partial(_shown, kind, where, rung=rung) for rung in _LOWER) for kind, where in _RUNGS.items()
}


def plainer(notice: Notice) -> tuple[Message, ...]:
    """What to try when Slack refuses a notice's blocks: its lower rungs, at last its text alone."""
    text = VIEWS[notice.KIND](notice).text
    return (*(rung(notice) for rung in LADDERS.get(notice.KIND, ())), Message(text, [section(text)]))


def home_view(notice: Notice) -> Block:
    """The App Home of one person, as `views.publish` takes it."""
    if not isinstance(notice, NOTICES["home"]):
        raise TypeError(f"home cannot show {type(notice).__name__}")
    view: Block = found("bot.views.home:home_view")(notice)
    return view
