"""App Home on the sample portfolio: what a person owes and where their key results stand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rituals import home
from rituals.checkins import advancing
from rituals.checkins import service as checkins
from rituals.notices import Home, HomeSettings
from rituals.okrs import service
from rituals.quiet import NEVER, dump_quiet
from storage import outbox
from storage.database import Database
from storage.okrs import portfolio_rows
from storage.tables import Blocker, CheckinAsk, OutboxRow, RatingInvite, RatingPoll, RatingVote
from tests.rituals.halden import ANA, BO, LENA, NOW, OMAR, SAM, TEAM, import_sample


def of(db: Database, user: str, now: datetime = NOW) -> Home:
    """A person's Home."""
    return home.overview(db, TEAM, user, now=now)


def open_poll(db: Database, *people: str) -> None:
    """A rating of the suite's quarter that asks these people."""
    with db.transaction() as session:
        rows = portfolio_rows(session, TEAM)
        unit = next(u.id for u in rows.units if u.key == "suite")
        poll = RatingPoll(
            team_id=TEAM,
            unit_id=unit or 0,
            cycle_id=rows.cycles[0].id or 0,
            opens_at=NOW,
            closes_at=NOW + timedelta(days=3),
        )
        session.add(poll)
        session.flush()
        for person in rows.people:
            if person.slack in people:
                session.add(RatingInvite(team_id=TEAM, poll_id=poll.id or 0, person_id=person.id or 0))


def test_key_results_are_those_a_lead_answers_for_shared_first_and_the_worst_first(db: Database) -> None:
    import_sample(db)
    found = of(db, BO)
    assert found.name == "Bo Lindqvist"
    assert [line.key for line in found.key_results][:3] == ["KR-6", "KR-1", "KR-4"]
    assert {line.key: line.role for line in found.key_results}["KR-4"] == "view"
    assert found.key_results[-1].shared is False


def test_who_leads_only_units_above_sees_what_is_below_them(halden: Database) -> None:
    assert len(of(halden, ANA).key_results) == 45
    assert of(halden, LENA).units[0].name == "Halden Software"


def test_a_unit_counts_its_key_results_and_those_on_track(halden: Database) -> None:
    [crm] = of(halden, BO).units
    assert (crm.name, crm.key_results, crm.channel) == ("CRM", 15, "C03CRM")
    assert crm.on_track == 12


def test_an_open_check_in_is_owed_until_it_is_answered(halden: Database) -> None:
    assert of(halden, BO).owed == ()
    checkins.open_due(halden, TEAM, now=NOW)
    advancing.advance(halden, TEAM, now=NOW)
    [owed] = of(halden, BO).owed
    assert (owed.what, owed.number, owed.unit, owed.late) == ("check-in", 4, "Product suite", False)
    with halden.transaction() as session:
        ask = session.get(CheckinAsk, owed.ask)
        assert ask is not None
        ask.state = "answered"
    assert of(halden, BO).owed == ()


def test_no_change_is_offered_where_the_check_in_offers_it(halden: Database) -> None:
    checkins.open_due(halden, TEAM, now=NOW)
    advancing.advance(halden, TEAM, now=NOW)
    assert [owed.no_change for owed in of(halden, BO).owed] == [True]


def test_a_unit_counts_who_has_answered_in_the_round_that_is_open(halden: Database) -> None:
    assert [(unit.answered, unit.asked) for unit in of(halden, ANA).units] == [(0, 0)]
    checkins.open_due(halden, TEAM, now=NOW)
    advancing.advance(halden, TEAM, now=NOW)
    [suite] = of(halden, ANA).units
    assert (suite.answered, suite.asked) == (0, 8)
    with halden.transaction() as session:
        ask = session.get(CheckinAsk, of(halden, BO).owed[0].ask)
        assert ask is not None
        ask.state = "late"
    assert [(unit.answered, unit.asked) for unit in of(halden, ANA).units] == [(1, 8)]
    assert [(unit.answered, unit.asked) for unit in of(halden, BO).units] == [(1, 1)]


def test_my_settings_are_my_zone_quiet_hours_and_the_days_i_am_away(halden: Database) -> None:
    assert of(halden, BO).settings == HomeSettings(zone="Europe/Berlin", quiet="20:00 to 07:00 and weekends")
    with halden.transaction() as session:
        people = {p.key: p for p in portfolio_rows(session, TEAM).people}
        bo = people["bo"]
        bo.own_timezone, bo.quiet, bo.delegate_id = "Asia/Tokyo", dump_quiet(NEVER), people["mia"].id
        bo.away_from, bo.away_until = date(2026, 11, 10), date(2026, 11, 20)
        session.add(bo)
    assert of(halden, BO).settings == HomeSettings(
        zone="Asia/Tokyo",
        quiet="none",
        away_from=date(2026, 11, 10),
        away_until=date(2026, 11, 20),
        delegate="Mia Tanaka",
    )
    assert of(halden, BO, NOW + timedelta(days=9)).settings == HomeSettings(zone="Asia/Tokyo", quiet="none")


def test_an_open_rating_is_owed_until_the_person_has_voted(halden: Database) -> None:
    open_poll(halden, BO)
    [owed] = of(halden, BO).owed
    assert (owed.what, owed.unit, owed.due_at) == ("rating", "Product suite", NOW + timedelta(days=3))
    assert of(halden, OMAR).owed == ()
    with halden.transaction() as session:
        person = next(p.id for p in portfolio_rows(session, TEAM).people if p.slack == BO)
        session.add(RatingVote(team_id=TEAM, poll_id=owed.poll or 0, person_id=person or 0, score=4, at=NOW))
    assert of(halden, BO).owed == ()


def test_a_rating_that_is_over_is_not_owed(halden: Database) -> None:
    open_poll(halden, BO)
    assert of(halden, BO, NOW + timedelta(days=3)).owed == ()


def test_blockers_are_those_that_hold_up_my_units_or_wait_for_them(halden: Database) -> None:
    with halden.transaction() as session:
        units = {u.key: u.id for u in portfolio_rows(session, TEAM).units}
        for number, (by, on) in enumerate([("crm", "payments"), ("mobile", "crm"), ("search", None)], start=1):
            waits_for = units[on] if on else None
            session.add(
                Blocker(
                    team_id=TEAM,
                    number=number,
                    text="the API",
                    unit_id=units[by],
                    waits_for_unit_id=waits_for,
                    opened_at=NOW,
                )
            )
    assert [line.number for line in of(halden, BO).blockers] == [1, 2]


def test_the_rhythm_is_the_next_check_in_digest_and_rating_and_the_end_of_the_cycle(halden: Database) -> None:
    assert of(halden, BO).rhythm == (
        ("Next check-in", datetime(2026, 11, 30, 8, tzinfo=UTC)),
        ("Next digest", datetime(2026, 11, 20, 14, tzinfo=UTC)),
        ("Next rating", datetime(2026, 12, 29, 8, tzinfo=UTC)),
        ("2026-Q4 ends", datetime(2026, 12, 31, 22, 59, tzinfo=UTC)),
    )


def test_a_check_in_after_the_last_cycle_is_not_announced(halden: Database) -> None:
    assert [what for what, _ in of(halden, BO, datetime(2026, 12, 30, 9, tzinfo=UTC)).rhythm] == ["2026-Q4 ends"]


def test_a_person_who_is_not_in_the_portfolio_has_no_name_and_owes_nothing(halden: Database) -> None:
    found = of(halden, SAM)
    assert (found.name, found.owed, found.key_results) == (None, (), ())
    assert found.contacts == ("Ana Ruiz", "Tom Becker")


def test_opening_home_publishes_it_again_each_time_by_one_promise(halden: Database) -> None:
    for _ in range(2):
        home.promise(halden, TEAM, BO, now=NOW)
    with halden.transaction(readonly=True) as session:
        row = outbox.find(session, TEAM, f"home:{BO}")
    assert isinstance(row, OutboxRow)
    assert (row.kind, row.mode, row.to, row.wanted) == ("home", "home", BO, 2)


def test_home_shows_a_value_as_soon_as_it_is_saved(halden: Database) -> None:
    service.update_line(halden, TEAM, BO, "KR-1 30 days", now=NOW, key="command:1")
    assert {line.key: line.now for line in of(halden, BO).key_results}["KR-1"] == "30 days"


@pytest.mark.parametrize("user", [BO, ANA, SAM])
def test_home_is_kept_as_data_that_survives_the_outbox(halden: Database, user: str) -> None:
    found = of(halden, user)
    assert Home.model_validate(found.model_dump(mode="json")) == found
