"""The portfolio of a workspace, as it stands in a transaction: kept from one to the next, and brought up to date by
what changed since.

What is returned is never older than the transaction sees, and holds what it wrote itself. Rows become values in
`rows`; what changed is asked of `storage.marks`; nothing is decided or written here.
"""

import gc
from collections.abc import Mapping
from dataclasses import replace

from rituals.okrs import rows
from rituals.okrs.model import KeyResult, Objective, Update
from rituals.okrs.state import NO_CADENCE, CycleSpan, Member, PortfolioState, Rhythm
from storage import marks
from storage import okrs as queries
from storage.database import Session
from storage.marks import Changed

__all__ = ["NO_CADENCE", "CycleSpan", "Member", "PortfolioState", "Rhythm", "load_portfolio"]

LARGE = 10_000  # updates
MANY = 500  # with so many key results said of, reading everything is as quick


def load_portfolio(session: Session, team_id: str) -> PortfolioState:
    """Everything, in one statement where nothing changed, and never more than a dozen.

    Raises LookupError for an unknown workspace.
    """
    base = marks.kept(session, team_id)
    found = marks.changed(session, team_id, since=base.revision if base else 0)
    if base is not None and found.head == base.revision:
        state: PortfolioState = base.value
        return state
    if base is None or found.head < base.revision or len(found.said_of) > MANY:
        state = load_anew(session, team_id)
    else:
        state = _brought_up(session, base.value, found)
    marks.keep(session, team_id, found.head, state)
    return state


def load_anew(session: Session, team_id: str) -> PortfolioState:
    """Everything, from the tables. Raises LookupError for an unknown workspace."""
    ground = rows.ground(queries.ground_rows(session, team_id))
    plan = rows.Plan(ground, queries.plan_rows(session, team_id))
    history = queries.standing_updates(session, team_id)
    objectives = plan.objectives(rows.said(ground, history, plan.owners))
    state = replace(ground, objectives=objectives, objective_ids=plan.ids)
    if len(history) >= LARGE:
        # no part of it points back at another, so counting references frees it: the collector, which would go through
        # all of it again and again, need not look at it
        gc.freeze()
    return state


def _brought_up(session: Session, before: PortfolioState, found: Changed) -> PortfolioState:
    """`before` with what changed since."""
    ground = rows.ground(queries.ground_rows(session, before.team_id)) if found.ground else before
    if not _carries(ground, before):
        return load_anew(session, before.team_id)
    state = replace(ground, objectives=before.objectives, objective_ids=before.objective_ids, known=before.known)
    if found.plan or ground.cycles != before.cycles:  # a key result has its days, and whether it is closed, from there
        everywhere = ground.cycles != before.cycles or 0 in found.plan or len(found.plan) > MANY
        state = _replanned(session, state, None if everywhere else found.plan)
        state = replace(state, known=before.known.only(state.key_results))
    return replace(state, objectives=_said_again(session, state, found)) if found.said_of else state


def _carries(ground: PortfolioState, before: PortfolioState) -> bool:
    """Whether objectives and updates that stood on the ground before read the same on this one."""
    if ground is before:
        return True
    same_people = before.people_by_id.keys() <= ground.people_by_id.keys() and all(
        ground.people_by_id[number].key == person.key for number, person in before.people_by_id.items()
    )
    same_units = before.unit_ids.items() <= ground.unit_ids.items() and all(
        ground.units[key].leads == unit.leads for key, unit in before.units.items()
    )
    return same_people and same_units


def _replanned(session: Session, state: PortfolioState, objectives: frozenset[int] | None) -> PortfolioState:
    """With the plan read anew: all of it, or of some objectives. What was said is read of those key results that it may
    be of others for now.
    """
    plan = rows.Plan(state, queries.plan_rows(session, state.team_id, objectives))
    if objectives is not None and not state.objective_ids.items() <= plan.ids.items():
        return _replanned(session, state, None)  # what others may point at has another name, or is gone
    known = {kr.id: kr for kr in state.key_results.values() if kr.id is not None}
    fresh = [
        row.id
        for row in plan.rows.key_results
        if row.id not in known or known[row.id].owners != plan.owners.get(row.id, ())
    ]
    gone = dict.fromkeys(fresh, ())
    said = {number: kr.updates for number, kr in known.items()} | gone | _said(session, state, fresh, plan.owners)
    made = {objective.key: _the_same(objective, known) for objective in plan.objectives(said)}
    found = tuple(made.get(key) or state.objectives_by_key[key] for key in plan.ids)
    return replace(state, objectives=found, objective_ids=plan.ids)


def _the_same(objective: Objective, known: Mapping[int, KeyResult]) -> Objective:
    """With those key results that did not change as they are: what is known of them goes on to hold."""
    before = (known.get(kr.id or 0) for kr in objective.key_results)
    results = (old if old == kr else kr for old, kr in zip(before, objective.key_results, strict=True))
    return replace(objective, key_results=tuple(results))


def _said_again(session: Session, state: PortfolioState, found: Changed) -> tuple[Objective, ...]:
    owners = {kr.id: kr.owners for kr in state.key_results.values() if kr.id is not None}
    said = _said(session, state, sorted(found.said_of), owners)

    def again(kr: KeyResult) -> KeyResult:
        return replace(kr, updates=said.get(kr.id or 0, ())) if kr.id in found.said_of else kr

    def with_updates(objective: Objective) -> Objective:
        if not any(kr.id in found.said_of for kr in objective.key_results):
            return objective
        return replace(objective, key_results=tuple(again(kr) for kr in objective.key_results))

    return tuple(with_updates(objective) for objective in state.objectives)


def _said(
    session: Session, state: PortfolioState, key_results: list[int], owners: Mapping[int, tuple[str, ...]]
) -> dict[int, tuple[Update, ...]]:
    return rows.said(state, queries.standing_updates(session, state.team_id, key_results), owners)
