"""Queries of a cycle's close: how far it is, the grades, what goes on in the next cycle. What to write is decided by
the caller; nothing is ever deleted.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, update
from sqlmodel import Session, col, select

from storage.dialects import insert_or_ignore, upsert
from storage.tables import (
    Adjustment,
    Blocker,
    Change,
    CheckinAsk,
    CheckinRound,
    Cycle,
    CycleClose,
    Grade,
    KeyResult,
    Objective,
    Support,
    Unit,
    Workspace,
)

Row = dict[str, Any]


def hold(session: Session, team_id: str) -> None:
    """Keep every other grading and closing of the workspace waiting until this transaction ends."""
    session.exec(select(Workspace).where(Workspace.team_id == team_id).with_for_update()).one()


def begin(session: Session, team_id: str, cycle_id: int, *, by: str, now: datetime) -> CycleClose:
    """The pass over a cycle, made where there is none; who comes first has started it."""
    values = {"team_id": team_id, "cycle_id": cycle_id, "state": "open", "closed_by": "", "started_at": now}
    insert_or_ignore(session, CycleClose, values | {"started_by": by})
    row = of_cycle(session, team_id, cycle_id)
    assert row is not None
    if by and not row.started_by:  # the reminder made it
        row.started_by, row.started_at = by, now
    session.add(row)
    return row


def of_cycle(session: Session, team_id: str, cycle_id: int) -> CycleClose | None:
    """The pass over a cycle."""
    query = select(CycleClose).where(CycleClose.team_id == team_id, CycleClose.cycle_id == cycle_id)
    return session.exec(query).first()


def key_of(session: Session, team_id: str, cycle_id: int) -> str:
    """A cycle's key."""
    return session.exec(select(Cycle.key).where(Cycle.team_id == team_id, Cycle.id == cycle_id)).one()


def closed_ones(session: Session, team_id: str) -> list[tuple[CycleClose, Cycle]]:
    """What was closed, the cycle that ended last first."""
    query = (
        select(CycleClose, Cycle)
        .join(Cycle, col(Cycle.id) == CycleClose.cycle_id)
        .where(CycleClose.team_id == team_id, CycleClose.state == "closed")
    )
    return list(session.exec(query.order_by(col(Cycle.ends).desc(), col(CycleClose.closed_at).desc())))


def asked_for(session: Session, team_id: str) -> set[int]:
    """The cycles (ids) whose closing was asked for."""
    asked = select(CycleClose.cycle_id).where(CycleClose.team_id == team_id, col(CycleClose.reminded_at).is_not(None))
    return set(session.exec(asked))


def holidays_at_the_top(session: Session, team_id: str) -> Row | None:
    """The holidays ({country, region?}) of the topmost unit that states some."""
    query = select(Unit.holidays).where(Unit.team_id == team_id, col(Unit.holidays).is_not(None))
    tops = query.where(col(Unit.level).in_(("company", "business_unit", "portfolio")))
    found = session.exec(tops.order_by(col(Unit.position), col(Unit.id))).first()
    return dict(found) if found else None


def grades(session: Session, team_id: str, cycle_id: int) -> dict[int, Grade]:
    """What was decided on a cycle's key results, by their ids."""
    query = select(Grade).where(Grade.team_id == team_id, Grade.cycle_id == cycle_id)
    return {row.key_result_id: row for row in session.exec(query)}


def grade_of(session: Session, team_id: str, key_result_id: int) -> Grade | None:
    """What was decided on one key result."""
    query = select(Grade).where(Grade.team_id == team_id, Grade.key_result_id == key_result_id)
    return session.exec(query).first()


def grade_all(session: Session, rows: Sequence[Row]) -> None:
    """Write decisions on key results on which there is none."""
    if rows:
        session.connection().execute(insert(Grade), rows)


def grade(session: Session, values: Row) -> None:
    """Write a decision, in the place of an earlier one on the same key result."""
    upsert(session, Grade, values, on=["team_id", "key_result_id"])


# Closing


def shut(session: Session, row: CycleClose, *, by: str, next_id: int | None, figures: Row, now: datetime) -> None:
    """Close the pass and its cycle."""
    row.state, row.closed_by, row.closed_at = "closed", by, now
    row.next_cycle_id, row.figures = next_id, figures
    session.add(row)
    _closed_at(session, row, now)


def open_again(session: Session, row: CycleClose) -> None:
    """Open the pass and its cycle again; what was decided stays, also what goes on in the next cycle."""
    row.state, row.closed_by, row.closed_at, row.figures = "open", "", None, None
    session.add(row)
    _closed_at(session, row, None)


def _closed_at(session: Session, row: CycleClose, at: datetime | None) -> None:
    mine = update(Cycle).where(col(Cycle.team_id) == row.team_id, col(Cycle.id) == row.cycle_id)
    session.execute(mine.values(closed_at=at))


def add_cycle(session: Session, team_id: str, key: str, starts: date, ends: date) -> int:
    """A new cycle, behind all others; its id."""
    last = session.exec(select(func.max(Cycle.position)).where(Cycle.team_id == team_id)).one()
    row = Cycle(team_id=team_id, key=key, starts=starts, ends=ends, position=(last or 0) + 1)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


@dataclass(frozen=True)
class Went:
    """What was carried over from any cycle to the next: the id of what goes on by the id of what it comes from."""

    objectives: Mapping[int, int]
    key_results: Mapping[int, int]


def gone_on(session: Session, team_id: str) -> Went:
    """Everything that was carried over so far."""
    return Went(_carried(session, team_id, Objective), _carried(session, team_id, KeyResult))


def _carried(session: Session, team_id: str, table: type[Objective] | type[KeyResult]) -> dict[int, int]:
    query = select(table.carried_from, table.id).where(table.team_id == team_id, col(table.carried_from).is_not(None))
    return {came or 0: number or 0 for came, number in session.execute(query)}


def places(session: Session, team_id: str, objectives: Collection[int]) -> tuple[int, dict[int, int]]:
    """The first free position of an objective, and that of a key result in each of these (objectives' ids)."""
    last = session.exec(select(func.max(Objective.position)).where(Objective.team_id == team_id)).one()
    counted = select(KeyResult.objective_id, func.max(KeyResult.position)).where(KeyResult.team_id == team_id)
    found = dict(session.execute(counted.group_by(col(KeyResult.objective_id))).all())
    return (last or 0) + 1, {number: found[number] + 1 if number in found else 0 for number in objectives}


def take_along(session: Session, team_id: str, went: Mapping[int, int]) -> None:
    """Say of these grades which key result goes on (ids, from and to), and take the open blockers along."""
    if not went:
        return
    mine = (col(Grade.team_id) == team_id, col(Grade.key_result_id) == bindparam("v_from"))
    said = update(Grade).where(*mine).values(carried_to=bindparam("v_to"))
    session.connection().execute(said, [{"v_from": before, "v_to": to} for before, to in went.items()])
    held_up = select(Blocker).where(Blocker.team_id == team_id, Blocker.state == "open")
    for blocker in session.exec(held_up.where(col(Blocker.key_result_id).is_not(None))):
        blocker.key_result_id = went.get(blocker.key_result_id or 0, blocker.key_result_id)


@dataclass(frozen=True)
class GoesOn:
    """What goes on of what ends (row ids): `went` from and to, `ended` all of it."""

    went: Mapping[int, int]
    ended: Collection[int]

    def of(self, number: int | None) -> int | None:
        """What it is from now on: itself where it does not end, None where it ends for good."""
        return self.went.get(number, None if number in self.ended else number) if number else None


def carry_supports(session: Session, team_id: str, key_results: GoesOn, objectives: GoesOn) -> None:
    """What co-owners do of their own for a key result goes on with both, each where it goes on or does not end; what
    is said of what ends for good stays as it was."""
    for row in session.exec(select(Support).where(Support.team_id == team_id)).all():
        to = key_results.of(row.key_result_id)
        objective, by = objectives.of(row.objective_id), key_results.of(row.by_key_result_id)
        if to is None or not (objective or by):
            continue
        if to == row.key_result_id:
            row.objective_id, row.by_key_result_id = objective, by
            session.add(row)
            continue
        values = row.model_dump(exclude={"id"}) | {"key_result_id": to, "objective_id": objective}
        insert_or_ignore(session, Support, values | {"by_key_result_id": by})


def withdraw_proposals(session: Session, team_id: str, cycle_id: int) -> list[int]:
    """Proposed changes of a closed cycle's key results are not decided any more; their numbers."""
    mine = select(KeyResult.id).join(Objective, col(Objective.id) == KeyResult.objective_id)
    about = (
        col(Adjustment.team_id) == team_id,
        col(Adjustment.state) == "open",
        col(Adjustment.key_result_id).in_(mine.where(Objective.cycle_id == cycle_id)),
    )
    numbers = list(session.exec(select(Adjustment.number).where(*about)))
    session.execute(update(Adjustment).where(*about).values(state="withdrawn"))
    return numbers


# Looking back


def turnout(session: Session, team_id: str, cycle_id: int) -> list[tuple[int, str, int]]:
    """The asks of a cycle's rounds: (unit id of the round, state, how many)."""
    query = (
        select(CheckinRound.unit_id, CheckinAsk.state, func.count(col(CheckinAsk.id)))
        .join(CheckinRound, col(CheckinRound.id) == CheckinAsk.round_id)
        .where(CheckinAsk.team_id == team_id, CheckinRound.cycle_id == cycle_id)
    )
    return list(session.exec(query.group_by(col(CheckinRound.unit_id), col(CheckinAsk.state))))


def adjusted(session: Session, team_id: str, key_results: Mapping[int, str]) -> dict[str, int]:
    """How often each key result (key by id) was adjusted: proposals that were agreed to, and edits with a reason."""
    counts: dict[str, int] = {}
    agreed = select(Adjustment.key_result_id).where(Adjustment.team_id == team_id, Adjustment.decision == "accepted")
    for number in session.exec(agreed):
        if (key := key_results.get(number or 0)) is not None:
            counts[key] = counts.get(key, 0) + 1
    edits = select(Change).where(Change.team_id == team_id, Change.what == "key_result", Change.action == "edit")
    keys = set(key_results.values())
    for change in session.exec(edits):
        by_hand = not (change.source_key or "").startswith("adjustment:")  # those are counted above
        if by_hand and change.key in keys and (change.after or {}).get("reason"):
            counts[change.key] = counts.get(change.key, 0) + 1
    return counts
