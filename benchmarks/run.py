"""One table of what the bot costs: commands acknowledged, start, memory.

    python -m benchmarks.run

Exits 1 where a target is missed. Ratios are against a bare Bolt app in the same run, because machines differ.
"""

import os
import platform
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks import commands, start


@dataclass(frozen=True)
class Line:
    """A row of the table; `met` is None where there is no target."""

    what: str
    figure: str
    target: str = ""
    met: bool | None = None


def table() -> list[Line]:
    """Measure everything: about two minutes."""
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        return [*_commands(Path(first)), *_start(Path(second))]


def _commands(folder: Path) -> list[Line]:
    rates = commands.measured(folder)
    share = median(rates.shares)
    turns = f"{share:.0%} (turns {min(rates.shares):.0%} to {max(rates.shares):.0%})"
    return [
        Line("bare Bolt app, listener does nothing", f"{rates.bare:,.0f}/s"),
        Line("ours, durable write before the ack", f"{rates.ours:,.0f}/s"),
        Line("… of the bare app", turns, "at least 20%", share >= 0.2),
        Line("ours, the real work running behind it", f"{rates.working:,.0f}/s ({rates.working / rates.bare:.1%})"),
        Line("that work done (`/okr update`), all told", f"{rates.worked:,.0f}/s"),
    ]


def _start(folder: Path) -> list[Line]:
    found = start.measured(folder)
    return [
        Line("start to ready", f"{found.ready:.2f} s", "under 0.8 s", found.ready < 0.8),
        Line("… processor time of it", f"{found.cpu:.2f} s"),
        Line("… imports alone, interpreter included", f"{found.imports:.2f} s ({found.interpreter:.2f} s bare)"),
        Line("… the model's library loaded", "yes" if found.model else "no", "no", not found.model),
        Line("memory when ready", f"{found.memory:.0f} MB", "under 100 MB", found.memory < 100),
        Line("memory after a round of 40 leads", f"{found.after:.0f} MB", "under 100 MB", found.after < 100),
    ]


def shown(lines: list[Line]) -> str:
    """The table in Markdown, under the date and the machine."""
    load = os.getloadavg()[0]
    python = platform.python_version()
    head = (
        f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}, {os.cpu_count()} processors, load {load:.1f}, Python {python}"
    )
    rows = [f"| {line.what} | {line.figure} | {line.target} | {_mark(line.met)} |" for line in lines]
    return "\n".join([head, "", "| | figure | target | |", "|---|---|---|---|", *rows])


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _mark(met: bool | None) -> str:
    return {None: "", True: "✓", False: "missed"}[met]


def main() -> int:
    """Print the table."""
    lines = table()
    print(shown(lines))
    return 1 if any(line.met is False for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
