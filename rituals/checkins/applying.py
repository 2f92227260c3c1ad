"""From a stored answer to facts: values, blockers, proposals to adjust, and guesses that wait for a click.

What is unambiguous is written at once, what had to be guessed only when it is confirmed. Runs inside the caller's
transaction; every row names the answer it came from.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rituals.checkins import rules, shown
from rituals.checkins.asking import asked_in, seen_at, unsaid_in
from rituals.checkins.reading import read_reply
from rituals.checkins.reading_results import Guess, Item, ReadAdjustment, ReadBlocker, Reading, ReadUpdate
from rituals.checkins.registering import register_adjustment, register_blocker, said_again
from rituals.checkins.turnout import count_in
from rituals.errors import Refusal
from rituals.notices import Receipt, SharedAnswer
from rituals.okrs.known import known
from rituals.okrs.load import Member, PortfolioState
from rituals.okrs.naming import KnownKeyResult, Named
from rituals.okrs.numbers import Amount
from rituals.okrs.progress import as_of
from rituals.okrs.updates import NewValue, Origin, write_update
from storage import checkins as queries
from storage import outbox
from storage.database import Session
from storage.outbox import Promise
from storage.tables import Adjustment, Answer, Blocker, CheckinAsk, CheckinRound, Proposal

NO_QUESTION = (
    "I could not tell which of the three questions this answers. It is kept and shown to nobody else; "
    "begin a line with 1, 2 or 3, or use the form."
)

Entry = Blocker | Adjustment


@dataclass
class Outcome:
    """What became of an answer, as it is kept with it: shown texts, problems, questions answered or with nothing.

    `bare`: it says "no change" and not a word more.
    """

    texts: list[tuple[int, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    answered: set[int] = field(default_factory=set)
    nothing: set[int] = field(default_factory=set)
    entries: list[Entry] = field(default_factory=list)
    bare: bool = False

    def registered(self, entry: Entry | None) -> None:
        """Keep an entry of the registers that the answer speaks of."""
        if entry is not None:
            self.entries.append(entry)

    def document(self, answer: Answer) -> dict[str, Any]:
        """As stored with the answer."""
        return {
            **said_again(self.entries, answer),
            "texts": [list(t) for t in self.texts],
            "problems": self.problems,
            "answered": sorted(self.answered),
            "nothing": sorted(self.nothing),
            "bare": self.bare,
        }


def apply_answer(session: Session, state: PortfolioState, answer: Answer, *, now: datetime) -> None:
    """Read an answer's words, write what they say, and promise what people are to see of it."""
    ask = queries.get_ask(session, state.team_id, answer.ask_id or 0)
    seen = seen_at(session, state, ask, answer)
    reading = read_reply(
        answer.text,
        known_key_results(seen, asked_in(session, seen, ask, now) if ask else (), now),
        [Named(unit.key, unit.name) for unit in seen.open_units.values()],
        today=state.day_of(author_of(state, answer), answer.at),
    )
    outcome = _outcome(reading)
    if not outcome.answered and not outcome.problems:
        outcome.problems.append(NO_QUESTION)
    if reading.no_change:
        outcome.problems += reaffirm(session, state, answer, now=now)
    items: tuple[Item, ...] = (*reading.updates, *reading.blockers, *reading.adjustments)
    for number, item in enumerate(items):
        try:
            outcome.registered(write_item(session, state, answer, item, name=str(number), now=now))
        except Refusal as no:
            outcome.problems.append(no.text)
    for guess in reading.guesses:
        session.add(_proposal(answer, guess))
    finish(session, state, answer, outcome, now=now)


def author_of(state: PortfolioState, answer: Answer) -> Member | None:
    """Who gave an answer."""
    return state.people_by_id.get(answer.person_id or 0)


def lead_of(session: Session, state: PortfolioState, answer: Answer) -> Member | None:
    """For whom an answer was given: the lead who was asked, also where another answers for them."""
    ask = queries.get_ask(session, state.team_id, answer.ask_id) if answer.ask_id else None
    return state.people_by_id[ask.person_id] if ask else author_of(state, answer)


def _proposal(answer: Answer, guess: Guess) -> Proposal:
    return Proposal(
        team_id=answer.team_id,
        answer_id=answer.id or 0,
        text=guess.text,
        choices=[[c.value, c.label] for c in guess.choices],
        data=guess.data,
    )


def known_key_results(state: PortfolioState, asked: Iterable[rules.Asked], now: datetime) -> list[KnownKeyResult]:
    """What a reply may name: what is asked first, then every other key result of the running cycles, if open."""
    mine = [a.kr for a in asked]
    keys = {kr.key for kr in mine}
    others = [kr for kr in state.current_key_results(now) if kr.key not in keys and not kr.cycle_closed]
    return [known(as_of(kr, now, state.zone)) for kr in [*mine, *others]]


def _outcome(reading: Reading) -> Outcome:
    outcome = Outcome(problems=list(reading.problems))
    outcome.texts = [(n, text) for n, text in sorted(reading.sections.items()) if text.strip()]
    outcome.answered = {n for n, text in reading.sections.items() if text.strip()}
    if reading.unplaced.strip():
        outcome.texts.append((0, reading.unplaced))
    if reading.updates or reading.guesses:
        outcome.answered.add(1)
    if reading.no_change:
        outcome.answered |= {1, 2, 3}
    outcome.nothing = set(reading.nothing)
    outcome.answered |= outcome.nothing
    more = reading.updates or reading.guesses or reading.blockers or reading.adjustments or reading.problems
    outcome.bare = reading.no_change and not more
    return outcome


def write_item(
    session: Session, state: PortfolioState, answer: Answer, item: Item, *, name: str, now: datetime
) -> Entry | None:
    """Write one thing that an answer says; `name` tells it from the answer's others.

    Returns the register's entry where it is one. Raises Refusal where the person may not, or the value cannot be one.
    """
    match item:
        case ReadUpdate():
            new = NewValue(item.amount, item.confidence, item.note, item.evidence)
            write_value(session, state, answer, item.key, new, name=name, now=now)
        case ReadBlocker():
            return register_blocker(session, state, answer, lead_of(session, state, answer), item, now=now)
        case ReadAdjustment():
            return register_adjustment(session, state, answer, lead_of(session, state, answer), item, now=now)
    return None


def write_value(
    session: Session,
    state: PortfolioState,
    answer: Answer,
    key: str,
    new: NewValue,
    *,
    name: str,
    now: datetime,
) -> None:
    """Write one value of an answer. Raises Refusal as `write_item` does."""
    origin = Origin("form" if answer.source == "form" else "checkin", f"answer:{answer.id}:{name}", answer.id)
    kr, lead = state.key_results[key], lead_of(session, state, answer)
    write_update(session, state, kr, new, by=author_of(state, answer), origin=origin, now=now, speaks_for=lead)


def reaffirm(session: Session, state: PortfolioState, answer: Answer, *, now: datetime) -> list[str]:
    """ "No change": what is on pace and not spoken of in this round keeps its value, said again today. What is behind
    stays asked.

    Returns what could not be written, in words.
    """
    problems = []
    lead, ask = lead_of(session, state, answer), queries.get_ask(session, state.team_id, answer.ask_id or 0)
    for asked in unsaid_in(session, state, ask, now) if lead and ask else ():
        value = rules.unchanged(state, asked, lead.key) if lead else None
        if asked.behind or value is None:
            continue
        new = NewValue(amount=Amount(value, relative=False, unit="", text=str(value)), note="No change")
        try:
            write_value(session, state, answer, asked.kr.key, new, name=f"same:{asked.kr.key}", now=now)
        except Refusal as no:
            problems.append(no.text)
    return problems


def finish(session: Session, state: PortfolioState, answer: Answer, outcome: Outcome, *, now: datetime) -> None:
    """Mark the answer as read and the ask as answered, and promise receipt, shared answer, board and Home."""
    answer.reading = outcome.document(answer)
    session.add(answer)
    ask = queries.get_ask(session, state.team_id, answer.ask_id) if answer.ask_id else None
    if ask is None:
        return
    session.flush()
    count_in(session, state, ask, now=now)
    row = queries.get_round(session, state.team_id, ask.round_id)
    promise_receipt(session, answer, ask, now)
    if row is not None:
        _promise_shared(session, state, answer, ask, row, now, answered=bool(outcome.answered))
    who = [answer.slack_user]
    shown.refresh(session, state.team_id, round_id=ask.round_id, users=who, answer_id=answer.id, now=now)


def promise_receipt(session: Session, answer: Answer, ask: CheckinAsk, now: datetime) -> None:
    """Where the answer was typed, else in the prompt's thread; who was not asked yet, or cannot be, has none.

    A prompt that follows its subject shows the new state.
    """
    typed = answer.channel is not None
    prompt = outbox.find(session, answer.team_id, shown.prompt_key(ask))
    receipt = Promise(
        key=shown.receipt_key(answer.source_key),
        kind=Receipt.KIND,
        to=answer.channel or answer.slack_user,
        data={"source_key": answer.source_key, "ask": ask.id},
        mode="live",
        thread_ts=(answer.thread_ts or answer.ts) if typed else None,
        thread_of=prompt.key if prompt and not typed else None,
    )
    outbox.keep_current(session, answer.team_id, receipt, now=now)
    if prompt is not None and prompt.mode == "live":  # it was put off, and says until when
        outbox.again(session, answer.team_id, prompt.key, now=now)


def _promise_shared(
    session: Session,
    state: PortfolioState,
    answer: Answer,
    ask: CheckinAsk,
    row: CheckinRound,
    now: datetime,
    *,
    answered: bool,
) -> None:
    """The others see it under the round's board, wherever the unit's channel is by now. Words typed there are there
    already, and what answers no question was perhaps not meant for them.
    """
    board = outbox.find(session, state.team_id, shown.board_key(row.id or 0))
    if board is None or answer.source == "channel" or not answered:
        outbox.again(session, state.team_id, shown.shared_key(ask.id or 0), now=now)
        return
    shared = Promise(
        key=shown.shared_key(ask.id or 0),
        kind=SharedAnswer.KIND,
        to=board.channel or board.to,
        data={"ask": ask.id},
        mode="live",
        thread_of=board.key,
    )
    outbox.keep_current(session, state.team_id, shared, now=now)
