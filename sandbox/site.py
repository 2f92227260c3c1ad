"""The pieces of one running stand-in, handed to everything that needs them, and who the installed app is.

It holds, it does not act.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from sandbox.courier import Courier
from sandbox.faults import Faults
from sandbox.records import Json
from sandbox.scopes import Manifest
from sandbox.socket_mode import SocketMode
from sandbox.tokens import Tokens
from sandbox.workspace import Workspace

OnClock = Callable[[datetime | None], tuple[datetime, str]]


@dataclass(frozen=True)
class Identity:
    """The app as installed: ids, tokens and the secret its requests are signed with."""

    app_id: str = "A0SANDBOX"
    bot_id: str = "B0SANDBOX"
    bot_user: str = "U0BOT"
    bot_token: str = "xoxb-sandbox"  # noqa: S105 - not a secret: it opens nothing but this stand-in
    app_token: str = "xapp-sandbox"  # noqa: S105
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105
    verification: str = "sandbox-verification"


@dataclass
class Site:
    """Everything one stand-in consists of. `base` is its address, set when it listens;
    `on_clock` moves the clock for the page (None as its argument: to the next due event), if anything can.
    """

    workspace: Workspace
    manifest: Manifest
    identity: Identity
    courier: Courier
    socket_mode: SocketMode
    faults: Faults
    tokens: Tokens
    base: str = ""
    on_clock: OnClock | None = None
    calls: list[tuple[str, Json]] = field(default_factory=list)
    rejected: list[tuple[str, str]] = field(default_factory=list)
    assistant: list[Json] = field(default_factory=list)
    calls_lock: Lock = field(default_factory=Lock)

    def record(self, method: str, arguments: Json) -> None:
        """Note an API call that was executed, for tests that count."""
        with self.calls_lock:
            self.calls.append((method, arguments))

    def reject(self, method: str, code: str) -> None:
        """Note an API call that was answered with an error."""
        with self.calls_lock:
            self.rejected.append((method, code))
