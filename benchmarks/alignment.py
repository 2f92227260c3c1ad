"""What `/okr align` and its like cost at size, from the listener to the rendered answer, in this process.

    python -m benchmarks.alignment [--long]

200 product lines with 4,000 key results and six updates each; `--long` gives each 26. A command is measured as people
meet it: asked first after a start, which reads and computes everything beforehand, asked again, and asked right after
an update. Beside it stands what a bare SELECT of the same rows takes in the same run. Exits 1 where a command of either
kind takes 300 ms or more on the wall: a machine that is shared shows by how much the wall exceeds the processor time.
"""

import gc
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from pydantic import SecretStr
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from benchmarks import lines
from benchmarks.commands import answering
from bot import jobs
from bot.config import Settings
from bot.inbound import Inbound, Work
from bot.replies import Caller, Reply
from bot.services import Services
from bot.views import Message, ids
from bot.wiring import build_services
from rituals.clock import AdjustableClock
from rituals.errors import Refusal
from storage.database import Database
from storage.schema import migrate

FEATURES = ("okrs", "adjustments", "ratings", "alignment", "closing", "workshops", "digests", "settings")
WORDS = (
    "align", "align map", "align sharing", "align strategy", "align check",
    "shared", "adjust", "adjust KR-2001", "workshop", "close-cycle", "poll results", "list", "show KR-2001",
    "add kr O-30", "add objective", "add unit", "edit KR-2001", "edit O-30", "edit line-7", "settings",
)  # fmt: skip
FIGURES = ("connection", "coverage", "pace", "confidence", "ratings")
TIMES, ALLOWED = 5, 0.3
BARE = (
    "SELECT * FROM person", "SELECT * FROM unit", "SELECT * FROM unit_lead", "SELECT * FROM cycle",
    "SELECT * FROM objective", "SELECT * FROM contribution", "SELECT * FROM key_result",
    "SELECT * FROM key_result_owner", "SELECT * FROM key_result_update WHERE retracted_at IS NULL ORDER BY at, id",
)  # fmt: skip


class Heard(Inbound):
    """Remembers what a click does, instead of waiting for one."""

    def __init__(self, app: App, services: Services) -> None:
        super().__init__(app, services)
        self.actions: dict[Any, Work] = {}

    def action(self, action_id: Any, work: Work) -> None:
        self.actions[action_id] = work


@dataclass
class Shown(Reply):
    """An answer that was rendered and is sent nowhere."""

    size: int = 0
    blocks: list[Any] = field(default_factory=list)

    def show(self, message: Message) -> None:
        self.size += len(json.dumps(message.blocks))

    say = replace = show

    def open(self, view: dict[str, Any]) -> None:
        self.size += len(json.dumps(view))


@dataclass(frozen=True)
class Cost:
    """Of one command, in seconds on the wall: asked again (median and worst), right after an update, and first after a
    start, which took `start` to compute what is needed; `cpu` is processor time asked again, `size` what was rendered,
    in characters of JSON."""

    what: str
    again: float
    worst: float
    cpu: float
    updated: float
    first: float
    start: float
    size: int


@dataclass(frozen=True)
class Bench:
    """A filled workspace and its commands."""

    services: Services
    words: dict[str, Work]
    heard: Heard

    def run(self, what: str) -> int:
        """Carry out what a person typed, or the choice of a figure; the size of the answer."""
        caller = Caller(key=what, user=lines.BOSS, at=lines.NOW, channel="C01SUITE", trigger_id="t")
        reply = Shown.__new__(Shown)
        reply.size = 0
        first, _, rest = what.partition(" ")
        work, caller = self.words.get(first), replace(caller, text=rest)
        if first == "figure":
            work = self.heard.actions[ids.ALIGN_OPEN]
            caller = replace(caller, value=ids.pack(figure=rest, unit="suite"))
        assert work is not None, what
        try:
            work(caller, reply)
        except Refusal as no:
            reply.size = len(str(no))
        return reply.size

    def cost(self, what: str) -> Cost:
        """Measure one command."""
        self.services.db.kept.clear()
        gc.collect()
        start, _, _ = timed(self._settle)
        first, _, size = timed(lambda: self.run(what))
        assert size, f"/okr {what} showed nothing"
        again = [timed(lambda: self.run(what)) for _ in range(TIMES)]
        updated = [self._after_an_update(what, n) for n in range(3)]
        walls = [wall for wall, _, _ in again]
        cpu = median(cpu for _, cpu, _ in again)
        return Cost(what, median(walls), max(walls), cpu, median(updated), first, start, size)

    def _settle(self) -> int:
        jobs.settle(self.services)
        return 0

    def _after_an_update(self, what: str, number: int) -> float:
        self.run(f"update KR-{number * 11 + 1} {number + 5}")
        return timed(lambda: self.run(what))[0]


def timed(work: Callable[[], int]) -> tuple[float, float, int]:
    """Seconds on the wall, seconds of processor time, and what it gave."""
    sizes: list[int] = []
    wall, cpu = waited(lambda: sizes.append(work()))
    return wall, cpu, sizes[0]


def waited(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the wall and of processor time, for what renders nothing."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def measured(folder: Path, updates: int) -> tuple[int, float, list[Cost]]:
    """Key results, seconds of processor time of the bare SELECT, and what each command costs."""
    with ExitStack() as stack:
        address = stack.enter_context(answering())
        db = Database(f"sqlite:///{folder / 'lines.db'}")
        migrate(db)
        count = lines.fill(db, 200, updates)
        settings = Settings(
            slack_bot_token=SecretStr("xoxb-bench"), slack_api_url=f"{address}api/", plumbline_llm="off"
        )
        services = build_services(settings, db, clock=AdjustableClock(lines.NOW))
        stack.callback(services.close)
        app = App(
            client=WebClient("xoxb-bench"),
            authorize=_nobody,  # type: ignore[arg-type]  # Bolt takes None
            request_verification_enabled=False,
        )
        heard, words = Heard(app, services), dict[str, Work]()
        for feature in FEATURES:
            import_module(f"bot.listeners.{feature}").register(heard, words)
        bench = Bench(services, words, heard)
        asked = [*WORDS, *(f"figure {name}" for name in FIGURES)]
        costs = [bench.cost(what) for what in asked if what.split()[0] in {*words, "figure"}]
        bare = median(timed(lambda: _select(db))[1] for _ in range(TIMES))
        return count, bare, costs


def _nobody() -> AuthorizeResult | None:
    """No request comes to this app: it only lets listeners be registered."""
    return None


def _select(db: Database) -> int:
    """The rows of which a portfolio is made, as the driver gives them."""
    with db.engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        return sum(len(raw.execute(statement).fetchall()) for statement in BARE)


def shown(bare: float, costs: list[Cost]) -> str:
    """The table in Markdown."""
    head = "| `/okr …` | first after a start | again | worst | after an update | processor, again | of a bare SELECT |"
    rows = [
        f"| {c.what} | {c.first * 1e3:.0f} ms | {c.again * 1e3:.0f} ms | {c.worst * 1e3:.0f} ms "
        f"| {c.updated * 1e3:.0f} ms | {c.cpu * 1e3:.0f} ms | {c.cpu / bare:.2f} |"
        for c in costs
    ]
    return "\n".join([head, "|---|---|---|---|---|---|---|", *rows])


def main(options: list[str]) -> int:
    """Print the table."""
    updates = 26 if "--long" in options else 6
    with tempfile.TemporaryDirectory() as folder:
        count, bare, costs = measured(Path(folder), updates)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"{count:,} key results, {count * updates:,} updates; peak {peak:.0f} MB")
    print(f"a bare SELECT of the same rows: {bare * 1e3:.0f} ms of processor time\n")
    print(shown(bare, costs))
    starts = [c.start for c in costs]
    print(f"\nwhat a start reads and computes beforehand: {min(starts):.2f} to {max(starts):.2f} s")
    return 1 if any(max(c.first, c.again, c.updated) >= ALLOWED for c in costs) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
