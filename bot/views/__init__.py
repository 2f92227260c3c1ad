"""Views: what each notice looks like in Slack. `VIEWS` has one entry for every kind that is posted, `home_view` the
App Home; the modules beside it hold the forms and the replies of commands. Pure: data in, plain dicts out.
"""

from collections.abc import Callable
from typing import TypeVar

from bot.views import checkins, receipts, trouble
from bot.views.blocks import Message
from rituals.notices import (
    CheckinBoard,
    CheckinPrompt,
    CheckinReminder,
    DeliveryTrouble,
    Notice,
    Receipt,
    SharedAnswer,
)

__all__ = ["VIEWS", "Message"]

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
        _view(CheckinPrompt, checkins.prompt),
        _view(CheckinReminder, checkins.reminder),
        _view(CheckinBoard, checkins.board),
        _view(Receipt, receipts.receipt),
        _view(SharedAnswer, checkins.shared_answer),
        _view(DeliveryTrouble, trouble.delivery_trouble),
    )
)
