"""The round's use cases that time drives: open what is due, ask each lead at their hour, remind once, close.

Each is one transaction: load, decide by `rules`, write facts and promises. What leads answer is in `answers`, how it
is shown in `shown`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rituals.calendar import Cadence, due_slot, number_of
from rituals.checkins import rules, shown
from rituals.checkins.asking import unsaid_in
from rituals.notices import CheckinBoard, CheckinPrompt, CheckinReminder
from rituals.okrs.load import CycleSpan, Member, PortfolioState, load_portfolio
from storage import checkins as queries
from storage import outbox
from storage.checkins import AskedLead
from storage.database import Database, Session
from storage.outbox import Promise
from storage.tables import CheckinAsk, CheckinRound

NOBODY = "nobody to ask"
LATE = "the bot was not running while it was open"


@dataclass(frozen=True)
class Occurrence:
    """A slot of a unit's cadence within a cycle: the 4th `of` 6."""

    unit: str
    cadence: Cadence
    day: date
    slot: datetime
    cycle: CycleSpan


def open_due(db: Database, team_id: str, *, now: datetime) -> int:
    """Open the newest round of every unit whose slot has come; at most one each, however long the bot was away.

    A round whose window has passed is written down as skipped, with the reason. Returns how many were opened. Takes
    no writer's lock while there is nothing to open.
    """
    with db.transaction(readonly=True) as session:
        if not _new_occurrences(session, load_portfolio(session, team_id), now):
            return 0
    with db.transaction() as session:
        state = load_portfolio(session, team_id)
        return sum(_open(session, state, found, now) for found in _new_occurrences(session, state, now))


def _new_occurrences(session: Session, state: PortfolioState, now: datetime) -> list[Occurrence]:
    """The due slots that are not in the ledger."""
    found = [o for unit in state.units if (o := due_occurrence(state, unit, now))]
    return [o for o in found if queries.round_on(session, state.team_id, state.unit_ids[o.unit], o.day) is None]


def due_occurrence(state: PortfolioState, unit: str, now: datetime) -> Occurrence | None:
    """The newest slot of a unit's own cadence that has come and lies in a cycle."""
    cadence = state.rhythms[unit].cadence
    if cadence is None:
        return None
    found = due_slot(cadence, now=now, default_zone=state.zone.key, zones=zones_of(state, unit, now))
    if found is None:
        return None
    day, slot = found
    running = (c for c in state.cycles_on(day) if c.starts <= day <= c.ends)
    cycle = min(running, key=lambda c: c.days, default=None)
    return Occurrence(unit, cadence, day, slot, cycle) if cycle else None


def zones_of(state: PortfolioState, unit: str, now: datetime) -> list[str]:
    """The zones of a unit's leads: a round without a zone of its own opens with the first of them."""
    return [(m.zone or state.zone).key for m in rules.participants(state, unit, state.today(now))]


def _open(session: Session, state: PortfolioState, found: Occurrence, now: datetime) -> bool:
    unit_id = state.unit_ids[found.unit]
    members = rules.participants(state, found.unit, found.day)
    turns = rules.turns(found.cadence, found.day, members, state.zone)
    due_at = max((turn.due_at for turn in turns), default=found.slot + timedelta(days=2))
    reason = "" if turns else NOBODY
    reason = LATE if rules.too_late(due_at, now) else reason
    row = CheckinRound(
        team_id=state.team_id,
        unit_id=unit_id,
        cycle_id=found.cycle.id,
        local_date=found.day,
        number=number_of(found.cadence, found.day, found.cycle.starts),
        of=number_of(found.cadence, found.cycle.ends, found.cycle.starts),
        slot=found.slot,
        due_at=due_at,
        state="skipped" if reason else "open",
        reason=reason,
    )
    session.add(row)
    session.flush()
    if reason:
        return False
    for turn in turns:
        session.add(_ask(state, row, turn))
    _promise_board(session, state, row, found.unit, now)
    return True


def _ask(state: PortfolioState, row: CheckinRound, turn: rules.Turn) -> CheckinAsk:
    assert row.id is not None
    return CheckinAsk(
        team_id=state.team_id,
        round_id=row.id,
        person_id=turn.member.id,
        slot=turn.slot,
        due_at=turn.due_at,
        remind_at=turn.remind_at,
    )


def _promise_board(session: Session, state: PortfolioState, row: CheckinRound, unit: str, now: datetime) -> None:
    channel = state.rhythms[unit].channel
    if channel is None or row.id is None:
        return
    board = Promise(
        key=shown.board_key(row.id), kind=CheckinBoard.KIND, to=channel, data={"round": row.id}, mode="live"
    )
    outbox.keep_current(session, state.team_id, board, now=now)


def advance(db: Database, team_id: str, *, now: datetime) -> int:
    """Ask the leads whose hour has come, remind those who have not answered, close what is over.

    Returns how many steps were taken; run again at the same instant it takes none, and no writer's lock.
    """
    with db.transaction(readonly=True) as session:
        rounds = queries.open_rounds(session, team_id)
        asks = queries.asks_of(session, team_id, [row.id for row in rounds if row.id is not None])
        if not any(_may_be_due(found, now) for found in asks) and not any(row.due_at <= now for row in rounds):
            return 0
    with db.transaction() as session:
        rounds = queries.open_rounds(session, team_id)
        state = load_portfolio(session, team_id)
        steps = 0
        for row in rounds:
            asks = queries.asks_of(session, team_id, [row.id or 0])
            steps += sum(_step(session, state, row, found.ask, now) for found in asks)
            steps += _close(session, row, [found.ask for found in asks], now)
        return steps


def _may_be_due(found: AskedLead, now: datetime) -> bool:
    """Whether a step of this lead is due; who exactly is to be reminded is decided with the portfolio at hand."""
    ask = found.ask
    if ask.state == "upcoming":
        return _turn_has_come(ask, found.person.slack, now)
    return ask.state == "asked" and ask.reminded_at is None and ask.remind_at <= now < ask.due_at


def _turn_has_come(ask: CheckinAsk, slack: str | None, now: datetime) -> bool:
    """Whoever is not found in Slack yet is asked as soon as they are, while there is time."""
    return ask.slot <= now and (slack is not None or rules.too_late(ask.due_at, now))


def _step(session: Session, state: PortfolioState, row: CheckinRound, ask: CheckinAsk, now: datetime) -> bool:
    member = state.people_by_id[ask.person_id]
    if ask.state == "upcoming" and _turn_has_come(ask, member.slack, now):
        _ask_or_miss(session, state, row, ask, member, now)
        return True
    waits = ask.state == "asked" and ask.reminded_at is None
    if waits and rules.reminder_due(ask.asked_at, ask.remind_at, ask.due_at, now):
        _remind(session, state, row, ask, member, now)
        return True
    return False


def _ask_or_miss(
    session: Session, state: PortfolioState, row: CheckinRound, ask: CheckinAsk, member: Member, now: datetime
) -> None:
    """A lead whose own time ran out while the bot was away is not asked for what can only be late."""
    if not rules.too_late(ask.due_at, now):
        _prompt(session, state, row, ask, member, now)
        return
    ask.state = "missed"
    session.add(ask)
    shown.refresh(session, state.team_id, round_id=row.id, users=(), now=now)


def _prompt(
    session: Session, state: PortfolioState, row: CheckinRound, ask: CheckinAsk, member: Member, now: datetime
) -> None:
    ask.state, ask.asked_at = "asked", now
    session.add(ask)
    if member.slack is None or ask.id is None:
        return
    prompt = shown.prompt(session, state, row, ask, now)
    notice = Promise(
        key=shown.prompt_key(ask.id), kind=CheckinPrompt.KIND, to=member.slack, data=prompt.model_dump(mode="json")
    )
    outbox.promise(session, state.team_id, notice, now=now)
    shown.refresh(session, state.team_id, round_id=row.id, users=[member.slack], now=now)


def _remind(
    session: Session, state: PortfolioState, row: CheckinRound, ask: CheckinAsk, member: Member, now: datetime
) -> None:
    ask.reminded_at = now
    session.add(ask)
    if member.slack is None or ask.id is None:
        return
    asked = unsaid_in(session, state, ask, now)
    reminder = CheckinReminder(
        ask=ask.id,
        number=row.number,
        unit=state.units[state.unit_keys[row.unit_id]].name,
        due_at=ask.due_at,
        user=member.slack,
        behind=tuple(a.kr.key for a in asked if a.behind),
        open=len(asked),
    )
    notice = Promise(
        key=f"reminder:{ask.id}",
        kind=reminder.KIND,
        to=member.slack,
        data=reminder.model_dump(mode="json"),
        thread_of=shown.prompt_key(ask.id),
    )
    outbox.promise(session, state.team_id, notice, now=now)


def _close(session: Session, row: CheckinRound, asks: list[CheckinAsk], now: datetime) -> bool:
    if now < row.due_at or row.id is None:
        return False
    row.state, row.closed_at = "closed", now
    session.add(row)
    for ask in asks:
        if ask.state in {"upcoming", "asked"}:
            ask.state = "missed"
            session.add(ask)
    shown.refresh(session, row.team_id, round_id=row.id, users=(), now=now)
    return True
