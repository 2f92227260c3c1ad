"""The outbox: effects are promised here in the transaction that decides them, then claimed, sent and settled.

Four rules make "exactly one message": a unique key per effect, a lease per attempt, a look at Slack before a
second attempt (`uncertain`), and a shared pace reserved here. This module only keeps the books; it sends nothing.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, literal, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage import dialects, pace
from storage.columns import Instant
from storage.dialects import insert_or_ignore
from storage.tables import OutboxRow

CLAIM = 0x91B0B  # the name, as PostgreSQL's advisory locks have them, of the right to claim


def home_key(user: str) -> str:
    """The key of a person's App Home."""
    return f"home:{user}"


@dataclass(frozen=True)
class Promise:
    """An effect to promise. See `OutboxRow` for the fields; `due_at` None means at once."""

    key: str
    kind: str
    to: str
    data: dict[str, Any]
    mode: str = "post"
    due_at: datetime | None = None
    thread_of: str | None = None
    thread_ts: str | None = None


def promise(session: Session, team_id: str, what: Promise, *, now: datetime) -> bool:
    """Promise an effect once. Returns False, and changes nothing, when its key was promised before.

    A reply to a message that could not be delivered is dead from the start.
    """
    lost = _lost_parent(session, team_id, what.thread_of)
    values = {
        "team_id": team_id,
        "key": what.key,
        "kind": what.kind,
        "mode": what.mode,
        "to": what.to,
        "data": what.data,
        "thread_of": what.thread_of,
        "thread_ts": what.thread_ts,
        "due_at": what.due_at or now,
        "marker": secrets.token_hex(12),
        "created_at": now,
        "state": "due" if lost is None else "dead",
        "wanted": 1,
        "rendered": 0,
        "attempts": 0,
        "uncertain": False,
        "error": lost or "",
    }
    return insert_or_ignore(session, OutboxRow, values)


def _lost_parent(session: Session, team_id: str, thread_of: str | None) -> str | None:
    parent = find(session, team_id, thread_of) if thread_of else None
    return _orphaned(parent.error) if parent is not None and parent.state == "dead" else None


def _orphaned(error: str) -> str:
    return f"its parent could not be delivered: {error}"


def keep_current(session: Session, team_id: str, what: Promise, *, now: datetime) -> None:
    """Promise a live message, or make it due again: many changes before the next send are one update.

    An App Home that was refused once is tried anew, because what it shows has changed.
    """
    if promise(session, team_id, what, now=now):
        return
    if what.mode == "home":
        mine = and_(col(OutboxRow.team_id) == team_id, col(OutboxRow.key) == what.key)
        session.execute(
            update(OutboxRow).where(mine, col(OutboxRow.state) == "dead").values(state="due", due_at=now, error="")
        )
    again(session, team_id, what.key, now=now)


def again(session: Session, team_id: str, *keys: str, now: datetime) -> None:
    """Make live messages that exist due again; nothing happens where there is none."""
    if not keys:
        return
    mine = and_(col(OutboxRow.team_id) == team_id, col(OutboxRow.key).in_(keys), col(OutboxRow.state) != "dead")
    shown = col(OutboxRow.state) == "sent"
    changed = (
        update(OutboxRow)
        .where(mine)
        .values(
            wanted=OutboxRow.wanted + 1,
            due_at=case((shown, literal(now, Instant)), else_=col(OutboxRow.due_at)),
            state=case((shown, "due"), else_=col(OutboxRow.state)),
        )
    )
    session.connection().execute(changed)  # Core: every change of a value comes by here, once for each lead's Home


def come_alive(session: Session, team_id: str, key: str, data: dict[str, Any], *, now: datetime) -> None:
    """Make a message that was promised with frozen data one that follows its subject, and due again."""
    mine = and_(col(OutboxRow.team_id) == team_id, col(OutboxRow.key) == key, col(OutboxRow.mode) == "post")
    session.execute(update(OutboxRow).where(mine).values(mode="live", data=data))
    again(session, team_id, key, now=now)


def retell(session: Session, team_id: str, key: str, data: dict[str, Any], *, now: datetime) -> None:
    """Give a live message other data, and make it due again."""
    mine = and_(col(OutboxRow.team_id) == team_id, col(OutboxRow.key) == key)
    session.execute(update(OutboxRow).where(mine).values(data=data))
    again(session, team_id, key, now=now)


def take_back(session: Session, team_id: str, key: str, *, error: str, now: datetime) -> None:
    """Have a message deleted where it stands, once. One that was not tried yet never will be, because of `error`."""
    mine = and_(col(OutboxRow.team_id) == team_id, col(OutboxRow.key) == key)
    unsent = and_(mine, col(OutboxRow.state) == "due", col(OutboxRow.ts).is_(None), ~col(OutboxRow.uncertain))
    session.execute(update(OutboxRow).where(unsent).values(state="dead", error=error))
    session.execute(
        update(OutboxRow).where(mine, col(OutboxRow.state) != "dead").values(mode="gone", data=None, error=error)
    )
    again(session, team_id, key, now=now)


def alone(session: Session) -> None:
    """Claim alone: senders in other processes wait, so that rows go in order and the pace is counted once."""
    dialects.alone(session, CLAIM)


def ready(
    session: Session, team_id: str, *, now: datetime, limit: int, without: Collection[str] = ()
) -> list[OutboxRow]:
    """A workspace's rows that may be sent now: due, or with a lease that ran out, and with nothing of the pace in their
    way. Replies come after their parent, but before whatever else is due, so that nobody's receipt waits behind a
    thousand prompts; else the oldest comes first. No posts to the places `without`. Call it under `alone`."""
    parent = aliased(OutboxRow)
    begins = and_(col(OutboxRow.thread_of).is_(None), col(OutboxRow.thread_ts).is_(None))
    query = (
        select(OutboxRow)
        .outerjoin(parent, _parent_of_row(parent))
        .where(OutboxRow.team_id == team_id, _open(now), _answerable(parent), ~pace.taken(now))
        .where(~_posts_to(without))
        .order_by(begins, col(OutboxRow.due_at), col(OutboxRow.id))
        .limit(limit)
        .with_for_update(skip_locked=True, of=OutboxRow)
    )
    return list(session.exec(query))


def _posts_to(places: Collection[str]) -> ColumnElement[bool]:
    posts = and_(col(OutboxRow.ts).is_(None), col(OutboxRow.mode) != "home")
    return and_(posts, col(OutboxRow.to).in_(places))


def _parent_of_row(parent: type[OutboxRow]) -> ColumnElement[bool]:
    return and_(col(parent.team_id) == OutboxRow.team_id, col(parent.key) == OutboxRow.thread_of)


def _answerable(parent: type[OutboxRow]) -> ColumnElement[bool]:
    return or_(col(OutboxRow.thread_of).is_(None), col(parent.ts).is_not(None))


def _open(now: datetime) -> ColumnElement[bool]:
    due = and_(col(OutboxRow.state) == "due", col(OutboxRow.due_at) <= now)
    lapsed = and_(col(OutboxRow.state) == "leased", col(OutboxRow.lease_until) <= now)
    return or_(due, lapsed)


def lease(session: Session, row: OutboxRow, *, by: str, now: datetime, seconds: float) -> None:
    """Take a row for one attempt. A lease that lapsed leaves the earlier attempt's outcome unknown."""
    row.uncertain = row.uncertain or row.state == "leased"
    row.state, row.lease_by = "leased", by
    row.lease_until = now + timedelta(seconds=seconds)
    row.attempts += 1
    session.add(row)


def parent_of(session: Session, row: OutboxRow) -> OutboxRow | None:
    """The row whose message this one replies to."""
    if row.thread_of is None:
        return None
    return find(session, row.team_id, row.thread_of)


def find(session: Session, team_id: str, key: str) -> OutboxRow | None:
    """The row with this key."""
    return session.exec(select(OutboxRow).where(OutboxRow.team_id == team_id, OutboxRow.key == key)).first()


def by_message(session: Session, team_id: str, channel: str, ts: str) -> OutboxRow | None:
    """The row that was sent as this message; how a reply's thread is recognised."""
    query = select(OutboxRow).where(OutboxRow.team_id == team_id, OutboxRow.channel == channel, OutboxRow.ts == ts)
    return session.exec(query).first()


def _mine(row_id: int, by: str) -> ColumnElement[bool]:
    return and_(col(OutboxRow.id) == row_id, col(OutboxRow.lease_by) == by, col(OutboxRow.state) == "leased")


def put_down(session: Session, row: OutboxRow, *, by: str, data: dict[str, Any]) -> None:
    """Keep with a leased row what a later attempt has to know of this one."""
    assert row.id is not None
    session.execute(update(OutboxRow).where(_mine(row.id, by)).values(data=data))


def settle_sent(
    session: Session, row: OutboxRow, *, by: str, channel: str | None, ts: str | None, now: datetime
) -> None:
    """The attempt reached Slack. Where the subject changed meanwhile, the row is due again at once."""
    assert row.id is not None
    session.execute(
        update(OutboxRow)
        .where(_mine(row.id, by))
        .values(
            state="sent",
            channel=channel,
            ts=ts,
            sent_at=now,
            rendered=row.wanted,
            lease_until=None,
            uncertain=False,
            attempts=0,
            error="",
        )
    )
    session.execute(
        update(OutboxRow)
        .where(col(OutboxRow.id) == row.id, col(OutboxRow.state) == "sent", col(OutboxRow.mode) != "post")
        .where(col(OutboxRow.wanted) > OutboxRow.rendered)
        .values(state="due", due_at=now)
    )


def settle_retry(session: Session, row: OutboxRow, *, by: str, due_at: datetime, uncertain: bool, error: str) -> None:
    """The attempt is to be made again at `due_at`; `uncertain` when it may have reached Slack."""
    assert row.id is not None
    session.execute(
        update(OutboxRow)
        .where(_mine(row.id, by))
        .values(state="due", due_at=due_at, uncertain=uncertain, error=error, lease_until=None)
    )


def settle_dead(session: Session, row: OutboxRow, *, by: str, error: str) -> bool:
    """It will never be sent, with the reason; replies to it die with it. False when the lease was not ours any more."""
    assert row.id is not None
    connection = session.connection()
    done = connection.execute(
        update(OutboxRow).where(_mine(row.id, by)).values(state="dead", error=error, lease_until=None)
    )
    if done.rowcount != 1:
        return False
    session.execute(
        update(OutboxRow)
        .where(col(OutboxRow.team_id) == row.team_id, col(OutboxRow.thread_of) == row.key)
        .where(col(OutboxRow.state) == "due")
        .values(state="dead", error=_orphaned(error))
    )
    return True


def next_due(session: Session, team_id: str, *, without: Collection[str] = ()) -> datetime | None:
    """The earliest instant at which a row of a workspace, but no post to the places `without`, wants to be sent and the
    pace lets it."""
    parent, free = aliased(OutboxRow), pace.free_at()
    at = case((free > col(OutboxRow.due_at), free), else_=col(OutboxRow.due_at))
    query = (
        select(at)
        .outerjoin(parent, _parent_of_row(parent))
        .where(OutboxRow.team_id == team_id, OutboxRow.state == "due", _answerable(parent))
        .where(~_posts_to(without))
        .order_by(at)
        .limit(1)
    )
    return session.exec(query).first()


def unsettled(session: Session, team_id: str) -> list[OutboxRow]:
    """What is promised and neither sent nor given up, and what was given up."""
    query = select(OutboxRow).where(OutboxRow.team_id == team_id, col(OutboxRow.state) != "sent")
    return list(session.exec(query.order_by(col(OutboxRow.id))))
