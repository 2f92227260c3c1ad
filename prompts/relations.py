"""Who waits for whom, as a sentence says it: pairs of units in their order. Pure.

It knows a few verbs in four languages. A sentence that names two units and uses none of them says nothing that could be
checked; what to do with it is decided in `grounding`.
"""

import re
from collections.abc import Collection, Iterable

from prompts.letters import bare, skeleton

Pair = tuple[str, str]
"""(the unit held up, the unit it waits for)."""

_WAITS = (
    r"wait(?:s|ed|ing)?(?: \w+){0,4}? (?:for|on)|await(?:s|ed|ing)?|depend(?:s|ed|ing|ent)? (?:up)?on|needs?|needed|"
    r"needing|lacks?|lacking|miss(?:es|ing)|requires?|rel(?:y|ies|ying) on|"
    r"(?:blocked|held up|delayed|stopped|held back) (?:by|on)|stuck (?:on|behind|with)|on hold (?:for|because of)|"
    r"wart\w* auf|häng\w* (?:von|an)|brauch\w*|benötig\w*|blockiert (?:von|durch)|attend\w*|dépend\w* d\w*|"
    r"bloqu\w* par|espera\w*(?: a)?|depende\w* de|necesita\w*|bloquead\w* por"
)
_HOLDS = (
    r"hold(?:s|ing)? (?:up|back)|held up|block(?:s|ed|ing)?|delay(?:s|ed|ing)?|stop(?:s|ped|ping)?|"
    r"keep(?:s|ing)?(?= .{0,60} waiting)|"
    r"hält|halten|blockier\w*|verzöger\w*|bloque\w*|retarde\w*|retras\w*|frena\w*"
)
_VERB = re.compile(rf"(?<!\w)(?:(?P<waits>{_WAITS})|(?P<holds>{_HOLDS}))(?!\w)", re.IGNORECASE)
_EACH_OTHER = re.compile(r"\b(?:each other|one another|einander|aufeinander)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[;:]|\.\s|,? (?:while|whereas|but|but also) |[“”\"]")
_US = re.compile(
    r"(?<!\w)(?:we|us|our|ours|i|my|wir|uns|unser\w*|nous|notre|nos|nosotros|nuestr\w*)(?!\w)", re.IGNORECASE
)


def pairs(text: str, units: Collection[str], *, we: str = "") -> frozenset[Pair]:
    """Every pair that a text states. `we` is the unit that "we" and "our" stand for."""
    found: set[Pair] = set()
    for clause in _CLAUSE.split(text):
        found |= _of_clause(clause, units, we)
    return frozenset(found)


def named(text: str, units: Iterable[str]) -> list[str]:
    """The units that a text names, the longest name first where one is part of another.

    Names that are also words ("Data") count with their capital only: "no gate data" names nobody.
    """
    seen: dict[str, None] = {}
    shown, left = bare(text), skeleton(text)
    for unit in sorted(units, key=len, reverse=True):
        for found in list(re.finditer(rf"(?<!\w){re.escape(skeleton(unit))}(?!\w)", left)):
            start, end = found.span()
            if not (shown[start:end].islower() and not unit.islower()):
                seen[unit] = None
                left = left[:start] + " " * (end - start) + left[end:]
    return list(seen)


def _of_clause(clause: str, units: Collection[str], we: str) -> set[Pair]:
    verbs = list(_VERB.finditer(clause))
    if not verbs:
        return set()
    edges = [0, *(v.end() for v in verbs)], [*(v.start() for v in verbs), len(clause)]
    parts = [_named_or_us(clause[a:b], units, we) for a, b in zip(*edges, strict=True)]
    found: set[Pair] = set()
    for place, verb in enumerate(verbs):
        left, right = parts[place], parts[place + 1]
        if _EACH_OTHER.search(clause, verb.end()):
            right = left
        ordered = [(a, b) if verb["waits"] else (b, a) for a in left for b in right if a != b]
        found.update(ordered)
    return found


def _named_or_us(text: str, units: Collection[str], we: str) -> list[str]:
    return named(text, units) + ([we] if we and _US.search(text) else [])
