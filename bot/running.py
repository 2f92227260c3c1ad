"""`plumbline run`: puts the wired bot to work by Socket Mode or HTTP, and takes it down in order when told to stop.

It decides nothing about Slack or rituals; the sandbox is the command line's business.
"""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Event, Thread
from types import FrameType

import structlog

from bot.chatter import log_at
from bot.config import Settings
from bot.databases import opened, shown
from bot.engine.embedded import AlreadyRunningError, RunLock
from bot.failures import CommandError
from bot.faults_log import log_fault
from bot.jobs import housekeeping, settle
from bot.later import load
from bot.socket import connect
from bot.started import settle_in, share_heap
from bot.wiring import Bot, build_bot
from storage import people
from storage.database import Database

log = structlog.get_logger(__name__)
Say = Callable[[str], None]
Wait = Callable[[], None]
LOCK = "plumbline.lock"


def run(settings: Settings, *, say: Say, started: float, wait: Wait | None = None) -> None:
    """Run until SIGINT or SIGTERM (or until `wait` returns); says one line when it is ready.

    `started` is the `time.monotonic()` it counts from, `wait` is for Socket Mode. Raises SettingsError and
    CommandError with what to do.
    """
    log_at(settings.log_level)
    share_heap()
    with ExitStack() as stack:
        # the web server of HTTP mode hears the signals itself
        until = wait or (stack.enter_context(stop_signals()) if settings.mode == "socket" else None)
        db = stack.enter_context(opened(settings))
        if db.is_sqlite:
            stack.enter_context(_alone(settings))
        bot = build_bot(settings, db)
        stack.callback(bot.stop)
        _take_over_members(bot)
        bot.engine.start()
        ready = _ready(settings, bot, started)
        if until is None:
            _over_http(settings, bot, lambda: say(ready(f"HTTP on port {settings.port}")))
        else:
            bot.handler = connect(bot.app, settings)
            say(ready("Socket Mode"))
            _settle(bot)
            until()


@contextmanager
def stop_signals() -> Iterator[Wait]:
    """From here on SIGINT and SIGTERM end what is given, which waits for the first; a second one ends the process."""
    stop = Event()
    numbers = (signal.SIGINT, signal.SIGTERM)

    def heard(_number: int, _frame: FrameType | None) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)
        stop.set()

    before = {number: signal.signal(number, heard) for number in numbers}
    try:
        yield lambda: _wait(stop)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait(stop: Event) -> None:
    stop.wait()


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Hold the data folder's lock. Raises CommandError where another process runs on it."""
    try:
        with RunLock(settings.plumbline_data_dir / LOCK):
            yield
    except AlreadyRunningError as error:
        raise CommandError(str(error)) from None


def _take_over_members(bot: Bot) -> None:
    """Slack ids and zones, before anybody is asked at the wrong hour. The engine does it again every hour."""
    try:
        housekeeping(bot.services)
    except Exception as error:  # noqa: BLE001 - a member list that cannot be read is no reason not to run
        log_fault(log, error, step="members")


def _ready(settings: Settings, bot: Bot, started: float) -> Callable[[str], str]:
    def words(way_in: str) -> str:
        with bot.services.db.transaction(readonly=True) as session:
            workspace = people.workspace(session, bot.services.team_id)
        named = f"{workspace.name} ({workspace.team_id})" if workspace.name else workspace.team_id
        took = time.monotonic() - started
        return f"ready in {took:.2f} s: {way_in}, workspace {named}, database {shown(settings)}"

    return words


def _over_http(settings: Settings, bot: Bot, say_ready: Callable[[], None]) -> None:
    from bot.http import build_http, serve

    secret = settings.slack_signing_secret
    assert secret is not None  # what makes the mode http
    asgi = build_http(bot.app, secret.get_secret_value(), bot.services.clock, lambda: _answers(bot.services.db))
    settling = Thread(target=_settle, args=(bot,), name="settling")

    def listening() -> None:
        say_ready()
        settling.start()

    try:
        serve(asgi, settings.port, listening=listening)
        settling.join()
    except OSError as error:
        raise CommandError(f"port {settings.port} cannot be had ({error.strerror}): set PORT to a free one") from None


def _settle(bot: Bot) -> None:
    """What the first to ask would have to wait for, and what then stays."""
    load()
    settle(bot.services)
    settle_in()


def _answers(db: Database) -> bool:
    try:
        with db.transaction(readonly=True) as session:
            people.workspaces(session)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, work cannot be done now
        return False
    return True
