"""Prepares the digests that are due: assembled together, worded one by one, then promised, or held for a person where
the workspace wants one in between.

The ledger makes each occurrence happen once; the model is asked with no transaction open. Posts nothing itself: what
is decided is promised in the outbox.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import cast

from prompts.client import ModelClient, Outcome
from rituals.digests import holding
from rituals.digests.assemble import Asked, ConnectionRate, assemble
from rituals.digests.due import Turn, turns_of
from rituals.digests.facts import DigestFacts
from rituals.digests.notice import details, digest_notice
from rituals.digests.posting import Ready, post
from rituals.digests.previous import snapshot
from rituals.digests.summary import summary_facts
from rituals.digests.wording import word
from rituals.okrs.load import load_portfolio
from storage import digest_ledger as ledger
from storage.database import Database, Session

TOGETHER = 25  # digests that one reading of the portfolio serves: what is read grows old while a model is asked


@dataclass(frozen=True)
class _Draft:
    """An occurrence with what it may say; without facts it is skipped for a reason."""

    issue: int
    turn: Turn
    facts: DigestFacts | None
    reason: str = ""


def prepare(db: Database, team_id: str, *, now: datetime, model: ModelClient, connection: ConnectionRate) -> int:
    """Word every digest that is due and promise it, or hold it; returns how many.

    Takes as long as the model does (its time-out at most, each), so it is a job and not a listener's work. Safe to run
    twice and by several processes: an occurrence is promised by the one that settles it in the ledger first.
    """
    with db.transaction(readonly=True) as session:
        waiting = iter([cast(int, issue.id) for issue in ledger.due(session, team_id)])
    done = 0
    while some := list(islice(waiting, TOGETHER)):
        with db.transaction(readonly=True) as session:
            drafts = _drafts(session, team_id, some, now, connection)
        done += sum(_settled(db, team_id, draft, now=now, model=model) for draft in drafts)
    return done


def _drafts(session: Session, team_id: str, some: list[int], now: datetime, connection: ConnectionRate) -> list[_Draft]:
    """Those that are still due, over one reading of the portfolio."""
    issues = [issue for issue in ledger.due(session, team_id) if issue.id in some]
    turns = turns_of(session, team_id, issues)
    state = load_portfolio(session, team_id) if issues else None
    drafts = []
    for issue in issues:
        number, turn = cast(int, issue.id), turns[cast(int, issue.id)]
        reason = turn.objection(now)
        asked = Asked(team_id, turn.plan.unit, now, number, turn.plan.audience)
        facts = None if reason else assemble(session, asked, connection, state)
        drafts.append(_Draft(number, turn, facts, reason))
    return drafts


def _settled(db: Database, team_id: str, draft: _Draft, *, now: datetime, model: ModelClient) -> bool:
    """Ask the model, write. False when it was skipped or another process was faster."""
    if draft.facts is None:
        with db.transaction() as session:
            ledger.settle(session, team_id, draft.issue, of="due", state="skipped", reason=draft.reason)
        return False
    outcome = word(db, team_id, summary_facts(draft.facts), model=model, now=now)
    ready = _ready(draft, draft.facts, outcome)
    with db.transaction() as session:
        if holding.wanted(session, team_id):
            return holding.hold(session, team_id, draft.issue, ready, snapshot(draft.facts), now=now)
        if not ledger.settle_issued(session, team_id, draft.issue, snapshot=snapshot(draft.facts), now=now):
            return False
        post(session, team_id, ready, now=now)
    return True


def _ready(draft: _Draft, facts: DigestFacts, outcome: Outcome) -> Ready:
    plan = draft.turn.plan
    return Ready(
        unit=plan.unit,
        day=draft.turn.day,
        slot=draft.turn.at,
        to=plan.to or "",
        zone=plan.cadence.timezone or plan.zone,
        digest=digest_notice(facts, outcome),
        details=details(facts),
    )
