"""A status set by hand, from a person's keyboard to what others see, through the sandbox."""

import pytest

from sandbox.people import Person
from sandbox.stage import Stage
from tests.scenarios.conftest import StageMaker

ANA, BO = "U01ANA", "U03BO"
BY_HAND = "◐ at risk, set by Bo Lindqvist: vendor slips"


@pytest.fixture
def stage(staged: StageMaker) -> Stage:
    """Half-way through the sample's quarter."""
    return staged(at="2026-11-16T09:00Z")


def told(stage: Stage, person: Person, typed: str) -> str:
    """What the person alone sees after typing a command."""
    person.types(typed)
    stage.settle()
    return person.reads(person.ephemerals()[-1])


def test_a_status_is_set_in_a_line_seen_by_others_and_lapses_at_the_next_value(stage: Stage) -> None:
    bo, ana = stage.person(BO), stage.person(ANA)
    assert "set ◐ at risk: vendor slips" in told(stage, bo, "/okr update KR-1 30 days at risk: vendor slips")
    shown = told(stage, ana, "/okr show KR-1")
    assert f"{BY_HAND} (computed ● on track)" in shown
    assert "at risk, set by Bo Lindqvist (computed on track)" in told(stage, ana, "/okr list behind")
    told(stage, bo, "/okr update KR-1 29 days")
    assert "set by" not in told(stage, ana, "/okr show KR-1").split("Last updates")[0]


def test_a_doubtful_line_is_asked_back_and_the_chosen_reading_is_saved(stage: Stage) -> None:
    bo = stage.person(BO)
    assert "the reason why it is at risk, or the value?" in told(stage, bo, "/okr update KR-1 at risk: 5 vendors slip")
    bo.clicks(bo.ephemerals()[-1], label="at risk, because 5 vendors slip")
    stage.settle()
    assert "set by Bo Lindqvist: 5 vendors slip" in told(stage, bo, "/okr show KR-1")


def test_the_form_asks_for_the_reason_at_its_field_keeps_what_was_typed_and_undo_takes_it_back(stage: Stage) -> None:
    bo = stage.person(BO)
    bo.types("/okr update KR-1")
    stage.settle()
    refused = bo.submits(values={"kr_value": "30 days", "kr_status": "at_risk", "kr_note": "pilot live"})
    assert refused.errors == {"kr_reason": "Say why KR-1 is at risk."}
    bo.submits(values={"kr_reason": "vendor slips"})
    stage.settle()
    saved = bo.ephemerals()[-1]
    assert "set ◐ at risk: vendor slips" in bo.reads(saved)
    assert BY_HAND in told(stage, bo, "/okr show KR-1")
    bo.clicks(saved, label="Undo")
    stage.settle()
    assert BY_HAND not in told(stage, bo, "/okr show KR-1")
