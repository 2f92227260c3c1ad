"""A digest with a person in between: held, shown, edited, let go once, taken back, and never silently lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import col, select

from prompts.client import ModelClient
from rituals.alignment.rules import connection_rate
from rituals.digests import approving, feedback
from rituals.digests.attending import attend
from rituals.digests.due import open_due
from rituals.digests.edits import with_edits
from rituals.digests.holding import NOBODY, approval_now
from rituals.digests.issuing import prepare
from rituals.digests.service import Reader, preview
from rituals.errors import FormRefusal, Refusal
from rituals.notices import Digest, DigestApproval
from storage import outbox, people, tables
from storage.database import Database
from storage.tables import DigestFeedback, DigestIssue, Nudge, OutboxRow
from tests.rituals.digest_workspace import FRIDAY, PORTFOLIO, TEAM, add_blocker, set_up
from tests.rituals.stored import promised

OFF = ModelClient(mode="off")
ANA, BO, MIA = "U01ANA", "U02BO", "U03MIA"
MINUTE, DAY, WEEK = timedelta(minutes=1), timedelta(days=1), timedelta(days=7)
MONDAY_18 = datetime(2026, 11, 16, 17, tzinfo=UTC)
"""18:00 in Berlin on the next working day."""


@pytest.fixture
def suite(sqlite_db: Database) -> Database:
    set_up(sqlite_db)
    add_blocker(sqlite_db, 9, "the export API")
    with sqlite_db.transaction() as session:
        people.workspace(session, TEAM).approve_digests = True
    return sqlite_db


def give(db: Database, now: datetime = FRIDAY) -> int:
    open_due(db, TEAM, now=now)
    return prepare(db, TEAM, now=now, model=OFF, connection=connection_rate)


def issue(db: Database) -> DigestIssue:
    with db.transaction(readonly=True) as session:
        return session.exec(select(DigestIssue).order_by(col(DigestIssue.id).desc())).first()  # type: ignore[return-value]


def shown(db: Database, now: datetime = FRIDAY) -> DigestApproval:
    """What the approver's message shows."""
    (row,) = promised(db, "digest_approval")
    with db.transaction(readonly=True) as session:
        found = approval_now(session, TEAM, row.data or {}, now)
    assert found is not None
    return found


def number(db: Database) -> int:
    return issue(db).id or 0


def approve(db: Database, user: str = ANA, now: datetime = FRIDAY + MINUTE) -> None:
    approving.approve(db, TEAM, user, number(db), now=now)


def sent(db: Database, *kinds: str) -> None:
    """As delivery leaves them."""
    with db.transaction() as session:
        for row in session.exec(select(OutboxRow).where(col(OutboxRow.kind).in_(kinds), OutboxRow.state == "due")):
            row.state, row.channel, row.ts = "sent", row.to, f"17.{row.id}"
            row.rendered = row.wanted
            session.add(row)


def test_at_its_time_it_goes_to_the_lead_and_not_to_the_channel(suite: Database) -> None:
    assert give(suite) == 1
    assert promised(suite, "digest") == []
    (row,) = promised(suite, "digest_approval")
    assert (row.to, row.mode) == (ANA, "live")
    seen = shown(suite)
    assert (seen.state, seen.channel, seen.until) == ("held", "C01LEADERS", MONDAY_18)
    assert seen.digest.falling[0].line.key == "KR-1"
    assert give(suite, FRIDAY + MINUTE) == 0


def test_approved_it_is_posted_as_it_was_shown_with_its_lists(suite: Database) -> None:
    give(suite)
    before = shown(suite).digest
    approve(suite)
    (row,) = promised(suite, "digest")
    assert (row.key, row.to) == ("digest:suite:2026-11-13", "C01LEADERS")
    assert Digest.model_validate(row.data) == before
    assert all(reply.thread_of == row.key for reply in promised(suite, "digest_details"))
    now = issue(suite)
    assert (now.state, now.decided_by, now.issued_at) == ("issued", ANA, FRIDAY + MINUTE)
    seen = shown(suite, FRIDAY + 2 * MINUTE)
    assert (seen.state, seen.decided_by, seen.undo_until) == ("issued", "Ana Ruiz", FRIDAY + 11 * MINUTE)


def test_two_people_who_press_at_once_post_it_once(suite: Database) -> None:
    with suite.transaction() as session:
        session.exec(select(tables.Person).where(tables.Person.key == "mia")).one().admin = True
    give(suite)

    def press(user: str) -> str:
        try:
            approve(suite, user)
        except Refusal as no:
            return no.text
        return "done"

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(press, [ANA, MIA, ANA, MIA]))
    assert said.count("done") == 1
    assert {text for text in said if text != "done"} <= {"Ana Ruiz posted it already.", "Mia Kern posted it already."}
    assert len(promised(suite, "digest")) == 1


@pytest.mark.parametrize("does", [approving.approve, approving.keep_back, approving.undo])
def test_who_does_not_answer_for_the_unit_has_no_say(suite: Database, does: Callable[..., None]) -> None:
    give(suite)
    with pytest.raises(Refusal, match="ask Ana"):
        does(suite, TEAM, BO, number(suite), now=FRIDAY)
    assert issue(suite).state == "held"


def test_kept_back_it_is_skipped_with_who_chose_so_and_the_next_one_says_it(suite: Database) -> None:
    give(suite)
    approve(suite)
    give(suite, FRIDAY + WEEK)
    approving.keep_back(suite, TEAM, ANA, number(suite), now=FRIDAY + WEEK)
    assert (issue(suite).state, issue(suite).reason) == ("skipped", "Ana Ruiz chose not to post it")
    with pytest.raises(Refusal, match="It was not posted: Ana Ruiz chose not to post it"):
        approve(suite, now=FRIDAY + WEEK)
    give(suite, FRIDAY + 2 * WEEK)
    approve(suite, now=FRIDAY + 2 * WEEK)
    lists = {str((row.data or {})["title"]): (row.data or {})["lines"] for row in promised(suite, "digest_details")}
    assert lists["Digests not given"] == ["Fri 20 Nov: Ana Ruiz chose not to post it"]


def test_undone_within_ten_minutes_the_message_and_its_thread_are_deleted_once(suite: Database) -> None:
    give(suite)
    approve(suite)
    sent(suite, "digest", "digest_details")
    undone = FRIDAY + 10 * MINUTE
    approving.undo(suite, TEAM, ANA, number(suite), now=undone)
    rows = [*promised(suite, "digest"), *promised(suite, "digest_details")]
    assert len(rows) > 1
    assert {(row.mode, row.state) for row in rows} == {("gone", "due")}
    assert {row.wanted - row.rendered for row in rows} == {1}
    with pytest.raises(Refusal, match="It was taken back: Ana Ruiz took it back"):
        approving.undo(suite, TEAM, ANA, number(suite), now=undone)
    assert {row.wanted - row.rendered for row in promised(suite, "digest")} == {1}
    assert issue(suite).state == "withdrawn"
    assert issue(suite).snapshot  # history is kept


def test_undone_before_it_was_sent_it_never_will_be(suite: Database) -> None:
    give(suite)
    approve(suite)
    approving.undo(suite, TEAM, ANA, number(suite), now=FRIDAY + 2 * MINUTE)
    assert {row.state for row in (*promised(suite, "digest"), *promised(suite, "digest_details"))} == {"dead"}


def test_after_ten_minutes_it_stays_and_the_button_goes(suite: Database) -> None:
    give(suite)
    approve(suite)
    over = FRIDAY + 11 * MINUTE
    with pytest.raises(Refusal, match="more than ten minutes ago"):
        approving.undo(suite, TEAM, ANA, number(suite), now=over)
    sent(suite, "digest_approval")
    assert attend(suite, TEAM, now=over - timedelta(seconds=1)) == 0
    assert attend(suite, TEAM, now=over) == 1
    assert [row.state for row in promised(suite, "digest_approval")] == ["due"]
    assert shown(suite, over).undo_until is None
    assert attend(suite, TEAM, now=over + MINUTE) == 0


def test_one_that_was_taken_back_is_not_what_the_next_is_compared_with(suite: Database) -> None:
    give(suite)
    approve(suite)
    approving.undo(suite, TEAM, ANA, number(suite), now=FRIDAY + 2 * MINUTE)
    give(suite, FRIDAY + WEEK)
    assert not shown_next(suite).headline.startswith("Nothing changed")


def shown_next(db: Database) -> Digest:
    row = promised(db, "digest_approval")[-1]
    with db.transaction(readonly=True) as session:
        found = approval_now(session, TEAM, row.data or {}, FRIDAY + WEEK)
    assert found is not None
    return found.digest


def test_what_happened_while_it_waited_is_told_by_the_next(suite: Database) -> None:
    add_blocker(suite, 10, "the import API")
    give(suite)
    with suite.transaction() as session:
        row = session.exec(select(tables.Blocker).where(tables.Blocker.number == 10)).one()
        row.state, row.resolved_at = "resolved", FRIDAY + DAY
        session.add(row)
    approve(suite, now=FRIDAY + 3 * DAY)
    give(suite, FRIDAY + WEEK)
    approve(suite, now=FRIDAY + WEEK + MINUTE)
    later = [row.data or {} for row in promised(suite, "digest_details") if "2026-11-20" in row.key]
    (told,) = [data["lines"] for data in later if data["title"] == "Blockers resolved"]
    assert told[0].startswith("B-10 the import API")


def test_it_says_to_which_channel_it_went_where_that_was_changed_while_it_waited(suite: Database) -> None:
    give(suite)
    with suite.transaction() as session:
        session.exec(select(tables.Unit).where(tables.Unit.key == "suite")).one().leadership_channel = "C02BOARD"
    approve(suite)
    assert [row.to for row in promised(suite, "digest")] == ["C02BOARD"]
    assert shown(suite, FRIDAY + 2 * MINUTE).channel == "C02BOARD"


def test_a_line_that_a_person_wrote_carries_their_name_and_rests_on_nothing(suite: Database) -> None:
    give(suite)
    form = approving.edit_form(suite, TEAM, ANA, number(suite))
    places = {line.place: line.text for line in form.lines}
    assert set(places) == {"headline", "blockers:0"}
    typed = {**places, "blockers:0": "Payments promised the API for  Monday"}
    approving.edit(suite, TEAM, ANA, number(suite), typed, seen=form.seen, now=FRIDAY)
    approve(suite)
    posted = Digest.model_validate(promised(suite, "digest")[0].data)
    assert posted.blockers[0].text == "Payments promised the API for Monday"
    assert posted.blockers[0].sources == ()
    assert [(one.place, one.by) for one in posted.edited] == [("blockers:0", "Ana Ruiz")]
    assert posted.headline == places["headline"]


def test_figures_cannot_be_written_anew(suite: Database) -> None:
    give(suite)
    typed = {"falling:0": "41 days", "connection_rate": "100 %", "moved:0": "KR-2 +90 points", "silent:0": "nobody"}
    approving.edit(suite, TEAM, ANA, number(suite), typed, seen="", now=FRIDAY)
    assert not issue(suite).edits


def test_a_cleared_line_has_the_computed_words_back(suite: Database) -> None:
    give(suite)
    for text, left in (("Mine", ["headline"]), ("  ", [])):
        form = approving.edit_form(suite, TEAM, ANA, number(suite))
        approving.edit(suite, TEAM, ANA, number(suite), {"headline": text}, seen=form.seen, now=FRIDAY)
        assert list(issue(suite).edits or {}) == left
    assert shown(suite).digest.edited == ()


def test_what_two_people_edit_at_once_is_both_kept(suite: Database) -> None:
    with suite.transaction() as session:
        session.exec(select(tables.Person).where(tables.Person.key == "mia")).one().admin = True
    give(suite)
    form = approving.edit_form(suite, TEAM, ANA, number(suite))
    as_it_was = {line.place: line.text for line in form.lines}
    approving.edit(suite, TEAM, ANA, number(suite), {**as_it_was, "headline": "Ana's"}, seen=form.seen, now=FRIDAY)
    approving.edit(suite, TEAM, MIA, number(suite), {**as_it_was, "blockers:0": "Mia's"}, seen=form.seen, now=FRIDAY)
    edits = issue(suite).edits or {}
    assert {place: line["by"] for place, line in edits.items()} == {"headline": "Ana Ruiz", "blockers:0": "Mia Kern"}


def test_a_form_that_is_sent_twice_changes_nothing_the_second_time(suite: Database) -> None:
    give(suite)
    form = approving.edit_form(suite, TEAM, ANA, number(suite))
    for _ in range(2):
        approving.edit(suite, TEAM, ANA, number(suite), {"headline": "Mine"}, seen=form.seen, now=FRIDAY)
    assert (issue(suite).edits or {})["headline"]["text"] == "Mine"


def test_a_line_that_is_too_long_is_asked_back_at_its_field(suite: Database) -> None:
    give(suite)
    with pytest.raises(FormRefusal) as no:
        approving.edit(suite, TEAM, ANA, number(suite), {"headline": "x" * 301}, seen="", now=FRIDAY)
    assert no.value.errors == {"headline": "That has 301 characters; 300 fit."}


def test_nothing_is_edited_after_it_was_posted(suite: Database) -> None:
    give(suite)
    approve(suite)
    with pytest.raises(Refusal, match="posted it already"):
        approving.edit(suite, TEAM, ANA, number(suite), {"headline": "Mine"}, seen="", now=FRIDAY + 2 * MINUTE)


def test_who_does_not_approve_is_reminded_once_in_their_thread_and_it_counts(suite: Database) -> None:
    give(suite)
    night, monday = datetime(2026, 11, 15, 2, tzinfo=UTC), datetime(2026, 11, 16, 6, 1, tzinfo=UTC)
    assert attend(suite, TEAM, now=night) == 0
    assert attend(suite, TEAM, now=monday) == 1
    assert attend(suite, TEAM, now=monday + MINUTE) == 0
    (told,) = promised(suite, "digest_waiting")
    assert told.to == ANA
    assert told.thread_of == promised(suite, "digest_approval")[0].key
    assert not (told.data or {})["lapsed"]
    with suite.transaction(readonly=True) as session:
        assert [(n.kind, n.dropped) for n in session.exec(select(Nudge))] == [("digest", "")]


def test_who_has_had_their_five_nudges_is_not_reminded(suite: Database) -> None:
    with suite.transaction() as session:
        people.workspace(session, TEAM).nudges_a_week = 0
    give(suite)
    attend(suite, TEAM, now=datetime(2026, 11, 16, 6, 1, tzinfo=UTC))
    assert promised(suite, "digest_waiting") == []


def test_nobody_approves_so_it_is_skipped_with_the_reason_and_the_approver_is_told(suite: Database) -> None:
    give(suite)
    assert attend(suite, TEAM, now=MONDAY_18) == 1
    assert (issue(suite).state, issue(suite).reason) == ("skipped", "nobody approved it by Mon 16 Nov, 18:00")
    (told,) = promised(suite, "digest_waiting")
    assert (told.data or {})["lapsed"]
    assert promised(suite, "digest") == []
    assert attend(suite, TEAM, now=MONDAY_18 + MINUTE) == 0
    assert shown(suite, MONDAY_18).state == "skipped"


def test_while_it_waits_the_reminder_is_left_alone_by_a_restart(suite: Database) -> None:
    """Everything is in the database: another process goes on where this one was."""
    give(suite)
    again = Database(suite.url)
    try:
        approving.approve(again, TEAM, ANA, number(suite), now=FRIDAY + MINUTE)
        assert len(promised(again, "digest")) == 1
    finally:
        again.close()


def test_where_nobody_can_approve_it_says_so(sqlite_db: Database) -> None:
    set_up(sqlite_db, PORTFOLIO.replace("leads: [ana]", "leads: []"))
    with sqlite_db.transaction() as session:
        people.workspace(session, TEAM).approve_digests = True
    assert give(sqlite_db) == 0
    assert (issue(sqlite_db).state, issue(sqlite_db).reason) == ("skipped", NOBODY)


def test_who_is_away_has_somebody_asked_instead(suite: Database) -> None:
    with suite.transaction() as session:
        found = {p.key: p for p in session.exec(select(tables.Person))}
        ana = found["ana"]
        ana.away_from, ana.away_until, ana.away_by = date(2026, 11, 1), date(2026, 11, 30), "command"
        ana.delegate_id = found["mia"].id
        session.add(ana)
    give(suite)
    assert [row.to for row in promised(suite, "digest_approval")] == [MIA]


def test_what_became_private_since_is_not_posted(suite: Database) -> None:
    give(suite)
    with suite.transaction() as session:
        session.exec(select(tables.Unit).where(tables.Unit.key == "crm")).one().private = True
    with pytest.raises(Refusal, match="become private since"):
        approve(suite)
    assert issue(suite).state == "held"


def test_without_the_switch_nobody_is_asked(suite: Database) -> None:
    with suite.transaction() as session:
        people.workspace(session, TEAM).approve_digests = False
    give(suite)
    assert promised(suite, "digest_approval") == []
    assert len(promised(suite, "digest")) == 1


def test_readers_say_whether_it_was_useful_and_may_change_their_mind(suite: Database) -> None:
    give(suite)
    approve(suite)
    which = number(suite)
    for user, useful in ((ANA, True), (BO, True), ("U99ANY", False), (BO, False)):
        feedback.say(suite, TEAM, user, which, useful=useful, now=FRIDAY + DAY)
    feedback.comment(suite, TEAM, BO, which, " too   long ", now=FRIDAY + DAY)
    with suite.transaction(readonly=True) as session:
        assert len(session.exec(select(DigestFeedback)).all()) == 3
    seen: dict[str, Any] = {"now": FRIDAY + 2 * DAY, "connection": connection_rate}
    mine = preview(suite, TEAM, "suite", reader=Reader(ANA), **seen)
    assert (mine.found_useful, mine.not_useful) == ("useful 1 of 3 this cycle", ("too long",))
    theirs = preview(suite, TEAM, "suite", reader=Reader(BO), **seen)
    assert (theirs.found_useful, theirs.not_useful) == ("useful 1 of 3 this cycle", ())


def test_what_was_taken_back_is_not_judged_any_more(suite: Database) -> None:
    give(suite)
    approve(suite)
    approving.undo(suite, TEAM, ANA, number(suite), now=FRIDAY + 2 * MINUTE)
    with pytest.raises(Refusal, match="was taken back"):
        feedback.say(suite, TEAM, BO, number(suite), useful=True, now=FRIDAY + DAY)


def test_a_sentence_that_is_too_long_is_asked_back(suite: Database) -> None:
    with pytest.raises(Refusal, match="501 characters; 500 fit"):
        feedback.comment(suite, TEAM, BO, 1, "x" * 501, now=FRIDAY)


def test_a_message_in_flight_is_deleted_after_it_arrived(suite: Database) -> None:
    give(suite)
    approve(suite)
    with suite.transaction() as session:
        row = outbox.find(session, TEAM, "digest:suite:2026-11-13")
        assert row is not None
        outbox.lease(session, row, by="me", now=FRIDAY + MINUTE, seconds=30)
    claimed = promised(suite, "digest")[0]
    approving.undo(suite, TEAM, ANA, number(suite), now=FRIDAY + 2 * MINUTE)
    with suite.transaction() as session:
        outbox.settle_sent(session, claimed, by="me", channel="C01LEADERS", ts="17.1", now=FRIDAY + 2 * MINUTE)
    (row,) = promised(suite, "digest")
    assert (row.state, row.mode, row.ts) == ("due", "gone", "17.1")


def test_a_digest_without_edits_is_the_same(suite: Database) -> None:
    give(suite)
    digest = shown(suite).digest
    assert with_edits(digest, {}) is digest


def test_held_edited_approved_and_taken_back_on_either_database(db: Database) -> None:
    set_up(db)
    with db.transaction() as session:
        people.workspace(session, TEAM).approve_digests = True
    give(db)
    approving.edit(db, TEAM, ANA, number(db), {"headline": "Mine"}, seen="", now=FRIDAY)
    assert attend(db, TEAM, now=FRIDAY + MINUTE) == 0
    with ThreadPoolExecutor(3) as pool:
        pressed = [pool.submit(approve, db) for _ in range(3)]
    assert sum(one.exception() is None for one in pressed) == 1
    feedback.say(db, TEAM, BO, number(db), useful=False, now=FRIDAY + 2 * MINUTE)
    feedback.comment(db, TEAM, BO, number(db), "too long", now=FRIDAY + 2 * MINUTE)
    sent(db, "digest", "digest_details")
    approving.undo(db, TEAM, ANA, number(db), now=FRIDAY + 3 * MINUTE)
    assert {row.mode for row in promised(db, "digest")} == {"gone"}
    assert issue(db).state == "withdrawn"
    assert shown(db).reason == "Ana Ruiz took it back"


def test_lines_that_two_people_save_in_the_same_moment_are_both_kept_on_either_database(db: Database) -> None:
    set_up(db)
    add_blocker(db, 9, "the export API")
    with db.transaction() as session:
        people.workspace(session, TEAM).approve_digests = True
        session.exec(select(tables.Person).where(tables.Person.key == "mia")).one().admin = True
    give(db)
    form = approving.edit_form(db, TEAM, ANA, number(db))
    start, which = Barrier(2), number(db)

    def save(user: str, place: str) -> None:
        start.wait(5)
        typed = {line.place: line.text for line in form.lines} | {place: f"By {user}"}
        approving.edit(db, TEAM, user, which, typed, seen=form.seen, now=FRIDAY)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(save, (ANA, MIA), ("headline", "blockers:0")))
    assert {place: line["user"] for place, line in (issue(db).edits or {}).items()} == {
        "headline": ANA,
        "blockers:0": MIA,
    }


def test_one_reader_who_presses_both_buttons_at_once_is_kept_once_on_either_database(db: Database) -> None:
    set_up(db)
    give(db)
    start, which = Barrier(4), number(db)

    def press(useful: bool) -> None:
        start.wait(5)
        feedback.say(db, TEAM, BO, which, useful=useful, now=FRIDAY + MINUTE)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(press, (True, False, True, False)))
    with db.transaction(readonly=True) as session:
        assert len(session.exec(select(DigestFeedback)).all()) == 1
