"""The strategic view: objectives of longer cycles over those of shorter ones that move them, each expected by its own
dates. Pure but for `show_strategy`, which is one reading transaction. What a status is, `okrs.pace` says.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from rituals.alignment.scope import Scope
from rituals.alignment.service import scope_of
from rituals.notices import Part
from rituals.okrs.model import KeyResult, Objective, Status
from rituals.okrs.pace import WORST_FIRST, expected_progress, worst
from rituals.okrs.progress import as_of, objective_progress
from rituals.okrs.state import CycleSpan
from storage.database import Database

LONGER = Fraction(3, 2)  # so many times the shortest running cycle: quarters of 90 and of 92 days are alike


class StrategyLine(Part):
    """An objective with its progress and what is expected of it by its own dates (shares 0-1; None is not known), and
    how it moves the one it stands under. `before` counts what moved it in cycles that are over.
    """

    depth: int
    key: str
    title: str
    unit: str
    cycle: str
    ends: date
    status: Status
    progress: float | None
    expected: float | None
    how: str = ""
    before: int = 0


class StrategyPage(Part):
    """`/okr align strategy`. `cycles` are those that run, the longest first; `unmoved` are objectives of longer cycles
    which nothing shorter moves, `loose` counts those of shorter ones that move nothing longer.
    """

    unit: str
    cycles: tuple[str, ...]
    lines: tuple[StrategyLine, ...]
    unmoved: tuple[str, ...] = ()
    loose: int = 0
    shorter: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """An objective at a depth, with the sentence that says how it moves the one it stands under."""

    objective: Objective
    depth: int
    how: str


@dataclass(frozen=True, slots=True)
class Strategy:
    """The tree in its order; keys of the longer objectives that nothing shorter moves, and of the shorter ones that
    move nothing longer, `loose`; how many shorter ones there are.
    """

    tree: tuple[Placed, ...]
    unmoved: tuple[str, ...]
    loose: tuple[str, ...]
    shorter: int


def strategy(
    objectives: Sequence[Objective], cycles: Mapping[str, CycleSpan], statuses: Mapping[str, Status]
) -> Strategy:
    """The objectives of longer cycles that move no other of them, the longest and worst first, each with what moves it
    below. One that moves two stands under both, and what is below it under the first.

    `statuses` are those of key results by key. Where all cycles are of one length there is no tree.
    """
    shortest = min((cycles[o.cycle].days for o in objectives), default=0)
    longer = {o.key for o in objectives if cycles[o.cycle].days >= shortest * LONGER and shortest}
    below: defaultdict[str, list[tuple[Objective, str]]] = defaultdict(list)
    for objective in sorted(objectives, key=lambda o: _place(o, cycles, statuses)):
        for link in objective.contributes_to:
            below[link.objective].append((objective, link.how))
    ordered = sorted((o for o in objectives if o.key in longer), key=lambda o: _place(o, cycles, statuses))
    roots = [o for o in ordered if not any(link.objective in longer for link in o.contributes_to)]
    told: set[str] = set()
    tree = [placed for root in roots for placed in _down(root, below, told, "", 0)]
    # what stands in a circle has no root: it begins with its first, so that nothing is left out
    tree += [placed for objective in ordered for placed in _down(objective, below, told, "", 0, again=False)]
    return Strategy(
        tree=tuple(tree),
        unmoved=tuple(o.key for o in ordered if not _moved_by_shorter(o.key, below, longer)),
        loose=tuple(o.key for o in objectives if o.key not in longer and o.key not in told),
        shorter=len(objectives) - len(longer),
    )


def expected_of(objective: Objective, today: date) -> Fraction | None:
    """Weighted mean of what is expected of its key results on a day, each by its own dates; None without any."""
    weight = sum((Fraction(kr.weight) for kr in objective.key_results), Fraction(0))
    if weight <= 0:
        return None
    return (
        sum((Fraction(kr.weight) * expected_progress(kr, today) for kr in objective.key_results), Fraction(0)) / weight
    )


def show_strategy(db: Database, team_id: str, user: str, query: str, *, now: datetime) -> StrategyPage:
    """The view of a unit and all below it. Raises Refusal for a unit that is unknown."""
    with db.transaction(readonly=True) as session:
        scope = scope_of(session, team_id, user, query, now)
    state = scope.state
    found = strategy(scope.objectives, state.cycles, {key: figures.status for key, figures in scope.figures.items()})
    running = sorted({o.cycle for o in scope.objectives}, key=lambda key: -state.cycles[key].days)
    before = _before(scope)
    return StrategyPage(
        unit=state.units[scope.unit].name,
        cycles=tuple(running),
        lines=tuple(_line(scope, placed, before) for placed in found.tree),
        unmoved=tuple(f"{key} {state.objectives_by_key[key].title}" for key in found.unmoved),
        loose=len(found.loose),
        shorter=found.shorter,
    )


def _place(objective: Objective, cycles: Mapping[str, CycleSpan], statuses: Mapping[str, Status]) -> tuple[int, int]:
    """The longest cycle first, the worst first within it."""
    return -cycles[objective.cycle].days, WORST_FIRST.index(worst(statuses[kr.key] for kr in objective.key_results))


def _down(
    objective: Objective,
    below: Mapping[str, Sequence[tuple[Objective, str]]],
    told: set[str],
    how: str,
    depth: int,
    *,
    again: bool = True,
) -> Iterator[Placed]:
    """The objective and what moves it; what was told before is not told again from there on."""
    known = objective.key in told
    if known and not again:
        return
    told.add(objective.key)
    yield Placed(objective, depth, how)
    for child, sentence in () if known else below.get(objective.key, ()):
        yield from _down(child, below, told, sentence, depth + 1)


def _moved_by_shorter(key: str, below: Mapping[str, Sequence[tuple[Objective, str]]], longer: set[str]) -> bool:
    """Whether an objective of a shorter cycle moves it, directly or by others."""
    seen, waiting = {key}, [key]
    while waiting:
        for child, _ in below.get(waiting.pop(), ()):
            if child.key not in longer:
                return True
            if child.key not in seen:
                seen.add(child.key)
                waiting.append(child.key)
    return False


def _before(scope: Scope) -> Mapping[str, int]:
    """How many objectives of cycles that are over moved each objective."""
    state, today = scope.state, scope.state.today(scope.now)
    counts: defaultdict[str, int] = defaultdict(int)
    for objective in state.objectives:
        if state.cycles[objective.cycle].ends < today or state.cycles[objective.cycle].closed:
            for link in objective.contributes_to:
                counts[link.objective] += 1
    return counts


def _line(scope: Scope, placed: Placed, before: Mapping[str, int]) -> StrategyLine:
    objective, state = placed.objective, scope.state
    known = replace(objective, key_results=tuple(_known(scope, kr) for kr in objective.key_results))
    progress, expected = objective_progress(known), expected_of(known, state.today(scope.now))
    return StrategyLine(
        depth=placed.depth,
        key=objective.key,
        title=objective.title,
        unit=state.units[objective.unit].name,
        cycle=objective.cycle,
        ends=state.cycles[objective.cycle].ends,
        status=worst(scope.figures[kr.key].status for kr in objective.key_results),
        progress=None if progress is None else float(round(progress, 4)),
        expected=None if expected is None else float(round(expected, 4)),
        how=placed.how,
        before=before.get(objective.key, 0),
    )


def _known(scope: Scope, kr: KeyResult) -> KeyResult:
    return as_of(kr, scope.now, scope.state.zone)
