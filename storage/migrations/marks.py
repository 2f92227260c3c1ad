"""Triggers that mark what of a portfolio has changed, whoever changes it: an ORM object, a bulk statement, another
process, an operator with a shell. `storage.marks` reads what they write.

For migrations only. SQLite drops a table's triggers when a migration builds the table anew: such a migration calls
`create` again at its end, and a test fails where it does not.
"""

# ruff: noqa: S608 - every statement is made of words of this module
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

PARTS = {
    "workspace": "ground",
    "person": "ground",
    "unit": "ground",
    "unit_lead": "ground",
    "cycle": "ground",
    "objective": "plan",
    "contribution": "plan",
    "key_result": "plan",
    "key_result_owner": "plan",
    "key_result_update": "history",
}
"""Which part of a portfolio a table belongs to. A mark of the history names the key result, the others are row 0."""

_EVENTS = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}


def create(connection: Connection) -> None:
    """Create every trigger that is missing, and the marks of the workspaces that are there already."""
    for statement in _statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
    known = "SELECT 1 FROM portfolio_mark AS known WHERE known.team_id = workspace.team_id AND known.part = '{}'"
    for part in ("head", "ground", "plan"):
        connection.exec_driver_sql(
            "INSERT INTO portfolio_mark (team_id, part, row_id, revision, xid) "
            f"SELECT team_id, '{part}', 0, 1, 0 FROM workspace WHERE NOT EXISTS ({known.format(part)})"
        )


def drop(connection: Connection) -> None:
    """Take every trigger away."""
    postgres = connection.dialect.name == "postgresql"
    for table in PARTS:
        for event in ("insert",) if postgres else _EVENTS:
            on = f" ON {table}" if postgres else ""
            name = _name(table, "change" if postgres else event)
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{on}")
    name = _name("workspace", "begin")
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{' ON workspace' if postgres else ''}")
    if postgres:
        for function in ("portfolio_begin()", "portfolio_change()", "portfolio_touch(text, text, integer)"):
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {function}")


def _name(table: str, event: str) -> str:
    return f"mark_{table}_{event}"


def _statements(dialect: str) -> Iterator[str]:
    yield from _postgres() if dialect == "postgresql" else _sqlite()


def _sqlite() -> Iterator[str]:
    yield (
        f"CREATE TRIGGER IF NOT EXISTS {_name('workspace', 'begin')} AFTER INSERT ON workspace BEGIN "
        "INSERT INTO portfolio_mark (team_id, part, row_id, revision, xid) "
        "SELECT NEW.team_id, part, 0, 1, 0 FROM (SELECT 'head' AS part UNION SELECT 'ground' UNION SELECT 'plan') "
        "AS made WHERE NOT EXISTS (SELECT 1 FROM portfolio_mark AS known WHERE known.team_id = NEW.team_id "
        "AND known.part = made.part); END"
    )
    for table, part in PARTS.items():
        for event, rows in _EVENTS.items():
            body = " ".join(line for row in rows for line in _touch(row, part))
            name = _name(table, event)
            yield f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event.upper()} ON {table} BEGIN {body} END"


def _touch(row: str, part: str) -> tuple[str, ...]:
    """No statement here can conflict: what a conflict does is decided by the statement that fires the trigger."""
    head = f"(SELECT revision FROM portfolio_mark WHERE team_id = {row}.team_id AND part = 'head' AND row_id = 0)"
    next_one = (
        f"UPDATE portfolio_mark SET revision = revision + 1 WHERE team_id = {row}.team_id "
        "AND part = 'head' AND row_id = 0;"
    )
    if part != "history":
        where = f"team_id = {row}.team_id AND part = '{part}' AND row_id = 0"
        return next_one, f"UPDATE portfolio_mark SET revision = {head} WHERE {where};"
    where = f"team_id = {row}.team_id AND part = 'history' AND row_id = {row}.key_result_id"
    return (
        next_one,
        f"DELETE FROM portfolio_mark WHERE {where};",
        "INSERT INTO portfolio_mark (team_id, part, row_id, revision, xid) "
        f"SELECT team_id, 'history', {row}.key_result_id, revision, 0 FROM portfolio_mark "
        f"WHERE team_id = {row}.team_id AND part = 'head' AND row_id = 0;",
    )


def _postgres() -> Iterator[str]:
    """One revision a transaction: a row that is changed ten thousand times in one is searched through all of them."""
    yield """
        CREATE OR REPLACE FUNCTION portfolio_touch(team text, what text, which integer) RETURNS void AS $$
        DECLARE now_at bigint;
        BEGIN
          UPDATE portfolio_mark SET revision = revision + 1, xid = txid_current()
            WHERE team_id = team AND part = 'head' AND row_id = 0 AND xid <> txid_current();
          SELECT revision INTO now_at FROM portfolio_mark WHERE team_id = team AND part = 'head' AND row_id = 0;
          INSERT INTO portfolio_mark (team_id, part, row_id, revision, xid) VALUES (team, what, which, now_at, 0)
            ON CONFLICT (team_id, part, row_id) DO UPDATE SET revision = EXCLUDED.revision
            WHERE portfolio_mark.revision < EXCLUDED.revision;
        END $$ LANGUAGE plpgsql"""
    yield """
        CREATE OR REPLACE FUNCTION portfolio_change() RETURNS trigger AS $$
        DECLARE history boolean := TG_ARGV[0] = 'history';
        BEGIN
          IF TG_OP <> 'INSERT' THEN
            PERFORM portfolio_touch(OLD.team_id, TG_ARGV[0],
              CASE WHEN history THEN (to_jsonb(OLD)->>'key_result_id')::integer ELSE 0 END);
          END IF;
          IF TG_OP <> 'DELETE' THEN
            PERFORM portfolio_touch(NEW.team_id, TG_ARGV[0],
              CASE WHEN history THEN (to_jsonb(NEW)->>'key_result_id')::integer ELSE 0 END);
          END IF;
          RETURN NULL;
        END $$ LANGUAGE plpgsql"""
    yield """
        CREATE OR REPLACE FUNCTION portfolio_begin() RETURNS trigger AS $$
        BEGIN
          INSERT INTO portfolio_mark (team_id, part, row_id, revision, xid) VALUES
            (NEW.team_id, 'head', 0, 1, 0), (NEW.team_id, 'ground', 0, 1, 0), (NEW.team_id, 'plan', 0, 1, 0)
            ON CONFLICT DO NOTHING;
          RETURN NULL;
        END $$ LANGUAGE plpgsql"""
    yield from _on("workspace", "begin", "INSERT", "portfolio_begin()")
    for table, part in PARTS.items():
        yield from _on(table, "change", "INSERT OR UPDATE OR DELETE", f"portfolio_change('{part}')")


def _on(table: str, event: str, events: str, call: str) -> tuple[Any, ...]:
    name = _name(table, event)
    return (
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} AFTER {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {call}",
    )
