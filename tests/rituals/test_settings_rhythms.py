"""A unit's check-in and digest rhythm: whose it is, what it would bring, from when it counts, and no round twice."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from rituals.checkins import service
from rituals.digests import due as digests
from rituals.errors import FormRefusal, Refusal
from rituals.settings import mine, pages, rhythm_form, units
from rituals.settings.cards import RhythmForm, RhythmValue, Saved, Typed
from storage.changes import changes_of
from storage.database import Database
from storage.tables import CheckinRound, DigestIssue
from tests.rituals.checkin_workspace import BO, KIM, MONDAY, TEAM, set_up, state
from tests.rituals.stored import rows

THURSDAY = datetime(2026, 11, 12, 9, tzinfo=UTC)
ANA = "U01ANA"


@pytest.fixture
def suite(sqlite_db: Database) -> Database:
    """The suite of the check-in's tests: every two weeks on Monday at nine, where each lead is."""
    set_up(sqlite_db)
    return sqlite_db


def entered(db: Database, user: str, about: str, now: datetime = THURSDAY, **changed: Any) -> Typed:
    """The form as it opens, with some fields changed."""
    form = rhythm_form.open_form(db, TEAM, user, about, now=now).typed
    lists = {k: changed.pop(k) for k in ("weekdays", "monthdays", "binding") if k in changed}
    return Typed(texts={**form.texts, **changed}, lists={**form.lists, **lists})


def drawn(db: Database, user: str, about: str, now: datetime = THURSDAY, **changed: Any) -> RhythmForm:
    return rhythm_form.redrawn(db, TEAM, user, about, entered(db, user, about, now, **changed), now=now)


def save(
    db: Database, user: str, about: str, now: datetime = THURSDAY, *, key: str = "view:1", **changed: Any
) -> Saved:
    return rhythm_form.save(db, TEAM, user, about, entered(db, user, about, now, **changed), now=now, key=key)


def rhythms(db: Database, user: str, unit: str, now: datetime = THURSDAY) -> dict[str, RhythmValue]:
    return {r.which: r for r in pages.unit_page(db, TEAM, user, unit, now=now).rhythms}


def days(form: RhythmForm) -> list[str]:
    return [f"{slot.day:%a} {slot.day.day} {slot.day:%b} {slot.at}" for slot in form.preview]


def rounds(db: Database) -> list[tuple[str, str]]:
    """The ledger: unit and local date."""
    keys = state(db).unit_keys
    return [(keys[row.unit_id], row.local_date.isoformat()) for row in rows(db, CheckinRound)]


# The preview


def test_the_form_opens_with_what_is_set_and_its_next_six_slots(suite: Database) -> None:
    form = rhythm_form.open_form(suite, TEAM, ANA, "suite:checkin", now=THURSDAY)
    assert days(form) == [
        "Mon 16 Nov 09:00",
        "Mon 30 Nov 09:00",
        "Mon 14 Dec 09:00",
        "Mon 28 Dec 09:00",
        "Mon 11 Jan 09:00",
        "Mon 25 Jan 09:00",
    ]
    assert (form.since, form.problem, form.binds) == (None, "", True)


def test_a_rhythm_is_previewed_as_it_is_typed_before_anything_is_saved(suite: Database) -> None:
    weekly = drawn(suite, ANA, "suite:checkin", every="1", weekdays=("tuesday", "thursday"), at="10:30")
    assert days(weekly)[:3] == ["Tue 17 Nov 10:30", "Thu 19 Nov 10:30", "Tue 24 Nov 10:30"]
    monthly = drawn(suite, ANA, "suite:checkin", every="1", step="months", monthdays=("last friday", "15"))
    assert days(monthly)[:4] == ["Mon 16 Nov 09:00", "Fri 27 Nov 09:00", "Tue 15 Dec 09:00", "Fri 25 Dec 09:00"]
    assert rows(suite, CheckinRound) == []
    assert rhythms(suite, ANA, "suite")["checkin"].value == "every 2 weeks on Monday at 09:00 where each lead is"


def test_the_preview_names_holidays_and_from_where_a_slot_moved(suite: Database) -> None:
    form = units.open_form(suite, TEAM, ANA, "suite", now=THURSDAY).typed
    with_holidays = Typed(texts={**form.texts, "country": "DE", "region": "BE"}, lists=form.lists)
    units.save(suite, TEAM, ANA, "suite", with_holidays, now=THURSDAY, key="view:0")
    friday = drawn(suite, BO, "crm:checkin", every="1", weekdays=("friday",), starts="2026-12-20")
    moved = friday.preview[0]
    assert (moved.day, moved.moved_from, moved.holiday) == (date(2026, 12, 28), date(2026, 12, 25), "Christmas Day")


def test_each_leads_own_zone_is_named_with_who_is_there_and_whose_quiet_hours_it_is_in(suite: Database) -> None:
    early = drawn(suite, ANA, "suite:checkin", at="06:30").preview[0].local
    assert {one.at for one in early} == {
        "Pacific/Auckland", "Asia/Kathmandu", "Europe/Berlin", "America/Los_Angeles",
    }  # fmt: skip
    assert all(one.quiet for one in early)
    at_nine = {one.at: one for one in drawn(suite, ANA, "suite:checkin").preview[0].local}
    assert at_nine["Europe/Berlin"].names == ("Bo Lind", "Kim Oda", "Lee Park", "Pat Hall")
    assert not any(one.quiet for one in at_nine.values())


def test_a_single_instant_is_said_in_each_leads_zone_with_the_other_day_named(suite: Database) -> None:
    local = drawn(suite, ANA, "suite:checkin", where="zone", zone="berlin", at="14:00").preview[0].local
    assert {(one.at, one.names[0], one.quiet) for one in local} == {
        ("05:00", "Zoe Blum", True),
        ("14:00", "Bo Lind", False),
        ("18:45", "Raj Thapa", False),
        ("Tue 02:00", "Ari Moana", True),
    }


def test_ones_own_quiet_hours_are_those_that_count_in_the_preview(suite: Database) -> None:
    typed = Typed(texts={"quiet": "own", "quiet_from": "20:00", "quiet_to": "10:00"})
    mine.save(suite, TEAM, BO, typed, now=THURSDAY, key="view:0")
    local = drawn(suite, ANA, "suite:checkin").preview[0].local
    assert [one.names for one in local if one.quiet] == [("Bo Lind",)]


def test_what_cannot_be_previewed_yet_says_why_and_keeps_what_is_typed(suite: Database) -> None:
    form = drawn(suite, ANA, "suite:checkin", weekdays=(), every="x")
    assert form.preview == ()
    assert form.problem == 'I read "x"; write a whole number from 1 to 52; choose at least one day'
    assert form.typed.text("every") == "x"


# Saving


def test_every_field_that_cannot_be_used_is_named(suite: Database) -> None:
    with pytest.raises(FormRefusal) as no:
        save(suite, ANA, "suite:checkin", every="0", weekdays=(), at="", where="zone", zone="")
    assert no.value.errors == {
        "every": 'I read "0"; write a whole number from 1 to 52',
        "weekdays": "choose at least one day",
        "at": "choose a time like 20:00",
        "zone": "write a time zone like Europe/Berlin",
    }
    with pytest.raises(FormRefusal) as no:
        save(suite, ANA, "suite:checkin", starts="")
    assert no.value.errors == {"starts": "choose the day from which the weeks are counted"}


def test_a_new_rhythm_counts_from_its_first_slot_after_the_change_and_says_so(suite: Database) -> None:
    saved = save(suite, ANA, "suite:checkin", every="1", weekdays=("wednesday",))
    assert saved.since == date(2026, 11, 18)
    [change] = saved.changes
    assert (change.name, change.after) == ("Check-in", "every week on Wednesday at 09:00, from 18 Nov")
    assert service.open_due(suite, TEAM, now=THURSDAY) == 0
    assert rounds(suite) == []
    assert service.open_due(suite, TEAM, now=datetime(2026, 11, 18, 9, tzinfo=UTC)) == 1
    assert rounds(suite) == [("suite", "2026-11-18")]


def test_rounds_are_counted_on_in_the_cycle_when_their_rhythm_changes(suite: Database) -> None:
    service.open_due(suite, TEAM, now=datetime(2026, 11, 2, 9, tzinfo=UTC))
    save(suite, ANA, "suite:checkin", every="1", weekdays=("wednesday",))
    service.open_due(suite, TEAM, now=datetime(2026, 11, 18, 9, tzinfo=UTC))
    assert [(row.number, row.of) for row in rows(suite, CheckinRound)] == [(3, 7), (4, 10)]


def test_the_steps_go_on_from_the_day_they_were_counted_from(suite: Database) -> None:
    save(suite, ANA, "suite:checkin", every="3", weekdays=("monday", "friday"), starts="2026-10-05")
    shown = rhythm_form.open_form(suite, TEAM, ANA, "suite:checkin", now=THURSDAY)
    assert days(shown)[:4] == ["Mon 16 Nov 09:00", "Fri 20 Nov 09:00", "Mon 7 Dec 09:00", "Fri 11 Dec 09:00"]


def test_a_changed_rhythm_neither_reopens_nor_doubles_the_round_of_a_local_date(db: Database) -> None:
    set_up(suite := db)
    assert service.open_due(suite, TEAM, now=MONDAY) == 1
    noon = datetime(2026, 11, 16, 11, tzinfo=UTC)
    saved = save(suite, ANA, "suite:checkin", noon, every="1", weekdays=("monday",), at="15:00")
    assert saved.since == date(2026, 11, 23)
    for hour in range(12, 24):
        service.open_due(suite, TEAM, now=datetime(2026, 11, 16, hour, tzinfo=UTC))
    assert rounds(suite) == [("suite", "2026-11-16")]


def test_a_unit_that_sets_its_own_is_not_asked_again_on_the_day_of_the_round_it_followed(suite: Database) -> None:
    service.open_due(suite, TEAM, now=MONDAY)
    noon = datetime(2026, 11, 16, 11, tzinfo=UTC)
    saved = save(suite, BO, "crm:checkin", noon, every="1", weekdays=("monday",), at="15:00")
    assert saved.since == date(2026, 11, 23)
    service.open_due(suite, TEAM, now=datetime(2026, 11, 16, 18, tzinfo=UTC))
    assert rounds(suite) == [("suite", "2026-11-16")]


def test_the_same_submission_twice_writes_one_change(suite: Database) -> None:
    typed = entered(suite, BO, "crm:checkin", every="1")
    first, again = (
        rhythm_form.save(suite, TEAM, BO, "crm:checkin", typed, now=THURSDAY, key="view:1") for _ in range(2)
    )
    assert first.changes == again.changes
    with suite.transaction(readonly=True) as session:
        [change] = changes_of(session, TEAM, "unit", "crm")
    assert (change.before, change.after) == (
        {"cadence": None},
        {"cadence": {"every": "1 week", "on": "monday", "at": "09:00", "starts": "2026-11-16"}},
    )


def test_saving_a_rhythm_as_it_stands_moves_nothing(suite: Database) -> None:
    saved = save(suite, ANA, "suite:checkin")
    assert (saved.changes, saved.since) == ((), None)
    assert state(suite).rhythms["suite"].cadence is not None


# Whose it is


def test_an_inherited_rhythm_is_shown_as_such_set_by_a_lead_and_given_back(suite: Database) -> None:
    found = rhythms(suite, BO, "crm")["checkin"]
    assert (found.source, found.offers) == ("Product suite", ("set",))
    save(suite, BO, "crm:checkin", every="1", weekdays=("tuesday",))
    own = rhythms(suite, BO, "crm")["checkin"]
    assert (own.source, own.value, own.offers) == (
        None, "every week on Tuesday at 09:00 where each lead is", ("change", "drop"),
    )  # fmt: skip
    rhythm_form.drop(suite, TEAM, BO, "crm:checkin", now=THURSDAY, key="click:1")
    assert rhythms(suite, BO, "crm")["checkin"] == found


def test_a_binding_rhythm_is_shown_with_whose_it_is_and_cannot_be_set_below(suite: Database) -> None:
    save(suite, BO, "crm:checkin", every="1", weekdays=("tuesday",))
    save(suite, ANA, "suite:checkin", key="view:2", binding=("binding",))
    found = rhythms(suite, BO, "crm")["checkin"]
    assert (found.source, found.binding, found.offers) == ("Product suite", True, ())
    with pytest.raises(Refusal, match="The check-in of Product suite is binding for all below it"):
        rhythm_form.open_form(suite, TEAM, BO, "crm:checkin", now=THURSDAY)


def test_a_check_in_that_is_free_again_counts_from_then_on(suite: Database) -> None:
    save(suite, BO, "crm:checkin", every="1", weekdays=("tuesday",))
    save(suite, ANA, "suite:checkin", key="view:2", binding=("binding",))
    later = datetime(2026, 11, 25, 8, tzinfo=UTC)
    save(suite, ANA, "suite:checkin", later, key="view:3", binding=())
    assert service.open_due(suite, TEAM, now=later) == 0
    assert [day for unit, day in rounds(suite) if unit == "crm"] == []
    assert service.open_due(suite, TEAM, now=datetime(2026, 12, 1, 9, tzinfo=UTC)) >= 1
    assert ("crm", "2026-12-01") in rounds(suite)


def test_who_does_not_answer_for_a_unit_sees_its_rhythm_and_can_do_nothing_to_it(suite: Database) -> None:
    found = rhythms(suite, KIM, "crm")["checkin"]
    assert (found.offers, found.source) == ((), "Product suite")
    for use in (rhythm_form.open_form, rhythm_form.drop):
        more: dict[str, Any] = {"key": "click:1"} if use is rhythm_form.drop else {}
        with pytest.raises(Refusal, match="ask Bo Lind or Ana Ruiz"):
            use(suite, TEAM, KIM, "crm:checkin", now=THURSDAY, **more)


def test_the_last_check_in_above_cannot_be_given_back(suite: Database) -> None:
    assert rhythms(suite, ANA, "suite")["checkin"].offers == ("change",)
    with pytest.raises(Refusal, match="No unit above has a check-in"):
        rhythm_form.drop(suite, TEAM, ANA, "suite:checkin", now=THURSDAY, key="click:1")


# The digest


def test_a_portfolio_sets_its_digest_likewise_and_a_product_line_may(suite: Database) -> None:
    own = rhythms(suite, BO, "crm")["digest"]
    assert (own.value, own.offers) == ("none", ("set",))
    found = rhythms(suite, ANA, "suite")["digest"]
    assert (found.value, found.offers) == ("every week on Friday at 15:00 in Europe/Berlin", ("change", "drop"))
    friday = drawn(suite, ANA, "suite:digest", at="16:00")
    assert days(friday)[0] == "Fri 13 Nov 16:00"
    assert [one.names for one in friday.preview[0].local] == [("Ana Ruiz",)]


def test_a_changed_digest_is_not_sent_twice_on_a_day_and_an_ended_one_not_at_all(suite: Database) -> None:
    three = datetime(2026, 11, 13, 14, tzinfo=UTC)
    assert digests.open_due(suite, TEAM, now=three) == 1
    assert save(suite, ANA, "suite:digest", three, at="17:00").since == date(2026, 11, 20)
    assert digests.open_due(suite, TEAM, now=datetime(2026, 11, 13, 17, tzinfo=UTC)) == 0
    assert digests.open_due(suite, TEAM, now=datetime(2026, 11, 20, 16, tzinfo=UTC)) == 1
    rhythm_form.drop(suite, TEAM, ANA, "suite:digest", now=datetime(2026, 11, 21, tzinfo=UTC), key="click:1")
    assert digests.open_due(suite, TEAM, now=datetime(2026, 11, 27, 17, tzinfo=UTC)) == 0
    assert [row.local_date for row in rows(suite, DigestIssue)] == [date(2026, 11, 13), date(2026, 11, 20)]


def test_a_digest_in_another_zone_is_said_where_its_lead_is(suite: Database) -> None:
    form = drawn(suite, ANA, "suite:digest", where="zone", zone="Asia/Tokyo")
    assert days(form)[0] == "Fri 13 Nov 15:00"
    assert [one.at for one in form.preview[0].local] == ["07:00"]
