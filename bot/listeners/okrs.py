"""`/okr`: which word does what, and the words that look at key results. Updating them is in `updates`.

The table `subcommands` is filled by every feature's `register`; a subcommand's work gets the text after its word.
"""

from dataclasses import replace
from functools import partial
from typing import Any

from bot.inbound import Inbound, Work
from bot.listeners import authoring, updates
from bot.listeners import cards as card_listener
from bot.listeners import help as help_listener
from bot.replies import Caller, Reply, first_word
from bot.services import Services
from bot.views import Message, ids, trouble
from rituals.errors import Refusal

Subcommands = dict[str, Work]


def register(inbound: Inbound, subcommands: Subcommands) -> None:
    """Add the rows of key results and of help, and hear the command, its choices and what opens a key result."""
    services = inbound.services
    inbound.command("/okr", partial(run, services, subcommands))  # first: Bolt asks one listener after the other
    help_listener.register(inbound, subcommands)
    updates.register(inbound, subcommands)
    card_listener.register(inbound, subcommands)
    authoring.register(inbound, subcommands)
    subcommands["list"] = partial(_list, services)
    subcommands["shared"] = partial(_shared, services)
    inbound.action(ids.pattern(ids.LIST_PAGE), partial(_turn, services))
    inbound.action(ids.pattern(ids.CHOICE_PICK), partial(_picked, services, subcommands))


def run(services: Services, subcommands: Subcommands, caller: Caller, reply: Reply) -> None:
    """Do what was typed after `/okr`. A key result's name alone shows it."""
    from rituals.okrs import service

    word, rest = first_word(caller.text)
    work = subcommands.get(word.casefold())
    if work is not None:
        work(replace(caller, text=rest), reply)
    elif key := service.bare_name(services.db, services.team_id, caller.text, now=caller.at, user=caller.user):
        card_listener.show(services, replace(caller, text=key), reply)
    else:
        help_listener.unknown(word, rest, subcommands, reply)


def _list(services: Services, caller: Caller, reply: Reply) -> None:
    reply.show(list_page(services, caller, caller.text))


def _turn(services: Services, caller: Caller, reply: Reply) -> None:
    asked = ids.unpack(caller.value)
    reply.replace(list_page(services, caller, str(asked["query"]), int(asked["start"])))


def list_page(services: Services, caller: Caller, query: str, start: int = 0) -> Message:
    """A page of what a person lists, from the `start`-th on."""
    from bot.views import okrs
    from rituals.okrs import pages

    return okrs.list_page(
        pages.list_page(services.db, services.team_id, caller.user, query, now=caller.at, start=start)
    )


def _shared(services: Services, caller: Caller, reply: Reply) -> None:
    from bot.views import okrs
    from rituals.okrs import pages

    reply.show(okrs.shared_page(pages.shared(services.db, services.team_id, now=caller.at, user=caller.user)))


def _picked(services: Services, subcommands: Subcommands, caller: Caller, reply: Reply) -> None:
    """Carry out what was typed, with the choice in the place of what was ambiguous; the question goes."""
    chosen = ids.unpack(caller.value)
    word, _ = first_word(str(chosen.get("context", "")))
    value = str(chosen["value"])
    text = f"{word} {value}" if word and word.casefold() in subcommands else value
    try:
        run(services, subcommands, replace(caller, text=text), InPlace(reply))
    except Refusal as no:
        reply.replace(trouble.refusal(no, context=text, typed=f"/okr {text}"))


class InPlace(Reply):
    """Shows in the place of the message that was clicked."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    def show(self, message: Message) -> None:
        self._reply.replace(message)

    def replace(self, message: Message) -> None:
        self._reply.replace(message)

    def open(self, view: dict[str, Any]) -> None:
        self._reply.open(view)
