"""A lead's round from where they sit: how many clicks it takes, put off and back, one check-in after the other, and any
message as evidence.
"""

from collections.abc import Iterator

import pytest

from sandbox.records import Message, View
from sandbox.stage import Stage
from storage.tables import CheckinAsk, Evidence
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import BO, SUITE, portfolio
from tests.scenarios.seen import asks, board, boards, let_go, opened, prompt, replies, rows, shared, told, value

ROUND = "2026-11-02T08:00"


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """All three leads have just been asked."""
    made = staged(at="2026-11-01T12:00", portfolio=portfolio())
    made.go_to(ROUND)
    yield made
    let_go(made)


def test_a_round_by_form_takes_four_interactions_at_most(stage: Stage) -> None:
    bo, interactions = stage.person(BO), 0
    bo.clicks(prompt(bo), label="Answer")
    interactions += 1
    form = opened(stage, bo)
    bo.fills(form, {"kr_value:KR-1": "30 days", "kr_value:KR-4": "40 %", "question:2": "no", "question:3": "no"})
    interactions += 1  # one form, filled in at one go
    assert bo.submits(form).closed
    interactions += 1
    stage.settle()
    assert interactions <= 4
    assert (asks(stage)["bo"].state, asks(stage)["bo"].partly) == ("answered", False)
    assert "✓ Bo Lindqvist" in board(stage)
    assert "partly" not in board(stage)


def test_a_round_by_thread_takes_one_message(stage: Stage) -> None:
    bo = stage.person(BO)
    bo.says("dm", "1. KR-1 30 days 7/10, KR-4 40 %\n2. no\n3. no", thread_ts=prompt(bo).ts)
    stage.settle()
    assert (asks(stage)["bo"].state, asks(stage)["bo"].partly) == ("answered", False)
    assert "✓ Bo Lindqvist" in board(stage)


def test_put_off_it_says_so_stays_on_the_board_and_comes_back_in_its_thread_once(stage: Stage) -> None:
    bo = stage.person(BO)
    bo.picks(prompt(bo), "Tomorrow 09:00", action_id="checkin_later")
    stage.settle()
    assert "Later: back Tue 3 Nov 08:00 UTC; Answer works any time." in bo.reads(prompt(bo))
    assert "[ Answer ]" in bo.reads(prompt(bo))
    assert "Bo Lindqvist" in board(stage)
    bo.types("/okr")
    stage.settle()
    assert "Check-in 3 · Product suite · by Wed 4 Nov 17:00 UTC, back Tue 3 Nov 08:00 UTC" in told(stage, BO)
    stage.go_to("2026-11-03T07:59")
    assert replies(bo, prompt(bo)) == []
    stage.go_to("2026-11-03T08:00")
    stage.tick()
    [back] = [text for text in replies(bo, prompt(bo)) if "As you asked" in text]
    assert "check-in 3 of Product suite is back: four key results wait for you" in back
    assert "Later: back" not in bo.reads(prompt(bo))


def message_in(stage: Stage, channel: str, text: str) -> Message:
    said = stage.person(BO).says(channel, text)
    stage.settle()
    return said


def test_any_message_becomes_evidence_and_is_taken_back(stage: Stage) -> None:
    bo = stage.person(BO)
    said = message_in(stage, SUITE, "The pilot is live at three customers")
    bo.shortcut("evidence_add", said)
    form = opened(stage, bo)
    assert "The pilot is live at three customers" in bo.reads(form)
    assert bo.suggestions(form, "kr_pick:evidence", "")[0].startswith("KR-")
    assert bo.submits(form, {"kr_pick:evidence": "KR-1"}).closed
    stage.settle()
    [row] = rows(stage, Evidence)
    assert row.permalink.endswith(f"/archives/{SUITE}/p{said.ts.replace('.', '')}")
    assert row.author == BO
    assert "Added as evidence for KR-1 Average onboarding time:" in told(stage, BO, SUITE)
    bo.clicks(bo.ephemerals(SUITE)[-1], label="Undo")
    stage.settle()
    assert rows(stage, Evidence)[0].retracted_at is not None


def test_of_a_direct_message_the_form_says_that_only_the_link_is_kept(stage: Stage) -> None:
    bo = stage.person(BO)
    bo.shortcut("evidence_add", message_in(stage, "dm", "between the two of us"))
    form = opened(stage, bo)
    assert "only its link is kept" in bo.reads(form)
    assert bo.submits(form, {"kr_pick:evidence": "KR-1"}).closed
    stage.settle()
    assert [row.excerpt for row in rows(stage, Evidence)] == [""]


EARLY = "2026-11-02T01:00"
"""Mia in Tokyo has been asked; in Stockholm it is two in the morning."""


def test_a_form_sent_before_a_leads_own_hour_counts_is_marked_and_no_prompt_follows(staged: StageMaker) -> None:
    stage = staged(at="2026-11-01T12:00", portfolio=portfolio())
    stage.go_to(EARLY)
    bo = stage.person(BO)
    bo.types("/okr checkin")
    values = {"kr_value:KR-1": "30 days", "kr_value:KR-4": "40 %", "question:2": "no", "question:3": "no"}
    assert bo.submits(opened(stage, bo), values).closed
    stage.settle()
    assert asks(stage)["bo"].state == "answered"
    assert "✓ Bo Lindqvist" in board(stage)
    assert "Bo Lindqvist for CRM · early" in shared(stage)[-1]
    stage.go_to(ROUND)
    assert [m for m in bo.dm if bo.reads(m).startswith("Check-in")] == []
    let_go(stage)


def test_words_in_the_rounds_thread_before_a_leads_own_hour_count_too(staged: StageMaker) -> None:
    stage = staged(at="2026-11-01T12:00", portfolio=portfolio())
    stage.go_to(EARLY)
    bo, parent = stage.person(BO), boards(stage)[-1]
    bo.says(SUITE, "1. KR-1 30 days, KR-4 40 %\n2. no\n3. no", thread_ts=parent.ts)
    stage.settle()
    [receipt] = [text for text in replies(bo, parent) if "Saved" in text]
    assert "Early: it counts for check-in 3, and you will not be asked again." in receipt
    assert asks(stage)["bo"].state == "answered"
    let_go(stage)


def test_values_typed_before_show_all_are_kept(staged: StageMaker) -> None:
    more = "".join(
        f"      - {{key: KR-{n}, title: Answer {n}, start: 0, target: 10, owners: [crm], "
        "updates: [{at: 2026-11-01, value: 9, by: bo}]}\n"
        for n in range(30, 42)
    )
    stage = staged(at="2026-11-01T12:00", portfolio=portfolio() + more)
    stage.go_to(ROUND)
    bo = stage.person(BO)
    bo.clicks(prompt(bo), label="Answer")
    form = opened(stage, bo)
    assert "KR-41" not in bo.reads(form)
    bo.fills(form, {"kr_value:KR-1": "30 days", "kr_confidence:KR-1": "7", "question:2": "no"})
    bo.clicks(form, action_id="form_all")
    form = opened(stage, bo)
    assert "KR-41" in bo.reads(form)
    assert (bo.value(form, "kr_value:KR-1"), bo.value(form, "question:2")) == ("30 days", "no")
    assert bo.submits(form, {"kr_value:KR-41": "10"}).closed
    stage.settle()
    assert (value(stage, "KR-1"), value(stage, "KR-41")) == (30, 10)
    let_go(stage)


WEEKLY = '{every: 1 week, on: monday, at: "10:00", starts: 2026-10-05, timezone: Europe/Berlin}'


@pytest.fixture
def two_owed(staged: StageMaker) -> Iterator[Stage]:
    """Bo is asked for the suite, and for CRM, which has a rhythm of its own."""
    text = portfolio().replace(
        "name: CRM, level: product_line, parent: suite, leads: [bo]}",
        f"name: CRM, level: product_line, parent: suite, leads: [bo], channel: C03CRM, cadence: {WEEKLY}}}",
    )
    text = text.replace("parent: suite, leads: [omar]}", "parent: suite, leads: [omar, bo]}")
    made = staged(at="2026-11-01T12:00", portfolio=text)
    made.go_to("2026-11-02T09:30")
    yield made
    let_go(made)


def test_one_form_leads_on_to_the_next_until_all_are_done(two_owed: Stage) -> None:
    bo = two_owed.person(BO)
    bo.types("/okr checkin")
    first = opened(two_owed, bo)
    assert "2 check-ins wait for you.  [ Skip for now ]" in bo.reads(first)
    units = [unit for unit in ("Product suite", "CRM") if f"{unit}: fill in" in bo.reads(first)]
    sent = bo.submits(first, {"question:2": "no", "question:3": "no", **_values(first)})
    assert not sent.closed
    second = opened(two_owed, bo)
    assert "1 of 2 done." in bo.reads(second)
    assert "[ Skip for now ]" not in bo.reads(second)
    assert f"{units[0]}: fill in" not in bo.reads(second)
    assert bo.submits(second, {"question:2": "no", "question:3": "no", **_values(second)}).closed
    two_owed.settle()
    assert {ask.state for ask in rows(two_owed, CheckinAsk) if ask.answered_at} == {"answered"}
    bo.types("/okr")
    two_owed.settle()
    assert "Nothing waits for you." in told(two_owed, BO)


def test_a_skipped_check_in_stays_owed_and_can_be_taken_up_again(two_owed: Stage) -> None:
    bo = two_owed.person(BO)
    bo.types("/okr checkin")
    first = bo.reads(opened(two_owed, bo))
    bo.clicks(opened(two_owed, bo), action_id="form_skip")
    second = opened(two_owed, bo)
    assert bo.reads(second) != first
    assert "2 check-ins wait for you." in bo.reads(second)
    assert not bo.submits(second, {"question:2": "no", "question:3": "no", **_values(second)}).closed
    end = opened(two_owed, bo)
    assert "1 of 2 done. Still open:" in bo.reads(end)
    bo.clicks(end, label="Answer")
    again = opened(two_owed, bo)
    assert {*_values(again)} < {*_values_of(first)}  # what was said in the other is not asked again
    bo.closes(everything=True)
    bo.types("/okr")
    two_owed.settle()
    assert "1 thing waits for you." in told(two_owed, BO)


def _values(form: View) -> dict[str, str]:
    """A confidence for every key result of a form: as much of an answer as any."""
    found = [block["block_id"] for block in form.blocks if block["type"] == "input"]
    return {name: "6" for name in found if name.startswith("kr_confidence:")}


def _values_of(read: str) -> list[str]:
    return [f"kr_confidence:{line.split()[0]}" for line in read.splitlines() if " confidence:" in line]
