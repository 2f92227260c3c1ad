"""Each table of a portfolio marks each kind of change, by whatever statement, and nothing else does."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from storage import marks
from storage.database import Database
from storage.dialects import insert_or_ignore, upsert
from storage.marks import Changed
from storage.migrations.marks import PARTS
from storage.tables import (
    Contribution,
    Cycle,
    InboxEvent,
    KeyResult,
    KeyResultOwner,
    KeyResultUpdate,
    Objective,
    Person,
    Unit,
    UnitLead,
    Workspace,
)

TEAM, AT = "T9", datetime(2026, 1, 1, tzinfo=UTC)
FIRST_WHAT_IS_POINTED_AT: tuple[Any, ...] = (
    Workspace(team_id=TEAM, name="Nine", created_at=AT),
    Person(team_id=TEAM, id=901, key="p", name="P"),
    Unit(team_id=TEAM, id=901, key="u", name="U", level="team"),
    UnitLead(team_id=TEAM, unit_id=901, person_id=901),
    Cycle(team_id=TEAM, id=901, key="c", starts=date(2026, 1, 1), ends=date(2026, 3, 31)),
    Objective(team_id=TEAM, id=901, key="O", unit_id=901, cycle_id=901, title="O"),
    Contribution(team_id=TEAM, objective_id=901, to_objective_id=901),
    KeyResult(team_id=TEAM, id=901, key="K", objective_id=901, title="K"),
    KeyResultOwner(team_id=TEAM, key_result_id=901, unit_id=901),
    KeyResultUpdate(team_id=TEAM, id=901, key_result_id=901, at=AT, value=Decimal(1)),
)


class Watch:
    """What was marked since it last looked."""

    def __init__(self, db: Database) -> None:
        self.db, self.seen = db, 0

    def marked(self) -> Changed:
        with self.db.transaction(readonly=True) as session:
            found = marks.changed(session, TEAM, since=self.seen)
        self.seen = found.head
        return found


def part(table: str, head: int) -> Changed:
    """Exactly the part that a table belongs to."""
    kind, named, none = PARTS[table], frozenset({901}), frozenset[int]()
    plan, said = (named if kind == part else none for part in ("plan", "history"))
    return Changed(head, ground=kind == "ground", plan=plan, said_of=said)


def test_every_insert_update_and_delete_is_marked_for_its_part(db: Database) -> None:
    watch = Watch(db)
    rows = [type(row)(**row.model_dump()) for row in FIRST_WHAT_IS_POINTED_AT]
    assert {row.__tablename__ for row in rows} == set(PARTS)
    with db.transaction() as session:
        session.add(rows[0])
    assert watch.marked().head > 0
    for row in rows[1:]:
        with db.transaction() as session:
            session.add(row)
        found = watch.marked()
        assert found == part(row.__tablename__, found.head)
    for row in rows:
        with db.transaction() as session:
            session.execute(text(f"UPDATE {row.__tablename__} SET team_id = team_id WHERE team_id = '{TEAM}'"))
        found = watch.marked()
        assert found == part(row.__tablename__, found.head)
    for row in reversed(rows):
        with db.transaction() as session:
            session.execute(text(f"DELETE FROM {row.__tablename__} WHERE team_id = '{TEAM}'"))
        found = watch.marked()
        assert found == part(row.__tablename__, found.head)


@pytest.fixture
def watch(db: Database) -> Watch:
    """A workspace with a unit, all of it seen."""
    with db.transaction() as session:
        session.add(Workspace(team_id=TEAM, name="Nine", created_at=AT))
        session.flush()
        session.add(Unit(team_id=TEAM, id=901, key="u", name="U", level="team"))
    found = Watch(db)
    found.marked()
    return found


def unit(name: str) -> dict[str, Any]:
    """A unit's columns."""
    return {"team_id": TEAM, "id": 901, "key": "u", "name": name, "level": "team", "binding": False, "private": False,
            "position": 0}  # fmt: skip


def test_nothing_is_marked_where_nothing_was_written(watch: Watch) -> None:
    seen = watch.seen
    with watch.db.transaction() as session:
        assert not insert_or_ignore(session, Unit, unit("Other"))
        session.add(InboxEvent(team_id=TEAM, key="k", kind="command", body="", received_at=AT))
    assert watch.marked() == Changed(seen)


def test_an_insert_that_replaces_is_marked(watch: Watch) -> None:
    with watch.db.transaction() as session:
        upsert(session, Unit, unit("Other"), on=["id"])
    assert watch.marked().ground


@pytest.mark.parametrize("word", ["IGNORE", "REPLACE", "ROLLBACK", "ABORT"])
def test_an_insert_or_something_of_sqlite_is_marked(sqlite_db: Database, word: str) -> None:
    """SQLite hands the outer statement's way with conflicts down to its triggers: there must be none in them."""
    watch = Watch(sqlite_db)
    with sqlite_db.transaction() as session:
        session.add(Workspace(team_id=TEAM, name="Nine", created_at=AT))
    watch.marked()
    rest = "(team_id, key, name, binding, private, level, position)"
    for number in range(2):
        with sqlite_db.transaction() as session:
            values = f"('{TEAM}', 'u{number}', 'U', 0, 0, 'team', 0)"
            session.execute(text(f"INSERT OR {word} INTO unit {rest} VALUES {values}"))
        assert watch.marked().ground


def test_what_is_undone_leaves_no_mark(watch: Watch) -> None:
    seen = watch.seen
    with watch.db.transaction() as session:
        inside = session.begin_nested()
        session.execute(text("UPDATE unit SET name = 'Other'"))
        assert marks.changed(session, TEAM, since=seen).ground
        inside.rollback()
        assert marks.changed(session, TEAM, since=seen) == Changed(seen)
        assert marks.wrote(session)  # still: it errs on the safe side
    assert watch.marked() == Changed(seen)


def test_a_transaction_knows_whether_it_wrote(watch: Watch) -> None:
    def wrote(session: Session) -> bool:
        return marks.wrote(session)

    for _ in range(2):  # the connection comes from the pool again
        with watch.db.transaction(readonly=True) as session:
            assert not wrote(session)
        with watch.db.transaction() as session:
            assert not wrote(session)
            session.execute(text("UPDATE workspace SET name = 'Other'"))
            assert wrote(session)
