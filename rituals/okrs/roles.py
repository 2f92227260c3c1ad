"""Who may see and change what. Pure: a portfolio and a person in, yes or no out.

Anyone reads what is public. The leads of a unit write what is theirs, those who lead a unit above it and the admins
everything below; a private unit is seen by the same people only.
"""

from collections.abc import Iterable
from dataclasses import replace

from rituals.okrs.model import KeyResult, Objective
from rituals.okrs.state import PortfolioState


def is_admin(state: PortfolioState, person: str | None) -> bool:
    """An admin of the Slack workspace, or a lead of a unit that has none above it and others below."""
    member = state.people.get(person or "")
    if member is None:
        return False
    return member.admin or any(not state.units[key].parent and len(state.below(key)) > 1 for key in _led(state, person))


def answers_for(state: PortfolioState, person: str | None, unit: str) -> bool:
    """Whether a person leads a unit or one above it, or is an admin: may write it, and see it where it is private."""
    return is_admin(state, person) or any(key in _led(state, person) for key in state.lineage(unit))


def leads_above(state: PortfolioState, unit: str) -> tuple[str, ...]:
    """The people to whom a missed round of a unit goes up: the leads of the nearest led unit above it."""
    above = [key for key in state.lineage(unit) if key != unit]
    return next((state.units[key].leads for key in above if state.units[key].leads), ())


def may_write(state: PortfolioState, person: str | None, kr: KeyResult) -> bool:
    """Its reporter, the leads of its owners and those above them, and admins."""
    return kr.reporter == person is not None or any(answers_for(state, person, owner) for owner in kr.owners)


def may_see_unit(state: PortfolioState, person: str | None, unit: str) -> bool:
    """A unit is private where it or one above it is marked so; then only those who answer for it see it."""
    hidden = any(state.units[key].private for key in state.lineage(unit))
    return not hidden or answers_for(state, person, unit)


def seen_by(state: PortfolioState, person: str | None) -> PortfolioState:
    """The portfolio as this person may see it; with None what is public: for channels, digests and files.

    A key result is hidden where all its owners and its objective's unit are hidden from them; units that are hidden
    keep their place in the tree, so that nothing points nowhere, and own nothing visible.
    """
    hidden = {key for key in state.units if not may_see_unit(state, person, key)}
    return replace(state, objectives=tuple(_visible(state.objectives, hidden))) if hidden else state


def _visible(objectives: Iterable[Objective], hidden: set[str]) -> Iterable[Objective]:
    for objective in objectives:
        results = tuple(kr for kr in objective.key_results if set(kr.owners) - hidden)
        if results or objective.unit not in hidden:
            yield replace(objective, key_results=results)


def _led(state: PortfolioState, person: str | None) -> tuple[str, ...]:
    return state.led_by(person) if person else ()
