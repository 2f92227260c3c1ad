"""People and units as records: who a Slack user is, what they lead, where their DM is. Decides nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, SQLModel, col, select

from storage.tables import Person, Unit, UnitLead, Workspace, load_all


@dataclass(frozen=True)
class Member:
    """What Slack knows of a member: zone, address, and whether they are an admin there."""

    slack: str
    email: str | None
    timezone: str | None
    is_admin: bool = False


def workspace(session: Session, team_id: str) -> Workspace:
    """The workspace's row. Raises LookupError where it was never set up."""
    row = session.get(Workspace, team_id)
    if row is None:
        raise LookupError(f"workspace {team_id} is not set up")
    return row


def by_slack(session: Session, team_id: str, slack: str) -> Person | None:
    """The person behind a Slack user id."""
    return session.exec(select(Person).where(Person.team_id == team_id, Person.slack == slack)).first()


def everyone(session: Session, team_id: str) -> list[Person]:
    """All people of a workspace."""
    return list(session.exec(select(Person).where(Person.team_id == team_id).order_by(col(Person.id))))


def leads(session: Session, team_id: str) -> list[tuple[UnitLead, Person]]:
    """Every lead of every unit, in order."""
    query = (
        select(UnitLead, Person)
        .join(Person, col(Person.id) == UnitLead.person_id)
        .where(UnitLead.team_id == team_id)
        .order_by(col(UnitLead.unit_id), col(UnitLead.position))
    )
    return list(session.exec(query))


def units(session: Session, team_id: str) -> list[Unit]:
    """All units in the order of the file."""
    return list(session.exec(select(Unit).where(Unit.team_id == team_id).order_by(col(Unit.position), col(Unit.id))))


def remember_dm(session: Session, team_id: str, slack: str, channel: str) -> None:
    """Keep the id of the conversation with a person, so that it is opened once."""
    session.execute(update(Person).where(col(Person.team_id) == team_id, col(Person.slack) == slack).values(dm=channel))


def merge_members(session: Session, team_id: str, members: Iterable[Member]) -> int:
    """Take over Slack ids (by address), zones and who is an admin from Slack's member list. Returns how many changed.

    A member who is somebody's already is nobody else's, whatever their address; a zone that is not told stays.
    """
    known = list(members)
    by_id: Mapping[str, Member] = {m.slack: m for m in known}
    by_email = {m.email.lower(): m for m in known if m.email}
    persons = everyone(session, team_id)
    taken = {person.slack for person in persons if person.slack}
    changed = 0
    for person in persons:
        member = by_id.get(person.slack or "") or by_email.get((person.email or "").lower())
        if member is None or (person.slack is None and member.slack in taken):
            continue
        found = (person.slack or member.slack, member.timezone or person.timezone, member.is_admin)
        if found == (person.slack, person.timezone, person.admin):
            continue
        person.slack, person.timezone, person.admin = found
        taken.add(person.slack)
        session.add(person)
        changed += 1
    return changed


LOCAL = "LOCAL"  # the workspace of a database that was filled before the bot met Slack


def workspaces(session: Session) -> list[Workspace]:
    """Every workspace that the database has served, oldest first."""
    return list(session.exec(select(Workspace).order_by(col(Workspace.created_at), col(Workspace.team_id))))


SETTINGS = (
    "timezone",
    "at_risk_above",
    "off_track_above",
    "quiet",
    "nudges_a_week",
    "model_off",
    "language",
    "model_tokens_a_day",
)


def welcome(
    session: Session, team_id: str, *, name: str = "", url: str = "", bot_user: str | None = None, now: datetime
) -> Workspace:
    """Set a workspace up, or keep its name and address current. What was imported before moves into it."""
    row = session.get(Workspace, team_id)
    if row is None:
        row = Workspace(team_id=team_id, created_at=now)
        local = session.get(Workspace, LOCAL)
        if local is not None:
            for setting in SETTINGS:
                setattr(row, setting, getattr(local, setting))
        session.add(row)
        session.flush()
        if local is not None:
            _adopt(session, local, team_id)
    row.name, row.url, row.bot_user = name or row.name, url or row.url, bot_user or row.bot_user
    session.add(row)
    session.flush()
    return row


def _adopt(session: Session, local: Workspace, team_id: str) -> None:
    """Marks do not move: triggers write them for the new workspace, as the rows move."""
    load_all()  # a table that nothing asked for yet may hold rows of it too
    marks = SQLModel.metadata.tables["portfolio_mark"]
    for table in SQLModel.metadata.sorted_tables:
        if table.name != "workspace" and table is not marks:
            session.execute(update(table).where(table.c.team_id == LOCAL).values(team_id=team_id))
    session.delete(local)
    session.flush()
    session.execute(delete(marks).where(marks.c.team_id == LOCAL))
