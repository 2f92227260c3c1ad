"""`/okr nudge`: a person asks others by hand for what they owe. Counted like every other nudge, at most one a day to
anybody, never in their night (unless it is promised for its end) and never after they have answered.

Whom the words mean is found by `nudge_targets`, what they read is in `nudge_notices`.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from rituals import nudging
from rituals.away import NO_END
from rituals.calendar import resolve
from rituals.checkins.nudge_notices import promise
from rituals.checkins.nudge_page import NotNudged, NudgeDone, NudgePage, Waiting, WaitingRound, Why
from rituals.checkins.nudge_targets import ALL, Target, fresh_at, missing_in, rounds_of, targets
from rituals.checkins.reminding import recipient, updated_since
from rituals.checkins.shown import unit_name
from rituals.checkins.standing_in import is_away
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from storage import nudges as ledger
from storage import outbox
from storage.database import Database, Session
from storage.tables import CheckinRound, Nudge


def page(db: Database, team_id: str, user: str, *, now: datetime) -> NudgePage:
    """Who is missing in the rounds that a person answers for. Raises Refusal for who answers for none."""
    with db.transaction(readonly=True) as session:
        state = load_portfolio(session, team_id)
        me = state.member(user)
        rounds = rounds_of(session, state, me, now)
        people = {t.member.id for row in rounds for t in missing_in(session, state, row)}
        return NudgePage(
            rounds=tuple(_waiting(session, state, row) for row in rounds),
            can_nudge=len(people - {me.id if me else 0}),
        )


def _waiting(session: Session, state: PortfolioState, row: CheckinRound) -> WaitingRound:
    missing = missing_in(session, state, row)
    sent = ledger.about(session, state.team_id, [t.ask.id or 0 for t in missing if t.ask])
    last = {one.ask_id: one.at for one in sent if not one.dropped}
    within = state.below(state.unit_keys[row.unit_id])
    return WaitingRound(
        number=row.number,
        unit=unit_name(state, row),
        due_at=row.due_at,
        closed=row.closed_at is not None,
        missing=tuple(
            Waiting(
                name=t.member.name,
                units=state.names(key for key in state.led_by(t.member.key) if key in within),
                nudged_at=last.get(t.ask.id) if t.ask else None,
            )
            for t in missing
        ),
    )


def nudge(
    db: Database, team_id: str, user: str, text: str, *, key: str, now: datetime, later: bool = False
) -> NudgeDone:
    """Nudge whom `text` means: `all`, `@person`, or `KR-12` for who reports it. `key` names the command or click.

    With `later`, who is in their quiet hours gets it at their end. Raises Refusal for a person who may not, and for
    words that name nobody.
    """
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        me = state.member(user)
        found = targets(session, state, me, text, now)
        assert me is not None  # targets refuses strangers
        outcomes = [_nudge(session, state, me, target, key=key, now=now, later=later) for target in found]
        if text.strip().casefold() == ALL:
            passed = {"yourself", "by_hand"} if later else {"yourself"}
            outcomes = [one for one in outcomes if one.why not in passed]
        return _together(_query(found), outcomes)


def _query(found: list[Target]) -> str:
    """Words for the same again, short whatever was typed."""
    kr, people = next((t.kr for t in found if t.kr), None), {t.member.key for t in found}
    return kr.key if kr else f"@{people.pop()}" if len(people) == 1 else ALL


@dataclass(frozen=True)
class _Outcome:
    """What became of one target: sent, promised for `at`, possible at `at` (quiet), or not and why."""

    name: str
    what: str
    at: datetime | None = None
    why: Why | None = None


def _together(query: str, outcomes: list[_Outcome]) -> NudgeDone:
    return NudgeDone(
        query=query,
        sent=tuple(one.name for one in outcomes if one.what == "sent"),
        later=tuple((one.name, one.at) for one in outcomes if one.what == "later" and one.at),
        quiet=tuple((one.name, one.at) for one in outcomes if one.what == "quiet" and one.at),
        not_sent=tuple(NotNudged(name=one.name, why=one.why, at=one.at) for one in outcomes if one.why),
    )


def _nudge(
    session: Session, state: PortfolioState, me: Member, target: Target, *, key: str, now: datetime, later: bool
) -> _Outcome:
    to = recipient(state, target.ask, now) if target.ask else target.member
    occasion = f"hand:{key}:{to.id}"
    if ledger.entered(session, state.team_id, occasion) is not None:
        return _Outcome(to.name, "sent")
    why, at = _why_not(session, state, me, target, to, now)
    if why is not None:
        return _Outcome(to.name, "not", at, why)
    ends = to.quiet.over(now, to.zone or state.zone)
    if ends > now and not later:
        return _Outcome(to.name, "quiet", ends)
    row = Nudge(team_id=state.team_id, person_id=to.id, kind="by_hand", key=occasion, at=ends)
    row.ask_id = target.ask.id if target.ask else None
    ledger.enter(session, row)
    outbox.promise(session, state.team_id, promise(session, target, me, to, occasion, ends, now), now=now)
    return _Outcome(to.name, "later", ends) if ends > now else _Outcome(to.name, "sent")


def _why_not(
    session: Session, state: PortfolioState, me: Member, target: Target, to: Member, now: datetime
) -> tuple[Why | None, datetime | None]:
    """Why somebody is not nudged, and since or until when; None where they may be."""
    if to.id == me.id:
        return "yourself", None
    answered, at = _answered(session, state, target, now)
    if answered:
        return "answered", at
    if to.slack is None:
        return "unknown", None
    if is_away(state, to, now):
        return "away", _back_at(state, to)
    return _held_back(session, state, target, to, now)


def _held_back(
    session: Session, state: PortfolioState, target: Target, to: Member, now: datetime
) -> tuple[Why | None, datetime | None]:
    """What was sent before, or their own wish, keeps it back."""
    if target.ask and target.ask.snoozed_until and target.ask.snoozed_until > now:
        return "snoozed", target.ask.snoozed_until
    sent = ledger.sent_to(session, state.team_id, to.id, since=now - nudging.WEEK)
    by_hand = [one.at for one in sent if one.kind == "by_hand"]
    if nudging.too_soon(by_hand, nudging.BY_HAND, now):
        return "by_hand", by_hand[-1]
    times = [one.at for one in sent]
    if not nudging.left(times, state.nudges_a_week, now):
        return "limit", nudging.free_at(times, state.nudges_a_week, now)
    return None, None


def _answered(session: Session, state: PortfolioState, target: Target, now: datetime) -> tuple[bool, datetime | None]:
    """Whether what they are asked for is there already, and since when."""
    if target.kr is not None and target.since is not None:
        at = fresh_at(target.kr, target.since)
        return at is not None, at
    ask = target.ask
    if ask is None or ask.state not in {"asked", "missed"}:
        return True, ask.answered_at if ask else None
    return updated_since(session, state, ask, now), None


def _back_at(state: PortfolioState, to: Member) -> datetime | None:
    """The morning after their last day away."""
    if to.away is None or to.away.until == NO_END:
        return None
    return resolve(to.away.until + timedelta(days=1), time(0), to.zone or state.zone)
