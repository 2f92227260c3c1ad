"""Which messages a workshop has, by their outbox keys, and making them due: the one place that names them.

It promises and refreshes inside the transaction of who calls; what they say is rendered by `shown` when they are sent.
"""

from collections.abc import Iterable
from datetime import datetime

from rituals.notices.workshops import (
    WorkshopAsk,
    WorkshopBoard,
    WorkshopCard,
    WorkshopConfirm,
    WorkshopTime,
    WorkshopTurn,
)
from rituals.okrs.load import Member, PortfolioState
from rituals.workshops import seats
from storage import nudges as ledger
from storage import outbox
from storage import workshop_offers as offers
from storage import workshops as store
from storage.database import Session
from storage.outbox import Promise
from storage.tables import Workshop, WorkshopItem


def number_of(row: Workshop | WorkshopItem) -> int:
    """The row id of what is stored."""
    assert row.id is not None
    return row.id


def board_key(row: Workshop) -> str:
    """The agenda in the channel."""
    return f"workshop:{row.id}:{row.run}"


def round_key(row: Workshop) -> str:
    """The adjustment round in the channel, below all drafts."""
    return f"workshop_round:{row.id}:{row.run}"


def turn_key(row: Workshop, line: str) -> str:
    """A line's drafts in the channel."""
    return f"workshop_turn:{row.id}:{row.run}:{line}"


def ask_key(row: Workshop, line: str, member: Member) -> str:
    """The question for drafts to one lead of a line."""
    return f"workshop_ask:{row.id}:{row.run}:{line}:{member.id}"


def confirm_key(row: Workshop, member: Member) -> str:
    """The question whether the set covers the objectives."""
    return f"workshop_confirm:{row.id}:{row.run}:{member.id}"


def card_key(item: WorkshopItem, member: Member) -> str:
    """An item to one person."""
    return f"workshop_card:{item.id}:{member.id}"


def board(session: Session, row: Workshop, *, now: datetime) -> None:
    """Post the agenda, or show in it what is new."""
    data = {"workshop": number_of(row)}
    what = Promise(key=board_key(row), kind=WorkshopBoard.KIND, to=row.channel, data=data, mode="live")
    outbox.keep_current(session, row.team_id, what, now=now)


def adjusting(session: Session, row: Workshop, *, now: datetime) -> None:
    """Post the adjustment round, or show in it what is new."""
    data = {"workshop": number_of(row), "part": "round"}
    what = Promise(key=round_key(row), kind=WorkshopBoard.KIND, to=row.channel, data=data, mode="live")
    outbox.keep_current(session, row.team_id, what, now=now)


def turn(session: Session, row: Workshop, line: str, *, now: datetime) -> None:
    """Post a line's drafts, or show in them what is new."""
    data = {"workshop": number_of(row), "line": line}
    what = Promise(key=turn_key(row, line), kind=WorkshopTurn.KIND, to=row.channel, data=data, mode="live")
    outbox.keep_current(session, row.team_id, what, now=now)


def time(session: Session, row: Workshop, line: str, *, now: datetime) -> None:
    """Say under a line's drafts that its time is up, or by how much it is over."""
    key = f"{WorkshopTime.KIND}:{row.id}:{row.run}:{line}"
    data = {"workshop": number_of(row), "line": line}
    parent = turn_key(row, line)
    what = Promise(key=key, kind=WorkshopTime.KIND, to=row.channel, data=data, mode="live", thread_of=parent)
    outbox.keep_current(session, row.team_id, what, now=now)


def ask(session: Session, row: Workshop, line: str, member: Member, *, at: datetime, now: datetime) -> None:
    """Ask a lead for the line's drafts at an instant."""
    data = {"workshop": number_of(row), "line": line, "person": member.id}
    key = ask_key(row, line, member)
    what = Promise(key=key, kind=WorkshopAsk.KIND, to=member.slack or "", data=data, mode="live", due_at=at)
    outbox.promise(session, row.team_id, what, now=now)


def card(session: Session, state: PortfolioState, row: Workshop, item: WorkshopItem, *, now: datetime) -> None:
    """Send an item to everybody whom it concerns, or show in it what is new."""
    for member in seats.concerned(state, item, now):
        data = {"item": number_of(item), "person": member.id}
        key = card_key(item, member)
        what = Promise(key=key, kind=WorkshopCard.KIND, to=member.slack or "", data=data, mode="live")
        outbox.keep_current(session, row.team_id, what, now=now)


def confirmation(session: Session, state: PortfolioState, row: Workshop, *, now: datetime) -> None:
    """Ask those who confirm, or who stand in for them."""
    for member in seats.asked_to_confirm(state, row, now):
        data = {"workshop": number_of(row), "person": member.id}
        key = confirm_key(row, member)
        what = Promise(key=key, kind=WorkshopConfirm.KIND, to=member.slack or "", data=data, mode="live")
        outbox.keep_current(session, row.team_id, what, now=now)


def offered(session: Session, row: Workshop, *, now: datetime) -> None:
    """Show in its proposal what became of it; a proposal that was not sent yet is not needed any more."""
    for promised in offers.messages(session, row.team_id, row.unit_id, row.cycle_id):
        if offers.at_hand(promised):
            outbox.take_back(session, row.team_id, promised.key, error="overtaken: it is planned", now=now)
            ledger.drop(session, row.team_id, promised.key, "overtaken")
        else:
            outbox.again(session, row.team_id, promised.key, now=now)


def again(session: Session, row: Workshop, items: Iterable[WorkshopItem], *, now: datetime) -> None:
    """Show what is new in everything that stands: proposal, agenda, round, drafts, questions for them and to confirm,
    items.
    """
    cards = store.cards(session, row.team_id, items)
    outbox.again(session, row.team_id, *store.messages(session, row), *cards, now=now)
    offered(session, row, now=now)
