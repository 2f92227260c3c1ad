"""The answer form as a use case: what an edited form is counted from."""

from decimal import Decimal

from storage.database import Database
from tests.rituals.checkin_workspace import PAT, ask_everybody, send_form, set_up, state


def values(db: Database, key: str) -> list[Decimal | None]:
    """The history of a key result that is in force."""
    return [update.value for update in state(db).key_results[key].updates]


def test_a_change_in_an_edited_form_is_added_to_what_stood_before_the_form(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    send_form(sqlite_db, PAT, {"KR-2": "+5"})
    send_form(sqlite_db, PAT, {"KR-2": "+6"}, view="V2")
    assert values(sqlite_db, "KR-2") == [Decimal(10), Decimal(16)]


def test_a_form_that_came_before_changes_nothing_when_it_comes_again(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    send_form(sqlite_db, PAT, {"KR-2": "15"})
    send_form(sqlite_db, PAT, {"KR-2": "16"}, view="V2")
    send_form(sqlite_db, PAT, {"KR-2": "15"})
    assert values(sqlite_db, "KR-2") == [Decimal(10), Decimal(16)]
