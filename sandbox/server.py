"""A strict local stand-in for Slack: Web API, Socket Mode, signed HTTP delivery, people to act, a page to look at.

    with Sandbox(manifest, clock) as sandbox:
        ana = sandbox.add_user("U01ANA", "ana", "Ana Ruiz", "ana@example.com", "Europe/Berlin")
        sandbox.add_channel("C01PORTFOLIO", "product-suite", members=["U01ANA"])
        app = App(client=WebClient(sandbox.bot_token, base_url=sandbox.api_url), …)
        …connect a SocketModeHandler(app, sandbox.app_token)…; sandbox.wait_connected()
        reply = sandbox.person("U01ANA").types("/okr list", channel="#product-suite")

Where: `api_url`, `page_url`, `bot_token`, `app_token`, `signing_secret`, `team_id`, `bot_user`.
Seeding: `add_user`, `add_channel`, `join`, `change_user`, `archive`.
People: `person(id)` (see `people.Person`), `settle`, `wait_until`, `transcript`, `messages(channel)`.
HTTP mode: `deliver_to(url)`.
Trouble: `faults` (see `faults.Faults`), `redeliver`, `refresh_connections`, `drop_connections`.
What was seen: `calls` (method, arguments of executed calls), `rejected` (method, error code), `deliveries`.

It imports nothing of the bot. Its state is in memory and ends with it; it listens on 127.0.0.1 only.
"""

import secrets
import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rituals.clock import Clock
from sandbox.courier import Courier, Delivery
from sandbox.faults import Faults
from sandbox.furnishing import Furnishing
from sandbox.http_delivery import HttpDelivery
from sandbox.records import Json, Message, User
from sandbox.render import transcript
from sandbox.scopes import Manifest
from sandbox.site import Identity, OnClock, Site
from sandbox.socket_mode import SocketMode
from sandbox.tokens import Tokens
from sandbox.web_server import WebServer
from sandbox.workspace import Workspace


class Sandbox(Furnishing):
    """One workspace with one installed app, served over HTTP and WebSocket from a thread of this process.

    `manifest` is `app.yaml` as a dict. `port=0` takes a free one. `on_clock(to)` moves the clock for the page (None:
    to the next due event) and returns the instant and what happened; it can be set later. `ack_seconds` is how long
    the app may take to acknowledge, `retry_after` the real seconds before an event is sent again, `monotonic` ages
    trigger ids and response URLs. `identity` fixes tokens and ids; by default tokens are fresh for every sandbox.
    """

    def __init__(
        self,
        manifest: Json,
        clock: Clock,
        *,
        port: int = 0,
        page: bool = True,
        on_clock: OnClock | None = None,
        team_id: str = "T01SANDBOX",
        team_name: str = "Sandbox",
        seed: int = 1,
        ack_seconds: float = 3.0,
        retry_after: tuple[float, ...] = (0.0, 60.0, 300.0),
        monotonic: Callable[[], float] = time.monotonic,
        identity: Identity | None = None,
    ) -> None:
        who = identity or _fresh_identity()
        read = Manifest.read(manifest)
        handle = read.bot_name.lower().replace(" ", "-")
        bot = User(who.bot_user, handle, read.bot_name, "", "Etc/UTC", is_bot=True)
        workspace = Workspace(clock, team_id=team_id, team_name=team_name, bot=bot)
        courier = Courier(ack_seconds=ack_seconds, retry_after=retry_after)
        self.faults = Faults(seed=seed, monotonic=monotonic)
        self.site = Site(workspace, read, who, courier, SocketMode(courier, who.app_id), self.faults, Tokens(monotonic))
        self.site.socket_mode.on_change = lambda: workspace.touch("connection")
        self._socket = _listen(port)
        self.site.base = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._http: HttpDelivery | None = None
        self._ack_seconds = ack_seconds
        self._web = WebServer(self.site, self._socket, page=page)
        self.site.on_clock = on_clock

    def deliver_to(self, url: str, *, verify: bool = True) -> None:
        """From now on deliver by HTTP to a request URL, signed, and not over Socket Mode.

        `verify` does Slack's handshake first; RuntimeError when the URL does not answer the challenge.
        """
        ident = self.site.identity
        http = HttpDelivery(self.site.courier, url, ident.signing_secret, timeout=self._ack_seconds)
        if verify and not http.verify(ident.verification):
            http.close()
            raise RuntimeError(f"{url} did not answer the challenge")
        self._http = http
        self.site.courier.use(http)

    def start(self) -> "Sandbox":
        """Begin to serve; returns when requests are answered."""
        self.site.courier.use(self.site.socket_mode)
        self.site.courier.start()
        self._web.start()
        return self

    def stop(self) -> None:
        """Close connections and stop serving."""
        self.site.courier.stop()
        if self._http is not None:
            self._http.close()
        self._web.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def api_url(self) -> str:
        """The base URL for `WebClient`, ending in `/api/`."""
        return f"{self.site.base}/api/"

    @property
    def page_url(self) -> str:
        """The address of the page for a browser."""
        return f"{self.site.base}/"

    @property
    def on_clock(self) -> OnClock | None:
        """What moves the clock for the page; the page's jump button is there while this is set."""
        return self.site.on_clock

    @on_clock.setter
    def on_clock(self, move: OnClock | None) -> None:
        self.site.on_clock = move
        self.workspace.touch("clock")

    @property
    def bot_token(self) -> str:
        return self.site.identity.bot_token

    @property
    def app_token(self) -> str:
        return self.site.identity.app_token

    @property
    def signing_secret(self) -> str:
        return self.site.identity.signing_secret

    @property
    def team_id(self) -> str:
        return self.site.workspace.team_id

    @property
    def bot_user(self) -> str:
        """The bot's user id."""
        return self.site.identity.bot_user

    def messages(self, channel: str, *, thread_ts: str | None = None) -> list[Message]:
        """The lasting messages of a channel (id or name), or of one thread with its parent, oldest first."""
        w = self.workspace
        by_name = {c.name: c.id for c in w.channels.values()}
        found = w.visible(by_name.get(channel.removeprefix("#"), channel))
        return [m for m in found if m.root == thread_ts] if thread_ts else found

    def settle(self, timeout: float = 5.0) -> list[Delivery]:
        """Wait until every envelope that is out was acknowledged or given up.

        Returns the deliveries that have no acknowledgement; raises AssertionError when some are still out in the end.
        """
        left = self.site.courier.settle(timeout)
        if out := [d.name for d in left if d.due is not None]:
            raise AssertionError(f"not acknowledged after {timeout} s: {out}")
        return left

    def wait_until(self, holds: Callable[[], bool], timeout: float = 5.0, what: str = "it") -> None:
        """Wait for something to become true in the workspace; AssertionError with the transcript when it does not."""
        if not self.workspace.wait_until(holds, timeout):
            raise AssertionError(f"waited {timeout} s for {what}; the workspace says:\n{self.transcript()}")

    def wait_connected(self, connections: int = 1, timeout: float = 10.0) -> None:
        """Wait until the app holds this many Socket Mode connections."""
        if not self.workspace.wait_until(lambda: self.site.socket_mode.connections >= connections, timeout):
            raise AssertionError(f"the app did not connect in {timeout} s")

    def transcript(self, *, ephemerals: bool = True) -> str:
        """Every message in order, as text for a terminal."""
        return transcript(self.site, ephemerals=ephemerals)

    @property
    def calls(self) -> list[tuple[str, Json]]:
        """The Web API calls that were executed: method and arguments."""
        with self.site.calls_lock:
            return list(self.site.calls)

    @property
    def rejected(self) -> list[tuple[str, str]]:
        """What was refused or not answered: method (or command, action) and code."""
        with self.site.calls_lock:
            return list(self.site.rejected)

    @property
    def deliveries(self) -> list[Delivery]:
        """Every envelope so far."""
        return list(self.site.courier.log)

    @property
    def connections(self) -> int:
        """How many Socket Mode connections the app holds."""
        return self.site.socket_mode.connections

    def redeliver(self, *, also_acked: bool = False) -> int:
        """Send unacknowledged events again now; with `also_acked` every event so far. Returns how many."""
        return self.site.courier.redeliver(also_acked=also_acked)

    def refresh_connections(self) -> int:
        """Ask the app to replace its connections, as Slack does; returns how many."""
        return self.site.socket_mode.refresh()

    def drop_connections(self) -> int:
        """Close every connection without a word."""
        return self.site.socket_mode.drop()


def _fresh_identity() -> Identity:
    return Identity(
        bot_token=f"xoxb-sandbox-{secrets.token_hex(8)}",
        app_token=f"xapp-1-sandbox-{secrets.token_hex(8)}",
        signing_secret=secrets.token_hex(16),
    )


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(128)
    return listening
