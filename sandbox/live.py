"""The live sandbox: a person clicks in the page, the real bot answers, and "next event" moves the clock.

The bot runs here as it does in earnest: Socket Mode, its engine ticking. Only Slack, the clock and the database (a
temporary one) are stand-ins. What is due when is the rituals' business.
"""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from pydantic import SecretStr

from bot import jobs
from bot.config import Settings
from bot.failures import CommandError
from bot.manifest import load_manifest
from bot.socket import connect
from bot.wiring import build_bot, open_database
from rituals.calendar import next_slot, resolve
from rituals.checkins.service import zones_of
from rituals.clock import AdjustableClock, SystemClock
from rituals.next_event import next_event
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.portfolio.file import Portfolio, read_portfolio
from rituals.okrs.portfolio.service import import_portfolio
from sandbox.seed import SAMPLE, seed
from sandbox.server import Sandbox
from sandbox.stage import Stage
from storage import outbox
from storage.pace import Pace

BEFORE = timedelta(minutes=90)  # time to look around before the round opens
MOST_EVENTS = 500  # of one jump: more than any cycle has
SENDING = 3.0  # seconds for which the engine's own sender is waited for
_DAY = timedelta(days=1)
_KEPT = ("openai_api_key", "openai_base_url", "openai_model", "plumbline_llm")


class Mover:
    """Moves the clock of a stage for its page: to the next due thing, or through all of them up to an instant."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._one_at_a_time = Lock()

    def __call__(self, to: datetime | None) -> tuple[datetime, str]:
        """The instant reached and what happened, in words. Raises ValueError for an instant that has passed."""
        stage = self._stage
        with self._one_at_a_time:
            if to is not None and to < stage.clock.now():
                raise ValueError("the clock does not go back")
            _at_rest(stage)
            before = _messages(stage)
            happened = _through(stage, to) if to else _step(stage) or "nothing is due any more"
            new = _messages(stage) - before
        return stage.clock.now(), f"{happened}; {new} new message{'' if new == 1 else 's'}"


def _at_rest(stage: Stage) -> None:
    """Let what people did be worked off first: to a jump of days it would look like an event that was lost."""
    with suppress(TimeoutError, AssertionError):  # under faults it may never come to rest
        stage.settle()


def _step(stage: Stage, until: datetime | None = None) -> str:
    """Go to the next due thing (not beyond `until`) and do it; what it is, empty where there is none."""
    with stage.db.transaction(readonly=True) as session:
        event = next_event(session, stage.team, now=stage.clock.now())
    if event is None or (until is not None and event.at > until):
        return ""
    _go_to(stage, event.at)
    return event.what


def _through(stage: Stage, to: datetime) -> str:
    happened: list[str] = []
    while len(happened) < MOST_EVENTS and (what := _step(stage, to)):
        happened.append(what)
    _go_to(stage, to)
    if len(happened) > 3:
        return f"{len(happened)} things happened, at last: {happened[-1]}"
    return ", ".join(happened) or "nothing was due"


def _go_to(stage: Stage, at: datetime) -> None:
    with suppress(ValueError):  # the clock runs by itself and may have passed it
        stage.clock.move_to(at)
    with suppress(AssertionError):
        stage.tick()
        stage.sandbox.wait_until(lambda: _all_sent(stage), timeout=SENDING)


def _all_sent(stage: Stage) -> bool:
    """Whether nothing is to be sent at this instant. The engine's own sender may hold some of it: it is waited for."""
    stage.deliver()
    with stage.db.transaction(readonly=True) as session:
        due = outbox.next_due(session, stage.team)
        held = any(row.state == "leased" for row in outbox.unsettled(session, stage.team))
    return not held and (due is None or due > stage.clock.now())


def _messages(stage: Stage) -> int:
    return sum(len(stage.messages(channel)) for channel in list(stage.sandbox.workspace.channels))


def opening_to_watch(state: PortfolioState) -> datetime | None:
    """The opening of a round that is worth watching; None where no unit has a cadence within a cycle.

    The first one after the file's last update: all of the history is there, and everybody still has to answer. Where
    the history reaches past the cycle's last round, that last one.
    """
    said = [update.at for kr in state.key_results.values() for update in kr.updates]
    last = max(said, default=None)
    openings = [at for unit in state.units for at in _openings(state, unit)]
    after = [at for at in openings if last is None or at > last]
    return min(after, default=max(openings, default=None))


def _openings(state: PortfolioState, unit: str) -> Iterator[datetime]:
    """Every opening of a unit's own rounds, cycle by cycle."""
    cadence, off = state.own_cadence(unit), state.holidays_of(unit)
    for cycle in state.cycles.values() if cadence else ():
        assert cadence is not None
        begins = resolve(cycle.starts, time_of_day(0), state.zone)
        zones = zones_of(state, unit, begins + _DAY)
        day, at = next_slot(cadence, now=begins - _DAY, default_zone=state.zone.key, holidays=off, zones=zones)
        while day <= cycle.ends:
            if day >= cycle.starts:
                yield at
            day, at = next_slot(cadence, now=at, default_zone=state.zone.key, holidays=off, zones=zones)


def go_live(
    settings: Settings,
    *,
    port: int,
    portfolio: str | None,
    say: Callable[[str], None],
    wait: Callable[[], None],
    started: float,
) -> None:
    """Serve the page until `wait` returns. Raises CommandError where the port is taken."""
    with staged(settings, port=port, portfolio=portfolio) as stage:
        serve(stage, say=say, wait=wait, started=started)


def serve(stage: Stage, *, say: Callable[[str], None], wait: Callable[[], None], started: float) -> None:
    """Let a stage run by itself from here on, its page moving the clock, until `wait` returns; it is left standing."""
    stage.sandbox.on_clock = Mover(stage)
    stage.bot.engine.start()
    say(f"ready in {time.monotonic() - started:.2f} s: {stage.sandbox.page_url}")
    say(f'It is {stage.clock.now():%a %d %b %Y, %H:%M} UTC there; "Next event" moves the clock. Ctrl-C ends it.')
    wait()


@contextmanager
def staged(settings: Settings, *, port: int, portfolio: str | None = None) -> Iterator[Stage]:
    """A stage on a clock that runs, shortly before a round of the portfolio (the sample) opens; taken down at the end.

    `settings` gives the model's settings only.
    """
    text = SAMPLE.read_text(encoding="utf-8") if portfolio is None else portfolio
    file = read_portfolio(text)
    clock = AdjustableClock(_before_all(file), running=True)
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="plumbline-sandbox-"))
        sandbox = stack.enter_context(_sandbox(file, clock, port))
        seed(sandbox, text)
        chosen = _settings(settings, sandbox, Path(folder))
        db = open_database(chosen)
        stack.callback(db.close)
        import_portfolio(db, sandbox.team_id, text, now=clock.now())
        bot = build_bot(chosen, db, clock=clock, limits=Pace.off())
        stack.callback(bot.stop)
        stage = Stage(sandbox, bot, clock, db)
        _take_places(stage)
        bot.handler = connect(bot.app, chosen)
        sandbox.wait_connected()
        yield stage


def _before_all(file: Portfolio) -> datetime:
    """An instant before everything in the file; the clock only goes forward from it."""
    first = min((c.starts for c in file.cycles), default=None)
    return resolve(first, time_of_day(0), file.zone) - _DAY if first else SystemClock().now()


def _sandbox(file: Portfolio, clock: AdjustableClock, port: int) -> Sandbox:
    name = file.units[0].name if file.units else "Sandbox"
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        raise CommandError(f"port {port} cannot be had ({error.strerror}): choose another with --port") from None
    return Sandbox(load_manifest(), clock, port=port, team_name=name)


def _settings(given: Settings, sandbox: Sandbox, folder: Path) -> Settings:
    kept = {name: getattr(given, name) for name in _KEPT}
    return Settings(
        slack_bot_token=SecretStr(sandbox.bot_token),
        slack_app_token=SecretStr(sandbox.app_token),
        slack_api_url=sandbox.api_url,
        plumbline_data_dir=folder,
        **kept,
    )


def _take_places(stage: Stage) -> None:
    """Members with their zones first: when a round opens depends on where its leads are."""
    jobs.housekeeping(stage.bot.services)
    with stage.db.transaction(readonly=True) as session:
        opening = opening_to_watch(load_portfolio(session, stage.team))
    if opening is not None:
        stage.clock.move_to(opening - BEFORE)
