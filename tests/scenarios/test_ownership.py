"""Owning a key result together, from the form in which a co-owner is chosen to the answer and back."""

from collections.abc import Iterator

import pytest

from sandbox.people import Person
from sandbox.records import Message
from sandbox.stage import Stage
from storage.tables import Ownership
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import BO, MIA, OMAR, portfolio
from tests.scenarios.seen import key_result, let_go, opened, rows, told


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """Bo adds KR-46 with Payments, which Omar leads, as co-owner."""
    made = staged(at="2026-11-16T09:00", portfolio=portfolio())
    bo = made.person(BO)
    bo.types("/okr add kr Quotes paid without a call")
    values = {"objective": "O-2", "start": "10", "target": "40", "measured_in": "%", "key": "KR-46"}
    bo.fills(opened(made, bo), {f"author_field:{name}": value for name, value in values.items()})
    sent = bo.submits(bo.view, {"author_field:owners": ["crm", "payments"]})
    assert sent.updated is not None, sent.errors  # Payments has nothing of its own for it: advice first
    assert bo.submits(sent.updated).closed
    made.settle()
    yield made
    let_go(made)


def last(person: Person, words: str) -> Message:
    """The newest message to a person that says this."""
    return next(m for m in reversed(person.dm) if words in person.reads(m))


def test_the_other_lead_accepts_with_what_supports_it_and_both_read_so(stage: Stage) -> None:
    bo, omar = stage.person(BO), stage.person(OMAR)
    assert any("Asked to own it too: Payments." in bo.reads(message) for message in bo.ephemerals())
    question = last(omar, "Bo Lindqvist asks whether Payments owns it together with CRM.")
    omar.clicks(question, label="Accept")
    assert omar.submits(opened(stage, omar), {"own_support": "o:O-3"}).closed
    stage.settle()
    assert "Payments (Omar Haddad) owns it with CRM. It is supported by O-3 Money" in bo.reads(last(bo, "KR-46"))
    bo.types("/okr show KR-46")
    assert "Payments  no word yet · does O-3 Money arrives by itself for it" in told(stage, BO, nth=2)
    assert key_result(stage, "KR-46").owners == ("crm", "payments")


def test_a_lead_who_declines_says_why_and_the_asker_reads_it_with_the_way_on(stage: Stage) -> None:
    bo, omar = stage.person(BO), stage.person(OMAR)
    omar.clicks(last(omar, "asks whether Payments"), label="Decline")
    assert omar.submits(opened(stage, omar), {"own_note": "We have no people before March."}).closed
    stage.settle()
    words = bo.reads(last(bo, "does not own it"))
    assert "We have no people before March." in words
    assert "[ Edit KR-46 ]" in words
    assert key_result(stage, "KR-46").owners == ("crm",)
    assert [row.state for row in rows(stage, Ownership)] == ["declined"]


def test_an_offer_to_support_only_is_agreed_to_and_pressed_twice_is_one(stage: Stage) -> None:
    bo, omar = stage.person(BO), stage.person(OMAR)
    question = last(omar, "asks whether Payments")
    omar.clicks(question, label="Offer something else")
    values = {"own_other": "support_only", "own_note": "It is your deal"}
    assert omar.submits(opened(stage, omar), values).closed
    stage.settle()
    offer = last(bo, "would support it, and not own it")
    bo.clicks(offer, label="Agree: support only")
    bo.clicks(offer, label="Agree: support only")
    stage.settle()
    assert "Agreed: Payments supports it only." in omar.reads(question)
    assert key_result(stage, "KR-46").owners == ("crm",)
    assert "waits for your word any more" in told(stage, BO, nth=2)


def test_what_slack_delivers_twice_is_one_answer_and_one_question(stage: Stage) -> None:
    bo, omar = stage.person(BO), stage.person(OMAR)
    stage.sandbox.faults.redeliver = True
    omar.clicks(last(omar, "asks whether Payments"), label="Offer something else")
    assert omar.submits(opened(stage, omar), {"own_other": "analytics"}).closed
    stage.settle()
    bo.clicks(last(bo, "would rather that Analytics owns it"), label="Ask Analytics")
    stage.settle()
    mia = stage.person(MIA)
    assert len([m for m in mia.dm if "asks whether Analytics" in mia.reads(m)]) == 1
    assert key_result(stage, "KR-46").owners == ("crm", "analytics")
    assert [row.state for row in rows(stage, Ownership)] == ["countered", "asked"]
