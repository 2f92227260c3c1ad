"""What a line has drafted for a cycle: its objectives with what they move and measure, what is missing, what the
quality checks advise. Pure; advice with a reason, never a block.
"""

from collections.abc import Iterator, Set

from rituals.notices.workshops import DraftKr, DraftObjective
from rituals.okrs.authoring import advice as authoring_advice
from rituals.okrs.card import course
from rituals.okrs.model import KeyResult, Objective
from rituals.okrs.put_aside import without
from rituals.okrs.state import PortfolioState

MOST_ADVICE = 4
SAID_AS_MISSING = frozenset({"relevant"})


def drafted(state: PortfolioState, line: str, cycle: str) -> tuple[Objective, ...]:
    """The objectives of a line, and of the teams below it, for a cycle; in the portfolio's order."""
    own = set(state.below(line))
    return tuple(o for o in state.objectives if o.cycle == cycle and o.unit in own and not state.units[o.unit].hidden)


def shown(state: PortfolioState, line: str, cycle: str) -> tuple[DraftObjective, ...]:
    """The same as it is read aloud."""
    return tuple(_objective(state, line, one) for one in drafted(state, line, cycle))


def _objective(state: PortfolioState, line: str, one: Objective) -> DraftObjective:
    titles = state.objectives_by_key
    links = [(c.objective, titles[c.objective].title, c.how) for c in one.contributes_to if c.objective in titles]
    return DraftObjective(
        key=one.key,
        title=one.title,
        unit="" if one.unit == line else state.units[one.unit].name,
        moves=tuple(links),
        key_results=tuple(_key_result(state, one.unit, kr) for kr in one.key_results),
    )


def _key_result(state: PortfolioState, unit: str, kr: KeyResult) -> DraftKr:
    others = [owner for owner in kr.owners if owner != unit]
    return DraftKr(key=kr.key, title=kr.title, course=course(kr), shared_with=state.names(others))


def missing(state: PortfolioState, line: str, cycle: str) -> tuple[str, ...]:
    """What the workshop needs and is not there yet, in words."""
    found = drafted(state, line, cycle)
    if not found:
        return (f"no objective for {cycle} yet",)
    return tuple(_lacks(state, line, cycle, found))


def _lacks(state: PortfolioState, line: str, cycle: str, found: tuple[Objective, ...]) -> Iterator[str]:
    above = set(state.lineage(line)) - {line}
    can_move = any(o.unit in above and o.cycle == cycle for o in state.objectives)
    for one in found:
        if not one.key_results:
            yield f"{one.key} has no key result"
        if can_move and not one.contributes_to:
            yield f"{one.key} does not say which objective above it moves, and how"


def advice(state: PortfolioState, line: str, cycle: str, aside: Set[str] = frozenset()) -> tuple[str, ...]:
    """What the quality checks find in the drafts, beyond what is missing and what was put aside (names in `aside`)."""
    findings = [
        finding
        for one in drafted(state, line, cycle)
        for finding in (
            *authoring_advice.on_objective(state, one),
            *(f for kr in one.key_results for f in authoring_advice.on_key_result(state, kr)),
        )
        if finding.rule not in SAID_AS_MISSING and not (finding.rule == "key_results" and not one.key_results)
    ]
    named = dict.fromkeys(f"{f.about[0]}: {f.advice}" if f.about else f.advice for f in without(findings, aside))
    return tuple(named)[:MOST_ADVICE]
