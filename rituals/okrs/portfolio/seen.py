"""A portfolio file for one reader: without what private units own, unless the reader may see it. Pure.

What is left holds together, so that it can be read back: nothing points at what was left out. Who may see what is
decided by `roles`; this only applies it to a file.
"""

from rituals.okrs.portfolio.schema import KeyResultEntry, ObjectiveEntry, Portfolio, UnitEntry, UpdateEntry
from rituals.okrs.roles import is_admin, seen_by
from rituals.okrs.state import PortfolioState


def portfolio_for(portfolio: Portfolio, state: PortfolioState, person: str | None) -> Portfolio:
    """The file for a person (their key; None: what is public). Addresses of people go to admins only.

    A key result is left out with its objective where that is a private unit's, and a co-owner's view with its unit.
    """
    if is_admin(state, person):
        return portfolio
    seen = seen_by(state, person)
    named = set(seen.named_units)
    objectives = tuple(_objective(o, seen, named) for o in portfolio.objectives if o.unit in named)
    kept = {o.key for o in objectives}
    linked = tuple(
        o.model_copy(update={"contributes_to": tuple(c for c in o.contributes_to if c.objective in kept)})
        for o in objectives
    )
    units = tuple(_unit(u, seen, named) for u in portfolio.units if u.key in named)
    known = _people(units, linked) if len(named) < len(seen.units) else {p.key for p in portfolio.people}
    people = tuple(p.model_copy(update={"email": None}) for p in portfolio.people if p.key in known)
    return portfolio.model_copy(update={"people": people, "units": units, "objectives": linked})


def _unit(unit: UnitEntry, seen: PortfolioState, named: set[str]) -> UnitEntry:
    above = [key for key in seen.lineage(unit.key) if key != unit.key and key in named]
    return unit.model_copy(update={"parent": above[0] if above else None})


def _objective(objective: ObjectiveEntry, seen: PortfolioState, named: set[str]) -> ObjectiveEntry:
    krs = tuple(
        _key_result(kr, named)
        for kr in objective.key_results
        if kr.key in seen.key_results and named.intersection(kr.owners)
    )
    return objective.model_copy(update={"key_results": krs})


def _key_result(kr: KeyResultEntry, named: set[str]) -> KeyResultEntry:
    owners = tuple(key for key in kr.owners if key in named)
    shown = [u for u in kr.updates if u.unit is None or u.unit in named or u.role == "report"]
    return kr.model_copy(update={"owners": owners, "updates": tuple(_update(u, named) for u in shown)})


def _update(update: UpdateEntry, named: set[str]) -> UpdateEntry:
    return update if update.unit is None or update.unit in named else update.model_copy(update={"unit": None})


def _people(units: tuple[UnitEntry, ...], objectives: tuple[ObjectiveEntry, ...]) -> set[str]:
    """Who is named in what is left."""
    krs = [kr for o in objectives for kr in o.key_results]
    authors = {u.by for kr in krs for u in kr.updates if u.by}
    return {lead for u in units for lead in u.leads} | {kr.reporter for kr in krs if kr.reporter} | authors
