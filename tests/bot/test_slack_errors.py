"""What a failed call means, told from real answers of a local server through the real client."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from slack_sdk import WebClient

from bot.slack_errors import (
    TRANSPORT_ERRORS,
    Ambiguous,
    Gone,
    RateLimited,
    Refused,
    Unauthorised,
    Verdict,
    judge,
)


class Edge(ThreadingHTTPServer):
    """Answers every call with `answer` (status, headers, body); with status 0 it hangs up, with -1 it says nothing."""

    answer: tuple[int, dict[str, str], str] = (200, {}, "")
    daemon_threads = True


class Handler(BaseHTTPRequestHandler):
    server: Edge

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        status, headers, body = self.server.answer
        if status == 0:
            return
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        """The test run prints no access log."""


@pytest.fixture
def edge() -> Iterator[Edge]:
    server = Edge(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def verdict(edge: Edge, status: int, body: str = "", **headers: str) -> Verdict:
    """How a call that was answered so is judged."""
    edge.answer = (status, {name.replace("_", "-"): value for name, value in headers.items()}, body)
    client = WebClient("xoxb-x", base_url=f"http://127.0.0.1:{edge.server_port}/api/", timeout=2, retry_handlers=[])
    with pytest.raises(TRANSPORT_ERRORS) as caught:
        client.chat_postMessage(channel="C01", text="hello")
    return judge(caught.value)


def code(error: str) -> str:
    return f'{{"ok": false, "error": "{error}"}}'


@pytest.mark.parametrize(
    "error", ["internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org"]
)
def test_slacks_own_trouble_may_have_come_after_the_message_was_posted(edge: Edge, error: str) -> None:
    assert verdict(edge, 200, code(error)) == Ambiguous(error)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_is_unclear_whatever_its_page_says(edge: Edge, status: int) -> None:
    assert isinstance(verdict(edge, status, "<html>sorry</html>"), Ambiguous)
    assert isinstance(verdict(edge, status, code("channel_not_found")), Ambiguous)


@pytest.mark.parametrize("status", [200, 302, 403, 404])
@pytest.mark.parametrize("body", ["<html>maintenance</html>", "", "not json", '{"ok": fal'])
def test_an_answer_that_is_not_slacks_is_unclear_and_never_a_refusal(edge: Edge, status: int, body: str) -> None:
    assert isinstance(verdict(edge, status, body), Ambiguous)


def test_a_connection_that_ends_without_an_answer_is_unclear(edge: Edge) -> None:
    assert isinstance(verdict(edge, 0), Ambiguous)


def test_an_answer_that_stops_in_the_middle_is_unclear(edge: Edge) -> None:
    assert isinstance(verdict(edge, 200, '{"ok": tr', Content_Length="40"), Ambiguous)


def test_nobody_listening_is_unclear_because_a_proxy_may_have_been_in_between(edge: Edge) -> None:
    client = WebClient("xoxb-x", base_url="http://127.0.0.1:9/api/", timeout=2, retry_handlers=[])
    with pytest.raises(TRANSPORT_ERRORS) as caught:
        client.chat_postMessage(channel="C01", text="hello")
    assert isinstance(judge(caught.value), Ambiguous)


@pytest.mark.parametrize(
    ("header", "seconds"), [("1", 1), ("30", 30), ("0", 1), ("", 30), ("soon", 30), ("-5", 30), ("1e99", 30)]
)
def test_a_429_comes_back_at_retry_after_or_after_half_a_minute(edge: Edge, header: str, seconds: float) -> None:
    assert verdict(edge, 429, code("ratelimited"), Retry_After=header) == RateLimited(seconds)


def test_a_429_is_one_whatever_its_body(edge: Edge) -> None:
    assert verdict(edge, 429, "<html>slow down</html>", retry_after="7") == RateLimited(7)


@pytest.mark.parametrize("error", ["ratelimited", "rate_limited", "message_limit_exceeded"])
def test_too_much_said_in_words_alone_waits_half_a_minute(edge: Edge, error: str) -> None:
    assert verdict(edge, 200, code(error)) == RateLimited(30)


@pytest.mark.parametrize(
    "error",
    [
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "user_not_found",
        "account_inactive",
        "token_revoked",
        "message_not_found",
        "thread_not_found",
    ],
)
def test_what_can_never_be_delivered_has_its_reason_in_words(edge: Edge, error: str) -> None:
    found = verdict(edge, 200, code(error))
    assert isinstance(found, Gone)
    assert found.code == error
    assert " " in found.why


@pytest.mark.parametrize("error", ["invalid_auth", "not_authed", "token_expired", "missing_scope", "accesslimited"])
def test_a_token_that_is_refused_can_be_mended(edge: Edge, error: str) -> None:
    assert verdict(edge, 200, code(error)) == Unauthorised(error)


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_too_long", "a_code_of_next_year"])
def test_any_other_code_is_a_refusal_of_this_form_of_the_message(edge: Edge, error: str) -> None:
    assert verdict(edge, 200, code(error)) == Refused(error)
