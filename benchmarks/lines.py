"""A made-up portfolio of many product lines, written straight into the tables: the ground of `benchmarks.alignment`.

Every line has five objectives with four key results each, four in five of them linked upward; every fifth key result
is shared with the next line. Each was reported at the same distance all year, at a pace of its own.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from storage.database import Database
from storage.tables import (
    Adjustment,
    Contribution,
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

TEAM, BOSS = "T01BENCH", "U0BOSS"
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
STARTS, ENDS = date(2026, 1, 1), date(2026, 12, 31)
TOPS, OBJECTIVES, RESULTS = 3, 5, 4
EVERY_FORTNIGHT = {"every": "2 weeks", "on": "monday", "at": "09:00", "starts": "2026-01-05"}
METRICS = (
    ("Days until the first value", "days", 45, 20),
    ("Share of accounts that use a second product", "%", 12, 30),
    ("Open defects older than a month", "defects", 140, 40),
    ("Net revenue retention", "%", 98, 108),
    ("Support cases for each account", "cases", 9, 4),
    ("Pages answered within a second", "%", 71, 95),
    ("Trials that become customers", "%", 8, 14),
    ("Cost of one invoice", "cents", 60, 35),
    ("Teams that publish weekly", "teams", 3, 24),
    ("Hours until a case is answered", "hours", 19, 6),
    ("Reports opened by managers", "reports", 200, 900),
    ("Invoices paid on time", "%", 64, 85),
    ("Failed payments", "payments", 310, 90),
    ("Exports that end in an error", "%", 7, 1),
    ("Seats renewed early", "seats", 400, 1200),
    ("Minutes to set up a workspace", "minutes", 55, 15),
    ("Integrations installed by new customers", "integrations", 120, 500),
    ("Gross margin of hosting", "%", 58, 66),
    ("Security findings left open", "findings", 75, 10),
    ("Recommendations by administrators", "points", 21, 40),
    ("Searches without any result", "%", 23, 9),
    ("Contracts signed within thirty days", "%", 35, 55),
)
FIRST = ("amber", "birch", "cobalt", "delta", "ember", "falcon", "garnet", "harbor", "indigo", "lumen", "meadow")
SECOND = ("atlas", "beacon", "bridge", "compass", "desk", "forge", "harvest", "ledger", "mosaic", "pulse", "quarry",
          "relay", "signal", "studio", "vault", "works", "yard", "zone", "field", "gate")  # fmt: skip
SEGMENTS = ("retail banks", "public clinics", "small hotels", "freight", "universities", "insurers", "city councils")


def fill(db: Database, lines: int, updates: int) -> int:
    """Write it, with so many updates a key result; returns the number of key results."""
    objectives = range(1, lines * OBJECTIVES + 1)
    results = range(1, lines * OBJECTIVES * RESULTS + 1)
    with db.transaction() as session:
        for table, rows in (
            (Workspace, [{"team_id": TEAM, "name": "Bench", "timezone": "UTC", "url": "", "created_at": NOW}]),
            (Person, [_row(1, key="boss", name="Boss", slack=BOSS), *(_person(n) for n in range(2, lines + 2))]),
            (Unit, [_row(1, key="suite", name="Suite", level="portfolio", cadence=EVERY_FORTNIGHT)]),
            (Unit, [_line(n) for n in range(2, lines + 2)]),
            (UnitLead, [_link(unit_id=n, person_id=n) for n in range(1, lines + 2)]),
            (Cycle, [_row(1, key="2026", starts=STARTS, ends=ENDS)]),
            (Objective, [*(_top(n) for n in range(1, TOPS + 1)), *(_objective(n) for n in objectives)]),
            (
                Contribution,
                [
                    _link(objective_id=TOPS + n, to_objective_id=1 + n % TOPS, how="By selling both at once")
                    for n in objectives
                    if n % 5
                ],
            ),
            (KeyResult, [_key_result(n) for n in results]),
            (KeyResultOwner, [row for n in results for row in _owners(n, lines)]),
            (Adjustment, [_adjustment(n) for n in range(1, 31)]),
        ):
            session.execute(insert(table), rows)
        for first in range(1, len(results) + 1, 1_000):
            some = results[first - 1 : first + 999]
            session.execute(insert(KeyResultUpdate), [row for n in some for row in _updates(n, updates)])
    return len(results)


def _row(number: int, /, **values: Any) -> dict[str, Any]:
    return {"team_id": TEAM, "id": number, **values}


def _link(**values: Any) -> dict[str, Any]:
    return {"team_id": TEAM, "position": 0, **values}


def _person(number: int) -> dict[str, Any]:
    return _row(number, key=f"lead-{number}", name=f"Lead {number}", slack=f"U{number:04}LEAD")


def _line(number: int) -> dict[str, Any]:
    stage = ("growth", "mature", "sunset")[number % 3]
    return _row(number, key=f"line-{number}", name=f"Line {number}", level="product_line", parent_id=1, stage=stage)


def _top(number: int) -> dict[str, Any]:
    return _row(number, key=f"P-{number}", unit_id=1, cycle_id=1, title=f"One suite instead of many products {number}")


def _objective(number: int) -> dict[str, Any]:
    unit = 2 + (number - 1) // OBJECTIVES
    return _row(TOPS + number, key=f"O-{number}", unit_id=unit, cycle_id=1, title=f"Value sooner {number}")


def _key_result(number: int) -> dict[str, Any]:
    """What is measured comes from a list; of which product, and for whom, differs."""
    metric, unit, start, target = METRICS[number % len(METRICS)]
    line = 2 + (number - 1) // (OBJECTIVES * RESULTS)
    return _row(
        number,
        key=f"KR-{number}",
        objective_id=TOPS + 1 + (number - 1) // RESULTS,
        title=f"{metric}, {_product(line)}, {SEGMENTS[number % len(SEGMENTS)]}",
        kind="increase" if target > start else "decrease",
        start=Decimal(start),
        target=Decimal(target),
        measured_in=unit,
        reporter_id=line,
    )


def _product(line: int) -> str:
    """Every line has a name of its own."""
    parts = ((number % len(FIRST), number // len(FIRST) % len(SECOND)) for number in (line, line + 101))
    return " ".join(f"{FIRST[one]}{SECOND[other]}" for one, other in parts)


def _owners(number: int, lines: int) -> Iterator[dict[str, Any]]:
    """Its line; every fifth is shared with the next one."""
    home = 2 + (number - 1) // (OBJECTIVES * RESULTS)
    yield _link(key_result_id=number, unit_id=home)
    if number % 5 == 0 and lines > 1:
        yield {**_link(key_result_id=number, unit_id=2 + (home - 1) % lines), "position": 1}


def _adjustment(number: int) -> dict[str, Any]:
    words = {"text": f"Lower the target of KR-{number * 7}", "reason": "One line left the market."}
    return _row(number, number=number, key_result_id=number * 7, person_id=1, proposed_at=NOW, **words)


def _updates(number: int, count: int) -> Iterator[dict[str, Any]]:
    """From the first Monday to the last one but one, from standstill to well ahead."""
    _, _, start, target = METRICS[number % len(METRICS)]
    begins, apart = datetime(2026, 1, 5, 9, tzinfo=UTC), timedelta(days=308) / max(count - 1, 1)
    for place in range(count):
        share = Decimal((place + 1) * (number % 9)) / Decimal(6 * count)
        yield {
            "team_id": TEAM,
            "key_result_id": number,
            "at": begins + apart * place,
            "value": (start + (target - start) * share).quantize(Decimal("0.1")),
            "confidence": 3 + (number + place) % 7,
            "note": f"step {place}" if place % 3 == 0 else "",
            "source_key": f"bench:{number}:{place}",
        }
