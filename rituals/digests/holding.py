"""A digest that waits for a person: who is asked, until when, and what they are shown. Holding it is decided here;
what the person does is `approving`, what time does `attending`.

Runs in the caller's transaction. What is held is frozen with it, so that nobody approves one text and posts another.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rituals import nudging
from rituals.calendar import NamedDays, window_end
from rituals.digests.edits import with_edits
from rituals.digests.posting import Ready
from rituals.notices import DigestApproval, Part
from rituals.okrs.load import load_portfolio
from rituals.okrs.reaching import answering_for, asked_of
from rituals.okrs.roles import public
from rituals.okrs.state import Member, PortfolioState
from storage import digest_ledger as ledger
from storage import outbox, people
from storage.database import Session
from storage.outbox import Promise
from storage.tables import DigestIssue

SHORTEST = timedelta(hours=24)
UNDO = timedelta(minutes=10)
NOBODY = "a person was to approve it, and nobody who may is in Slack"


class Approver(Part):
    """A person (row id) who is asked, and when they are reminded; None where there is no time for it."""

    person: int
    slack: str
    remind_at: datetime | None = None


class Held(Part):
    """What waits, until when, and for whom. `shown` are the keys of the units that it may speak of."""

    ready: Ready
    until: datetime
    approvers: tuple[Approver, ...]
    shown: tuple[str, ...] = ()


def wanted(session: Session, team_id: str) -> bool:
    """Whether this workspace has a person look at each digest before it is posted."""
    return people.workspace(session, team_id).approve_digests


def hold(
    session: Session, team_id: str, issue_id: int, ready: Ready, snapshot: Mapping[str, Any], *, now: datetime
) -> bool:
    """Keep a digest back and show it to those who approve; False when another process was faster, or nobody can."""
    state = load_portfolio(session, team_id)
    until = ends_at(ready, state.holidays_of(ready.unit))
    asked = tuple(_approver(state, member, until, now) for member in approvers(state, ready.unit, now))
    if not asked:
        ledger.settle(session, team_id, issue_id, of="due", state="skipped", reason=NOBODY)
        return False
    held = Held(ready=ready, until=until, approvers=asked, shown=units_shown(state, ready.unit))
    values = {"snapshot": dict(snapshot), "notice": held.model_dump(mode="json"), "next_at": next_at(held, now)}
    if not ledger.settle(session, team_id, issue_id, of="due", state="held", **values):
        return False
    refresh(session, team_id, issue_id, held, now=now)
    return True


def approvers(state: PortfolioState, unit: str, now: datetime) -> list[Member]:
    """Who is asked: the leads of the nearest unit, from this one upward, of whom somebody is there, or who answers for
    them; those who are away only where nobody else is. Without any, the admins."""
    groups = [asked_of(state, key, now) for key in state.lineage(unit)]
    groups.append([member for member in state.people.values() if member.admin and member.slack])
    present = ([m for m in group if not _is_away(state, m, now)] for group in groups)
    return next((group for group in (*present, answering_for(state, unit, now)) if group), [])


def ends_at(ready: Ready, holidays: NamedDays) -> datetime:
    """Until when it waits: 18:00 of the next working day where its audience is, a day from its slot at least."""
    zone = ZoneInfo(ready.zone)
    ends = (window_end(ready.day, zone, holidays, days=days) for days in (1, 2))
    return next(end for end in ends if end - ready.slot >= SHORTEST)


def next_at(held: Held, now: datetime) -> datetime:
    """When time has something to do with it next."""
    ahead = [one.remind_at for one in held.approvers if one.remind_at and one.remind_at > now]
    return min([*ahead, held.until])


def units_shown(state: PortfolioState, unit: str) -> tuple[str, ...]:
    """The units of which a unit's digest may speak."""
    seen = public(state, of=unit)
    return tuple(key for key in seen.below(unit) if not seen.units[key].hidden)


def held_in(row: DigestIssue) -> Held:
    """What a row holds back, or held."""
    return Held.model_validate(row.notice)


def message_key(issue_id: int, person: int) -> str:
    """The outbox key of what one person is shown."""
    return f"{DigestApproval.KIND}:{issue_id}:{person}"


def refresh(session: Session, team_id: str, issue_id: int, held: Held, *, now: datetime) -> None:
    """Show those who were asked how it stands."""
    for one in held.approvers:
        data = {"issue": issue_id, "person": one.person}
        key = message_key(issue_id, one.person)
        promise = Promise(key=key, kind=DigestApproval.KIND, to=one.slack, data=data, mode="live")
        outbox.keep_current(session, team_id, promise, now=now)


def approval_now(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> DigestApproval | None:
    """What a person who was asked sees, as it stands; None when it is gone."""
    row = ledger.get(session, team_id, data["issue"])
    if row is None or row.notice is None:
        return None
    held = held_in(row)
    decided = people.by_slack(session, team_id, row.decided_by) if row.decided_by else None
    undo = row.decided_at + UNDO if row.decided_at and row.state == "issued" else None
    return DigestApproval(
        issue=row.id or 0,
        state=row.state,
        digest=with_edits(held.ready.digest, row.edits or {}),
        channel=held.ready.to,
        until=held.until,
        decided_by=decided.name if decided else "",
        decided_at=row.decided_at,
        undo_until=undo if undo and now < undo else None,
        reason=row.reason,
    )


def _approver(state: PortfolioState, member: Member, until: datetime, now: datetime) -> Approver:
    times = nudging.times(now, until, member.quiet, member.zone or state.zone)
    return Approver(person=member.id, slack=member.slack or "", remind_at=times.remind_at)


def _is_away(state: PortfolioState, member: Member, now: datetime) -> bool:
    return member.away is not None and member.away.covers(state.day_of(member, now))
