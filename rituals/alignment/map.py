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
    """An objective at a depth of the tree; `below` is the worst status under it where that is worse than its own, or
    where it has no key result itself.
    """

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

    Roots to which nothing contributes stand last. An objective that contributes to two stands under both, and what is
    below it under the first of them.
    `statuses` are those of key results by key.
    """
    known = {o.key for o in objectives}
    children: defaultdict[str, list[Objective]] = defaultdict(list)
    for objective in _worst_first(objectives, statuses):
        for link in objective.contributes_to:
            children[link.objective].append(objective)
    roots = [o for o in _worst_first(objectives, statuses) if not any(c.objective in known for c in o.contributes_to)]
    walk = _Walk(children, statuses)
    trees = [(root.key not in children, walk.down(root)) for root in roots]
    # what stands in a circle has no root: it begins with its first, so that nothing is left out
    trees += [(False, walk.down(o)) for o in objectives if o.key not in walk.told]
    return tuple(node for _, nodes in sorted(trees, key=lambda tree: tree[0]) for node in nodes)


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


class _Walk:
    """Goes down from objectives. What is below one is told where it is met first, so that the tree of many links
    upward stays as long as there are links.
    """

    def __init__(self, children: Mapping[str, Sequence[Objective]], statuses: Mapping[str, Status]) -> None:
        self._children, self._statuses = children, statuses
        self._path: set[str] = set()
        self.told: dict[str, Status | None] = {}

    def down(self, objective: Objective, depth: int = 0) -> list[Node]:
        """The objective and all below it that was not told before; one that is its own ancestor ends there."""
        own = _status(objective, self._statuses)
        again = objective.key in self.told
        if not again:
            self.told[objective.key] = None
            self._path.add(objective.key)
        children = () if again else self._children.get(objective.key, ())
        below = [self.down(child, depth + 1) for child in children if child.key not in self._path]
        rolled = self.told[objective.key] if again else self._rolled(objective, below)
        self.told[objective.key] = rolled
        self._path.discard(objective.key)
        worse = rolled if objective.key_results and rolled != own else None
        shown = Node(objective, depth, own, worse if objective.key_results else rolled)
        return [shown, *(node for nodes in below for node in nodes)]

    def _rolled(self, objective: Objective, below: Iterable[Sequence[Node]]) -> Status | None:
        """The worst of its own and of all below; None where there is no key result at all."""
        found = [self.told.get(nodes[0].objective.key) for nodes in below]
        found += [_status(objective, self._statuses)] if objective.key_results else []
        return worst(known) if (known := [status for status in found if status]) else None


def _worst_first(objectives: Iterable[Objective], statuses: Mapping[str, Status]) -> list[Objective]:
    return sorted(objectives, key=lambda o: WORST_FIRST.index(_status(o, statuses)))


def _status(objective: Objective, statuses: Mapping[str, Status]) -> Status:
    return worst(statuses[kr.key] for kr in objective.key_results)
