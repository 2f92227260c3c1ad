"""How a lead's time in a round stands, from before its first minute to after its end."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rituals.checkins.windows import window_of
from rituals.status import status
from rituals.status_text import status_text
from storage.database import Database
from storage.tables import CheckinAsk, CheckinRound
from tests.rituals.checkin_workspace import ASKED, BO, MONDAY, TEAM, ask_everybody, set_up
from tests.rituals.test_absent_leads import away

SLOT = datetime(2026, 11, 16, 8, tzinfo=UTC)
DUE = datetime(2026, 11, 18, 17, tzinfo=UTC)
CLOSES = datetime(2026, 11, 19, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(now: datetime, *, ask: str = "asked", row: str = "open", reason: str = "") -> tuple[str, str]:
    """State and reason of a window whose round closes later, with the last lead far in the west."""
    asked = CheckinAsk(
        team_id="T", round_id=1, person_id=1, slot=SLOT, due_at=DUE, remind_at=DUE, state=ask, reason=reason
    )
    held = CheckinRound(
        team_id="T", unit_id=1, local_date=date(2026, 11, 16), number=4, slot=SLOT, due_at=CLOSES, state=row
    )
    found = window_of(asked, held, now)
    assert (found.opens_at, found.ends_at) == (SLOT, DUE)
    return found.state, found.reason


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (SLOT - MINUTE, "upcoming"),
        (SLOT, "due"),
        (DUE - MINUTE, "due"),
        (DUE, "late"),
        (CLOSES - MINUTE, "late"),
        (CLOSES, "closed"),
    ],
)
def test_a_window_goes_from_upcoming_to_closed(now: datetime, state: str) -> None:
    assert at(now) == (state, "")


def test_who_was_not_asked_yet_although_it_is_time_is_still_to_come() -> None:
    assert at(SLOT + MINUTE, ask="upcoming") == ("upcoming", "")


def test_a_closed_round_closes_every_window() -> None:
    assert at(DUE - MINUTE, row="closed") == ("closed", "")


def test_a_skipped_window_says_why_at_any_time() -> None:
    for now in (SLOT, DUE, CLOSES):
        assert at(now, ask="skipped", reason="away until Thu 19 Nov") == ("skipped", "away until Thu 19 Nov")


def test_the_status_says_why_a_lead_was_left_out(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    away(sqlite_db, BO)
    ask_everybody(sqlite_db, now=MONDAY)
    found = status(sqlite_db, TEAM, now=ASKED)
    [row] = [row for row in found["checkins"] if row["lead"] == "bo"]
    assert (row["state"], row["answers"], row["reason"]) == ("skipped", [], "away until Thu 19 Nov")
    assert "bo skipped: away until Thu 19 Nov" in status_text(found)
