"""What time drives: each due step of each ritual, once. Steps are independent; one that fails is logged with an id
and does not hold up the others. Who calls this, and how often, is the engine's business.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.faults_log import log_fault
from bot.listeners import members
from bot.services import Services
from rituals.alignment.keeping import keep_due
from rituals.alignment.rules import connection_rate
from rituals.checkins import advancing, answers, escalating, missed, snoozing
from rituals.checkins import service as checkins
from rituals.ratings import service as ratings
from storage.database import DatabaseBusyError

log = structlog.get_logger(__name__)
KEEP_INBOX = timedelta(days=2)

Step = Callable[[Services, datetime], int]
SLOW = frozenset({"issue digests"})  # it asks the model, for up to 20 s each


def _open_digests(services: Services, now: datetime) -> int:
    from rituals.digests import service as digests  # with the first beat: the start does without

    return digests.open_due(services.db, services.team_id, now=now)


def _issue_digests(services: Services, now: datetime) -> int:
    from rituals.digests import service as digests

    return digests.prepare(services.db, services.team_id, now=now, model=services.model, connection=connection_rate)


STEPS: dict[str, Step] = {
    "read stored answers": lambda s, now: answers.read_stored(
        s.db, s.team_id, now=now, on_fault=partial(log_fault, log)
    ),
    "open check-ins": lambda s, now: checkins.open_due(s.db, s.team_id, now=now),
    "advance check-ins": lambda s, now: advancing.advance(s.db, s.team_id, now=now),
    "tell who missed a check-in": lambda s, now: missed.tell(s.db, s.team_id, now=now),
    "take missed check-ins up": lambda s, now: escalating.escalate(s.db, s.team_id, now=now),
    "bring back check-ins": lambda s, now: snoozing.bring_back(s.db, s.team_id, now=now),
    "open digests": _open_digests,
    "issue digests": _issue_digests,
    "keep alignment figures": lambda s, now: keep_due(s.db, s.team_id, now=now),
    "open ratings": lambda s, now: ratings.open_due(s.db, s.team_id, now=now),
    "close ratings": lambda s, now: ratings.close_due(s.db, s.team_id, now=now),
}


def tick(services: Services) -> int:
    """Every due step at this instant. Returns how much was done; a second call right after does nothing."""
    return _every(STEPS, services)


def beat(services: Services) -> int:
    """Every due step that takes no longer than the database does: nobody waits here for a model."""
    return _every([name for name in STEPS if name not in SLOW], services)


def take_time(services: Services) -> int:
    """The steps that may take long: a job of their own beside the beat, one at a time."""
    return _every([name for name in STEPS if name in SLOW], services)


def _every(names: Iterable[str], services: Services) -> int:
    now = services.clock.now()
    done = sum(_isolated(name, STEPS[name], services, now) for name in names)
    if done:
        services.nudge()
    return done


def _isolated(name: str, step: Step, services: Services, now: datetime) -> int:
    try:
        return step(services, now)
    except DatabaseBusyError:
        log.warning("database busy, will try again", step=name)
    except Exception as error:  # noqa: BLE001 - one ritual's fault must not stop the others
        log_fault(log, error, step=name)
    return 0


def housekeeping(services: Services) -> None:
    """Hourly: forget old inbox rows, take over members' zones."""
    services.inbox.forget(services.team_id, before=services.clock.now() - KEEP_INBOX)
    members.sync(services)
