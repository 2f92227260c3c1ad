"""Queries of flags over time: what they did, when they were looked at, the co-owners' threads. Decides nothing."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.dialects import insert_or_ignore, upsert
from storage.tables import Change, FlagEvent, FlagLook, FlagThread, FlagView, Grade, KeyResultUpdate, OutboxRow

_AT_ONCE = 500  # parameters of one IN list


def add_event(session: Session, team_id: str, values: dict[str, Any]) -> bool:
    """Write down what a reason did; False where the same was written of that local day."""
    return insert_or_ignore(session, FlagEvent, {"team_id": team_id, **values})


def events_of(session: Session, team_id: str, key_result_ids: Iterable[int]) -> dict[int, list[FlagEvent]]:
    """What happened to each of some key results, oldest first."""
    ids, found = list(key_result_ids), defaultdict[int, list[FlagEvent]](list)
    query = select(FlagEvent).where(FlagEvent.team_id == team_id)
    if len(ids) <= _AT_ONCE:  # of more, all are read: a digest's statements do not grow with its key results
        query = query.where(col(FlagEvent.key_result_id).in_(ids))
    wanted = set(ids)
    for row in session.exec(query.order_by(col(FlagEvent.at), col(FlagEvent.id))) if ids else ():
        if row.key_result_id in wanted:
            found[row.key_result_id].append(row)
    return found


def last_look(session: Session, team_id: str) -> FlagLook | None:
    """When the flags were looked at last."""
    return session.get(FlagLook, team_id)


def newest(session: Session, team_id: str) -> tuple[int, int]:
    """The ids of the newest update and of the newest change of an entry; 0 where there is none."""
    said = select(KeyResultUpdate.id).where(KeyResultUpdate.team_id == team_id)
    changed = select(Change.id).where(Change.team_id == team_id)
    return (
        session.exec(said.order_by(col(KeyResultUpdate.id).desc()).limit(1)).first() or 0,
        session.exec(changed.order_by(col(Change.id).desc()).limit(1)).first() or 0,
    )


def keep_look(
    session: Session, team_id: str, *, looked_at: datetime, next_at: datetime, update_id: int, change_id: int
) -> None:
    """Put down that they were looked at."""
    values = {"looked_at": looked_at, "next_at": next_at, "update_id": update_id, "change_id": change_id}
    upsert(session, FlagLook, {"team_id": team_id, **values}, on=["team_id"])


def look_again(session: Session, team_id: str, *, now: datetime) -> None:
    """Have them looked at with the next beat: something was taken back."""
    mine = update(FlagLook).where(col(FlagLook.team_id) == team_id, col(FlagLook.next_at) > now)
    session.execute(mine.values(next_at=now))


def open_thread(
    session: Session, team_id: str, key_result_id: int, *, channel: str, now: datetime
) -> FlagThread | None:
    """Open the thread of a key result; None where one is open."""
    values = {"team_id": team_id, "key_result_id": key_result_id, "key": f"{key_result_id}:open", "state": "open"}
    fresh = {**values, "channel": channel, "next_step": "", "why": "", "opened_at": now}
    if not insert_or_ignore(session, FlagThread, fresh):
        return None
    mine = select(FlagThread).where(FlagThread.team_id == team_id, FlagThread.key == values["key"])
    return session.exec(mine).one()


def get_thread(session: Session, team_id: str, thread_id: int, *, held: bool = False) -> FlagThread | None:
    """A thread by id; `held` so that nobody else decides on it before this transaction ends."""
    query = select(FlagThread).where(FlagThread.team_id == team_id, FlagThread.id == thread_id)
    return session.exec(query.with_for_update() if held else query).first()


def open_threads(session: Session, team_id: str) -> list[FlagThread]:
    """The threads that wait for an agreement; nobody else decides on them before this transaction ends."""
    query = select(FlagThread).where(FlagThread.team_id == team_id, FlagThread.state == "open")
    return list(session.exec(query.order_by(col(FlagThread.id)).with_for_update()))


def promised(session: Session, team_id: str, keys: Iterable[str]) -> set[str]:
    """Which of these effects were promised."""
    return set(
        session.exec(select(OutboxRow.key).where(OutboxRow.team_id == team_id, col(OutboxRow.key).in_(list(keys))))
    )


def open_thread_of(session: Session, team_id: str, key_result_id: int) -> int | None:
    """The id of the open thread of a key result."""
    query = select(FlagThread.id).where(FlagThread.team_id == team_id, FlagThread.key == f"{key_result_id}:open")
    return session.exec(query).first()


def newest_threads(session: Session, team_id: str) -> dict[int, FlagThread]:
    """The newest thread of each key result (ids)."""
    query = select(FlagThread).where(FlagThread.team_id == team_id).order_by(col(FlagThread.id))
    return {row.key_result_id: row for row in session.exec(query)}


def end_thread(
    session: Session,
    thread: FlagThread,
    *,
    state: str,
    now: datetime,
    why: str = "",
    value: Decimal | None = None,
    step: str = "",
    step_on: date | None = None,
) -> bool:
    """An open thread ends, once: False where another process was faster."""
    mine = update(FlagThread).where(col(FlagThread.id) == thread.id, col(FlagThread.state) == "open")
    done = session.connection().execute(
        mine.values(
            state=state,
            key=f"{thread.key_result_id}:{thread.id}",
            why=why,
            value=value,
            next_step=step,
            next_on=step_on,
            ended_at=now,
        )
    )
    session.expire(thread)
    return done.rowcount == 1


def add_view(session: Session, team_id: str, values: dict[str, Any]) -> FlagView | None:
    """Keep what a co-owner said; None where this very click or form was kept before."""
    if not insert_or_ignore(session, FlagView, {"team_id": team_id, **values}):
        return None
    mine = select(FlagView).where(FlagView.team_id == team_id, FlagView.source_key == values["source_key"])
    return session.exec(mine).one()


def views_of(session: Session, team_id: str, thread_id: int) -> list[FlagView]:
    """What the co-owners said in a thread, oldest first."""
    query = select(FlagView).where(FlagView.team_id == team_id, FlagView.thread_id == thread_id)
    return list(session.exec(query.order_by(col(FlagView.id))))


def grades_of(session: Session, team_id: str, key_result_ids: Iterable[int]) -> dict[int, Fraction]:
    """The scores that people gave key results (ids) at the end of their cycles."""
    ids, found = list(key_result_ids), dict[int, Fraction]()
    for start in range(0, len(ids), _AT_ONCE):
        query = select(Grade).where(
            Grade.team_id == team_id, col(Grade.key_result_id).in_(ids[start : start + _AT_ONCE])
        )
        found |= {row.key_result_id: Fraction(row.score) for row in session.exec(query) if row.score is not None}
    return found
