"""Writes what goes on in the next cycle: the cycle, the objectives, the key results, once each. What goes on and how is
decided in `carrying`; opened again and closed again, what went on before stays the same one.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rituals.closing.carrying import carried_key_result, carried_links
from rituals.closing.next_cycle import NextCycle
from rituals.closing.shown import Pass
from rituals.errors import Refusal
from rituals.notices.closing import Went
from rituals.okrs.authoring.keys import next_number
from rituals.okrs.model import KeyResult, Milestone, Objective
from rituals.okrs.ownership.following import follow
from rituals.okrs.state import PortfolioState
from storage import closing as store
from storage import portfolio
from storage.database import Session


@dataclass
class GoneOn:
    """What went on: the key it had and the key it has; `lost` are links upward that could not be kept."""

    objectives: list[Went] = field(default_factory=list)
    key_results: list[Went] = field(default_factory=list)
    lost: list[Went] = field(default_factory=list)


@dataclass(frozen=True)
class _Homes:
    """The objectives that go on, `keys` and `ids` of the new ones by the old key; `new` are made now."""

    all: list[Objective]
    keys: Mapping[str, str]
    ids: Mapping[str, int]
    new: frozenset[str]


def open_next(session: Session, state: PortfolioState, cycle: NextCycle) -> tuple[int, bool]:
    """The id of the next cycle, and whether it was made. Raises Refusal for a closed one."""
    known = state.cycles.get(cycle.key)
    if known is None:
        return store.add_cycle(session, state.team_id, cycle.key, cycle.starts, cycle.ends), True
    if known.closed:
        raise Refusal(f"{cycle.key} is closed already. Choose a cycle that is open.", "key")
    return known.id, False


def carry(session: Session, found: Pass, into: NextCycle, cycle_id: int) -> GoneOn:
    """Write everything that was decided to go on and did not yet."""
    before = store.gone_on(session, found.state.team_id)
    goes = [kr for kr in found.key_results if _goes(found, kr) and kr.id not in before.key_results]
    homes = _open_homes(session, found, goes, cycle_id, before)
    done = GoneOn(objectives=[Went(before=o.key, now=homes.keys[o.key]) for o in homes.all if o.key in homes.new])
    _link(session, found, homes, done)
    went = _write(session, found, goes, into, homes, done)
    store.take_along(session, found.state.team_id, went)
    rows = portfolio.ids(session, "objectives", found.state.team_id)
    ending = {rows[o.key] for o in found.state.objectives if o.cycle == found.cycle.key}
    ended = {kr.id or 0 for kr in found.key_results}
    objectives = store.GoesOn({rows[old]: new for old, new in homes.ids.items()}, ending)
    store.carry_supports(session, found.state.team_id, store.GoesOn(went, ended), objectives)
    follow(session, found.state, went, ended, found.now)
    return done


def _goes(found: Pass, kr: KeyResult) -> bool:
    grade = found.grade(kr)
    return grade is not None and grade.outcome == "carried"


def _that_go(state: PortfolioState, goes: Iterable[KeyResult], cycle: str) -> list[Objective]:
    """The objectives that go on, in the portfolio's order: those of what goes on, and above them those of the same
    cycle that have no key results of their own, because nothing else says whether they are over."""
    wanted = {kr.objective for kr in goes}
    waiting = list(wanted)
    while waiting:
        for link in state.objectives_by_key[waiting.pop()].contributes_to:
            above = state.objectives_by_key[link.objective]
            if above.cycle == cycle and not above.key_results and above.key not in wanted:
                wanted.add(above.key)
                waiting.append(above.key)
    return [o for o in state.objectives if o.key in wanted]


def _open_homes(session: Session, found: Pass, goes: Iterable[KeyResult], cycle_id: int, before: store.Went) -> _Homes:
    state, all_ = found.state, _that_go(found.state, goes, found.cycle.key)
    rows = portfolio.ids(session, "objectives", state.team_id)
    known = {number: key for key, number in rows.items()}
    went = {o.key: known[before.objectives[rows[o.key]]] for o in all_ if rows[o.key] in before.objectives}
    new = [o for o in all_ if o.key not in went]
    free = _free_keys(state.objectives_by_key, "O-")
    keys = went | {o.key: next(free) for o in new}
    place, _ = store.places(session, state.team_id, ())
    added = [
        {"key": keys[o.key], "title": o.title, "unit_id": state.unit_ids[o.unit], "cycle_id": cycle_id}
        | {"carried_from": rows[o.key], "position": place + n}
        for n, o in enumerate(new)
    ]
    ids = portfolio.save(session, "objectives", state.team_id, new=added, changed=())
    return _Homes(all_, keys, {old: ids[key] for old, key in keys.items()}, frozenset(o.key for o in new))


def _link(session: Session, found: Pass, homes: _Homes, done: GoneOn) -> None:
    """The links upward of the new objectives; those that went on before have what people gave them since."""
    ending = frozenset(o.key for o in found.state.objectives if o.cycle == found.cycle.key)
    rows = portfolio.ids(session, "objectives", found.state.team_id)
    links = {}
    for one in homes.all:
        if one.key in homes.new:
            kept, lost = carried_links(one, homes.keys, ending)
            links[homes.ids[one.key]] = [{"to_objective_id": rows[c.objective], "how": c.how} for c in kept]
            done.lost += [Went(before=above, now=homes.keys[one.key]) for above in lost]
    portfolio.replace_links(session, "contributions", found.state.team_id, links)


def _write(
    session: Session, found: Pass, goes: Iterable[KeyResult], into: NextCycle, homes: _Homes, done: GoneOn
) -> dict[int, int]:
    """Write the key results that go on; their ids by those of what they come from."""
    state, free = found.state, _free_keys(found.state.key_results, "KR-")
    _, places = store.places(session, state.team_id, homes.ids.values())
    rows, owners, came = [], {}, {}
    for kr in goes:
        grade, home = found.grade(kr), homes.ids[kr.objective]
        new = carried_key_result(kr, next(free), homes.keys[kr.objective], into, grade.target if grade else None)
        rows.append(_row(state, new) | {"objective_id": home, "position": places[home]})
        places[home] += 1
        owners[new.key] = [{"unit_id": state.unit_ids[owner]} for owner in kr.owners]
        done.key_results.append(Went(before=kr.key, now=new.key))
        came[kr.id or 0] = new.key
    ids = portfolio.save(session, "key_results", state.team_id, new=rows, changed=())
    portfolio.replace_links(session, "owners", state.team_id, {ids[key]: units for key, units in owners.items()})
    return {before: ids[key] for before, key in came.items()}


def _free_keys(taken: Collection[str], usual: str) -> Iterator[str]:
    """The keys after the highest of the commonest series that nobody has, in order."""
    head, _, number = _split(next_number(taken, usual))
    while True:
        if (key := f"{head}{number}") not in taken:
            yield key
        number += 1


def _split(key: str) -> tuple[str, str, int]:
    digits = key[len(key.rstrip("0123456789")) :]
    return key.removesuffix(digits), digits, int(digits or 1)


def _row(state: PortfolioState, kr: KeyResult) -> dict[str, Any]:
    plain = ("key", "title", "kind", "start", "target", "low", "high", "tolerance", "measured_in", "commitment")
    return {
        **{name: getattr(kr, name) for name in (*plain, "weight", "due", "carried_from")},
        "reporter_id": state.people[kr.reporter].id if kr.reporter else None,
        "milestones": [_milestone(m) for m in kr.milestones] or None,
    }


def _milestone(one: Milestone) -> dict[str, Any]:
    due = one.due.isoformat() if one.due else None
    return {"title": one.title, "weight": format(one.weight, "f"), "due": due, "done": False}
