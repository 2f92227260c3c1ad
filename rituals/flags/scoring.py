"""The scores of past warnings as data: by cycle for `/okr align`, and the key results behind them. Reads only."""

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction

from rituals.flags.warnings import Outcome, Score, outcome, score
from rituals.okrs.flags.events import FlagEvent
from rituals.okrs.flags.log import told
from rituals.okrs.flags.steps import RULES
from rituals.okrs.model import KeyResult
from rituals.okrs.pace import local_day
from rituals.okrs.state import CycleSpan, PortfolioState
from storage import flags as store
from storage.database import Session

MOST = 4  # cycles that are told of


def scores(session: Session, state: PortfolioState, units: Iterable[str], now: datetime) -> list[tuple[str, Score]]:
    """By cycle that is over, the newest first; cycles in which nothing was written down were not watched."""
    return [(cycle, score(found)) for cycle, found in _outcomes(session, state, frozenset(units), now)]


def lines(session: Session, state: PortfolioState, units: Iterable[str], now: datetime) -> list[str]:
    """Behind each score its key results: missed and not warned of first, then false alarms."""
    told_of = []
    for cycle, found in _outcomes(session, state, frozenset(units), now):
        ranked = sorted(found, key=lambda one: (not one.missed, one.warned is not None, one.kr.key))
        told_of += [f"{cycle}: {_line(state, one)}" for one in ranked if one.missed or one.warned]
    return told_of


def _outcomes(
    session: Session, state: PortfolioState, units: frozenset[str], now: datetime
) -> list[tuple[str, list[Outcome]]]:
    over = sorted(_over(state, now), key=lambda cycle: cycle.ends, reverse=True)[:MOST]
    shared = {cycle.key: _shared(state, cycle, units) for cycle in over}
    krs = [kr for found in shared.values() for kr in found]
    books, grades = told(session, state.team_id, krs), store.grades_of(session, state.team_id, _ids(krs))
    watched = [key for key, found in shared.items() if any(books[kr.key] for kr in found)]
    return [(key, [_outcome(state, kr, books[kr.key], grades) for kr in shared[key]]) for key in watched]


def _over(state: PortfolioState, now: datetime) -> Iterable[CycleSpan]:
    return (cycle for cycle in state.cycles.values() if cycle.closed or cycle.ends < state.today(now))


def _shared(state: PortfolioState, cycle: CycleSpan, units: frozenset[str]) -> list[KeyResult]:
    among = (o for o in state.objectives if o.cycle == cycle.key)
    return [kr for o in among for kr in o.key_results if kr.shared and units & {o.unit, *kr.owners}]


def _ids(krs: Iterable[KeyResult]) -> list[int]:
    return [kr.id for kr in krs if kr.id is not None]


def _outcome(state: PortfolioState, kr: KeyResult, book: tuple[FlagEvent, ...], grades: dict[int, Fraction]) -> Outcome:
    return outcome(kr, book, grades.get(kr.id or 0), state.zone)


def _line(state: PortfolioState, one: Outcome) -> str:
    name = f'{one.kr.key} "{one.kr.title}"'
    final = "never reported" if one.score is None else f"ended at {float(one.score):.2f}"
    came = f"{'missed' if one.missed else 'made it'} ({final})"
    if one.warned is None:
        return f"not warned of, {came}: {name}"
    day = local_day(one.warned.at, state.zone)
    return f"warned of on {day.day} {day:%b} by {RULES[one.warned.reason].lower()}, {came}: {name}"
