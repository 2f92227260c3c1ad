"""What changed since the last digest, by what that digest said and not by the clock alone."""

from datetime import timedelta

from prompts.client import ModelClient
from rituals.alignment.rules import connection_rate
from rituals.digests.due import open_due
from rituals.digests.issuing import prepare
from rituals.digests.service import preview
from storage.database import Database
from storage.tables import Blocker
from tests.rituals.digest_workspace import FRIDAY, TEAM, add_blocker, set_up

WEEK = timedelta(days=7)
OFF = ModelClient(mode="off")


def give(db: Database) -> None:
    """The digest of FRIDAY."""
    open_due(db, TEAM, now=FRIDAY)
    prepare(db, TEAM, now=FRIDAY, model=OFF, connection=connection_rate)


def headline(db: Database) -> str:
    return preview(db, TEAM, None, now=FRIDAY + WEEK, connection=connection_rate).headline


def test_a_blocker_that_came_while_the_last_digest_was_prepared_is_new_to_the_next(db: Database) -> None:
    set_up(db)
    give(db)
    add_blocker(db, 1, "the billing API", opened_at=FRIDAY - timedelta(seconds=1))
    assert "one new blocker" in headline(db)


def test_a_blocker_that_was_withdrawn_then_and_stands_again_is_new(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    number = add_blocker(sqlite_db, 1, "the billing API", state="withdrawn")
    give(sqlite_db)
    with sqlite_db.transaction() as session:
        row = session.get(Blocker, number)
        assert row is not None
        row.state = "open"
    assert "one new blocker" in headline(sqlite_db)


def test_a_blocker_that_the_last_digest_had_is_not_new(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    add_blocker(sqlite_db, 1, "the billing API")
    give(sqlite_db)
    assert "one blocker open" in headline(sqlite_db).lower()


def test_a_digest_of_an_earlier_instant_has_what_was_open_then(db: Database) -> None:
    set_up(db)
    add_blocker(db, 1, "the billing API", state="resolved", resolved_at=FRIDAY + WEEK)
    found = preview(db, TEAM, None, now=FRIDAY, connection=connection_rate)
    assert found.blockers_open == 1
    assert preview(db, TEAM, None, now=FRIDAY + WEEK, connection=connection_rate).blockers_open == 0
