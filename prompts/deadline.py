"""A limit on the whole of a call, not on each of its reads: a server that sends a byte a second keeps no one waiting.

The library's own time-out restarts with every byte. Here the call runs on a daemon thread that is left behind when
time is up; it must be harmless when it ends late.
"""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, call: Callable[[], T]) -> T:
    """What `call` returns or raises, if it does so in time; TimeoutError otherwise."""
    done: SimpleQueue[tuple[T | None, Exception | None]] = SimpleQueue()

    def run() -> None:
        try:
            done.put((call(), None))
        except Exception as error:  # noqa: BLE001 - carried over to the caller's thread and raised there
            done.put((None, error))

    Thread(target=run, daemon=True, name="model-call").start()
    try:
        result, error = done.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]
