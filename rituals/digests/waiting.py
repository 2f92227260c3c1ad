"""One digest that waits for a person when its hour has come: a reminder, the end of the wait, the end of the undo.

Runs in the caller's transaction; each is decided once. A reminder counts as a nudge like every other.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from rituals.digests.holding import Approver, Held, held_in, message_key, next_at, refresh
from rituals.notices import DigestWaiting
from rituals.okrs.load import load_portfolio
from rituals.okrs.sparing import why_not
from storage import digest_ledger as ledger
from storage import nudges, outbox
from storage.database import Session
from storage.outbox import Promise
from storage.tables import DigestIssue, Nudge


def look_after(session: Session, team_id: str, issue_id: int, *, now: datetime) -> bool:
    """Do what is due for it; False where that was done meanwhile."""
    row = ledger.get(session, team_id, issue_id, held=True)
    if row is None or row.next_at is None or row.next_at > now:
        return False
    held = held_in(row)
    if row.state == "held" and now >= held.until:
        _end(session, row, held, now)
    elif row.state == "held":
        _remind(session, row, held, now)
    else:  # it can no longer be taken back, and the button goes
        row.next_at = None
        refresh(session, team_id, issue_id, held, now=now)
    session.add(row)
    return True


def _end(session: Session, row: DigestIssue, held: Held, now: datetime) -> None:
    """Not posted, with the reason; those who were asked are told, and the next digest says so."""
    local = held.until.astimezone(ZoneInfo(held.ready.zone))
    row.state, row.next_at = "skipped", None
    row.reason = f"nobody approved it by {local:%a} {local.day} {local:%b}, {local:%H:%M}"
    session.add(row)
    refresh(session, row.team_id, row.id or 0, held, now=now)
    for one in held.approvers:
        _tell(session, row, held, one, now, lapsed=True)


def _remind(session: Session, row: DigestIssue, held: Held, now: datetime) -> None:
    state = load_portfolio(session, row.team_id)
    for one in held.approvers:
        member = state.people_by_id.get(one.person)
        if one.remind_at is not None and one.remind_at <= now and member is not None:
            quiet = member.quiet.over(now, member.zone or state.zone) > now
            why = "quiet" if quiet else why_not(session, state, member, now)  # not sent later: the wait has an end
            if _enter(session, row, one, now, why) and not why:
                _tell(session, row, held, one, now)
    row.next_at = next_at(held, now)


def _enter(session: Session, row: DigestIssue, to: Approver, now: datetime, why: str) -> bool:
    """Write the occasion down, once for a digest and person."""
    key = f"digest:{row.id}:{to.person}"
    nudge = Nudge(team_id=row.team_id, person_id=to.person, kind="digest", key=key, at=now, dropped=why)
    return nudges.enter(session, nudge)


def _tell(session: Session, row: DigestIssue, held: Held, to: Approver, now: datetime, *, lapsed: bool = False) -> None:
    """A word in the thread of what they were shown, so that it is seen."""
    ready, parent = held.ready, message_key(row.id or 0, to.person)
    told = DigestWaiting(
        issue=row.id or 0,
        unit=ready.digest.unit,
        audience=ready.digest.audience,
        user=to.slack,
        until=held.until,
        lapsed=lapsed,
    )
    promise = Promise(
        key=f"{parent}:{'lapsed' if lapsed else 'reminder'}",
        kind=told.KIND,
        to=to.slack,
        data=told.model_dump(mode="json"),
        thread_of=parent,
    )
    outbox.promise(session, row.team_id, promise, now=now)
