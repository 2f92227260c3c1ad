"""Moving and closing units in Slack: what the forms say before, and what is asked and shown afterwards."""

from collections.abc import Iterator

import pytest

from sandbox.stage import Stage
from storage.tables import Unit
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import ANA, BO, OMAR, portfolio
from tests.scenarios.seen import let_go, opened, prompts, rows, told


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """Before a round."""
    made = staged(at="2026-11-01T12:00", portfolio=portfolio())
    yield made
    let_go(made)


def test_a_unit_is_closed_and_hands_over_and_its_lead_is_asked_no_more(stage: Stage) -> None:
    ana, omar = stage.person(ANA), stage.person(OMAR)
    ana.types("/okr settings Payments")
    ana.clicks(opened(stage, ana), label="Close this unit")
    form = opened(stage, ana)
    assert "It has 1 open objective with 1 key result." in ana.reads(form)
    assert ana.submits(form, {"setting:fate": "move"}).errors == {
        "setting:to": "Choose the unit that takes over, one that you answer for."
    }
    assert ana.submits(form, {"setting:fate": "move", "setting:to": "crm"}).closed
    stage.settle()
    page = ana.reads(ana.view)
    assert "✓ Saved: Payments\nClosed: no → on 1 Nov 2026" in page
    assert "Open it again" in page
    stage.go_to("2026-11-02T08:00")
    stage.go_to("2026-11-02T08:10")
    assert prompts(omar) == []
    assert "KR-5" in stage.person(BO).reads(prompts(stage.person(BO))[-1])
    ana.types("/okr list payments 2026-Q4")
    assert "no key results" in told(stage, ANA)
    assert [unit.closed_on is not None for unit in rows(stage, Unit) if unit.key == "payments"] == [True]


def test_a_move_is_told_before_it_is_saved_and_stands_in_the_units_history(stage: Stage) -> None:
    ana = stage.person(ANA)
    ana.types("/okr edit Payments")
    sent = ana.submits(opened(stage, ana), {"author_field:parent": "crm", "author_field:level": "Team"})
    assert sent.updated is not None
    assert "What it changes  Part of Product suite (Ana Ruiz above it) → CRM (Bo Lindqvist above it)" in ana.reads(
        sent.updated
    )
    assert ana.submits(sent.updated).closed
    stage.settle()
    ana.types("/okr settings Payments")
    assert "Part of: Product suite → CRM" in ana.reads(opened(stage, ana))
