"""Reminds once, half-way, whoever has not voted: through the same week's budget and quiet hours as every nudge.

The occasion is decided when it comes up: sent, or left out with the reason; only quiet hours move it. Each is entered
in the ledger of nudges, which says that somebody was reminded and not how they voted.
"""

from datetime import datetime

from rituals.notices import RatingReminder
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from rituals.okrs.sparing import why_not
from rituals.ratings import shown
from storage import nudges as ledger
from storage import outbox
from storage import ratings as queries
from storage.database import Database, Session
from storage.outbox import Promise
from storage.ratings import Poll
from storage.tables import Nudge, RatingInvite


def remind(db: Database, team_id: str, *, now: datetime) -> int:
    """Send or settle what has come up; returns how many. One small query, and no writer's lock, where nothing has."""
    with db.transaction(readonly=True) as session:
        if not queries.to_remind(session, team_id, now=now):
            return 0
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        found = queries.to_remind(session, team_id, now=now)
        for poll, invite in found:
            _remind(session, state, poll, invite, now)
        return len(found)


def _remind(session: Session, state: PortfolioState, poll: Poll, invite: RatingInvite, now: datetime) -> None:
    member = state.people_by_id[invite.person_id]
    ends = member.quiet.over(now, member.zone or state.zone)
    if now < ends < poll.row.closes_at:
        invite.remind_at = ends
        session.add(invite)
        return
    invite.reminded_at = now
    session.add(invite)
    why = "quiet" if ends > now else why_not(session, state, member, now)
    key = f"rating_reminder:{poll.id}:{member.id}"
    row = Nudge(team_id=state.team_id, person_id=member.id, kind="rating", key=key, at=now, dropped=why)
    if ledger.enter(session, row) and not why:
        _promise(session, state.team_id, poll, member, key, now)


def _promise(session: Session, team_id: str, poll: Poll, member: Member, key: str, now: datetime) -> None:
    notice = RatingReminder(
        poll=poll.id,
        unit=poll.unit.name,
        cycle=poll.cycle.key,
        closes_at=poll.row.closes_at,
        user=member.slack or "",
    )
    question = outbox.find(session, team_id, shown.ask_key(poll.id, member.id))
    promise = Promise(
        key=key,
        kind=notice.KIND,
        to=notice.user,
        data=notice.model_dump(mode="json"),
        thread_of=question.key if question is not None and question.to == notice.user else None,
    )
    outbox.promise(session, team_id, promise, now=now)
