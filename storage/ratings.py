"""Queries of the alignment rating: polls (the ledger), who is asked, their votes. Decides nothing, computes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func, update
from sqlmodel import Session, col, select

from storage.dialects import insert_or_ignore
from storage.tables import Cycle, Objective, Person, RatingInvite, RatingPoll, RatingVote, Unit


@dataclass(frozen=True)
class Poll:
    """A poll with the unit and the cycle it is about."""

    row: RatingPoll
    unit: Unit
    cycle: Cycle

    @property
    def id(self) -> int:
        """The poll's row id."""
        assert self.row.id is not None
        return self.row.id


def result_key(poll_id: int) -> str:
    """The outbox key of a poll's result, which keeps it as it was told."""
    return f"rating_result:{poll_id}"


def unopened(session: Session, team_id: str, *, until: date) -> list[tuple[Unit, Cycle]]:
    """Each portfolio with each cycle that ends by a day, has objectives and no poll yet."""
    rated = exists().where(
        col(RatingPoll.team_id) == team_id,
        col(RatingPoll.unit_id) == col(Unit.id),
        col(RatingPoll.cycle_id) == col(Cycle.id),
    )
    used = exists().where(col(Objective.team_id) == team_id, col(Objective.cycle_id) == col(Cycle.id))
    query = (
        select(Unit, Cycle)
        .join(Cycle, col(Cycle.team_id) == Unit.team_id)
        .where(Unit.team_id == team_id, Unit.level == "portfolio", col(Cycle.ends) <= until)
        .where(col(Unit.closed_on).is_(None), used, ~rated)
    )
    return [(unit, cycle) for unit, cycle in session.exec(query)]


def entered(session: Session, team_id: str) -> set[tuple[int, int]]:
    """The (unit id, cycle id) pairs that are in the ledger, in whatever state."""
    query = select(RatingPoll.unit_id, RatingPoll.cycle_id).where(RatingPoll.team_id == team_id)
    return {(unit, cycle) for unit, cycle in session.exec(query)}


def enter(session: Session, values: dict[str, Any]) -> int | None:
    """Write a poll into the ledger; its id, or None when its unit and cycle were there before.

    One that was skipped is opened after all.
    """
    mine = (
        col(RatingPoll.team_id) == values["team_id"],
        col(RatingPoll.unit_id) == values["unit_id"],
        col(RatingPoll.cycle_id) == values["cycle_id"],
    )
    if not insert_or_ignore(session, RatingPoll, values):
        skipped = update(RatingPoll).where(*mine, col(RatingPoll.state) == "skipped").values(values)
        if values["state"] != "open" or session.connection().execute(skipped).rowcount != 1:
            return None
    return session.exec(select(RatingPoll.id).where(*mine)).one()


def invite(session: Session, invites: Iterable[RatingInvite]) -> None:
    """Say who is asked."""
    session.add_all(invites)
    session.flush()


def polls(session: Session, team_id: str) -> list[Poll]:
    """Every poll, the one that closes last first."""
    query = _named(team_id).order_by(col(RatingPoll.closes_at).desc(), col(RatingPoll.id).desc())
    return [Poll(*row) for row in session.exec(query)]


def over(session: Session, team_id: str, *, now: datetime) -> list[Poll]:
    """Open polls whose closing has come."""
    query = _named(team_id).where(RatingPoll.state == "open", col(RatingPoll.closes_at) <= now)
    return [Poll(*row) for row in session.exec(query.order_by(col(RatingPoll.closes_at), col(RatingPoll.id)))]


def get(session: Session, team_id: str, poll_id: int, *, hold: bool = False) -> Poll | None:
    """A poll by id. `hold` keeps it from closing until this transaction ends."""
    query = _named(team_id).where(RatingPoll.id == poll_id)
    if hold:
        query = query.with_for_update(of=RatingPoll)
    found = session.exec(query).first()
    return Poll(*found) if found else None


def _named(team_id: str) -> Any:
    return (
        select(RatingPoll, Unit, Cycle)
        .join(Unit, col(Unit.id) == RatingPoll.unit_id)
        .join(Cycle, col(Cycle.id) == RatingPoll.cycle_id)
        .where(RatingPoll.team_id == team_id)
    )


def close(session: Session, poll: Poll, *, now: datetime) -> bool:
    """Close an open poll; False when another process did. Waits for votes that are being written."""
    statement = (
        update(RatingPoll)
        .where(
            col(RatingPoll.team_id) == poll.row.team_id, col(RatingPoll.id) == poll.id, col(RatingPoll.state) == "open"
        )
        .values(state="closed", closed_at=now)
    )
    done = session.connection().execute(statement)
    session.refresh(poll.row)
    return done.rowcount == 1


def asked(session: Session, team_id: str, poll_ids: Sequence[int]) -> dict[int, list[Person]]:
    """Who is asked in each of some polls, by poll id and in the order of the file."""
    query = (
        select(RatingInvite.poll_id, Person)
        .join(Person, col(Person.id) == RatingInvite.person_id)
        .where(RatingInvite.team_id == team_id, col(RatingInvite.poll_id).in_(poll_ids))
        .order_by(col(Person.id))
    )
    found: dict[int, list[Person]] = {poll_id: [] for poll_id in poll_ids}
    for poll_id, person in session.exec(query):
        found[poll_id].append(person)
    return found


def asked_counts(session: Session, team_id: str, poll_ids: Sequence[int]) -> dict[int, int]:
    """How many are asked in each of some polls, by poll id."""
    query = (
        select(RatingInvite.poll_id, func.count())
        .where(RatingInvite.team_id == team_id, col(RatingInvite.poll_id).in_(poll_ids))
        .group_by(col(RatingInvite.poll_id))
    )
    return dict.fromkeys(poll_ids, 0) | dict(session.exec(query).all())


def invites(session: Session, team_id: str, poll_id: int) -> list[RatingInvite]:
    """Who is asked in a poll, with what is known of each."""
    query = select(RatingInvite).where(RatingInvite.team_id == team_id, RatingInvite.poll_id == poll_id)
    return list(session.exec(query.order_by(col(RatingInvite.person_id))))


def voted(session: Session, team_id: str, poll: Poll) -> set[int]:
    """The ids of those who have voted; of an anonymous poll it is all that is known."""
    found: Any = (
        select(RatingInvite.person_id).where(RatingInvite.poll_id == poll.id, col(RatingInvite.voted))
        if poll.row.anonymous
        else select(RatingVote.person_id).where(RatingVote.poll_id == poll.id)
    )
    return set(session.exec(found))


def to_remind(session: Session, team_id: str, *, now: datetime) -> list[tuple[Poll, RatingInvite]]:
    """The invitations of open polls that were not answered, and whose reminder is due."""
    query = (
        _unanswered(select(RatingInvite, RatingPoll, Unit, Cycle), team_id)
        .join(Unit, col(Unit.id) == RatingPoll.unit_id)
        .join(Cycle, col(Cycle.id) == RatingPoll.cycle_id)
        .where(col(RatingPoll.closes_at) > now, col(RatingInvite.remind_at) <= now)
    )
    return [(Poll(poll, unit, cycle), invite) for invite, poll, unit, cycle in session.exec(query)]


def unreminded(session: Session, team_id: str) -> list[RatingInvite]:
    """The invitations of open polls that were not answered, and whose reminder is to come."""
    return list(session.exec(_unanswered(select(RatingInvite), team_id)))


def _unanswered(query: Any, team_id: str) -> Any:
    given = exists().where(
        col(RatingVote.poll_id) == col(RatingInvite.poll_id), col(RatingVote.person_id) == col(RatingInvite.person_id)
    )
    return (
        query.join(RatingPoll, col(RatingPoll.id) == RatingInvite.poll_id)
        .where(RatingPoll.team_id == team_id, RatingPoll.state == "open", ~col(RatingInvite.voted), ~given)
        .where(col(RatingInvite.remind_at).is_not(None), col(RatingInvite.reminded_at).is_(None))
        .order_by(col(RatingInvite.poll_id), col(RatingInvite.person_id))
    )


def is_asked(session: Session, team_id: str, poll_id: int, person_id: int) -> bool:
    """Whether a person is asked in a poll."""
    row = session.get(RatingInvite, (poll_id, person_id))
    return row is not None and row.team_id == team_id


def votes(session: Session, team_id: str, poll_ids: Sequence[int]) -> dict[int, list[RatingVote]]:
    """The votes of some polls by poll id, in the order in which they were given."""
    query = (
        select(RatingVote)
        .where(RatingVote.team_id == team_id, col(RatingVote.poll_id).in_(poll_ids))
        .order_by(col(RatingVote.at), col(RatingVote.person_id))
    )
    found: dict[int, list[RatingVote]] = {poll_id: [] for poll_id in poll_ids}
    for row in session.exec(query):
        found[row.poll_id].append(row)
    return found


def vote_of(session: Session, team_id: str, poll_id: int, person_id: int) -> RatingVote | None:
    """A person's vote in a poll."""
    row = session.get(RatingVote, (poll_id, person_id))
    return row if row is not None and row.team_id == team_id else None


def owed(session: Session, team_id: str, person_id: int, *, now: datetime) -> list[Poll]:
    """The open polls in which a person is asked and has not voted, the one that closes first first."""
    voted = select(RatingVote.poll_id).where(RatingVote.team_id == team_id, RatingVote.person_id == person_id)
    query = (
        _named(team_id)
        .join(RatingInvite, col(RatingInvite.poll_id) == RatingPoll.id)
        .where(RatingInvite.person_id == person_id, RatingPoll.state == "open", col(RatingPoll.closes_at) > now)
        .where(~col(RatingInvite.voted), col(RatingPoll.id).not_in(voted))
    )
    return [Poll(*row) for row in session.exec(query.order_by(col(RatingPoll.closes_at)))]
