"""What the headless play says is its transcript: everything else goes to stderr."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.__main__ import main


@pytest.fixture
def nothing_set_up() -> Iterator[None]:
    """As a process begins: structlog writes to stdout until it is told otherwise."""
    before = structlog.get_config()
    structlog.reset_defaults()
    yield
    structlog.configure(**before)


@pytest.mark.usefixtures("nothing_set_up")
def test_a_log_line_of_the_headless_play_is_not_in_its_transcript(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing = tmp_path / "portfolio.yaml"
    nothing.write_text("schema: plumbline/1\n", encoding="utf-8")
    assert main(["sandbox", "--headless", "--fast", "--portfolio", str(nothing)]) == 1
    structlog.get_logger("bot").warning("something to know")
    said = capsys.readouterr()
    assert "something to know" not in said.out
    assert "something to know" in said.err
