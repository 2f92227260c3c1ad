"""The digest for outputs outside Slack, with what its pictures are drawn from. Reads; posts nothing, keeps nothing but
what a model cost.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from prompts.client import ModelClient, Outcome
from rituals.digests.assemble import Asked, ConnectionRate, assemble
from rituals.digests.courses import Courses, courses
from rituals.digests.notice import digest_notice
from rituals.digests.service import NOT_ASKED, wanted
from rituals.digests.summary import summary_facts
from rituals.digests.wording import word
from rituals.notices import Digest
from rituals.okrs.roles import public
from rituals.okrs.seen import figures_seen, load_for
from rituals.okrs.state import PortfolioState
from storage import alignment
from storage.database import Database, Session


@dataclass(frozen=True)
class Output:
    """A digest and how its figures got where they are."""

    notice: Digest
    courses: Courses


def output(
    db: Database,
    team_id: str,
    unit: str | None,
    *,
    now: datetime,
    connection: ConnectionRate,
    model: ModelClient | None = None,
) -> Output:
    """The digest of a unit as it would be at `now`, as its channel may read it; `unit` and `model` as in `preview`.

    Raises Refusal where there is no such unit.
    """
    with db.transaction(readonly=True) as session:
        state = load_for(session, team_id, None)
        key, audience = wanted(state, unit)
        facts = assemble(session, Asked(team_id, key, now, audience=audience), connection, state)
        kept = list(_rates(session, public(state, of=key), key))
    outcome = (
        Outcome(reason=NOT_ASKED) if model is None else word(db, team_id, summary_facts(facts), model=model, now=now)
    )
    return Output(digest_notice(facts, outcome, preview=True), courses(facts, kept))


def _rates(session: Session, state: PortfolioState, unit: str) -> Iterator[tuple[date, float]]:
    for record in alignment.records(session, state.team_id, state.unit_ids[unit]):
        rate = figures_seen(state, unit, record.figures).get("connection_rate")
        if rate is not None:
            yield record.local_date, float(rate)
