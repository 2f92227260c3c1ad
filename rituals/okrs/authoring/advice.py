"""The advice beside a form and on a card: what the quality checks find, in the words to show. Pure."""

from collections.abc import Set
from datetime import datetime

from rituals.okrs.authoring.cards import What
from rituals.okrs.model import KeyResult, Objective
from rituals.okrs.put_aside import without
from rituals.okrs.quality import rules as quality
from rituals.okrs.quality import sets as quality_sets
from rituals.okrs.quality.rules import Finding
from rituals.okrs.quality.sets import Settled
from rituals.okrs.state import PortfolioState

MOST = 5


def advice_on(
    state: PortfolioState,
    what: What,
    key: str,
    now: datetime,
    settled: Settled = frozenset(),
    aside: Set[str] = frozenset(),
) -> tuple[str, ...]:
    """At most five pieces of advice on a key result or objective of the portfolio; a unit has none. `aside` are the
    names of what was put aside.
    """
    if what == "key_result":
        found = on_key_result(state, state.key_results[key], with_objective=True, settled=settled)
    elif what == "objective":
        found = on_objective(state, state.objectives_by_key[key])
    else:
        found = ()
    return tuple(finding.advice for finding in without(found, aside)[:MOST])


def on_key_result(
    state: PortfolioState, kr: KeyResult, *, with_objective: bool = False, settled: Settled = frozenset()
) -> tuple[Finding, ...]:
    """By itself, then with the others; `with_objective` also where it is one too many of its objective. `settled`: the
    (key result, unit) about whose support nothing is to be said.
    """
    stages = {state.units[owner].stage for owner in kr.owners}
    found = (
        *quality.of_key_result(kr, stages=stages),
        *quality_sets.of_key_result(kr, _named(state), state.units, settled),
    )
    if not with_objective:
        return found
    home = state.objectives_by_key[kr.objective]
    crowded = [f for f in quality.of_objective(home, state.units[home.unit]) if f.rule == "key_results"]
    return (*found, *(f for f in crowded if len(home.key_results) > quality.MOST_KRS))


def on_objective(state: PortfolioState, objective: Objective) -> tuple[Finding, ...]:
    """By itself, then with the others of its unit."""
    unit = state.units[objective.unit]
    above = set(state.lineage(unit.key)) - {unit.key}
    highest = not any(other.unit in above for other in state.objectives)
    alone = quality.of_objective(objective, unit, highest=highest)
    return (*alone, *quality_sets.of_objective(objective, state.objectives, state.units))


def line(findings: tuple[Finding, ...]) -> str:
    """What is missing in one line, without reasons; "" where nothing is."""
    return "; ".join(finding.missing for finding in findings[:2])


def _named(state: PortfolioState) -> tuple[Objective, ...]:
    """What may be quoted: nothing of units that are hidden from the reader."""
    return tuple(o for o in state.objectives if not state.units[o.unit].hidden)
