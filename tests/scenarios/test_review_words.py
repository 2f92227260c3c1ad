"""Commands typed over two lines, or with the spaces of another program."""

from collections.abc import Iterator

import pytest

from sandbox.stage import Stage
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import BO, portfolio
from tests.scenarios.seen import let_go, told, value


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """A day on which nothing is due."""
    made = staged(at="2026-11-01T12:00", portfolio=portfolio())
    yield made
    let_go(made)


@pytest.mark.parametrize("gap", ["\n", "\u00a0", "  ", " \n "])
def test_what_stands_between_the_words_of_a_command_does_not_matter(stage: Stage, gap: str) -> None:
    bo = stage.person(BO)
    bo.types(f"/okr update{gap}KR-4 33 %")
    assert told(stage, BO).startswith("Saved")
    assert value(stage, "KR-4") == 33
    bo.types(f"/okr digest{gap}preview")
    assert "Preview" in told(stage, BO, nth=2)
    bo.types(f"/okr blockers{gap}resolve{gap}B-7")
    assert "There is no blocker B-7" in told(stage, BO, nth=3)
