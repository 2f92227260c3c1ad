"""What flags did since the last digest, as lines: which key result fell, got worse or recovered, on which day, and what
is suggested next. Pure; what happened is found in `rituals.okrs`.
"""

from collections.abc import Sequence

from rituals.digests.facts import DigestFacts
from rituals.digests.phrases import day_words, listed
from rituals.notices.flags import FlagNews

_FIRST = ("fell off track", "fell behind", "got worse", "recovered", "recovered in part")


def flag_lines(facts: DigestFacts) -> tuple[str, ...]:
    """A line for each key result, what fell before what recovered; what did both says both, in two lines."""
    groups: dict[tuple[bool, str], list[FlagNews]] = {}
    for one in facts.flag_news:
        groups.setdefault((one.event == "recovered", one.key), []).append(one)
    return tuple(flag_line(sorted(group, key=_weight)) for _, group in sorted(groups.items(), key=lambda g: g[0][0]))


def _weight(one: FlagNews) -> int:
    return _FIRST.index(one.what) if one.what in _FIRST else len(_FIRST)


def flag_line(group: Sequence[FlagNews]) -> str:
    """The key result, what it did and when, its reasons with their numbers, the owners and the next step."""
    first = group[0]
    when = f"{first.on:%a} {day_words(first.on)}"
    reasons = "; ".join(one.words for one in group)
    step = f"; next: {first.step}" if first.step else ""
    was = "was " if first.event == "recovered" else ""
    return f"{first.key} {first.title} {first.what} on {when}: {was}{reasons}; {listed(first.owners)}{step}"
