"""A missed round going up, and `/okr nudge`, as the people in it see them. Ana leads the suite, in Madrid."""

from collections.abc import Iterator

import pytest

from sandbox.people import Person
from sandbox.stage import Stage
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import ANA, BO, MIA, OMAR, portfolio
from tests.scenarios.seen import asks, let_go, opened, prompt, replies, told

CAIRO_NINE, ALL_ASKED = "2026-11-02T07:00", "2026-11-02T08:10"
CLOSED = "2026-11-04T17:00"
NEXT_MORNING = "2026-11-05T08:00"


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """A round in which Omar has answered, and Bo and Mia have not."""
    made = staged(at="2026-11-01T12:00", portfolio=portfolio())
    made.go_to(CAIRO_NINE)
    made.go_to(ALL_ASKED)
    omar = made.person(OMAR)
    omar.says("dm", "1. KR-5 2,100\n2. no\n3. no", thread_ts=prompt(omar).ts)
    made.settle()
    yield made
    let_go(made)


def letters(person: Person) -> list[str]:
    """What the bot wrote to a person outside of threads, but for check-ins."""
    texts = [person.reads(m) for m in person.dm if m.bot and not m.is_reply]
    return [text for text in texts if not text.startswith("Check-in 3 of 7")]


def test_a_missed_round_goes_up_with_the_lead_told_before_and_with_it(stage: Stage) -> None:
    ana, bo, mia, omar = (stage.person(user) for user in (ANA, BO, MIA, OMAR))
    for hour in ("2026-11-04T06:00", "2026-11-04T15:00", CLOSED):
        stage.go_to(hour)
    [first] = letters(bo)
    assert first.startswith("You can still answer check-in 3 of Product suite: it closed without you")
    assert "If nothing comes, Ana Ruiz is told Thu 5 Nov" in first
    assert letters(mia) == [], "it is two in the morning in Tokyo"
    assert (letters(ana), letters(omar)) == ([], [])
    stage.go_to("2026-11-04T22:00")
    assert len(letters(mia)) == 1
    stage.go_to(NEXT_MORNING)
    stage.tick()
    [up] = letters(ana)
    assert up.startswith("Check-in 3 · Product suite closed Wed 4 Nov without two leads. Please speak with them")
    copy = letters(bo)[-1]
    assert copy.startswith("I told Ana Ruiz that check-in 3 of Product suite closed without you.")
    said = next(part for part in up.splitlines() if "Bo Lindqvist" in part).removeprefix("– ")
    assert said.startswith("Bo Lindqvist (CRM): KR-1, KR-2, KR-4, KR-3 open; reminded twice"), said
    assert said in copy
    assert "I told Ana Ruiz" in letters(mia)[-1]
    assert letters(omar) == []
    stage.go_to("2026-11-06T08:00")
    assert (len(letters(ana)), len(letters(bo))) == (1, 2)


def test_an_answer_after_the_end_keeps_it_from_going_up(stage: Stage) -> None:
    ana, bo = stage.person(ANA), stage.person(BO)
    stage.go_to(CLOSED)
    letter = next(m for m in bo.dm if m.bot and not m.is_reply and "closed without you" in bo.reads(m))
    bo.clicks(letter, label="Answer")
    bo.submits(opened(stage, bo), {"kr_value:KR-1": "30 days", "question:2": "no", "question:3": "no"})
    stage.settle()
    assert asks(stage)["bo"].state == "late"
    stage.go_to(NEXT_MORNING)
    [up] = letters(ana)
    assert "without one lead. Please speak with Mia Tanaka" in up
    assert len(letters(bo)) == 1


def test_a_reply_under_what_a_lead_was_told_is_their_answer(stage: Stage) -> None:
    bo = stage.person(BO)
    stage.go_to(CLOSED)
    letter = next(m for m in bo.dm if m.bot and not m.is_reply and "closed without you" in bo.reads(m))
    bo.says("dm", "1. KR-1 30 days, KR-4 40 %\n2. no\n3. no", thread_ts=letter.ts)
    stage.settle()
    assert asks(stage)["bo"].state == "late"
    assert "Saved: KR-1 41 → 30 days" in replies(bo, letter)[-1]


def test_the_portfolios_lead_nudges_who_is_missing_with_one_click(stage: Stage) -> None:
    ana, bo = stage.person(ANA), stage.person(BO)
    ana.types("/okr nudge")
    page = told(stage, ANA)
    assert "– Bo Lindqvist (CRM): not reminded yet\n– Mia Tanaka" in page
    assert "Omar" not in page
    ana.clicks(ana.ephemerals("dm")[-1], label="Nudge 2")
    stage.settle()
    assert "Ana Ruiz asks for your answer to check-in 3 of Product suite" in replies(bo, prompt(bo))[-1]
    assert "[ Answer ]" in replies(bo, prompt(bo))[-1]
    answer = ana.reads(ana.ephemerals("dm")[-1])
    assert "Nudged Bo Lindqvist, Mia Tanaka. They see that it comes from you." in answer


def test_at_night_it_can_be_left_for_the_morning(stage: Stage) -> None:
    ana, mia = stage.person(ANA), stage.person(MIA)
    stage.go_to("2026-11-02T14:00")  # eleven at night in Tokyo
    ana.types(f"/okr nudge <@{MIA}>")
    assert "Mia Tanaka has quiet hours now; it can go" in told(stage, ANA)
    ana.clicks(ana.ephemerals("dm")[-1], label="Send it then")
    stage.settle()
    assert replies(mia, prompt(mia)) == []
    stage.go_to("2026-11-02T22:00")
    assert "Ana Ruiz asks for your answer" in replies(mia, prompt(mia))[-1]


def test_who_leads_a_product_line_only_is_told_what_they_may(stage: Stage) -> None:
    stage.person(BO).types("/okr nudge all")
    assert "For a key result that you co-own: /okr nudge KR-12" in told(stage, BO)
