"""One store of compiled SQL for all databases of a test run, because every test has a database of its own.

An engine keeps the statements it compiled to itself, as long as it lives. The bot has one engine and compiles each
statement once; the tests made thousands, and a third of their time went into compiling the same again. SQLAlchemy looks
a dialect up by name, so the names lead here to its own dialects, which only share what they compiled. No behaviour.
"""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

COMPILED: LRUCache[Any, Any] = LRUCache(3000)


class _Alike:
    """Two dialects of a kind are one: the store's keys begin with the dialect."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=COMPILED)


class SharingSQLite(_Alike, SQLiteDialect_pysqlite):
    """SQLite's dialect."""

    supports_statement_cache = True


class SharingPostgres(_Alike, PGDialect_psycopg):
    """PostgreSQL's dialect."""

    supports_statement_cache = True


def share_compiled_statements() -> None:
    """From now on, in this process."""
    registry.register("sqlite", __name__, SharingSQLite.__name__)
    registry.register("postgresql.psycopg", __name__, SharingPostgres.__name__)
