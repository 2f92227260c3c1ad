"""The digest's model may take its 20 seconds: check-ins, ratings and answers do not wait for it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from threading import Event

import pytest
from slack_sdk import WebClient
from structlog.testing import capture_logs

from bot import jobs
from bot.delivery import Delivery
from bot.engine.embedded import EmbeddedEngine
from bot.services import Services
from bot.wiring import RENDERERS
from prompts.client import ModelClient, Outcome
from prompts.facts import SummaryFacts
from rituals.clock import AdjustableClock
from storage import checkins, digest_ledger, digests, outbox
from storage.database import Database
from storage.inbox import Inbox
from tests.rituals.digest_workspace import FRIDAY, PORTFOLIO, TEAM, add_blocker, set_up

CHECKIN_ON_FRIDAY = PORTFOLIO.replace(
    'on: monday, at: "09:00", starts: 2026-10-05', 'on: friday, at: "14:00", starts: 2026-11-13'
)
PATIENCE = 30  # seconds; reached only by a fault


class Thinking(ModelClient):
    """Takes as long as the test wants."""

    def __init__(self) -> None:
        super().__init__(mode="off")
        self.asked, self.may_answer = Event(), Event()
        self.times = 0

    def summarise(self, facts: SummaryFacts, *, language: str = "English") -> Outcome:
        self.times += 1
        self.asked.set()
        assert self.may_answer.wait(PATIENCE)
        return super().summarise(facts, language=language)


@pytest.fixture
def model() -> Iterator[Thinking]:
    """A model that lets go of whoever waits when the test ends."""
    made = Thinking()
    yield made
    made.may_answer.set()


@pytest.fixture
def services(sqlite_db: Database, model: Thinking) -> Iterator[Services]:
    """Real parts at the digest's slot, with a check-in due as well; nothing is sent."""
    set_up(sqlite_db, CHECKIN_ON_FRIDAY)
    add_blocker(sqlite_db, 9, "API")
    client = WebClient("xoxb-test", base_url="http://127.0.0.1:9/api/", retry_handlers=[])
    clock = AdjustableClock(FRIDAY)
    delivery = Delivery(sqlite_db, TEAM, client, client, clock, RENDERERS)
    made = Services(TEAM, "U0BOT", sqlite_db, Inbox(sqlite_db), clock, client, client, delivery, model)
    yield made
    model.may_answer.set()
    made.close()


def rounds(db: Database) -> int:
    with db.transaction(readonly=True) as session:
        return len(checkins.latest_rounds(session, TEAM, since=datetime(2026, 11, 13, tzinfo=UTC)))


def promised_digests(db: Database) -> int:
    with db.transaction(readonly=True) as session:
        return sum(row.kind == "digest" for row in outbox.unsettled(session, TEAM))


def test_the_beat_leaves_the_digest_to_a_job_of_its_own(services: Services, model: Thinking) -> None:
    assert jobs.beat(services) > 0
    assert (rounds(services.db), promised_digests(services.db), model.times) == (1, 0, 0)
    model.may_answer.set()
    assert jobs.take_time(services) > 0  # the digest, and what the flags did
    assert promised_digests(services.db) == 1
    assert (jobs.beat(services), jobs.take_time(services)) == (0, 0)


def test_a_check_in_opens_while_the_model_thinks_and_the_digest_comes_once(services: Services, model: Thinking) -> None:
    with services.db.transaction() as session:
        unit = next(unit for unit in digests.units(session, TEAM) if unit.digest)
        digest_ledger.open_issue(session, TEAM, unit_id=unit.id, day=FRIDAY.date(), slot=FRIDAY)
    beaten, issued = Event(), Event()

    def beat() -> None:
        if model.asked.is_set():
            jobs.beat(services)
            beaten.set()

    def issue() -> None:
        if jobs.take_time(services):
            issued.set()

    engine = EmbeddedEngine(services, {"rituals": (beat, 0.02), "issue digests": (issue, 0.02)})
    engine.start()
    try:
        assert beaten.wait(PATIENCE)
        assert (rounds(services.db), promised_digests(services.db), model.times) == (1, 0, 1)
        model.may_answer.set()
        assert issued.wait(PATIENCE)
    finally:
        model.may_answer.set()
        engine.stop()
    assert (promised_digests(services.db), model.times) == (1, 1)


def test_who_ticks_by_hand_gets_both(services: Services, model: Thinking) -> None:
    model.may_answer.set()
    jobs.tick(services)
    assert (rounds(services.db), promised_digests(services.db)) == (1, 1)


@pytest.mark.parametrize("job", [jobs.settle, jobs.take_time])
def test_the_portfolio_is_read_before_anybody_asks(
    services: Services, model: Thinking, job: Callable[[Services], object]
) -> None:
    model.may_answer.set()
    jobs.tick(services)  # nothing else is due any more
    services.db.kept.clear()
    job(services)
    assert set(services.db.kept) == {TEAM}


def test_what_cannot_be_computed_beforehand_is_logged_and_stops_nothing(services: Services) -> None:
    services.team_id = "T0NOBODY"
    with capture_logs() as logged:
        jobs.settle(services)
    assert [line["step"] for line in logged if line["event"] == "fault"] == ["have figures at hand"]
