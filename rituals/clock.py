"""The only module that reads the clock. Everything else takes `now` as an argument (aware, UTC)."""

from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Protocol


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class AdjustableClock:
    """A clock that runs from a chosen instant and can be moved forward; for the sandbox, `tick --now` and tests.

    With `running=False` it stands still until it is moved. It never goes backwards: `move_to` an earlier instant
    raises ValueError, because every rule relies on time that only grows.
    """

    def __init__(self, at: datetime, *, running: bool = False) -> None:
        self._at = _utc(at)
        self._since = datetime.now(UTC)
        self._running = running
        self._lock = Lock()

    def now(self) -> datetime:
        with self._lock:
            return self._current()

    def _current(self) -> datetime:
        return self._at + (datetime.now(UTC) - self._since) if self._running else self._at

    def run(self) -> None:
        """Let it run from where it stands."""
        with self._lock:
            self._at, self._since, self._running = self._current(), datetime.now(UTC), True

    def move_to(self, at: datetime) -> None:
        """Jump to an instant that is not before the present one."""
        with self._lock:
            if _utc(at) < self._current():
                raise ValueError(f"the clock stands at {self._current().isoformat()} and does not go back")
            self._at, self._since = _utc(at), datetime.now(UTC)

    def move_by(self, step: timedelta) -> None:
        """Jump ahead by `step`."""
        self.move_to(self.now() + step)


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("instants carry a zone")
    return at.astimezone(UTC)
