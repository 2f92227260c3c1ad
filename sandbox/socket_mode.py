"""Socket Mode: WebSocket connections of the app, hello, envelopes to one of them in turn, acknowledgements, refresh.

Only carries: what is in an envelope, and when it is sent again, is the courier's business.
"""

import asyncio
import itertools
import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock

from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.courier import Courier, Delivery
from sandbox.records import Json

MOST_CONNECTIONS = 10


@dataclass
class Connection:
    """One open WebSocket and what waits to be written to it (None: close it)."""

    name: str
    loop: asyncio.AbstractEventLoop
    outbox: "asyncio.Queue[Json | None]" = field(default_factory=asyncio.Queue)

    def put(self, message: Json | None) -> None:
        """Queue a message from any thread; a loop that has ended is ignored."""
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self.outbox.put_nowait, message)


class SocketMode:
    """The app's connections. `carry` sends an envelope to the next one, round robin."""

    def __init__(self, courier: Courier, app_id: str) -> None:
        self._courier = courier
        self._app_id = app_id
        self._lock = Lock()
        self._tickets: set[str] = set()
        self._open: list[Connection] = []
        self._numbers = itertools.count(1)
        self._turn = 0
        self.carried: dict[str, int] = {}
        self.on_change: Callable[[], None] = lambda: None

    @property
    def connections(self) -> int:
        """How many are open now."""
        return len(self._open)

    def ticket(self) -> str:
        """What `apps.connections.open` puts into the WebSocket's address; good for one connection."""
        ticket = secrets.token_hex(12)
        with self._lock:
            self._tickets.add(ticket)
        return ticket

    def carry(self, delivery: Delivery) -> str | None:
        """Send an envelope on the next connection; None when there is none."""
        with self._lock:
            if not self._open:
                return None
            connection = self._open[self._turn % len(self._open)]
            self._turn += 1
            self.carried[connection.name] = self.carried.get(connection.name, 0) + 1
        connection.put(_envelope(delivery))
        return connection.name

    def refresh(self) -> int:
        """Ask every connection to be replaced, as Slack does now and then; returns how many were asked."""
        with self._lock:
            asked = list(self._open)
            self._open = []
        for connection in asked:
            connection.put({"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "sandbox"}})
        return len(asked)

    def drop(self) -> int:
        """Close every connection without a word; returns how many."""
        asked = list(self._open)
        for connection in asked:
            connection.put(None)
        return len(asked)

    async def serve(self, socket: WebSocket) -> None:
        """One connection, from its ticket to its end."""
        with self._lock:
            known = socket.query_params.get("ticket", "") in self._tickets
            self._tickets.discard(socket.query_params.get("ticket", ""))
        if not known:
            await socket.close(code=4403)
            return
        await socket.accept()
        connection = Connection(f"connection-{next(self._numbers)}", asyncio.get_running_loop())
        if len(self._open) >= MOST_CONNECTIONS:
            await socket.send_text(json.dumps({"type": "disconnect", "reason": "too_many_websockets"}))
            await socket.close()
            return
        await socket.send_text(json.dumps(self._hello()))
        with self._lock:
            self._open.append(connection)
        writer = asyncio.create_task(_write(socket, connection))
        self.on_change()
        self._courier.line_found()
        try:
            await self._read(socket)
        finally:
            self._forget(connection)
            writer.cancel()

    async def _read(self, socket: WebSocket) -> None:
        with suppress(WebSocketDisconnect):
            while True:
                message = json.loads(await socket.receive_text())
                if envelope_id := message.get("envelope_id"):
                    self._courier.acknowledge(envelope_id, message.get("payload"))

    def _forget(self, connection: Connection) -> None:
        with self._lock:
            if connection in self._open:
                self._open.remove(connection)
        self._courier.line_lost(connection.name)
        self.on_change()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open) + 1,
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": 18060},
        }


async def _write(socket: WebSocket, connection: Connection) -> None:
    while True:
        message = await connection.outbox.get()
        with suppress(WebSocketDisconnect, RuntimeError):
            if message is None:
                await socket.close()
                return
            await socket.send_text(json.dumps(message))


def _envelope(delivery: Delivery) -> Json:
    envelope: Json = {
        "envelope_id": delivery.envelope_id,
        "type": delivery.kind,
        "payload": delivery.payload,
        "accepts_response_payload": not delivery.is_event,
    }
    if delivery.is_event:
        envelope |= {"retry_attempt": delivery.attempt, "retry_reason": delivery.reason if delivery.attempt else ""}
    return envelope
