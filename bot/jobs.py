"""What time drives: each due step of each ritual, once. Steps are independent; one that fails is logged with an id
and does not hold up the others. Who calls this, and how often, is the engine's business.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from bot.faults_log import log_fault
from bot.later import later
from bot.listeners import members
from bot.services import Services
from storage.database import DatabaseBusyError

log = structlog.get_logger(__name__)
KEEP_INBOX = timedelta(days=2)

Step = Callable[[Services, datetime], int]
# asking a model takes up to 20 s; 2,000 flags some seconds
SLOW = frozenset({"issue digests", "ask about plans", "look at flags", "close cycles"})


def _step(where: str, **named: Any) -> Step:
    """What `where` names, of this workspace; it is imported with the first beat, because the start does without."""
    work = later(where)
    return lambda s, now: int(work(s.db, s.team_id, now=now, **named))


def _rare(where: str, *, when: str) -> Step:
    """The same of what is loaded only where the query that `when` names finds something due."""
    work, waits = later(where, rare=True), later(when, rare=True)

    def step(services: Services, now: datetime) -> int:
        with services.db.transaction(readonly=True) as session:
            if not waits(session, services.team_id, now=now):
                return 0
        return int(work(services.db, services.team_id, now=now))

    return step


def _issue_digests(services: Services, now: datetime) -> int:
    from rituals.digests import due

    if not due.waiting(services.db, services.team_id):
        return 0
    from rituals.alignment.rules import connection_rate
    from rituals.digests import issuing

    return issuing.prepare(services.db, services.team_id, now=now, model=services.model, connection=connection_rate)


def _ask_about_plans(services: Services, now: datetime) -> int:
    if not services.model.on:
        return 0
    from rituals.alignment.proposals import propose_due

    return propose_due(services.db, services.team_id, now=now, model=services.model)


def _have_at_hand(services: Services, now: datetime) -> int:
    from rituals.at_hand import have_at_hand

    services.at_hand = have_at_hand(services.db, services.team_id, now=now, before=services.at_hand)
    return 0  # nobody has to be told


STEPS: dict[str, Step] = {
    "read stored answers": _step("rituals.checkins.answers:read_stored", on_fault=partial(log_fault, log)),
    "open check-ins": _step("rituals.checkins.service:open_due"),
    "advance check-ins": _step("rituals.checkins.advancing:advance"),
    "tell who missed a check-in": _step("rituals.checkins.missed:tell"),
    "take missed check-ins up": _step("rituals.checkins.escalating:escalate"),
    "bring back check-ins": _step("rituals.checkins.snoozing:bring_back"),
    "open digests": _step("rituals.digests.due:open_due"),
    "close cycles": _step("rituals.closing.due:close_due"),
    "look at flags": _step("rituals.flags.looking:look_due"),
    "issue digests": _issue_digests,
    "attend to digests that wait": _step("rituals.digests.attending:attend"),
    "ask to close cycles": _step("rituals.closing.reminding:remind_due"),
    "remind of owning together": _step("rituals.okrs.ownership.waiting:remind"),
    "ask about plans": _ask_about_plans,
    "keep alignment figures": _step("rituals.alignment.keeping:keep_due"),
    "propose workshops": _step("rituals.workshops.offering:propose_due"),
    "advance workshops": _rare("rituals.workshops.advancing:advance", when="storage.workshops:due"),
    "open ratings": _step("rituals.ratings.opening:open_due"),
    "remind of ratings": _step("rituals.ratings.reminding:remind"),
    "close ratings": _step("rituals.ratings.closing:close_due"),
}
AT_HAND = ("have figures at hand", _have_at_hand)


def tick(services: Services) -> int:
    """Every due step at this instant. Returns how much was done; a second call right after does nothing."""
    return _every(STEPS.items(), services)


def beat(services: Services) -> int:
    """Every due step that takes no longer than the database does: nobody waits here for a model."""
    return _every([(name, step) for name, step in STEPS.items() if name not in SLOW], services)


def take_time(services: Services) -> int:
    """The steps that may take long: a job of their own beside the beat, one at a time. What they changed is computed
    right after, before anybody looks.
    """
    slow = [(name, step) for name, step in STEPS.items() if name in SLOW]
    return _every([*slow, AT_HAND], services)


def settle(services: Services) -> None:
    """Right after the start: what the first to ask would have to wait for."""
    _every([AT_HAND], services)


def _every(steps: Iterable[tuple[str, Step]], services: Services) -> int:
    now = services.clock.now()
    done = sum(_isolated(name, step, services, now) for name, step in steps)
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
