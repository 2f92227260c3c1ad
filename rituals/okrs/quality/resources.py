"""One resource promised to two lines: a named team, budget, system or person that both claim at the same time. Pure.

Claims are read by `resources` from key results, milestones, objectives, contributions and blockers; both texts are
quoted. Lines of which one stands above the other, and key results that both own, are no conflict.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rituals.okrs.model import KeyResult, Objective, Unit
from rituals.okrs.quality.rules import Finding
from rituals.okrs.resources import claimed, months

Units = Mapping[str, Unit]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that may claim something: whose (unit keys), the key it stands under, and the days it is about."""

    key: str
    units: tuple[str, ...]
    text: str
    starts: date
    ends: date


def sentences(objectives: Iterable[Objective], cycles: Mapping[str, tuple[date, date]]) -> Iterator[Said]:
    """Every sentence of some objectives. `cycles` are first and last days by key."""
    for o in objectives:
        starts, ends = cycles[o.cycle]
        yield Said(o.key, (o.unit,), o.title, starts, ends)
        yield from (Said(o.key, (o.unit,), link.how, starts, ends) for link in o.contributes_to)
        for kr in o.key_results:
            yield Said(kr.key, kr.owners, kr.title, kr.starts, kr.ends)
            yield from _milestones(kr)


def _milestones(kr: KeyResult) -> Iterator[Said]:
    since = kr.starts
    for step in kr.milestones:
        yield Said(kr.key, kr.owners, step.title, since, max(step.due or kr.ends, since))
        since = step.due or since


def twice_promised(said: Iterable[Said], units: Units, names: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Each resource that two or more lines claim, once for every further line. `names` are people's in full."""
    people: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        if len(parts := name.split()) > 1:
            people[parts[0].casefold()].append(name)
    claims: defaultdict[str, list[Said]] = defaultdict(list)
    for one in said:
        for resource in claimed(one.text, people):
            claims[resource].append(one)
    return tuple(f for resource, ones in sorted(claims.items()) for f in _between(resource, ones, units))


def _between(resource: str, claims: Sequence[Said], units: Units) -> Iterator[Finding]:
    """The first claim against the first one of each other line that it meets."""
    met: set[str] = set()
    for place, one in enumerate(claims):
        for other in claims[place + 1 :]:
            pair = other.units[:1]
            if met.isdisjoint(pair) and _conflict(one, other, units):
                met.update(pair)
                yield _finding(resource, one, other, units)
        if met:
            return


def _conflict(one: Said, other: Said, units: Units) -> bool:
    apart = months(one.text) and months(other.text) and not months(one.text) & months(other.text)
    at_once = one.starts <= other.ends and other.starts <= one.ends
    return at_once and not apart and not any(_same_line(a, b, units) for a in one.units for b in other.units)


def _same_line(one: str, other: str, units: Units) -> bool:
    """Whether two units are one, or one stands above the other."""
    return one in _upward(other, units) or other in _upward(one, units)


def _upward(unit: str, units: Units) -> Iterator[str]:
    key: str | None = unit
    while key is not None and key in units:
        yield key
        key = units[key].parent


def _finding(resource: str, one: Said, other: Said, units: Units) -> Finding:
    names = [units[said.units[0]].name for said in (one, other)]
    quoted = f'{names[0]}: {one.key} "{one.text.strip()}" and {names[1]}: {other.key} "{other.text.strip()}"'
    since, until = max(one.starts, other.starts), min(one.ends, other.ends)
    return Finding(
        "resource",
        f"{quoted} both count on one {resource}, {_day(since)} to {_day(until)}",
        "What is promised to two is kept to one.",
        "Agree who has it when, and say the weeks in both.",
        (one.key, other.key),
        between=(one.units[0], other.units[0]),
        quotes=(one.text.strip(), other.text.strip()),
        topic=resource,
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
