"""Replies by a response URL: one request each, and no longer wait than for any other call."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Thread

import pytest
from slack_sdk import WebClient

from bot.replies import Caller, Reply
from bot.slack_errors import TRANSPORT_ERRORS
from bot.views.blocks import Message
from sandbox.payloads import response_url
from tests.sandbox.bench import furnished


class Deaf:
    """A server that takes what is sent and hangs up without a word."""

    def __init__(self) -> None:
        self.heard = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/response"
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                taken, _ = self._listening.accept()
            except OSError:
                return
            with taken:
                self.heard += bool(taken.recv(65536))

    def close(self) -> None:
        """Stop listening."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


@pytest.fixture
def deaf() -> Iterator[Deaf]:
    """Whoever posts to it hears nothing back."""
    server = Deaf()
    yield server
    server.close()


def test_a_reply_whose_answer_is_lost_is_not_said_twice(deaf: Deaf) -> None:
    caller = Caller(key="command:1", user="U1", at=datetime(2026, 11, 2, tzinfo=UTC), response_url=deaf.url)
    with pytest.raises(TRANSPORT_ERRORS):
        Reply(caller, WebClient("xoxb-test")).say(Message("Product suite", []))
    assert deaf.heard == 1


def test_a_member_who_changed_is_known_by_their_id_and_not_by_their_profile() -> None:
    user = {"id": "U1", "profile": {"email": "ana@example.com", "phone": "555"}}
    event = {"type": "user_change", "user": user}
    body = {"type": "event_callback", "event_id": "Ev1", "event": event}
    assert Caller.of(body, at=datetime(2026, 11, 2, tzinfo=UTC)).user == "U1"


def test_blocks_that_slack_refuses_are_followed_by_plainer_ones_and_at_last_by_words() -> None:
    with furnished() as sandbox:
        bad, good = [{"type": "data_visualization"}], [{"type": "divider"}]
        for plainer, shown in (((Message("t", bad), Message("t", good)), good), ((), [])):
            place = sandbox.person("U01ANA")
            url = response_url(sandbox.site, "U01ANA", "C01", None)
            caller = Caller(key="command:1", user="U01ANA", at=datetime(2026, 11, 2, tzinfo=UTC), response_url=url)
            Reply(caller, WebClient("xoxb-test", base_url=sandbox.api_url)).show(Message("t", bad, plainer))
            newest = place.ephemerals("C01")[-1]
            assert [block["type"] for block in newest.blocks] == [block["type"] for block in shown]
