"""From the start of `python -m bot run` to ready, against a local sandbox; and the memory it then takes."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.rig import BotProcess, furnished, lead, settled
from sandbox.server import Sandbox
from storage.database import Database

IMPORTS = "from bot import started; started.hurry(); import bot.__main__, bot.cli, bot.running"
_LOADED = re.compile(r"^import time:\s+\d+ \|\s+\d+ \|\s*(\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Started:
    """Seconds (medians): `ready` on the wall clock, `cpu` of it, `imports` and the bare `interpreter` beside them.

    `model` says whether the model's library was loaded; megabytes of resident memory when ready and after a round.
    """

    ready: float
    cpu: float
    imports: float
    interpreter: float
    model: bool
    memory: float
    after: float


def measured(folder: Path, *, leads: int = 40, starts: int = 7) -> Started:
    """Start it so many times, then let every lead be asked and answer."""
    sandbox, db = furnished(folder, leads)
    bot = BotProcess(sandbox, folder)
    try:
        walls, cpus = [], []
        for _ in range(starts):
            walls.append(bot.start())
            cpus.append(cpu(bot.pid))
            bot.stop()
        bot.start("-X", "importtime")
        loaded = set(_LOADED.findall(bot.log))
        assert "slack_bolt" in loaded, "the list of imports was not read"
        bot.stop()
        bot.start()
        ready = memory(bot.pid)
        _round(sandbox, db, leads)
        return Started(
            ready=median(walls),
            cpu=median(cpus),
            imports=_timed(IMPORTS, starts),
            interpreter=_timed("pass", starts),
            model="openai" in loaded,
            memory=ready,
            after=memory(bot.pid),
        )
    finally:
        bot.stop()
        db.close()
        sandbox.stop()


def _round(sandbox: Sandbox, db: Database, leads: int) -> None:
    """Every lead gets the three questions, answers them, and sees what was understood."""
    people = [sandbox.person(lead(n)) for n in range(leads)]
    _until(lambda: all(person.dm for person in people), "the prompts")
    for n, person in enumerate(people):
        said = f"1. KR-{n // 10}-0 {n}, 7/10 pilot live 2. waiting for the billing API until 12 Dec 3. no"
        person.says("dm", said, thread_ts=person.dm[0].ts)
    _until(lambda: all(len(person.dm) >= 3 for person in people), "the receipts")
    _until(lambda: settled(db, sandbox.team_id), "the rest of the round")


def _until(holds: Callable[[], bool], what: str, patience: float = 180) -> None:
    end = time.monotonic() + patience
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {patience:.0f} s for {what}")
        time.sleep(0.1)


def _timed(code: str, times: int) -> float:
    """Median seconds that a new interpreter takes for some code."""
    took = []
    for _ in range(times):
        began = time.monotonic()
        subprocess.run([sys.executable, "-c", code], check=True)
        took.append(time.monotonic() - began)
    return median(took)


def cpu(pid: int) -> float:
    """Seconds of processor time that a process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """Megabytes of resident memory of a process (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1000
