"""HTTP mode: Slack's requests come in here instead of by Socket Mode, are checked strictly, and only then reach Bolt.

Bolt parses before it verifies, so what was not signed by Slack is refused here, on the raw bytes. Bolt runs in a
thread pool, never in the event loop. What a request means is the app's business.
"""

import hashlib
import hmac
import json
import re
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType
from typing import Any
from urllib.parse import parse_qsl

import structlog
import uvicorn
from slack_bolt import App, BoltRequest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from rituals.clock import Clock

log = structlog.get_logger(__name__)
LARGEST = 1024 * 1024  # bytes
SECONDS_OFF = 300
EVERYWHERE = "0.0.0.0"  # noqa: S104 - it is there to be reached by Slack
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
FORWARDED = ("x-slack-retry-num", "x-slack-retry-reason")  # nothing unsigned may steer Bolt
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_LENGTH = re.compile(r"[0-9]{1,18}")


class _RefusedError(Exception):
    """The request is answered with `status`; the reason is for the log and the sender alike, and holds no secret."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


def build_http(app: App, signing_secret: str, clock: Clock, ready: Callable[[], bool]) -> Starlette:
    """The web application: POST /slack/events for everything Slack sends, GET /healthz and /readyz for operators.

    `ready` says whether work can be done now (say, whether the database answers); it runs in a thread. Refusals: 400
    malformed, 401 not signed by Slack or older than five minutes, 413 too large, 415 another content type.
    """

    async def events(request: Request) -> Response:
        try:
            payload = await _checked(request, signing_secret, clock)
        except _RefusedError as no:
            log.warning("refused a request", status=no.status, reason=no.reason)
            return PlainTextResponse(no.reason, no.status)
        return await run_in_threadpool(_dispatched, app, payload, _forwarded(request))

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_: Request) -> Response:
        if await run_in_threadpool(ready):
            return PlainTextResponse("ready")
        return PlainTextResponse("not ready", 503)

    return Starlette(
        routes=[
            Route("/slack/events", events, methods=["POST"]),
            Route("/healthz", healthz, methods=["GET"]),
            Route("/readyz", readyz, methods=["GET"]),
        ]
    )


async def _checked(request: Request, secret: str, clock: Clock) -> dict[str, Any]:
    """The payload of a request that Slack signed. Raises _RefusedError for any other."""
    kind = _content_type(request)
    timestamp = _only(request, "x-slack-request-timestamp", _TIMESTAMP)
    signature = _only(request, "x-slack-signature", _SIGNATURE)
    if abs(clock.now().timestamp() - int(timestamp)) > SECONDS_OFF:
        raise _RefusedError(401, "the timestamp is more than five minutes off")
    body = await _read(request)
    if not hmac.compare_digest(sign(secret, timestamp, body), signature):
        raise _RefusedError(401, "the signature does not match")
    try:
        return _parsed(body, kind)
    except ValueError:
        raise _RefusedError(400, "the body cannot be read") from None


def _content_type(request: Request) -> str:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {JSON, FORM}:
        raise _RefusedError(415, f"the content type must be {JSON} or {FORM}")
    return kind


def _only(request: Request, name: str, shape: re.Pattern[str]) -> str:
    found = request.headers.getlist(name)
    if len(found) != 1 or not shape.fullmatch(found[0]):
        raise _RefusedError(400, f"{name} is missing or malformed")
    return found[0]


async def _read(request: Request) -> bytes:
    """The body as it came, at most 1 MiB; more is refused before it is read."""
    declared = request.headers.get("content-length", "0")
    if not _LENGTH.fullmatch(declared):
        raise _RefusedError(400, "content-length is malformed")
    if int(declared) > LARGEST:
        raise _RefusedError(413, "the body is too large")
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                raise _RefusedError(413, "the body is too large")
    except ClientDisconnect:
        raise _RefusedError(400, "the body broke off") from None
    return bytes(body)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 signature of a raw body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def _parsed(body: bytes, kind: str) -> dict[str, Any]:
    """Events are JSON, commands a form, interactions JSON in a form's `payload`. Raises ValueError for anything else.

    Not left to Bolt, which loses a command whose text has the word "payload" in it.
    """
    text = body.decode()
    payload: Any
    if kind == JSON:
        payload = json.loads(text)
    else:
        payload = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
        if "payload" in payload:
            payload = json.loads(payload["payload"])
    if not isinstance(payload, dict):
        raise ValueError("not an object")  # noqa: TRY004 - one error for every body that cannot be read
    return payload


def _forwarded(request: Request) -> dict[str, str]:
    return {name: request.headers[name] for name in FORWARDED if name in request.headers}


def _dispatched(app: App, payload: dict[str, Any], headers: dict[str, str]) -> Response:
    # this mode takes the parsed payload and leaves out Bolt's own verification, which is done
    answer = app.dispatch(BoltRequest(body=payload, headers=dict(headers), mode="socket_mode"))
    return Response(answer.body, answer.status, answer.first_headers_without_set_cookie())


def server(asgi: ASGIApp) -> uvicorn.Server:
    """The web server, not started; `run(sockets=[…])` serves on a socket that listens."""
    config = uvicorn.Config(
        asgi,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=10,
    )
    return uvicorn.Server(config)


def serve(asgi: ASGIApp, port: int, *, host: str = EVERYWHERE, listening: Callable[[], object] = lambda: None) -> None:
    """Serve until SIGTERM or SIGINT, let requests under way end (10 s at most), and return.

    Calls `listening` once connections are taken. Raises OSError at once when the port cannot be had.
    """
    web = server(asgi)
    with socket.create_server((host, port)) as taken, _stopped_by_signals(web):
        listening()
        web.run(sockets=[taken])


@contextmanager
def _stopped_by_signals(web: uvicorn.Server) -> Iterator[None]:
    """uvicorn raises the signal again when it has stopped, which would end us before the rest is closed in order."""
    if current_thread() is not main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        web.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
