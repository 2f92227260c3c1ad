"""What the digest says of alignment beside its connection rate: the figures that were last kept, the rating as it was
last posted.

Rituals do not import each other: these are read from the figures that were kept by day, the rating from the result
that its channel was told, so that a digest repeats what was said and computes none of it anew.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rituals.digests.facts import Aligned
from rituals.notices import RatedCycle
from rituals.okrs.seen import figures_seen
from rituals.okrs.state import CycleSpan, PortfolioState
from storage import alignment, outbox
from storage import ratings as polls
from storage.database import Session


def aligned(session: Session, state: PortfolioState, unit: str, cycle: CycleSpan | None, now: datetime) -> Aligned:
    """Of a unit, in the cycle that the digest is about."""
    today, unit_id = state.today(now), state.unit_ids[unit]
    records = alignment.records(session, state.team_id, unit_id)
    kept = [one for one in records if cycle and one.cycle_id == cycle.id and one.local_date <= today]
    figures = figures_seen(state, unit, kept[-1].figures) if kept else {}
    return Aligned(
        lag=figures.get("shared_lag_index"),
        net=figures.get("net_confidence"),
        moving=figures.get("connected_and_moving"),
        kept_on=kept[-1].local_date if kept else None,
        rating=_told(session, state.team_id, unit, now),
    )


def _told(session: Session, team_id: str, unit: str, now: datetime) -> RatedCycle | None:
    closed = [p for p in polls.polls(session, team_id) if p.row.state == "closed" and p.unit.key == unit]
    known = [p for p in closed if p.row.closed_at is not None and p.row.closed_at <= now]
    for poll in sorted(known, key=lambda p: p.cycle.ends, reverse=True):
        row = outbox.find(session, team_id, polls.result_key(poll.id))
        if row is not None and row.data:
            return _rated(row.data)
    return None


def _rated(result: Mapping[str, Any]) -> RatedCycle:
    before = result.get("before")
    return RatedCycle(
        cycle=result["cycle"],
        mean=result["mean"],
        before=before[1] if before else None,
        votes=result["votes"],
        asked=result["asked"],
        withheld=result["mean"] is None and result["votes"] > 0,
    )
