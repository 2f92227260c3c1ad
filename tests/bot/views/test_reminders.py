"""What makes somebody act who was asked already: who is named, what is open, what happens next, one button."""

from datetime import UTC, datetime

from bot.views import ids
from bot.views.reminders import checkin_nudge, escalation, escalation_copy, kr_nudge, missed, reminder
from rituals.notices import (
    CheckinMissed,
    CheckinNudge,
    CheckinReminder,
    Escalation,
    EscalationCopy,
    KrNudge,
    MissingLead,
)
from tests.bot.views.reading import buttons, mrkdwn, plain

AT = datetime(2026, 11, 4, 17, 0, tzinfo=UTC)
REMINDER = CheckinReminder(ask=31, number=4, unit="Product suite", due_at=AT, user="U01BO", behind=("KR-1",), open=2)
NUDGE = CheckinNudge(ask=31, number=4, unit="Product suite", due_at=AT, user="U01BO", by="Ana Ruiz", open=2)
MISSED = CheckinMissed(ask=31, number=4, unit="Product suite", told=("Ana Ruiz",), told_at=AT)
BO = MissingLead(name="Bo Lind", units=("CRM",), keys=("KR-1", "KR-4"), reminded=2)
KIM = MissingLead(name="Kim Oda", units=("Payments",), keys=("KR-5",), not_reminded="limit")
UP = Escalation(round=3, number=4, unit="Product suite", closed_at=AT, missing=(BO, KIM))


def test_the_reminder_mentions_the_lead_who_must_act() -> None:
    shown = reminder(REMINDER)
    assert mrkdwn(shown.blocks)[0].startswith("<@U01BO> Check-in 4 of Product suite closes ")
    assert ": two key results still open; behind: KR-1." in plain(shown.blocks)
    assert buttons(shown.blocks) == {ids.CHECKIN_ANSWER: "31"}


def test_the_last_call_says_that_it_is_the_last() -> None:
    shown = plain(reminder(REMINDER.model_copy(update={"last_call": True})).blocks)
    assert "Last call: Check-in 4 of Product suite closes " in shown


def test_who_answers_for_somebody_away_reads_for_whom() -> None:
    shown = plain(reminder(REMINDER.model_copy(update={"instead_of": "Kim Oda"})).blocks)
    assert "Check-in 4 of Product suite for Kim Oda closes " in shown


def test_a_nudge_by_hand_names_who_wants_the_answer_and_has_the_button() -> None:
    shown = checkin_nudge(NUDGE)
    said = plain(shown.blocks)
    assert "Ana Ruiz asks for your answer to check-in 4 of Product suite, until Wed 4 Nov" in said
    assert "two key results still open" in said
    assert buttons(shown.blocks) == {ids.CHECKIN_ANSWER: "31"}


def test_after_the_round_it_says_that_an_answer_is_still_taken() -> None:
    assert "closed, an answer is still taken" in plain(checkin_nudge(NUDGE.model_copy(update={"closed": True})).blocks)


def test_a_nudge_for_a_key_result_says_what_is_known_and_opens_its_form() -> None:
    notice = KrNudge(key="KR-1", title="Onboarding", status="stale", user="U01BO", by="Ana Ruiz", now="41 days")
    shown = kr_nudge(notice.model_copy(update={"last_at": AT}))
    assert "Ana Ruiz asks how KR-1 Onboarding stands. Known so far: ◌ 41 days, stale, last on Wed 4 Nov." in plain(
        shown.blocks
    )
    assert buttons(shown.blocks) == {f"{ids.OKR_UPDATE}:KR-1": "KR-1"}


def test_a_lead_who_missed_a_round_reads_what_to_do_before_who_is_told_and_when() -> None:
    said = plain(missed(MISSED).blocks)
    assert said.startswith("You can still answer check-in 4 of Product suite: it closed without you")
    assert "If nothing comes, Ana Ruiz is told Wed 4 Nov 17:00 UTC, and you get a copy." in said
    assert buttons(missed(MISSED).blocks) == {ids.CHECKIN_ANSWER: "31"}


def test_with_nobody_above_it_says_so() -> None:
    assert "Nobody else is told." in plain(missed(MISSED.model_copy(update={"told": ()})).blocks)


def test_those_above_read_one_list_with_what_was_done_and_what_was_not() -> None:
    said = plain(escalation(UP).blocks)
    assert "closed Wed 4 Nov without two leads. Please speak with them" in said
    assert "– Bo Lind (CRM): KR-1, KR-4 open; reminded twice\n" in said
    assert "– Kim Oda (Payments): KR-5 open; not reminded (no more reminders, the week's were used up)" in said
    assert "Each of them has been told that you were told." in said


def test_of_one_lead_it_speaks_by_name() -> None:
    said = plain(escalation(UP.model_copy(update={"missing": (BO,)})).blocks)
    assert "without one lead. Please speak with Bo Lind" in said
    assert "They have been told that you were told." in said


def test_who_is_named_there_reads_the_same_line() -> None:
    told = ("Ana Ruiz", "Joe")
    shown = escalation_copy(EscalationCopy(ask=31, number=4, unit="Product suite", told=told, line=BO))
    said = plain(shown.blocks)
    assert said.startswith("I told Ana Ruiz and Joe that check-in 4 of Product suite closed without you. This is what")
    assert "Bo Lind (CRM): KR-1, KR-4 open; reminded twice" in said
    assert buttons(shown.blocks) == {ids.CHECKIN_ANSWER: "31"}
