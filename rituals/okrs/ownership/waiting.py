"""Questions about owning together that wait for somebody: what is on their Home, and one reminder of each, through the
same week's budget and quiet hours as every nudge. Answers are `service`'s business.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from rituals.notices import OwnershipAsk, OwnershipReminder, OwnershipTold
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from rituals.okrs.ownership.told import seen_for, values
from rituals.okrs.reaching import answering_for
from rituals.okrs.sparing import why_not
from storage import nudges as ledger
from storage import outbox
from storage import ownership as store
from storage.database import Database, Session
from storage.outbox import Promise
from storage.tables import Nudge, Ownership

REMIND_AFTER = timedelta(days=3)
"""Of a question, or of an offer, that nobody answered."""


def waits_for(state: PortfolioState, row: Ownership, now: datetime) -> list[Member]:
    """Who must act: the unit that is asked, or who asked, where something else is offered; nobody once it is over."""
    key, unit = state.key_result_ids.get(row.key_result_id), state.unit_keys[row.unit_id]
    kr, asker = state.key_results.get(key or ""), state.people_by_id[row.asked_by]
    if kr is None or kr.cycle_closed or unit not in kr.owners or row.state not in store.OPEN:
        return []
    if row.state == "countered":
        return [asker] if asker.slack else []
    return [member for member in answering_for(state, unit, now) if member.id != asker.id]


def asks_of(
    session: Session, state: PortfolioState, rows: Iterable[Ownership], member: Member, now: datetime
) -> list[OwnershipAsk]:
    """What of some open questions waits for one person, by the names that are seen in `state`."""
    return [OwnershipAsk(**values(session, state, row)) for row in rows if member in waits_for(state, row, now)]


def remind(db: Database, team_id: str, *, now: datetime) -> int:
    """Remind of what waits for long, once; returns of how many. A small query, and no writer's lock, where nothing
    does."""
    until = now - REMIND_AFTER
    with db.transaction(readonly=True) as session:
        if not store.unreminded(session, team_id, until=until):
            return 0
    with db.transaction() as session:
        state, found = load_portfolio(session, team_id), store.unreminded(session, team_id, until=until)
        for row in found:
            row.reminded_at = now
            session.add(row)
            for member in waits_for(state, row, now):
                _remind(session, state, row, member, now)
        return len(found)


def reminder_now(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> OwnershipReminder | None:
    """The reminder as it stands; None where it waits for them no longer."""
    row = store.get(session, team_id, data["ownership"])
    if row is None or (row.times, row.state) != (data["times"], data["state"]):
        return None
    state = seen_for(session, row, data["person"])
    member = state.people_by_id.get(data["person"])
    if member is None or member not in waits_for(state, row, now):
        return None
    return OwnershipReminder(**values(session, state, row), user=member.slack or "")


def _remind(session: Session, state: PortfolioState, row: Ownership, member: Member, now: datetime) -> None:
    """In the thread of what they were asked or told; left out with the reason."""
    at, why = member.quiet.over(now, member.zone or state.zone), why_not(session, state, member, now)
    about = f"{row.id}:{row.times}"
    key = f"{OwnershipReminder.KIND}:{about}:{row.state}:{member.id}"
    nudge = Nudge(team_id=state.team_id, person_id=member.id, kind="ownership", key=key, at=at, dropped=why)
    if not ledger.enter(session, nudge) or why:
        return
    kind = OwnershipAsk.KIND if row.state == "asked" else OwnershipTold.KIND
    question = outbox.find(session, state.team_id, f"{kind}:{about}:{member.id}")
    data = {"ownership": row.id, "times": row.times, "state": row.state, "person": member.id}
    promise = Promise(
        key=key,
        kind=OwnershipReminder.KIND,
        to=member.slack or "",
        data=data,
        mode="live",
        due_at=at,
        thread_of=question.key if question is not None and question.to == member.slack else None,
    )
    outbox.promise(session, state.team_id, promise, now=now)
