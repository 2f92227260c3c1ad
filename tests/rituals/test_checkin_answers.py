"""What leads answer as a use case: days as they count them, edits and deletions in any order, early answers."""

from datetime import UTC, date, datetime, timedelta

from storage.database import Database
from tests.rituals.checkin_workspace import (
    ARI,
    ZOE,
    ask_everybody,
    open_blockers,
    say,
    send_form,
    set_up,
)

TUESDAY_IN_AUCKLAND = datetime(2026, 11, 16, 21, tzinfo=UTC)
"""Still Monday in Berlin, where the workspace is, and in Los Angeles."""


def test_tomorrow_is_the_day_after_the_leads_own_today(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, ARI, "2. waiting for Payments until tomorrow", now=TUESDAY_IN_AUCKLAND)
    send_form(sqlite_db, ZOE, {}, blockers="waiting for Payments until tomorrow", now=TUESDAY_IN_AUCKLAND)
    assert [b.until for b in open_blockers(sqlite_db)] == [date(2026, 11, 18), date(2026, 11, 17)]
    early = TUESDAY_IN_AUCKLAND + timedelta(hours=10)  # Tuesday in Berlin, Monday in Los Angeles
    send_form(sqlite_db, ZOE, {}, blockers="waiting for Search until tomorrow", view="V2", now=early)
    assert open_blockers(sqlite_db)[-1].until == date(2026, 11, 17)
