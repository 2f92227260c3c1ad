"""HTTP mode as Slack uses it: the sandbox delivers signed requests to the real bot over real HTTP."""

import socket
from collections.abc import Iterator
from threading import Thread

import pytest

from bot.http import build_http, server
from rituals.clock import SystemClock
from sandbox.stage import Stage
from tests.scenarios.conftest import StageMaker

BO = "U03BO"


def served(stage: Stage, secret: str) -> Iterator[str]:
    """The stage's bot behind a request URL. Signatures carry real time, whatever the stage's clock says."""
    web_server = server(build_http(stage.bot.app, secret, SystemClock(), lambda: True))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=web_server.run, args=([listening],))
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
        web_server.should_exit = True
        thread.join()


@pytest.fixture
def stage(staged: StageMaker) -> Stage:
    """Half-way through the sample's quarter."""
    return staged(at="2026-11-16T09:00Z")


@pytest.fixture
def by_http(stage: Stage) -> Iterator[Stage]:
    """The same, with everything delivered to a request URL that answered the handshake."""
    for url in served(stage, stage.sandbox.signing_secret):
        stage.sandbox.deliver_to(url)
        yield stage


def test_a_command_a_click_and_an_event_arrive_whole(by_http: Stage) -> None:
    bo = by_http.person(BO)
    bo.types("/okr update KR-1 30 days 7/10 payload trimmed & <tested>")
    by_http.settle()
    saved = bo.ephemerals()[-1]
    assert "36 → 30 days" in bo.reads(saved)
    bo.clicks(saved, label="Undo")
    by_http.settle()
    assert "KR-1 undone" in bo.reads(bo.ephemerals()[-1])
    bo.opens_messages()
    by_http.settle()
    assert all(delivery.carriers == ["http"] for delivery in by_http.sandbox.deliveries)
    assert by_http.sandbox.rejected == []


def test_a_request_url_with_another_secret_fails_slacks_handshake_and_hears_nothing(stage: Stage) -> None:
    for url in served(stage, "another secret"):
        with pytest.raises(RuntimeError, match="did not answer the challenge"):
            stage.sandbox.deliver_to(url)
        stage.sandbox.deliver_to(url, verify=False)
        bo = stage.person(BO)
        assert bo.types("/okr update KR-1 30 days").error is not None
        stage.settle()
        assert bo.ephemerals() == []
