"""Opens the rounds that are due: which slot has come, who is asked when, and the board.

One transaction: load, decide by `rules`, write facts and promises. What time does to an open round is in `advancing`,
what leads answer in `answers`, how it is shown in `shown`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rituals.calendar import Cadence, due_slot, nominal_day, number_of
from rituals.checkins import rules, shown
from rituals.checkins.turns import Turn, turns
from rituals.notices import CheckinBoard
from rituals.okrs.load import CycleSpan, PortfolioState, load_portfolio
from storage import checkins as queries
from storage import outbox
from storage.database import Database, Session
from storage.outbox import Promise
from storage.tables import CheckinAsk, CheckinRound

NOBODY = "nobody to ask"
LATE = "the bot was not running while it was open"


@dataclass(frozen=True)
class Occurrence:
    """A slot of a unit's cadence within a cycle: the 4th `of` 6. `nominal` is its day before a holiday moved it."""

    unit: str
    cadence: Cadence
    day: date
    nominal: date
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
    """The due slots that are not in the ledger, which never goes back: with holidays set or taken away, the round that
    was held is not held again on another day."""
    last = queries.newest_days(session, state.team_id)
    found = [o for unit in state.units if (o := due_occurrence(state, unit, now))]
    return [o for o in found if last.get(state.unit_ids[o.unit], date.min) < o.nominal]


def due_occurrence(state: PortfolioState, unit: str, now: datetime) -> Occurrence | None:
    """The newest slot of a unit's own cadence that has come and lies in a cycle that is not closed."""
    cadence, off = state.own_cadence(unit), state.holidays_of(unit)
    if cadence is None:
        return None
    zones = zones_of(state, unit, now)
    found = due_slot(cadence, now=now, default_zone=state.zone.key, holidays=off, zones=zones)
    if found is None:
        return None
    day, slot = found
    running = (c for c in state.cycles_on(day) if c.starts <= day <= c.ends and not c.closed)
    cycle = min(running, key=lambda c: c.days, default=None)
    return Occurrence(unit, cadence, day, nominal_day(cadence, day, off), slot, cycle) if cycle else None


def zones_of(state: PortfolioState, unit: str, now: datetime) -> list[str]:
    """The zones of a unit's leads: a round without a zone of its own opens with the first of them."""
    return [(m.zone or state.zone).key for m in rules.participants(state, unit, state.today(now))]


def _open(session: Session, state: PortfolioState, found: Occurrence, now: datetime) -> bool:
    unit_id = state.unit_ids[found.unit]
    members = rules.participants(state, found.unit, found.day)
    asked = turns(state, found.unit, found.cadence, found.day, members)
    due_at = max((turn.due_at for turn in asked), default=found.slot + timedelta(days=2))
    reason = "" if asked else NOBODY
    reason = LATE if rules.too_late(due_at, now) else reason
    since, off = found.cycle.starts, state.holidays_of(found.unit)
    # under the rhythm that this one replaced within the cycle
    held = queries.last_number(session, state.team_id, unit_id, found.cycle.id, found.cadence.starts)
    row = CheckinRound(
        team_id=state.team_id,
        unit_id=unit_id,
        cycle_id=found.cycle.id,
        local_date=found.day,
        number=held + number_of(found.cadence, found.day, since, off),
        of=held + number_of(found.cadence, found.cycle.ends, since, off),
        slot=found.slot,
        due_at=due_at,
        state="skipped" if reason else "open",
        reason=reason,
    )
    session.add(row)
    session.flush()
    if reason:
        return False
    for turn in asked:
        session.add(_ask(state, row, turn))
    _promise_board(session, state, row, found.unit, now)
    shown.refresh(session, state.team_id, round_id=row.id, users=(), now=now)
    return True


def _ask(state: PortfolioState, row: CheckinRound, turn: Turn) -> CheckinAsk:
    assert row.id is not None
    return CheckinAsk(
        team_id=state.team_id,
        round_id=row.id,
        person_id=turn.member.id,
        slot=turn.slot,
        due_at=turn.due_at,
        remind_at=turn.remind_at,
        last_call_at=turn.last_call_at,
    )


def _promise_board(session: Session, state: PortfolioState, row: CheckinRound, unit: str, now: datetime) -> None:
    channel = state.rhythms[unit].channel
    if channel is None or row.id is None:
        return
    board = Promise(
        key=shown.board_key(row.id), kind=CheckinBoard.KIND, to=channel, data={"round": row.id}, mode="live"
    )
    outbox.keep_current(session, state.team_id, board, now=now)
