"""Writes a portfolio in bulk: the number of statements never grows with its size. Rows and plain values only.

Reading it is `storage.okrs`; what a row means and which rows change is not decided here.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, bindparam, delete, insert, update
from sqlmodel import Session, SQLModel, col, select

from storage.dialects import insert_or_ignore
from storage.tables import (
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

Row = dict[str, Any]
Kind = Literal["people", "units", "cycles", "objectives", "key_results"]
Link = Literal["leads", "contributions", "owners"]

_TABLES: Mapping[str, type[SQLModel]] = {
    "people": Person,
    "units": Unit,
    "cycles": Cycle,
    "objectives": Objective,
    "key_results": KeyResult,
}
_LINKS: Mapping[str, tuple[type[SQLModel], str]] = {
    "leads": (UnitLead, "unit_id"),
    "contributions": (Contribution, "objective_id"),
    "owners": (KeyResultOwner, "key_result_id"),
}
_DOCUMENT = JSON(none_as_null=True)
_AT_ONCE = 500  # parameters of one IN list: both databases take many more


def hold_workspace(session: Session, team_id: str, *, now: datetime) -> None:
    """Make the workspace's row when there is none, and hold it: two imports at once follow one another."""
    values = {"team_id": team_id, "name": "", "timezone": "UTC", "url": "", "created_at": now}
    insert_or_ignore(session, Workspace, values | {"at_risk_above": 10, "off_track_above": 25})
    session.exec(select(Workspace).where(Workspace.team_id == team_id).with_for_update()).one()


def set_timezone(session: Session, team_id: str, timezone: str) -> None:
    """The workspace's IANA zone."""
    session.execute(update(Workspace).where(col(Workspace.team_id) == team_id).values(timezone=timezone))


def save(session: Session, kind: Kind, team_id: str, *, new: Sequence[Row], changed: Sequence[Row]) -> dict[str, int]:
    """Insert `new` rows and update `changed` ones (each with its `id`); the ids of all rows of the kind by key.

    The rows of each list have the same columns.
    """
    table = _TABLES[kind]
    _insert(session, table, [{**row, "team_id": team_id} for row in new])
    if changed:
        own = _columns(table).id == bindparam("v_id")
        statement = update(table).where(own).values(_bound(table, changed[0], without="id"))
        session.connection().execute(statement, _prefixed(changed))
    return ids(session, kind, team_id)


def part_from_members(session: Session, team_id: str, people: Sequence[int]) -> None:
    """Forget the Slack member of these people and the conversation with it, before they are given another."""
    for start in range(0, len(people), _AT_ONCE):
        chunk = people[start : start + _AT_ONCE]
        whom = update(Person).where(col(Person.id).in_(chunk), col(Person.team_id) == team_id)
        session.execute(whom.values(slack=None, dm=None))


def ids(session: Session, kind: Kind, team_id: str) -> dict[str, int]:
    """The ids of all rows of a kind by their keys."""
    table: Any = _TABLES[kind]
    return dict(session.exec(select(table.key, table.id).where(table.team_id == team_id)).all())


def replace_links(session: Session, link: Link, team_id: str, links: Mapping[int, Iterable[Row]]) -> None:
    """Give each parent (by id) exactly these links, in their order."""
    table, parent = _LINKS[link]
    owner = getattr(table, parent)
    parents = list(links)
    for start in range(0, len(parents), _AT_ONCE):
        chunk = parents[start : start + _AT_ONCE]
        session.execute(delete(table).where(owner.in_(chunk), col(table.team_id) == team_id))  # type: ignore[attr-defined]
    rows = [
        {**row, parent: number, "team_id": team_id, "position": position}
        for number, children in links.items()
        for position, row in enumerate(children)
    ]
    _insert(session, table, rows)


def add_updates(session: Session, team_id: str, rows: Sequence[Row]) -> None:
    """Append to the history, in the order given."""
    _insert(session, KeyResultUpdate, [{**row, "team_id": team_id} for row in rows])


def retracted_updates(session: Session, team_id: str) -> list[KeyResultUpdate]:
    """What people took back, oldest first."""
    table = KeyResultUpdate
    query = select(table).where(table.team_id == team_id, col(table.retracted_at).is_not(None))
    return list(session.exec(query.order_by(col(table.at), col(table.id))))


def _insert(session: Session, table: type[SQLModel], rows: Sequence[Row]) -> None:
    if rows:
        session.connection().execute(insert(table).values(_bound(table, rows[0])), _prefixed(rows))


def _bound(table: type[SQLModel], row: Row, *, without: str = "") -> dict[str, Any]:
    """One parameter a column, so that rows with and without a value are one statement; no document is SQL's NULL."""
    columns = _columns(table)
    return {
        name: bindparam(f"v_{name}", type_=_DOCUMENT if isinstance(columns[name].type, JSON) else columns[name].type)
        for name in row
        if name != without
    }


def _prefixed(rows: Sequence[Row]) -> list[Row]:
    return [{f"v_{name}": value for name, value in row.items()} for row in rows]


def _columns(table: type[SQLModel]) -> Any:
    return table.__table__.c  # type: ignore[attr-defined]  # SQLModel sets it on table models
