"""What a model proposed, held against the plans as they are now: what is shown of it, and as what. Pure.

A pair is said in our own words around two quotations that still stand in the plans; a wording only while its key result
has the title it was made for. Nothing else of what a model wrote is shown.
"""

from collections.abc import Iterator, Mapping

from rituals.alignment.proposals import Kept
from rituals.alignment.scope import Scope
from rituals.okrs.model import KeyResult
from rituals.okrs.quality.rules import Finding, Rule
from rituals.okrs.quality.sets import direction

_RULES: Mapping[str, Rule] = {"same": "twice", "opposite": "opposite", "resource": "resource"}
_WHAT = {
    "twice": (
        "may measure the same thing",
        "Two numbers for one thing will differ, and nobody knows which one counts.",
    ),
    "opposite": ("may pull one metric in opposite directions", "What one of them wins the other one loses."),
    "resource": ("may count on the same people or means", "What is promised to two is kept to one."),
}
_NEXT = "Talk it over with the other line: confirm it, or put it aside."


def proposed_findings(kept: Kept, scope: Scope, found: list[Finding]) -> Iterator[Finding]:
    """The pairs that still hold, but for those that the rules `found` themselves."""
    known = {(finding.rule, frozenset(finding.about)) for finding in found}
    texts = _texts(scope)
    for pair in kept.pairs:
        rule = _RULES[pair["kind"]]
        one, other = texts.get(pair["one"]), texts.get(pair["other"])
        if one is None or other is None or (rule, frozenset((pair["one"], pair["other"]))) in known:
            continue
        there = pair["one_span"] in one[1] and pair["other_span"] in other[1]
        if there and not set(one[0]) & set(other[0]) and _directions_fit(rule, pair, scope):
            yield _finding(rule, pair, one[0][0], other[0][0], scope)


def suggestion(kept: Kept, finding: Finding, scope: Scope) -> str:
    """A model's wording for the key result that a finding is about; "" where there is none any more."""
    before, after = kept.rewrites.get(finding.about[0] if finding.about else "", ("", ""))
    kr = scope.state.key_results.get(finding.about[0]) if after else None
    return after if kr is not None and kr.title == before else ""


def _texts(scope: Scope) -> dict[str, tuple[tuple[str, ...], str]]:
    """Units and text of everything in the scope, by key."""
    found: dict[str, tuple[tuple[str, ...], str]] = {}
    for objective in scope.objectives:
        found[objective.key] = ((objective.unit,), objective.title)
        for kr in objective.key_results:
            owners = tuple(key for key in kr.owners if not scope.state.units[key].hidden)
            if owners:
                found[kr.key] = (owners, kr.title)
    return found


def _directions_fit(rule: Rule, pair: Mapping[str, str], scope: Scope) -> bool:
    """The same metric has one direction, opposite ones have two; what has none cannot be opposite."""
    krs = [scope.state.key_results.get(pair[side]) for side in ("one", "other")]
    known = {_direction(kr) for kr in krs}
    if rule == "opposite":
        return known == {1, -1}
    return rule != "twice" or len(known - {0}) < 2


def _direction(kr: KeyResult | None) -> int:
    return 0 if kr is None else direction(kr)


def _finding(rule: Rule, pair: Mapping[str, str], one: str, other: str, scope: Scope) -> Finding:
    names, (what, reason) = scope.state.unit_names, _WHAT[rule]
    first = f'{names[one]}: {pair["one"]} "{pair["one_span"]}"'
    second = f'{names[other]}: {pair["other"]} "{pair["other_span"]}"'
    return Finding(
        rule,
        f"{first} and {second} {what}",
        reason,
        _NEXT,
        (pair["one"], pair["other"]),
        between=(one, other),
        quotes=(pair["one_span"], pair["other_span"]),
        proposed=True,
    )
