"""What leads answer, from wherever they do: one record, shown back, shared, and open to change by its author."""

from collections.abc import Callable, Iterator

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from sandbox.records import Message
from sandbox.stage import Stage
from storage.tables import Adjustment, Blocker, KeyResultUpdate, Proposal
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import BO, MIA, OMAR, SUITE, portfolio
from tests.scenarios.seen import (
    answers,
    asks,
    board,
    boards,
    key_result,
    let_go,
    opened,
    prompt,
    receipts,
    replies,
    rows,
    shared,
    told,
    value,
    words,
    written,
)

REPLY = "1. KR-1 30 days, 7/10 pilot live\n2. waiting for Payments' API until 12 Dec\n3. lower KR-4 to 60 %"


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """All three leads were asked ten minutes ago."""
    made = staged(at="2026-11-01T12:00", portfolio=portfolio())
    made.go_to("2026-11-02T08:00")
    made.go_to("2026-11-02T08:10")
    yield made
    let_go(made)


def in_thread(stage: Stage, text: str, lead: str = BO) -> Message:
    """Answer in the thread of the prompt."""
    person = stage.person(lead)
    said = person.says("dm", text, thread_ts=prompt(person).ts)
    stage.settle()
    return said


def beside_the_thread(stage: Stage, text: str, lead: str = BO) -> Message:
    """Answer in the DM, outside of any thread."""
    said = stage.person(lead).says("dm", text)
    stage.settle()
    return said


def in_channel(stage: Stage, text: str, lead: str = BO) -> Message:
    """Answer in the thread of the round's board."""
    said = stage.person(lead).says(SUITE, text, thread_ts=boards(stage)[-1].ts)
    stage.settle()
    return said


def field_name(name: str) -> str:
    """The form's name of a field: `value__KR_1` is kr_value:KR-1, `question__2` is question:2."""
    field, _, about = name.partition("__")
    return f"question:{about}" if field == "question" else f"kr_{field}:{about.replace('_', '-')}"


def by_form(stage: Stage, lead: str = BO, **fields: str) -> None:
    """Answer by the prompt's form."""
    person = stage.person(lead)
    person.clicks(prompt(person), label="Answer")
    values = {field_name(name): typed for name, typed in fields.items()}
    sent = person.submits(opened(stage, person), values)
    assert sent.closed, sent.errors
    stage.settle()


def last_receipt(stage: Stage, lead: str = BO) -> Message:
    """The newest receipt in the lead's DM, wherever it stands."""
    person = stage.person(lead)
    return [m for m in person.dm if m.bot and "[ Edit ]" in person.reads(m)][-1]


@pytest.mark.parametrize("way", [in_thread, beside_the_thread, in_channel])
def test_a_reply_is_the_same_record_wherever_it_is_typed(stage: Stage, way: Callable[[Stage, str], Message]) -> None:
    said = way(stage, REPLY)
    assert (value(stage, "KR-1"), key_result(stage, "KR-1").reports[-1].confidence) == (30, 7)
    (blocker,), (adjustment,) = rows(stage, Blocker), rows(stage, Adjustment)
    assert blocker.text == "waiting for Payments' API until 12 Dec"
    assert str(blocker.until) == "2026-12-12"
    assert adjustment.text == "lower KR-4 to 60 %"
    assert asks(stage)["bo"].state == "answered"
    assert "✓ Bo Lindqvist" in board(stage)
    (kept,) = answers(stage)
    assert (kept.text, kept.slack_user, kept.ask_id) == (REPLY, BO, asks(stage)["bo"].id)
    assert (kept.channel, kept.ts, kept.at) == (said.channel, said.ts, stage.clock.now())
    assert kept.permalink is not None
    assert f"/archives/{said.channel}/p{said.ts.replace('.', '')}" in kept.permalink
    thread = stage.person(BO).messages(said.channel, said.thread_ts or said.ts)
    text = words(stage, [m for m in thread if m.bot][-1])
    assert "Saved: KR-1 41 → 30 days, 60 % of the way (expected 35 %), confidence 7 (was 5)  [ Undo ]" in text
    assert "Blocker B-1 waiting for Payments' API until 12 Dec: CRM waits for Payments" in text
    assert "To adjust: lower KR-4 to 60 %" in text


def test_the_form_writes_the_same_record(stage: Stage) -> None:
    by_form(
        stage,
        value__KR_1="30 days",
        confidence__KR_1="7",
        question__2="waiting for Payments' API until 12 Dec",
        question__3="no",
    )
    assert (value(stage, "KR-1"), key_result(stage, "KR-1").reports[-1].confidence) == (30, 7)
    assert [b.text for b in rows(stage, Blocker)] == ["waiting for Payments' API until 12 Dec"]
    assert asks(stage)["bo"].state == "answered"
    assert "✓ Bo Lindqvist" in board(stage)
    (kept,) = answers(stage)
    assert kept.source == "form"
    assert kept.form is not None
    (entry,) = kept.form["entries"]
    assert (entry["key"], entry["value"], entry["confidence"]) == ("KR-1", "30 days", "7")
    assert "41 → 30 days" in replies(stage.person(BO), prompt(stage.person(BO)))[-1]


def test_the_form_opens_from_the_board_too_and_asks_each_lead_their_own(stage: Stage) -> None:
    for lead, mine, theirs in ((OMAR, "KR-5", "KR-1"), (MIA, "KR-2", "KR-5")):
        person = stage.person(lead)
        person.clicks(boards(stage)[-1], label="Answer")
        form = opened(stage, person)
        assert mine in person.reads(form)
        assert theirs not in person.reads(form)
        person.closes(form)


def test_what_is_answered_in_parts_and_in_two_places_is_one_answer_to_the_others(stage: Stage) -> None:
    in_thread(stage, "KR-1: 30 days, 7/10")
    beside_the_thread(stage, "KR-4: 40 %")
    stage.go_to("2026-11-02T08:11:10")
    in_thread(stage, "2. no\n3. no")
    texts = shared(stage)
    assert len(texts) == 1
    assert "KR-1: 30 days, 7/10" in texts[0]
    assert "KR-4: 40 %" in texts[0]
    assert "Done in 1 min 10 s" in replies(stage.person(BO), prompt(stage.person(BO)))[-1]
    assert "1 of 3 has answered" in board(stage)


def test_a_receipt_says_what_is_still_open(stage: Stage) -> None:
    in_thread(stage, "KR-1: 30 days, 7/10")
    text = replies(stage.person(BO), prompt(stage.person(BO)))[-1]
    assert "Still open: KR-4." in text
    assert "Questions 2 and 3 are still open." in text
    assert "Done" not in text


def test_the_next_check_in_is_named_in_the_leads_own_time(stage: Stage) -> None:
    in_thread(stage, "1. KR-2 25 %, KR-1 40 days\n2. no\n3. no", MIA)
    assert "next check-in Mon 16 Nov 00:00 UTC" in replies(stage.person(MIA), prompt(stage.person(MIA)))[-1]


def test_the_rounds_thread_shows_every_leads_answer_to_the_others(stage: Stage) -> None:
    in_thread(stage, REPLY)
    beside_the_thread(stage, "1. KR-2 28 %, KR-1 39 days\n2. no\n3. no", MIA)
    by_form(stage, OMAR, value__KR_5="2,100", question__2="no", question__3="no")
    texts = shared(stage)
    assert [text.split("\n")[0] for text in texts] == [
        "Bo Lindqvist for CRM",
        "Mia Tanaka for Analytics",
        "Omar Haddad for Payments",
    ]
    assert "> KR-1 30 days, 7/10 pilot live" in texts[0]
    assert "Blockers  waiting for Payments' API until 12 Dec\n" in texts[0]
    assert "Blocker B-1: CRM waits for Payments" in texts[0]
    assert "KR-2 24 → 28 %" in texts[1]
    assert "KR-5 1,900 → 2,100 invoices" in texts[2]


def test_no_change_keeps_what_is_on_pace_and_counts_as_an_answer(stage: Stage) -> None:
    omar = stage.person(OMAR)
    omar.clicks(prompt(omar), label="No change")
    stage.settle()
    assert omar.view is None
    (kept,) = answers(stage)
    assert (kept.source, kept.text, kept.slack_user) == ("button", "No change", OMAR)
    assert asks(stage)["omar"].state == "answered"
    assert "KR-5 still 1,900 invoices" in replies(omar, prompt(omar))[-1]
    assert "✓ Omar Haddad" in board(stage)
    assert "No change" in shared(stage)[0]


def test_no_change_in_words_does_the_same_and_names_what_stays_open(stage: Stage) -> None:
    in_thread(stage, "1. no change\n2. no\n3. no")
    text = replies(stage.person(BO), prompt(stage.person(BO)))[-1]
    assert "KR-3 still 48 %" in text
    assert "Still open: KR-1, KR-4." in text
    assert value(stage, "KR-1") == 41


def test_an_edited_message_takes_the_place_of_the_old_one_and_history_stays(stage: Stage) -> None:
    said = in_thread(stage, "1. KR-1 30 days 7/10\n2. waiting for Payments' API\n3. no")
    bo = stage.person(BO)
    bo.edits(said, "1. KR-1 33 days 6/10; KR-4 40 %\n2. no\n3. no")
    stage.settle()
    assert (value(stage, "KR-1"), value(stage, "KR-4")) == (33, 40)
    assert [(a.version, a.superseded) for a in answers(stage)] == [(1, True), (2, False)]
    given = [u for u in rows(stage, KeyResultUpdate) if u.answer_id is not None]
    assert [(float(u.value or 0), u.retracted_at is None) for u in given] == [(30, False), (33, True), (40, True)]
    assert [b.state for b in rows(stage, Blocker)] == ["withdrawn"]
    (text,) = [bo.reads(m) for m in receipts(bo, prompt(bo))]
    assert "41 → 33 days" in text
    assert "confidence 6 (was 5)" in text
    assert "30 days" not in text
    (others,) = shared(stage)
    assert "Bo Lindqvist for CRM · edited" in others
    assert "KR-1 33 days 6/10" in others
    assert "30 days" not in others


def test_an_answer_by_form_is_edited_by_its_button_with_what_was_sent_filled_in(stage: Stage) -> None:
    by_form(stage, value__KR_1="30 days", value__KR_4="40 %", question__2="waiting for Payments' API", question__3="no")
    bo = stage.person(BO)
    bo.clicks(last_receipt(stage), label="Edit")
    form = opened(stage, bo)
    assert bo.value(form, "kr_value:KR-1") == "30 days"
    assert bo.value(form, "question:2") == "waiting for Payments' API"
    assert "your answer as it stands" in bo.reads(form)
    bo.submits(form, {"kr_value:KR-1": "33 days", "question:2": "no"})
    stage.settle()
    assert (value(stage, "KR-1"), value(stage, "KR-4")) == (33, 40)
    assert [(a.version, a.superseded) for a in answers(stage)] == [(1, True), (2, False)]
    assert [b.state for b in rows(stage, Blocker)] == ["withdrawn"]
    (text,) = [bo.reads(m) for m in receipts(bo, prompt(bo))]
    assert "41 → 33 days" in text
    (others,) = shared(stage)
    assert "edited" in others


def test_an_answer_that_was_typed_is_edited_by_its_button_with_what_was_read_filled_in(stage: Stage) -> None:
    in_thread(stage, "1. KR-1 30 days 7/10 pilot live\n2. waiting for Payments' API until 12 Dec\n3. no")
    bo = stage.person(BO)
    bo.clicks(last_receipt(stage), label="Edit")
    form = opened(stage, bo)
    assert bo.value(form, "kr_value:KR-1") == "30 days"
    assert bo.value(form, "kr_confidence:KR-1") == "7"
    assert bo.value(form, "kr_note:KR-1") == "pilot live"
    assert bo.value(form, "question:2") == "waiting for Payments' API until 12 Dec"
    bo.submits(form, {"kr_value:KR-1": "33 days"})
    stage.settle()
    assert value(stage, "KR-1") == 33
    assert [b.state for b in rows(stage, Blocker)] == ["open"]
    (text,) = [bo.reads(m) for m in receipts(bo, prompt(bo))]
    assert "41 → 33 days" in text
    assert len(shared(stage)) == 1
    assert len([u for u in written(stage) if u.retracted_at is None]) == 1


def test_a_message_that_slack_changed_without_new_words_does_not_undo_an_edit_by_the_form(stage: Stage) -> None:
    said = in_thread(stage, "1. KR-1 30 days\n2. no\n3. no")
    bo = stage.person(BO)
    bo.clicks(last_receipt(stage), label="Edit")
    bo.submits(opened(stage, bo), {"kr_value:KR-1": "33 days"})
    stage.settle()
    bo.edits(said, said.text)  # as when a link in it is unfurled
    stage.settle()
    assert value(stage, "KR-1") == 33
    bo.edits(said, "1. KR-1 34 days\n2. no\n3. no")
    stage.settle()
    assert value(stage, "KR-1") == 34
    assert [a.source for a in answers(stage)] == ["dm", "form", "dm"]


def test_a_form_that_shows_only_what_is_behind_leaves_the_rest_of_an_earlier_one_as_it_was(stage: Stage) -> None:
    by_form(stage, value__KR_3="52 %", question__2="no", question__3="no")
    bo = stage.person(BO)
    bo.clicks(prompt(bo), label="No change")
    form = opened(stage, bo)
    assert "KR-3" not in bo.reads(form)
    bo.submits(form, {"kr_value:KR-1": "30 days"})
    stage.settle()
    assert (value(stage, "KR-1"), value(stage, "KR-3")) == (30, 52)


def test_a_deleted_answer_takes_back_what_it_wrote_and_keeps_the_words(stage: Stage) -> None:
    said = in_thread(stage, REPLY)
    bo = stage.person(BO)
    bo.deletes(said)
    stage.settle()
    assert value(stage, "KR-1") == 41
    assert [b.state for b in rows(stage, Blocker)] == ["withdrawn"]
    assert [(a.text, a.superseded) for a in answers(stage)] == [(REPLY, True)]
    assert asks(stage)["bo"].state == "asked"
    assert "✓ Bo" not in board(stage)
    (text,) = [bo.reads(m) for m in receipts(bo, prompt(bo))]
    assert "You deleted this answer; what it wrote was taken back." in text
    assert "30 days" not in shared(stage)[0]


def test_an_answer_edited_to_something_else_counts_no_more(stage: Stage) -> None:
    said = in_thread(stage, "1. KR-1 30 days\n2. no\n3. no")
    stage.person(BO).edits(said, "never mind")
    stage.settle()
    assert value(stage, "KR-1") == 41
    assert asks(stage)["bo"].state == "asked"
    assert "0 of 3 have answered" in board(stage)
    assert "30 days" not in shared(stage)[0]


def test_who_answered_in_time_and_adds_something_later_is_not_late(stage: Stage) -> None:
    in_thread(stage, "1. KR-1 30 days\n2. no\n3. no")
    stage.go_to("2026-11-04T17:00")
    in_thread(stage, "KR-4: 40 %")
    assert value(stage, "KR-4") == 40
    assert [a.late for a in answers(stage)] == [False, True]
    assert asks(stage)["bo"].state == "answered"
    assert "(late)" not in board(stage)


def test_all_on_track_and_nothing_else_answers_all_three_questions(stage: Stage) -> None:
    in_thread(stage, "All on track, nothing else", OMAR)
    text = replies(stage.person(OMAR), prompt(stage.person(OMAR)))[-1]
    assert "KR-5 still 1,900 invoices" in text
    assert "No blockers. Nothing to adjust." in text
    assert "still open" not in text
    assert "Done" in text


def test_whoever_is_mentioned_in_a_blocker_is_named_and_not_notified(stage: Stage) -> None:
    in_thread(stage, "1. KR-1 30 days\n2. waiting for @mia to sign the <data> agreement\n3. no")
    told = [
        m for m in stage.messages(SUITE) if "What is the true value today" not in str(m.blocks)
    ]  # that calls owners
    assert len(told) > 1
    for message in (last_receipt(stage), *told):
        assert f"<@{MIA}" not in f"{message.text} {message.blocks}"
    assert "waiting for @Mia Tanaka to sign the <data> agreement" in stage.person(BO).reads(last_receipt(stage))
    assert "> waiting for @Mia Tanaka to sign the <data> agreement" in shared(stage)[0]


def test_undo_takes_back_one_value_and_says_what_stands(stage: Stage) -> None:
    in_thread(stage, "1. KR-1 30 days; KR-4 40 %\n2. no\n3. no")
    bo = stage.person(BO)
    first = next(u for u in written(stage) if float(u.value or 0) == 30)
    bo.clicks(last_receipt(stage), action_id=f"receipt_undo:{first.id}")
    stage.settle()
    assert (value(stage, "KR-1"), value(stage, "KR-4")) == (41, 40)
    (text,) = [bo.reads(m) for m in receipts(bo, prompt(bo))]
    assert "KR-1 undone. It stands at 41 days." in text
    assert "Saved: KR-4 22 → 40 %" in text
    assert "KR-1 41 → 30" not in shared(stage)[0]


def test_nobody_undoes_what_another_lead_gave(stage: Stage) -> None:
    in_channel(stage, "1. KR-1 30 days\n2. no\n3. no")
    receipt = next(m for m in stage.messages(SUITE) if m.bot and "Undo" in words(stage, m))
    mia = stage.person(MIA)
    mia.clicks(receipt, label="Undo")
    stage.settle()
    assert value(stage, "KR-1") == 30
    assert "Only who gave this value can undo it." in told(stage, MIA, SUITE)


def test_a_guess_is_written_only_when_its_author_picks_a_choice(stage: Stage) -> None:
    in_channel(stage, "1. KR-5 1.950\n2. no\n3. no", OMAR)
    assert value(stage, "KR-5") == 1900
    receipt = next(m for m in stage.messages(SUITE) if m.bot and "Which?" in words(stage, m))
    assert "Nothing is written until you choose." in words(stage, receipt)
    bo, omar = stage.person(BO), stage.person(OMAR)
    label = next(c[1] for c in (rows(stage, Proposal)[0].choices or []) if "1,950" in c[1])
    bo.clicks(receipt, label=label)
    stage.settle()
    assert "Only who gave this answer can settle what it means." in told(stage, BO, SUITE)
    assert value(stage, "KR-5") == 1900
    omar.clicks(receipt, label=label)
    stage.settle()
    assert value(stage, "KR-5") == 1950
    assert "Saved: KR-5 1,900 → 1,950 invoices" in words(stage, receipt)
    assert "Which?" not in words(stage, receipt)
    assert [p.state for p in rows(stage, Proposal)] == ["confirmed"]


def test_a_guess_that_is_none_of_the_choices_is_left_and_nothing_is_written(stage: Stage) -> None:
    in_thread(stage, "1. KR-5 1.950\n2. no\n3. no", OMAR)
    proposal = rows(stage, Proposal)[0]
    leave = (proposal.choices or [])[-1][1]
    omar = stage.person(OMAR)
    omar.clicks(last_receipt(stage, OMAR), label=leave)
    stage.settle()
    assert value(stage, "KR-5") == 1900
    assert written(stage) == []
    assert [p.state for p in rows(stage, Proposal)] == ["dismissed"]


def test_what_was_no_blocker_leaves_the_register_and_the_messages(stage: Stage) -> None:
    in_thread(stage, REPLY)
    bo = stage.person(BO)
    bo.clicks(last_receipt(stage), label="Not a blocker")
    stage.settle()
    assert [b.state for b in rows(stage, Blocker)] == ["withdrawn"]
    assert "Blocker B-1" not in bo.reads(last_receipt(stage))
    assert "Blocker B-1" not in shared(stage)[0]
    bo.types("/okr blockers")
    stage.settle()
    assert "B-1" not in told(stage, BO)


def test_words_are_stored_before_they_are_read_and_read_later_when_reading_fails(stage: Stage) -> None:
    with stage.db.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER no_room BEFORE UPDATE OF reading ON answer BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )
    with capture_logs() as logged:
        in_thread(stage, REPLY)
    bo = stage.person(BO)
    assert [(a.text, a.reading) for a in answers(stage)] == [(REPLY, None)]
    assert value(stage, "KR-1") == 41
    (ref,) = [line["ref"] for line in logged if line["event"] == "fault"]
    assert told(stage, BO) == f"Something broke on our side (ref {ref}). Your answer is stored."
    with stage.db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER no_room")
    stage.tick()
    assert value(stage, "KR-1") == 30
    assert "41 → 30 days" in bo.reads(last_receipt(stage))
    assert len(shared(stage)) == 1
    assert "✓ Bo Lindqvist" in board(stage)


def test_a_co_owners_view_does_not_move_the_value_but_shows_as_divergence(stage: Stage) -> None:
    in_thread(stage, "1. KR-1 30 days; KR-4 40 %\n2. no\n3. no")
    in_thread(stage, "1. KR-1 36 days; KR-2 25 %\n2. no\n3. no", MIA)
    assert value(stage, "KR-1") == 30
    assert "KR-1 36 days as you see it" in replies(stage.person(MIA), prompt(stage.person(MIA)))[-1]
    bo = stage.person(BO)
    bo.types("/okr shared")
    stage.settle()
    text = told(stage, BO)
    assert "KR-1 Average onboarding time: 30 days, expected 36, on track · CRM, Analytics\n" in text
    assert "CRM sees 30, Analytics 36" in text


def test_a_key_result_of_another_line_is_refused_with_who_can_and_the_rest_is_saved(stage: Stage) -> None:
    in_thread(stage, "1. KR-1 30 days; KR-5 2,000\n2. no\n3. no")
    text = replies(stage.person(BO), prompt(stage.person(BO)))[-1]
    assert "KR-5 is Payments': ask Omar Haddad or Ana Ruiz." in text
    assert "Saved: KR-1 41 → 30 days" in text
    assert (value(stage, "KR-1"), value(stage, "KR-5")) == (30, 1900)


def test_a_form_is_only_for_the_lead_it_was_opened_for(stage: Stage) -> None:
    bo, mia = stage.person(BO), stage.person(MIA)
    in_channel(stage, "1. KR-1 30 days\n2. no\n3. no")
    receipt = next(m for m in stage.messages(SUITE) if m.bot and "[ Edit ]" in words(stage, m))
    mia.clicks(receipt, label="Edit")
    stage.settle()
    assert mia.view is None
    assert "No check-in waits for you" in told(stage, MIA, SUITE)
    assert bo.view is None


def test_talk_in_the_channel_outside_of_the_rounds_thread_is_not_taken_for_an_answer(stage: Stage) -> None:
    bo = stage.person(BO)
    other = bo.says(SUITE, "KR-1 is at 30 days, I hear")
    bo.says(SUITE, "1. KR-1 30 days", thread_ts=other.ts)
    stage.settle()
    assert answers(stage) == []
    assert value(stage, "KR-1") == 41
    with stage.db.transaction(readonly=True) as session:
        assert session.exec(select(col(KeyResultUpdate.id)).where(KeyResultUpdate.source == "checkin")).all() == []
