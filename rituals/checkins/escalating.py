"""A missed round goes up one visible step at a time, never behind anybody's back.

First, when the round closes, the lead is told alone (`missed`): an answer is still taken, and who is told on which day
if nothing comes. Then, at nine of the next working day where they are, each lead above gets one message a round with
those missing, and each of those gets a copy of what it says of them. An answer in between ends it. What has been
decided stands in `storage.nudges`, so that nothing goes up twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rituals import nudging
from rituals.checkins.asking import unsaid_in
from rituals.checkins.missed import above, enter, goes_up_at
from rituals.checkins.reminding import left_for
from rituals.checkins.shown import unit_name
from rituals.checkins.standing_in import is_away
from rituals.notices import Escalation, EscalationCopy, MissingLead
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from storage import nudges as ledger
from storage import outbox
from storage.database import Database, Session
from storage.outbox import Promise
from storage.tables import CheckinAsk, CheckinRound, Nudge

SOONEST = timedelta(hours=8)  # nine in the morning is that far from any midnight, also when the clocks change


@dataclass(frozen=True)
class Step:
    """What goes up to one lead above, and when."""

    row: CheckinRound
    to: Member
    at: datetime
    asks: tuple[CheckinAsk, ...]

    @property
    def key(self) -> str:
        """Its occasion: one a round and lead."""
        return f"up:{self.row.id}:{self.to.id}"


def steps(session: Session, state: PortfolioState, now: datetime) -> Iterator[Step]:
    """What will go up if nothing comes, of rounds that closed within the last week."""
    within: dict[str, frozenset[str]] = {}
    grouped: dict[tuple[int, int], list[tuple[CheckinAsk, CheckinRound, Member]]] = {}
    for ask, row in ledger.unanswered(session, state.team_id, since=now - nudging.WEEK):
        unit = state.unit_keys[row.unit_id]
        inside = within.setdefault(unit, frozenset(state.below(unit)))
        for to in above(state, unit, inside, state.people_by_id[ask.person_id].key):
            grouped.setdefault((row.id or 0, to.id), []).append((ask, row, to))
    for found in grouped.values():
        _, row, to = found[0]
        step = Step(row, to, goes_up_at(state, row, to, row.closed_at or now), tuple(ask for ask, _, _ in found))
        if ledger.entered(session, state.team_id, step.key) is None:
            yield step


def escalate(db: Database, team_id: str, *, now: datetime) -> int:
    """Take up what is still missing where its time has come. Returns how many steps were taken; run again at the same
    instant it takes none, and no writer's lock.
    """
    with db.transaction(readonly=True) as session:
        missing = ledger.unanswered(session, team_id, since=now - nudging.WEEK)
        if not any(row.closed_at and row.closed_at <= now - SOONEST for _, row in missing):
            return 0
        state = load_portfolio(session, team_id)
        found = [step for step in steps(session, state, now) if step.at <= now]
        # of many leads it takes a while, in which nobody else could write
        books = _about(session, team_id, found)
        lines = {
            ask.id: missing_lead(session, state, step.row, ask, books[ask.id], now)
            for step in found
            for ask in step.asks
        }
    if not found:
        return 0
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        due = [step for step in steps(session, state, now) if step.at <= now]
        sent = [one for step in due if (one := _go_up(session, state, step, lines, now))]
        for ask_id, line in lines.items():
            about = [one for one in sent if ask_id in {ask.id for ask in one.step.asks}]
            if about:
                _copy(session, state, about, line, ask_id, now)
        _settle(session, state, due, now)
        return len(due)


@dataclass(frozen=True)
class _Sent:
    """A step that was taken: who is told, and when it goes out."""

    step: Step
    to: Member
    at: datetime


def _go_up(
    session: Session, state: PortfolioState, step: Step, lines: Mapping[int | None, MissingLead], now: datetime
) -> _Sent | None:
    """One message to the lead above, or to who stands in for them; None where it is left out."""
    to = _standing_in(state, step.to, now)
    zone = to.zone or state.zone
    at = to.quiet.over(now, zone)
    why = "unknown" if to.slack is None else "away" if is_away(state, to, now) else ""
    why = why or ("" if left_for(session, state, to, now) else "limit")
    if not enter(session, state, to, step.key, at, why) or why:
        return None
    asks = sorted((ask for ask in step.asks if ask.id in lines), key=lambda ask: lines[ask.id].name)
    notice = Escalation(
        round=step.row.id or 0,
        number=step.row.number,
        unit=unit_name(state, step.row),
        closed_at=step.row.closed_at or now,
        missing=tuple(lines[ask.id] for ask in asks),
    )
    promise = Promise(step.key, notice.KIND, to.slack or "", notice.model_dump(mode="json"), due_at=at)
    outbox.promise(session, state.team_id, promise, now=now)
    return _Sent(step, to, at)


def _standing_in(state: PortfolioState, to: Member, now: datetime) -> Member:
    if to.away and to.away.delegate and is_away(state, to, now):
        return state.people[to.away.delegate]
    return to


def _copy(
    session: Session,
    state: PortfolioState,
    sent: Sequence[_Sent],
    line: MissingLead,
    ask_id: int | None,
    now: datetime,
) -> None:
    """One for all who are told at once; it goes with their message, or in the lead's own night at its end. It asks for
    nothing and is no nudge.
    """
    first = sent[0]
    [ask] = [ask for ask in first.step.asks if ask.id == ask_id]
    lead = state.people_by_id[ask.person_id]
    if lead.slack is None:
        return
    notice = EscalationCopy(
        ask=ask.id or 0,
        number=first.step.row.number,
        unit=unit_name(state, first.step.row),
        told=tuple(one.to.name for one in sent),
        line=line,
    )
    promise = Promise(
        key=f"told:{ask.id}:{first.step.to.id}",
        kind=notice.KIND,
        to=lead.slack,
        data=notice.model_dump(mode="json"),
        due_at=lead.quiet.over(min(one.at for one in sent), lead.zone or state.zone),
    )
    outbox.promise(session, state.team_id, promise, now=now)


def _about(session: Session, team_id: str, found: Iterable[Step]) -> Mapping[int | None, list[Nudge]]:
    """What the books say of each ask, but for its going up."""
    kept: defaultdict[int | None, list[Nudge]] = defaultdict(list)
    for one in ledger.about(session, team_id, {ask.id or 0 for step in found for ask in step.asks}):
        if one.kind != "escalation":
            kept[one.ask_id].append(one)
    return kept


def missing_lead(
    session: Session, state: PortfolioState, row: CheckinRound, ask: CheckinAsk, about: Sequence[Nudge], now: datetime
) -> MissingLead:
    """A lead who has not answered, as those above read it: what is open and what was done about it."""
    lead = state.people_by_id[ask.person_id]
    within = state.below(state.unit_keys[row.unit_id])
    return MissingLead(
        name=lead.name,
        units=state.names(key for key in state.led_by(lead.key) if key in within),
        keys=tuple(a.kr.key for a in unsaid_in(session, state, ask, now)),
        reminded=sum(not one.dropped for one in about),
        not_reminded=next((one.dropped for one in about if one.dropped in {"limit", "quiet"}), ""),
    )


def _settle(session: Session, state: PortfolioState, taken: Iterable[Step], now: datetime) -> None:
    """An ask has gone up when all its steps are decided."""
    waiting = {ask.id for found in steps(session, state, now) for ask in found.asks}
    for ask in {ask.id: ask for found in taken for ask in found.asks if ask.id not in waiting}.values():
        ask.escalated_at = now
        session.add(ask)
