"""The two other views of alignment: down the tree of contributions, and across, who shares what with whom. Pure.

An objective's status is the worst of its key results (METHOD); rolled up, the worst of those below it too. Objectives
of longer and of shorter cycles stand in one tree, each expected by its own dates.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from rituals.okrs.model import KeyResult, Objective, Status
from rituals.okrs.pace import BEHIND, WORST_FIRST, worst


@dataclass(frozen=True, slots=True)
class Node:
    """An objective at a depth of the tree; `below` is the worst status under it where that is worse than its own."""

    objective: Objective
    depth: int
    status: Status
    below: Status | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two units (keys) and the key results that both own, those that are behind first."""

    one: str
    other: str
    key_results: tuple[KeyResult, ...]
    behind: int


def tree(objectives: Sequence[Objective], statuses: Mapping[str, Status]) -> tuple[Node, ...]:
    """The objectives that contribute to none of the others, each followed by what contributes to it, worst first.

    Roots to which nothing contributes stand last; an objective that contributes to two stands under both.
    `statuses` are those of key results by key.
    """
    known = {o.key for o in objectives}
    children: defaultdict[str, list[Objective]] = defaultdict(list)
    for objective in objectives:
        for link in objective.contributes_to:
            children[link.objective].append(objective)
    roots = [o for o in objectives if not any(link.objective in known for link in o.contributes_to)]
    # what stands in a circle has no root: it begins with its first, so that nothing is left out
    reached: set[str] = set()
    for objective in (*roots, *objectives):
        if objective.key not in reached:
            reached |= {node.objective.key for node in _under(objective, children, statuses, 0, frozenset())}
            roots += [] if objective in roots else [objective]
    ordered = sorted(_worst_first(roots, statuses), key=lambda o: o.key not in children)
    return tuple(node for root in ordered for node in _under(root, children, statuses, 0, frozenset()))


def pairs(key_results: Iterable[KeyResult], statuses: Mapping[str, Status]) -> tuple[Pair, ...]:
    """Every two units with a key result in common: those with most behind first, then those with most in common."""
    common: defaultdict[tuple[str, str], list[KeyResult]] = defaultdict(list)
    for kr in key_results:
        for one, other in combinations(sorted(kr.owners), 2):
            common[one, other].append(kr)
    found = [_pair(one, other, krs, statuses) for (one, other), krs in common.items()]
    return tuple(sorted(found, key=lambda pair: (-pair.behind, -len(pair.key_results), pair.one, pair.other)))


def _pair(one: str, other: str, krs: list[KeyResult], statuses: Mapping[str, Status]) -> Pair:
    ordered = sorted(krs, key=lambda kr: WORST_FIRST.index(statuses[kr.key]))
    return Pair(one, other, tuple(ordered), sum(statuses[kr.key] in BEHIND for kr in krs))


def _under(
    objective: Objective,
    children: Mapping[str, list[Objective]],
    statuses: Mapping[str, Status],
    depth: int,
    above: frozenset[str],
) -> list[Node]:
    """The objective and all below it; one that is its own ancestor ends there."""
    inside = above | {objective.key}
    below = [o for o in children.get(objective.key, ()) if o.key not in inside]
    nodes = [n for child in _worst_first(below, statuses) for n in _under(child, children, statuses, depth + 1, inside)]
    own = _status(objective, statuses)
    rolled = worst([own, *(n.status for n in nodes)])
    return [Node(objective, depth, own, rolled if rolled != own else None), *nodes]


def _worst_first(objectives: Iterable[Objective], statuses: Mapping[str, Status]) -> list[Objective]:
    return sorted(objectives, key=lambda o: WORST_FIRST.index(_status(o, statuses)))


def _status(objective: Objective, statuses: Mapping[str, Status]) -> Status:
    return worst(statuses[kr.key] for kr in objective.key_results)
