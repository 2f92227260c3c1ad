"""What the figures cost: every figure and flag of a portfolio, and a digest of it, at growing sizes.

    python -m benchmarks.figures [--large]

2,000 key results with 52,000 updates; `--large` adds 20,000 with 520,000. Exits 1 where the time a key result grows by
over a fifth from one size to the next, or where a digest's SQL statements grow with the key results.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import event, insert

from bot.views.digests import digest as digest_view
from rituals.alignment.rules import connection_rate
from rituals.digests import service as digests
from rituals.okrs.load import load_portfolio
from storage.database import Database
from storage.schema import migrate
from storage.tables import (
    Cycle,
    KeyResult,
    KeyResultOwner,
    KeyResultUpdate,
    Objective,
    Person,
    Unit,
    UnitLead,
    Workspace,
)

TEAM = "T01BENCH"
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
STARTS, ENDS = date(2026, 1, 1), date(2026, 12, 31)
A_LINE, AN_OBJECTIVE, UPDATES = 20, 4, 26
SMALL, MIDDLE, LARGE = 200, 2_000, 20_000
ALLOWED = 1.2


@dataclass(frozen=True)
class Cost:
    """Of one size: seconds to load, to compute every figure and flag, and for a digest from database to blocks.

    `statements` are that digest's SQL statements, `blocks` what it rendered, `peak` the process's memory in megabytes.
    """

    key_results: int
    load: float
    figures: float
    digest: float
    statements: int
    blocks: int
    peak: float

    @property
    def each(self) -> float:
        """Seconds of figures and flags a key result."""
        return self.figures / self.key_results


def measured(folder: Path, count: int) -> Cost:
    """Fill a database with so many key results and measure."""
    db = Database(f"sqlite:///{folder / f'{count}.db'}")
    migrate(db)
    _fill(db, count)
    with _timed() as load, db.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
    with _timed() as computing:
        flagged = sum(bool(state.figures(kr, NOW).flags) for kr in state.current_key_results(NOW))
    assert 0 < flagged < count, "a portfolio in which nothing, or everything, is flagged measures nothing"
    db.kept.clear()  # the digest is that of a process that has read nothing yet
    with _statements(db) as said, _timed() as rendering:
        notice = digests.preview(db, TEAM, "suite", now=NOW, connection=connection_rate)
        blocks = digest_view(notice).blocks
    db.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return Cost(count, load[0], computing[0], rendering[0], len(said), len(blocks), peak)


def _fill(db: Database, count: int) -> None:
    lines, objectives = max(1, count // A_LINE), max(1, count // AN_OBJECTIVE)
    with db.transaction() as session:
        for table, rows in (
            (Workspace, [{"team_id": TEAM, "name": "Bench", "timezone": "UTC", "url": "", "created_at": NOW}]),
            (Person, [_row(n, key=f"lead-{n}", name=f"Lead {n}") for n in range(1, lines + 1)]),
            (Unit, [_row(1, key="suite", name="Suite", level="portfolio"), *map(_line, range(2, lines + 2))]),
            (
                UnitLead,
                [{"team_id": TEAM, "unit_id": n + 1, "person_id": n, "position": 0} for n in range(1, lines + 1)],
            ),
            (Cycle, [_row(1, key="2026", starts=STARTS, ends=ENDS)]),
            (Objective, [_objective(n, lines) for n in range(1, objectives + 1)]),
            (KeyResult, [_key_result(n, objectives) for n in range(1, count + 1)]),
            (KeyResultOwner, [row for n in range(1, count + 1) for row in _owners(n, objectives, lines)]),
        ):
            session.execute(insert(table), rows)
        for n in range(1, count + 1, 1_000):
            session.execute(
                insert(KeyResultUpdate), [row for m in range(n, n + 1_000) if m <= count for row in _updates(m)]
            )


def _row(number: int, **values: Any) -> dict[str, Any]:
    return {"team_id": TEAM, "id": number, **values}


def _line(number: int) -> dict[str, Any]:
    return _row(number, key=f"line-{number}", name=f"Line {number}", level="product_line", parent_id=1)


def _objective(number: int, lines: int) -> dict[str, Any]:
    return _row(number, key=f"O-{number}", unit_id=_home(number, lines), cycle_id=1, title=f"Value sooner {number}")


def _home(objective: int, lines: int) -> int:
    return 2 + objective % lines


def _key_result(number: int, objectives: int) -> dict[str, Any]:
    course = {"start": Decimal(0), "target": Decimal(100), "kind": "increase", "measured_in": "accounts"}
    return _row(number, key=f"KR-{number}", objective_id=_of(number, objectives), title=f"Accounts {number}", **course)


def _of(number: int, objectives: int) -> int:
    return 1 + number % objectives


def _owners(number: int, objectives: int, lines: int) -> list[dict[str, Any]]:
    """Its line; every fifth is shared with the next one."""
    home = _home(_of(number, objectives), lines)
    units = {home, 2 + (home - 1) % lines} if number % 5 == 0 else {home}
    return [
        {"team_id": TEAM, "key_result_id": number, "unit_id": unit, "position": place}
        for place, unit in enumerate(units)
    ]


def _updates(number: int) -> list[dict[str, Any]]:
    """One every twelve days, at a pace of its own: from standstill to well ahead."""
    begins = datetime(2026, 1, 5, 9, tzinfo=UTC)
    pace = Decimal(number % 9) / 2
    return [
        {
            "team_id": TEAM,
            "key_result_id": number,
            "at": begins + timedelta(days=12 * place),
            "value": pace * place,
            "confidence": (number + place) % 11,
            "note": f"step {place}" if place % 5 == 0 else "",
            "source_key": f"bench:{number}:{place}",
        }
        for place in range(UPDATES)
    ]


@contextmanager
def _timed() -> Iterator[list[float]]:
    took: list[float] = []
    began = time.process_time()
    yield took
    took.append(time.process_time() - began)


@contextmanager
def _statements(db: Database) -> Iterator[list[str]]:
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    yield said
    event.remove(db.engine, "before_cursor_execute", hear)


def shown(costs: list[Cost]) -> str:
    """The table in Markdown."""
    head = (
        "| key results | updates | load | figures and flags | each | digest | SQL statements | blocks | peak memory |"
    )
    rows = [
        f"| {c.key_results:,} | {c.key_results * UPDATES:,} | {c.load:.2f} s | {c.figures:.2f} s "
        f"| {c.each * 1e6:.0f} µs | {c.digest:.2f} s | {c.statements} | {c.blocks} | {c.peak:.0f} MB |"
        for c in costs
    ]
    return "\n".join([head, "|---|---|---|---|---|---|---|---|---|", *rows])


def _in_a_process_of_its_own(count: int) -> Cost:
    """Peak memory is a process's: each size gets a new one."""
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.figures", "--one", str(count)], check=True, capture_output=True, text=True
    )
    size, *seconds, statements, blocks, peak = ran.stdout.split()
    load, figures, digest = map(float, seconds)
    return Cost(int(size), load, figures, digest, int(statements), int(blocks), float(peak))


def main(words: list[str]) -> int:
    """Print the table."""
    if words[:1] == ["--one"]:
        with tempfile.TemporaryDirectory() as folder:
            c = measured(Path(folder), int(words[1]))
        print(c.key_results, c.load, c.figures, c.digest, c.statements, c.blocks, c.peak)
        return 0
    costs = [_in_a_process_of_its_own(n) for n in (SMALL, MIDDLE, *([LARGE] if "--large" in words else []))]
    print(shown(costs))
    grows = any(later.each > ALLOWED * before.each for before, later in pairwise(costs[1:]))
    return 1 if grows or len({c.statements for c in costs}) > 1 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
