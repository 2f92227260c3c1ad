"""Settings in Slack, end to end: a lead's own, a rhythm with its preview, a unit's, and Home that follows."""

from collections.abc import Iterator

import pytest

from sandbox.stage import Stage
from storage.tables import Change
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import ANA, BO, FRIDAYS, SAM, portfolio
from tests.scenarios.seen import let_go, opened, rounds, rows, told
from tests.scenarios.test_okr_command import open_home

BEFORE = "2026-10-28T12:00"


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """Days before the third round."""
    made = staged(at=BEFORE, portfolio=portfolio(digest=FRIDAYS))
    yield made
    let_go(made)


def test_a_lead_sets_zone_and_quiet_hours_and_sees_what_changed(stage: Stage) -> None:
    bo = stage.person(BO)
    open_home(stage, bo)
    bo.types("/okr settings")
    page = opened(stage, bo)
    assert "Time zone: Europe/Stockholm (from Slack)" in bo.reads(page)
    bo.clicks(page, action_id="settings_edit:mine")
    form = opened(stage, bo)
    bo.picks(form, "My own", block_id="setting:quiet")
    form = opened(stage, bo)
    wrong = bo.submits(form, {"setting:zone": "Atlantis", "setting:quiet_from": "21:00"})
    assert '"Atlantis" is no time zone' in wrong.errors["setting:zone"]
    assert bo.value(form, "setting:quiet_from") == "21:00"
    assert bo.submits(form, {"setting:zone": "Tokyo"}).closed
    stage.settle()
    shown = bo.reads(bo.view)
    assert "✓ Saved: your own settings\nTime zone: Slack's → Asia/Tokyo\n" in shown
    assert "Quiet hours: the workspace's → 21:00 to 07:00 and weekends" in shown
    assert "Asia/Tokyo · quiet 21:00 to 07:00 and weekends" in bo.reads(bo.home)
    assert len(rows(stage, Change)) == 1


def test_an_admin_changes_the_rhythm_after_a_preview_and_the_next_round_opens_by_it(stage: Stage) -> None:
    ana = stage.person(ANA)
    ana.types("/okr settings suite")
    ana.clicks(opened(stage, ana), action_id="settings_edit:suite:checkin")
    form = opened(stage, ana)
    ana.fills(form, {"setting:every": "1"})
    ana.picks(form, ["Thursday"], block_id="setting:weekdays")
    ana.picks(form, "At one instant for all", block_id="setting:where")
    form = opened(stage, ana)
    ana.clicks(form, label="Show the next six")
    preview = ana.reads(opened(stage, ana))
    assert "• Thu 29 Oct 09:00\n• Thu 5 Nov 09:00" in preview
    assert "09:00 Bo Lindqvist; 10:00 Omar Haddad; 17:00 Mia Tanaka" in preview
    assert rounds(stage) == []
    assert ana.submits(form).closed
    stage.settle()
    assert "It counts from Thu 29 Oct; what was before stays." in ana.reads(ana.view)
    stage.go_to("2026-10-29T07:59")
    assert rounds(stage) == []
    stage.go_to("2026-10-29T08:00")
    stage.go_to("2026-11-02T09:00")
    assert [r.local_date.isoformat() for r in rounds(stage)] == ["2026-10-29"]


def test_a_lead_sets_a_rhythm_of_their_own_and_gives_it_back(stage: Stage) -> None:
    bo = stage.person(BO)
    bo.types("/okr settings crm")
    page = opened(stage, bo)
    assert "(from Product suite)" in bo.reads(page)
    bo.clicks(page, label="Set our own")
    assert bo.submits(opened(stage, bo), {"setting:every": "1", "setting:weekdays": ["Tuesday"]}).closed
    stage.settle()
    assert "Check-in  Every week on Tuesday at 09:00 where each lead is" in bo.reads(bo.view)
    bo.clicks(bo.view, label="Use the inherited one")
    stage.settle()
    assert "Check-in: every week on Tuesday at 09:00, from 3 Nov → none of its own" in bo.reads(bo.view)
    assert "(from Product suite)" in bo.reads(bo.view)


def test_a_new_lead_comes_into_the_portfolio_with_their_name_and_zone_from_slack(stage: Stage) -> None:
    bo = stage.person(BO)
    bo.types("/okr settings crm")
    bo.clicks(opened(stage, bo), action_id="settings_edit:unit")
    form = opened(stage, bo)
    assert bo.submits(form, {"setting:leads": [BO, SAM], "setting:country": "SE"}).closed
    stage.settle()
    sam = stage.sandbox.workspace.users[SAM]
    assert f"Leads: Bo Lindqvist → Bo Lindqvist, {sam.real_name}" in bo.reads(bo.view)
    stage.person(SAM).types("/okr settings")
    assert f"Time zone: {sam.tz} (from Slack)" in stage.person(SAM).reads(opened(stage, stage.person(SAM)))


def test_a_save_that_cannot_ask_slack_who_somebody_is_changes_nothing_and_keeps_the_form(stage: Stage) -> None:
    bo = stage.person(BO)
    bo.types("/okr settings crm")
    bo.clicks(opened(stage, bo), action_id="settings_edit:unit")
    form = opened(stage, bo)
    stage.sandbox.faults.server_error(method="users.info")
    refused = bo.submits(form, {"setting:leads": [BO, SAM]})
    assert refused.errors["setting:leads"].startswith("Slack could not be asked who they are.")
    assert rows(stage, Change) == []
    assert bo.submits(form).closed


def test_no_change_is_one_tap_in_home_and_what_is_behind_is_asked(stage: Stage) -> None:
    bo = stage.person(BO)
    open_home(stage, bo)
    stage.go_to("2026-11-02T08:10")
    assert "Check-in 3 · Product suite" in bo.reads(bo.home)
    bo.clicks(bo.home, label="No change")
    form = opened(stage, bo)
    assert "KR-1" in bo.reads(form)
    assert "KR-3" not in bo.reads(form)


def test_who_may_not_change_a_unit_sees_it_and_is_told_whom_to_ask(stage: Stage) -> None:
    sam = stage.person(SAM)
    sam.types("/okr settings crm")
    page = opened(stage, sam)
    assert "ask Bo Lindqvist or Ana Ruiz." in sam.reads(page)
    assert "[ Change ]" not in sam.reads(page)
    sam.closes(page)
    sam.types("/okr settings nowhere at all")
    assert "nowhere at all" in told(stage, SAM)


def test_home_shows_a_value_right_after_it_was_given_to_its_owner_and_to_who_is_above(stage: Stage) -> None:
    bo, ana = stage.person(BO), stage.person(ANA)
    open_home(stage, bo)
    open_home(stage, ana)
    bo.types("/okr update KR-1 30 days 7/10")
    stage.settle()
    for person in (bo, ana):
        assert "KR-1 Average onboarding time: 30 days" in person.reads(person.home)


def test_home_follows_a_member_who_changes_their_zone_in_slack(stage: Stage) -> None:
    bo = stage.person(BO)
    open_home(stage, bo)
    stage.sandbox.change_user(BO, tz="Europe/Lisbon")
    stage.settle()
    assert "Europe/Lisbon · quiet 20:00 to 07:00 and weekends" in bo.reads(bo.home)


def test_settings_open_from_home_and_say_in_the_forms_place_what_was_saved(stage: Stage) -> None:
    bo = stage.person(BO)
    open_home(stage, bo)
    bo.clicks(bo.home, action_id="settings_edit:mine")
    form = opened(stage, bo)
    done = bo.submits(form, {"setting:zone": "Asia/Tokyo"})
    assert done.updated is not None
    assert "Time zone: Slack's → Asia/Tokyo" in bo.reads(done.updated)
    bo.closes()
    stage.settle()
    bo.clicks(bo.home, label="All settings")
    assert "Units, set by their leads" in bo.reads(opened(stage, bo))
