"""The embedded engine: APScheduler as the clock, one sender thread, all in this process.

APScheduler only ticks (memory store, static jobs); what is due is in the database. One `run` at a time holds the
lock of the data directory; other commands work beside it. It decides nothing and posts nothing itself.
"""

import fcntl
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import IO, Self

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bot.faults_log import log_fault
from bot.services import Services
from storage.database import DatabaseBusyError

log = structlog.get_logger(__name__)
HEARTBEAT_SECONDS = 5
SENDER_SECONDS = 0.5


class AlreadyRunningError(Exception):
    """Another `plumbline run` holds this data directory."""


class RunLock:
    """A lock on a file that the operating system frees when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("w")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise AlreadyRunningError(f"another plumbline runs on {self._path.parent}; stop it first") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._file is not None
        self._file.close()


class EmbeddedEngine:
    """Ticks `jobs` (name to function and seconds) and sends what is due until it is stopped."""

    def __init__(self, services: Services, jobs: dict[str, tuple[Callable[[], object], float]]) -> None:
        self._services = services
        self._scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        for name, (job, seconds) in jobs.items():
            self._scheduler.add_job(_logged(name, job), "interval", seconds=seconds, id=name)
        self._wake, self._stopping = Event(), Event()
        self._sender = Thread(target=self._send_until_stopped, name="outbox", daemon=True)
        services.nudge = self._wake.set

    def start(self) -> None:
        """Begin to tick and to send."""
        self._scheduler.start()
        self._sender.start()

    def stop(self) -> None:
        """Let what is under way end, then return."""
        self._stopping.set()
        self._wake.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
            self._sender.join(timeout=30)

    def _send_until_stopped(self) -> None:
        delivery, pause = self._services.delivery, SENDER_SECONDS
        while not self._stopping.is_set():
            self._wake.wait(timeout=pause)
            self._wake.clear()
            pause = SENDER_SECONDS
            try:
                while not self._stopping.is_set() and delivery.start_due(self._wake.set):
                    pass
                pause = delivery.pause(SENDER_SECONDS)
            except DatabaseBusyError:
                log.warning("database busy, sending again in a moment")
            except Exception as error:  # noqa: BLE001 - the sender must outlive any fault of ours
                log_fault(log, error, thread="outbox")


def _logged(name: str, job: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        try:
            job()
        except Exception as error:  # noqa: BLE001 - a tick that fails is logged with an id; the next one comes
            log_fault(log, error, job=name)

    return run
