"""The scripted play of a whole cycle holds at every step, on the sample and on real OKRs."""

from io import StringIO
from pathlib import Path

import pytest

from sandbox.play import play


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
