"""What moving a unit changes for it: whose check-ins and holidays it follows, who sees it, who stands above it. Pure.

History is not touched by any of it: rounds, answers and figures that were kept stay what they were.
"""

from rituals.okrs.roles import PRIVATE_UNIT, leads_above
from rituals.okrs.state import PortfolioState
from rituals.rhythm_words import holidays, rhythm

NONE = "none"


def effect(before: PortfolioState, after: PortfolioState, unit: str) -> str:
    """In one line what differs for a unit that exists; "" where nothing does."""
    if unit not in before.units or before.units[unit].parent == after.units[unit].parent:
        return ""
    steps = [
        _step("part of", _above(before, unit), _above(after, unit)),
        _step("check-in", _checkin(before, unit), _checkin(after, unit)),
        _step("holidays", _holidays(before, unit), _holidays(after, unit)),
        _step("seen by", _seen(before, unit), _seen(after, unit)),
        _along(before, unit),
    ]
    return "; ".join(step for step in steps if step)


def _step(name: str, was: str, now: str) -> str:
    return f"{name} {was} → {now}" if was != now else ""


def _above(state: PortfolioState, unit: str) -> str:
    """The unit above and who leads there."""
    parent = state.units[unit].parent
    if parent is None:
        return "nothing"
    names = ", ".join(state.people[lead].name for lead in leads_above(state, unit)[:2])
    hidden = state.units[parent].hidden
    return PRIVATE_UNIT if hidden else f"{state.units[parent].name}{f' ({names} above it)' if names else ''}"


def _checkin(state: PortfolioState, unit: str) -> str:
    whose = state.cadence_unit(unit)
    cadence = state.rhythms[whose].cadence if whose else None
    if whose is None or cadence is None:
        return NONE
    return f"{rhythm(cadence)}{_from(state, unit, whose)}"


def _holidays(state: PortfolioState, unit: str) -> str:
    whose = next((key for key in state.lineage(unit) if state.rhythms[key].holidays), None)
    return f"{holidays(state.rhythms[whose].holidays)}{_from(state, unit, whose)}" if whose else NONE


def _from(state: PortfolioState, unit: str, whose: str) -> str:
    return "" if whose == unit else f" from {state.units[whose].name}"


def _seen(state: PortfolioState, unit: str) -> str:
    private = next((key for key in state.lineage(unit) if state.units[key].private), None)
    return f"those who answer for {state.units[private].name} only" if private else "everybody"


def _along(state: PortfolioState, unit: str) -> str:
    """What goes with it."""
    below = len([key for key in state.below(unit) if state.units[key].closed_on is None]) - 1
    return f"{below} unit{'s' if below != 1 else ''} below come{'s' if below == 1 else ''} along" if below else ""
