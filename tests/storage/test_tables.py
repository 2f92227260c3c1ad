"""The tables, each module of which is imported when it is first asked for."""

import ast
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from storage import tables

HERE = Path(tables.__file__).parent
MODULES = sorted(path.stem for path in HERE.glob("[a-z]*.py"))
tables.load_all()


def _imported(module: str) -> set[str]:
    """What a module of tables imports of the others, and these in turn."""
    tree = ast.parse((HERE / f"{module}.py").read_text(encoding="utf-8"))
    froms = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "storage.tables"]
    first = {name.name for node in froms for name in node.names}
    return first.union(*(_imported(one) for one in first))


@pytest.mark.parametrize("module", MODULES)
def test_a_table_is_never_there_without_those_that_its_rows_point_at(module: str) -> None:
    classes = [getattr(tables, name) for name in tables._WHERE[module]]
    keys = [key for found in classes for key in SQLModel.metadata.tables[found.__tablename__].foreign_keys]
    homes = {getattr(tables, name).__tablename__: home for home, names in tables._WHERE.items() for name in names}
    assert {homes[key.target_fullname.partition(".")[0]] for key in keys} <= {module, *_imported(module)}


@pytest.mark.parametrize("name", [name for name in tables.__all__ if name != "load_all"])
def test_every_table_that_is_named_is_there(name: str) -> None:
    assert getattr(tables, name).__name__ == name


def test_a_table_that_does_not_exist_is_an_ordinary_mistake() -> None:
    with pytest.raises(AttributeError, match="Kingdom"):
        tables.__getattr__("Kingdom")
