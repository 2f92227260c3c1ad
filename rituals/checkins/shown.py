"""What people see of a round, as notices built from the present state: the board, and the keys of its messages.

Read only: it loads and words, and decides nothing. Live notices are rendered by these when they are sent.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rituals import timing
from rituals.checkins import effort, rules
from rituals.checkins.standing_in import AWAY, answers_now, is_away, until_words
from rituals.checkins.turnout import left
from rituals.checkins.windows import window_of
from rituals.notices import (
    AwayLead,
    CheckinBoard,
    KrLine,
    Missing,
)
from rituals.okrs import lines
from rituals.okrs.load import PortfolioState, load_portfolio
from storage import checkins as queries
from storage import homes, outbox
from storage import nudges as ledger
from storage.database import Session
from storage.tables import CheckinAsk, CheckinRound


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
    outbox.again(session, team_id, *map(outbox.home_key, sorted(concerned)), now=now)


def line_of(state: PortfolioState, asked: rules.Asked) -> KrLine:
    """A key result as the asked lead sees it."""
    line = lines.line_of(state, asked.kr, asked.figures, asked.role)
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
        statuses=_statuses(state, row, now),
        seconds=int(spent.total_seconds()),
        measured=measured,
        budget=int(timing.BUDGET.total_seconds()),
    )


def _statuses(state: PortfolioState, row: CheckinRound, now: datetime) -> dict[str, int]:
    """How many of the shared key results of a round have each status."""
    mine = rules.units_of_round(state, state.unit_keys[row.unit_id])
    shared = (kr for kr in state.key_results_on(row.local_date) if kr.shared and mine.intersection(kr.owners))
    return dict(Counter(str(state.figures(kr, now).status) for kr in shared))


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
