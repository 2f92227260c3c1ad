"""Whose rhythm a unit follows, and what holidays do to rounds, digests, the calendar file and the next event."""

from datetime import UTC, date, datetime

from sqlmodel import col, update

from rituals.checkins import service
from rituals.checkins.asking import asked_in
from rituals.checkins.rules import Asked
from rituals.digests import due as digests
from rituals.feed import feed
from rituals.home import overview
from rituals.next_event import next_event
from storage.database import Database
from storage.tables import CheckinRound, DigestIssue, Unit
from tests.rituals.checkin_workspace import BO, KIM, PORTFOLIO, TEAM, ZOE, ask_everybody, ask_of, board, set_up, state
from tests.rituals.ics_parser import parse
from tests.rituals.stored import rows

BERLIN = "    holidays: {country: DE, region: BE}\n"
SUITE = "    name: Product suite\n"
HOLIDAYS = PORTFOLIO.replace(SUITE, SUITE + BERLIN)
EASTER = HOLIDAYS.replace(
    "2026-Q4, starts: 2026-10-01, ends: 2026-12-31", "2026-Q4, starts: 2026-01-01, ends: 2026-12-31"
)
EASTER = EASTER.replace("starts: 2026-10-05}", "starts: 2026-02-09}")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rounds(db: Database) -> list[tuple[date, int, int | None]]:
    """Day, number and of how many."""
    return [(row.local_date, row.number, row.of) for row in rows(db, CheckinRound)]


def suite(db: Database, **values: object) -> None:
    with db.transaction() as session:
        session.execute(update(Unit).where(col(Unit.key) == "suite").values(**values))


# Whose rhythm


OWN = "leads: [bo],\n     cadence: {every: 1 week, on: [tuesday, thursday], at: '10:00'}}"
TREE = PORTFOLIO.replace("leads: [bo]}", OWN).replace(
    "cycles:", "  - {key: bots, name: Bots, level: team, parent: crm}\ncycles:", 1
)


def test_a_unit_follows_the_nearest_cadence_above_unless_it_sets_its_own(sqlite_db: Database) -> None:
    set_up(sqlite_db, TREE)
    known = state(sqlite_db)
    assert [known.cadence_unit(key) for key in ("suite", "crm", "bots", "payments")] == ["suite", "crm", "crm", "suite"]
    assert [known.own_cadence(key) is not None for key in ("suite", "crm", "bots")] == [True, True, False]


def test_under_a_binding_cadence_nobody_has_one_of_their_own(sqlite_db: Database) -> None:
    set_up(sqlite_db, TREE)
    suite(sqlite_db, binding=True)  # as settings could have it, beside what the file had allowed
    known = state(sqlite_db)
    assert {known.cadence_unit(key) for key in ("suite", "crm", "bots", "payments")} == {"suite"}
    assert known.own_cadence("crm") is None
    ask_everybody(sqlite_db, now=utc("2026-11-17 18:00"))
    assert {known.unit_keys[row.unit_id] for row in rows(sqlite_db, CheckinRound)} == {"suite"}
    assert ask_of(sqlite_db, BO).round_id == 1, "Bo is asked with everybody else"


SEVERAL = (
    PORTFOLIO.replace("leads: [bo]}", OWN)
    .replace(
        "level: product_line, parent: suite, leads: [kim, lee]}",
        "level: product_line, parent: suite, leads: [kim, lee],\n"
        "     cadence: {every: 1 month, on: third tuesday, at: '10:00'}}",
    )
    .replace("cycles:", "cycles:\n  - {key: 2026-H2, starts: 2026-07-01, ends: 2026-12-31}", 1)
    .replace("unit: payments\n    cycle: 2026-Q4", "unit: payments\n    cycle: 2026-H2")
    .replace(
        "  - key: O-2",
        "  - {key: O-3, unit: crm, cycle: 2026-Q4, title: Deals, key_results: [\n"
        "      {key: KR-9, title: Deals, start: 0, target: 10, owners: [crm]}]}\n  - key: O-2",
    )
)


def test_product_lines_run_on_different_cadences_and_cycles_at_once(sqlite_db: Database) -> None:
    set_up(sqlite_db, SEVERAL)
    for day in range(15, 21):
        ask_everybody(sqlite_db, now=utc(f"2026-11-{day} 18:00"))
    known = state(sqlite_db)
    held = [
        (known.unit_keys[row.unit_id], row.local_date.day, row.number)
        for row in rows(sqlite_db, CheckinRound)
        if row.state != "skipped"
    ]
    crm = [(day, number) for unit, day, number in held if unit == "crm"]
    assert [unit for unit, *_ in held].count("suite") == 1
    assert ("payments", 17, 2) in held, "counted in the running quarter, the shorter of the two cycles"
    assert crm[-2:] == [(17, 14), (19, 15)], "twice a week since the first of October"
    asked = {a.kr.key for a in _asked(sqlite_db, KIM)}
    assert {"KR-4", "KR-5"} <= asked, "those of the half-year"
    assert "KR-9" in {a.kr.key for a in _asked(sqlite_db, BO)}


def _asked(db: Database, user: str) -> tuple[Asked, ...]:
    known = state(db)
    with db.transaction(readonly=True) as session:
        return asked_in(session, known, ask_of(db, user), utc("2026-11-19 18:00"))


# Holidays


def test_holidays_are_those_of_the_nearest_unit_above_that_states_them(sqlite_db: Database) -> None:
    spain = HOLIDAYS.replace("leads: [bo]}", "leads: [bo], holidays: {country: ES}}")
    set_up(sqlite_db, spain)
    known, immaculate = state(sqlite_db), date(2026, 12, 8)
    assert immaculate in known.holidays_of("crm")
    assert immaculate not in known.holidays_of("payments")
    assert known.holidays_of("payments").get(date(2026, 12, 25), "") == "Christmas Day"
    suite(sqlite_db, holidays=None)
    assert date(2026, 12, 25) not in state(sqlite_db).holidays_of("suite")


def test_a_round_on_a_holiday_moves_to_the_next_working_day_and_keeps_its_number(sqlite_db: Database) -> None:
    set_up(sqlite_db, EASTER)
    service.open_due(sqlite_db, TEAM, now=utc("2026-04-06 18:00"))  # Easter Monday
    assert rounds(sqlite_db) == [(date(2026, 3, 23), 4, 24)]
    service.open_due(sqlite_db, TEAM, now=utc("2026-04-07 18:00"))
    assert rounds(sqlite_db)[-1] == (date(2026, 4, 7), 5, 24)
    service.open_due(sqlite_db, TEAM, now=utc("2026-04-20 18:00"))
    assert rounds(sqlite_db)[-1] == (date(2026, 4, 20), 6, 24), "the next one is where it would have been"


def test_holidays_that_are_set_after_a_round_was_held_do_not_bring_it_again(sqlite_db: Database) -> None:
    set_up(sqlite_db, EASTER.replace(BERLIN, ""))
    service.open_due(sqlite_db, TEAM, now=utc("2026-04-06 18:00"))
    suite(sqlite_db, holidays={"country": "DE", "region": "BE"})
    service.open_due(sqlite_db, TEAM, now=utc("2026-04-07 18:00"))
    assert [day for day, *_ in rounds(sqlite_db)] == [date(2026, 4, 6)]


def test_holidays_that_are_taken_away_do_not_bring_a_moved_round_again(sqlite_db: Database) -> None:
    set_up(sqlite_db, EASTER)
    service.open_due(sqlite_db, TEAM, now=utc("2026-04-07 18:00"))
    suite(sqlite_db, holidays=None)
    service.open_due(sqlite_db, TEAM, now=utc("2026-04-07 19:00"))
    assert [day for day, *_ in rounds(sqlite_db)] == [date(2026, 4, 7)]


def test_the_calendar_file_and_the_next_event_know_of_the_holiday(sqlite_db: Database) -> None:
    set_up(sqlite_db, EASTER)
    events = {
        event.text("UID").partition("@")[0]: event
        for event in parse(feed(sqlite_db, TEAM, now=utc("2026-02-01 00:00"))).inner
    }
    assert "checkin-suite-2026-04-06" not in events
    assert events["checkin-suite-2026-04-07"].text("SUMMARY") == "Check-in 5 of 24: Product suite"
    assert "digest-suite-2026-04-03" not in events, "Good Friday"
    assert "digest-suite-2026-04-07" in events
    with sqlite_db.transaction(readonly=True) as session:
        found = next_event(session, TEAM, now=utc("2026-04-06 12:00"))
    assert found is not None
    assert (found.at, found.what) == (utc("2026-04-06 21:00"), "the check-in of Product suite opens"), "in Auckland"


def test_a_digest_on_a_holiday_moves_and_is_issued_once(sqlite_db: Database) -> None:
    set_up(sqlite_db, EASTER)

    def issued(now: str) -> list[date]:
        digests.open_due(sqlite_db, TEAM, now=utc(now))
        return [row.local_date for row in rows(sqlite_db, DigestIssue)]

    assert issued("2026-04-03 15:00") == [date(2026, 3, 27)], "Good Friday"
    assert issued("2026-04-06 15:00") == [date(2026, 3, 27)], "Easter Monday"
    assert issued("2026-04-07 13:00") == [date(2026, 3, 27), date(2026, 4, 7)]
    suite(sqlite_db, holidays=None)
    assert issued("2026-04-07 14:00") == [date(2026, 3, 27), date(2026, 4, 7)], "no second one for Good Friday"


def test_home_and_the_receipt_tell_the_next_check_in_after_the_holiday(sqlite_db: Database) -> None:
    set_up(sqlite_db, EASTER)
    rhythm = dict(overview(sqlite_db, TEAM, BO, now=utc("2026-04-03 12:00")).rhythm)
    assert rhythm["Next check-in"] == utc("2026-04-07 07:00")
    assert rhythm["Next digest"] == utc("2026-04-07 13:00")


def test_the_boards_end_is_the_last_leads_end(sqlite_db: Database) -> None:
    thanksgiving = (
        PORTFOLIO.replace(
            "{key: mobile, name: Mobile, level: product_line, parent: suite, leads: [zoe]}",
            "{key: mobile, name: Mobile, level: product_line, parent: suite, leads: [zoe], holidays: {country: US}}",
        )
        .replace("on: monday", "on: tuesday")
        .replace("starts: 2026-10-05", "starts: 2026-10-13")
    )
    set_up(sqlite_db, thanksgiving)
    ask_everybody(sqlite_db, now=utc("2026-11-24 18:00"))
    ends = {user: ask_of(sqlite_db, user).due_at for user in (BO, ZOE)}
    assert ends == {BO: utc("2026-11-26 17:00"), ZOE: utc("2026-11-28 02:00")}, "Friday 18:00 in Los Angeles"
    assert board(sqlite_db, round_id=rows(sqlite_db, CheckinRound)[-1].id or 0).due_at == utc("2026-11-28 02:00")
