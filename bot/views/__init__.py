"""Views: what each notice looks like in Slack. `VIEWS` has one entry for every kind that is posted, `home_view` the
App Home; the modules beside it hold the forms and the replies of commands. Pure: data in, plain dicts out.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from bot.views import (
    adjustments,
    cards,
    checkins,
    digests,
    exports,
    handshakes,
    home,
    prompt,
    ratings,
    receipts,
    reminders,
    trouble,
)
from bot.views.blocks import Block, Message, section
from rituals.notices import (
    AdjustmentAsk,
    AdjustmentTold,
    CheckinBack,
    CheckinBoard,
    CheckinMissed,
    CheckinNudge,
    CheckinPrompt,
    CheckinReminder,
    DeliveryTrouble,
    Digest,
    DigestDetails,
    Escalation,
    EscalationCopy,
    Export,
    HandshakeAsk,
    HandshakeTold,
    Home,
    KrNudge,
    Notice,
    RatingAsk,
    RatingResult,
    Receipt,
    SharedAnswer,
    SharedCard,
)

__all__ = ["LADDERS", "VIEWS", "Message", "home_view", "plainer"]

N = TypeVar("N", bound=Notice)
View = Callable[[Notice], Message]


def _view(kind: type[N], render: Callable[[N], Message]) -> tuple[str, View]:
    def view(notice: Notice) -> Message:
        if not isinstance(notice, kind):
            raise TypeError(f"{kind.KIND} cannot show {type(notice).__name__}")
        return render(notice)

    return kind.KIND, view


VIEWS: dict[str, View] = dict(
    (
        _view(CheckinPrompt, prompt.prompt),
        _view(CheckinBack, prompt.back),
        _view(CheckinReminder, reminders.reminder),
        _view(CheckinNudge, reminders.checkin_nudge),
        _view(KrNudge, reminders.kr_nudge),
        _view(CheckinMissed, reminders.missed),
        _view(Escalation, reminders.escalation),
        _view(EscalationCopy, reminders.escalation_copy),
        _view(CheckinBoard, checkins.board),
        _view(Receipt, receipts.receipt),
        _view(SharedAnswer, checkins.shared_answer),
        _view(SharedCard, cards.shared),
        _view(AdjustmentAsk, adjustments.ask),
        _view(AdjustmentTold, adjustments.told),
        _view(HandshakeAsk, handshakes.ask),
        _view(HandshakeTold, handshakes.told),
        _view(Digest, digests.digest),
        _view(DigestDetails, digests.details),
        _view(RatingAsk, ratings.ask),
        _view(RatingResult, ratings.result),
        _view(DeliveryTrouble, trouble.delivery_trouble),
        _view(Export, exports.refused),
    )
)

# The lower rungs of kinds that use blocks which Slack may refuse, in the order in which they are tried.
LADDERS: dict[str, tuple[View, ...]] = {
    Digest.KIND: tuple(_view(Digest, partial(digests.digest_at, rung=rung))[1] for rung in ("fields", "text")),
    SharedCard.KIND: tuple(_view(SharedCard, partial(cards.shared, rung=rung))[1] for rung in ("fields", "text")),
}


def plainer(notice: Notice) -> tuple[Message, ...]:
    """What to try when Slack refuses a notice's blocks: its lower rungs, at last its text alone."""
    text = VIEWS[notice.KIND](notice).text
    return (*(rung(notice) for rung in LADDERS.get(notice.KIND, ())), Message(text, [section(text)]))


def home_view(notice: Notice) -> Block:
    """The App Home of one person, as `views.publish` takes it."""
    if not isinstance(notice, Home):
        raise TypeError(f"{Home.KIND} cannot show {type(notice).__name__}")
    return home.home_view(notice)
