"""Reminds whoever has not answered: at 80 % of their window, and by a last call before its end.

Each occasion is decided once, when it comes up: sent, or left out with the reason, never put off to be sent in a heap.
Only quiet hours move it, as long as there is time. When it comes up is said in `rituals.nudging`; the ledger of what
was sent is `storage.nudges`. Runs inside the caller's transaction.
"""

from datetime import datetime
from typing import Literal

from rituals import nudging
from rituals.checkins import shown
from rituals.checkins.asking import asked_in, unsaid_in
from rituals.checkins.standing_in import answers_now, is_away
from rituals.notices import CheckinReminder
from rituals.okrs.load import Member, PortfolioState
from storage import nudges as ledger
from storage import outbox
from storage.database import Session
from storage.outbox import Promise
from storage.tables import CheckinAsk, CheckinRound, Nudge

Occasion = Literal["reminder", "last_call"]


def plan(state: PortfolioState, ask: CheckinAsk, asked_at: datetime) -> None:
    """Set when to remind this lead and when to call for the last time; the end of the window where there is no time."""
    member = recipient(state, ask, asked_at)
    found = nudging.times(asked_at, ask.due_at, member.quiet, member.zone or state.zone)
    ask.remind_at, ask.last_call_at = found.remind_at or ask.due_at, found.last_call_at


def recipient(state: PortfolioState, ask: CheckinAsk, now: datetime) -> Member:
    """Who is to act: the lead, or who answers for them while they are away."""
    lead = state.people_by_id[ask.person_id]
    if ask.delegate_id is not None:
        return state.people_by_id[ask.delegate_id]
    return answers_now(state, lead, now) or lead


def occasion(ask: CheckinAsk, now: datetime) -> Occasion | None:
    """What comes up for an ask; of both at once, after a time without power, the last call alone."""
    if ask.state != "asked" or now >= ask.due_at:
        return None
    if ask.last_called_at is None and ask.last_call_at is not None and ask.last_call_at <= now:
        return "last_call"
    return "reminder" if ask.reminded_at is None and ask.remind_at <= now else None


def remind(session: Session, state: PortfolioState, row: CheckinRound, ask: CheckinAsk, now: datetime) -> bool:
    """Send what comes up, or leave it out and say why; False where nothing does."""
    what = occasion(ask, now)
    if what is None or ask.id is None:
        return False
    to = recipient(state, ask, now)
    ends = to.quiet.over(now, to.zone or state.zone)
    if now < ends < ask.due_at:
        _move(ask, what, ends)
        session.add(ask)
        return True
    why = "quiet" if ends > now else _why_not(session, state, ask, to, now)
    if what == "last_call" and ask.reminded_at is None:
        _settle(session, state, ask, "reminder", to, now, "overtaken")
    if _settle(session, state, ask, what, to, now, why) and not why:
        _promise(session, state, row, ask, to, what, now)
    if why == "limit":
        shown.refresh(session, state.team_id, round_id=row.id, users=(), now=now)
    return True


def _move(ask: CheckinAsk, what: Occasion, to: datetime) -> None:
    """The hours changed since it was planned."""
    if what == "reminder":
        ask.remind_at = to
    else:
        ask.last_call_at = to


def _why_not(session: Session, state: PortfolioState, ask: CheckinAsk, to: Member, now: datetime) -> str:
    """Why this is not the time to send it; "" where it is."""
    if to.slack is None:
        return "unknown"
    if is_away(state, to, now):
        return "away"
    if ask.snoozed_until is not None and ask.snoozed_until > now:
        return "snoozed"
    if updated_since(session, state, ask, now):
        return "updated"
    about = [one.at for one in ledger.about(session, state.team_id, [ask.id or 0]) if not one.dropped]
    if nudging.too_soon(about, nudging.APART, now):
        return "recent"
    return "" if left_for(session, state, to, now) else "limit"


def updated_since(session: Session, state: PortfolioState, ask: CheckinAsk, now: datetime) -> bool:
    """Whether everything asked has had a word since the round opened, say by /okr update."""
    return bool(asked_in(session, state, ask, now)) and not unsaid_in(session, state, ask, now)


def left_for(session: Session, state: PortfolioState, member: Member, now: datetime) -> int:
    """How many nudges a person may still get, over everything."""
    sent = ledger.sent_to(session, state.team_id, member.id, since=now - nudging.WEEK)
    return nudging.left([one.at for one in sent], state.nudges_a_week, now)


def _settle(
    session: Session,
    state: PortfolioState,
    ask: CheckinAsk,
    what: Occasion,
    to: Member,
    now: datetime,
    why: str,
) -> bool:
    """Write down that it was decided, and how; False where it was before."""
    if what == "reminder":
        ask.reminded_at = now
    else:
        ask.last_called_at = now
    session.add(ask)
    row = Nudge(
        team_id=state.team_id,
        person_id=to.id,
        kind=what,
        key=f"{what}:{ask.id}",
        at=now,
        dropped=why,
        ask_id=ask.id,
    )
    return ledger.enter(session, row)


def _promise(
    session: Session,
    state: PortfolioState,
    row: CheckinRound,
    ask: CheckinAsk,
    to: Member,
    what: Occasion,
    now: datetime,
) -> None:
    unsaid = unsaid_in(session, state, ask, now)
    notice = CheckinReminder(
        ask=ask.id or 0,
        number=row.number,
        unit=shown.unit_name(state, row),
        due_at=ask.due_at,
        user=to.slack or "",
        behind=tuple(a.kr.key for a in unsaid if a.behind),
        open=len(unsaid),
        last_call=what == "last_call",
        instead_of=instead_of(state, ask, to),
    )
    promise = Promise(
        key=f"{what}:{ask.id}",
        kind=notice.KIND,
        to=notice.user,
        data=notice.model_dump(mode="json"),
        thread_of=prompt_to(session, ask, notice.user),
    )
    outbox.promise(session, state.team_id, promise, now=now)


def instead_of(state: PortfolioState, ask: CheckinAsk, to: Member) -> str | None:
    """The lead's name where another answers for them."""
    return None if to.id == ask.person_id else state.people_by_id[ask.person_id].name


def prompt_to(session: Session, ask: CheckinAsk, slack: str) -> str | None:
    """The key of the prompt, where this person has it: what is said about an ask stands in its thread."""
    prompt = outbox.find(session, ask.team_id, shown.prompt_key(ask))
    return prompt.key if prompt is not None and prompt.to == slack else None
