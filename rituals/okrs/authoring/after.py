"""The portfolio as it would be after a form is saved: for the figures and the advice that are shown before. Pure."""

from dataclasses import replace

from rituals.okrs.authoring.reading import Draft
from rituals.okrs.model import Contribution, KeyResult, Objective
from rituals.okrs.portfolio.check import key_result_of
from rituals.okrs.portfolio.schema import CycleEntry, KeyResultEntry, ObjectiveEntry, UnitEntry
from rituals.okrs.state import PortfolioState


def after(state: PortfolioState, draft: Draft) -> PortfolioState:
    """With the entry in the place of what stood there."""
    if isinstance(draft.entry, KeyResultEntry):
        home = draft.wanted.objectives[0].key
        kr = _key_result(state, draft.entry, home)
        return replace(state, objectives=tuple(_placed(o, kr, home) for o in state.objectives))
    if isinstance(draft.entry, ObjectiveEntry):
        return replace(state, objectives=_with(state, _objective(state, draft.entry)))
    return _with_unit(state, draft.entry)


def _with_unit(state: PortfolioState, entry: UnitEntry) -> PortfolioState:
    """What of a unit others take over from it: its name, place, leads and privacy. Its rhythm is not a form's."""
    known = state.units.get(entry.key)
    if known is None:
        return state
    moved = replace(known, name=entry.name, parent=entry.parent, leads=entry.leads, private=entry.private)
    return replace(state, units={**state.units, entry.key: moved})


def _key_result(state: PortfolioState, entry: KeyResultEntry, home: str) -> KeyResult:
    span = state.cycles[state.objectives_by_key[home].cycle]
    cycle = CycleEntry(key=span.key, starts=span.starts, ends=span.ends)
    made = key_result_of(entry.model_copy(update={"updates": ()}), home, cycle, state.zone)
    known = state.key_results.get(entry.key)
    return replace(made, updates=known.updates if known else (), id=known.id if known else None)


def _placed(objective: Objective, kr: KeyResult, home: str) -> Objective:
    """In its place, at the end where it is new there, and gone where it was before."""
    if objective.key != home:
        return replace(objective, key_results=tuple(one for one in objective.key_results if one.key != kr.key))
    if any(one.key == kr.key for one in objective.key_results):
        return replace(objective, key_results=tuple(kr if one.key == kr.key else one for one in objective.key_results))
    return replace(objective, key_results=(*objective.key_results, kr))


def _objective(state: PortfolioState, entry: ObjectiveEntry) -> Objective:
    known = state.objectives_by_key.get(entry.key)
    return Objective(
        key=entry.key,
        title=entry.title,
        unit=entry.unit,
        cycle=entry.cycle,
        key_results=known.key_results if known else (),
        contributes_to=tuple(Contribution(link.objective, link.how) for link in entry.contributes_to),
    )


def _with(state: PortfolioState, objective: Objective) -> tuple[Objective, ...]:
    if objective.key in state.objectives_by_key:
        return tuple(objective if one.key == objective.key else one for one in state.objectives)
    return (*state.objectives, objective)
