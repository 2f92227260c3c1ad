"""Quality checks that need the others: how many there are, support by co-owners, the same twice, opposite directions,
one template for all stages. Pure, over the objectives of one portfolio; cycles that are compared are those that meet.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from rituals.okrs.model import KeyResult, Objective, Unit
from rituals.okrs.quality.rules import Finding
from rituals.okrs.quality.words import alike, alike_apart, metric
from rituals.okrs.units import measure

MOST_OBJECTIVES = {"portfolio": 3, "product_line": 5}
_NOISE = 1e-9  # of adding up shares
TEMPLATE_LINES = 3  # so many lines with the same key results, of different stages, are one template

Units = Mapping[str, Unit]
Settled = Set[tuple[str, str]]


def of_key_result(
    kr: KeyResult, objectives: Sequence[Objective], units: Units, settled: Settled = frozenset()
) -> tuple[Finding, ...]:
    """What one key result's neighbours say about it. `settled`: see `of_portfolio`."""
    others = [one for o in objectives for one in o.key_results if one.key != kr.key]
    unsupported = Plans(objectives).unsupported(kr, units, settled)
    return (*unsupported, *(f for one in others for f in _pair(kr, one, units)))


def of_objective(objective: Objective, objectives: Sequence[Objective], units: Units) -> tuple[Finding, ...]:
    """What one objective's neighbours say about it: whether its unit has too many in that cycle."""
    same = [o for o in objectives if o.unit == objective.unit and o.cycle == objective.cycle]
    return tuple(_count(units[objective.unit], objective.cycle, same))


def of_portfolio(objectives: Sequence[Objective], units: Units, settled: Settled = frozenset()) -> tuple[Finding, ...]:
    """Everything that is about more than one: counts, support, pairs and templates, each once.

    `settled` are the (key result, unit) about whose support nothing is to be said: linked by people, or not agreed.
    """
    krs = [kr for o in objectives for kr in o.key_results]
    plans = Plans(objectives)
    found = [f for unit in units.values() for f in _counts(unit, plans.of_unit[unit.key])]
    found += [f for kr in krs for f in plans.unsupported(kr, units, settled)]
    near = alike_titles(krs)
    found += [f for one, other in near for f in _pair(krs[one], krs[other], units)]
    return (*found, *_templates(krs, units, [(krs[one], krs[other]) for one, other in near]))


def alike_titles(krs: Sequence[KeyResult]) -> tuple[tuple[int, int], ...]:
    """The places of every two key results of different owners whose titles name the same metric, in order."""
    return alike_apart(tuple(kr.title for kr in krs), tuple(kr.owners for kr in krs))


def _counts(unit: Unit, own: Sequence[Objective]) -> Iterator[Finding]:
    for cycle in dict.fromkeys(o.cycle for o in own):
        yield from _count(unit, cycle, [o for o in own if o.cycle == cycle])


def _count(unit: Unit, cycle: str, own: Sequence[Objective]) -> Iterator[Finding]:
    most = MOST_OBJECTIVES.get(unit.level)
    if most is None or len(own) <= most:
        return
    span = "1 to 3 are good for a portfolio" if unit.level == "portfolio" else "3 to 5 at most for a product line"
    yield Finding(
        "objectives",
        f"{unit.name} has {len(own)} objectives in {cycle}; {span}",
        "Who has many priorities has none.",
        f"Keep the {most} that matter most, and let the others wait for the next cycle.",
        tuple(o.key for o in own),
    )


class Plans:
    """What each unit has of its own, looked up and not searched for: `of_unit`, objectives by unit."""

    def __init__(self, objectives: Iterable[Objective]) -> None:
        self.of_unit: defaultdict[str, list[Objective]] = defaultdict(list)
        self._home: dict[str, Objective] = {}
        self._own: defaultdict[str, list[tuple[Objective, KeyResult]]] = defaultdict(list)
        for objective in objectives:
            self.of_unit[objective.unit].append(objective)
            for kr in objective.key_results:
                self._home[kr.key] = objective
                if len(kr.owners) == 1:
                    self._own[kr.owners[0]].append((objective, kr))

    def unsupported(self, kr: KeyResult, units: Units, settled: Settled = frozenset()) -> Iterator[Finding]:
        """The co-owners of a shared key result that have nothing of their own for it."""
        home = self._home.get(kr.key)
        if len(kr.owners) < 2 or home is None:
            return
        others = [owner for owner in kr.owners if (kr.key, owner) not in settled and not units[owner].hidden]
        bare = [units[owner].name for owner in others if owner != home.unit and not self.support_of(owner, kr)]
        if bare:
            yield _bare(kr, home, bare)

    def support_of(self, owner: str, kr: KeyResult) -> Objective | KeyResult | None:
        """What a unit has of its own for a key result: an objective that moves the key result's, or a key result there
        or of the same metric; None without."""
        home = self._home[kr.key]
        objective = next((one for one in self.of_unit[owner] if _moves(one, home)), None)
        if objective is not None:
            return objective
        return next(
            (one for under, one in self._own[owner] if one.key != kr.key and _serves(under, one, kr, home)), None
        )


def _serves(under: Objective, one: KeyResult, kr: KeyResult, home: Objective) -> bool:
    return under.key == home.key or _moves(under, home) or alike(one.title, kr.title)


def _moves(objective: Objective, home: Objective) -> bool:
    return any(link.objective == home.key for link in objective.contributes_to)


def _bare(kr: KeyResult, home: Objective, bare: Sequence[str]) -> Finding:
    names = " and ".join([", ".join(bare[:-1]), bare[-1]] if len(bare) > 1 else bare)
    own, whose = ("co-own {} and have", "their") if len(bare) > 1 else ("co-owns {} and has", "its")
    return Finding(
        "support",
        f"{names} {own.format(kr.key)} no key result or objective of {whose} own that supports it",
        "What is in nobody's own plan is done last.",
        f"Give {names} an objective that contributes to {home.key}, or a key result for {whose} part.",
        (kr.key,),
    )


def _pair(one: KeyResult, other: KeyResult, units: Units) -> Iterator[Finding]:
    """Two units on one metric: the same twice, or in opposite directions; both texts quoted."""
    if set(one.owners) & set(other.owners) or not _meet(one, other) or not _same_metric(one, other):
        return
    names = [units[kr.owners[0]].name for kr in (one, other)]
    quoted = f'{names[0]}: {one.key} "{one.title}" and {names[1]}: {other.key} "{other.title}"'
    directions = {direction(one), direction(other)}
    if directions == {1, -1}:
        yield Finding(
            "opposite",
            f"{quoted} pull one metric in opposite directions",
            "What one of them wins the other one loses.",
            "Agree on one direction and share the key result, or name what each of them may not harm.",
            (one.key, other.key),
            between=(one.owners[0], other.owners[0]),
            quotes=(one.title, other.title),
        )
    elif len(directions) == 1:
        yield Finding(
            "twice",
            f"{quoted} measure the same thing twice",
            "Two numbers for one thing will differ, and nobody knows which one counts.",
            f"Make {one.key} a shared key result of both, and let each have its own part below it.",
            (one.key, other.key),
            between=(one.owners[0], other.owners[0]),
            quotes=(one.title, other.title),
        )


def _meet(one: KeyResult, other: KeyResult) -> bool:
    return one.starts <= other.ends and other.starts <= one.ends


def _same_metric(one: KeyResult, other: KeyResult) -> bool:
    if not alike(one.title, other.title):
        return False
    a, b = measure(one.measured_in), measure(other.measured_in)
    same = a.family == b.family and (bool(a.family) or bool(a.stems & b.stems))
    return same or not (a.text and b.text)


def direction(kr: KeyResult) -> int:
    """1 up, -1 down, 0 neither."""
    if kr.kind in {"keep_above", "keep_below"}:
        return 1 if kr.kind == "keep_above" else -1
    if kr.start is None or kr.target is None or kr.start == kr.target:
        return {"increase": 1, "decrease": -1}.get(kr.kind, 0)
    return 1 if kr.target > kr.start else -1


def _templates(
    krs: Sequence[KeyResult], units: Units, near: Iterable[tuple[KeyResult, KeyResult]]
) -> Iterator[Finding]:
    """Lines of different stages whose own key results read alike one by one.

    `near` are all that are alike: lines without such a pair are not looked at, because no best one of theirs can be
    three quarters the same.
    """
    lines = {key: unit for key, unit in units.items() if unit.level == "product_line" and unit.stage}
    own: dict[str, list[frozenset[str]]] = {key: [] for key in lines}
    for kr in krs:
        if len(kr.owners) == 1 and kr.owners[0] in own:
            own[kr.owners[0]].append(metric(kr.title))
    full = {key: found for key, found in own.items() if len(found) > 1}
    meet = {frozenset((one.owners[0], other.owners[0])) for one, other in near if one.owners and other.owners}
    for first, measured in full.items():
        others = [
            key
            for key, found in full.items()
            if key != first and frozenset((first, key)) in meet and _alike_all(measured, found)
        ]
        same = [key for key in full if key in {first, *others}]
        if len(same) < TEMPLATE_LINES or not _alike_all(measured, measured):  # titles of small words only say nothing
            continue
        stages = {lines[key].stage for key in same}
        if same[0] == first and len(stages) > 1:
            names = ", ".join(lines[key].name for key in same)
            yield Finding(
                "template",
                f"{names} have the same key results although they stand at different places of their lifecycle",
                "Growth, maturity and the end of a line ask for different things.",
                "Let growth be bold, maturity look to retention and margin, and what ends to moving its customers.",
                tuple(kr.key for kr in krs if kr.owners[0] in same and len(kr.owners) == 1),
            )


def _alike_all(one: Sequence[frozenset[str]], other: Sequence[frozenset[str]]) -> bool:
    """Whether two lines' key results are the same in three quarters on average; no is said as soon as it is sure."""
    to_lose = 0.25 * len(one)
    for a in one:
        to_lose -= 1 - max((len(a & b) / len(a | b) for b in other if a | b), default=0.0)
        if to_lose < -_NOISE:
            return False
    return True
