"""How far the closing of a cycle is, for one reader: its page and the form of one key result. Reads; decides by `rules`
and `rights`, writes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from rituals.closing import carrying, rights, rules
from rituals.closing.pages import ClosingLine, ClosingObjective, ClosingPage, Decided, GradeForm
from rituals.okrs.card import course
from rituals.okrs.figures import Figures
from rituals.okrs.lines import line_of
from rituals.okrs.model import KeyResult
from rituals.okrs.progress import current_progress
from rituals.okrs.roles import is_admin, seen_by
from rituals.okrs.state import CycleSpan, Member, PortfolioState
from storage import closing as store
from storage.database import Session
from storage.tables import Grade


@dataclass(frozen=True)
class Pass:
    """The closing of a cycle as it stands. `state` is all of the portfolio: what is shown is filtered by who reads."""

    state: PortfolioState
    cycle: CycleSpan
    grades: Mapping[int, Grade]
    now: datetime

    @cached_property
    def key_results(self) -> list[KeyResult]:
        """Those of the cycle as they were before it was closed, in the portfolio's order."""
        found = rights.key_results_of(self.state, self.cycle.key)
        return [replace(kr, cycle_closed=False) if kr.cycle_closed else kr for kr in found]

    def mine(self, member: Member) -> list[KeyResult]:
        """Those on which a person decides."""
        return rights.graded_by(self.state, member.key, self.key_results)

    def with_grades(self, grades: Mapping[int, Grade]) -> "Pass":
        """The same key results with other decisions."""
        after = Pass(self.state, self.cycle, grades, self.now)
        after.__dict__["key_results"] = self.key_results  # as the property keeps it
        return after

    def grade(self, kr: KeyResult) -> Grade | None:
        """What was decided on one."""
        return self.grades.get(kr.id or 0)

    def undecided(self, krs: Sequence[KeyResult]) -> list[KeyResult]:
        """Those of some on which nothing was decided."""
        return [kr for kr in krs if self.grade(kr) is None]

    def figures(self, kr: KeyResult) -> Figures:
        """Figures as of now."""
        return self.state.figures(kr, self.now)

    @property
    def ended(self) -> bool:
        """Whether its last day is over."""
        return self.state.today(self.now) > self.cycle.ends


def load_again(session: Session, found: Pass) -> Pass:
    """The same closing with what was decided since."""
    return found.with_grades(store.grades(session, found.state.team_id, found.cycle.id))


def load_pass(session: Session, state: PortfolioState, cycle: CycleSpan, now: datetime) -> Pass:
    """The closing of a cycle, whether anybody began it or not."""
    return Pass(state, cycle, store.grades(session, state.team_id, cycle.id), now)


OBJECTIVES = 8


def left_for(session: Session, state: PortfolioState, member: Member, cycle: CycleSpan, now: datetime) -> int:
    """How many key results of a cycle wait for a person's decision."""
    found = load_pass(session, state, cycle, now)
    return len(found.undecided(found.mine(member)))


def page(found: Pass, member: Member, did: Sequence[str] = (), start: int = 0) -> ClosingPage:
    """The page for one reader: what they decide on, by objective from the `start`-th on, and who else is waited for."""
    mine = found.mine(member)
    homes_of_mine = list(dict.fromkeys(kr.objective for kr in mine))
    window = homes_of_mine[start : start + OBJECTIVES]
    shown = seen_by(found.state, member.key)
    keys = {kr.key for kr in mine}
    waiting = [kr for kr in found.undecided(found.key_results) if kr.key not in keys]
    homes = dict.fromkeys(found.state.objectives_by_key[kr.objective].unit for kr in waiting)
    others = tuple(shown.units[key].name for key in homes if not shown.units[key].hidden)
    return ClosingPage(
        cycle=found.cycle.key,
        starts=found.cycle.starts,
        ends=found.cycle.ends,
        ended=found.ended,
        closed=found.cycle.closed,
        left=len(found.undecided(mine)),
        total=len(mine),
        objectives=tuple(_objective(found, shown, key, [kr for kr in mine if kr.objective == key]) for key in window),
        more=len(homes_of_mine) - start - len(window),
        start=start,
        others=others,
        elsewhere=len(others) < len(homes),
        may_close=not found.cycle.closed and rights.may_close(found.state, member.key, found.cycle.key),
        may_reopen=found.cycle.closed and is_admin(found.state, member.key),
        did=tuple(did),
    )


def _objective(found: Pass, shown: PortfolioState, key: str, krs: Sequence[KeyResult]) -> ClosingObjective:
    """With the names that the reader may see: theirs may be under an objective that is not."""
    objective = shown.objectives_by_key[key]
    left = found.undecided(krs)
    return ClosingObjective(
        key=key,
        title=objective.title,
        unit=shown.units[objective.unit].name,
        lines=tuple(line(found, shown, kr) for kr in krs),
        left=len(left),
        on_track=sum(rules.is_on_track(found.figures(kr).status) for kr in left),
    )


def line(found: Pass, shown: PortfolioState, kr: KeyResult) -> ClosingLine:
    """A key result with what its figures suggest, and what was decided, by the names in `shown`."""
    suggested = suggestion_for(kr)
    return ClosingLine(
        line=line_of(shown, kr, found.figures(kr)),
        course=course(kr),
        commitment=kr.commitment,
        suggested=suggested.score,
        suggested_band=suggested.band,
        suggested_outcome=suggested.outcome,
        decided=_decided(found, kr),
    )


def suggestion_for(kr: KeyResult) -> rules.Suggestion:
    """What the figures suggest; what cannot go on as it is, is not suggested to."""
    suggested = rules.suggestion(current_progress(kr), kr.commitment)
    if suggested.outcome == "carried" and carrying.problem(kr):
        return replace(suggested, outcome="closed" if suggested.score is not None else "dropped")
    return suggested


def _decided(found: Pass, kr: KeyResult) -> Decided | None:
    grade = found.grade(kr)
    if grade is None:
        return None
    by = found.state.member(grade.slack_user)
    return Decided(
        outcome=grade.outcome,
        score=grade.score,
        band=rules.band(grade.score, kr.commitment),
        reason=grade.reason,
        note=grade.note,
        target=grade.target,
        by=by.name if by else "",
        at=grade.at,
    )


def form(found: Pass, member: Member, kr: KeyResult, did: Sequence[str] = ()) -> GradeForm:
    """One key result to decide on, with what stands in the way of nothing."""
    mine = found.mine(member)
    beside = found.undecided([one for one in mine if one.objective == kr.objective])
    shown = seen_by(found.state, member.key)
    objective = shown.objectives_by_key[kr.objective]
    return GradeForm(
        cycle=found.cycle.key,
        objective=objective.key,
        objective_title=objective.title,
        unit=shown.units[objective.unit].name,
        line=line(found, shown, kr),
        measured_in=kr.measured_in,
        new_target=kr.kind in carrying.LINE_KINDS,
        left=len(found.undecided(mine)),
        total=len(mine),
        seen=mark(found.grade(kr)),
        on_track=sum(rules.is_on_track(found.figures(one).status) for one in beside),
        as_suggested=len(beside),
        did=tuple(did),
    )


def mark(grade: Grade | None) -> str:
    """The name of a decision: who looks at it later sees whether it is still the same."""
    return f"{grade.at.isoformat()} {grade.slack_user} {grade.outcome} {grade.score}" if grade else ""
