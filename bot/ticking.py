"""`plumbline tick`: everything due at one instant, once, in this process; for cron, serverless and tests.

It takes no lock on the data folder: the ledger and the leases let it work beside a running bot. What is due and how it
is sent is not decided here.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot import jobs
from bot.chatter import log_quietly
from bot.config import Settings, SettingsError
from bot.databases import opened
from bot.failures import CommandError, told
from bot.faults_log import log_fault
from bot.listeners import members
from bot.services import Services
from bot.wiring import build_services
from rituals.clock import AdjustableClock, Clock, SystemClock
from storage import outbox, people

log = structlog.get_logger(__name__)
PATIENCE = 60.0  # seconds for which reserved places in the pace are waited for
SHORTEST = 0.05
UNSET = "SLACK_BOT_TOKEN is not set: put it into the environment or .env; `plumbline sandbox` needs none"

Progress = Callable[[str], None]


def tick_once(
    settings: Settings, *, now: datetime | None, deliver: bool, progress: Progress, patience: float = PATIENCE
) -> str:
    """Do what is due at `now` (the present where None), with `deliver` send it, and say in a line what was done.

    Raises SettingsError without a bot token or with one that Slack refuses, CommandError where a step failed; the
    other steps are done all the same.
    """
    if settings.slack_bot_token is None:
        raise SettingsError(UNSET)
    log_quietly(settings)
    clock: Clock = AdjustableClock(now, running=True) if now else SystemClock()
    with opened(settings) as db:
        services = build_services(settings, db, clock=clock)
        try:
            return _tick(services, deliver=deliver, progress=progress, patience=patience)
        finally:
            services.close()


def _tick(services: Services, *, deliver: bool, progress: Progress, patience: float) -> str:
    _find_members(services)
    at = services.clock.now()
    done, failed = _every_step(services, at)
    said = f"{at:%Y-%m-%dT%H:%M:%SZ}: {_counted(done, 'thing')} done"
    if deliver:
        said += f", {_delivered(services, progress, patience)}"
    if failed:
        raise CommandError(f"{said}; but {'; '.join(failed)}")
    return said


def _find_members(services: Services) -> None:
    """Take over Slack ids and zones while somebody has none; without a running bot nobody else does."""
    with services.db.transaction(readonly=True) as session:
        everyone = people.everyone(session, services.team_id)
    if all(person.slack and person.timezone for person in everyone):
        return
    try:
        members.sync(services)
    except Exception as error:  # noqa: BLE001 - who was found before can be asked all the same
        log_fault(log, error, step="members")


def _every_step(services: Services, at: datetime) -> tuple[int, list[str]]:
    """How much was done, and the words for each step that failed."""
    done, failed = 0, []
    for name, step in jobs.STEPS.items():
        try:
            done += step(services, at)
        except Exception as error:  # noqa: BLE001 - one ritual's fault must not stop the others
            log_fault(log, error, step=name)
            failed.append(f'"{name}" failed: {told(error)}')
    return done, failed


def _delivered(services: Services, progress: Progress, patience: float) -> str:
    """Send until nothing is due within the pace; what others hold or Slack puts off longer is left to the next tick."""
    sent, until = 0, time.monotonic() + patience
    while True:
        sent += services.delivery.deliver_all()
        progress(f"{_counted(sent, 'message')} sent")
        wait = _next_place(services)
        if wait is None or time.monotonic() + wait > until:
            break
        time.sleep(max(wait, SHORTEST))
    progress("")
    left = _left(services)
    return f"{_counted(sent, 'message')} sent" + (f", {left} waiting for the next tick" if left else "")


def _next_place(services: Services) -> float | None:
    """Seconds until the next message may be sent; None where none waits."""
    with services.db.transaction(readonly=True) as session:
        at = outbox.next_due(session, services.team_id)
    return None if at is None else max((at - services.clock.now()) / timedelta(seconds=1), 0)


def _left(services: Services) -> int:
    with services.db.transaction(readonly=True) as session:
        return sum(row.state in {"due", "leased"} for row in outbox.unsettled(session, services.team_id))


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
