"""Who may add and edit what. Pure; what a role is is `roles`' business.

The leads of a unit write what is theirs, who leads above them and admins everything below. What changes the meaning
of values that were reported for a shared key result is decided above its owners.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from rituals.errors import Refusal
from rituals.okrs.model import KeyResult
from rituals.okrs.roles import answers_for, is_admin, may_overrule, not_yours, who_may
from rituals.okrs.state import Member, PortfolioState

if TYPE_CHECKING:  # what reads the file takes long to load, and most ask only who may
    from rituals.okrs.authoring.cards import What
    from rituals.okrs.authoring.reading import Draft

NOBODY = "You lead no unit in this portfolio, so there is nothing that you could add. /okr list shows what there is."
TOP = "A unit with none above it is an admin's to add. Choose the unit that it is part of."


def refuse_adding(state: PortfolioState, member: Member | None) -> None:
    """Raises Refusal for who leads nothing and is no admin."""
    if member is None or not (state.led_by(member.key) or is_admin(state, member.key)):
        raise Refusal(NOBODY)


def refuse_editing(state: PortfolioState, member: Member | None, what: "What", key: str) -> None:
    """Raises Refusal for who may not write a thing that exists, or where its cycle is closed."""
    units = _units(state, what, key)
    _closed(state, what, key)
    person = member.key if member else None
    if not any(answers_for(state, person, unit) for unit in units):
        raise not_yours(state, _name(state, what, key), units)


def may_edit(state: PortfolioState, member: Member | None, kr: KeyResult) -> bool:
    """Whether a person may open the form of a key result."""
    try:
        refuse_editing(state, member, "key_result", kr.key)
    except Refusal:
        return False
    return True


def refuse_saving(
    state: PortfolioState, member: Member | None, what: "What", draft: "Draft", changed: Collection[str]
) -> None:
    """Raises Refusal where a form is not theirs to save, with the field that says so."""
    from rituals.okrs.portfolio.schema import KeyResultEntry, ObjectiveEntry

    person = member.key if member else None
    entry = draft.entry
    if draft.before is not None:
        refuse_editing(state, member, what, entry.key)
    if isinstance(entry, KeyResultEntry):
        _refuse(state, person, entry.owners, "owners")
        _open_home(state, draft)
    elif isinstance(entry, ObjectiveEntry):
        _refuse(state, person, [entry.unit], "unit")
    elif draft.before is None or "parent" in changed:
        if entry.parent is None and not is_admin(state, person):
            raise Refusal(TOP, "parent")
        _refuse(state, person, [entry.parent] if entry.parent else [], "parent")


def may_adjust(state: PortfolioState, member: Member | None, key: str) -> bool:
    """Whether a person decides alone what changes the meaning of what was reported for a key result."""
    kr, person = state.key_results[key], member.key if member else None
    if kr.shared:
        return may_overrule(state, person, kr)
    return any(answers_for(state, person, owner) for owner in kr.owners)


def deciders(state: PortfolioState, key: str) -> str:
    """Who decides on a shared key result: those who lead above all its owners."""
    kr = state.key_results[key]
    common = [unit for unit in state.lineage(kr.owners[0]) if all(unit in state.lineage(one) for one in kr.owners)]
    led = next((unit for unit in common if unit not in kr.owners and state.units[unit].leads), None)
    return who_may(state, [led]) if led else ""


def _refuse(state: PortfolioState, person: str | None, units: Collection[str], field: str) -> None:
    known = [unit for unit in units if unit in state.units]
    if not known or any(answers_for(state, person, unit) for unit in known):
        return
    names = " and ".join(state.names(known))
    raise Refusal(f"You do not answer for {names}. Choose a unit of yours, or ask {who_may(state, known)}.", field)


def _open_home(state: PortfolioState, draft: "Draft") -> None:
    home = state.objectives_by_key.get(draft.wanted.objectives[0].key)
    if home is None:
        raise Refusal("Choose the objective that it measures.", "objective")
    if state.cycles[home.cycle].closed:
        raise Refusal(f"{home.cycle} is closed. Choose an objective of an open cycle.", "objective")


def _closed(state: PortfolioState, what: "What", key: str) -> None:
    if what == "unit":
        return
    objective = key if what == "objective" else state.key_results[key].objective
    cycle = state.objectives_by_key[objective].cycle
    if state.cycles[cycle].closed:
        raise Refusal(f"{key} belongs to {cycle}, which is closed: it stays as it was.")


def _units(state: PortfolioState, what: "What", key: str) -> tuple[str, ...]:
    if what == "unit":
        return (key,)
    return (state.objectives_by_key[key].unit,) if what == "objective" else state.key_results[key].owners


def _name(state: PortfolioState, what: "What", key: str) -> str:
    return state.units[key].name if what == "unit" else key
