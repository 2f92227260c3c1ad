"""Delivers to a request URL over HTTP, signed as Slack signs: events, commands and interactions.

The other way than Socket Mode; the courier decides what is sent again, and the retry headers say which time it is.
"""

import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

from sandbox.courier import Courier, Delivery
from sandbox.records import Json

REASONS = {"timeout": "http_timeout", "": "unknown_error"}


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 signature of a request body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class HttpDelivery:
    """Posts to `url`. Signatures carry real time (`now` in seconds), because that is what a receiver compares with."""

    def __init__(
        self,
        courier: Courier,
        url: str,
        secret: str,
        *,
        timeout: float,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._courier = courier
        self._url = urlsplit(url)
        self._secret = secret
        self._timeout = timeout
        self._now = now
        self._pool = ThreadPoolExecutor(8, thread_name_prefix="sandbox-http")

    def verify(self, token: str) -> bool:
        """The handshake of a request URL: does it answer a challenge with the challenge?"""
        body = json.dumps({"token": token, "challenge": "sandbox-challenge", "type": "url_verification"}).encode()
        status, answer, _ = self._post(body, "application/json", {})
        return status == 200 and b"sandbox-challenge" in answer

    def carry(self, delivery: Delivery) -> str | None:
        """Post in the background."""
        self._pool.submit(self._deliver, delivery)
        return "http"

    def close(self) -> None:
        """Wait for what is under way."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _deliver(self, delivery: Delivery) -> None:
        headers: dict[str, str] = {}
        if delivery.attempt:
            reason = REASONS.get(delivery.reason, delivery.reason)
            headers = {"X-Slack-Retry-Num": str(delivery.attempt), "X-Slack-Retry-Reason": reason}
        body, kind = _encoded(delivery)
        try:
            status, answer, answer_kind = self._post(body, kind, headers)
        except TimeoutError:
            self._courier.fail(delivery, "http_timeout")
        except (OSError, http.client.HTTPException):
            self._courier.fail(delivery, "connection_failed")
        else:
            if 200 <= status < 300:
                self._courier.acknowledge(delivery.envelope_id, _read(answer, answer_kind))
            else:
                self._courier.fail(delivery, "http_error")

    def _post(self, body: bytes, kind: str, more: dict[str, str]) -> tuple[int, bytes, str]:
        timestamp = str(int(self._now()))
        headers = {
            "Content-Type": kind,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self._secret, timestamp, body),
            **more,
        }
        connection = http.client.HTTPConnection(self._url.hostname or "", self._url.port, timeout=self._timeout)
        try:
            connection.request("POST", self._url.path or "/", body, headers)
            response = connection.getresponse()
            return response.status, response.read(), response.getheader("Content-Type", "")
        finally:
            connection.close()


def _encoded(delivery: Delivery) -> tuple[bytes, str]:
    if delivery.is_event:
        return json.dumps(delivery.payload).encode(), "application/json"
    form: Json = delivery.payload
    if delivery.kind == "interactive":
        form = {"payload": json.dumps(delivery.payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _read(answer: bytes, kind: str) -> Json | None:
    text = answer.decode()
    if not text.strip():
        return None
    if kind.startswith("application/json"):
        body = json.loads(text)
        return body if isinstance(body, dict) else None
    return {"text": text}
