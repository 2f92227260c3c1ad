"""A key result as it was stated at an earlier instant, by the record of its edits: what is shown of the days before an
adjustment is by the old target. Pure. Milestones, a stated course and what a file changed are as they stand now.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rituals.okrs.model import KeyResult, Objective
from rituals.okrs.state import CycleSpan, PortfolioState
from storage.tables import Change

_READ: Mapping[str, Callable[[str], Any]] = {
    "kind": str,
    **dict.fromkeys(("start", "target", "low", "high", "tolerance"), Decimal),
    **dict.fromkeys(("starts", "ends", "due"), date.fromisoformat),
}


def stated_at(kr: KeyResult, edits: Iterable[Change], at: datetime, cycle: CycleSpan) -> KeyResult:
    """The key result as it was stated at `at`. `edits` are all of its own, newest first; `cycle` is its cycle."""
    was: dict[str, Any] = {}
    for edit in edits:
        if edit.at <= at:
            break
        if edit.action == "edit":
            was |= {name: value for name, value in (edit.before or {}).items() if name in _READ}
    if not was:
        return kr
    read: dict[str, Any] = {name: None if value is None else _READ[name](value) for name, value in was.items()}
    for name, usual in (("starts", cycle.starts), ("ends", cycle.ends)):
        if name in read:
            read[name] = read[name] or usual
    return replace(kr, **read)


def portfolio_at(state: PortfolioState, edits: Mapping[str, Sequence[Change]], at: datetime) -> PortfolioState:
    """The portfolio with each key result as it was stated at `at`; `edits` by key, newest first."""
    if not edits:
        return state

    def then(objective: Objective) -> Objective:
        if not any(kr.key in edits for kr in objective.key_results):
            return objective
        cycle = state.cycles[objective.cycle]
        krs = tuple(stated_at(kr, edits.get(kr.key, ()), at, cycle) for kr in objective.key_results)
        return replace(objective, key_results=krs)

    return replace(state, objectives=tuple(then(objective) for objective in state.objectives))
