"""Confirming a conflict between two lines: it is remembered, and the leads of both are told once.

What a conflict is, the checks decide; putting one aside is theirs, too. Posts nothing: what is told is promised.
"""

from collections.abc import Iterator
from datetime import datetime

from rituals.alignment.checks import theirs
from rituals.errors import Refusal
from rituals.notices import ConflictSide, ConflictTold
from rituals.okrs.load import load_portfolio
from rituals.okrs.quality.rules import Finding
from rituals.okrs.roles import PRIVATE_UNIT, seen_by
from rituals.okrs.state import Member, PortfolioState
from storage import alignment as store
from storage import outbox
from storage.database import Database
from storage.outbox import Promise


def confirm(db: Database, team_id: str, user: str, unit: str, name: str, *, now: datetime) -> bool:
    """Say that a conflict is one; False where somebody did before.

    Raises Refusal for who answers for neither line, for what is no conflict, and where it is gone or was put aside.
    """
    with db.transaction() as session:
        finding, member = theirs(session, team_id, user, unit, name, now)
        if not finding.between:
            raise Refusal("That is advice about one line: mend it, or put it aside with a reason.")
        before = store.verdicts(session, team_id).get(name)
        if before is not None and before.verdict == "dismissed":
            raise Refusal(f"That was put aside already: {before.reason}")
        if not store.judge(session, team_id, name, "confirmed", reason="", by=user, now=now):
            return False
        state = load_portfolio(session, team_id)
        for lead in _leads(state, finding):
            if lead.id != member.id and lead.slack:
                told = _told(seen_by(state, lead.key), finding, member).model_dump(mode="json")
                key = f"{ConflictTold.KIND}:{name}:{lead.id}"
                outbox.promise(session, team_id, Promise(key, ConflictTold.KIND, lead.slack, told), now=now)
    return True


def _leads(state: PortfolioState, finding: Finding) -> Iterator[Member]:
    """Those of both lines, each once."""
    for key in dict.fromkeys(lead for unit in finding.between for lead in state.units[unit].leads):
        yield state.people[key]


def _told(seen: PortfolioState, finding: Finding, by: Member) -> ConflictTold:
    """By what its reader may see: of a side that is private no more than that there is one."""
    sides = [_side(seen, *side) for side in zip(finding.between, finding.about, finding.quotes, strict=True)]
    return ConflictTold(rule=finding.rule, topic=finding.topic, sides=tuple(sides), by=by.name, advice=finding.rewrite)


def _side(seen: PortfolioState, unit: str, key: str, text: str) -> ConflictSide:
    there = key.startswith("B-") or key in seen.key_results or key in seen.objectives_by_key
    if seen.units[unit].hidden or not there:
        return ConflictSide(unit=PRIVATE_UNIT)
    return ConflictSide(unit=seen.units[unit].name, key=key, text=text)
