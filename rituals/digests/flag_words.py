"""What flags did since the last digest, as lines: which key result fell, got worse or recovered, on which day, and what
is suggested next. Pure; what happened is found in `rituals.okrs`.
"""

from rituals.digests.facts import DigestFacts
from rituals.digests.phrases import day_words, listed
from rituals.notices.flags import FlagNews


def flag_lines(facts: DigestFacts) -> tuple[str, ...]:
    """A line for each, what fell before what recovered."""
    return tuple(flag_line(one) for one in facts.flag_news)


def flag_line(one: FlagNews) -> str:
    """The key result, what it did and when, the reason with its numbers, the owners and the next step."""
    when = f"{one.on:%a} {day_words(one.on)}"
    reason = f"was {one.words}" if one.event == "recovered" else one.words
    step = f"; next: {one.step}" if one.step else ""
    return f"{one.key} {one.title} {one.what} on {when}: {reason}; {listed(one.owners)}{step}"
