"""Whose App Home shows what: the Slack ids behind units and rounds, and the Homes there are. Queries only."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from storage.tables import Blocker, CheckinRound, KeyResultOwner, KeyResultUpdate, OutboxRow, Person, Unit, UnitLead


def keys(session: Session, team_id: str) -> list[str]:
    """The outbox keys of every Home that was opened once."""
    query = select(col(OutboxRow.key)).where(OutboxRow.team_id == team_id, OutboxRow.mode == "home")
    return list(session.exec(query))


def of_round(
    session: Session, team_id: str, round_id: int | None, users: Iterable[str], *, answer_id: int | None = None
) -> set[str]:
    """These users, and who counts their answers: the leads of the round's unit, of the users' units, and above them.

    With an answer also those of the key results and blockers that it wrote.
    """
    found = {user for user in users if user}
    row = session.get(CheckinRound, round_id) if round_id is not None else None
    led = select(col(UnitLead.unit_id)).join(Person, col(Person.id) == UnitLead.person_id)
    units = set(session.exec(led.where(UnitLead.team_id == team_id, col(Person.slack).in_(found))))
    units |= {row.unit_id} if row else set()
    units |= _units_of_answer(session, team_id, answer_id) if answer_id is not None else set()
    return found | leads_over(session, team_id, units)


def _units_of_answer(session: Session, team_id: str, answer_id: int) -> set[int]:
    """The units whose key results an answer gave values of, and those that its blockers hold up or wait for."""
    owners = select(col(KeyResultOwner.unit_id)).join(
        KeyResultUpdate, col(KeyResultUpdate.key_result_id) == KeyResultOwner.key_result_id
    )
    found = set(session.exec(owners.where(KeyResultUpdate.team_id == team_id, KeyResultUpdate.answer_id == answer_id)))
    between = select(col(Blocker.unit_id), col(Blocker.waits_for_unit_id))
    for pair in session.exec(between.where(Blocker.team_id == team_id, Blocker.answer_id == answer_id)):
        found |= {unit for unit in pair if unit is not None}
    return found


def leads_over(session: Session, team_id: str, unit_ids: Iterable[int]) -> set[str]:
    """The leads of some units and of all above them."""
    tree = select(col(Unit.id), col(Unit.parent_id)).where(Unit.team_id == team_id)
    parents = dict(session.exec(tree).all())
    wanted: set[int] = set()
    for unit in unit_ids:
        above: int | None = unit
        while above is not None and above not in wanted:
            wanted.add(above)
            above = parents.get(above)
    query = select(col(Person.slack)).join(UnitLead, col(UnitLead.person_id) == Person.id)
    query = query.where(UnitLead.team_id == team_id, col(UnitLead.unit_id).in_(wanted))
    return {slack for slack in session.exec(query) if slack}
