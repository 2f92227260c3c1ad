"""What closing a cycle of 4,000 key results costs, from the use case to what it wrote, in this process.

    python -m benchmarks.closing

200 product lines with six updates a key result, as in `benchmarks.alignment`. Exits 1 where something for which a
person waits takes 300 ms or more on the wall; what runs beside (after a start, the step of time that closes the cycle
and what follows it) is shown with them.
"""

import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import lines
from benchmarks.alignment import ALLOWED, waited
from rituals.at_hand import have_at_hand
from rituals.closing import asking, finishing, results, service
from rituals.closing.due import close_due
from rituals.closing.next_cycle import NextCycle
from rituals.closing.reading import Decision
from storage.database import Database
from storage.schema import migrate

CYCLE, INTO = "2026", NextCycle("2027", date(2027, 1, 1), date(2027, 12, 31))
AFTER_A_START, CLOSES, AFTERWARDS = "after a start: figures at hand", "the step that closes it", "… figures at hand"
ASIDE = frozenset({AFTER_A_START, CLOSES, AFTERWARDS})


def costs(db: Database) -> list[tuple[str, float, float]]:
    """What is done, in the order in which it is: name, seconds on the wall, seconds of processor time."""
    who, now = (db, lines.TEAM, lines.BOSS), lines.NOW
    dropped = Decision("KR-7", "dropped")
    steps: tuple[tuple[str, Callable[[], Any]], ...] = (
        (AFTER_A_START, lambda: have_at_hand(db, lines.TEAM, now=now)),
        ("the first page after it", lambda: service.begin(*who, CYCLE, now=now)),
        ("the page", lambda: service.begin(*who, CYCLE, now=now)),
        ("the form of one", lambda: service.form(*who, CYCLE, now=now)),
        ("one decision", lambda: service.decide(*who, CYCLE, dropped, now=now)),
        ("take all suggestions", lambda: service.decide_many(*who, CYCLE, "suggested", now=now)),
        ("the page, all decided", lambda: service.begin(*who, CYCLE, now=now)),
        ("the form that closes", lambda: finishing.finish_form(*who, CYCLE, now=now)),
        ("that form submitted", lambda: asking.close(*who, CYCLE, INTO, early=True, now=now)),
        (CLOSES, lambda: close_due(db, lines.TEAM, now=now)),
        (AFTERWARDS, lambda: have_at_hand(db, lines.TEAM, now=now)),
        ("results, first after the close", lambda: results.results(*who, CYCLE, now=now)),
        ("results", lambda: results.results(*who, CYCLE, now=now)),
        ("opened again", lambda: finishing.reopen(*who, CYCLE, now=now)),
    )
    return [(name, *waited(work)) for name, work in steps]


def main() -> int:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{Path(folder) / 'lines.db'}")
        migrate(db)
        count = lines.fill(db, 200, 6)
        found = costs(db)
        db.close()
    print(f"{count:,} key results\n\n| close of a cycle | on the wall | processor |\n|---|---|---|")
    for name, wall, cpu in found:
        print(f"| {name} | {wall * 1e3:.0f} ms | {cpu * 1e3:.0f} ms |")
    return 1 if any(wall >= ALLOWED for name, wall, _ in found if name not in ASIDE) else 0


if __name__ == "__main__":
    sys.exit(main())
