"""The scripted play of a whole cycle holds at every step, on the sample and on real OKRs."""

import re
from io import StringIO
from pathlib import Path

import pytest

from bot.failures import CommandError
from sandbox.play import play
from tests.scenarios.portfolios import FRIDAYS, portfolio


@pytest.mark.timeout(400)
def test_a_whole_cycle_of_the_sample_holds_at_every_step() -> None:
    out = StringIO()
    result = play(portfolio=None, out=out)
    assert result.broken == ()
    assert result.held > 400
    assert "Working together in 2026-Q4, Product suite" in out.getvalue()


@pytest.mark.timeout(400)
def test_a_whole_cycle_of_real_okrs_holds_at_every_step(shared_file: Path) -> None:
    result = play(portfolio=shared_file / "data" / "ipfs-2019-q3.yaml", out=StringIO())
    assert result.broken == ()
    assert result.held > 150


@pytest.mark.timeout(500)
def test_two_cycles_go_from_the_workshop_to_the_rating_and_on_into_the_next(tmp_path: Path) -> None:
    out = StringIO()
    result = play(portfolio=a_small_one(tmp_path, r"^$"), out=out, cycles=2)
    assert result.broken == ()
    assert result.held > 100
    assert out.getvalue().count("Alignment workshop") >= 2
    assert out.getvalue().count("is closed") >= 2


def test_cycles_need_somebody_to_run_their_rituals(tmp_path: Path) -> None:
    file = a_small_one(tmp_path, r"    (leadership_)?channel: \w+\n")
    with pytest.raises(CommandError, match="need a portfolio with a lead and a channel"):
        play(portfolio=file, out=StringIO(), cycles=2)


def a_small_one(tmp_path: Path, leave_out: str, instead: str = "") -> Path:
    """Six weeks of three lines and three leads, with something left out or put otherwise."""
    file, text = tmp_path / "portfolio.yaml", portfolio(digest=FRIDAYS).replace("ends: 2026-12-31", "ends: 2026-11-13")
    file.write_text(re.sub(leave_out, instead, text), encoding="utf-8")
    return file


def test_leads_whom_only_an_address_finds_play_as_well(tmp_path: Path) -> None:
    file = a_small_one(tmp_path, r"slack: U\d\d(\w+)", r"email: \1@example.com")
    result = play(portfolio=file, out=StringIO())
    assert result.broken == ()
    assert result.held > 50


def test_a_portfolio_without_channels_plays_in_direct_messages(tmp_path: Path) -> None:
    file = a_small_one(tmp_path, r"    (leadership_)?channel: \w+\n")
    result = play(portfolio=file, out=StringIO())
    assert result.broken == ()
    assert result.held > 50


@pytest.mark.parametrize(
    "left",
    ["schema: plumbline/1\n", "schema: plumbline/1\ncycles:\n  - {key: Q4, starts: 2026-10-01, ends: 2026-12-31}\n"],
)
def test_where_there_is_nothing_to_play_that_is_said(tmp_path: Path, left: str) -> None:
    file = tmp_path / "portfolio.yaml"
    file.write_text(left, encoding="utf-8")
    with pytest.raises(CommandError, match="nothing to play in that portfolio"):
        play(portfolio=file, out=StringIO())
