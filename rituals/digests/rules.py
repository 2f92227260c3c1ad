"""What a digest says and in which order: who falls behind, what changed, what moved, who is silent.

Pure. Whether a key result falls behind is decided in `rituals.okrs`; here it is compared and ranked.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from rituals.digests.carrying import to_decide
from rituals.digests.facts import AdjustmentFacts, Before, BlockerFacts, DigestFacts, KrFacts
from rituals.digests.phrases import counted, day_words, listed, signed
from rituals.notices import FallingBehind
from rituals.notices.digests import Audience, Section
from rituals.okrs.model import KEEP_KINDS, Flag, Status
from rituals.okrs.pace import WORST_FIRST, local_day
from rituals.okrs.progress import shown
from rituals.okrs.words import flag_words

MOVED_POINTS = 5
_SILENT: frozenset[Status] = frozenset({"stale", "no_data"})


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different from the last digest. `connection` is in points of a share, None where one is unknown; `flags`
    is how often a flag opened, worsened or recovered since.
    """

    fell: tuple[KrFacts, ...]
    worse: tuple[KrFacts, ...]
    recovered: tuple[KrFacts, ...]
    moved: tuple[tuple[KrFacts, int], ...]
    achieved: tuple[KrFacts, ...]
    fell_silent: tuple[KrFacts, ...]
    new_blockers: tuple[BlockerFacts, ...]
    resolved: tuple[BlockerFacts, ...]
    new_adjustments: int
    connection: Fraction | None
    flags: int

    @property
    def nothing(self) -> bool:
        """Not one thing is different."""
        lists = (self.fell, self.worse, self.recovered, self.moved, self.achieved, self.fell_silent)
        registers = (self.new_blockers, self.resolved, self.new_adjustments, self.connection, self.flags)
        return not any(lists) and not any(registers)


def changes(facts: DigestFacts) -> Changes:
    """Compares every key result and register with the last digest; without one nothing counts as changed but news."""
    krs = [k for k in facts.key_results if k.before is not None]
    worse = {one.key for one in facts.flag_news if one.event != "recovered"}
    return Changes(
        fell=tuple(k for k in krs if k.behind and not _before(k).behind),
        worse=tuple(k for k in krs if k.behind and _before(k).behind and (_worsened(k) or k.kr.key in worse)),
        recovered=tuple(k for k in krs if not k.behind and _before(k).behind),
        moved=_moved(krs),
        achieved=tuple(k for k in krs if k.figures.status == "achieved" and _before(k).status != "achieved"),
        fell_silent=tuple(k for k in krs if k.figures.status in _SILENT and _before(k).status not in _SILENT),
        new_blockers=tuple(b for b in (*facts.blockers, *facts.waited_for) if b.new),
        resolved=facts.resolved,
        new_adjustments=len(facts.new_adjustments),
        connection=_difference(facts.connection, facts.connection_before),
        flags=len(facts.flag_news),
    )


def fell_off_track(found: Changes) -> tuple[KrFacts, ...]:
    """Those that are off track now and were not in the last digest."""
    return tuple(
        k for k in (*found.fell, *found.worse) if k.figures.status == "off_track" and _before(k).status != "off_track"
    )


def falling(facts: DigestFacts) -> tuple[FallingBehind, ...]:
    """Shared key results that fall behind, worst first, each with every reason worded."""
    ranked = sorted((k for k in facts.key_results if k.behind), key=severity)
    return tuple(
        FallingBehind(
            line=k.line,
            why=tuple(flag_words(k.kr, flag, facts.unit_names) for flag in k.figures.flags),
            words=k.words,
            words_on=k.words_on,
            permalink=k.permalink,
        )
        for k in ranked
    )


def severity(k: KrFacts) -> tuple[int, Fraction, int, list[str | int]]:
    """Sorts the worst first: by status, then the widest gap, then the most reasons, then the key."""
    gap = k.figures.gap if k.figures.gap is not None else Fraction(0)
    return WORST_FIRST.index(k.figures.status), -gap, -len(k.figures.flags), natural(k.kr.key)


def natural(key: str) -> list[str | int]:
    """Sorts KR-9 before KR-10."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", key)]


def moved_lines(found: Changes) -> tuple[str, ...]:
    """`KR-4 +9 points`, the largest movement first; what was achieved is said as such."""
    return tuple(f"{k.kr.key} {signed(points)} points" for k, points in _only_moved(found))


def moved_details(found: Changes) -> tuple[str, ...]:
    """The same with what was achieved first, each with its title and its value: for readers who know no keys."""
    done = [f"{k.kr.key} {k.line.title}: achieved, {k.line.now}" for k in found.achieved]
    moved = [f"{k.kr.key} {k.line.title}: {signed(p)} points, now {k.line.now}" for k, p in _only_moved(found)]
    return (*done, *moved)


def _only_moved(found: Changes) -> list[tuple[KrFacts, int]]:
    done = {k.kr.key for k in found.achieved}
    return [(k, points) for k, points in found.moved if k.kr.key not in done]


def achieved_lines(found: Changes) -> tuple[str, ...]:
    """`KR-11 achieved`."""
    return tuple(f"{k.kr.key} achieved" for k in found.achieved)


def silent_lines(facts: DigestFacts) -> tuple[str, ...]:
    """By unit, what nobody updates: `Identity: KR-21 not updated for 31 days`. The longest silence first.

    What falls behind already says so among its reasons and is not said twice.
    """
    quiet = [(k, _silence(k, facts)) for k in facts.key_results if k.figures.status in _SILENT and not k.behind]
    units: dict[str, dict[str, list[str]]] = {}
    for k, days in sorted(quiet, key=lambda pair: (-pair[1], natural(pair[0].kr.key))):
        flag = Flag("silent", {"status": k.figures.status, "days": days})
        units.setdefault(listed(k.line.owners), {}).setdefault(flag_words(k.kr, flag), []).append(k.kr.key)
    return tuple(
        (f"{unit}: " if unit else "") + ", ".join(f"{listed(keys)} {words}" for words, keys in said.items())
        for unit, said in units.items()
    )


def decision_lines(facts: DigestFacts) -> tuple[str, ...]:
    """`A-3 lower KR-7's target to 25 % (Mia Kern asks): the market shrank`, oldest first; then blockers that no round
    has changed. For those in the portfolio also who decides."""
    ranked = sorted(facts.adjustments, key=lambda a: a.number)
    return (*(_decision(a, facts.audience) for a in ranked), *(_stuck(b) for b in to_decide(facts.blockers)))


def more_sections(facts: DigestFacts) -> tuple[Section, ...]:
    """What this audience needs beside what all read; those with nothing in them are left out."""
    found = {
        "portfolio": (("Who is asked", asked_lines(facts)),),
        "unit": (("Others wait for you", waited_lines(facts)), ("Due", due_lines(facts))),
    }
    return tuple(Section(title=title, lines=lines) for title, lines in found.get(facts.audience, ()) if lines)


def asked_lines(facts: DigestFacts) -> tuple[str, ...]:
    """For each blocker whom it waits for and what they said, those that nobody was asked about first: `B-9 CRM waits
    for Payments: nobody was asked; next: Ana asks the vendor by 20 Nov`."""
    waiting = sorted((b for b in facts.blockers if b.on), key=lambda b: (bool(b.asked), -b.days, b.number))
    asked = (f"B-{b.number} {b.by} waits for {b.on}: {b.asked or 'nobody was asked'}{_next(b)}" for b in waiting)
    own = (b for b in facts.blockers if not b.on and b.next_step)
    return (*asked, *(f"B-{b.number} {b.by}{_next(b)}" for b in own))


def _next(b: BlockerFacts) -> str:
    by = f" by {day_words(b.next_on)}" if b.next_on else ""
    return f"; next: {b.next_step}{by}" if b.next_step else ""


def waited_lines(facts: DigestFacts) -> tuple[str, ...]:
    """`Search waits for you, for 12 days, until 12 Dec (B-9): the export API`, the longest wait first; with what was
    said to them."""
    return tuple(_waits(b) for b in sorted(facts.waited_for, key=lambda b: (-b.days, b.number)))


def _waits(b: BlockerFacts) -> str:
    until = f", until {day_words(b.until)}" if b.until else ""
    days = f", for {b.days} {'day' if b.days == 1 else 'days'}" if b.days else ""
    said = f"; {b.asked}" if b.asked else ""
    return f"{b.by} waits for {b.on}{days}{until} (B-{b.number}): {b.text}{said}"


def due_lines(facts: DigestFacts) -> tuple[str, ...]:
    """`12 Dec: KR-4 Pilot with two customers`, the earliest first; what is over says so."""
    return tuple(f"{day_words(d.on)}{' (over)' if d.on < facts.today else ''}: {d.text}" for d in facts.due)


def contradiction_lines(facts: DigestFacts) -> tuple[str, ...]:
    """`CRM said on 9 Nov that nothing blocks it; KR-1 has not moved for two rounds`."""
    return tuple(
        f"{c.unit} said on {day_words(local_day(c.at, facts.zone))} that nothing blocks it; "
        f"{listed(c.keys)} {'has' if len(c.keys) == 1 else 'have'} not moved for two rounds"
        for c in facts.contradictions
    )


def _stuck(b: BlockerFacts) -> str:
    """`B-9 CRM waits for Payments, unchanged for three rounds: help, another way, or drop it`."""
    whom = f"{b.by} waits for {b.on}" if b.on else f"{b.by} is held up"
    return f"B-{b.number} {whom}, unchanged for {counted(b.rounds, 'round')}: help, another way, or drop it"


def chart_rows(facts: DigestFacts) -> tuple[tuple[str, float, float], ...]:
    """Shared key results with a value as (key, progress as shown, expected), shares, worst first."""
    known = [k for k in facts.key_results if k.kr.shared and k.figures.progress is not None]
    return tuple(
        (k.kr.key, float(round(shown(k.figures.progress or Fraction(0)), 4)), float(round(k.figures.expected, 4)))
        for k in sorted(known, key=severity)
    )


def _before(k: KrFacts) -> Before:
    assert k.before is not None
    return k.before


def _worsened(k: KrFacts) -> bool:
    return WORST_FIRST.index(k.figures.status) < WORST_FIRST.index(_before(k).status)


def _moved(krs: list[KrFacts]) -> tuple[tuple[KrFacts, int], ...]:
    found = [(k, _points(k)) for k in krs]
    moved = [(k, floor(points + Fraction(1, 2))) for k, points in found if abs(points) >= MOVED_POINTS]
    return tuple(sorted(moved, key=lambda pair: (-abs(pair[1]), natural(pair[0].kr.key))))


def _points(k: KrFacts) -> Fraction:
    """Points of progress since the last digest; a first value counts from the start, except where a bound is kept."""
    now, then = k.figures.progress, _before(k).progress
    if then is None and k.kr.kind not in KEEP_KINDS:
        then = Fraction(0)
    return Fraction(0) if now is None or then is None else (now - then) * 100


def _difference(now: Fraction | None, before: Fraction | None) -> Fraction | None:
    return None if now is None or before is None else now - before


def _silence(k: KrFacts, facts: DigestFacts) -> int:
    last = k.figures.last_at
    heard = k.kr.starts if last is None or k.figures.status == "no_data" else local_day(last, facts.zone)
    return (facts.today - heard).days


def _decision(a: AdjustmentFacts, audience: Audience) -> str:
    asks = f" ({a.by} asks)" if a.by else ""
    why = f": {a.reason}" if a.reason and a.reason.casefold() not in a.text.casefold() else ""
    decides = f"; {listed(a.decide)} to decide" if audience == "portfolio" and a.decide else ""
    return f"A-{a.number} {a.text}{asks}{why}{decides}"
