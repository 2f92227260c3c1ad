"""Functions that are imported when they are first called: most of what the bot can do it is asked for now and then, and
every module costs time at the start and memory ever after. Knows nothing of what it loads.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

_named: list[str] = []


def later(where: str, *, rare: bool = False) -> Callable[..., Any]:
    """The function that `where` names, as `package.module:function`. What its import raises, the first call does.

    `rare`: what many a day does without; `load` leaves it out.
    """

    def called(*args: Any, **named: Any) -> Any:
        return found(where)(*args, **named)

    called.__qualname__ = called.__name__ = where
    if not rare:
        _named.append(where)
    return called


@cache
def found(where: str) -> Callable[..., Any]:
    """The function itself."""
    module, _, name = where.partition(":")
    function: Callable[..., Any] = getattr(import_module(module), name)
    return function


def load() -> None:
    """Import them, while nobody waits: whoever is the first to ask for something usual should not have to."""
    for where in _named:
        found(where)
