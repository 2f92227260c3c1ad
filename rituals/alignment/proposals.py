"""What a model proposes about the plans of a workspace, once a day: pairs that the rules did not see, better wordings.

It is asked with no transaction open, about what is public, within the day's budget, and only when the plans have
changed. What stood the check is kept; it is held against the plans once more whenever it is shown. Any failure leaves
everything as it was.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from prompts.client import MOST_CHARACTERS, ModelClient
from prompts.facts import PersonFact
from prompts.outcome import Call, estimate
from prompts.plan_checks import Proposals, judged
from prompts.plans import PLANS, PlanFact, PlanFacts, plans_messages, plans_schema
from rituals.okrs.load import load_portfolio
from rituals.okrs.model import Objective
from rituals.okrs.quality import rules as quality
from rituals.okrs.roles import public
from rituals.okrs.state import PortfolioState
from rituals.spending import entry, left_today
from storage import model_usage, people
from storage.database import Database, Session

PURPOSE = "plans"
KEPT_AS = "plans"
REWORDED = frozenset({"outcome", "specific", "measurable"})
MOST_TEXT = MOST_CHARACTERS // 2  # of plans in one request; keys, units and the rules take the rest


@dataclass(frozen=True)
class Kept:
    """What is kept: the local day of the last look, the hash of the plans then, and what stood the check."""

    day: str = ""
    of: str = ""
    pairs: tuple[dict[str, str], ...] = ()
    rewrites: dict[str, tuple[str, str]] = field(default_factory=dict)

    def text(self) -> str:
        """As JSON."""
        return json.dumps({"day": self.day, "of": self.of, "pairs": self.pairs, "rewrites": self.rewrites})


def kept(session: Session, team_id: str, *, model_off: bool = False) -> Kept:
    """What was proposed last; rewrites are (title then, wording) by key. Nothing where the workspace wants no model."""
    if model_off:
        return Kept()
    found: dict[str, Any] = json.loads(model_usage.remembered(session, team_id, KEPT_AS) or "{}")
    rewrites = {key: (before, after) for key, (before, after) in found.get("rewrites", {}).items()}
    return Kept(found.get("day", ""), found.get("of", ""), tuple(found.get("pairs", ())), rewrites)


def propose_due(db: Database, team_id: str, *, now: datetime, model: ModelClient) -> int:
    """Ask where it is due; 1 where the model was asked. Cheap while it is not: two small reads, no writer's lock."""
    if not model.on:
        return 0
    with db.transaction(readonly=True) as session:
        workspace = people.workspace(session, team_id)
        today = now.astimezone(ZoneInfo(workspace.timezone)).date().isoformat()
        before = kept(session, team_id)
        if workspace.model_off or before.day >= today:
            return 0
        facts = facts_of(public(load_portfolio(session, team_id)), now)
        left = left_today(session, workspace, now)
    asked = _asked(facts, before, model, left)
    found, call = asked if asked else (None, None)
    usable = found is not None and not found.reason
    after = _kept(found, facts, today) if found and usable else Kept(today, before.of, before.pairs, before.rewrites)
    with db.transaction() as session:
        model_usage.remember(session, team_id, KEPT_AS, after.text(), now=now)
        if call is not None and found is not None:
            kept_now, dropped = len(found.pairs) + len(found.rewrites), len(found.dropped)
            row = entry(team_id, PURPOSE, call, reason=found.reason, kept=kept_now, dropped=dropped, at=now)
            model_usage.record(session, row)
    return int(call is not None)


def _asked(facts: PlanFacts, before: Kept, model: ModelClient, left: int) -> tuple[Proposals, Call | None] | None:
    """What stood the check, or why there is nothing; None where there is nothing to ask, or no budget for it."""
    if len({plan.units[0] for plan in facts.plans}) < 2 or before.of == _hash(facts):
        return None
    messages = plans_messages(facts)
    if estimate(messages.characters).total > left:
        return None
    written = model.write(messages, plans_schema(), PLANS)
    if written.reason is not None:
        return Proposals(reason=written.reason), written.call
    return judged(written.text, facts), written.call


def facts_of(state: PortfolioState, now: datetime) -> PlanFacts:
    """The texts of the running cycles' key results and objectives, of each unit in turn until a request is full."""
    everyone = tuple(PersonFact(p.name, (p.slack,) if p.slack else ()) for p in state.people.values())
    by_unit: defaultdict[str, list[PlanFact]] = defaultdict(list)
    for objective in state.current_objectives(now):
        if not state.units[objective.unit].hidden:
            for plan in _plans(state, objective):
                by_unit[plan.units[0]].append(plan)
    return PlanFacts(tuple(_that_fit(list(by_unit.values()))), everyone)


def _plans(state: PortfolioState, objective: Objective) -> Iterator[PlanFact]:
    name = state.unit_names[objective.unit]
    yield PlanFact(objective.key, (objective.unit,), name, objective.title)
    for kr in objective.key_results:
        owners = [key for key in kr.owners if not state.units[key].hidden]
        if owners:
            stages = [state.units[owner].stage for owner in kr.owners]
            wanting = any(finding.rule in REWORDED for finding in quality.of_key_result(kr, stages=stages))
            yield PlanFact(kr.key, tuple(owners), state.unit_names[owners[0]], kr.title, reword=wanting)


def _that_fit(units: Sequence[Sequence[PlanFact]]) -> Iterator[PlanFact]:
    room = MOST_TEXT
    for turn in zip_longest(*units):
        for plan in turn:
            if plan is not None:
                room -= len(plan.text) + len(plan.unit) + len(plan.id) + 40
                if room < 0:
                    return
                yield plan


def _kept(found: Proposals, facts: PlanFacts, today: str) -> Kept:
    titles = {plan.id: plan.text for plan in facts.plans}
    pairs = tuple(
        {"kind": p.kind, "one": p.one, "one_span": p.one_span, "other": p.other, "other_span": p.other_span}
        for p in found.pairs
    )
    return Kept(today, _hash(facts), pairs, {key: (titles[key], text) for key, text in found.rewrites})


def _hash(facts: PlanFacts) -> str:
    return hashlib.sha256(repr(facts.plans).encode()).hexdigest()
