"""The suggested next step for a flag, by its reason and the kind of the key result; and what the rules are called.

Pure rules and words without markup. A suggestion is advice: nothing is done with it, and nobody is named in it.
"""

from collections.abc import Mapping
from typing import Final

from rituals.okrs.flags.events import Reason
from rituals.okrs.flags.rules import Numbers
from rituals.okrs.model import KeyResult

RULES: Final[Mapping[Reason, str]] = {
    "pace": "Pace",
    "trend": "Trend",
    "stalled": "Stalled",
    "silent": "Silent",
    "confidence": "Confidence",
    "divergence": "Divergence",
}
_GROUPS = {"keep_above": "bound", "keep_below": "bound", "keep_between": "bound", "increase": "way", "decrease": "way"}
_STEPS: Final[Mapping[tuple[str, str], str]] = {
    ("pace", "way"): "agree on what closes the gap, or propose another target: /okr adjust {key}",
    ("pace", "bound"): "say what brings it back within its bound, and by when",
    ("pace", "milestone"): "say who does the milestone that is due, and by when",
    ("pace", "binary"): "say what is left to do, and by when it is done",
    ("trend", "way"): "change one thing now, while it is on pace: as it goes, it does not arrive",
    ("trend", "bound"): "say what keeps it within its bound until the end",
    ("trend", "milestone"): "start the next milestone earlier, or take one out: /okr adjust {key}",
    ("stalled", "way"): "name what holds it up, or who is to act: /okr blockers",
    ("stalled", "bound"): "try another way to bring it within its bound: this one does not move it",
    ("stalled", "milestone"): "split the next milestone, or name what holds it up: /okr blockers",
    ("silent", "way"): "give today's value, also where it has not moved: /okr update {key}",
    ("silent", "bound"): "give today's value, also where it has not moved: /okr update {key}",
    ("silent", "milestone"): "say which milestones are done: /okr update {key}",
    ("silent", "binary"): "say whether it is done: /okr update {key}",
    ("confidence", ""): "ask who reports it what would raise it, and write that down as a next step",
}


def next_step(kr: KeyResult, reason: Reason, numbers: Numbers) -> str:
    """What to do next about one reason, in half a sentence."""
    if reason == "divergence":
        return _apart(numbers)
    group = _GROUPS.get(kr.kind, kr.kind)
    words = _STEPS.get((reason, group)) or _STEPS.get((reason, "")) or _STEPS[("pace", group)]
    return words.format(key=kr.key)


def _apart(numbers: Numbers) -> str:
    """What blocks comes before what is measured, and that before how it feels."""
    if "blocked_unit" in numbers:
        return "ask who blocks it for a date: /okr blockers"
    if "low" in numbers:
        return "agree on one value: what is counted, on which day, and by whom"
    return "say in a sentence each why you see it so"
