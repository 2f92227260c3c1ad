"""What is said of a database that cannot be used: one line that says what to do, and no address."""

import pytest
from sqlalchemy.exc import ArgumentError, OperationalError

from storage.faults import database_fault

ADDRESS = "postgresql://user:secret@db.example/okr"


def test_a_driver_that_is_not_installed_is_named_with_the_line_that_installs_it() -> None:
    said = database_fault(ModuleNotFoundError("No module named 'psycopg'", name="psycopg"))
    assert said == "PostgreSQL needs its driver: pip install -e '.[postgres]'"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (f'connection failed: database "okr" does not exist ({ADDRESS})', "PostgreSQL has no such database"),
        (f"connection failed: could not translate host name ({ADDRESS})", "PostgreSQL cannot be reached"),
    ],
)
def test_a_server_that_does_not_answer_is_said_with_what_to_do(words: str, said: str) -> None:
    told = database_fault(OperationalError("SELECT 1", {}, Exception(words)))
    assert told is not None
    assert told.startswith(said)
    assert "mend DATABASE_URL" in told
    assert "secret" not in told


def test_what_is_no_address_and_what_is_no_fault_of_the_database() -> None:
    assert (database_fault(ArgumentError("x")) or "").startswith("DATABASE_URL cannot be read: use sqlite:///FILE")
    assert database_fault(ModuleNotFoundError("No module named 'other'", name="other")) is None
    assert database_fault(ValueError("x")) is None
