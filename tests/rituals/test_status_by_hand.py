"""A status that a person sets by hand: by line and form, beside the computed one, until the next update."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from bot.views.digests import digest
from rituals.alignment.rules import connection_rate
from rituals.checkins.rules import Asked
from rituals.checkins.shown import line_of as asked_line_of
from rituals.digests import service as digests
from rituals.digests.markdown import markdown
from rituals.digests.plain import plain_text
from rituals.errors import FormRefusal, Refusal
from rituals.flags.warnings import said_badly_at
from rituals.home import overview
from rituals.notices import HandSet
from rituals.okrs import card, history, pages, service
from rituals.okrs.beside import beside, leading
from rituals.okrs.cards import Saved, UpdateForm
from rituals.okrs.figures import figures, status_row
from rituals.okrs.form import Entry
from rituals.okrs.load import load_portfolio
from rituals.okrs.model import Update
from rituals.okrs.one_line import OneLine, read_line
from rituals.okrs.portfolio import markdown as portfolio_markdown
from rituals.status import status, status_text
from storage.database import Database
from storage.people import units
from storage.tables import KeyResultUpdate
from tests.rituals.halden import ANA, BO, MIA, NOW, OMAR, SAM, TEAM, whole_list
from tests.rituals.samples import BANDS, BERLIN, TWO_WEEKS, on_day, percent_kr
from tests.rituals.samples import said as reported
from tests.rituals.test_one_line import KRS

_click = count()
SLIPS = HandSet(status="at_risk", reason="vendor slips", by="Bo Lindqvist")


def line(db: Database, text: str, user: str = BO, minutes: int = 0) -> Saved:
    """A line that is saved."""
    at = NOW + timedelta(minutes=minutes)
    saved = service.update_line(db, TEAM, user, text, now=at, key=f"command:{next(_click)}")
    assert isinstance(saved, Saved)
    return saved


def by_hand(db: Database, key: str = "KR-1", minutes: int = 60) -> HandSet | None:
    """What stands beside the computed status on the card."""
    return card.show(db, TEAM, key, now=NOW + timedelta(minutes=minutes)).line.by_hand


def read(text: str) -> OneLine:
    return read_line(text, KRS)


def asked_back(text: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read(text)
    return caught.value


# One line


@pytest.mark.parametrize(
    ("typed", "value", "confidence", "status", "reason"),
    [
        ("KR-12 at risk: vendor slips", None, None, "at_risk", "vendor slips"),
        ("KR-12: at risk: vendor slips", None, None, "at_risk", "vendor slips"),
        ("KR-12 is at-risk because the vendor slips", None, None, "at_risk", "the vendor slips"),
        ("KR-12 30 days at risk: vendor slips", "30", None, "at_risk", "vendor slips"),
        ("KR-12 30 days 7/10, OFF TRACK because vendor slips", "30", 7, "off_track", "vendor slips"),
        ("KR-12 7/10 on track: all is well", None, 7, "on_track", "all is well"),
        ("KR-12 30 days at risk: 5 vendors slip 6/10", "30", 6, "at_risk", "5 vendors slip"),
        ("KR-12 on track because 3 of 4 pilots run", None, None, "on_track", "3 of 4 pilots run"),
        ("KR-12 up 5 off track: pilot stopped", "5", None, "off_track", "pilot stopped"),
    ],
)
def test_status_words_right_after_name_or_value_with_a_colon_or_because_set_the_status(
    typed: str, value: str | None, confidence: int | None, status: str, reason: str
) -> None:
    got = read(typed)
    assert (got.amount.value if got.amount else None) == (Decimal(value) if value else None)
    assert (got.confidence, got.status, got.reason, got.note) == (confidence, status, reason, "")


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        ("KR-12 30 days at risk", "at risk"),
        ("KR-12 30 days at risk of losing the vendor", "at risk of losing the vendor"),
        ("KR-12 30 days pilot live, at risk: vendor", "pilot live, at risk: vendor"),
        ("KR-12 30 days the vendor says we are at risk: really", "the vendor says we are at risk: really"),
        ("KR-12 30 days note: at risk: vendor", "at risk: vendor"),
        ("KR-12 on track, 30 days", ""),
    ],
)
def test_status_words_in_a_note_stay_a_note(typed: str, note: str) -> None:
    got = read(typed)
    assert got.amount is not None
    assert (got.amount.value, got.note, got.status, got.reason) == (Decimal(30), note, None, "")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("KR-12 at risk: 5 vendors slip", ["KR-12 at risk because 5 vendors slip", "KR-12 5 vendors slip"]),
        ("KR-12 on track: 30 days", ["KR-12 on track because 30 days", "KR-12 30 days"]),
        ("KR-12 30 days on track: 7/10", ["KR-12 30 days 7/10"]),
        ("KR-12 at risk vendor slips", ["KR-12 at risk: vendor slips"]),
        ("KR-12 at risk", []),
        ("KR-12 30 days at risk: ", []),
        ("KR-12 at risk because 7/10", []),
    ],
)
def test_what_can_be_two_things_or_lacks_its_reason_is_asked_back(typed: str, meant: list[str]) -> None:
    refused = asked_back(typed)
    assert [choice.value for choice in refused.choices] == meant
    for choice in refused.choices:
        assert read(choice.value).key_result == "KR-12"


def test_a_line_that_is_saved_shows_what_was_set(halden: Database) -> None:
    saved = line(halden, "KR-1 30 days at risk: vendor slips").line
    assert (saved.after, saved.status, saved.status_reason) == ("30 days", "at_risk", "vendor slips")
    assert by_hand(halden) == SLIPS
    got = card.show(halden, TEAM, "KR-1", now=NOW)
    assert (got.line.status, got.history[0].status, got.history[0].status_reason) == (
        "on_track",
        "at_risk",
        "vendor slips",
    )
    assert history.history(halden, TEAM, "KR-1", now=NOW).events[0].status == "at_risk"


def test_the_same_line_sent_twice_sets_it_once(halden: Database) -> None:
    for _ in range(2):
        service.update_line(halden, TEAM, BO, "KR-1 at risk: vendor slips", now=NOW, key="command:twice")
    events = history.history(halden, TEAM, "KR-1", now=NOW).events
    assert sum(event.status == "at_risk" for event in events) == 1


def test_who_may_not_update_it_may_not_set_its_status(halden: Database) -> None:
    with pytest.raises(Refusal, match="KR-1 is"):
        line(halden, "KR-1 at risk: vendor slips", user=SAM)
    assert by_hand(halden) is None


# The form


def submit(db: Database, entry: Entry, minutes: int = 0) -> Saved:
    at = NOW + timedelta(minutes=minutes)
    return service.submit_update(db, TEAM, BO, entry, now=at, key=f"form:{next(_click)}")


def test_a_form_sets_a_status_with_its_reason_alone_or_beside_a_value(halden: Database) -> None:
    submit(halden, Entry("KR-1", status="at_risk", status_reason=" vendor slips "))
    assert by_hand(halden) == SLIPS
    submit(halden, Entry("KR-1", value="30 days", status="off_track", status_reason="pilot stopped"), 1)
    got = by_hand(halden)
    assert got is not None
    assert (got.status, got.reason) == ("off_track", "pilot stopped")


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (Entry("KR-1", value="30 days", status="at_risk"), "status_reason"),
        (Entry("KR-1", status="at_risk", status_reason="  "), "status_reason"),
        (Entry("KR-1", value="30 days", status_reason="vendor slips"), "status"),
        (Entry("KR-1", status="achieved", status_reason="we say so"), "status"),
    ],
)
def test_a_form_says_at_the_field_what_is_missing_and_writes_nothing(
    halden: Database, entry: Entry, field: str
) -> None:
    with pytest.raises(FormRefusal) as caught:
        submit(halden, entry)
    assert set(caught.value.errors) == {field}
    assert card.show(halden, TEAM, "KR-1", now=NOW).line.now == "36 days"


def test_an_edit_opens_with_what_was_set_and_a_new_form_says_what_stands(halden: Database) -> None:
    update = line(halden, "KR-1 30 days at risk: vendor slips").line.update
    edited = service.edit_form(halden, TEAM, BO, update, now=NOW)
    assert (edited.status, edited.status_reason, edited.value) == ("at_risk", "vendor slips", "30 days")
    fresh = service.update_form(halden, TEAM, BO, "KR-1", now=NOW)
    assert isinstance(fresh, UpdateForm)
    assert (fresh.status, fresh.computed, fresh.by_hand) == (None, "on_track", SLIPS)
    submit(halden, Entry("KR-1", value="30 days", update=update), 1)
    assert by_hand(halden) is None


# How long it holds


def test_it_lapses_at_the_next_update_whoever_gives_it(halden: Database) -> None:
    for other, user in (("KR-1 30 days", BO), ("KR-1 6/10", BO), ("KR-1 33 days", ANA), ("KR-1 5/10", OMAR)):
        line(halden, "KR-1 at risk: vendor slips", minutes=next(_click))
        try:
            line(halden, other, user=user, minutes=next(_click))
        except Refusal:  # not theirs: nothing was said
            assert by_hand(halden, minutes=9999) == SLIPS
        else:
            assert by_hand(halden, minutes=9999) is None


def test_undone_it_is_gone_and_what_lapsed_it_undone_it_stands_again(halden: Database) -> None:
    update = line(halden, "KR-1 at risk: vendor slips").line.update
    service.undo(halden, TEAM, BO, update, now=NOW)
    assert by_hand(halden) is None
    line(halden, "KR-1 at risk: vendor slips", minutes=1)
    later = line(halden, "KR-1 30 days", minutes=2).line.update
    assert by_hand(halden) is None
    service.undo(halden, TEAM, BO, later, now=NOW + timedelta(minutes=3))
    assert by_hand(halden) == SLIPS


UPDATES = st.lists(
    st.tuples(
        st.integers(0, 95),
        st.sampled_from([None, 5, 40, 90]),
        st.sampled_from(["report", "view"]),
        st.sampled_from([None, "on_track", "at_risk", "off_track"]),
    ),
    max_size=8,
)


def _history(found: list[tuple[int, int | None, str, str | None]]) -> tuple[Update, ...]:
    return tuple(
        reported(on_day(day), value, role=role, status=hand, status_reason="so" if hand else "", unit="crm")
        for day, value, role, hand in sorted(found, key=lambda one: one[0])
    )


@given(found=UPDATES, day=st.integers(0, 99))
def test_a_later_update_always_lapses_it_and_it_never_changes_what_is_computed(
    found: list[tuple[int, int | None, str, str | None]], day: int
) -> None:
    one, now = percent_kr(*_history(found)), on_day(day, hour=23)
    got = figures(one, now=now, zone=BERLIN, interval=TWO_WEEKS, bands=BANDS)
    until_now = [update for update in one.updates if update.at <= now]
    newest = until_now[-1] if until_now else None
    assert got.by_hand == (newest if newest and newest.status else None)
    bare = (u for u in one.updates if not u.status or u.value is not None)
    plain = replace(one, updates=tuple(replace(u, status=None, status_reason="") for u in bare))
    assert replace(got, by_hand=None) == figures(plain, now=now, zone=BERLIN, interval=TWO_WEEKS, bands=BANDS)


def test_it_does_not_turn_silence_green() -> None:
    silent = percent_kr(reported(on_day(1), 5))
    hand = reported(on_day(60), None, status="on_track", status_reason="trust me")
    for one, computed in ((silent, "stale"), (replace(silent, updates=()), "no_data")):
        told = replace(one, updates=(*one.updates, hand))
        got = figures(told, now=on_day(61), zone=BERLIN, interval=TWO_WEEKS, bands=BANDS)
        assert (got.status, got.by_hand) == (computed, hand)
        assert [flag.reason for flag in got.flags] == [
            flag.reason for flag in figures(one, now=on_day(61), zone=BERLIN, interval=TWO_WEEKS, bands=BANDS).flags
        ]
        assert leading(got.status, replace_status(SLIPS)) == computed
    assert beside("stale", replace_status(SLIPS)) == " (Bo Lindqvist set on track)"


def replace_status(hand: HandSet) -> HandSet:
    return hand.model_copy(update={"status": "on_track"})


def test_a_flag_stays_whatever_is_set(halden: Database) -> None:
    line(halden, "KR-1 44 days")
    before = card.show(halden, TEAM, "KR-1", now=NOW).why
    line(halden, "KR-1 on track: the vendor promised", minutes=1)
    got = card.show(halden, TEAM, "KR-1", now=NOW + timedelta(minutes=1))
    assert before
    assert (got.why, got.line.status, got.line.by_hand and got.line.by_hand.status) == (before, "off_track", "on_track")
    behind = whole_list(halden, BO, "behind", NOW + timedelta(minutes=1))
    assert "KR-1" in {one.key for one in behind.lines}


def test_a_closed_cycle_shows_no_status_by_hand() -> None:
    one = percent_kr(reported(on_day(60), 50, status="at_risk", status_reason="so"), cycle_closed=True)
    got = figures(one, now=on_day(61), zone=BERLIN, interval=TWO_WEEKS, bands=BANDS)
    assert (got.status, got.by_hand) == ("closed", None)


def test_the_database_takes_no_other_word_and_none_without_a_reason(db: Database) -> None:
    for word, reason in (("achieved", "so"), ("at_risk", "")):
        with pytest.raises(IntegrityError), db.transaction() as session:
            session.add(KeyResultUpdate(team_id=TEAM, key_result_id=1, at=NOW, status=word, status_reason=reason))


# Where it is shown


def test_every_place_that_shows_the_status_shows_what_was_set(halden: Database) -> None:
    line(halden, "KR-1 44 days")
    line(halden, "KR-1 at risk: vendor slips", minutes=1)
    now = NOW + timedelta(minutes=2)
    listed = {one.key: one for one in whole_list(halden, BO, "mine", now).lines}
    shared = {one.line.key: one.line for one in pages.shared(halden, TEAM, now=now).key_results}
    assert listed["KR-1"].by_hand == shared["KR-1"].by_hand == SLIPS
    with halden.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
        one = state.key_results["KR-1"]
        asked = asked_line_of(state, Asked(one, "report", state.figures(one, now)))
    mine = {one.key: one for one in overview(halden, TEAM, BO, now=now).key_results}
    assert mine["KR-1"].by_hand == asked.by_hand == SLIPS
    files = portfolio_markdown.document(halden, TEAM, now=now)
    assert "at risk, set by Bo Lindqvist (computed off track)" in files


def test_a_digest_shows_it_beside_the_computed_one(halden: Database) -> None:
    line(halden, "KR-1 44 days")
    line(halden, "KR-1 at risk: vendor slips", minutes=1)
    now = NOW + timedelta(minutes=2)
    made = digests.preview(halden, TEAM, None, now=now, connection=connection_rate)
    for written in (plain_text(made), markdown(made)):
        assert "at risk, set by Bo Lindqvist (computed off track)" in " ".join(written.split())
    assert "at risk, set by Bo Lindqvist (computed off track): KR-1" in repr(digest(made).blocks)


def test_status_for_scripts_stays_computed_with_what_was_set_beside_it(halden: Database) -> None:
    line(halden, "KR-1 30 days at risk: vendor slips")
    found = status(halden, TEAM, now=NOW)
    rows = {row["key"]: row for row in found["key_results"]}
    assert rows["KR-1"]["status"] == "on_track"
    assert rows["KR-1"]["set_by_hand"] == {
        "status": "at_risk",
        "reason": "vendor slips",
        "by": "bo",
        "at": "2026-11-16T09:00:00+00:00",
    }
    assert [key for key, row in rows.items() if "set_by_hand" in row] == ["KR-1"]
    assert "set at risk by bo: vendor slips" in status_text(found)


def test_a_row_without_one_has_the_fixed_fields_alone() -> None:
    one = percent_kr(reported(on_day(60), 50))
    row = status_row(one, figures(one, now=on_day(61), zone=BERLIN, interval=TWO_WEEKS, bands=BANDS))
    assert "set_by_hand" not in row


def test_of_a_private_unit_nothing_of_it_is_told(halden: Database) -> None:
    line(halden, "KR-10 at risk: secret deal")
    with halden.transaction() as session:
        next(unit for unit in units(session, TEAM) if unit.key == "crm").private = True
    assert "secret deal" not in repr(whole_list(halden, MIA, ""))
    assert "secret deal" in repr(whole_list(halden, BO, ""))


def test_a_bad_status_by_hand_is_a_word_of_a_person_for_the_early_warnings() -> None:
    good = reported(on_day(10), 5, status="on_track", status_reason="so")
    bad = reported(on_day(20), 10, status="off_track", status_reason="so")
    assert said_badly_at(percent_kr(good, bad)) == on_day(20)
    assert said_badly_at(percent_kr(good)) is None
