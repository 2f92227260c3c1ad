"""`/okr align check`: the quality checks over a whole scope, and putting a finding aside with a reason.

What is checked is said in `rituals.okrs.quality.rules`; this is advice and stops nobody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from rituals.alignment import proposals
from rituals.alignment.page import AsideLine, CheckLine, CheckPage
from rituals.alignment.proposals import Kept
from rituals.alignment.proposed import proposed_findings, suggestion
from rituals.alignment.scope import Scope
from rituals.alignment.service import scope_of
from rituals.errors import FormRefusal, Refusal
from rituals.okrs import support
from rituals.okrs.model import Objective
from rituals.okrs.put_aside import name_of, names_of, stands_aside
from rituals.okrs.quality import resources as quality_resources
from rituals.okrs.quality import rules as quality
from rituals.okrs.quality import sets as quality_sets
from rituals.okrs.quality.resources import Said
from rituals.okrs.quality.rules import Finding
from rituals.okrs.quality.sets import Settled
from rituals.okrs.roles import answers_for, not_yours
from rituals.okrs.state import Member
from storage import alignment as store
from storage import registers
from storage.database import Database, Session
from storage.tables import Dismissal

FIRST = (
    "opposite", "twice", "resource", "support", "outcome", "measurable", "relevant", "lifecycle", "template",
    "objectives",
)  # fmt: skip
LONGEST = 500


def show_check(db: Database, team_id: str, user: str, query: str, *, now: datetime) -> CheckPage:
    """What the checks find in a unit and all below it: what people confirmed first. Raises Refusal for a unit that is
    unknown.
    """
    with db.transaction(readonly=True) as session:
        scope = scope_of(session, team_id, user, query, now)
        said = store.verdicts(session, team_id)
        kept = proposals.kept(session, team_id, model_off=scope.state.model_off)
        found = {name_of(f): f for f in sorted(_with_proposed(session, scope, kept), key=_place)}
    dismissed = {name for name, row in said.items() if row.verdict == "dismissed"}
    aside = {name: finding for name, finding in found.items() if stands_aside(finding, dismissed)}
    lines = [_line(name, finding, scope, said, kept) for name, finding in found.items() if name not in aside]
    reasons = [_aside(finding, scope, said) for finding in aside.values()]
    return CheckPage(
        unit=scope.state.units[scope.unit].name,
        unit_key=scope.unit,
        lines=tuple(sorted(lines, key=lambda line: not line.confirmed_by)),
        aside=tuple(sorted(reasons, key=lambda one: one.on, reverse=True)),
    )


def dismiss(db: Database, team_id: str, user: str, unit: str, name: str, reason: str, *, now: datetime) -> None:
    """Put a finding aside for good.

    Raises FormRefusal without a reason, Refusal for who does not write what it is about, and where it is gone.
    """
    if not reason.strip():
        raise FormRefusal({"reason": "Say in a sentence why this is fine as it is."})
    with db.transaction() as session:
        theirs(session, team_id, user, unit, name, now)
        store.judge(session, team_id, name, "dismissed", reason=reason.strip()[:LONGEST], by=user, now=now)


def theirs(session: Session, team_id: str, user: str, unit: str, name: str, now: datetime) -> tuple[Finding, Member]:
    """A finding that is there, and who may say something of it. Raises Refusal where either is not so."""
    scope = scope_of(session, team_id, user, unit, now)
    finding = next((f for f in findings(session, scope) if name_of(f) == name), None)
    if finding is None:
        raise Refusal("That advice is gone: what it was about has changed.")
    owners = _owners(scope, finding)
    member = scope.state.member(user)
    if member is None or not any(answers_for(scope.state, member.key, owner) for owner in owners):
        raise not_yours(scope.state, finding.about[0], owners)
    return finding, member


def findings(session: Session, scope: Scope) -> list[Finding]:
    """Everything that the checks find in a scope, and what a model proposed besides."""
    return _with_proposed(session, scope, proposals.kept(session, scope.state.team_id, model_off=scope.state.model_off))


def _with_proposed(session: Session, scope: Scope, kept: Kept) -> list[Finding]:
    """Of a part of a portfolio what the whole of it finds about the part: what others say of the same, too."""
    if scope.portfolios_above:
        whole, inside = replace(scope, unit=scope.portfolios_above[0].key), {unit.key for unit in scope.units}
        return [f for f in _with_proposed(session, whole, kept) if inside.intersection(_owners(whole, f))]
    found = list(_findings(scope, support.settled(session, scope.state), _blockers(session, scope)))
    return [*found, *proposed_findings(kept, scope, found)]


def _findings(scope: Scope, settled: Settled, blocking: list[Said]) -> Iterator[Finding]:
    units = scope.state.units
    for objective in scope.objectives:
        alone = quality.of_objective(objective, units[objective.unit])
        yield from (f for f in alone if f.rule != "relevant" or _above(scope, objective))
        for kr in objective.key_results:
            yield from quality.of_key_result(kr, stages=[units[owner].stage for owner in kr.owners])
    together = {unit.key: unit for unit in scope.units} | dict(units)
    yield from quality_sets.of_portfolio(scope.objectives, together, settled)
    spans = {key: (cycle.starts, cycle.ends) for key, cycle in scope.state.cycles.items()}
    said = [*quality_resources.sentences(scope.objectives, spans), *blocking]
    names = [person.name for person in scope.state.people.values()]
    yield from quality_resources.twice_promised(said, together, names)


def _blockers(session: Session, scope: Scope) -> list[Said]:
    """The open blockers of the scope's units, as sentences about the days from their opening until they shall end."""
    state, today = scope.state, scope.state.today(scope.now)
    shown = {state.unit_ids[unit.key]: unit.key for unit in scope.units}
    return [
        Said(
            f"B-{row.number}",
            (shown[row.unit_id],),
            row.text,
            row.opened_at.astimezone(state.zone).date(),
            max(row.until or today, today),
        )
        for row in registers.blockers(session, state.team_id)
        if row.unit_id in shown and row.opened_at <= scope.now
    ]


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
    found = list(finding.between)
    for key in finding.about:
        if key in state.key_results:
            found += state.key_results[key].owners
        elif key in state.objectives_by_key:
            found.append(state.objectives_by_key[key].unit)
    return list(dict.fromkeys(found)) or [scope.unit]


def _aside(finding: Finding, scope: Scope, said: Mapping[str, Dismissal]) -> AsideLine:
    row = next(said[name] for name in names_of(finding) if name in said and said[name].verdict == "dismissed")
    member = scope.state.member(row.slack_user)
    return AsideLine(
        rule=finding.rule,
        about=finding.about,
        reason=row.reason,
        by=member.name if member else "somebody",
        on=row.at.astimezone(scope.state.zone).date(),
    )


def _line(name: str, finding: Finding, scope: Scope, said: Mapping[str, Dismissal], kept: Kept) -> CheckLine:
    row = said.get(name)
    member = scope.state.member(row.slack_user) if row else None
    return CheckLine(
        name=name,
        rule=finding.rule,
        about=finding.about,
        missing=finding.missing,
        reason=finding.reason,
        rewrite=finding.rewrite,
        conflict=bool(finding.between),
        confirmed_by="" if row is None else member.name if member else "somebody",
        confirmed_on=row.at.astimezone(scope.state.zone).date() if row else None,
        proposed=finding.proposed,
        suggests=suggestion(kept, finding, scope) if finding.rule in proposals.REWORDED else "",
    )
