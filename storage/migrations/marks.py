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
"""Which part of a portfolio a table belongs to."""

COLUMNS = {
    "objective": "id",
    "contribution": "objective_id",
    "key_result": "objective_id",
    "key_result_owner": "key_result_id",
    "key_result_update": "key_result_id",
}
"""What a mark names: of the plan the objective (0 where it is not known any more), of the history the key result. The
ground is row 0."""
_HOME = "COALESCE((SELECT objective_id FROM key_result WHERE id = {}), 0)"  # of the key result that is owned

_FUNCTIONS = (
    "portfolio_begin()",
    "portfolio_change()",
    "portfolio_row(text, text, jsonb)",
    "portfolio_touch(text, text, integer)",
)
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
        for function in _FUNCTIONS:
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
            body = " ".join(line for row in rows for line in _touch(row, part, _which(table, row)))
            name = _name(table, event)
            yield f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event.upper()} ON {table} BEGIN {body} END"


def _which(table: str, row: str) -> str:
    """What a mark names, as SQLite's triggers say it."""
    column = f"{row}.{COLUMNS[table]}" if table in COLUMNS else "0"
    return _HOME.format(column) if table == "key_result_owner" else column


def _touch(row: str, part: str, which: str) -> tuple[str, ...]:
    """No statement here can conflict: what a conflict does is decided by the statement that fires the trigger."""
    head = f"team_id = {row}.team_id AND part = 'head' AND row_id = 0"
    return (
        f"UPDATE portfolio_mark SET revision = revision + 1 WHERE {head};",
        f"DELETE FROM portfolio_mark WHERE team_id = {row}.team_id AND part = '{part}' AND row_id = {which};",
        "INSERT INTO portfolio_mark (team_id, part, row_id, revision, xid) "
        f"SELECT team_id, '{part}', {which}, revision, 0 FROM portfolio_mark WHERE {head};",
    )


# One revision a transaction: a row that is changed ten thousand times in one is searched through all of them.
_POSTGRES_TOUCH = """
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
_POSTGRES_ROW = f"""
CREATE OR REPLACE FUNCTION portfolio_row(of_table text, of_column text, was jsonb) RETURNS integer AS $$
  SELECT CASE WHEN of_column = '' THEN 0
    WHEN of_table = 'key_result_owner' THEN {_HOME.format("(was->>of_column)::integer")}
    ELSE (was->>of_column)::integer END
$$ LANGUAGE sql"""
_POSTGRES_CHANGE = """
CREATE OR REPLACE FUNCTION portfolio_change() RETURNS trigger AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM portfolio_touch(
      OLD.team_id, TG_ARGV[0], portfolio_row(TG_TABLE_NAME::text, TG_ARGV[1], to_jsonb(OLD)));
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM portfolio_touch(
      NEW.team_id, TG_ARGV[0], portfolio_row(TG_TABLE_NAME::text, TG_ARGV[1], to_jsonb(NEW)));
  END IF;
  RETURN NULL;
END $$ LANGUAGE plpgsql"""
_POSTGRES_BEGIN = """
CREATE OR REPLACE FUNCTION portfolio_begin() RETURNS trigger AS $$
BEGIN
  INSERT INTO portfolio_mark (team_id, part, row_id, revision, xid) VALUES
    (NEW.team_id, 'head', 0, 1, 0), (NEW.team_id, 'ground', 0, 1, 0), (NEW.team_id, 'plan', 0, 1, 0)
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$ LANGUAGE plpgsql"""


def _postgres() -> Iterator[str]:
    yield from (_POSTGRES_TOUCH, _POSTGRES_ROW, _POSTGRES_CHANGE, _POSTGRES_BEGIN)
    yield from _on("workspace", "begin", "INSERT", "portfolio_begin()")
    for table, part in PARTS.items():
        call = f"portfolio_change('{part}', '{COLUMNS.get(table, '')}')"
        yield from _on(table, "change", "INSERT OR UPDATE OR DELETE", call)


def _on(table: str, event: str, events: str, call: str) -> tuple[Any, ...]:
    name = _name(table, event)
    return (
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} AFTER {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {call}",
    )
