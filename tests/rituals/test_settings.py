"""Settings of a person, the workspace and a unit: who may change what, what is recorded, and what follows from it."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from rituals import home
from rituals.away import Away
from rituals.errors import FormRefusal, Refusal
from rituals.quiet import NEVER, USUAL, Quiet
from rituals.settings import absent, leads, mine, pages, units, workspace
from rituals.settings.cards import Saved, Typed
from rituals.settings.leads import Newcomer
from storage.changes import changes_of
from storage.database import Database
from storage.tables import Change, OutboxRow, Person
from tests.rituals.checkin_workspace import BO, KIM, PAT, TEAM, ZOE, set_up, state
from tests.rituals.stored import rows

NOW = datetime(2026, 11, 12, 9, tzinfo=UTC)
ANA = "U01ANA"
STRANGER = "U99NEW"
Lists = dict[str, tuple[str, ...]]


def typed(lists: Lists | None = None, **texts: str) -> Typed:
    """What stands in a form."""
    return Typed(texts=texts, lists=lists or {})


@pytest.fixture
def suite(sqlite_db: Database) -> Database:
    """The suite of the check-in's tests."""
    set_up(sqlite_db)
    return sqlite_db


def save_mine(db: Database, user: str = BO, key: str = "view:1", **texts: str) -> Saved:
    lists: Lists = {"weekends": ("weekends",)}
    return mine.save(db, TEAM, user, typed(lists, **{"quiet": "usual", **texts}), now=NOW, key=key)


def save_workspace(db: Database, user: str = ANA, key: str = "view:1", **changed: Any) -> Saved:
    form = workspace.open_form(db, TEAM, user, now=NOW).typed
    lists = {**form.lists, "model": changed.pop("model", ()), "ratings": changed.pop("ratings", ())}
    return workspace.save(db, TEAM, user, Typed(texts={**form.texts, **changed}, lists=lists), now=NOW, key=key)


def save_unit(db: Database, user: str, unit: str, key: str = "view:1", **changed: Any) -> Saved:
    form = units.open_form(db, TEAM, user, unit, now=NOW).typed
    newcomers = changed.pop("newcomers", ())
    picked: Lists = {k: changed.pop(k) for k in ("leads", "private") if k in changed}
    lists = {**form.lists, **picked}
    entered = Typed(texts={**form.texts, **changed}, lists=lists)
    return units.save(db, TEAM, user, unit, entered, now=NOW, key=key, newcomers=newcomers)


def homes(db: Database) -> dict[str, int]:
    """How often each Home was asked for, by Slack id."""
    return {row.to: row.wanted for row in rows(db, OutboxRow) if row.mode == "home"}


def opened(db: Database, *users: str) -> None:
    """These people have opened their Home."""
    for user in users:
        home.promise(db, TEAM, user, now=NOW)


# Mine


def test_a_zone_and_quiet_hours_of_ones_own_are_in_force_at_once(suite: Database) -> None:
    save_mine(suite, zone="Asia/Tokyo", quiet="own", quiet_from="21:30", quiet_to="06:00")
    bo = state(suite).people["bo"]
    assert bo.zone is not None
    assert (bo.zone.key, bo.quiet) == ("Asia/Tokyo", Quiet(time(21, 30), time(6), weekends=True))


def test_an_empty_zone_is_slacks_and_usual_hours_are_the_workspaces(suite: Database) -> None:
    save_mine(suite, zone="Asia/Tokyo", quiet="none")
    assert state(suite).people["bo"].quiet == NEVER
    save_mine(suite, key="view:2", zone="", quiet="usual")
    bo = state(suite).people["bo"]
    assert bo.zone is not None
    assert (bo.zone.key, bo.quiet) == ("Europe/Berlin", USUAL)


@pytest.mark.parametrize(
    ("said", "zone"),
    [("berlin", "Europe/Berlin"), ("New York", "America/New_York"), ("Asia/Kathmandu", "Asia/Kathmandu")],
)
def test_a_city_is_a_zone_where_only_one_is_called_so(suite: Database, said: str, zone: str) -> None:
    save_mine(suite, zone=said)
    assert rows(suite, Person)[1].own_timezone == zone


def test_every_field_that_cannot_be_used_is_named_with_what_was_read(suite: Database) -> None:
    with pytest.raises(FormRefusal) as no:
        save_mine(suite, zone="Europe/Berln", quiet="own", quiet_from="", quiet_to="25:00")
    assert no.value.errors == {
        "zone": '"Europe/Berln" is no time zone; did you mean Europe/Berlin or Europe/Belfast or Europe/Helsinki?',
        "quiet_from": "choose a time like 20:00",
        "quiet_to": 'I read "25:00"; choose a time like 20:00',
    }
    assert rows(suite, Change) == []


def test_a_change_is_recorded_once_with_before_and_after_of_what_differs(suite: Database) -> None:
    first = save_mine(suite, zone="Asia/Tokyo")
    again = save_mine(suite, zone="Asia/Tokyo")
    with suite.transaction(readonly=True) as session:
        [change] = changes_of(session, TEAM, "person", "bo")
    assert (change.before, change.after) == ({"own_timezone": None}, {"own_timezone": "Asia/Tokyo"})
    assert (change.slack_user, change.at) == (BO, NOW)
    assert first == again
    assert [(one.name, one.before, one.after) for one in first.changes] == [("Time zone", "Slack's", "Asia/Tokyo")]


def test_saving_what_stands_already_changes_and_records_nothing(suite: Database) -> None:
    assert save_mine(suite).changes == ()
    assert save_workspace(suite).changes == ()
    assert save_unit(suite, BO, "crm").changes == ()
    assert rows(suite, Change) == []


def test_my_settings_make_my_own_home_due_and_nobody_elses(suite: Database) -> None:
    opened(suite, BO, KIM)
    save_mine(suite, zone="Asia/Tokyo")
    assert homes(suite) == {BO: 2, KIM: 1}


def test_who_is_not_in_the_portfolio_has_nothing_to_set(suite: Database) -> None:
    with pytest.raises(Refusal, match="You are not in the portfolio"):
        save_mine(suite, STRANGER)
    page = pages.page(suite, TEAM, STRANGER, now=NOW)
    assert (page.mine, page.admin, page.admins) == ((), False, ("Ana Ruiz",))
    assert not any(line.mine for line in page.units)


def test_a_form_drawn_anew_keeps_what_is_typed(suite: Database) -> None:
    entered = typed(zone="Eur", quiet="own")
    assert mine.redrawn(suite, TEAM, BO, entered).typed == entered
    assert workspace.redrawn(suite, TEAM, ANA, entered).typed == entered
    assert units.redrawn(suite, TEAM, BO, "crm", entered).typed == entered


# The workspace


def test_thresholds_change_every_figure_at_once_and_every_home_is_shown_anew(suite: Database) -> None:
    opened(suite, BO, ZOE)
    kr = state(suite).key_results["KR-2"]
    assert state(suite).figures(kr, NOW).status == "off_track"
    saved = save_workspace(suite, at_risk="40", off_track="50")
    assert state(suite).figures(kr, NOW).status == "on_track"
    assert [(one.name, one.after) for one in saved.changes] == [
        ("At risk", "more than 40 points behind"),
        ("Off track", "more than 50 points behind"),
    ]
    assert homes(suite) == {BO: 2, ZOE: 2}


def test_usual_quiet_hours_are_those_of_all_without_their_own(suite: Database) -> None:
    save_mine(suite, quiet="none")
    save_workspace(suite, key="view:2", quiet_from="19:00", quiet_to="08:00")
    people = state(suite).people
    assert (people["kim"].quiet, people["bo"].quiet) == (Quiet(time(19), time(8)), NEVER)


def test_the_zone_nudges_and_the_model_switch_are_kept(suite: Database) -> None:
    save_workspace(suite, zone="America/New_York", nudges="2", model=("off",))
    found = state(suite)
    assert (found.zone.key, found.nudges_a_week, found.model_off) == ("America/New_York", 2, True)
    save_workspace(suite, key="view:2")
    assert state(suite).model_off is False


def test_the_models_language_and_what_it_may_cost_are_set_here(suite: Database) -> None:
    saved = save_workspace(suite, language="de", tokens="50000")
    assert [(one.name, one.before, one.after) for one in saved.changes] == [
        ("Language of the model", "English", "German"),
        ("Tokens a day", "200,000", "50,000"),
    ]
    shown = {value.name: value.value for value in pages.page(suite, TEAM, ANA, now=NOW).workspace}
    assert shown["Model"] == "as the installation says, in German, up to 50,000 tokens a day"


def test_ratings_are_anonymous_where_the_workspace_wants_it_from_the_next_one_on(suite: Database) -> None:
    saved = save_workspace(suite, ratings=("anonymous",))
    assert [(one.name, one.before, one.after) for one in saved.changes] == [
        ("Ratings", "with names, by product line", "anonymous")
    ]
    shown = {value.name: value.value for value in pages.page(suite, TEAM, ANA, now=NOW).workspace}
    assert shown["Ratings"] == "anonymous"
    assert workspace.open_form(suite, TEAM, ANA, now=NOW).typed.several("ratings") == ("anonymous",)
    assert save_workspace(suite, key="view:2").changes[0].after == "with names, by product line"


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"at_risk": "30"}, {"off_track": "write more than 30, where at risk begins"}),
        ({"nudges": "6"}, {"nudges": 'I read "6"; write a whole number from 0 to 5'}),
        ({"at_risk": "ten", "zone": ""}, {
            "at_risk": 'I read "ten"; write a whole number from 0 to 99',
            "zone": "write a time zone like Europe/Berlin",
        }),
    ],
)  # fmt: skip
def test_thresholds_that_make_no_sense_are_named_at_their_field(
    suite: Database, changed: dict[str, str], errors: dict[str, str]
) -> None:
    with pytest.raises(FormRefusal) as no:
        save_workspace(suite, **changed)
    assert no.value.errors == errors


def test_only_admins_change_the_workspace(suite: Database) -> None:
    with pytest.raises(Refusal, match="changed by its admins: ask Ana Ruiz"):
        save_workspace(suite, BO)
    entered = workspace.open_form(suite, TEAM, ANA, now=NOW).typed
    with pytest.raises(Refusal, match="ask Ana Ruiz"):
        workspace.save(suite, TEAM, BO, entered, now=NOW, key="view:1")
    assert pages.page(suite, TEAM, ANA, now=NOW).admin is True


# Units


def test_a_lead_sets_channels_holidays_and_privacy_of_their_unit(suite: Database) -> None:
    saved = save_unit(suite, BO, "crm", channel="C01CRM", country="de", region="be", private=("private",))
    found = state(suite)
    assert (found.rhythms["crm"].channel, found.rhythms["crm"].holidays) == ("C01CRM", ("DE", "BE"))
    assert found.units["crm"].private is True
    assert [(one.name, one.before, one.after) for one in saved.changes] == [
        ("Channel", None, "C01CRM"),
        ("Holidays", "none", "DE, BE"),
        ("Private", "no", "yes"),
    ]


def test_who_leads_a_unit_above_changes_what_is_below_and_nobody_else_does(suite: Database) -> None:
    assert save_unit(suite, ANA, "crm", channel="C01CRM").changes
    with pytest.raises(Refusal, match="This is CRM's: ask Bo Lind or Ana Ruiz"):
        save_unit(suite, KIM, "crm")
    assert pages.unit_page(suite, TEAM, KIM, "crm", now=NOW).may is False
    assert pages.unit_page(suite, TEAM, KIM, "crm", now=NOW).ask == "Bo Lind or Ana Ruiz"


def test_leads_are_replaced_in_order_and_who_was_not_in_the_portfolio_comes_into_it(suite: Database) -> None:
    new = Newcomer(STRANGER, "Nia Okoro", "nia@example.com", "Africa/Lagos")
    assert leads.unknown(suite, TEAM, [BO, STRANGER]) == (STRANGER,)
    saved = save_unit(suite, BO, "crm", leads=(STRANGER, BO, PAT), newcomers=[new])
    found = state(suite)
    assert found.units["crm"].leads == ("bo", "nia", "pat")
    assert found.people["nia"].zone is not None
    assert [one.after for one in saved.changes] == ["Bo Lind, Nia Okoro, Pat Hall"]


def test_a_newcomers_key_is_never_anybody_elses(suite: Database) -> None:
    save_unit(suite, BO, "crm", leads=(BO, STRANGER), newcomers=[Newcomer(STRANGER, "Bo Second")])
    assert state(suite).units["crm"].leads == ("bo", "u99new")


def test_a_lead_who_is_nobody_in_slack_is_refused_at_the_field(suite: Database) -> None:
    with pytest.raises(FormRefusal) as no:
        save_unit(suite, BO, "crm", leads=(BO, "U0BOT"))
    assert no.value.errors["leads"].startswith("One of them cannot be found in Slack")


def test_a_unit_is_not_left_without_a_lead_by_its_own_lead(suite: Database) -> None:
    with pytest.raises(FormRefusal) as no:
        save_unit(suite, BO, "crm", leads=())
    assert no.value.errors["leads"].startswith("choose at least one lead")
    assert save_unit(suite, ANA, "crm", leads=()).changes
    assert state(suite).units["crm"].leads == ()


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"country": "XX"}, "country"), ({"country": "DE", "region": "ZZ"}, "region"), ({"region": "BE"}, "country")],
)
def test_a_country_or_region_that_is_unknown_is_named_at_its_field(
    suite: Database, changed: dict[str, str], field: str
) -> None:
    with pytest.raises(FormRefusal) as no:
        save_unit(suite, BO, "crm", **changed)
    assert list(no.value.errors) == [field]


def test_holidays_and_privacy_of_a_unit_above_are_shown_as_inherited(suite: Database) -> None:
    save_unit(suite, ANA, "suite", country="DE", private=("private",))
    shown = {
        value.name: (value.value, value.source) for value in pages.unit_page(suite, TEAM, BO, "crm", now=NOW).values
    }
    assert shown["Holidays"] == ("DE", "from Product suite")
    assert shown["Private"] == ("yes", "from Product suite")


def test_a_private_unit_is_in_nobodys_settings_but_its_leads_and_theirs_above(suite: Database) -> None:
    save_unit(suite, BO, "crm", private=("private",))
    for user, sees in ((BO, True), (ANA, True), (KIM, False), (STRANGER, False)):
        listed = {line.key for line in pages.page(suite, TEAM, user, now=NOW).units}
        assert ("crm" in listed) is sees
    with pytest.raises(Refusal):
        pages.unit_page(suite, TEAM, KIM, "crm", now=NOW)
    with pytest.raises(Refusal, match="There is no such unit"):
        units.open_form(suite, TEAM, KIM, "crm", now=NOW)


def test_the_first_page_has_the_units_one_may_change_first_with_whose_rhythm_they_follow(suite: Database) -> None:
    first, *rest = pages.page(suite, TEAM, KIM, now=NOW).units
    assert (first.key, first.mine) == ("payments", True)
    assert first.rhythm == "follows Product suite"
    assert not any(line.mine for line in rest)


def test_a_unit_is_found_by_its_name_and_an_unknown_one_is_refused(suite: Database) -> None:
    assert pages.unit_page(suite, TEAM, BO, "crm", now=NOW).key == "crm"
    assert pages.unit_page(suite, TEAM, BO, "Payments", now=NOW).key == "payments"
    with pytest.raises(Refusal):
        pages.unit_page(suite, TEAM, BO, "nothing like it", now=NOW)


# Away


def save_away(db: Database, user: str = BO, key: str = "view:1", back: bool = False, **texts: str) -> Saved:
    entered = typed({"back": ("back",)} if back else {}, **texts)
    return absent.save(db, TEAM, user, entered, now=NOW, key=key)


def test_being_away_is_set_changed_and_ended_by_the_form(suite: Database) -> None:
    saved = save_away(suite, until="2026-11-20", delegate=KIM)
    assert [(one.before, one.after) for one in saved.changes] == [("no", "12 Nov to 20 Nov, Kim Oda is asked instead")]
    assert state(suite).people["bo"].away == Away(date(2026, 11, 12), date(2026, 11, 20), "kim")
    form = absent.open_form(suite, TEAM, BO, now=NOW)
    assert form.typed.texts == {"until": "2026-11-20", "delegate": KIM}
    save_away(suite, key="view:2", until="2026-11-27")
    assert state(suite).people["bo"].away == Away(date(2026, 11, 12), date(2026, 11, 27))
    save_away(suite, key="view:3", back=True)
    assert state(suite).people["bo"].away is None
    assert pages.page(suite, TEAM, BO, now=NOW).mine[-1].value == "no"


def test_a_day_or_a_delegate_that_cannot_be_is_named_at_its_field(suite: Database) -> None:
    with pytest.raises(FormRefusal) as no:
        save_away(suite, until="2026-11-01", delegate=KIM)
    assert list(no.value.errors) == ["until"]
    with pytest.raises(FormRefusal) as no:
        save_away(suite, until="2026-11-20", delegate=BO)
    assert no.value.errors["delegate"].startswith("You cannot answer for yourself")
    with pytest.raises(FormRefusal) as no:
        save_away(suite, until="")
    assert no.value.errors["until"].startswith("Until when are you away?")
    assert rows(suite, Change) == []


def test_the_same_absence_sent_twice_is_written_once(suite: Database) -> None:
    save_away(suite, until="2026-11-20")
    save_away(suite, until="2026-11-20")
    assert len(rows(suite, Change)) == 1
