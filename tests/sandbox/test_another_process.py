"""The app in a process of its own, as in a deployment, and killed in the middle of its work."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.server import Sandbox
from tests.sandbox.bench import ana, bolt, connected, furnished

APP = """
import os, sys, time
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

app = App(client=WebClient(sys.argv[1], base_url=sys.argv[3]), process_before_response=True)

@app.command("/okr")
def okr(ack, command):
    ack(f"{os.getpid()} heard {command['text']}")

@app.event("message")
def message(say):
    say("seen, not finished")
    time.sleep(60)

SocketModeHandler(app, sys.argv[2]).connect()
time.sleep(60)
"""


def started(sandbox: Sandbox) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", APP, sandbox.bot_token, sandbox.app_token, sandbox.api_url])
    sandbox.wait_connected(timeout=20)
    return process


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Patient, so that only the broken connection can be why an event is sent again."""
    with furnished(ack_seconds=90) as running:
        yield running


def test_a_killed_app_loses_no_event_for_the_next_one(sandbox: Sandbox) -> None:
    process = started(sandbox)
    try:
        assert ana(sandbox).types("/okr list").text == f"{process.pid} heard list"
        ana(sandbox).says("#suite", "hello")
        sandbox.wait_until(lambda: len(sandbox.messages("suite")) == 2, what="the app to begin")
        process.send_signal(signal.SIGKILL)
        sandbox.wait_until(lambda: sandbox.connections == 0, what="the connection to break")
    finally:
        process.kill()
        process.wait()
    heard: list[str] = []
    app = bolt(sandbox)

    @app.event("message")
    def message(event: dict[str, str]) -> None:
        heard.append(event["text"])

    with connected(sandbox, app):
        sandbox.wait_until(lambda: "hello" in heard)
        assert sandbox.settle() == []


def test_the_server_listens_on_this_machine_only(sandbox: Sandbox) -> None:
    assert sandbox.api_url.startswith("http://127.0.0.1:")
    listening = Path("/proc/net/tcp").read_text().lower() if Path("/proc/net/tcp").exists() else ""
    port = int(sandbox.page_url.rstrip("/").rsplit(":", 1)[1])
    bound = [line.split()[1] for line in listening.splitlines()[1:] if line.split()[1].endswith(f":{port:04x}")]
    assert {address.split(":")[0] for address in bound} <= {"0100007f"}
