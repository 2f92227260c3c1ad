"""What people see and what the books hold, for scenario tests: with people's eyes or by plain queries, looking only."""

from collections.abc import Iterable
from typing import TypeVar

from sqlmodel import SQLModel, col, select

from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.model import KeyResult
from sandbox.people import Person
from sandbox.records import Message, View
from sandbox.stage import Stage
from storage.tables import Answer, CheckinAsk, CheckinRound, KeyResultUpdate
from tests.scenarios.portfolios import SUITE

Row = TypeVar("Row", bound=SQLModel)


def words(stage: Stage, message: Message) -> str:
    """A message as anybody reads it."""
    return stage.person(stage.sandbox.bot_user).reads(message)


def posted(stage: Stage, channel: str, *, starting: str = "") -> list[Message]:
    """The bot's own messages in a channel, outside of threads, that begin with some words."""
    found = [m for m in stage.messages(channel) if m.bot and not m.is_reply]
    return [m for m in found if words(stage, m).startswith(starting)]


def boards(stage: Stage) -> list[Message]:
    """The rounds' parent messages, oldest first."""
    return posted(stage, SUITE, starting="Check-in")


def board(stage: Stage) -> str:
    """The newest board's words."""
    return words(stage, boards(stage)[-1])


def prompts(person: Person) -> list[Message]:
    """The check-ins a lead was asked, oldest first."""
    return [m for m in person.dm if m.bot and not m.is_reply and person.reads(m).startswith("Check-in")]


def prompt(person: Person) -> Message:
    """The newest of them."""
    return prompts(person)[-1]


def replies(person: Person, to: Message) -> list[str]:
    """What the bot says in a thread, oldest first."""
    return [person.reads(m) for m in person.messages(to.channel, to.ts) if m.bot and m.ts != to.ts]


def receipts(person: Person, to: Message) -> list[Message]:
    """The receipts in a thread of the DM, oldest first; a reminder is none."""
    found = [m for m in person.messages(to.channel, to.ts) if m.bot and m.ts != to.ts]
    return [m for m in found if "[ Edit ]" in person.reads(m)]


def shared(stage: Stage) -> list[str]:
    """The bot's replies in the newest round's thread: what each lead answered, for the others."""
    parent = boards(stage)[-1]
    return [words(stage, m) for m in stage.messages(SUITE) if m.bot and m.is_reply and m.root == parent.ts]


def rows(stage: Stage, table: type[Row]) -> list[Row]:
    """All rows of a table, in the order in which they were written."""
    with stage.db.transaction(readonly=True) as session:
        return list(session.exec(select(table).order_by(col(table.id))))  # type: ignore[attr-defined]


def rounds(stage: Stage) -> list[CheckinRound]:
    """The ledger of rounds."""
    return rows(stage, CheckinRound)


def asks(stage: Stage) -> dict[str, CheckinAsk]:
    """The asks of the newest round by the person's key."""
    state = _state(stage)
    newest = rounds(stage)[-1].id
    return {state.people_by_id[a.person_id].key: a for a in rows(stage, CheckinAsk) if a.round_id == newest}


def answers(stage: Stage) -> list[Answer]:
    """Everything that was said."""
    return rows(stage, Answer)


def written(stage: Stage) -> list[KeyResultUpdate]:
    """The values in force that came from answers."""
    return [u for u in rows(stage, KeyResultUpdate) if u.answer_id is not None and u.retracted_at is None]


def value(stage: Stage, key: str) -> float:
    """A key result's value now, by its reports."""
    reports = [u.value for u in key_result(stage, key).reports if u.value is not None]
    return float(reports[-1])


def key_result(stage: Stage, key: str) -> KeyResult:
    """A key result with its history."""
    return _state(stage).key_results[key]


def _state(stage: Stage) -> PortfolioState:
    with stage.db.transaction(readonly=True) as session:
        return load_portfolio(session, stage.team)


def told(stage: Stage, user: str, channel: str = "dm", *, nth: int = 1) -> str:
    """The newest words that only this person sees, once there are `nth`: they come after the work is done."""
    person = stage.person(user)
    stage.sandbox.wait_until(lambda: len(person.ephemerals(channel)) >= nth, what=f"{nth} words to {user}")
    return person.reads(person.ephemerals(channel)[-1])


def opened(stage: Stage, person: Person) -> View:
    """The form that comes up after a click or a command, which are acknowledged before."""
    stage.settle()
    assert person.view is not None, "no form came up"
    return person.view


def let_go(stage: Stage) -> None:
    """Wake Slack's client before it is closed; else it waits up to a second for one more message."""
    assert stage.bot.handler is not None
    client = stage.bot.handler.client
    client.closed = True
    client.message_queue.put(None)


def holding(texts: Iterable[str], part: str) -> list[str]:
    """Those texts that contain a part."""
    return [text for text in texts if part in text]
