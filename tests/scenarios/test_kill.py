"""The bot in a process of its own, killed in the middle of a round while Slack's responses get lost.

A small copy of `python -m benchmarks.kill`: most of its time is the half minute after which a lease lapses.
"""

from pathlib import Path

import pytest

from benchmarks.kill import under_fire


@pytest.mark.timeout(240)
def test_a_bot_that_is_killed_during_a_round_asks_every_lead_exactly_once(tmp_path: Path) -> None:
    found = under_fire(tmp_path, leads=16, kills=2, drop=0.2, seed=1, patience=150)
    assert (found.lost, found.doubled, found.boards) == ((), (), 1)
    assert found.in_flight > 0, "no kill came while something was on its way: the test has tested nothing"
    assert found.dropped > 0
