"""What people see of an answer, as notices built from the present state: its receipt, and the copy for the others.

Read only, like `shown`, which has the keys of these messages and what is shown of the round.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rituals.checkins import effort
from rituals.checkins.asking import seen_at
from rituals.checkins.quoting import as_typed
from rituals.checkins.registering import again
from rituals.checkins.turnout import left
from rituals.checkins.turns import next_turn
from rituals.notices import (
    BlockerLine,
    Guess,
    Receipt,
    SavedLine,
    SharedAnswer,
)
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.registers import blocker_lines, may_be_told
from rituals.okrs.roles import public
from rituals.okrs.updates import saved_line
from storage import checkins as queries
from storage import registers
from storage.database import Session
from storage.tables import Adjustment, Answer, Blocker, CheckinAsk, CheckinRound, Proposal


def receipt(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> Receipt | None:
    """What was understood of the newest version of an answer."""
    found = queries.versions(session, team_id, data["source_key"])
    if not found:
        return None
    answer = found[-1]
    state = load_portfolio(session, team_id)
    ask = queries.get_ask(session, team_id, answer.ask_id) if answer.ask_id else None
    row = queries.get_round(session, team_id, ask.round_id) if ask else None
    state = seen_at(session, state, ask, answer)
    reading = answer.reading or {}
    common = Receipt(answer=answer.id or 0, ask=answer.ask_id, number=row.number if row else None)
    if answer.superseded:
        return common.model_copy(update={"problems": ("You deleted this answer; what it wrote was taken back.",)})
    if answer.fault and answer.reading is None:
        return common.model_copy(update={"problems": (_unreadable(answer),)})
    return common.model_copy(
        update={
            "saved": _saved(session, state, [answer], now),
            "guesses": _guesses(queries.proposals_of(session, team_id, answer.id or 0)),
            "blockers": _blockers_from(session, state, [answer], now),
            "adjustments": _adjustments_from(session, team_id, answer),
            "problems": tuple(reading.get("problems", ())),
            "nothing": tuple(reading.get("nothing", ())),
            "late": answer.late,
            "early": ask is not None and answer.at < ask.slot,
            "closed_at": row.closed_at if row and answer.late else None,
            **_left(session, state, ask, row, answer, now),
        }
    )


def _unreadable(answer: Answer) -> str:
    return (
        f"Something broke on our side while I read this (ref {answer.fault}). Your words are kept and nothing was "
        "changed; edit the message, or use Edit to fill in the form."
    )


def _left(
    session: Session,
    state: PortfolioState,
    ask: CheckinAsk | None,
    row: CheckinRound | None,
    answer: Answer,
    now: datetime,
) -> dict[str, Any]:
    """What the lead still owes in this round, or that they are done."""
    if ask is None or row is None or ask.id is None:
        return {}
    open_ones = left(session, state, ask, now)
    waiting, unanswered = open_ones.behind, open_ones.questions
    looks = tuple(a.kr.key for a in waiting if a.role == "view")
    finished = not waiting and not unanswered
    return {
        "waiting": tuple(a.kr.key for a in waiting if a.kr.key not in looks),
        "looks": looks,
        "unanswered": unanswered,
        "finished": finished,
        "seconds": effort.of_answer(session, ask, answer) if finished else None,
        "next_slot": _next_turn(state, row, ask, now) if finished and answer.person_id == ask.person_id else None,
    }


def _next_turn(state: PortfolioState, row: CheckinRound, ask: CheckinAsk, now: datetime) -> datetime | None:
    return next_turn(state, state.unit_keys[row.unit_id], state.people_by_id[ask.person_id], now)


def _saved(session: Session, state: PortfolioState, answers: list[Answer], now: datetime) -> tuple[SavedLine, ...]:
    keys = {kr.id: kr.key for kr in state.key_results.values()}
    rows = queries.updates_of(session, state.team_id, [a.id for a in answers if a.id is not None])
    seen = (row for row in rows if row.key_result_id in keys)
    return tuple(saved_line(state, row, now=now, key=keys[row.key_result_id]) for row in seen)


def _guesses(rows: list[Proposal]) -> tuple[Guess, ...]:
    return tuple(
        Guess(proposal=p.id or 0, text=p.text, choices=tuple((c[0], c[1]) for c in p.choices or ()))
        for p in rows
        if p.state == "open"
    )


def _blockers_from(
    session: Session, state: PortfolioState, answers: list[Answer], now: datetime
) -> tuple[BlockerLine, ...]:
    ids = [a.id for a in answers if a.id is not None]
    rows = registers.entries_from(session, Blocker, state.team_id, ids, also=again(answers, Blocker))
    return blocker_lines(session, state, [row for row in rows if may_be_told(state, row)], now)


def _adjustments_from(session: Session, team_id: str, answer: Answer) -> tuple[str, ...]:
    also = again([answer], Adjustment)
    rows = registers.entries_from(session, Adjustment, team_id, [answer.id or 0], also=also)
    return tuple(f"{a.text} · {a.reason}" if a.reason else a.text for a in rows)


def shared_answer(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> SharedAnswer | None:
    """One lead's answers of a round, for everybody in its channel.

    Of who leads a private unit only what is public: values and blockers, and none of their own words.
    """
    ask = queries.get_ask(session, team_id, data["ask"])
    row = queries.get_round(session, team_id, ask.round_id) if ask else None
    if ask is None or row is None:
        return None
    everybody = load_portfolio(session, team_id)
    state = public(everybody, of=everybody.unit_keys[row.unit_id])
    member = state.people_by_id[ask.person_id]
    everything = queries.answers_of(session, team_id, [data["ask"]])
    answers = [a for a in everything if (a.reading or {}).get("answered")]
    by = {answer.person_id for answer in answers}
    led = state.led_by(member.key)
    other = state.people_by_id[ask.delegate_id] if ask.delegate_id and by == {ask.delegate_id} else None
    return SharedAnswer(
        ask=data["ask"],
        name=other.name if other else member.name,
        instead_of=member.name if other else None,
        units=state.names(unit for unit in led if unit in state.named_units),
        answers=_by_question(state, answers) if all(unit in state.named_units for unit in led) else (),
        saved=tuple(line for line in _saved(session, state, answers, now) if not line.undone),
        blockers=_blockers_from(session, state, answers, now),
        edited=any(a.version > 1 for a in answers),
        late=any(a.late for a in answers),
        early=any(a.at < ask.slot for a in answers),
    )


def _by_question(state: PortfolioState, answers: list[Answer]) -> tuple[tuple[int, str], ...]:
    """The words under each question, those of several answers one under another; what fits none (0) at the end."""
    said: dict[int, list[str]] = {}
    for answer in answers:
        for number, text in (answer.reading or {}).get("texts", ()):
            said.setdefault(int(number), []).append(as_typed(state, text))
    return tuple((number, "\n".join(said[number])) for number in sorted(said, key=lambda n: (n == 0, n)))
