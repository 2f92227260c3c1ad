"""What the measurements stand on: a made-up portfolio whose round is due now, the sandbox in this process, and the
bot in a process of its own, which can be killed.
"""

import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from bot.manifest import load_manifest
from rituals.clock import Clock, SystemClock
from rituals.okrs.portfolio.service import import_portfolio
from rituals.quiet import NEVER, dump_quiet
from sandbox.seed import seed
from sandbox.server import Sandbox
from storage import outbox, people
from storage.database import Database
from storage.schema import migrate

ROOT = Path(__file__).resolve().parents[1]
ROOM = "C01SUITE"
A_LINE = 10  # leads of one product line
PATIENCE = 30.0
ZONES = (
    "Pacific/Auckland",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Asia/Dubai",
    "Africa/Cairo",
    "Europe/Berlin",
    "Europe/London",
    "America/Sao_Paulo",
    "America/New_York",
    "America/Los_Angeles",
)


def lead(number: int) -> str:
    """The Slack id of a made-up lead."""
    return f"U{number:04}LEAD"


def zone(number: int) -> str:
    """The zone that a lead lives in: the leads of a product line are spread over all ten."""
    return ZONES[number % len(ZONES)]


def portfolio(leads: int, *, now: datetime, own_hours: bool = False) -> str:
    """A portfolio (YAML) of so many leads, whose check-in was due five minutes before `now`, for all at one instant;
    with `own_hours` it is due at that hour where each lead is."""
    slot = (now - timedelta(minutes=5)).astimezone(UTC)
    lines = [f"line-{n}" for n in range(-(-leads // A_LINE))]
    return yaml.safe_dump(
        {
            "schema": "plumbline/1",
            "timezone": "UTC",
            "people": [_person(n) for n in range(leads)],
            "units": [_suite(slot, own_hours=own_hours), *(_line(key, n, leads) for n, key in enumerate(lines))],
            "cycles": [{"key": "now", "starts": _day(slot, -30), "ends": _day(slot, 60)}],
            "objectives": [_objective(key, n) for n, key in enumerate(lines)],
        },
        sort_keys=False,
    )


def _day(at: datetime, days: int) -> str:
    return (at + timedelta(days=days)).date().isoformat()


def _person(n: int) -> dict[str, object]:
    return {"key": f"lead-{n}", "name": f"Lead {n}", "email": f"lead{n}@example.com", "slack": lead(n)}


def _suite(slot: datetime, *, own_hours: bool) -> dict[str, object]:
    cadence = {
        "every": "1 week",
        "on": slot.strftime("%A").lower(),
        "at": slot.strftime("%H:%M"),
        "starts": _day(slot, 0),
        **({} if own_hours else {"timezone": "UTC"}),
    }
    return {"key": "suite", "name": "Suite", "level": "portfolio", "channel": ROOM, "cadence": cadence}


def _line(key: str, n: int, leads: int) -> dict[str, object]:
    mine = [f"lead-{m}" for m in range(n * A_LINE, min(leads, (n + 1) * A_LINE))]
    return {"key": key, "name": f"Line {n}", "level": "product_line", "parent": "suite", "leads": mine}


def _objective(unit: str, n: int) -> dict[str, object]:
    results = [
        {"key": f"KR-{n}-{m}", "title": f"Days until the first value {m}", "start": 0, "target": 100, "owners": [unit]}
        for m in range(3)
    ]
    return {"key": f"O-{n}", "unit": unit, "cycle": "now", "title": "Value sooner", "key_results": results}


class BotProcess:
    """`python -m bot run` against a sandbox, with nothing of this process's own settings."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self._folder = folder
        self._log = folder / "bot.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._settings = {
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_APP_TOKEN": sandbox.app_token,
            "SLACK_API_URL": sandbox.api_url,
            "PLUMBLINE_DATA_DIR": str(folder),
            "PLUMBLINE_LLM": "off",
            "LOG_LEVEL": "WARNING",
        }

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """Everything it has said so far, over all its lives."""
        return self._log.read_text(encoding="utf-8")

    def start(self, *python: str) -> float:
        """Start it and wait until it says that it is ready. Returns how long that took, in seconds."""
        env = {"PATH": os.environ["PATH"], "HOME": str(self._folder), "PYTHONPATH": str(ROOT), **self._settings}
        began = time.monotonic()
        with self._log.open("ab") as log:
            before = log.tell()
            self._process = subprocess.Popen(
                [sys.executable, *python, "-m", "bot", "run"], cwd=self._folder, env=env, stdout=log, stderr=log
            )
        while not re.search(r"^ready in", self.log[before:], re.MULTILINE):
            if self._process.poll() is not None or time.monotonic() - began > PATIENCE:
                raise RuntimeError(f"the bot did not start:\n{self.log[before:]}")
            time.sleep(0.002)
        return time.monotonic() - began

    def kill(self) -> None:
        """SIGKILL: no goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As an operator stops it."""
        self._end(signal.SIGTERM)

    def _end(self, number: int) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait(timeout=PATIENCE)


def furnished(
    folder: Path, leads: int, *, seed_of_trouble: int = 1, clock: Clock | None = None, own_hours: bool = False
) -> tuple[Sandbox, Database]:
    """A running sandbox (on the machine's clock, unless another is given) with its leads in ten zones, and the bot's
    database with the portfolio in it. Nobody has quiet hours: a benchmark runs at any hour."""
    clock = clock or SystemClock()
    text = portfolio(leads, now=clock.now(), own_hours=own_hours)
    sandbox = Sandbox(load_manifest(), clock, page=False, seed=seed_of_trouble).start()
    seed(sandbox, text)
    for n in range(leads):
        sandbox.workspace.users[lead(n)].tz = zone(n)
    db = Database(f"sqlite:///{folder / 'plumbline.db'}")
    migrate(db)
    import_portfolio(db, sandbox.team_id, text, now=clock.now())
    with db.transaction() as session:
        workspace = people.workspace(session, sandbox.team_id)
        workspace.quiet = dump_quiet(NEVER)
        session.add(workspace)
    return sandbox, db


def settled(db: Database, team: str) -> bool:
    """Whether nothing that was promised waits to be sent."""
    with db.transaction(readonly=True) as session:
        return not outbox.unsettled(session, team)
