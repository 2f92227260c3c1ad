"""The co-owners of a key result that fell behind, from the thread in the channel to the one value they agree on."""

from collections.abc import Iterator

import pytest

from sandbox.people import Person
from sandbox.records import Message
from sandbox.stage import Stage
from storage.tables import FlagThread, FlagView, Nudge
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import BO, MIA, OMAR, SAM, SUITE, portfolio
from tests.scenarios.seen import key_result, let_go, opened, posted, rows, told, value, words
from tests.scenarios.trouble import another_bot

MORNING = "2026-11-02T08:00"  # nine in Berlin, and Mia in Tokyo is awake
FORM = {"flag_value": "33 days", "flag_step": "start the second pilot", "flag_day": "2026-11-20"}


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """Monday morning: KR-1 of CRM (Bo) and Analytics (Mia) is behind."""
    made = staged(at="2026-11-01T12:00", portfolio=portfolio())
    made.go_to(MORNING)
    yield made
    let_go(made)


def thread(stage: Stage) -> Message:
    """The message in the portfolio's channel."""
    [found] = posted(stage, SUITE, starting="KR-1 Average onboarding time")
    return found


def replies(stage: Stage) -> list[str]:
    """What stands in its thread."""
    root = thread(stage).ts
    return [words(stage, m) for m in stage.messages(SUITE) if m.is_reply and m.root == root]


def says(stage: Stage, person: Person, label: str, **changes: str) -> None:
    """Somebody presses their button and sends the form."""
    person.clicks(thread(stage), label=label)
    assert person.submits(opened(stage, person), {**FORM, **{f"flag_{name}": v for name, v in changes.items()}}).closed
    stage.settle()


def test_both_say_a_value_stay_apart_then_one_agrees_and_it_is_the_reporters(stage: Stage) -> None:
    bo, mia = stage.person(BO), stage.person(MIA)
    shown = words(stage, thread(stage))
    assert "What is the true value today, and what is the next step by when?" in shown
    assert "nothing said yet (Bo Lindqvist)" in shown
    assert any("Pilot started" in reply for reply in replies(stage))
    assert {row.kind for row in rows(stage, Nudge)} == {"flag"}

    says(stage, bo, "CRM: answer")
    says(stage, mia, "Analytics: answer", value="38 days", note="two accounts are not counted")
    shown = words(stage, thread(stage))
    assert "33 days (Bo Lindqvist" in shown
    assert "38 days (Mia Tanaka" in shown
    assert value(stage, "KR-1") == 41

    mia.clicks(thread(stage), label="Agree with 33 days")
    stage.settle()
    assert value(stage, "KR-1") == 33
    newest = key_result(stage, "KR-1").reports[-1]
    assert (newest.by, newest.unit) == ("bo", "crm")
    assert "/archives/C01PORTFOLIO/p" in newest.evidence
    assert "agreed on 33 days; next: start the second pilot by 20 Nov" in words(stage, thread(stage))
    assert "CRM and Analytics agree: 33 days" in replies(stage)[-1]
    bo.types("/okr show KR-1")
    assert "Fell and recovered" in told(stage, BO)


def test_what_cannot_be_used_stands_at_its_field_and_nothing_typed_is_lost(stage: Stage) -> None:
    bo = stage.person(BO)
    bo.clicks(thread(stage), label="CRM: answer")
    sent = bo.submits(opened(stage, bo), {**FORM, "flag_value": "soon", "flag_day": "2026-10-01"})
    assert set(sent.errors) == {"flag_value", "flag_day"}
    assert bo.view is not None
    assert bo.value(bo.view, "flag_step") == "start the second pilot"
    assert bo.submits(bo.view, {"flag_value": "33", "flag_day": "2026-11-20"}).closed
    stage.settle()
    assert "33 days (Bo Lindqvist" in words(stage, thread(stage))


def test_others_get_a_clear_word_and_one_speaks_for_their_own_unit_only(stage: Stage) -> None:
    omar, bo = stage.person(OMAR), stage.person(BO)
    omar.clicks(thread(stage), label="CRM: answer")
    assert "The word on KR-1 is CRM's and Analytics': ask Bo Lindqvist" in told(stage, OMAR, SUITE)
    stage.person(SAM).clicks(thread(stage), label="Analytics: answer")
    assert "The word on KR-1 is CRM's and Analytics'" in told(stage, SAM, SUITE)
    bo.clicks(thread(stage), label="Analytics: answer")
    assert "You speak for CRM: press that button." in told(stage, BO, SUITE)
    assert rows(stage, FlagView) == []


def test_a_click_that_comes_twice_and_two_who_press_at_once_agree_once(stage: Stage) -> None:
    bo, mia = stage.person(BO), stage.person(MIA)
    says(stage, bo, "CRM: answer")
    stage.sandbox.faults.redeliver = True
    mia.clicks(thread(stage), label="Agree with 33 days")
    mia.clicks(thread(stage), label="Agree with 33 days")
    bo.clicks(thread(stage), label="CRM: change")
    stage.sandbox.settle()
    stage.sandbox.faults.redeliver = False
    stage.settle()
    assert [row.state for row in rows(stage, FlagThread)] == ["agreed"]
    assert len([reply for reply in replies(stage) if "agree: 33 days" in reply]) == 1
    assert len([u for u in key_result(stage, "KR-1").reports if u.value == 33]) == 1


def test_another_bot_on_the_same_database_goes_on_and_opens_no_second_thread(stage: Stage) -> None:
    says(stage, stage.person(BO), "CRM: answer")
    bot = another_bot(stage)
    try:
        stage.go_to("2026-11-03T08:00")
        assert "33 days (Bo Lindqvist" in words(stage, thread(stage))
        says(stage, stage.person(MIA), "Analytics: answer", value="34 days")
        assert [row.state for row in rows(stage, FlagThread)] == ["agreed"]
        assert value(stage, "KR-1") == 33
    finally:
        bot.stop()


def test_a_private_owner_talks_in_direct_messages_and_the_channel_reads_nothing(staged: StageMaker) -> None:
    hidden = portfolio().replace("parent: suite, leads: [mia]}", "parent: suite, leads: [mia], private: true}")
    stage = staged(at="2026-11-01T12:00", portfolio=hidden)
    stage.go_to(MORNING)
    bo, mia = stage.person(BO), stage.person(MIA)
    assert posted(stage, SUITE, starting="KR-1 Average onboarding time is falling") == []
    mine = next(m for m in bo.dm if "KR-1 Average onboarding time is falling behind" in bo.reads(m))
    assert "a private unit" in bo.reads(mine)
    assert "Analytics" not in bo.reads(mine)
    theirs = next(m for m in mia.dm if "KR-1 Average onboarding time is falling behind" in mia.reads(m))
    mia.clicks(theirs, label="Answer")
    assert mia.submits(opened(stage, mia), FORM).closed
    stage.settle()
    said = [bo.reads(m) for m in bo.dm if m.is_reply]
    assert any("a private unit: 33 days" in text for text in said)
    assert not any("Analytics" in text or "Mia" in text for text in said)
    bo.clicks(mine, label="Agree with 33 days")
    stage.settle()
    assert value(stage, "KR-1") == 33
    assert "agreed on 33 days" in mia.reads(theirs)
    let_go(stage)
