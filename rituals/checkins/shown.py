"""What people see of a round, as notices built from the present state: prompt, board, receipt, the shared answer.

Read only: it loads and words, and decides nothing. Live notices are rendered by these when they are sent.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rituals import timing
from rituals.checkins import effort, rules
from rituals.checkins.asking import seen_at
from rituals.checkins.quoting import as_typed
from rituals.checkins.registering import again
from rituals.checkins.standing_in import AWAY, answers_now, is_away, until_words
from rituals.checkins.turnout import left
from rituals.checkins.turns import next_turn
from rituals.checkins.windows import window_of
from rituals.notices import (
    AwayLead,
    BlockerLine,
    CheckinBoard,
    Guess,
    KrLine,
    Missing,
    Receipt,
    SavedLine,
    SharedAnswer,
)
from rituals.okrs.live import home_key
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.registers import blocker_lines, may_be_told
from rituals.okrs.roles import public
from rituals.okrs.updates import saved_line
from rituals.okrs.words import kr_line
from storage import checkins as queries
from storage import homes, outbox, registers
from storage import nudges as ledger
from storage.database import Session
from storage.tables import Adjustment, Answer, Blocker, CheckinAsk, CheckinRound, Proposal


def prompt_key(ask: CheckinAsk) -> str:
    """The outbox key of the prompt for an ask; one per round, lead and who is asked, so nobody is asked twice."""
    return f"checkin:{ask.id}:{ask.delegate_id}" if ask.delegate_id else f"checkin:{ask.id}"


def board_key(round_id: int) -> str:
    """The outbox key of a round's board."""
    return f"board:{round_id}"


def receipt_key(source_key: str) -> str:
    """The outbox key of the receipt for an answer; its versions share one."""
    return f"receipt:{source_key}"


def shared_key(ask_id: int) -> str:
    """The outbox key of a lead's answer in the round's thread."""
    return f"shared:{ask_id}"


def refresh(
    session: Session,
    team_id: str,
    *,
    round_id: int | None,
    users: Iterable[str | None],
    now: datetime,
    answer_id: int | None = None,
    counts: bool = True,
) -> None:
    """Make the board and the Homes that exist show the present state: those of the users, of who `counts` how many
    answered, and of whom the values and blockers of an answer concern."""
    concerned = {user for user in users if user}
    if counts:
        concerned = homes.of_round(session, team_id, round_id, concerned, answer_id=answer_id)
    if round_id is not None:
        outbox.again(session, team_id, board_key(round_id), now=now)
    outbox.again(session, team_id, *map(home_key, sorted(concerned)), now=now)


def line_of(state: PortfolioState, asked: rules.Asked) -> KrLine:
    """A key result as the asked lead sees it."""
    kr = asked.kr
    reporter = state.people[kr.reporter].name if kr.reporter else None
    line = kr_line(kr, asked.figures, role=asked.role, reporter_name=reporter, owner_names=state.names(kr.owners))
    last = asked.figures.last_at
    days = (state.today(asked.figures.at) - last.astimezone(state.zone).date()).days if last else None
    return line.model_copy(update={"days": days})


def unit_name(state: PortfolioState, row: CheckinRound) -> str:
    """The name of the unit whose round it is."""
    return state.units[state.unit_keys[row.unit_id]].name


def board(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> CheckinBoard | None:
    """Who has answered and how the shared key results stand; None when the round is gone."""
    row = queries.get_round(session, team_id, data["round"])
    if row is None:
        return None
    state = load_portfolio(session, team_id)
    asks = queries.asks_seen(session, team_id, [data["round"]])
    spent, measured = effort.of_round(session, team_id, [a.ask for a in asks])
    about = ledger.about(session, team_id, [a.ask.id or 0 for a in asks])
    limited = {one.ask_id for one in about if one.dropped == "limit"}
    partly = {a.ask.id for a in asks if a.ask.partly and left(session, state, a.ask, now)}
    away = {a.ask.id: _away(state, a.ask, now) for a in asks if _is_of_one_away(state, a.ask, now)}
    mine = rules.units_of_round(state, state.unit_keys[row.unit_id])
    shared = (kr for kr in state.key_results_on(row.local_date) if kr.shared and mine.intersection(kr.owners))
    statuses = Counter(state.figures(kr, now).status for kr in shared)
    return CheckinBoard(
        round=data["round"],
        number=row.number,
        unit=unit_name(state, row),
        opened_at=row.slot,
        due_at=row.due_at,
        closed=row.state == "closed",
        answered=tuple(a.person.name for a in asks if a.ask.state == "answered" and a.ask.id not in partly),
        partly=tuple(a.person.name for a in asks if a.ask.state == "answered" and a.ask.id in partly),
        late=tuple(a.person.name for a in asks if a.ask.state == "late"),
        missing=tuple(
            Missing(
                name=a.person.name,
                asked_at=a.ask.asked_at,
                partly=a.ask.id in partly,
                over=window_of(a.ask, row, now).state in {"late", "closed"},
                limit=a.ask.id in limited,
            )
            for a in asks
            if a.ask.state in {"upcoming", "asked", "missed"} and a.ask.id not in away
        ),
        away=tuple(away.values()),
        statuses={str(status): count for status, count in statuses.items()},
        seconds=int(spent.total_seconds()),
        measured=measured,
        budget=int(timing.BUDGET.total_seconds()),
    )


def _is_of_one_away(state: PortfolioState, ask: CheckinAsk, now: datetime) -> bool:
    """Who is back counts like everybody else; of a round that is over it says who was asked."""
    if ask.state in {"upcoming", "asked"}:
        return is_away(state, state.people_by_id[ask.person_id], now)
    missed = ask.state == "missed" and ask.delegate_id is not None
    return missed or (ask.state == "skipped" and ask.reason.startswith(AWAY))


def _away(state: PortfolioState, ask: CheckinAsk, now: datetime) -> AwayLead:
    lead, delegate = state.people_by_id[ask.person_id], state.people_by_id.get(ask.delegate_id or 0)
    if delegate is None and ask.state in {"upcoming", "asked"}:
        delegate = answers_now(state, lead, now)
    until = until_words(lead.away, state.today(now)) if lead.away else ""
    asked = delegate if ask.state != "skipped" else None
    return AwayLead(name=lead.name, until=until, delegate=asked.name if asked else None)


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


def still_waiting(session: Session, state: PortfolioState, ask: CheckinAsk, now: datetime) -> tuple[rules.Asked, ...]:
    """The asked key results that are behind and have no word in this round yet."""
    return left(session, state, ask, now).behind


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
