"""Another process holds the database for two seconds, and the model is down: whoever types or submits meanwhile is
acknowledged within Slack's three seconds, and what they said is saved once the file is free.
"""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic

import pytest

from sandbox.stage import Stage
from storage.database import BUSY_SECONDS
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import BO, MIA, portfolio
from tests.scenarios.seen import let_go, told, value

SECONDS = 2
HOLD = f"""
import sqlite3, sys, time
other = sqlite3.connect(sys.argv[1], isolation_level=None)
other.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep({SECONDS})
other.execute("ROLLBACK")
"""
NO_MODEL = {
    "plumbline_llm": "auto",
    "openai_api_key": "sk-nobody",
    "openai_base_url": "http://127.0.0.1:9/v1",
    "openai_model": "any",
}


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """Nobody answers where the model should be."""
    made = staged(at="2026-11-01T12:00", portfolio=portfolio(), settings=NO_MODEL, busy_seconds=BUSY_SECONDS)
    yield made
    let_go(made)


@contextmanager
def held_by_another_process(stage: Stage) -> Iterator[None]:
    """From the first line on the writer's lock is another process's, for two seconds."""
    path = stage.db.url.removeprefix("sqlite:///")
    with subprocess.Popen([sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield
        assert other.wait(10) == 0


def test_an_update_is_acknowledged_in_time_and_saved_once_the_database_is_free(stage: Stage) -> None:
    mia = stage.person(MIA)
    with held_by_another_process(stage):
        began = monotonic()
        typed = mia.types("/okr update KR-2 28 % 7/10 two more")
        took = monotonic() - began
    assert typed.error is None
    assert 1 < took < 3, f"acknowledged after {took:.2f} s"
    stage.settle()
    assert value(stage, "KR-2") == 28
    assert "28 %" in told(stage, MIA)
    assert "busy" not in "".join(mia.reads(m) for m in mia.ephemerals())


def test_a_form_is_answered_in_time_and_saved_once_the_database_is_free(stage: Stage) -> None:
    bo = stage.person(BO)
    bo.types("/okr update KR-1")
    stage.settle()
    with held_by_another_process(stage):
        began = monotonic()
        sent = bo.submits(values={"kr_value": "30 days"})
        took = monotonic() - began
    assert sent.closed
    assert 1 < took < 3, f"answered after {took:.2f} s"
    stage.settle()
    assert value(stage, "KR-1") == 30


def test_many_who_type_meanwhile_are_all_acknowledged_and_all_saved(stage: Stage) -> None:
    mia = stage.person(MIA)
    with held_by_another_process(stage), ThreadPoolExecutor(8) as pool:
        began = monotonic()
        typed = list(pool.map(lambda n: mia.types(f"/okr update KR-2 {20 + n} %"), range(8)))
        assert monotonic() - began < 3
    assert [reply.error for reply in typed] == [None] * 8
    stage.settle()
    assert len([m for m in mia.ephemerals() if "Saved" in mia.reads(m)]) == 8
