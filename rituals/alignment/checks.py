"""`/okr align check`: the quality checks over a whole scope, and putting a finding aside with a reason.

What is checked is said in `rituals.okrs.quality`; this is advice and stops nobody.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from rituals.alignment.page import CheckLine, CheckPage
from rituals.alignment.scope import Scope
from rituals.alignment.service import scope_of
from rituals.errors import FormRefusal, Refusal
from rituals.okrs import quality, quality_sets, support
from rituals.okrs.model import Objective
from rituals.okrs.quality import Finding
from rituals.okrs.quality_sets import Settled
from rituals.okrs.roles import answers_for, not_yours
from storage import alignment as store
from storage.database import Database

FIRST = ("opposite", "twice", "support", "outcome", "measurable", "relevant", "lifecycle", "template", "objectives")
LONGEST = 500


def show_check(db: Database, team_id: str, user: str, query: str, *, now: datetime) -> CheckPage:
    """What the checks find in a unit and all below it. Raises Refusal for a unit that is unknown."""
    with db.transaction(readonly=True) as session:
        scope = scope_of(session, team_id, user, query, now)
        aside = store.dismissed(session, team_id)
        settled = support.settled(session, scope.state)
    found = {name_of(finding): finding for finding in sorted(_findings(scope, settled), key=_place)}
    return CheckPage(
        unit=scope.state.units[scope.unit].name,
        unit_key=scope.unit,
        lines=tuple(_line(name, finding) for name, finding in found.items() if name not in aside),
        dismissed=sum(name in aside for name in found),
    )


def dismiss(db: Database, team_id: str, user: str, unit: str, name: str, reason: str, *, now: datetime) -> None:
    """Put a finding aside for good.

    Raises FormRefusal without a reason, Refusal for who does not write what it is about, and where it is gone.
    """
    if not reason.strip():
        raise FormRefusal({"reason": "Say in a sentence why this is fine as it is."})
    with db.transaction() as session:
        scope = scope_of(session, team_id, user, unit, now)
        finding = next((f for f in _findings(scope, support.settled(session, scope.state)) if name_of(f) == name), None)
        if finding is None:
            raise Refusal("That advice is gone: what it was about has changed.")
        owners = _owners(scope, finding)
        member = scope.state.member(user)
        if member is None or not any(answers_for(scope.state, member.key, owner) for owner in owners):
            raise not_yours(scope.state, finding.about[0], owners)
        store.dismiss(session, team_id, name, reason=reason.strip()[:LONGEST], by=user, now=now)


def name_of(finding: Finding) -> str:
    """A finding's fixed name: its rule and what it is about. Mended and made again, it is the same one."""
    about = hashlib.sha256(" ".join(finding.about).encode()).hexdigest()[:16]
    return f"{finding.rule}:{about}"


def _findings(scope: Scope, settled: Settled) -> Iterator[Finding]:
    units = scope.state.units
    for objective in scope.objectives:
        alone = quality.of_objective(objective, units[objective.unit])
        yield from (f for f in alone if f.rule != "relevant" or _above(scope, objective))
        for kr in objective.key_results:
            yield from quality.of_key_result(kr, stages=[units[owner].stage for owner in kr.owners])
    together = {unit.key: unit for unit in scope.units} | dict(units)
    yield from quality_sets.of_portfolio(scope.objectives, together, settled)


def _above(scope: Scope, objective: Objective) -> bool:
    """Whether there is an objective above that it could move: one of a unit further up."""
    above = set(scope.state.lineage(objective.unit)) - {objective.unit}
    return any(o.unit in above for o in scope.state.objectives)


def _place(finding: Finding) -> tuple[int, str]:
    """What concerns several units before what concerns one, then by rule."""
    return (FIRST.index(finding.rule) if finding.rule in FIRST else len(FIRST)), finding.rule


def _owners(scope: Scope, finding: Finding) -> list[str]:
    """The units whose key results or objectives a finding is about."""
    state = scope.state
    found: list[str] = []
    for key in finding.about:
        if key in state.key_results:
            found += state.key_results[key].owners
        elif key in state.objectives_by_key:
            found.append(state.objectives_by_key[key].unit)
    return list(dict.fromkeys(found)) or [scope.unit]


def _line(name: str, finding: Finding) -> CheckLine:
    return CheckLine(
        name=name,
        rule=finding.rule,
        about=finding.about,
        missing=finding.missing,
        reason=finding.reason,
        rewrite=finding.rewrite,
    )
