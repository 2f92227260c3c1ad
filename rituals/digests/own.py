"""What a unit reads of itself in its own digest: why its own key results fall behind, who waits for it, what is due.

Pure. Above, only what is shared falls behind (see `rituals.okrs.flags.rules`); a unit looks at all that is its own.
"""

from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from datetime import date, datetime, timedelta

from rituals.calendar import next_slot
from rituals.digests.facts import BlockerFacts, DueFacts, KrFacts
from rituals.notices.digests import Audience
from rituals.okrs.figures import Figures
from rituals.okrs.model import Flag
from rituals.okrs.state import PortfolioState

AHEAD = timedelta(days=14)  # a whole round of the usual fortnight
_BEHIND = frozenset({"at_risk", "off_track"})


def own_pace(figures: Figures) -> Flag | None:
    """The one reason for which what is not shared is behind: its pace."""
    if figures.status not in _BEHIND or figures.progress is None or figures.gap is None:
        return None
    numbers: dict[str, float | int | str] = {
        "status": figures.status,
        "gap": float(round(figures.gap, 1)),
        "expected": float(round(figures.expected, 4)),
        "now": float(round(figures.progress, 4)),
    }
    return Flag("pace", numbers)


def with_own_reasons(k: KrFacts) -> KrFacts:
    """The same with the reason why it is behind, where it is not shared and has one."""
    flag = None if k.kr.shared or k.kr.cycle_closed else own_pace(k.figures)
    return k if flag is None else replace(k, figures=replace(k.figures, flags=(flag,)))


def sides(
    state: PortfolioState, blockers: tuple[BlockerFacts, ...], scope: Set[str], audience: Audience
) -> tuple[tuple[BlockerFacts, ...], tuple[BlockerFacts, ...]]:
    """What holds up the unit itself, and what others wait for from it; for those above all is one register."""
    if audience != "unit":
        return blockers, ()
    own = {state.units[key].name for key in scope}
    waited_for = tuple(b for b in blockers if b.on in own and b.by not in own)
    return tuple(b for b in blockers if b not in waited_for), waited_for


def due_soon(
    state: PortfolioState, unit: str, krs: Iterable[KrFacts], blockers: Iterable[BlockerFacts], now: datetime
) -> tuple[DueFacts, ...]:
    """What falls due within a fortnight, or is over and still open, the earliest first."""
    today = state.today(now)
    found = [*_milestones(krs), *_ends(krs), *_promises(blockers), *_next_checkin(state, unit, now)]
    near = (one for one in found if one.on <= today + AHEAD)
    return tuple(sorted(near, key=lambda one: (one.on, one.text)))


def _milestones(krs: Iterable[KrFacts]) -> Iterator[DueFacts]:
    for k in krs:
        for step in () if k.kr.cycle_closed else k.kr.milestones:
            if step.due is not None and not step.done:
                yield DueFacts(step.due, f"{k.kr.key}: {step.title}")


def _ends(krs: Iterable[KrFacts]) -> Iterator[DueFacts]:
    """Key results that end, and are not there yet."""
    for k in krs:
        last: date = k.kr.due or k.kr.ends
        if k.figures.status not in ("achieved", "closed"):
            yield DueFacts(last, f"{k.kr.key} {k.line.title} ends")


def _promises(blockers: Iterable[BlockerFacts]) -> Iterator[DueFacts]:
    for b in blockers:
        if b.until is not None:
            yield DueFacts(b.until, f"B-{b.number} {b.on or 'somebody'} for {b.by}: {b.text}")
        if b.next_on is not None and b.next_step:
            yield DueFacts(b.next_on, f"B-{b.number} {b.next_step}")


def _next_checkin(state: PortfolioState, unit: str, now: datetime) -> Iterator[DueFacts]:
    whose = state.cadence_unit(unit)
    cadence = state.rhythms[whose].cadence if whose else None
    if whose is None or cadence is None:
        return
    day, _ = next_slot(cadence, now=now, default_zone=state.zone.key, holidays=state.holidays_of(whose))
    if any(c.starts <= day <= c.ends for c in state.cycles.values()):
        yield DueFacts(day, "the next check-in")
