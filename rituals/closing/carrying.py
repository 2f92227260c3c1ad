"""How a key result and its objective go on in the next cycle: what stays, what begins anew, what cannot go on. Pure.

The key result of the cycle before keeps its history; the new one starts at the value it had, so that its progress is 0
there and the value goes on without a step.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from rituals.closing.next_cycle import NextCycle
from rituals.okrs.model import KEEP_KINDS, Contribution, KeyResult, Milestone, Objective
from rituals.okrs.numbers import write_number
from rituals.okrs.progress import current_progress, current_value, definition_problems

LINE_KINDS = frozenset({"increase", "decrease"})


@dataclass(frozen=True, slots=True)
class Carried:
    """What goes on: objectives and key results of the next cycle by the key of the one they come from, and the links
    upward that could not be kept, as (new objective's key, key of the old one above)."""

    objectives: Mapping[str, Objective]
    key_results: Mapping[str, KeyResult]
    lost: tuple[tuple[str, str], ...] = ()


def problem(kr: KeyResult, target: Decimal | None = None) -> str:
    """Why a key result cannot go on as it is, with what to do; "" where it can. `target` is a new one, None the old."""
    if definition_problems(kr):
        return (
            f"{kr.key} cannot be computed as it is: {definition_problems(kr)[0]}. Close or drop it, or edit it first."
        )
    if target is not None and kr.kind not in LINE_KINDS:
        return f"{kr.key} has no target on a line from start to target: leave the new target out."
    if kr.kind in KEEP_KINDS:
        return ""
    if kr.kind not in LINE_KINDS:
        done = (current_progress(kr) or 0) >= 1
        return f"{kr.key} is done: close it." if done else ""
    return _on_the_line(kr, target)


def _on_the_line(kr: KeyResult, target: Decimal | None) -> str:
    now, wanted = current_value(kr), kr.target if target is None else target
    begin = kr.start if now is None else now
    if begin is None or wanted is None:
        return f"{kr.key} has no start or target."
    up = kr.target > kr.start if kr.target is not None and kr.start is not None else wanted > begin
    if wanted > begin if up else wanted < begin:
        return ""
    if target is None:
        return f"{kr.key} has reached its target: close it, or give it a new one to carry it over."
    return f"{kr.key} stands at {write_number(begin)}: give a target {'above' if up else 'below'} that."


def carried_key_result(
    kr: KeyResult, key: str, objective: str, into: NextCycle, target: Decimal | None = None
) -> KeyResult:
    """The key result of the next cycle: same title, measure, owners, reporter and commitment; no history of its own.

    Its start is the value it has (the old start where nobody reported one), its span the next cycle's. Of milestones
    the open ones go on. Days of the old cycle (plan, due) are left out.
    """
    begins = current_value(kr) if kr.kind in LINE_KINDS else None
    return replace(
        kr,
        id=None,
        key=key,
        objective=objective,
        start=kr.start if begins is None else begins,
        target=kr.target if target is None else target,
        starts=into.starts,
        ends=into.ends,
        plan=(),
        due=kr.due if kr.due and into.starts <= kr.due <= into.ends else None,
        milestones=tuple(_undated(m, into) for m in kr.milestones if not m.done),
        updates=(),
        cycle_closed=False,
        carried_from=kr.id,
    )


def _undated(milestone: Milestone, into: NextCycle) -> Milestone:
    due = milestone.due if milestone.due and into.starts <= milestone.due <= into.ends else None
    return replace(milestone, due=due)


def carried_links(
    objective: Objective, goes_on: Mapping[str, str], ending: frozenset[str]
) -> tuple[tuple[Contribution, ...], tuple[str, ...]]:
    """The links of an objective in the next cycle, and the objectives that it lost.

    A link to an objective that goes on (`goes_on`: old key to new) leads to the new one; one to an objective of another
    cycle stays; one to an objective that ends here (`ending`) and is not carried over is lost.
    """
    kept, lost = [], []
    for link in objective.contributes_to:
        if link.objective in goes_on:
            kept.append(Contribution(goes_on[link.objective], link.how))
        elif link.objective in ending:
            lost.append(link.objective)
        else:
            kept.append(link)
    return tuple(kept), tuple(lost)
