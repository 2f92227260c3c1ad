"""What kind of blocker some words describe: a dependency, a decision, people, a technical fault, … Pure.

A guess from words, for where nobody chose a kind. What is waited for decides before whom it is waited for; nothing
that is sure is "", and a person's choice always stands.
"""

import re
from functools import cache
from typing import Literal

Kind = Literal["", "dependency", "decision", "resource", "technical", "external", "scope", "people"]

_CUES: tuple[tuple[Kind, str], ...] = (
    (
        "decision",
        r"decisions?|decid(?:e|es|ed|ing)|approv(?:al|als|e|es|ed|ing)|sign[- ]?offs?|sign(?:s|ed|"
        r"ing)? off|go[- ]ahead|"
        r"green light|permission|consent|agree(?:s|d|ment)? on|who owns|unclear who|"
        r"entscheid\w{0,12}|freigabe|décision|"
        r"decisión",
    ),
    (
        "people",
        r"sick|ill|on leave|parental leave|vacation|holidays?|left the (?:team|company)|resign(?:ed|"
        r"s)|quit|hir(?:e|es|ing)|"
        r"vacancy|understaffed|no (?:crew|staff|developers?|engineers?|designers?)|"
        r"onboarding of (?:a )?new|krank|urlaub",
    ),
    (
        "resource",
        r"budget|licen[cs]es?|money|funding|funds|capacity|head ?count|hardware|laptops?|rooms?|"
        r"seats|quota|no time|bandwidth|"
        r"pallets|vans?|lizenz\w{0,6}",
    ),
    (
        "external",
        r"vendors?|suppliers?|customers?|clients?|regulators?|auditors?|authorit(?:y|ies)|partners?|legal|lawyers?|"
        r"app store|apple|google|government|third part(?:y|ies)|contracts?|lieferant\w{0,4}|"
        r"fournisseurs?|proveedor\w{0,3}",
    ),
    (
        "scope",
        r"scope|requirements?|specs?|specification|acceptance criteria|unclear what|"
        r"changed (?:the )?(?:goal|brief)|"
        r"new (?:feature|wish)(?:es|s)?|out of scope|priorit(?:y|ies|ised|ized)",
    ),
    (
        "technical",
        r"bugs?|outages?|down|broken|fails?|failing|failed|crash(?:es|ed|ing)?|red|errors?|slow|"
        r"latency|out of order|timeouts?|"
        r"flaky|performance|corrupt(?:ed)?|data loss|incidents?|does(?:n't| not) (?:work|build|"
        r"compile|start)|kaputt|fehler",
    ),
    (
        "dependency",
        r"wait(?:s|ing|ed)? (?:for|on|until)|awaiting|depend(?:s|ent|ing|ency|encies)?|needs? [^.;\n]{1,60}? from|"
        r"blocked by|held up by|late from|rel(?:y|ies|ying) on|stuck on|wart\w{1,3} auf|blockiert|"
        r"attendons|bloqué|esperamos",
    ),
)


@cache
def _patterns() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    """Built at the first blocker, not at the start."""
    return tuple((kind, re.compile(rf"(?<![^\W_])(?:{cues})(?![^\W_])", re.IGNORECASE)) for kind, cues in _CUES)


def kind_of(text: str, *, waits_for_unit: bool = False) -> Kind:
    """The kind that the words speak of, the first that holds of: decision, people, resource, external, scope,
    technical, dependency. With a unit of ours waited for, whatever is none of the first four is a dependency.
    """
    found = next((kind for kind, pattern in _patterns() if pattern.search(text)), None)
    if waits_for_unit and found in (None, "scope", "technical"):
        return "dependency"
    return found or ""
