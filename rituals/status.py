"""`plumbline status`: the figures of METHOD.md and the registers as one JSON value for scripts. Reads only.

It stands above the rituals and puts together what they say; nothing is computed here that one of them computes.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from rituals.alignment.rules import AlignmentFigures, alignment, net_confidence
from rituals.calendar import interval_of
from rituals.okrs.figures import Figures, status_row
from rituals.okrs.load import NO_CADENCE, PortfolioState, load_portfolio
from rituals.okrs.stated import portfolio_at
from rituals.ratings.tallies import tallies
from rituals.status_text import status_text
from storage import changes, checkins, ratings, registers
from storage import status as queries
from storage.checkins import AskedLead
from storage.database import Database, Session
from storage.tables import Answer, Blocker, CheckinRound

__all__ = ["status", "status_text"]

Row = dict[str, Any]


def status(db: Database, team_id: str, *, now: datetime) -> Row:
    """Everything of the current cycles, as plain JSON values; unknown is None, units and people are keys.

    Key results, alignment and open blockers are those of `now`, by what was known and stated then; check-ins and
    ratings are as they stand. A constant number of statements. Raises LookupError for an unknown workspace.
    """
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team_id)
        state = portfolio_at(state, changes.edits_since(session, team_id, "key_result", now), now)
        figures = {kr.key: state.figures(kr, now) for kr in state.current_key_results(now)}
        return {
            "now": _iso(now),
            "key_results": _key_results(state, figures, now),
            "alignment": _alignment(state, figures, now).row(),
            "checkins": _checkins(session, state, now),
            "blockers": [_blocker(state, row, now) for row in registers.blockers_at(session, team_id, now)],
            "ratings": _ratings(session, team_id),
        }


def _key_results(state: PortfolioState, figures: dict[str, Figures], now: datetime) -> list[Row]:
    return [status_row(kr, figures[kr.key], o.unit) for o in state.current_objectives(now) for kr in o.key_results]


def _alignment(state: PortfolioState, figures: dict[str, Figures], now: datetime) -> AlignmentFigures:
    """With the net confidence of the very statuses that the rows show, each by its own unit's rhythm."""
    found = alignment(
        state.current_objectives(now),
        [unit for unit in state.units.values() if unit.closed_on is None],
        now=now,
        zone=state.zone,
        interval=_interval(state),
        bands=state.bands,
    )
    return replace(found, net_confidence=net_confidence(f.status for f in figures.values()))


def _interval(state: PortfolioState) -> timedelta:
    """The check-in interval of the first portfolio that has one, else of any unit, else the usual fortnight."""
    portfolios = [key for key, unit in state.units.items() if unit.level == "portfolio"]
    for key in (*portfolios, *state.units):
        above = state.cadence_unit(key)
        cadence = state.rhythms[above].cadence if above else None
        if cadence is not None:
            return interval_of(cadence)
    return NO_CADENCE


def _checkins(session: Session, state: PortfolioState, now: datetime) -> list[Row]:
    """One row for each lead of each round; a skipped round has one, without a lead and with its reason."""
    rounds = queries.rounds(session, state.team_id, [c.id for c in state.current_cycles(now)])
    asks: defaultdict[int, list[AskedLead]] = defaultdict(list)
    for found in checkins.asks_of(session, state.team_id, [r.id for r in rounds if r.id is not None]):
        asks[found.ask.round_id].append(found)
    ids = [found.ask.id for leads in asks.values() for found in leads if found.ask.id is not None]
    answers: defaultdict[int, list[Answer]] = defaultdict(list)
    for answer in checkins.answers_of(session, state.team_id, ids):
        answers[answer.ask_id or 0].append(answer)
    return [row for r in rounds for row in _round(r, asks[r.id or 0], answers)]


def _round(row: CheckinRound, asks: list[AskedLead], answers: dict[int, list[Answer]]) -> list[Row]:
    if row.state == "skipped":
        return [{"slot": _iso(row.slot), "lead": None, "state": row.state, "answers": [], "reason": row.reason}]
    return [
        {
            "slot": _iso(found.ask.slot),
            "lead": found.person.key,
            "state": found.ask.state,
            "answers": [said for answer in answers[found.ask.id or 0] for said in _answers(answer)],
            **({"reason": found.ask.reason} if found.ask.state == "skipped" else {}),
        }
        for found in asks
    ]


def _answers(answer: Answer) -> list[Row]:
    """What was said, by question 1 to 3 and word for word; question None where it fits none or was not read yet."""
    texts = (answer.reading or {}).get("texts") or ([(0, answer.text)] if answer.text else [])
    common = {"at": _iso(answer.at), "late": answer.late, "permalink": answer.permalink}
    return [{"question": int(number) or None, "text": text, **common} for number, text in texts]


def _blocker(state: PortfolioState, row: Blocker, now: datetime) -> Row:
    """Days are whole ones since it was opened."""
    krs = {kr.id: kr.key for kr in state.key_results.values()}
    person = state.people_by_id.get(row.person_id or 0)
    return {
        "number": row.number,
        "text": row.text,
        "unit": state.unit_keys.get(row.unit_id or 0),
        "waits_for": state.unit_keys.get(row.waits_for_unit_id or 0),
        "person": person.key if person else None,
        "key_result": krs.get(row.key_result_id) if row.key_result_id else None,
        "opened_at": _iso(row.opened_at),
        "until": _iso(row.until),
        "days": (now - row.opened_at).days,
    }


def _ratings(session: Session, team_id: str) -> list[Row]:
    """Every poll, the newest first. A poll that is open shows how many voted, and not yet what; one that is anonymous
    and has fewer than four votes never does."""
    polls = ratings.polls(session, team_id)
    found = tallies(session, team_id, polls)
    rows = []
    for poll in polls:
        tally = found[poll.id]
        closed = poll.row.state == "closed"
        rows.append(
            {
                "cycle": poll.cycle.key,
                "unit": poll.unit.key,
                "state": poll.row.state,
                "anonymous": poll.row.anonymous,
                "mean": _places(tally.result.mean) if closed else None,
                "spread": _places(tally.result.spread) if closed else None,
                "n": tally.result.votes,
                "response_rate": _places(tally.result.response_rate),
            }
        )
    return rows


def _places(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _iso(at: datetime | date | None) -> str | None:
    if at is None:
        return None
    return (at.astimezone(UTC) if isinstance(at, datetime) else at).isoformat()
