"""The inbox: once per key, durable before the ack, shared commits, and what a restart has to work off."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from storage.database import Database, DatabaseBusyError
from storage.inbox import Inbox
from storage.tables import InboxEvent

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def test_a_redelivered_event_is_seen(db: Database, team: str) -> None:
    inbox = Inbox(db)
    assert inbox.record(team, "Ev1", "event", "{}", at=NOW)
    assert not inbox.record(team, "Ev1", "event", "{}", at=LATER)
    inbox.close()


def test_what_was_not_worked_off_is_found_again_with_its_payload(db: Database, team: str) -> None:
    inbox = Inbox(db)
    inbox.record(team, "Ev1", "event", '{"a": 1}', at=NOW)
    inbox.record(team, "Ev2", "event", "{}", at=NOW)
    inbox.handled(team, "Ev2", at=NOW)
    assert [(e.key, e.body) for e in inbox.unfinished(team, before=LATER)] == [("Ev1", '{"a": 1}')]
    inbox.close()


def test_handled_events_are_forgotten_and_open_ones_kept(db: Database, team: str) -> None:
    inbox = Inbox(db)
    inbox.record(team, "Ev1", "event", "{}", at=NOW)
    inbox.record(team, "Ev2", "event", "{}", at=NOW)
    inbox.handled(team, "Ev2", at=NOW)
    inbox.forget(team, before=LATER)
    assert not inbox.record(team, "Ev1", "event", "{}", at=LATER)
    assert inbox.record(team, "Ev2", "event", "{}", at=LATER)
    inbox.close()


def test_what_is_kept_without_a_payload_is_never_done_again_and_forgotten_in_time(db: Database, team: str) -> None:
    inbox = Inbox(db)
    assert inbox.record(team, "block_actions:1", "block_actions", "", at=NOW)
    assert not inbox.record(team, "block_actions:1", "block_actions", "", at=NOW)
    assert inbox.unfinished(team, before=LATER) == []
    inbox.forget(team, before=NOW)
    assert not inbox.record(team, "block_actions:1", "block_actions", "", at=LATER)
    inbox.forget(team, before=LATER)
    assert inbox.record(team, "block_actions:1", "block_actions", "", at=LATER)
    inbox.close()


def test_many_threads_at_once_record_each_key_exactly_once(sqlite_db: Database, team: str) -> None:
    inbox = Inbox(sqlite_db)
    with ThreadPoolExecutor(8) as pool:
        fresh = list(pool.map(lambda n: inbox.record(team, f"Ev{n % 100}", "event", "{}", at=NOW), range(400)))
    assert sum(fresh) == 100
    assert len(inbox.unfinished(team, before=LATER, limit=500)) == 100
    inbox.close()


def test_a_locked_database_is_said_and_nothing_is_taken_for_written(sqlite_db: Database, team: str) -> None:
    quick = Database(sqlite_db.url, busy_seconds=0.05)
    inbox = Inbox(quick)
    inbox.record(team, "Ev0", "event", "{}", at=NOW)
    other = sqlite3.connect(sqlite_db.url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusyError):
        inbox.record(team, "Ev1", "event", "{}", at=NOW)
    other.execute("ROLLBACK")
    other.close()
    assert inbox.record(team, "Ev1", "event", "{}", at=NOW)
    inbox.close()
    quick.close()


def test_after_a_fault_of_ours_the_payload_is_kept_under_its_reference(db: Database, team: str) -> None:
    inbox = Inbox(db)
    inbox.record(team, "Ev1", "event", '{"text": "word for word"}', at=NOW)
    inbox.handled(team, "Ev1", at=NOW, fault="7F3A-09C2")
    inbox.forget(team, before=LATER)
    assert inbox.unfinished(team, before=LATER) == []
    with db.transaction(readonly=True) as session:
        kept = session.get(InboxEvent, (team, "Ev1"))
    assert kept is not None and (kept.fault, kept.body) == ("7F3A-09C2", '{"text": "word for word"}')
    inbox.close()


def test_what_came_for_another_workspace_is_not_this_ones_to_work_off_or_to_forget(db: Database, team: str) -> None:
    inbox = Inbox(db)
    inbox.record("T0OTHER", "Ev1", "event", "{}", at=NOW)
    inbox.record("T0OTHER", "Ev2", "event", "{}", at=NOW)
    inbox.handled("T0OTHER", "Ev2", at=NOW)
    inbox.forget(team, before=LATER)
    assert inbox.unfinished(team, before=LATER) == []
    assert not inbox.record("T0OTHER", "Ev2", "event", "{}", at=LATER)
    assert len(inbox.unfinished("T0OTHER", before=LATER)) == 1
    inbox.close()
