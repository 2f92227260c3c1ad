"""Commands acknowledged per second in this process: our app, with its durable write before the acknowledgement,
against a bare Bolt app whose listener does nothing. Same dispatch loop, same threads, same run, in turns: a machine
that is shared has fast and slow seconds.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from pydantic import SecretStr
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from benchmarks.rig import lead, portfolio
from bot.app import build_app
from bot.config import Settings
from bot.inbound import Inbound
from bot.services import Services
from bot.wiring import build_services
from rituals.clock import SystemClock
from rituals.okrs.portfolio.service import import_portfolio
from storage.database import Database
from storage.schema import migrate

TEAM, BOT = "T01BENCH", "U0BOT"
THREADS = 16  # as many as Socket Mode hands on at once
SLACK = """
import json, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Slack(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.dumps({"ok": True, "team_id": "T01BENCH", "user_id": "U0BOT", "team": "Bench", "url": ""}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args): pass
server = ThreadingHTTPServer(("127.0.0.1", 0), Slack)
print(server.server_port, flush=True)
server.serve_forever()
"""


@dataclass(frozen=True)
class Rates:
    """Acknowledgements a second: of the bare app, of ours with nothing to do behind it, of ours with the real work;
    and how much of that work was done a second, all told. `shares` are ours of the bare one, turn by turn; the others
    are medians.
    """

    bare: float
    ours: float
    shares: tuple[float, ...]
    working: float
    worked: float


@contextmanager
def answering() -> Iterator[str]:
    """A process that answers every call with ok: what a reply costs, without Slack's own time. Gives its address."""
    with subprocess.Popen([sys.executable, "-c", SLACK], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}/"
        finally:
            process.terminate()


def measured(folder: Path, *, commands: int = 3000, worked: int = 300, turns: int = 7) -> Rates:
    """Dispatch so many commands to each app in each turn (`worked` of them where the real work is done), a tenth more
    to warm up.
    """
    with ExitStack() as stack:
        address = stack.enter_context(answering())
        bare, idle = _bare(address), _idle(_services(stack, folder / "idle.db", address))
        pairs = []
        for turn in range(turns):
            before = _rate(bare, address, commands, f"bare-{turn}")
            pairs.append((before, _rate(idle, address, commands, f"idle-{turn}")))
        app = build_app(_services(stack, folder / "busy.db", address))
        began = time.monotonic()
        working = _rate(app, address, worked, "busy")
        app.listener_runner.listener_executor.shutdown(wait=True)
        return Rates(
            bare=median(one for one, _ in pairs),
            ours=median(one for _, one in pairs),
            shares=tuple(ours / one for one, ours in pairs),
            working=working,
            worked=worked * 11 // 10 / (time.monotonic() - began),
        )


def _rate(app: App, address: str, commands: int, name: str) -> float:
    bodies = [_command(f"{name}-{n}", n, address) for n in range(commands * 11 // 10)]
    _dispatched(app, bodies[commands:])
    return commands / _dispatched(app, bodies[:commands])


def _dispatched(app: App, bodies: list[dict[str, Any]]) -> float:
    def one(body: dict[str, Any]) -> int:
        return app.dispatch(BoltRequest(body=body, mode="socket_mode")).status

    with ThreadPoolExecutor(THREADS) as pool:
        began = time.monotonic()
        statuses = set(pool.map(one, bodies))
        took = time.monotonic() - began
    assert statuses == {200}, statuses
    return took


def _command(key: str, n: int, address: str) -> dict[str, Any]:
    return {
        "command": "/okr",
        "text": f"update KR-{n % 2}-{n % 3} {n % 100}",
        "user_id": lead(n % 20),
        "team_id": TEAM,
        "channel_id": "C01SUITE",
        "trigger_id": key,
        "response_url": f"{address}response/{key}",
        "token": "x",
    }


def _client(address: str) -> WebClient:
    return WebClient("xoxb-bench", base_url=f"{address}api/", retry_handlers=[])


def _authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-bench", bot_user_id=BOT)


def _bare(address: str) -> App:
    app = App(
        client=_client(address),
        authorize=_authorize,
        process_before_response=True,
        request_verification_enabled=False,
    )

    @app.command("/okr")
    def nothing(ack: Callable[[], None]) -> None:
        ack()

    return app


def _idle(services: Services) -> App:
    """Our app as it is, but that `/okr`, in its own place among the listeners, has nothing to do when acknowledged."""
    app = build_app(services)
    asked = BoltRequest(body=_command("", 0, ""), mode="socket_mode")
    place = next(n for n, one in enumerate(app._listeners) if one.matches(req=asked, resp=BoltResponse(status=200)))
    Inbound(app, services).command("/okr", lambda caller, reply: None)
    app._listeners.insert(place, app._listeners.pop())
    return app


def _services(stack: ExitStack, file: Path, address: str) -> Services:
    clock = SystemClock()
    settings = Settings(slack_bot_token=SecretStr("xoxb-bench"), slack_api_url=f"{address}api/", plumbline_llm="off")
    db = Database(f"sqlite:///{file}")
    migrate(db)
    import_portfolio(db, TEAM, portfolio(20, now=clock.now()), now=clock.now())
    services = build_services(settings, db)
    stack.callback(services.close)
    return services


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        print(json.dumps(vars(measured(Path(scratch))), indent=1))
