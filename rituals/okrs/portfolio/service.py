"""Import and export of a portfolio: the use cases between a file and the database.

An import is one transaction: all of it or nothing. It adds and changes; it deletes nothing and never touches history.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from rituals.cadence import nearest
from rituals.errors import Refusal
from rituals.okrs.live import refresh_all
from rituals.okrs.portfolio.check import Fault, check, second_company
from rituals.okrs.portfolio.csv_file import CsvOptions, Known, read_csv
from rituals.okrs.portfolio.diff import Diff, diff
from rituals.okrs.portfolio.file import read_portfolio
from rituals.okrs.portfolio.rows import (
    Translation,
    cycle_row,
    key_result_row,
    objective_row,
    person_row,
    unit_row,
    update_row,
)
from rituals.okrs.portfolio.schema import ObjectiveEntry, Portfolio, UpdateEntry
from rituals.okrs.portfolio.units import record_units
from rituals.okrs.portfolio.yaml_lines import FileProblem, PortfolioErrors
from storage import okrs as queries
from storage import portfolio as store
from storage.database import Database, Session
from storage.okrs import portfolio_rows

_KINDS: tuple[store.Kind, ...] = ("people", "units", "cycles", "objectives", "key_results")


def import_portfolio(
    db: Database, team_id: str, text: str, *, now: datetime, dry_run: bool = False, csv: CsvOptions | None = None
) -> Diff:
    """Bring a file in and say what changed; `dry_run` only says it. With `csv` the text is CSV, else YAML or JSON.

    Raises PortfolioErrors with every problem of the file, DatabaseBusyError when another writer holds the database;
    then nothing was written.
    """
    if csv is None:
        return _bring_in(db, team_id, read_portfolio(text), now=now, dry_run=dry_run)
    with db.transaction(readonly=True) as session:
        before, withdrawn = stored(session, team_id)
    read = read_csv(text, csv, Known(before or Portfolio(), withdrawn), now=now)
    found = _bring_in(db, team_id, read.portfolio, now=now, dry_run=dry_run)
    return replace(found, kept=(*found.kept, *(f"= {note}" for note in read.notes)))


def _bring_in(db: Database, team_id: str, wanted: Portfolio, *, now: datetime, dry_run: bool) -> Diff:
    with db.transaction(readonly=dry_run) as session:
        if not dry_run:
            store.hold_workspace(session, team_id, now=now)
        before, withdrawn = stored(session, team_id)
        found = diff(before, wanted, withdrawn=withdrawn)
        if faults := new_faults(before or Portfolio(), found.merged):
            raise PortfolioErrors(FileProblem(1, f"{f.where}, with what is stored already: {f.text}") for f in faults)
        if not dry_run and not found.empty:
            write(session, team_id, before or Portfolio(), found)
            record_units(session, team_id, before or Portfolio(), found.merged, now=now)
            refresh_all(session, team_id, now=now)
    return found


def export_portfolio(db: Database, team_id: str, *, cycle: str | None = None) -> Portfolio:
    """What is stored, as the file's entries; with a `cycle` (key) its objectives and those they contribute to.

    Raises Refusal for a cycle that does not exist.
    """
    with db.transaction(readonly=True) as session:
        found = _stored(session, team_id)
    portfolio = found.portfolio() if found else Portfolio()
    return portfolio if cycle is None else _of_cycle(portfolio, cycle)


def _stored(session: Session, team_id: str) -> Translation | None:
    try:
        return Translation(portfolio_rows(session, team_id))
    except LookupError:
        return None


def stored(session: Session, team_id: str) -> tuple[Portfolio | None, dict[str, list[UpdateEntry]]]:
    """What is stored, and the updates that people took back."""
    found = _stored(session, team_id)
    if found is None:
        return None, {}
    return found.portfolio(), found.updates_of(store.retracted_updates(session, team_id))


def stored_part(session: Session, team_id: str, key_result: str | None, objectives: Collection[str] = ()) -> Portfolio:
    """What is stored, of the key results only those beside one (its key) and those of some objectives (keys), and of
    history only that one's: for a form, which cannot wait until all of it is read.
    """
    try:
        ground = queries.ground_rows(session, team_id)
    except LookupError:
        return Portfolio()
    every, links = queries.objective_rows(session, team_id)
    mine = queries.home_of(session, team_id, key_result)
    homes = {o.id for o in every if o.key in objectives} | ({mine[1]} if mine else set())
    key_results, owners = queries.key_result_rows(session, team_id, homes)
    near: dict[str, Any] = {  # plain rows, which are read as records are
        "objectives": every,
        "contributions": links,
        "key_results": key_results,
        "owners": owners,
        "updates": queries.standing_updates(session, team_id, [mine[0]]) if mine else [],
    }
    return Translation(queries.PortfolioRows(**vars(ground), **near)).portfolio()


def new_faults(before: Portfolio, merged: Portfolio) -> list[Fault]:
    """What does not fit together afterwards: what stays must fit to what changes, such as its cycle's days.

    A fault that was there before is not this change's and does not keep it out.
    """
    known = {(f.where, f.text) for f in check(_without_history(before))}
    found = [*check(_without_history(merged)), *second_company(before, merged)]
    return [f for f in found if (f.where, f.text) not in known]


def _without_history(portfolio: Portfolio) -> Portfolio:
    def bare(objective: ObjectiveEntry) -> ObjectiveEntry:
        krs = tuple(kr.model_copy(update={"updates": ()}) for kr in objective.key_results)
        return objective.model_copy(update={"key_results": krs})

    return portfolio.model_copy(update={"objectives": tuple(bare(o) for o in portfolio.objectives)})


def _of_cycle(portfolio: Portfolio, cycle: str) -> Portfolio:
    keys = [c.key for c in portfolio.cycles]
    if cycle not in keys:
        raise Refusal(f'there is no cycle "{cycle}"{nearest(cycle, keys)}', "cycle")
    by_key = {o.key: o for o in portfolio.objectives}
    wanted = {key for key, o in by_key.items() if o.cycle == cycle}
    above = _above(wanted, by_key)
    while above - wanted:
        wanted |= above
        above = _above(wanted, by_key)
    objectives = tuple(o for o in portfolio.objectives if o.key in wanted)
    cycles = {cycle, *(o.cycle for o in objectives)}
    return portfolio.model_copy(
        update={"objectives": objectives, "cycles": tuple(c for c in portfolio.cycles if c.key in cycles)}
    )


def _above(keys: set[str], objectives: Mapping[str, ObjectiveEntry]) -> set[str]:
    return {c.objective for key in keys for c in objectives[key].contributes_to}


# Writing


def write(session: Session, team_id: str, before: Portfolio, found: Diff) -> None:
    """Write what a diff found: new and changed entries, their links, and what is added to the history."""
    merged = found.merged
    store.set_timezone(session, team_id, merged.timezone)
    ids: dict[str, dict[str, int]] = {kind: store.ids(session, kind, team_id) for kind in _KINDS}

    members = {p.key: p.slack for p in merged.people}
    others = [ids["people"][p.key] for p in before.people if p.slack != members[p.key]]
    store.part_from_members(session, team_id, others)

    def save(kind: store.Kind, rows: dict[str, store.Row]) -> None:
        new = [row for key, row in rows.items() if key in found.new[kind]]
        changed = [{**row, "id": ids[kind][key]} for key, row in rows.items() if key in found.changed[kind]]
        ids[kind] = store.save(session, kind, team_id, new=new, changed=changed)

    save("people", {p.key: person_row(p) for p in merged.people})
    save("units", {u.key: unit_row(u, n) for n, u in enumerate(merged.units)})
    save("cycles", {c.key: cycle_row(c, n) for n, c in enumerate(merged.cycles)})
    save("objectives", {o.key: objective_row(o, n, ids) for n, o in enumerate(merged.objectives)})
    krs = [(n, o, kr) for o in merged.objectives for n, kr in enumerate(o.key_results)]
    save("key_results", {kr.key: key_result_row(kr, n, o.key, ids) for n, o, kr in krs})
    _link(session, team_id, found, ids)
    zone = merged.zone
    store.add_updates(session, team_id, [update_row(u, kr, zone, ids) for kr, us in found.updates.items() for u in us])


def _link(session: Session, team_id: str, found: Diff, ids: Mapping[str, Mapping[str, int]]) -> None:
    """Parents, leads, contributions and owners of what is new or changed."""
    touched = {kind: found.new[kind] | found.changed[kind] for kind in _KINDS}
    units = [u for u in found.merged.units if u.key in touched["units"]]
    parents = [{"id": ids["units"][u.key], "parent_id": ids["units"][u.parent] if u.parent else None} for u in units]
    store.save(session, "units", team_id, new=(), changed=parents)
    people, objectives = ids["people"], ids["objectives"]
    leads = {ids["units"][u.key]: [{"person_id": people[key]} for key in u.leads] for u in units}
    store.replace_links(session, "leads", team_id, leads)
    links = {
        objectives[o.key]: [{"to_objective_id": objectives[c.objective], "how": c.how} for c in o.contributes_to]
        for o in found.merged.objectives
        if o.key in touched["objectives"]
    }
    store.replace_links(session, "contributions", team_id, links)
    owners = {
        ids["key_results"][kr.key]: [{"unit_id": ids["units"][key]} for key in kr.owners]
        for _, kr in found.merged.key_results()
        if kr.key in touched["key_results"]
    }
    store.replace_links(session, "owners", team_id, owners)
