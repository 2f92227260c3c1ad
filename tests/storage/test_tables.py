"""The tables that are imported late: they stand by themselves on those that are always there."""

import subprocess
import sys

import pytest

from storage import tables

ALONE = """
import storage.tables
from sqlmodel import SQLModel
from importlib import import_module
always = set(SQLModel.metadata.tables)
for module in {modules!r}:
    before = set(SQLModel.metadata.tables)
    import_module("storage.tables." + module)
    own = set(SQLModel.metadata.tables) - before
    for table in own:
        for key in SQLModel.metadata.tables[table].foreign_keys:
            target = key.target_fullname.partition(".")[0]
            if target not in always | own:
                print(module, table, target)
"""


def test_a_late_table_points_only_at_its_own_module_and_at_what_is_always_there() -> None:
    script = ALONE.format(modules=tuple(tables._LATER))
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("", "")


@pytest.mark.parametrize("name", [n for n in tables.__all__ if n != "load_all"])
def test_every_table_that_is_named_is_there(name: str) -> None:
    assert getattr(tables, name).__name__ == name


def test_a_table_that_does_not_exist_is_an_ordinary_mistake() -> None:
    with pytest.raises(AttributeError, match="Kingdom"):
        tables.__getattr__("Kingdom")
