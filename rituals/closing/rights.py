"""Who may grade a key result, close a cycle, and open one again; and which cycle is meant. Pure.

The leads of an objective's unit grade what is under it, who answers for all owners what they own, and everybody above
them and the admins all below. A cycle is closed by a lead of a portfolio, or of a unit over one, who answers for every
portfolio and product line at work in it, and by admins; opened again by admins only.
"""

from collections.abc import Iterable
from datetime import datetime

from rituals.errors import Refusal
from rituals.okrs.model import KeyResult
from rituals.okrs.naming import Named, find
from rituals.okrs.roles import answers_for, is_admin
from rituals.okrs.state import CycleSpan, Member, PortfolioState

_ABOVE_LINES = frozenset({"company", "business_unit", "portfolio"})


def may_grade(state: PortfolioState, person: str | None, kr: KeyResult) -> bool:
    """Whether a person decides on a key result at the end of its cycle."""
    home = state.objectives_by_key[kr.objective].unit
    own = bool(kr.owners) and all(answers_for(state, person, owner) for owner in kr.owners)
    return own or answers_for(state, person, home)


def graded_by(state: PortfolioState, person: str | None, krs: Iterable[KeyResult]) -> list[KeyResult]:
    """Those of some on which a person decides, in their order; asked once of all that stand in the same place."""
    known: dict[tuple[str, tuple[str, ...]], bool] = {}
    found = []
    for kr in krs:
        place = (kr.objective, kr.owners)
        if place not in known:
            known[place] = may_grade(state, person, kr)
        if known[place]:
            found.append(kr)
    return found


def may_close(state: PortfolioState, person: str | None, cycle: str) -> bool:
    """Whether a person closes a cycle once all of it is decided."""
    if is_admin(state, person):
        return True
    if person is None or not any(state.units[key].level in _ABOVE_LINES for key in state.led_by(person)):
        return False
    at_work = {o.unit for o in state.objectives if o.cycle == cycle}
    return all(
        answers_for(state, person, key) for key in at_work if state.units[key].level in {"portfolio", "product_line"}
    )


def key_results_of(state: PortfolioState, cycle: str) -> list[KeyResult]:
    """The key results of a cycle in the portfolio's order."""
    return [kr for o in state.objectives if o.cycle == cycle for kr in o.key_results]


def cycle_meant(
    state: PortfolioState, text: str, now: datetime, *, among: Iterable[CycleSpan] | None = None
) -> CycleSpan:
    """The cycle that is named; without a name the first that ended and is not closed, else the one that ends next.

    Raises Refusal for a name that is unknown, and where there is none to close.
    """
    known = list(state.cycles.values() if among is None else among)
    if text.strip():
        key = find(text, [Named(c.key, c.key) for c in known], what="cycle").key
        return next(c for c in known if c.key == key)
    today = state.today(now)
    at_work = {o.cycle for o in state.objectives if o.key_results}
    waiting = [c for c in known if not c.closed and c.starts <= today and c.key in at_work]
    if not waiting:
        raise Refusal("No cycle waits to be closed. /okr close-cycle results shows the last one that was.")
    over = [c for c in waiting if c.ends < today]
    return min(over or waiting, key=lambda c: (c.ends, c.days))


def member_of(state: PortfolioState, user: str) -> Member:
    """The person behind a Slack id. Raises Refusal for who is not in the portfolio."""
    member = state.member(user)
    if member is None:
        raise Refusal(
            "You are not in the portfolio, so there is nothing for you to close. /okr list shows what there is."
        )
    return member
