"""The composition root: what settings make of the parts."""

from contextlib import closing

import pytest
from pydantic import SecretStr

from bot.claims import LEASE_SECONDS
from bot.config import Settings
from bot.delivery import HTTP_SECONDS
from bot.manifest import load_manifest
from bot.wiring import build_model, build_services
from rituals.clock import SystemClock
from sandbox.server import Sandbox
from storage.database import Database

KEY = SecretStr("sk-1")


@pytest.mark.parametrize(
    "settings",
    [
        Settings(openai_api_key=KEY, openai_model="small"),
        Settings(openai_api_key=KEY, openai_model="small", openai_base_url="http://127.0.0.1:11434/v1"),
        Settings(openai_base_url="http://127.0.0.1:11434/v1", openai_model="small"),
        Settings(openai_api_key=KEY),
        Settings(openai_api_key=KEY, openai_model="small", plumbline_llm="off"),
        Settings(),
    ],
)
def test_the_model_is_on_exactly_when_its_settings_count_as_complete(settings: Settings) -> None:
    assert build_model(settings).on == (settings.model_off_because is None)


def test_only_the_client_that_reads_tries_again_by_itself_and_both_end_before_a_lease_does(sqlite_db: Database) -> None:
    with Sandbox(load_manifest(), SystemClock(), page=False) as slack:
        settings = Settings(slack_bot_token=SecretStr(slack.bot_token), slack_api_url=slack.api_url)
        with closing(build_services(settings, sqlite_db)) as services:
            writer, reader = services.writer, services.reader
    assert writer.retry_handlers == []
    tries = {type(handler).__name__ for handler in reader.retry_handlers}
    assert tries == {"ConnectionErrorRetryHandler", "ServerErrorRetryHandler", "RateLimitErrorRetryHandler"}
    assert writer.timeout == reader.timeout == HTTP_SECONDS
    assert 2 * HTTP_SECONDS < LEASE_SECONDS
