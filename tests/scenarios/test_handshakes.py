"""A blocker that waits for another unit, from one lead's words to the other's and back."""

from collections.abc import Iterator

import pytest

from sandbox.people import Person
from sandbox.records import Message
from sandbox.stage import Stage
from storage.tables import Blocker
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import BO, OMAR, portfolio
from tests.scenarios.seen import let_go, opened, prompt, receipts, rows


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """Bo has said that CRM waits for Payments, which Omar leads."""
    made = staged(at="2026-11-01T12:00", portfolio=portfolio())
    made.go_to("2026-11-02T08:00")
    made.go_to("2026-11-02T08:10")
    bo = made.person(BO)
    bo.says("dm", "1. KR-1 30 days\n2. waiting for Payments' API until 12 Dec\n3. no", thread_ts=prompt(bo).ts)
    made.settle()
    yield made
    let_go(made)


def receipt(stage: Stage) -> Message:
    """What Bo reads under the prompt."""
    return receipts(stage.person(BO), prompt(stage.person(BO)))[-1]


def last(person: Person, words: str) -> Message:
    """The newest message to a person that says this."""
    return next(m for m in reversed(person.dm) if words in person.reads(m))


def test_the_other_unit_is_asked_offers_another_day_and_both_agree(stage: Stage) -> None:
    bo, omar = stage.person(BO), stage.person(OMAR)
    bo.clicks(receipt(stage), label="Ask Payments")
    stage.settle()
    assert "Payments was asked" in bo.reads(receipt(stage))
    question = last(omar, "Can Payments take it out of the way by 12 Dec?")

    omar.clicks(question, label="Another day")
    sent = omar.submits(opened(stage, omar), {"handshake_day": "2026-12-19", "handshake_note": "two of us are ill"})
    assert sent.closed
    stage.settle()
    offer = last(bo, "offers 19 Dec instead of 12 Dec")
    assert "two of us are ill" in bo.reads(offer)

    bo.clicks(offer, label="Agree to 19 Dec")
    stage.settle()
    assert [b.until.isoformat() for b in rows(stage, Blocker) if b.until] == ["2026-12-19"]
    assert "will have it out of the way by 19 Dec" in omar.reads(question)
    assert "Payments: by 19 Dec" in bo.reads(receipt(stage))


def test_a_day_that_is_over_is_refused_in_the_form_and_nothing_is_lost(stage: Stage) -> None:
    bo, omar = stage.person(BO), stage.person(OMAR)
    bo.clicks(receipt(stage), label="Ask Payments")
    stage.settle()
    omar.clicks(last(omar, "Can Payments"), label="Another day")
    sent = omar.submits(opened(stage, omar), {"handshake_day": "2026-10-01", "handshake_note": "soon"})
    assert sent.errors == {"handshake_day": "1 Oct is over. Choose today or later."}
    assert omar.submits(opened(stage, omar), {"handshake_day": "2026-12-01"}).closed


def test_whoever_presses_twice_asks_once(stage: Stage) -> None:
    bo, omar = stage.person(BO), stage.person(OMAR)
    shown = receipt(stage)
    bo.clicks(shown, label="Ask Payments")
    bo.clicks(shown, label="Ask Payments")
    stage.settle()
    assert len([m for m in omar.dm if "Can Payments" in omar.reads(m)]) == 1
