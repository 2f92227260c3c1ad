"""Asks the model to word a digest's blockers, or says why it is not asked: switched off, spent, known already.

No transaction is open while it is asked. What it cost is stored without a word of text; what it wrote is kept for a
while by the hash of its facts, so that the same facts are asked about once. It words nothing itself.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from prompts.client import ModelClient, Outcome
from prompts.facts import SummaryFacts
from prompts.languages import ENGLISH, language_named
from prompts.outcome import BUDGET_SPENT, TURNED_OFF, Call
from rituals.spending import entry, left_today
from storage import model_usage, people
from storage.database import Database
from storage.tables import Workspace

PURPOSE = "digest"
ONLY_ENGLISH = "rules write English only"
KEEP_ANSWERS = timedelta(days=30)


def word(db: Database, team_id: str, facts: SummaryFacts, *, model: ModelClient, now: datetime) -> Outcome:
    """The model's checked sentences about `facts`, or the reason why there are none.

    The budget is the workspace's tokens a local day; when what is left would not cover the request, nobody is asked.
    Two processes that ask at once may overrun it by one request. A workspace's language other than English changes
    what the model writes; the rules' summary stays English and the reason says so.
    """
    with db.transaction(readonly=True) as session:
        workspace = people.workspace(session, team_id)
    language = language_named(workspace.language)
    outcome = _asked(db, workspace, facts, model, language, now)
    if outcome.usable or language == ENGLISH or not facts.blockers:
        return outcome
    return replace(outcome, reason=f"{outcome.reason}; {ONLY_ENGLISH}")


def _asked(
    db: Database, workspace: Workspace, facts: SummaryFacts, model: ModelClient, language: str, now: datetime
) -> Outcome:
    if not model.on or not facts.blockers:
        return model.summarise(facts)
    if workspace.model_off:
        return Outcome(reason=TURNED_OFF)
    key, team_id = model.key(facts, language=language), workspace.team_id
    with db.transaction(readonly=True) as session:
        known = model_usage.remembered(session, team_id, key)
        left = left_today(session, workspace, now)
    if known is not None:
        return model.recalled(known, facts, language=language)
    if model.cost(facts, language=language) > left:
        return Outcome(reason=BUDGET_SPENT)
    outcome = model.summarise(facts, language=language)
    if outcome.call is not None:
        _remember(db, team_id, key, outcome, outcome.call, now)
    return outcome


def _remember(db: Database, team_id: str, key: str, outcome: Outcome, call: Call, now: datetime) -> None:
    reason, kept = outcome.reason or "", len(outcome.claims)
    row = entry(team_id, PURPOSE, call, reason=reason, kept=kept, dropped=len(outcome.dropped), at=now)
    with db.transaction() as session:
        model_usage.record(session, row)
        model_usage.forget(session, team_id, before=now - KEEP_ANSWERS)
        if outcome.text:
            model_usage.remember(session, team_id, key, outcome.text, now=now)
