"""Turns at the one writer's lock of an SQLite file, among the threads of this process: handed over, not fought for.

SQLite's own waiting sleeps and tries again, up to a tenth of a second each time, and whoever is lucky goes next; an
acknowledgement that waits so beside busy workers comes too late. Other processes are still met by SQLite's way.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock


class Turns:
    """Gives turns in order of arrival; one of the urgent queue and one of the other by turns where both wait."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken = False
        self._urgent: deque[Event] = deque()
        self._others: deque[Event] = deque()

    @contextmanager
    def take(self, *, seconds: float, urgent: bool = False) -> Iterator[None]:
        """Hold the turn. Raises TimeoutError when it did not come in time."""
        queue = self._urgent if urgent else self._others
        if not self._had(queue, seconds):
            raise TimeoutError
        try:
            yield
        finally:
            self._pass_on(urgent=urgent)

    def _had(self, queue: deque[Event], seconds: float) -> bool:
        mine = Event()
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            queue.append(mine)
        if mine.wait(seconds):
            return True
        with self._lock:
            if mine.is_set():
                return True
            queue.remove(mine)
            return False

    def _pass_on(self, *, urgent: bool) -> None:
        queues = (self._others, self._urgent) if urgent else (self._urgent, self._others)
        with self._lock:
            waiting = next((queue for queue in queues if queue), None)
            if waiting is None:
                self._taken = False
            else:
                waiting.popleft().set()
