"""Whether a database is current is found out without Alembic, so the two must agree."""

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from storage import marks
from storage.database import Database
from storage.marks import Changed
from storage.schema import HERE, is_current, migrate, newest
from storage.tables import CheckinAsk, DigestIssue, Person, Unit, UnitLead, Workspace

NOON = "'2026-11-02 12:00:00'"
FIRST_RELEASE = (
    "INSERT INTO workspace (team_id, name, timezone, url, at_risk_above, off_track_above, created_at)"
    f" VALUES ('T1', 'Acme', 'UTC', '', 10, 25, {NOON})",
    "INSERT INTO person (id, team_id, key, name) VALUES (1, 'T1', 'ana', 'Ana')",
    "INSERT INTO unit (id, team_id, key, name, level, position) VALUES (1, 'T1', 'crm', 'CRM', 'product_line', 0)",
    "INSERT INTO unit_lead (unit_id, person_id, team_id, position) VALUES (1, 1, 'T1', 0)",
    "INSERT INTO checkin_round (id, team_id, unit_id, local_date, number, slot, due_at, state, reason)"
    f" VALUES (1, 'T1', 1, '2026-11-02', 1, {NOON}, {NOON}, 'open', '')",
    "INSERT INTO checkin_ask (id, team_id, round_id, person_id, slot, due_at, remind_at, state)"
    f" VALUES (1, 'T1', 1, 1, {NOON}, {NOON}, {NOON}, 'asked')",
)

ONE_OBJECTIVE = (
    "INSERT INTO cycle (id, team_id, key, starts, ends, position)"
    " VALUES (1, 'T1', 'Q4', '2026-10-01', '2026-12-31', 0)",
    "INSERT INTO objective (id, team_id, key, title, unit_id, cycle_id, position)"
    " VALUES (7, 'T1', 'O-7', 'Customers start', 1, 1, 0)",
)
COARSE = {
    "sqlite": (
        "DROP TRIGGER mark_objective_update",
        "CREATE TRIGGER mark_objective_update AFTER UPDATE ON objective BEGIN "
        "UPDATE portfolio_mark SET revision = revision + 1 WHERE team_id = NEW.team_id AND part = 'head'; "
        "UPDATE portfolio_mark SET revision = (SELECT max(revision) FROM portfolio_mark WHERE team_id = NEW.team_id) "
        "WHERE team_id = NEW.team_id AND part = 'plan' AND row_id = 0; END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION portfolio_change() RETURNS trigger AS $$ BEGIN "
        "PERFORM portfolio_touch(NEW.team_id, TG_ARGV[0], 0); RETURN NULL; END $$ LANGUAGE plpgsql",
    ),
}
"""What marked the whole plan before there were marks of each objective."""


def test_the_newest_file_is_alembics_head() -> None:
    assert newest() == ScriptDirectory(str(HERE)).get_current_head()


def test_an_empty_database_is_not_current_until_it_is_migrated(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'new.db'}")
    assert not is_current(db)
    migrate(db)
    assert is_current(db)
    db.close()


def test_a_database_of_the_first_release_keeps_its_rows(bare_db: Database) -> None:
    _at_revision(bare_db, "0001")
    with bare_db.engine.begin() as connection:
        for statement in FIRST_RELEASE:
            connection.execute(text(statement))
    migrate(bare_db)
    with bare_db.transaction(readonly=True) as session:
        person = session.exec(select(Person)).one()
        assert (person.key, person.admin, person.away_by) == ("ana", False, "")
        assert session.exec(select(UnitLead)).one().person_id == person.id
        assert session.exec(select(CheckinAsk)).one().reason == ""
        assert session.get_one(Workspace, "T1").nudges_a_week == 5


def test_digests_that_lines_were_given_before_there_were_audiences_are_their_own(bare_db: Database) -> None:
    _at_revision(bare_db, "0001")
    with bare_db.engine.begin() as connection:
        for statement in FIRST_RELEASE:
            connection.execute(text(statement))
    _at_revision(bare_db, "0002")
    with bare_db.engine.begin() as connection:
        units = (
            "INSERT INTO unit (id, team_id, key, name, level, position) VALUES (2, 'T1', 'suite', 'S', 'portfolio', 1)"
        )
        connection.execute(text(units))
        for unit in (1, 2):
            row = f"({unit}, 'T1', {unit}, '2026-11-06', {NOON}, 'issued', '')"
            into = "INSERT INTO digest_issue (id, team_id, unit_id, local_date, slot, state, reason) VALUES "
            connection.execute(text(into + row))
    migrate(bare_db)
    with bare_db.transaction(readonly=True) as session:
        given = {row.unit_id: row.audience for row in session.exec(select(DigestIssue))}
    assert given == {1: "unit", 2: "leadership"}


def test_marks_of_a_whole_plan_become_marks_of_each_objective(bare_db: Database) -> None:
    _at_revision(bare_db, "0003")
    with bare_db.engine.begin() as connection:
        for statement in (*FIRST_RELEASE, *ONE_OBJECTIVE, *COARSE[connection.dialect.name]):
            connection.exec_driver_sql(statement)
    assert _marked(bare_db).plan == {0}
    migrate(bare_db)
    assert _marked(bare_db).plan == {7}


def _marked(db: Database) -> Changed:
    """What is marked when the objective is given another title."""
    with db.transaction(readonly=True) as session:
        head = marks.changed(session, "T1", since=0).head
    with db.transaction() as session:
        session.execute(text("UPDATE objective SET title = 'Customers stay' WHERE id = 7"))
    with db.transaction(readonly=True) as session:
        return marks.changed(session, "T1", since=head)


def test_a_table_that_was_built_anew_keeps_its_references_and_checks(bare_db: Database) -> None:
    migrate(bare_db)
    with bare_db.transaction() as session:
        session.add(Workspace(team_id="T1", created_at=datetime(2026, 1, 1, tzinfo=UTC)))
    for wrong in (
        Person(team_id="T1", key="ana", name="Ana", away_by="rumour"),
        Person(team_id="T1", key="ana", name="Ana", delegate_id=99),
        Unit(team_id="T1", key="crm", name="CRM", level="kingdom"),
    ):
        with pytest.raises(IntegrityError), bare_db.transaction() as session:
            session.add(wrong)


def _at_revision(db: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["engine"] = db.engine
    command.upgrade(config, revision)


def test_looking_waits_for_no_writer(sqlite_db: Database) -> None:
    writer = sqlite3.connect(sqlite_db.url.removeprefix("sqlite:///"), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    assert is_current(sqlite_db)
    writer.execute("ROLLBACK")
    writer.close()


def test_a_start_imports_neither_alembic_nor_the_models_library() -> None:
    code = "import sys, bot.running, storage.schema; print([m for m in ('alembic', 'openai') if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], cwd=HERE.parents[1], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
