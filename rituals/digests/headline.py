"""The digest in one sentence, by rules: what fell, what blocks most, how connected the lines are. Pure."""

from fractions import Fraction
from math import floor

from rituals.digests.facts import BlockerFacts, DigestFacts
from rituals.digests.phrases import capital, counted, day_words, listed, percent, signed
from rituals.digests.rules import Changes, fell_off_track
from rituals.okrs.pace import local_day

_NAMED = 3


def headline(facts: DigestFacts, found: Changes) -> str:
    """One sentence of at most three parts; one line that says so when nothing changed since the last digest."""
    if facts.since is not None and found.nothing:
        since = day_words(local_day(facts.since, facts.zone))
        return f"Nothing changed since {since}: {_standing(facts)}."
    parts = (_said_of_krs(facts, found), _said_of_blockers(facts, found), _said_of_links(facts, found))
    return capital("; ".join(part for part in parts if part)) + "."


def _said_of_krs(facts: DigestFacts, found: Changes) -> str:
    off = fell_off_track(found)
    if off:
        return f"{counted(len(off), facts.thing)} fell off track"
    for some, how in ((found.fell, "fell behind"), (found.worse, "got worse"), (found.recovered, "recovered")):
        if some:
            return f"{counted(len(some), facts.thing)} {how}"
    return _behind(facts)


def _behind(facts: DigestFacts) -> str:
    behind = sum(k.behind for k in facts.key_results)
    if not behind:
        return f"no {facts.thing} is behind"
    still = " still" if facts.since is not None else ""
    return f"{counted(behind, f'{facts.thing} is', f'{facts.thing}s are')}{still} behind"


def _said_of_blockers(facts: DigestFacts, found: Changes) -> str:
    if facts.waited_for:
        waiting = list(dict.fromkeys(b.by for b in facts.waited_for))
        who = listed(waiting) if len(waiting) <= _NAMED else counted(len(waiting), "unit")
        return f"{who} {'waits' if len(waiting) == 1 else 'wait'} for it"
    most = _most_waited_for(facts.blockers)
    if most is not None:
        unit, held_up = most
        whom = listed(held_up) if len(held_up) <= _NAMED else counted(len(held_up), "unit")
        return f"{unit} holds up {whom}"
    if found.new_blockers:
        return counted(len(found.new_blockers), "new blocker")
    if found.resolved:
        return f"{counted(len(found.resolved), 'blocker')} resolved"
    return f"{counted(len(facts.blockers), 'blocker')} open" if facts.blockers else ""


def _most_waited_for(blockers: tuple[BlockerFacts, ...]) -> tuple[str, list[str]] | None:
    """The unit that holds up the most others, if that is more than one."""
    waiting: dict[str, dict[str, None]] = {}
    for blocker in blockers:
        if blocker.on:
            waiting.setdefault(blocker.on, {})[blocker.by] = None
    unit = max(waiting, key=lambda on: len(waiting[on]), default="")
    held_up = list(waiting.get(unit, ()))
    return (unit, held_up) if len(held_up) > 1 else None


def _said_of_links(facts: DigestFacts, found: Changes) -> str:
    if facts.connection is None:
        return ""
    points = floor((found.connection or Fraction(0)) * 100 + Fraction(1, 2))
    return f"connection rate {percent(facts.connection)}" + (f" ({signed(points)})" if points else "")


def _standing(facts: DigestFacts) -> str:
    blockers = counted(len(facts.blockers), "blocker")
    behind = counted(sum(k.behind for k in facts.key_results), f"{facts.thing} is", f"{facts.thing}s are")
    return f"{behind} behind, {blockers} open"
