"""What a person does with a digest that waits for them: let it go, write a line anew, keep it back, take it back.

Each is one transaction; the ledger settles who was first, so that two who press at once, or one who presses twice, do
it once. Posts nothing itself.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from rituals.digests import edits
from rituals.digests.due import turns_of
from rituals.digests.edits import Line
from rituals.digests.holding import UNDO, Held, held_in, refresh, units_shown
from rituals.digests.posting import Ready, post, take_back
from rituals.errors import Refusal
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from rituals.okrs.roles import answers_for, not_yours
from storage import digest_ledger as ledger
from storage import people
from storage.database import Database, Session
from storage.tables import DigestIssue

GONE = "That digest is not there any more."
BY_HAND = "/okr digest here posts one as of now."


@dataclass(frozen=True)
class EditForm:
    """The lines of a held digest as they stand, with the computed words of those that somebody wrote anew.

    `seen` names the edits that the form shows, for knowing that others came in between.
    """

    issue: int
    unit: str
    lines: tuple[Line, ...]
    computed: Mapping[str, str]
    seen: str


@dataclass(frozen=True)
class _Case:
    """A digest that waits or waited, and the person who has a say in it."""

    row: DigestIssue
    held: Held
    state: PortfolioState
    member: Member


def approve(db: Database, team_id: str, user: str, issue_id: int, *, now: datetime) -> None:
    """Let a digest go to its channel. Raises Refusal for who may not, and where it was decided before."""
    with db.transaction() as session:
        case = _case(session, team_id, user, issue_id, to_change=True)
        ready = _fit_to_post(session, case)
        where = case.held.model_copy(update={"ready": case.held.ready.model_copy(update={"to": ready.to})})
        decided = {
            "decided_by": user,
            "decided_at": now,
            "next_at": now + UNDO,
            "notice": where.model_dump(mode="json"),
        }
        if not ledger.settle(session, team_id, issue_id, of="held", state="issued", issued_at=now, **decided):
            raise Refusal(_standing(session, case))
        post(session, team_id, ready, now=now)
        refresh(session, team_id, issue_id, where, now=now)


def keep_back(db: Database, team_id: str, user: str, issue_id: int, *, now: datetime) -> None:
    """Do not post a digest; the next one says so. Raises Refusal as `approve` does."""
    with db.transaction() as session:
        case = _case(session, team_id, user, issue_id, to_change=True)
        values = {"reason": f"{case.member.name} chose not to post it", "decided_by": user, "decided_at": now}
        if not ledger.settle(session, team_id, issue_id, of="held", state="skipped", next_at=None, **values):
            raise Refusal(_standing(session, case))
        refresh(session, team_id, issue_id, case.held, now=now)


def undo(db: Database, team_id: str, user: str, issue_id: int, *, now: datetime) -> None:
    """Take a posted digest and its thread back, up to ten minutes after it was let go. Raises Refusal after that."""
    with db.transaction() as session:
        case = _case(session, team_id, user, issue_id, to_change=True)
        row = case.row
        if row.state == "issued" and (row.decided_at is None or now >= row.decided_at + UNDO):
            raise Refusal(
                "It was posted more than ten minutes ago and stays. Delete the message by hand if it must go."
            )
        reason = f"{case.member.name} took it back"
        if not ledger.settle(session, team_id, issue_id, of="issued", state="withdrawn", reason=reason, next_at=None):
            raise Refusal(_standing(session, case))
        take_back(session, team_id, case.held.ready, now=now)
        refresh(session, team_id, issue_id, case.held, now=now)


def edit_form(db: Database, team_id: str, user: str, issue_id: int) -> EditForm:
    """The lines that can be written anew. Raises Refusal as `approve` does."""
    with db.transaction(readonly=True) as session:
        case = _waiting(session, team_id, user, issue_id)
        digest, standing = case.held.ready.digest, case.row.edits or {}
        computed = {line.place: line.text for line in edits.lines(digest) if line.place in standing}
        shown = tuple(edits.lines(edits.with_edits(digest, standing)))
        return EditForm(issue_id, digest.unit, shown, computed, _version(case.row))


def edit(
    db: Database, team_id: str, user: str, issue_id: int, typed: Mapping[str, str], *, seen: str, now: datetime
) -> None:
    """Keep what a form with `typed` words by place changes. Raises Refusal, and FormRefusal by place."""
    with db.transaction() as session:
        case = _waiting(session, team_id, user, issue_id, to_change=True)
        anew = seen != _version(case.row)
        digest, standing = case.held.ready.digest, case.row.edits or {}
        case.row.edits = dict(edits.changed(digest, standing, typed, by=case.member.name, user=user, anew=anew))
        session.add(case.row)
        refresh(session, team_id, issue_id, case.held, now=now)


def _version(row: DigestIssue) -> str:
    return sha256(json.dumps(row.edits or {}, sort_keys=True).encode()).hexdigest()[:16]


def _case(session: Session, team_id: str, user: str, issue_id: int, *, to_change: bool = False) -> _Case:
    """Who was asked has a say, and so has who answers for the unit. Raises Refusal for all others.

    With `to_change` nobody else decides on it, or edits it, before this transaction ends.
    """
    row = ledger.get(session, team_id, issue_id, held=to_change)
    if row is None or row.notice is None:
        raise Refusal(f"{GONE} {BY_HAND}")
    held, state = held_in(row), load_portfolio(session, team_id)
    member, unit = state.member(user), held.ready.unit
    asked = member is not None and member.id in {one.person for one in held.approvers}
    if unit not in state.units or member is None or not (asked or answers_for(state, member.key, unit)):
        raise not_yours(state, "This digest", [unit] if unit in state.units else [])
    return _Case(row, held, state, member)


def _waiting(session: Session, team_id: str, user: str, issue_id: int, *, to_change: bool = False) -> _Case:
    case = _case(session, team_id, user, issue_id, to_change=to_change)
    if case.row.state != "held":
        raise Refusal(_standing(session, case))
    return case


def _fit_to_post(session: Session, case: _Case) -> Ready:
    """What is posted: with the lines that people wrote, to the channel that is set now.

    What became private since it was put together is not told any more, so that it cannot go out as it is.
    """
    plan = turns_of(session, case.row.team_id, [case.row])[case.row.id or 0].plan
    if plan.why_not:
        raise Refusal(f"It cannot be posted: {plan.why_not}. /okr settings has its channel.")
    hidden = set(case.held.shown) - set(units_shown(case.state, case.held.ready.unit))
    if hidden:
        raise Refusal(f"A unit that it speaks of has become private since, or is gone. {BY_HAND}")
    ready = case.held.ready
    digest = edits.with_edits(ready.digest, case.row.edits or {})
    return ready.model_copy(update={"digest": digest, "to": plan.to})


def _standing(session: Session, case: _Case) -> str:
    """What became of it, for who comes too late."""
    row = case.row
    session.refresh(row)
    decided = people.by_slack(session, row.team_id, row.decided_by) if row.decided_by else None
    who = decided.name if decided else "Somebody"
    told = {
        "held": "It waits to be approved; nothing was posted yet.",
        "issued": f"{who} posted it already.",
        "withdrawn": f"It was taken back: {row.reason}. {BY_HAND}",
    }
    return told.get(row.state, f"It was not posted: {row.reason}. {BY_HAND}")
