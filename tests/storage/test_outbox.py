"""The outbox's books: promised once, leased, settled; live messages coalesce; replies wait for their parent."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from storage import outbox
from storage.database import Database
from storage.outbox import Promise
from storage.tables import OutboxRow, Workspace
from tests.conftest import TEAM

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def note(key: str = "k", **more: object) -> Promise:
    return Promise(key=key, kind="checkin_prompt", to="U1", data={"a": 1}, **more)  # type: ignore[arg-type]


def take(session: Session, *, now: datetime = NOW) -> list[OutboxRow]:
    rows = outbox.ready(session, TEAM, now=now, limit=10)
    for row in rows:
        outbox.lease(session, row, by="me", now=now, seconds=30)
    return rows


def test_a_key_is_promised_once(db: Database, team: str) -> None:
    with db.transaction() as s:
        assert outbox.promise(s, team, note(), now=NOW)
        assert not outbox.promise(s, team, note(), now=LATER)
        assert len(outbox.ready(s, team, now=LATER, limit=10)) == 1


def test_nothing_is_due_before_its_time(db: Database, team: str) -> None:
    with db.transaction() as s:
        outbox.promise(s, team, note(due_at=LATER), now=NOW)
        assert outbox.ready(s, team, now=NOW, limit=10) == []
        assert len(outbox.ready(s, team, now=LATER, limit=10)) == 1


def test_a_leased_row_is_not_taken_twice_until_the_lease_lapses(db: Database, team: str) -> None:
    with db.transaction() as s:
        outbox.promise(s, team, note(), now=NOW)
        assert len(take(s)) == 1
    with db.transaction() as s:
        assert take(s, now=NOW + timedelta(seconds=29)) == []
        [again] = take(s, now=NOW + timedelta(seconds=31))
        assert again.uncertain and again.attempts == 2


def test_a_reply_waits_for_its_parent_and_dies_with_it(db: Database, team: str) -> None:
    with db.transaction() as s:
        outbox.promise(s, team, note("parent"), now=NOW)
        outbox.promise(s, team, note("reply", thread_of="parent"), now=NOW)
        [parent] = take(s)
        assert parent.key == "parent"
    with db.transaction() as s:
        outbox.settle_dead(s, parent, by="me", error="is_archived")
        reply = outbox.find(s, team, "reply")
    assert reply is not None
    assert (reply.state, reply.error) == ("dead", "its parent could not be delivered: is_archived")


def test_a_reply_follows_once_its_parent_is_sent(db: Database, team: str) -> None:
    with db.transaction() as s:
        outbox.promise(s, team, note("parent"), now=NOW)
        outbox.promise(s, team, note("reply", thread_of="parent"), now=NOW)
        [parent] = take(s)
    with db.transaction() as s:
        outbox.settle_sent(s, parent, by="me", channel="D1", ts="1.1", now=NOW)
    with db.transaction() as s:
        assert [r.key for r in take(s)] == ["reply"]
        found = outbox.by_message(s, team, "D1", "1.1")
        assert found is not None and found.key == "parent"


def test_changes_to_a_live_message_coalesce_into_one_update(db: Database, team: str) -> None:
    live = note(mode="live")
    with db.transaction() as s:
        outbox.keep_current(s, team, live, now=NOW)
        [row] = take(s)
    with db.transaction() as s:
        outbox.settle_sent(s, row, by="me", channel="D1", ts="1.1", now=NOW)
    with db.transaction() as s:
        for _ in range(3):
            outbox.keep_current(s, team, live, now=NOW)
    with db.transaction() as s:
        assert len(take(s)) == 1


def test_a_change_during_a_send_makes_the_live_message_due_again(db: Database, team: str) -> None:
    with db.transaction() as s:
        outbox.keep_current(s, team, note(mode="live"), now=NOW)
        [row] = take(s)
    with db.transaction() as s:
        outbox.again(s, team, "k", now=NOW)
    with db.transaction() as s:
        outbox.settle_sent(s, row, by="me", channel="D1", ts="1.1", now=NOW)
    with db.transaction() as s:
        assert [r.key for r in take(s)] == ["k"]


def test_a_sender_that_lost_its_lease_settles_nothing(db: Database, team: str) -> None:
    with db.transaction() as s:
        outbox.promise(s, team, note(), now=NOW)
        [row] = take(s)
    with db.transaction() as s:
        outbox.settle_sent(s, row, by="someone else", channel="D1", ts="1.1", now=NOW)
        found = outbox.find(s, team, "k")
    assert found is not None and found.state == "leased"


def test_what_another_workspace_promised_is_not_this_ones_to_send(db: Database, team: str) -> None:
    with db.transaction() as s:
        s.add(Workspace(team_id="T0OTHER", created_at=NOW))
        s.flush()
        outbox.promise(s, "T0OTHER", note(), now=NOW)
        assert outbox.ready(s, team, now=NOW, limit=10) == []
        assert outbox.unsettled(s, team) == []
        assert outbox.next_due(s, team) is None
        assert len(outbox.ready(s, "T0OTHER", now=NOW, limit=10)) == 1


def test_several_live_messages_are_due_again_at_once_at_an_instant_of_any_zone(db: Database, team: str) -> None:
    with db.transaction() as s:
        for key in ("a", "b", "c"):
            outbox.keep_current(s, team, note(key, mode="live"), now=NOW)
        rows = take(s)
    with db.transaction() as s:
        for row in rows:
            outbox.settle_sent(s, row, by="me", channel="D1", ts=row.key, now=NOW)
    berlin = LATER.astimezone(ZoneInfo("Europe/Berlin"))
    with db.transaction() as s:
        outbox.again(s, team, "a", "b", "nobody", now=berlin)
    with db.transaction() as s:
        assert [(r.key, r.due_at) for r in outbox.ready(s, team, now=LATER, limit=10)] == [("a", LATER), ("b", LATER)]
