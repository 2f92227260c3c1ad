"""Takes envelopes to the app and keeps book: sent, acknowledged, answered too late, sent again.

One delivery is one envelope. Events are sent again when nobody acknowledged them (at once, after 1 and 5 minutes, as
Slack does); commands and interactions are not: the person is told that the app did not respond. The courier does not
know how envelopes travel (`socket_mode`, `http_delivery` do), nor what is in them.
"""

import secrets
from dataclasses import dataclass, field
from threading import Condition, Thread
from time import monotonic
from typing import Protocol

from sandbox.records import Json


@dataclass
class Delivery:
    """One envelope's way to the app. `answer` is the body of its acknowledgement."""

    envelope_id: str
    kind: str
    payload: Json
    attempt: int = 0
    attempts: int = 0
    acked: bool = False
    failed: bool = False
    answer: Json | None = None
    due: float | None = None
    retry_at: float | None = None
    reason: str = ""
    carriers: list[str] = field(default_factory=list)

    @property
    def is_event(self) -> bool:
        return self.kind == "events_api"

    @property
    def name(self) -> str:
        """What it is about, for error messages: `message`, `/okr`, `block_actions`."""
        event = self.payload.get("event") or {}
        return str(event.get("type") or self.payload.get("command") or self.payload.get("type"))


class Carrier(Protocol):
    """A way to the app. `carry` returns the name of the line it took, or None while the app is not reachable."""

    def carry(self, delivery: Delivery) -> str | None: ...


class Courier:
    """Sends, waits for acknowledgements and sends again. `ack_seconds` and `retry_after` are real seconds."""

    def __init__(self, *, ack_seconds: float, retry_after: tuple[float, ...]) -> None:
        self._ack_seconds = ack_seconds
        self._retry_after = retry_after
        self._carrier: Carrier | None = None
        self._condition = Condition()
        self._open: dict[str, Delivery] = {}
        self.log: list[Delivery] = []
        self._closing = False
        self._thread = Thread(target=self._watch, name="sandbox-courier", daemon=True)

    def start(self) -> None:
        """Begin to watch over deliveries."""
        self._thread.start()

    def use(self, carrier: Carrier) -> None:
        """Deliver by this way from now on."""
        self._carrier = carrier
        self.redeliver()

    def stop(self) -> None:
        """End the watch over open deliveries; people who wait are told that nobody answered."""
        with self._condition:
            self._closing = True
            self._condition.notify_all()
        self._thread.join(timeout=5)

    def send(self, kind: str, payload: Json) -> Delivery:
        """Start a delivery and return at once."""
        delivery = Delivery(secrets.token_hex(16), kind, payload)
        with self._condition:
            self.log.append(delivery)
            self._open[delivery.envelope_id] = delivery
        self._attempt(delivery)
        return delivery

    def ask(self, kind: str, payload: Json) -> Delivery:
        """Send and wait until it is acknowledged or failed."""
        delivery = self.send(kind, payload)
        with self._condition:
            self._condition.wait_for(
                lambda: delivery.acked or delivery.failed or self._closing, timeout=self._ack_seconds + 5
            )
        return delivery

    def acknowledge(self, envelope_id: str, answer: Json | None = None) -> None:
        """The app acknowledged. An acknowledgement after the time for it changes nothing."""
        with self._condition:
            delivery = self._open.get(envelope_id)
            if delivery is None or delivery.due is None:
                return
            del self._open[envelope_id]
            delivery.acked, delivery.answer = True, answer
            delivery.due = delivery.retry_at = None
            self._condition.notify_all()

    def fail(self, delivery: Delivery, reason: str) -> None:
        """This attempt is over without an acknowledgement."""
        with self._condition:
            self._unanswered(delivery, reason)
            self._condition.notify_all()

    def line_lost(self, line: str) -> None:
        """A connection closed: what it carried and nobody acknowledged goes out again at once."""
        with self._condition:
            for d in self._open.values():
                if d.is_event and d.carriers and d.carriers[-1] == line and d.due is not None:
                    d.due, d.retry_at, d.reason = None, monotonic(), "connection_lost"
            self._condition.notify_all()

    def line_found(self) -> None:
        """The app became reachable: everything that waits goes out now."""
        self.redeliver()

    def redeliver(self, *, also_acked: bool = False) -> int:
        """Send every unacknowledged event again now, or with `also_acked` every event so far; returns how many."""
        with self._condition:
            if also_acked:
                waiting = [d for d in self.log if d.is_event]
                self._open.update({d.envelope_id: d for d in waiting})
            else:
                waiting = [d for d in self._open.values() if d.due is None and not d.acked]
        for delivery in waiting:
            self._attempt(delivery)
        return len(waiting)

    def settle(self, timeout: float) -> list[Delivery]:
        """Wait until no attempt is under way; returns deliveries that are not acknowledged."""
        with self._condition:
            self._condition.wait_for(lambda: not any(d.due is not None for d in self._open.values()), timeout)
            return [d for d in self.log if not d.acked]

    def _attempt(self, delivery: Delivery) -> None:
        with self._condition:
            delivery.attempt, delivery.attempts = delivery.attempts, delivery.attempts + 1
            delivery.due, delivery.retry_at = monotonic() + self._ack_seconds, None
            self._condition.notify_all()
        line = self._carrier.carry(delivery) if self._carrier else None
        if line is not None:
            delivery.carriers.append(line)
            return
        with self._condition:
            self._nobody_there(delivery)

    def _nobody_there(self, delivery: Delivery) -> None:
        delivery.attempts -= 1
        delivery.due = None
        delivery.reason = "not_connected"
        if not delivery.is_event:
            delivery.failed = True
            self._open.pop(delivery.envelope_id, None)
        self._condition.notify_all()

    def _unanswered(self, delivery: Delivery, reason: str) -> None:
        if delivery.due is None:
            return
        delivery.due, delivery.reason = None, reason
        if delivery.is_event and not delivery.acked and delivery.attempts <= len(self._retry_after):
            delivery.retry_at = monotonic() + self._retry_after[delivery.attempts - 1]
            return
        delivery.failed = not delivery.acked
        self._open.pop(delivery.envelope_id, None)

    def _watch(self) -> None:
        while True:
            with self._condition:
                if self._closing:
                    return
                now = monotonic()
                for d in list(self._open.values()):
                    if d.due is not None and d.due <= now:
                        self._unanswered(d, "timeout")
                        self._condition.notify_all()
                again = [d for d in self._open.values() if d.retry_at is not None and d.retry_at <= now]
                if not again:
                    self._condition.wait(self._until_next(now))
            for delivery in again:
                self._attempt(delivery)

    def _until_next(self, now: float) -> float | None:
        times = [t for d in self._open.values() for t in (d.due, d.retry_at) if t is not None]
        return max(0.0, min(times) - now) if times else None
