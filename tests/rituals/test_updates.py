"""Writing a key result's value: as whom a person speaks, what stood before, and what a change is added to."""

from datetime import datetime, timedelta
from decimal import Decimal

from rituals.checkins.applying import known_key_results
from rituals.checkins.rules import role_for
from rituals.notices import SavedLine
from rituals.okrs.known import open_ones
from rituals.okrs.load import load_portfolio
from rituals.okrs.numbers import read_amount
from rituals.okrs.updates import NewValue, Origin, saved_line, standing_of, write_update
from storage.database import Database
from storage.tables import KeyResultUpdate
from tests.rituals.checkin_workspace import ARI, ASKED, BO, KIM, PAT, PORTFOLIO, TEAM, ZOE, set_up, state
from tests.rituals.stored import rows

FUTURE = "{at: 2026-11-02, value: 10, by: pat}, {at: 2026-12-20, value: 60, by: pat}"


def give(db: Database, user: str, key: str, value: str, confidence: int | None = None, *, at: datetime = ASKED) -> None:
    with db.transaction() as session:
        known = load_portfolio(session, TEAM)
        new = NewValue(read_amount(value), confidence)
        origin = Origin("command", f"{user}{value}{at}")
        write_update(session, known, known.key_results[key], new, by=known.member(user), origin=origin, now=at)


def last_line(db: Database, key: str) -> SavedLine:
    """The newest update of a key result as it is shown back."""
    return saved_line(state(db), rows(db, KeyResultUpdate)[-1], now=ASKED, key=key)


def test_a_view_stands_beside_the_same_units_last_view_and_no_other(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    give(sqlite_db, KIM, "KR-1", "40", 3)
    give(sqlite_db, ARI, "KR-1", "30", 8)
    line = last_line(sqlite_db, "KR-1")
    assert (line.before, line.after, line.confidence_before) == (None, "30 days", None)
    give(sqlite_db, ARI, "KR-1", "31", 7, at=ASKED + timedelta(hours=1))
    line = last_line(sqlite_db, "KR-1")
    assert (line.before, line.after, line.confidence_before) == ("30 days", "31 days", 8)


def test_a_report_stands_beside_the_last_report_by_whomever(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    give(sqlite_db, BO, "KR-1", "32", 6)
    line = last_line(sqlite_db, "KR-1")
    assert (line.before, line.confidence_before) == ("33 days", 7)


def test_without_a_reporter_the_first_owner_reports_and_the_others_give_views(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    known = state(sqlite_db)
    kr = known.key_results["KR-3"]
    assert standing_of(known, kr, known.member(BO)) == ("report", "crm")
    assert standing_of(known, kr, known.member(ZOE)) == ("view", "search")
    assert (role_for(known, kr, "bo"), role_for(known, kr, "zoe")) == ("report", "view")


def test_without_a_reporter_the_first_owner_that_has_a_lead_reports(sqlite_db: Database) -> None:
    set_up(sqlite_db, PORTFOLIO.replace("parent: suite, leads: [bo]", "parent: suite"))
    known = state(sqlite_db)
    kr = known.key_results["KR-3"]
    assert standing_of(known, kr, known.member(ZOE)) == ("report", "search")
    assert role_for(known, kr, "zoe") == "report"


def test_who_reports_and_leads_nothing_speaks_for_the_first_owner(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    known = state(sqlite_db)
    assert standing_of(known, known.key_results["KR-2"], known.member(PAT)) == ("report", "mobile")


def test_a_reply_is_read_by_what_is_known_and_not_by_a_value_of_a_later_day(sqlite_db: Database) -> None:
    set_up(sqlite_db, PORTFOLIO.replace("{at: 2026-11-02, value: 10, by: pat}", FUTURE))
    known = state(sqlite_db)
    [open_one] = [item for item in open_ones(known, ASKED) if item.key == "KR-2"]
    [asked_for] = [item for item in known_key_results(known, (), ASKED) if item.key == "KR-2"]
    assert (open_one.value, asked_for.value) == (Decimal(10), Decimal(10))


def test_a_change_is_added_to_what_is_known_and_not_to_a_value_of_a_later_day(sqlite_db: Database) -> None:
    set_up(sqlite_db, PORTFOLIO.replace("{at: 2026-11-02, value: 10, by: pat}", FUTURE))
    give(sqlite_db, PAT, "KR-2", "+5")
    values = [u.value for u in state(sqlite_db).key_results["KR-2"].updates]
    assert values == [Decimal(10), Decimal(15), Decimal(60)]
