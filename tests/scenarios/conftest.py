"""Fixtures of the scenarios."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.stage import Stage, set_up

StageMaker = Callable[..., Stage]
PATIENT = 10.0  # seconds for the database: how busy this machine is otherwise is not what most scenarios are about


@pytest.fixture
def staged(sqlite_template: Path, tmp_path: Path) -> Iterator[StageMaker]:
    """Makes stages that are taken down at the end: `staged(at="2026-10-05T00:00Z", portfolio=…)`.

    A scenario about a locked database says `busy_seconds=BUSY_SECONDS`, as the product has it.
    """
    made: list[Stage] = []

    def make(**options: Any) -> Stage:
        path = tmp_path / f"stage{len(made)}.db"
        shutil.copyfile(sqlite_template, path)
        made.append(set_up(path, **{"busy_seconds": PATIENT} | options))
        return made[-1]

    yield make
    for stage in made:
        stage.close()
