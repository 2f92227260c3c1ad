"""One key result: `/okr show`, what opens it, its history, and sharing it with the channel."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError

from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply
from bot.services import Services
from bot.views import Message, ids
from bot.views.blocks import message, section
from rituals.errors import Refusal

if TYPE_CHECKING:
    from rituals.notices.cards import KrCard


NOT_IN = "I am not in this channel, so I cannot show it here. Type /invite @Plumbline and share it again."


def register(inbound: Inbound, subcommands: dict[str, Work]) -> None:
    """Add the row `show`; hear what opens a key result, its history and its Share button."""
    services = inbound.services
    subcommands["show"] = partial(show, services)
    inbound.action(ids.pattern(ids.OKR_SHOW, ids.OKR_OPEN), partial(_open, services))
    inbound.action(ids.pattern(ids.OKR_HISTORY), partial(_history, services))
    inbound.action(ids.pattern(ids.HISTORY_TURN), partial(_turn, services))
    inbound.action(ids.pattern(ids.OKR_SHARE), partial(_share, services))


def show(services: Services, caller: Caller, reply: Reply) -> None:
    """The card of the key result that was typed."""
    from rituals.okrs import card

    data = card.show(services.db, services.team_id, caller.text, now=caller.at, user=caller.user)
    reply.show(_card(data, caller))


def _card(data: "KrCard", caller: Caller) -> Message:
    """A modal takes no chart and no table; where there is no message to answer beside, the card becomes one."""
    from bot.views import cards

    if not (caller.response_url or caller.channel):
        return cards.card(data, "text")
    shareable = bool(caller.channel) and not str(caller.channel).startswith("D")
    native, *lower = (cards.card(data, rung, shareable=shareable) for rung in cards.RUNGS)
    return replace(native, plainer=tuple(lower))


def _open(services: Services, caller: Caller, reply: Reply) -> None:
    show(services, replace(caller, text=caller.value), reply)


def _history(services: Services, caller: Caller, reply: Reply) -> None:
    reply.show(_page(services, caller))


def _turn(services: Services, caller: Caller, reply: Reply) -> None:
    reply.replace(_page(services, caller))


def _page(services: Services, caller: Caller) -> Message:
    from bot.views import history as history_view
    from rituals.okrs import history

    asked = ids.unpack(caller.value)
    page = history.history(services.db, services.team_id, str(asked["query"]), now=caller.at, user=caller.user)
    return history_view.history(page, int(asked["start"]))


def _share(services: Services, caller: Caller, reply: Reply) -> None:
    from rituals.okrs import sharing

    channel = caller.channel or ""
    if not _is_in(services, channel):
        raise Refusal(NOT_IN)
    sharing.share(
        services.db,
        services.team_id,
        caller.user,
        caller.value,
        channel,
        by="a member of this workspace",
        now=caller.at,
        shown=caller.message_ts or caller.key,
    )
    line = f"{caller.value} is shared with this channel."
    reply.show(message(line, [section(line)]))


def _is_in(services: Services, channel: str) -> bool:
    """Whether the bot may post there; asked before, because what is promised to another place is never delivered."""
    try:
        found = services.reader.conversations_info(channel=channel)
    except SlackApiError:
        return False
    return bool(found["channel"].get("is_member"))
