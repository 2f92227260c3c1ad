"""Whether a lead has answered in a round, whether in time, and what is left to say. Counts what is in force; decides
nothing else.

A lead who only tapped or wrote "no change" while key results of theirs are behind has not answered yet: those are
always asked. Whoever has said anything of their own has, and is marked as partly done while something is left.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from rituals.checkins import rules
from rituals.checkins.asking import unsaid_in
from rituals.okrs.load import PortfolioState
from storage import checkins as queries
from storage.database import Session
from storage.tables import Answer, CheckinAsk


@dataclass(frozen=True)
class Left:
    """What is left to say: key results that are behind and without a word, and the questions 2 and 3."""

    behind: tuple[rules.Asked, ...] = ()
    questions: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.behind or self.questions)


def is_late(session: Session, ask: CheckinAsk, now: datetime) -> bool:
    """Whether the round had closed by then, or this lead's own time was over."""
    row = queries.get_round(session, ask.team_id, ask.round_id)
    return now >= ask.due_at or row is None or (row.closed_at is not None and row.closed_at <= now)


def left(session: Session, state: PortfolioState, ask: CheckinAsk, now: datetime) -> Left:
    """What this lead has not said in the round yet, by what `state` knows."""
    answers = queries.answers_of(session, state.team_id, [ask.id or 0])
    return _left(session, state, ask, answers, now)


def _left(
    session: Session,
    state: PortfolioState,
    ask: CheckinAsk,
    answers: Iterable[Answer],
    now: datetime,
    *,
    written: Collection[int] = (),
) -> Left:
    placed = {int(n) for a in answers for n in (a.reading or {}).get("answered", ())}
    behind = (a for a in unsaid_in(session, state, ask, now) if a.behind and a.kr.id not in written)
    return Left(tuple(behind), tuple(n for n in (2, 3) if n not in placed))


def count_in(session: Session, state: PortfolioState, ask: CheckinAsk, *, now: datetime) -> None:
    """Set the ask's state by the answers that are in force and answer a question; `state` may be older than they are.

    The first one says whether it was in time: what is added or corrected later makes nobody late.
    """
    answers = queries.answers_of(session, ask.team_id, [ask.id or 0])
    given = [a for a in answers if (a.reading or {}).get("answered")]
    rows = queries.updates_of(session, ask.team_id, [a.id for a in given if a.id is not None])
    written = {row.key_result_id for row in rows if row.retracted_at is None}
    open_ones = _left(session, state, ask, given, now, written=written) if given else Left()
    ask.partly = bool(open_ones)
    bare = bool(open_ones.behind) and all((a.reading or {}).get("bare") for a in given)
    if given and (not bare or is_late(session, ask, now)):
        first = next((a for a in given if not (a.reading or {}).get("bare")), given[0])
        ask.answered_at = ask.answered_at or first.at
        ask.state = "late" if ask.answered_at >= ask.due_at else "answered"
        ask.snoozed_until = None
    elif bare or ask.state in {"answered", "late"}:
        ask.answered_at = None
        waits = "asked" if ask.asked_at is not None else "upcoming"
        ask.state = "missed" if is_late(session, ask, now) else waits
    session.add(ask)


def settle(ask: CheckinAsk) -> None:
    """The round is over: "no change" was an answer, if not a whole one, and whoever said nothing has missed it."""
    if ask.state in {"upcoming", "asked"}:
        ask.state = "answered" if ask.partly else "missed"
