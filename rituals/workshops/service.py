"""The workshop's moves as use cases: begin, the next turn, five minutes more, the adjustment round, the confirmation,
the close, and calling it off.

Each is one transaction: load, decide by `rules`, write by compare-and-set, promise what everybody sees. Of two people
who press at once one moves it; the other is told where it stands.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rituals.errors import FormRefusal, Refusal
from rituals.notices.workshops import WorkshopRecord
from rituals.okrs.live import refresh_homes
from rituals.okrs.load import Member, PortfolioState, load_portfolio
from rituals.okrs.roles import answers_for
from rituals.workshops import rules, seats, telling, words
from rituals.workshops.rules import Intent, Move, Moved
from storage import outbox
from storage import workshops as store
from storage.database import Database, Session
from storage.outbox import Promise
from storage.tables import Workshop

LONGEST = 500
Figures = Callable[[PortfolioState, str, str, datetime], dict[str, Any]]
"""The coverage figures of a unit (key) and cycle (key) at an instant, as the JSON that is kept."""


def begin(
    db: Database, team_id: str, user: str, workshop: int, *, now: datetime, figures: Figures, step: int | None = None
) -> str:
    """Begin: the first line has its ten minutes; the coverage figures are put down as they are. Returns where it stands
    then, in words.

    `step` is the one that the pressed button knew; None for a typed word. Raises Refusal for who may not, and where
    somebody moved it meanwhile.
    """
    return _move(db, team_id, _Press(user, workshop, "begin", now, step), figures)


def next_turn(
    db: Database, team_id: str, user: str, workshop: int, *, now: datetime, figures: Figures, step: int | None = None
) -> str:
    """On to whatever comes next: the first line, the next one, the adjustment round, the confirmation. As `begin`."""
    return _move(db, team_id, _Press(user, workshop, "next", now, step), figures)


def extend(db: Database, team_id: str, user: str, workshop: int, *, now: datetime, step: int | None = None) -> str:
    """Five minutes more for the line whose turn it is, counted from now where its time is over. As `begin`."""
    return _move(db, team_id, _Press(user, workshop, "extend", now, step))


def adjust(
    db: Database, team_id: str, user: str, workshop: int, *, now: datetime, figures: Figures, step: int | None = None
) -> str:
    """Open the adjustment round, whoever has not presented yet. As `begin`."""
    return _move(db, team_id, _Press(user, workshop, "adjust", now, step), figures)


def close(
    db: Database, team_id: str, user: str, workshop: int, *, now: datetime, figures: Figures, step: int | None = None
) -> str:
    """End it as it is, confirmed or not, and leave the record. As `begin`."""
    return _move(db, team_id, _Press(user, workshop, "close", now, step), figures)


def cancel(db: Database, team_id: str, user: str, workshop: int, *, now: datetime, step: int | None = None) -> str:
    """Call off what has not begun; it can be planned anew. As `begin`."""
    return _move(db, team_id, _Press(user, workshop, "cancel", now, step))


def confirm(
    db: Database, team_id: str, user: str, workshop: int, *, now: datetime, figures: Figures, step: int | None = None
) -> str:
    """The lead's word that the set covers the objectives; it ends the workshop with its record. As `begin`, for who
    leads the unit or one above it only.
    """
    return _move(db, team_id, _Press(user, workshop, "confirm", now, step), figures)


def not_yet(db: Database, team_id: str, user: str, workshop: int, reason: str, *, now: datetime) -> None:
    """The lead's word that it does not, and why; the workshop stays open. Raises FormRefusal without a reason."""
    if not reason.strip():
        raise FormRefusal({"reason": "Say in a sentence what is missing; the lines read it."})
    with db.transaction() as session:
        state, row = found(session, team_id, workshop)
        _must_confirm(state, user, row, now)
        if row.state != "confirming":
            raise Refusal(words.where(state, row))
        store.put(session, row, remark=reason.strip()[:LONGEST])
        telling.again(session, row, (), now=now)


@dataclass(frozen=True)
class _Press:
    """Who presses what, when, at which step as far as they know."""

    user: str
    workshop: int
    what: Move
    at: datetime
    step: int | None


def _move(db: Database, team_id: str, press: _Press, figures: Figures | None = None) -> str:
    with db.transaction() as session:
        state, row = found(session, team_id, press.workshop)
        _allow(state, press, row)
        _not_overtaken(state, press, row)
        moved = rules.move(seats.standing_today(state, row), press.what, press.at)
        if moved is None:
            raise Refusal(words.cannot(state, row, press.what))
        if not store.move(session, row, step=row.step, values=_values(state, row, press, moved, figures)):
            raise Refusal(words.where(state, row))
        _carry_out(session, state, row, moved, press.at)
        return words.where(state, row)


def found(session: Session, team_id: str, workshop: int) -> tuple[PortfolioState, Workshop]:
    """The portfolio and a workshop. Raises Refusal where it is gone."""
    row = store.get(session, team_id, workshop)
    if row is None:
        raise Refusal("That workshop is gone. /okr workshop shows what is planned.")
    return load_portfolio(session, team_id), row


def _allow(state: PortfolioState, press: _Press, row: Workshop) -> None:
    if press.what == "confirm":
        _must_confirm(state, press.user, row, press.at)
    else:
        seats.must_run(state, press.user, row)


def _must_confirm(state: PortfolioState, user: str, row: Workshop, now: datetime) -> Member:
    """Who keeps the time of others does not confirm for them."""
    member, asked = state.member(user), seats.asked_to_confirm(state, row, now)
    if member is None or not (member in asked or answers_for(state, member.key, seats.unit_of(state, row))):
        names = " or ".join(one.name for one in asked) or "an admin of this workspace"
        raise Refusal(f"Whether the set covers the objectives is said by {names}.")
    return member


def _not_overtaken(state: PortfolioState, press: _Press, row: Workshop) -> None:
    """A button knows its step; of two who type at once the second means what the first has done."""
    if press.step is not None and press.step != row.step:
        raise Refusal(f"It was moved on already. {words.where(state, row)}")
    just = row.moved_at is not None and abs(press.at - row.moved_at) < rules.APART
    if press.step is None and just and row.moved_by != press.user:
        mover = state.member(row.moved_by)
        raise Refusal(f"{mover.name if mover else 'Somebody'} moved it on just now. {words.where(state, row)}")


def _values(
    state: PortfolioState, row: Workshop, press: _Press, moved: Moved, figures: Figures | None
) -> dict[str, Any]:
    now, values = moved.standing, dict[str, Any](moved_by=press.user, moved_at=press.at)
    ticks = rules.next_tick(now.ends_at) if now.ends_at else None
    values |= {"state": now.state, "turns": list(now.turns), "turn": now.turn}
    values |= {"turn_ends_at": now.ends_at, "tick_at": ticks}
    kept: dict[Intent, str] = {"freeze_before": "before", "freeze_after": "after"}
    for intent, column in kept.items():
        if intent in moved.intents and figures is not None:
            values[column] = figures(
                seats.in_channel(state, row), seats.unit_of(state, row), seats.cycle_of(state, row), press.at
            )
    if "freeze_before" in moved.intents:
        values["begun_at"] = press.at
    if now.state == "closed":
        values["closed_at"] = press.at
    if press.what == "confirm":
        values |= {"confirmed_by": press.user, "confirmed_at": press.at, "remark": ""}
    return values


def _carry_out(session: Session, state: PortfolioState, row: Workshop, moved: Moved, now: datetime) -> None:
    items = store.items(session, row.team_id, telling.number_of(row))
    line = moved.standing.line
    if row.state != "cancelled":
        telling.board(session, row, now=now)
    if "show_turn" in moved.intents and line is not None:
        telling.turn(session, row, line, now=now)
    if "send_items" in moved.intents:
        telling.adjusting(session, row, now=now)
        for item in items:
            telling.card(session, state, row, item, now=now)
    if "ask_confirmation" in moved.intents:
        telling.confirmation(session, state, row, now=now)
    telling.again(session, row, items, now=now)
    if "record" in moved.intents:
        _leave_record(session, state, row, now)
    refresh_homes(session, state, units=(seats.unit_of(state, row), *(row.turns or ())), now=now)


def _leave_record(session: Session, state: PortfolioState, row: Workshop, now: datetime) -> None:
    notice = record_of(session, state, row, now)
    key = f"{WorkshopRecord.KIND}:{row.id}:{row.run}"
    what = Promise(key=key, kind=notice.KIND, to=row.channel, data=notice.model_dump(mode="json"))
    outbox.promise(session, row.team_id, what, now=now)


def record_of(
    session: Session, state: PortfolioState, row: Workshop, now: datetime, *, user: str = ""
) -> WorkshopRecord:
    """The record as a promise: for the channel, or for one person (a Slack id)."""
    return WorkshopRecord(
        workshop=telling.number_of(row),
        unit=state.units[seats.unit_of(state, row)].name,
        cycle=seats.cycle_of(state, row),
        closed_at=row.closed_at or now,
        headline=words.outcome(row, store.items(session, row.team_id, telling.number_of(row))),
        user=user,
    )
