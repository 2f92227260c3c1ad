"""A digest asks the database as often for a large portfolio as for a small one."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import event, insert
from sqlmodel import select

from rituals.alignment.rules import connection_rate
from rituals.digests import service as digests
from storage.database import Database
from storage.tables import Cycle, KeyResult, KeyResultOwner, KeyResultUpdate, Objective, Unit
from tests.rituals.halden import NOW, TEAM

MORE = 1_100  # over any number of ids that is asked for at once


def statements(db: Database) -> int:
    """SQL statements of a preview, in a process that has read nothing yet."""
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    db.kept.clear()
    event.listen(db.engine, "before_cursor_execute", hear)
    digests.preview(db, TEAM, "suite", now=NOW, connection=connection_rate)
    event.remove(db.engine, "before_cursor_execute", hear)
    return len(said)


def test_the_statements_of_a_digest_do_not_grow_with_its_key_results(halden: Database) -> None:
    few = statements(halden)
    with halden.transaction() as session:
        cycle = session.exec(select(Cycle.id).where(Cycle.key == "2026-Q4")).one()
        line = session.exec(select(Unit.id).where(Unit.key == "crm")).one()
        other = session.exec(select(Unit.id).where(Unit.key == "search")).one()
        objective = Objective(team_id=TEAM, key="O-900", unit_id=line or 0, cycle_id=cycle or 0, title="More")
        session.add(objective)
        session.flush()
        numbers = range(9_000, 9_000 + MORE)
        course = {"start": Decimal(0), "target": Decimal(100), "kind": "increase"}
        rows = [{"team_id": TEAM, "id": n, "key": f"M-{n}", "title": f"More {n}", **course} for n in numbers]
        session.execute(insert(KeyResult), [row | {"objective_id": objective.id} for row in rows])
        owners = [{"team_id": TEAM, "key_result_id": n, "unit_id": unit} for n in numbers for unit in (line, other)]
        session.execute(insert(KeyResultOwner), owners)
        said = [
            {
                "team_id": TEAM,
                "key_result_id": n,
                "at": NOW - timedelta(days=2),
                "value": Decimal(1),
                "note": f"step {n}",
            }
            for n in numbers
        ]
        session.execute(insert(KeyResultUpdate), said)
    assert statements(halden) == few
