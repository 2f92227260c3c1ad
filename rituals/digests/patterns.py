"""What the open blockers say together: who waits for whom over several steps, in circles, and what grows old.

Pure rules over the register's facts: unit held up, unit waited for, opened, until. Both summaries are given what is
found here; neither finds anything itself. Nothing is worded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rituals.digests.facts import BlockerFacts

OLD_DAYS = 14  # a whole round of the usual fortnight
MOST_CHAINS = 3
NOBODY = "a unit"

Edges = Mapping[str, Mapping[str, BlockerFacts]]


@dataclass(frozen=True, slots=True)
class Chain:
    """Units of which each waits for the next; in a `cycle` the last waits for the first. One blocker a step."""

    units: tuple[str, ...]
    blockers: tuple[BlockerFacts, ...]
    cycle: bool = False

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """(held up, waited for) of each step."""
        return frozenset((b.by, b.on or "") for b in self.blockers)


def chains(blockers: Sequence[BlockerFacts]) -> tuple[Chain, ...]:
    """Circles first, then chains of two steps or more, the longest first; at most MOST_CHAINS of each.

    Of several blockers between the same two units the oldest stands for the step. A chain is the longest way from a
    unit that nobody waits for; steps within a circle are the circle's. It never tries all ways: a web of a thousand
    blockers is no work.
    """
    edges = _edges(blockers)
    circles = _circles(edges)
    turning = [frozenset(group) for group in circles]
    found = [_circle(edges, group) for group in circles]
    plain = {
        by: {on: b for on, b in to.items() if not any({by, on} <= group for group in turning)}
        for by, to in edges.items()
    }
    straight = sorted(_longest_ways(plain), key=lambda c: (-len(c.blockers), -_age(c), c.units))
    return (*sorted(found, key=lambda c: (-_age(c), c.units))[:MOST_CHAINS], *straight[:MOST_CHAINS])


def overdue(blocker: BlockerFacts, today: date) -> int:
    """Whole days since its own date passed; 0 where it has none or it is to come."""
    return max((today - blocker.until).days, 0) if blocker.until else 0


def grown_old(blockers: Sequence[BlockerFacts], today: date) -> tuple[BlockerFacts, ...]:
    """Those the last digest had as well and that are past their own date or OLD_DAYS old; the longest overdue first."""
    old = [b for b in blockers if not b.new and (overdue(b, today) or b.days >= OLD_DAYS)]
    return tuple(sorted(old, key=lambda b: (-overdue(b, today), -b.days, b.number)))


def _edges(blockers: Sequence[BlockerFacts]) -> Edges:
    edges: dict[str, dict[str, BlockerFacts]] = {}
    for blocker in sorted(blockers, key=lambda b: (-b.days, b.number)):
        if blocker.on and blocker.by not in (blocker.on, NOBODY):
            edges.setdefault(blocker.by, {}).setdefault(blocker.on, blocker)
    return edges


def _circles(edges: Edges) -> list[list[str]]:
    """The groups of units that all wait for each other by some way (strongly connected ones of two and more)."""
    order = _finished(edges, sorted(edges))
    back: dict[str, dict[str, BlockerFacts]] = {}
    for by, to in edges.items():
        for on, blocker in to.items():
            back.setdefault(on, {})[by] = blocker
    seen: set[str] = set()
    groups = []
    for start in reversed(order):
        if start not in seen:
            group = _reached(back, start, seen)
            groups += [sorted(group)] if len(group) > 1 else []
    return groups


def _finished(edges: Edges, starts: Sequence[str]) -> list[str]:
    """Units in the order in which a walk into the depth leaves them."""
    seen: set[str] = set()
    left: list[str] = []
    for start in starts:
        stack: list[tuple[str, Iterator[str]]] = [] if start in seen else [(start, iter(sorted(edges.get(start, ()))))]
        seen.add(start)
        while stack:
            unit, following = stack[-1]
            onward = next((on for on in following if on not in seen), None)
            if onward is None:
                left.append(unit)
                stack.pop()
            else:
                seen.add(onward)
                stack.append((onward, iter(sorted(edges.get(onward, ())))))
    return left


def _reached(edges: Edges, start: str, seen: set[str]) -> list[str]:
    found, waiting = [], [start]
    seen.add(start)
    while waiting:
        unit = waiting.pop()
        found.append(unit)
        fresh = [on for on in edges.get(unit, ()) if on not in seen]
        seen.update(fresh)
        waiting += fresh
    return found


def _circle(edges: Edges, group: Sequence[str]) -> Chain:
    """The shortest way from the first unit of a group back to itself."""
    first, inside = group[0], set(group)
    ways: list[list[str]] = [[first]]
    seen: set[str] = set()
    for way in ways:
        for on in sorted(edges.get(way[-1], ())):
            if on == first:
                steps = [edges[a][b] for a, b in zip(way, [*way[1:], first], strict=True)]
                return Chain(tuple(way), tuple(steps), cycle=True)
            if on in inside and on not in seen:
                seen.add(on)
                ways.append([*way, on])
    raise AssertionError("a group of units that wait for each other has a way round")


def _longest_ways(edges: Edges) -> Iterator[Chain]:
    """From each unit that nobody waits for, its longest way, if that has two steps; there are no circles."""
    longest: dict[str, tuple[BlockerFacts, ...]] = {}
    for unit in _finished(edges, sorted(edges)):  # a unit comes after all it waits for
        ways = [(b, *longest.get(on, ())) for on, b in edges.get(unit, {}).items()]
        longest[unit] = max(ways, key=lambda way: (len(way), way[0].days, -way[0].number), default=())
    waited_for = {on for to in edges.values() for on in to}
    for unit in sorted(set(edges) - waited_for):
        way = longest[unit]
        if len(way) > 1:
            yield Chain((unit, *(b.on or "" for b in way)), way)


def _age(chain: Chain) -> int:
    return max(b.days for b in chain.blockers)
