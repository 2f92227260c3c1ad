"""HTTP mode: what Slack signed comes through whole, everything else is refused before Bolt sees it."""

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Barrier, Thread, get_ident, main_thread
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from starlette.testclient import TestClient

from bot.http import FORM, JSON, LARGEST, build_http, server, sign
from rituals.clock import AdjustableClock

SECRET = "e6b19c573432dcc6b075501d51b51bb8"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
EVENT: dict[str, Any] = {
    "type": "event_callback",
    "event_id": "Ev1",
    "team_id": "T01",
    "event": {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "30 days", "ts": "1.1"},
}
COMMAND = {
    "command": "/okr",
    "text": "list",
    "user_id": "U1",
    "team_id": "T01",
    "trigger_id": "1.2",
    "channel_id": "C1",
}


@dataclass
class Heard:
    """What reached the listeners, and in which threads."""

    bodies: list[dict[str, Any]] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)
    together: Barrier | None = None

    def take(self, body: dict[str, Any]) -> None:
        if self.together is not None:
            self.together.wait(timeout=4)
        self.bodies.append(body)
        self.threads.add(get_ident())


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def app(heard: Heard) -> App:
    """A Bolt app built as the product's: unverified, acknowledged when the listener is done."""
    who = AuthorizeResult(enterprise_id=None, team_id="T01", bot_token="xoxb-1", bot_user_id="UB", bot_id="B1")
    app = App(authorize=lambda: who, process_before_response=True, request_verification_enabled=False)

    @app.event("message")
    def message(body: dict[str, Any]) -> None:
        heard.take(body)

    @app.command("/okr")
    def command(ack: Any, body: dict[str, Any]) -> None:
        heard.take(body)
        ack(f"you typed {body['text']}")

    @app.action("go")
    def action(ack: Any, body: dict[str, Any]) -> None:
        heard.take(body)
        ack()

    return app


@pytest.fixture
def readiness() -> list[bool]:
    """The last item says whether the bot is ready."""
    return [True]


@pytest.fixture
def web(app: App, readiness: list[bool]) -> Iterator[TestClient]:
    asgi = build_http(app, SECRET, AdjustableClock(NOW), lambda: readiness[-1])
    with TestClient(asgi) as client:
        yield client


def signed(body: bytes, kind: str = JSON, *, stamp: str = STAMP, secret: str = SECRET) -> dict[str, str]:
    """The headers with which Slack sends a body."""
    return {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": sign(secret, stamp, body),
    }


def post(web: TestClient, body: bytes, headers: Any) -> httpx2.Response:
    """To the request URL."""
    return web.post("/slack/events", content=body, headers=headers)


def test_the_signature_is_the_one_of_slacks_own_example() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert sign("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body) == expected


def test_a_signed_event_reaches_its_listener(web: TestClient, heard: Heard) -> None:
    body = json.dumps(EVENT).encode()
    assert post(web, body, signed(body)).status_code == 200
    assert heard.bodies == [EVENT]


def test_a_signed_command_is_answered_with_what_the_listener_says(web: TestClient, heard: Heard) -> None:
    body = urlencode(COMMAND).encode()
    answer = post(web, body, signed(body, FORM))
    assert (answer.status_code, answer.text) == (200, "you typed list")


def test_a_command_that_speaks_of_a_payload_is_heard_as_typed(web: TestClient, heard: Heard) -> None:
    body = urlencode(COMMAND | {"text": "update KR-1 30 payload limit raised & {json}"}).encode()
    assert post(web, body, signed(body, FORM)).status_code == 200
    assert heard.bodies[0]["text"] == "update KR-1 30 payload limit raised & {json}"


def test_a_signed_click_is_read_from_the_forms_payload(web: TestClient, heard: Heard) -> None:
    click = {"type": "block_actions", "user": {"id": "U1"}, "actions": [{"type": "button", "action_id": "go"}]}
    body = urlencode({"payload": json.dumps(click | {"team": {"id": "T01"}})}).encode()
    assert post(web, body, signed(body, f"{FORM}; charset=utf-8")).status_code == 200
    assert heard.bodies[0]["actions"][0]["action_id"] == "go"


def test_slacks_challenge_for_the_request_url_is_answered(web: TestClient) -> None:
    body = json.dumps({"type": "url_verification", "token": "t", "challenge": "3eZbrw1aB"}).encode()
    answer = post(web, body, signed(body))
    assert (answer.status_code, answer.json()) == (200, {"challenge": "3eZbrw1aB"})


def test_an_unsigned_challenge_is_not_answered(web: TestClient) -> None:
    body = json.dumps({"type": "url_verification", "token": "t", "challenge": "3eZbrw1aB"}).encode()
    answer = post(web, body, {"Content-Type": JSON})
    assert answer.status_code == 400
    assert "3eZbrw1aB" not in answer.text


@pytest.mark.parametrize(
    ("broken", "status"),
    [
        ({"X-Slack-Signature": "v0=" + "0" * 64}, 401),
        ({"X-Slack-Signature": None}, 400),
        ({"X-Slack-Signature": "v0=abc"}, 400),
        ({"X-Slack-Signature": "v1=" + "0" * 64}, 400),
        ({"X-Slack-Signature": "v0=" + "g" * 64}, 400),
        ({"X-Slack-Signature": "v0=" + "0" * 65}, 400),
        ({"X-Slack-Request-Timestamp": None}, 400),
        ({"X-Slack-Request-Timestamp": ""}, 400),
        ({"X-Slack-Request-Timestamp": "-" + STAMP}, 400),
        ({"X-Slack-Request-Timestamp": STAMP + ".0"}, 400),
        ({"X-Slack-Request-Timestamp": b"\xb2" + STAMP.encode()[1:]}, 400),
        ({"X-Slack-Request-Timestamp": "9" * 400}, 400),
        ({"X-Slack-Request-Timestamp": str(int(STAMP) + 1)}, 401),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": None}, 415),
        ({"Content-Type": "application/jsonp"}, 415),
        ({"Content-Length": "12x"}, 400),
        ({"Content-Length": str(LARGEST + 1)}, 413),
    ],
)
def test_a_request_with_one_broken_part_is_refused(
    web: TestClient, heard: Heard, broken: dict[str, Any], status: int
) -> None:
    body = json.dumps(EVENT).encode()
    headers = {k: v for k, v in (signed(body) | broken).items() if v is not None}
    assert post(web, body, headers).status_code == status
    assert heard.bodies == []


def test_a_header_that_comes_twice_is_refused(web: TestClient, heard: Heard) -> None:
    body = json.dumps(EVENT).encode()
    twice = [*signed(body).items(), ("X-Slack-Signature", "v0=" + "0" * 64)]
    assert post(web, body, twice).status_code == 400
    assert heard.bodies == []


def test_another_secret_or_one_changed_byte_is_refused(web: TestClient, heard: Heard) -> None:
    body = json.dumps(EVENT).encode()
    assert post(web, body, signed(body, secret="another")).status_code == 401
    assert post(web, body + b" ", signed(body)).status_code == 401
    assert heard.bodies == []


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-300, 200), (300, 200), (301, 401)])
def test_a_signature_counts_for_five_minutes_on_either_side(web: TestClient, seconds: int, status: int) -> None:
    body = json.dumps(EVENT).encode()
    stamp = str(int(STAMP) + seconds)
    assert post(web, body, signed(body, stamp=stamp)).status_code == status


def test_a_recorded_request_that_is_replayed_later_is_refused(app: App, heard: Heard) -> None:
    clock = AdjustableClock(NOW)
    body = json.dumps(EVENT).encode()
    with TestClient(build_http(app, SECRET, clock, lambda: True)) as web:
        assert post(web, body, signed(body)).status_code == 200
        clock.move_to(datetime(2026, 11, 20, 9, 5, 1, tzinfo=UTC))
        assert post(web, body, signed(body)).status_code == 401
    assert len(heard.bodies) == 1


def test_a_body_of_a_mebibyte_is_taken_and_one_byte_more_is_not(web: TestClient, heard: Heard) -> None:
    body = json.dumps(EVENT).encode().ljust(LARGEST)
    assert post(web, body, signed(body)).status_code == 200
    assert post(web, body + b" ", signed(body + b" ")).status_code == 413
    assert len(heard.bodies) == 1


def test_a_body_in_chunks_that_grows_too_large_is_refused_while_it_is_read(web: TestClient, heard: Heard) -> None:
    sent = []

    def chunks() -> Iterator[bytes]:
        for number in range(64):
            sent.append(number)
            yield b" " * 65_536

    answer = web.post("/slack/events", content=chunks(), headers=signed(b""))
    assert answer.status_code == 413
    assert heard.bodies == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", JSON),
        (b"[1]", JSON),
        (b"", JSON),
        (b"\xff\xfe", JSON),
        (b"payload=%7B", FORM),
        (b"payload=3", FORM),
        (b"&".join(b"a%d=1" % n for n in range(101)), FORM),
    ],
)
def test_a_signed_body_that_cannot_be_read_is_malformed(web: TestClient, body: bytes, kind: str) -> None:
    answer = post(web, body, signed(body, kind))
    assert (answer.status_code, answer.text) == (400, "the body cannot be read")


def test_headers_cannot_steer_bolt_past_its_acknowledgement(web: TestClient, heard: Heard) -> None:
    body = urlencode(COMMAND).encode()
    steering = {"X-Slack-Bolt-Lazy-Only": "1", "X-Slack-Bolt-Lazy-Function-Name": "command"}
    answer = post(web, body, signed(body, FORM) | steering)
    assert (answer.status_code, answer.text) == (200, "you typed list")


def test_only_post_is_answered_and_only_there(web: TestClient) -> None:
    assert web.get("/slack/events").status_code == 405
    assert web.put("/slack/events").status_code == 405
    assert web.post("/", content=b"{}").status_code == 404


def test_health_is_always_said_and_readiness_when_it_holds(web: TestClient, readiness: list[bool]) -> None:
    assert (web.get("/healthz").status_code, web.get("/readyz").status_code) == (200, 200)
    readiness.append(False)
    assert (web.get("/healthz").status_code, web.get("/readyz").status_code) == (200, 503)


def test_listeners_run_beside_each_other_and_not_in_the_event_loop(app: App, heard: Heard) -> None:
    heard.together = Barrier(3)
    body = json.dumps(EVENT).encode()
    web_server = server(build_http(app, SECRET, AdjustableClock(NOW), lambda: True))
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(3) as senders:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
        loop = Thread(target=web_server.run, args=([listening],), daemon=True)
        loop.start()
        try:
            answers = list(senders.map(lambda _: httpx2.post(url, content=body, headers=signed(body)), range(3)))
        finally:
            web_server.should_exit = True
        loop.join()
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len(heard.bodies) == 3
    assert not heard.threads & {loop.ident, main_thread().ident}
