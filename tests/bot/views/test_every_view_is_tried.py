"""A promise: whatever makes a message, a modal or App Home is tried with the nastiest texts that people can type.

Notices are, by `test_every_notice_has_a_view`; whoever writes another view writes a test with `EVIL` in it.
"""

import ast
import importlib
import inspect
import pkgutil
import typing
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

import bot.views
from bot.views.blocks import Message
from rituals.notices import Notice

HERE = Path(__file__).parent
MODALS = ("form", "page", "modal", "view", "still_owed")  # how the functions end that make a whole modal, or Home
OURS = {"adjustments.decided"}  # shows a sentence that no person had a part in
OTHERWISE = {"blocks", "help", "trouble"}  # builders of parts, and texts of ours


def views() -> dict[str, Callable[..., object]]:
    """Every function that makes a whole message or view, by module and name; those of notices are not among them."""
    names = [found.name for found in pkgutil.iter_modules(bot.views.__path__) if found.name not in OTHERWISE]
    modules = [importlib.import_module(f"bot.views.{name}") for name in names]
    return {f"{name}.{f.__name__}": f for name, module in zip(names, modules, strict=True) for f in _made_by(module)}


def _made_by(module: ModuleType) -> list[Callable[..., object]]:
    found = [f for _, f in inspect.getmembers(module, inspect.isfunction) if f.__module__ == module.__name__]
    return [f for f in found if not f.__name__.startswith("_") and _makes_a_view(f)]


def _makes_a_view(function: Callable[..., object]) -> bool:
    given = typing.get_type_hints(function)
    made = given.pop("return", None)
    shows_a_notice = any(isinstance(kind, type) and issubclass(kind, Notice) for kind in given.values())
    whole = made is Message or (str(made).startswith("dict[") and function.__name__.endswith(MODALS))
    return whole and bool(given) and not shows_a_notice


def tried() -> set[str]:
    """Every name that is used in a test of the views which knows the nasty texts."""
    trees = [ast.parse(text) for path in HERE.glob("*.py") if "EVIL" in (text := path.read_text(encoding="utf-8"))]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    imported = {alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
    reached = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return imported | reached


@pytest.mark.parametrize("name", sorted(views().keys() - OURS))
def test_a_view_is_tried_with_the_nastiest_texts(name: str) -> None:
    assert name.rpartition(".")[2] in tried(), f"{name} has no test in tests/bot/views that uses EVIL"


def test_the_views_are_found() -> None:
    assert {"okrs.list_page", "answer_form.answer_form", "blockers.register", "okrs.update_form"} <= set(views())
