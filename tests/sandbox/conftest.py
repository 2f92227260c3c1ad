"""A furnished sandbox, and the real WebClient on it."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from sandbox.server import Sandbox
from tests.sandbox.bench import client, furnished


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with furnished() as running:
        yield running


@pytest.fixture
def web(sandbox: Sandbox) -> WebClient:
    return client(sandbox)
