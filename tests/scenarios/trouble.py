"""Trouble that scenario tests make from outside: a database that is held, a bot that has its hands full, Slack saying
everything again. Nothing of the product is changed for it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Event

from pydantic import SecretStr

from bot.app import WORKERS
from bot.config import Settings
from bot.wiring import Bot, build_bot
from sandbox.stage import Stage
from storage.database import Database
from storage.pace import Pace


@contextmanager
def locked(stage: Stage) -> Iterator[None]:
    """Another program holds the database's one writer's lock."""
    path = stage.db.url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def all_hands_full(stage: Stage, hands: int = WORKERS) -> Iterator[None]:
    """Every thread that works events off is busy with something else, or as many as `hands` says: what comes in then is
    acknowledged and waits.
    """
    runner = stage.bot.app.listener_runner.listener_executor
    done = Event()
    for _ in range(hands):
        runner.submit(done.wait)
    try:
        yield
    finally:
        done.set()


def settings_of(stage: Stage) -> Settings:
    """What a second process on the same Slack app would be set up with."""
    return Settings(
        slack_bot_token=SecretStr(stage.sandbox.bot_token),
        slack_app_token=SecretStr(stage.sandbox.app_token),
        slack_api_url=stage.sandbox.api_url,
        plumbline_llm="off",
    )


def another_bot(stage: Stage) -> Bot:
    """A second bot on the same database and clock, as another process; Slack's events do not come to it."""
    return build_bot(settings_of(stage), Database(stage.db.url), clock=stage.clock, limits=Pace.off())


def everything_again(stage: Stage) -> int:
    """Slack sends every event, command, click and form once more, each in a new envelope. Returns how many."""
    deliveries = stage.sandbox.deliveries
    for delivery in deliveries:
        stage.sandbox.site.courier.send(delivery.kind, delivery.payload)
    stage.settle()
    return len(deliveries)
