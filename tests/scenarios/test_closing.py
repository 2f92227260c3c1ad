"""The close of a cycle as people do it: from `/okr close-cycle` by the forms to the look back and the next cycle."""

import json
from contextlib import closing

import pytest

from bot import jobs
from sandbox.people import Person
from sandbox.records import View
from sandbox.stage import Stage
from storage.tables import CycleClose, Grade
from tests.rituals.closing_workspace import PORTFOLIO
from tests.scenarios.conftest import StageMaker
from tests.scenarios.seen import key_result, opened, posted, rows, told
from tests.scenarios.trouble import another_bot, everything_again

LENA, ANA, BO, MIA = "U05LENA", "U01ANA", "U02BO", "U03MIA"
WITHOUT_THE_YEAR = "\n".join(line for line in PORTFOLIO.splitlines() if "key: 2026," not in line)


@pytest.fixture
def stage(staged: StageMaker) -> Stage:
    """The first working day after the quarter."""
    return staged(at="2027-01-04T09:00Z", portfolio=WITHOUT_THE_YEAR)


def shown(stage: Stage, user: str, typed: str) -> str:
    """What a command answers."""
    person = stage.person(user)
    before = len(person.ephemerals())
    person.types(typed)
    stage.settle()
    return told(stage, user, nth=before + 1)


def form(stage: Stage, user: str) -> View:
    """The form that the page's button opens."""
    shown(stage, user, "/okr close-cycle")
    person = stage.person(user)
    person.clicks(person.ephemerals()[-1], action_id="closing_open")
    return opened(stage, person)


def saves(stage: Stage, person: Person, **values: str) -> str:
    """Save the form that is open, and what is shown in its place."""
    assert person.view is not None
    key = json.loads(person.view.private_metadata)["key"]
    sent = person.submits(values={f"closing_{name}:{key}": value for name, value in values.items()})
    stage.settle()
    assert not sent.errors, sent.errors
    assert person.view is not None
    return person.reads(person.view)


def test_a_cycle_is_graded_by_its_leads_closed_by_the_portfolios_and_goes_on_in_the_next(stage: Stage) -> None:
    page = shown(stage, BO, "/okr close-cycle")
    assert "Closing 2026-Q4: 3 of 3 left for you" in page
    assert "KR-1 Onboarding time: ◐ yellow 0.60, suggests to carry over" in page
    assert "Stealth" not in page

    bo = stage.person(BO)
    first = bo.reads(form(stage, BO))
    assert "3 left of 3" in first
    assert "aspirational, expects 0.7" in first
    second = saves(stage, bo, note="slower than planned")
    assert "2 left of 3" in second
    assert "KR-2" in second
    bo.clicks(bo.view, label="Skip")
    stage.settle()
    assert "KR-3" in bo.reads(opened(stage, bo))
    again = saves(stage, bo)
    assert "1 left of 3" in again
    assert "KR-2" in again
    assert "0 of 3 left for you" in saves(stage, bo, score="0.9", reason="the last week is not counted")

    ana = stage.person(ANA)
    shown(stage, ANA, "/okr close-cycle")
    ana.clicks(ana.ephemerals()[-1], label="Take all suggestions")
    stage.settle()
    decided = ana.reads(ana.ephemerals()[-1])
    assert "Everything is decided." in decided
    ana.clicks(ana.ephemerals()[-1], label="Close 2026-Q4")
    view = opened(stage, ana)
    assert "2 closed, 3 carried over, 2 dropped" in ana.reads(view)
    sent = ana.submits(view)
    stage.settle()
    assert not sent.errors
    assert "2026-Q4 is closed. The look back is posted to 1 channel." in ana.reads(opened(stage, ana))

    stage.deliver()
    [look] = posted(stage, "C01ALL", starting="2026-Q4 is closed")
    text = bo.reads(look)
    assert "3 carried over to 2027-Q1" in text
    assert "Stealth" not in text
    assert key_result(stage, "KR-8").start == 30

    card = shown(stage, BO, "/okr show KR-8")
    assert "Before, in 2026-Q4" in card
    assert "◐ yellow, 0.60, carried over to KR-8: slower than planned" in card
    assert "Graded" in shown(stage, BO, "/okr show KR-1")
    assert "is not open for updates" in shown(stage, BO, "/okr update KR-1 28 days")
    assert "Saved: KR-8" in shown(stage, BO, "/okr update KR-8 28 days")
    assert "2 closed, 3 carried over to 2027-Q1" in shown(stage, BO, "/okr close-cycle results")

    stage.go_to("2027-01-11T08:30Z")
    [board] = posted(stage, "C01ALL", starting="Check-in")
    assert "Check-in 1 · Product suite" in bo.reads(board)


def test_errors_stand_at_their_fields_and_nothing_that_was_typed_is_lost(stage: Stage) -> None:
    bo = stage.person(BO)
    view = form(stage, BO)
    sent = bo.submits(view, values={"closing_score:KR-1": "0.9", "closing_note:KR-1": "nearly"})
    assert sent.errors == {"closing_reason:KR-1": "0.60 is suggested; say in a sentence why it is 0.90."}
    assert bo.value(view, "closing_note:KR-1") == "nearly"
    sent = bo.submits(view, values={"closing_score:KR-1": "very good"})
    assert "Write a score from 0.0 to 1.0" in sent.errors["closing_score:KR-1"]
    assert rows(stage, Grade) == []


def test_two_people_at_once_do_no_harm_and_what_comes_in_again_changes_nothing(stage: Stage) -> None:
    bo, ana = stage.person(BO), stage.person(ANA)
    bos = form(stage, BO)
    anas = form(stage, ANA)
    ana.submits(anas)
    stage.settle()
    sent = bo.submits(bos, values={"What becomes of it": "Drop: not pursued any more"})
    assert "Ana Ruiz has decided on KR-1 meanwhile: carried over, 0.60." in str(sent.errors)
    before = [(g.key_result_id, g.outcome, g.at) for g in rows(stage, Grade)]
    everything_again(stage)
    assert [(g.key_result_id, g.outcome, g.at) for g in rows(stage, Grade)] == before


def test_after_a_restart_the_pass_goes_on_where_it_was(stage: Stage) -> None:
    bo = stage.person(BO)
    form(stage, BO)
    saves(stage, bo)
    with closing(another_bot(stage).services) as other:
        jobs.tick(other)
    assert "2 of 3 left for you" in shown(stage, BO, "/okr close-cycle")
    assert [row.started_by for row in rows(stage, CycleClose)] == [BO]


def test_closing_early_needs_its_box_ticked(staged: StageMaker) -> None:
    stage = staged(at="2026-12-21T09:00Z", portfolio=WITHOUT_THE_YEAR)
    ana = stage.person(ANA)
    assert "It runs until 31 Dec; you can grade ahead." in shown(stage, ANA, "/okr close-cycle")
    ana.clicks(ana.ephemerals()[-1], label="Take all suggestions")
    stage.settle()
    ana.clicks(ana.ephemerals()[-1], label="Close 2026-Q4")
    view = opened(stage, ana)
    assert "11 days early" in ana.reads(view)
    refused = ana.submits(view)
    assert "closing_early" in refused.errors or not rows(stage, CycleClose)[0].closed_by
    ana.submits(view, values={"closing_early": ["early"]})
    stage.settle()
    assert rows(stage, CycleClose)[0].state == "closed"
    assert "2026-Q4 is closed" in shown(stage, ANA, "/okr close-cycle 2026-Q4")
    assert "by an admin only" in shown(stage, ANA, "/okr close-cycle reopen 2026-Q4")
    assert "is open again" in shown(stage, LENA, "/okr close-cycle reopen 2026-Q4")


def test_a_cycle_left_open_is_asked_for_in_a_dm_that_leads_to_it(stage: Stage) -> None:
    stage.go_to("2027-01-07T09:00Z")
    ana = stage.person(ANA)
    [asked] = [m for m in ana.dm if "is not closed" in ana.reads(m)]
    assert "2026-Q4 ended 7 days ago, on 31 Dec, and is not closed." in ana.reads(asked)
    ana.clicks(asked, label="Close it")
    stage.settle()
    assert "7 of 7 left for you" in told(stage, ANA, asked.channel)
    assert "is not closed" in ana.reads(asked)
