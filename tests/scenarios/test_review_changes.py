"""The portfolio changes while a round is open: people get their member."""

from collections.abc import Callable, Iterator

import pytest

from bot import jobs
from rituals.okrs.portfolio_service import import_portfolio
from sandbox.stage import Stage
from storage import outbox
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import BO, portfolio
from tests.scenarios.seen import asks, boards, holding, let_go, prompt, prompts, replies, words

BEFORE, ASKED, LAST_DAY = "2026-11-01T12:00", "2026-11-02T08:10", "2026-11-04T08:00"


@pytest.fixture
def stages(staged: StageMaker) -> Iterator[Callable[[str], Stage]]:
    """Makes a stage with a portfolio before the round."""
    made: list[Stage] = []

    def make(text: str) -> Stage:
        stage = staged(at=BEFORE, portfolio=text)
        made.append(stage)
        return stage

    yield make
    for stage in made:
        let_go(stage)


def bring_in(stage: Stage, text: str) -> None:
    import_portfolio(stage.db, stage.team, text, now=stage.clock.now())


def left(stage: Stage) -> list[str]:
    """What was promised and not sent."""
    with stage.db.transaction(readonly=True) as session:
        return [f"{row.key} {row.state} {row.error}" for row in outbox.unsettled(session, stage.team)]


def without(text: str, part: str) -> str:
    assert part in text
    return text.replace(part, "")


def test_a_lead_who_is_found_in_slack_while_the_round_is_open_is_asked_then(stages: Callable[[str], Stage]) -> None:
    stage = stages(without(portfolio(), f", slack: {BO}"))
    stage.go_to(ASKED)
    assert prompts(stage.person(BO)) == []
    assert "Bo Lindqvist (not asked yet)" in words(stage, boards(stage)[-1])
    assert jobs.tick(stage.bot.services) == 0
    bring_in(stage, portfolio())
    stage.go_to("2026-11-03T08:00")
    assert len(prompts(stage.person(BO))) == 1
    stage.go_to(LAST_DAY)
    assert holding(replies(stage.person(BO), prompt(stage.person(BO))), "closes")
    assert left(stage) == []


def test_a_lead_who_is_never_found_in_slack_has_missed_the_round(stages: Callable[[str], Stage]) -> None:
    stage = stages(without(portfolio(), f", slack: {BO}"))
    stage.go_to(ASKED)
    stage.go_to("2026-11-04T17:00")
    assert asks(stage)["bo"].state == "missed"
    assert left(stage) == []
