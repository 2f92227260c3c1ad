"""The close of a cycle in a real database: who decides, changing one's mind, closing, what goes on, opening again."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from rituals.alignment.rules import connection_rate
from rituals.checkins.rules import asked_of, participants
from rituals.checkins.service import due_occurrence
from rituals.closing import finishing, service
from rituals.closing.next_cycle import NextCycle
from rituals.closing.pages import ClosingPage, GradeForm
from rituals.closing.reading import Decision
from rituals.closing.reminding import remind_due
from rituals.closing.results import results
from rituals.digests.assemble import Asked, assemble
from rituals.digests.previous import snapshot
from rituals.digests.rules import changes
from rituals.errors import FormRefusal, Refusal
from rituals.home import overview
from rituals.next_event import next_event
from rituals.notices.closing import ClosingReminder, Retrospective
from rituals.okrs import card
from rituals.okrs.adjusting import ask_now
from rituals.okrs.history import history
from rituals.okrs.portfolio.service import export_portfolio, import_portfolio
from rituals.okrs.portfolio.write import write_yaml
from rituals.okrs.service import update_line
from storage import outbox
from storage.changes import changes_of
from storage.database import Database
from storage.outbox import Promise
from storage.tables import Adjustment, Blocker, Cycle, CycleClose, DigestIssue, Nudge, Support
from tests.rituals.closing_workspace import (
    ANA,
    BEGUN,
    BO,
    EARLY,
    LENA,
    MIA,
    OVER,
    PORTFOLIO,
    Q1,
    Q4,
    SAM,
    TEAM,
    decide,
    decide_all,
    finish,
    grades,
    kr,
    set_up,
    state,
)
from tests.rituals.stored import promised


@pytest.fixture
def suite(sqlite_db: Database) -> Database:
    """The suite on the first working day after its quarter."""
    return set_up(sqlite_db)


def page(db: Database, user: str) -> ClosingPage:
    """What a person sees of the closing."""
    return service.begin(db, TEAM, user, now=OVER)


# Who decides on what


def test_the_portfolios_lead_decides_on_all_below_and_a_lines_lead_on_their_own(suite: Database) -> None:
    assert [line.line.key for o in page(suite, BO).objectives for line in o.lines] == ["KR-1", "KR-2", "KR-3"]
    assert [line.line.key for o in page(suite, MIA).objectives for line in o.lines] == ["KR-4", "KR-5", "KR-6"]
    everything = page(suite, ANA)
    assert (everything.cycle, everything.left, everything.total) == (Q4, 7, 7)
    assert (everything.may_close, page(suite, BO).may_close, page(suite, LENA).may_close) == (True, False, True)


def test_a_private_unit_is_named_to_nobody_who_may_not_know_it(suite: Database) -> None:
    seen = page(suite, BO)
    assert seen.others == ("Payments",)
    assert seen.elsewhere
    assert "Stealth" not in seen.model_dump_json()
    assert [o.title for o in page(suite, SAM).objectives] == ["A secret plan"]


def test_what_is_not_theirs_is_refused(suite: Database) -> None:
    with pytest.raises(Refusal, match="KR-4 is not yours to grade"):
        decide(suite, BO, "KR-4", "closed")
    with pytest.raises(Refusal, match="You are not in the portfolio"):
        service.begin(suite, TEAM, "U99NOBODY", now=OVER)


def test_a_cycle_that_has_not_begun_has_nothing_to_close(suite: Database) -> None:
    with suite.transaction() as session:
        session.add(Cycle(team_id=TEAM, key=Q1, starts=date(2027, 2, 1), ends=date(2027, 4, 30)))
    with pytest.raises(Refusal, match="has not begun"):
        service.begin(suite, TEAM, ANA, Q1, now=OVER)


# Deciding


def test_the_pass_leads_from_one_to_the_next_and_skipped_ones_come_again(suite: Database) -> None:
    first = service.form(suite, TEAM, BO, Q4, now=OVER)
    assert isinstance(first, GradeForm)
    assert (first.line.line.key, first.left, first.total) == ("KR-1", 3, 3)
    skipped = service.form(suite, TEAM, BO, Q4, after="KR-1", now=OVER)
    assert isinstance(skipped, GradeForm)
    assert skipped.line.line.key == "KR-2"
    third = decide(suite, BO, "KR-2", "closed")
    assert isinstance(third, GradeForm)
    assert (third.line.line.key, third.left) == ("KR-3", 2)
    again = decide(suite, BO, "KR-3", "closed")
    assert isinstance(again, GradeForm)
    assert again.line.line.key == "KR-1"
    done = decide(suite, BO, "KR-1", "carried")
    assert isinstance(done, ClosingPage)
    assert done.left == 0


def test_another_score_than_suggested_needs_a_reason(suite: Database) -> None:
    with pytest.raises(FormRefusal) as no:
        decide(suite, BO, "KR-1", "closed", score="0.8")
    assert no.value.errors == {"reason": "0.60 is suggested; say in a sentence why it is 0.80."}
    decide(suite, BO, "KR-1", "closed", score="0.8", reason="The last week is not counted yet", note="Learned a lot")
    assert grades(suite) == {"KR-1": ("closed", Decimal("0.80"))}


def test_what_nobody_reported_is_closed_with_a_score_given_by_hand_or_dropped(suite: Database) -> None:
    with pytest.raises(FormRefusal, match=r".*") as no:
        decide(suite, MIA, "KR-6", "closed")
    assert "score" in no.value.errors
    decide(suite, MIA, "KR-6", "dropped")
    decide(suite, MIA, "KR-6", "closed", score="0.5", reason="half of it")
    assert grades(suite)["KR-6"] == ("closed", Decimal("0.50"))


def test_what_reached_its_target_goes_on_only_with_a_new_one(suite: Database) -> None:
    with pytest.raises(FormRefusal) as no:
        decide(suite, BO, "KR-3", "carried")
    assert "has reached its target" in no.value.errors["target"]
    with pytest.raises(FormRefusal):
        decide(suite, BO, "KR-3", "carried", target="70 %")
    decide(suite, BO, "KR-3", "carried", target="90 %")
    assert grades(suite)["KR-3"] == ("carried", Decimal("1.00"))


def test_a_decision_changes_until_the_cycle_is_closed_and_the_last_one_counts(suite: Database) -> None:
    decide(suite, BO, "KR-1", "dropped")
    decide(suite, ANA, "KR-1", "carried")
    assert grades(suite)["KR-1"] == ("carried", Decimal("0.60"))


def test_who_decides_on_an_old_form_is_told_and_overwrites_nothing(suite: Database) -> None:
    bos = service.form(suite, TEAM, BO, Q4, "KR-1", now=OVER)
    assert isinstance(bos, GradeForm)
    decide(suite, ANA, "KR-1", "carried", seen="")
    with pytest.raises(Refusal, match="Ana Ruiz has decided on KR-1 meanwhile: carried over"):
        decide(suite, BO, "KR-1", "dropped", seen=bos.seen)
    assert grades(suite)["KR-1"][0] == "carried"
    fresh = service.form(suite, TEAM, BO, Q4, "KR-1", now=OVER)
    assert isinstance(fresh, GradeForm)
    decide(suite, BO, "KR-1", "dropped", seen=fresh.seen)
    assert grades(suite)["KR-1"][0] == "dropped"


def test_the_same_decision_twice_is_one(suite: Database) -> None:
    decide(suite, BO, "KR-1", "carried", seen="")
    decide(suite, BO, "KR-1", "carried", seen="")
    assert grades(suite) == {"KR-1": ("carried", Decimal("0.60"))}


def test_a_batch_takes_what_is_on_track_in_one_objective_and_leaves_the_rest(suite: Database) -> None:
    done = service.decide_many(suite, TEAM, BO, Q4, "on_track", objective="O-2", now=OVER)
    assert done.did == ("1 carried over",)
    assert grades(suite) == {"KR-2": ("carried", Decimal("0.95"))}


def test_a_batch_takes_all_suggestions_that_are_theirs(suite: Database) -> None:
    done = service.decide_many(suite, TEAM, ANA, Q4, "suggested", now=OVER)
    assert done.did == ("2 closed", "3 carried over", "2 dropped")
    assert done.left == 0
    assert service.decide_many(suite, TEAM, ANA, Q4, "suggested", now=OVER).did == ("Nothing to decide",)


def test_a_batch_takes_back_nothing_that_was_decided(suite: Database) -> None:
    decide(suite, BO, "KR-1", "dropped")
    service.decide_many(suite, TEAM, ANA, Q4, "suggested", now=OVER)
    assert grades(suite)["KR-1"][0] == "dropped"


# Closing


def test_it_is_closed_only_when_all_is_decided_and_by_who_may(suite: Database) -> None:
    with pytest.raises(Refusal, match="7 left to decide in 2026-Q4"):
        finish(suite)
    decide_all(suite)
    with pytest.raises(Refusal, match="closed by a lead of its portfolio"):
        finish(suite, BO)
    assert finish(suite).into == Q1
    assert state(suite).cycles[Q4].closed


def test_a_cycle_that_runs_is_closed_early_only_when_that_is_meant(suite: Database) -> None:
    decide_all(suite, now=EARLY)
    with pytest.raises(Refusal, match="Say that you mean to close it early") as no:
        finish(suite, now=EARLY)
    assert no.value.field == "early"
    assert finishing.finish_form(suite, TEAM, ANA, Q4, now=EARLY).days_left == 11
    finish(suite, now=EARLY, early=True)
    assert state(suite).cycles[Q4].closed


def test_what_goes_on_starts_at_the_value_it_has_in_the_next_cycle(db: Database) -> None:
    set_up(db)
    decide_all(db)
    done = finish(db)
    assert [(went.before, went.now) for went in done.key_results] == [
        ("KR-1", "KR-8"),
        ("KR-4", "KR-9"),
        ("KR-5", "KR-10"),
    ]
    new, old = kr(db, "KR-8"), kr(db, "KR-1")
    assert (new.start, new.target) == (Decimal(30), Decimal(20))
    assert (new.owners, new.reporter, new.updates) == (("crm",), "bo", ())
    assert (new.starts, new.ends) == (date(2027, 1, 1), date(2027, 3, 31))
    assert (old.start, len(old.updates), old.cycle_closed) == (Decimal(45), 1, True)
    assert [m.title for m in kr(db, "KR-10").milestones] == ["Traffic", "Old one off"]


def test_an_objective_goes_on_once_with_its_links_and_so_does_the_one_above(suite: Database) -> None:
    decide_all(suite)
    done = finish(suite)
    assert [(went.before, went.now) for went in done.objectives] == [("O-1", "O-5"), ("O-2", "O-6"), ("O-3", "O-7")]
    known = state(suite).objectives_by_key
    assert [(c.objective, c.how[:10]) for c in known["O-6"].contributes_to] == [("O-5", "an account")]
    assert [c.objective for c in known["O-7"].contributes_to] == ["O-6"]
    assert done.lost == ()


def test_a_link_to_what_ends_is_told_and_not_kept(suite: Database) -> None:
    decide(suite, BO, "KR-1", "closed")
    decide_all(suite)
    done = finish(suite)
    assert [(went.before, went.now) for went in done.lost] == [("O-2", "O-5")]
    assert state(suite).objectives_by_key["O-5"].contributes_to == ()


def test_closing_twice_says_again_what_was_done_and_makes_nothing(suite: Database) -> None:
    decide_all(suite)
    first = finish(suite)
    assert finish(suite).key_results == first.key_results
    assert len(promised(suite, Retrospective.KIND)) == 1
    assert len(state(suite).key_results) == 10


def test_a_closed_cycle_takes_no_decision_and_no_value(suite: Database) -> None:
    decide_all(suite)
    finish(suite)
    with pytest.raises(Refusal, match="is closed"):
        decide(suite, BO, "KR-1", "dropped")
    with pytest.raises(Refusal, match="not open for updates"):
        update_line(suite, TEAM, BO, "KR-1 25 days", now=OVER, key="command:1")


def test_a_value_that_comes_late_counts_until_the_cycle_is_closed(suite: Database) -> None:
    with suite.transaction() as session:
        session.add(Cycle(team_id=TEAM, key=Q1, starts=date(2027, 1, 1), ends=date(2027, 3, 31), position=9))
    update_line(suite, TEAM, BO, "KR-1 25 days", now=OVER, key="command:1")
    decide_all(suite)
    assert grades(suite)["KR-1"] == ("closed", Decimal("0.80"))


def test_values_that_moved_since_are_said_before_it_is_closed(suite: Database) -> None:
    decide_all(suite)
    update_line(suite, TEAM, BO, "KR-1 20 days", now=OVER, key="command:1")
    with pytest.raises(Refusal, match=r"Values moved since they were decided on\. KR-1 has reached its target"):
        finish(suite)


def test_another_next_cycle_can_be_chosen_and_one_that_is_over_cannot(suite: Database) -> None:
    decide_all(suite)
    over = NextCycle("2026-Q3", date(2026, 7, 1), date(2026, 9, 30))
    with pytest.raises(FormRefusal) as no:
        finishing.finish(suite, TEAM, ANA, Q4, over, now=OVER)
    assert "key" in no.value.errors
    half = NextCycle("2027-H1", date(2027, 1, 1), date(2027, 6, 30))
    assert finishing.finish(suite, TEAM, ANA, Q4, half, now=OVER).into == "2027-H1"
    assert kr(suite, "KR-8").ends == date(2027, 6, 30)


def test_blockers_go_along_and_open_proposals_end(db: Database) -> None:
    set_up(db)
    with db.transaction() as session:
        one = state(db).key_results["KR-1"].id
        session.add(Blocker(team_id=TEAM, number=1, text="waits", key_result_id=one, opened_at=BEGUN))
        session.add(Adjustment(team_id=TEAM, number=1, text="less", key_result_id=one, proposed_at=BEGUN))
        asked = f"adjustment_ask:1:{state(db).people['bo'].id}"
        question = Promise(key=asked, kind="adjustment_ask", to=BO, data={"number": 1}, mode="live")
        outbox.promise(session, TEAM, question, now=BEGUN)
    decide_all(db)
    finish(db)
    with db.transaction(readonly=True) as session:
        shown = ask_now(session, TEAM, {"number": 1}, OVER)
    assert promised(db, "adjustment_ask")[0].wanted == 2
    assert shown is not None
    assert shown.line.ended
    with db.transaction(readonly=True) as session:
        blocker, proposal = session.exec(select(Blocker)).one(), session.exec(select(Adjustment)).one()
    assert blocker.key_result_id == kr(db, "KR-8").id
    assert proposal.state == "withdrawn"


# Opened again


def test_an_admin_opens_a_closed_cycle_again_and_what_went_on_stays_one(db: Database) -> None:
    set_up(db)
    decide_all(db)
    finish(db)
    with pytest.raises(Refusal, match="by an admin only"):
        finishing.reopen(db, TEAM, ANA, Q4, now=OVER)
    finishing.reopen(db, TEAM, LENA, Q4, now=OVER)
    assert not state(db).cycles[Q4].closed
    with pytest.raises(Refusal, match="goes on as KR-8 already"):
        decide(db, BO, "KR-1", "dropped")
    decide(db, BO, "KR-1", "carried", note="a word more")
    decide(db, BO, "KR-2", "carried")
    again = finish(db, now=OVER + timedelta(days=1))
    assert [(went.before, went.now) for went in again.key_results] == [("KR-2", "KR-11")]
    assert kr(db, "KR-11").objective == kr(db, "KR-8").objective
    assert again.objectives == ()
    assert len(promised(db, Retrospective.KIND)) == 2


# Over the boundary


def test_nobody_is_asked_for_what_is_closed_and_the_rhythm_goes_on(suite: Database) -> None:
    decide_all(suite)
    before = state(suite)
    assert {asked.kr.key for asked in asked_of(before, "bo", OVER)} == {"KR-1", "KR-2", "KR-3"}
    finish(suite)
    after = state(suite)
    assert {asked.kr.key for asked in asked_of(after, "bo", OVER)} == {"KR-8"}
    found = due_occurrence(after, "suite", datetime(2027, 1, 11, 12, tzinfo=UTC))
    assert found is not None
    assert (found.cycle.key, found.day) == (Q1, date(2027, 1, 11))


def test_between_an_early_close_and_the_next_cycle_no_round_opens(suite: Database) -> None:
    monday = datetime(2026, 12, 28, 12, tzinfo=UTC)
    assert due_occurrence(state(suite), "suite", monday) is not None
    decide_all(suite, now=EARLY)
    finish(suite, now=EARLY, early=True)
    assert due_occurrence(state(suite), "suite", monday) is None
    assert asked_of(state(suite), "bo", monday) == ()
    assert "bo" in {member.key for member in participants(state(suite), "suite", monday.date())}  # leads a line


def test_show_has_the_grade_and_under_the_new_one_the_earlier_history(suite: Database) -> None:
    decide(suite, BO, "KR-1", "carried", note="slower than planned")
    decide_all(suite)
    finish(suite)
    old = card.show(suite, TEAM, "KR-1", now=OVER, user=BO)
    assert old.line.status == "closed"
    assert old.graded is not None
    assert (old.graded.score, old.graded.band, old.graded.outcome) == (Decimal("0.60"), "yellow", "carried")
    assert (old.graded.to, old.graded.note, old.updates) == ("KR-8", "slower than planned", 1)
    new = card.show(suite, TEAM, "KR-8", now=OVER, user=BO)
    [earlier] = new.earlier
    assert (earlier.key, earlier.cycle, earlier.course, earlier.ended) == ("KR-1", Q4, "45 → 20 days", "30 days")
    assert [line.value for line in earlier.history] == ["30 days"]
    assert (new.course, new.history, new.graded) == ("30 → 20 days", (), None)


def test_what_was_carried_over_exports_and_imports_the_same(suite: Database) -> None:
    decide_all(suite)
    finish(suite)
    text = write_yaml(export_portfolio(suite, TEAM))
    assert import_portfolio(suite, TEAM, text, now=OVER).empty
    assert write_yaml(export_portfolio(suite, TEAM)) == text
    assert state(suite).cycles[Q4].closed
    assert kr(suite, "KR-8").carried_from == kr(suite, "KR-1").id


def test_an_older_file_neither_undoes_a_carry_over_nor_opens_the_cycle(suite: Database) -> None:
    older = write_yaml(export_portfolio(suite, TEAM))
    decide_all(suite)
    finish(suite)
    import_portfolio(suite, TEAM, older, now=OVER)
    import_portfolio(suite, TEAM, older.replace("Nobody waits for an account", "Nobody waits"), now=OVER)
    assert state(suite).cycles[Q4].closed
    assert grades(suite)["KR-1"] == ("carried", Decimal("0.60"))
    assert (kr(suite, "KR-8").start, kr(suite, "KR-8").carried_from) == (Decimal(30), kr(suite, "KR-1").id)


# The look back


def test_the_look_back_is_posted_once_to_the_portfolios_channel_without_what_is_private(suite: Database) -> None:
    decide_all(suite)
    finish(suite)
    [row] = promised(suite, Retrospective.KIND)
    look = Retrospective.model_validate(row.data)
    assert (row.to, look.unit, look.into, look.closed_by) == ("C01ALL", "Product suite", Q1, "Ana Ruiz")
    assert (look.closed, look.carried, look.dropped) == (2, 3, 1)
    assert [(c.name, c.green, c.yellow, c.red) for c in look.by_commitment] == [
        ("committed", 0, 1, 1),
        ("aspirational", 2, 1, 0),
    ]
    assert [c.name for c in look.by_unit] == ["CRM", "Payments"]
    assert look.connection.end == 0.5  # of what is public, and not the two of three that are kept
    assert "Stealth" not in str(row.data)
    assert "Secret" not in str(row.data)


def test_it_is_kept_and_read_later_by_each_as_they_may_see_it(suite: Database) -> None:
    decide_all(suite)
    with pytest.raises(Refusal, match="No cycle has been closed yet"):
        results(suite, TEAM, BO, now=OVER)
    finish(suite)
    assert [c.name for c in results(suite, TEAM, BO, now=OVER).by_unit] == ["CRM", "Payments"]
    sams = results(suite, TEAM, SAM, Q4.lower(), now=OVER)
    assert [c.name for c in sams.by_unit] == ["CRM", "Payments", "Stealth"]
    assert sams.dropped == 2
    assert results(suite, TEAM, BO, now=OVER).connection.end == 0.5
    assert sams.connection.end == pytest.approx(2 / 3, abs=1e-4)
    assert sams.overall.brier is None  # five confidences are not enough
    with suite.transaction(readonly=True) as session:
        kept = session.exec(select(CycleClose)).one().figures or {}
    assert ["KR-1", "crm", 7, False] in kept["calls"]
    assert kept["alignment"]["suite"]["connection_rate"] == [None, pytest.approx(2 / 3, abs=1e-4)]


def test_a_call_is_its_own_units_and_what_was_dropped_says_nothing(sqlite_db: Database) -> None:
    view = "{at: 2026-12-20, value: 90, confidence: 4, by: mia, unit: payments, role: view}"
    suite = set_up(
        sqlite_db,
        PORTFOLIO.replace("updates: [{at: 2026-12-21, value: 95", f"updates: [{view}, {{at: 2026-12-21, value: 95"),
    )
    decide_all(suite)
    finish(suite)
    with suite.transaction(readonly=True) as session:
        calls = (session.exec(select(CycleClose)).one().figures or {})["calls"]
    assert [call for call in calls if call[0] == "KR-2"] == [["KR-2", "payments", 4, True], ["KR-2", "crm", 8, True]]
    assert grades(suite)["KR-7"][0] == "dropped"
    assert "KR-7" not in [call[0] for call in calls]


def test_what_is_carried_over_for_the_second_time_is_named(suite: Database) -> None:
    decide_all(suite)
    finish(suite)
    later = datetime(2027, 4, 1, 9, tzinfo=UTC)
    service.decide_many(suite, TEAM, ANA, Q1, "suggested", now=later)
    service.decide(suite, TEAM, ANA, Q1, Decision("KR-8", "carried"), now=later)
    done = finishing.finish(suite, TEAM, ANA, Q1, now=later)
    assert done.into == "2027-Q2"
    assert [one.key for one in results(suite, TEAM, ANA, Q1, now=later).twice] == ["KR-8"]
    newest = card.show(suite, TEAM, done.key_results[0].now, now=later, user=ANA)
    assert [one.cycle for one in newest.earlier] == [Q1, Q4]


# The reminder


def test_a_cycle_left_open_is_asked_for_once_five_working_days_after_its_end(db: Database) -> None:
    set_up(db)
    assert remind_due(db, TEAM, now=datetime(2027, 1, 6, 9, tzinfo=UTC)) == 0
    at = datetime(2027, 1, 7, 9, tzinfo=UTC)
    assert remind_due(db, TEAM, now=at) == 1
    assert remind_due(db, TEAM, now=at + timedelta(days=1)) == 0
    [row] = promised(db, ClosingReminder.KIND)
    assert (row.to, row.data) == ("U01ANA", {"cycle": Q4, "ends": "2026-12-31", "days": 7, "left": 7})
    with db.transaction(readonly=True) as session:
        assert [(one.kind, one.dropped) for one in session.exec(select(Nudge))] == [("closing", "")]


def test_a_closed_cycle_is_not_asked_for(suite: Database) -> None:
    decide_all(suite)
    finish(suite)
    assert remind_due(suite, TEAM, now=datetime(2027, 1, 8, 9, tzinfo=UTC)) == 0


def test_who_was_reminded_begins_like_anybody(suite: Database) -> None:
    remind_due(suite, TEAM, now=datetime(2027, 1, 7, 9, tzinfo=UTC))
    page(suite, BO)
    with suite.transaction(readonly=True) as session:
        assert session.exec(select(CycleClose)).one().started_by == BO


def test_the_next_event_is_the_reminder_while_a_cycle_is_left_open(suite: Database) -> None:
    def following() -> list[str]:
        with suite.transaction(readonly=True) as session:
            found = next_event(session, TEAM, now=OVER)
        return [found.what] if found else []

    service.begin(suite, TEAM, ANA, now=OVER)
    assert following() == [f"the closing of {Q4} is asked for"]
    decide_all(suite)
    finish(suite)
    assert following() != [f"the closing of {Q4} is asked for"]


def test_the_history_goes_back_over_the_boundary_with_the_grade_between(suite: Database) -> None:
    decide_all(suite)
    finish(suite)
    later = OVER + timedelta(days=2)
    update_line(suite, TEAM, BO, "KR-8 28 days", now=later, key="command:1")
    events = history(suite, TEAM, "KR-8", now=later, user=BO).events
    assert [(event.what, event.after or event.words) for event in events] == [
        ("value", "28 days"),
        ("grade", "KR-1 in 2026-Q4: 0.60 (yellow), carried over to KR-8"),
        ("value", "30 days"),
    ]


def test_what_a_co_owner_does_for_a_key_result_goes_on_with_it_where_it_goes_on_itself(db: Database) -> None:
    set_up(db)
    with db.transaction() as session:
        ids, units = {key: one.id or 0 for key, one in state(db).key_results.items()}, state(db).unit_ids
        said_of: dict[str, Any] = {"team_id": TEAM, "slack_user": MIA, "at": BEGUN}
        session.add(
            Support(key_result_id=ids["KR-2"], unit_id=units["payments"], by_key_result_id=ids["KR-5"], **said_of)
        )
        session.add(Support(key_result_id=ids["KR-2"], unit_id=units["crm"], by_key_result_id=ids["KR-6"], **said_of))
    decide(db, BO, "KR-2", "carried")
    decide_all(db)
    finish(db)
    with db.transaction(readonly=True) as session:
        goes_on = {row.key_result_id: row.by_key_result_id for row in session.exec(select(Support).offset(2))}
    assert goes_on == {kr(db, "KR-9").id: kr(db, "KR-11").id}


def test_a_digest_does_not_compare_over_the_boundary(suite: Database) -> None:
    asked = Asked(TEAM, "suite", datetime(2026, 12, 30, 12, tzinfo=UTC))
    with suite.transaction() as session:
        facts = assemble(session, asked, connection_rate)
        unit_id = state(suite).unit_ids["suite"]
        row = DigestIssue(
            team_id=TEAM,
            unit_id=unit_id,
            local_date=date(2026, 12, 30),
            slot=asked.now,
            state="issued",
            issued_at=asked.now,
            snapshot=snapshot(facts),
        )
        session.add(row)
    decide_all(suite)
    with suite.transaction(readonly=True) as session:
        before = assemble(session, Asked(TEAM, "suite", OVER), connection_rate)
    finish(suite)
    with suite.transaction(readonly=True) as session:
        after = assemble(session, Asked(TEAM, "suite", OVER + timedelta(days=1)), connection_rate)
    assert before.connection_before is not None
    assert (after.cycle, after.connection_before) == (Q1, None)
    assert {one.kr.key for one in after.key_results} == {"KR-8", "KR-9", "KR-10"}
    found = changes(after)
    assert not (found.fell or found.recovered or found.moved or found.worse)


def test_home_says_what_waits_for_a_persons_decision_until_it_is_given(suite: Database) -> None:
    def waits(user: str, now: datetime = OVER) -> list[tuple[str | None, int]]:
        return [(one.cycle, one.left) for one in overview(suite, TEAM, user, now=now).owed]

    assert waits(BO, EARLY) == []
    assert (waits(BO), waits(ANA)) == ([(Q4, 3)], [(Q4, 7)])
    decide_all(suite)
    assert waits(BO) == []


def test_who_changed_a_decision_closed_and_opened_again_stands_in_the_record(suite: Database) -> None:
    decide(suite, BO, "KR-1", "dropped", note="why not")
    decide(suite, ANA, "KR-1", "carried")
    decide_all(suite)
    finish(suite)
    finishing.reopen(suite, TEAM, LENA, Q4, now=OVER + timedelta(hours=1))
    with suite.transaction(readonly=True) as session:
        opened, closed, changed = changes_of(session, TEAM, "cycle", Q4)
    assert (opened.slack_user, opened.after, closed.slack_user, closed.after) == (
        LENA,
        {"closed": False},
        ANA,
        {"closed": True},
    )
    assert (changed.slack_user, (changed.before or {})["by"], (changed.before or {})["outcome"]) == (ANA, BO, "dropped")


def test_in_another_workspace_the_file_makes_the_same_portfolio(suite: Database) -> None:
    decide_all(suite)
    finish(suite)
    text = write_yaml(export_portfolio(suite, TEAM))
    import_portfolio(suite, "T02OTHER", text, now=OVER)
    assert write_yaml(export_portfolio(suite, "T02OTHER")) == text


def test_of_what_is_shared_with_a_private_unit_the_unit_is_not_named(sqlite_db: Database) -> None:
    shared = set_up(sqlite_db, PORTFOLIO.replace("owners: [crm, payments]", "owners: [crm, stealth]"))
    assert "Stealth" not in page(shared, BO).model_dump_json()
    found = service.form(shared, TEAM, BO, Q4, "KR-2", now=OVER)
    assert isinstance(found, GradeForm)
    assert found.line.line.owners == ("CRM", "a private unit")
