"""Says in plain words what is wrong with a database, for the command line. It touches no database itself."""

import re

from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

BUSY = "the database is busy: another program is writing to it; try again in a moment"
_KNOWN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"database (table )?is locked"), BUSY),
    (
        re.compile(r"unable to open database file"),
        "the database file cannot be opened: check its folder and its rights",
    ),
    (re.compile(r"readonly database"), "the database file cannot be written: check its rights and those of its folder"),
    (re.compile(r"file is not a database|malformed"), "the database file is not an SQLite database, or is damaged"),
    (re.compile(r"database or disk is full|No space left"), "the disk is full: make room and try again"),
    (
        re.compile(r"no such (table|column)|UndefinedTable|UndefinedColumn|relation .* does not exist"),
        "the database has not the schema of this version: run `plumbline migrate`",
    ),
    (
        re.compile(r"password authentication failed|no password supplied|role .* does not exist"),
        "PostgreSQL refuses the user or the password: mend DATABASE_URL",
    ),
    (re.compile(r"database .* does not exist"), "PostgreSQL has no such database: create it, or mend DATABASE_URL"),
    (
        re.compile(r"connection failed|could not connect|could not translate|failed to resolve|server closed|timeout"),
        "PostgreSQL cannot be reached: start it, or mend DATABASE_URL",
    ),
)


def database_fault(error: BaseException) -> str | None:
    """One line that says what to do, or None where the error is not the database's. Never shows an address."""
    if isinstance(error, ModuleNotFoundError) and error.name == "psycopg":
        return "PostgreSQL needs its driver: pip install -e '.[postgres]'"
    if isinstance(error, (ArgumentError, NoSuchModuleError)):
        return "DATABASE_URL cannot be read: use sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
    if not isinstance(error, DBAPIError):
        return None
    text = f"{type(error.orig).__name__}: {error.orig}"
    first = text.partition("\n")[0]
    return next((words for pattern, words in _KNOWN if pattern.search(text)), f"the database says: {first}")
