"""Queries of the check-in: rounds, asks, answers, proposals. No rules: what to write is decided by the caller."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, update
from sqlalchemy.orm import Bundle
from sqlmodel import Session, col, select

from storage.tables import Adjustment, Answer, Blocker, CheckinAsk, CheckinRound, KeyResultUpdate, Person, Proposal


@dataclass(frozen=True)
class AskedLead:
    """An ask with its lead."""

    ask: CheckinAsk
    person: Person


def newest_days(session: Session, team_id: str) -> dict[int, date]:
    """The local date of each unit's newest round, in whatever state, by the unit's id."""
    query = select(CheckinRound.unit_id, func.max(CheckinRound.local_date)).where(CheckinRound.team_id == team_id)
    return dict(session.exec(query.group_by(col(CheckinRound.unit_id))).all())


def last_number(session: Session, team_id: str, unit_id: int, cycle_id: int, day: date) -> int:
    """The number of a unit's last round in a cycle before a local date; 0 where there was none."""
    query = select(func.max(CheckinRound.number)).where(
        CheckinRound.team_id == team_id,
        CheckinRound.unit_id == unit_id,
        CheckinRound.cycle_id == cycle_id,
        col(CheckinRound.local_date) < day,
    )
    return session.exec(query).one() or 0


def open_rounds(session: Session, team_id: str) -> list[CheckinRound]:
    """Rounds that are not closed."""
    query = select(CheckinRound).where(CheckinRound.team_id == team_id, CheckinRound.state == "open")
    return list(session.exec(query.order_by(col(CheckinRound.slot))))


def latest_rounds(session: Session, team_id: str, *, since: datetime) -> list[CheckinRound]:
    """Rounds whose slot is not before an instant, oldest first; skipped ones left out."""
    query = select(CheckinRound).where(
        CheckinRound.team_id == team_id, CheckinRound.state != "skipped", col(CheckinRound.slot) >= since
    )
    return list(session.exec(query.order_by(col(CheckinRound.slot))))


def get_round(session: Session, team_id: str, round_id: int) -> CheckinRound | None:
    """A round by id."""
    row = session.get(CheckinRound, round_id)
    return row if row is not None and row.team_id == team_id else None


def get_ask(session: Session, team_id: str, ask_id: int) -> CheckinAsk | None:
    """An ask by id."""
    row = session.get(CheckinAsk, ask_id)
    return row if row is not None and row.team_id == team_id else None


def asks_of(session: Session, team_id: str, round_ids: Sequence[int]) -> list[AskedLead]:
    """Every ask of some rounds with its lead, by the lead's name."""
    query = (
        select(CheckinAsk, Person)
        .join(Person, col(Person.id) == CheckinAsk.person_id)
        .where(CheckinAsk.team_id == team_id, col(CheckinAsk.round_id).in_(round_ids))
        .order_by(col(Person.name))
    )
    return [AskedLead(ask, person) for ask, person in session.exec(query)]


def asks_seen(session: Session, team_id: str, round_ids: Sequence[int]) -> list[AskedLead]:
    """As `asks_of`, for reading alone: plain rows, which cost a third and cannot be changed."""
    ask: Bundle[Any] = Bundle("ask", *_columns(CheckinAsk))
    person: Bundle[Any] = Bundle("person", *_columns(Person))
    query = (
        select(ask, person)
        .join(Person, col(Person.id) == CheckinAsk.person_id)
        .where(CheckinAsk.team_id == team_id, col(CheckinAsk.round_id).in_(round_ids))
        .order_by(col(Person.name))
    )
    return [AskedLead(row.ask, row.person) for row in session.execute(query)]


def _columns(table: Any) -> list[Any]:
    return [getattr(table, column.key) for column in table.__table__.columns]


def asks_by_id(session: Session, team_id: str, ask_ids: Sequence[int]) -> list[CheckinAsk]:
    """Some asks, by their leads' names."""
    query = (
        select(CheckinAsk)
        .join(Person, col(Person.id) == CheckinAsk.person_id)
        .where(CheckinAsk.team_id == team_id, col(CheckinAsk.id).in_(ask_ids))
        .order_by(col(Person.name))
    )
    return list(session.exec(query))


def ask_of(session: Session, team_id: str, round_id: int, person_id: int) -> CheckinAsk | None:
    """What a person was asked in a round; of what they were asked for others too, their own."""
    query = select(CheckinAsk).where(CheckinAsk.team_id == team_id, CheckinAsk.round_id == round_id, _for(person_id))
    own_first = (col(CheckinAsk.person_id) == person_id).desc()
    return session.exec(query.order_by(own_first, col(CheckinAsk.id))).first()


def newest_ask(session: Session, team_id: str, person_id: int) -> CheckinAsk | None:
    """The newest ask of a person, whatever its state: those that wait first, their own before others'; one whose hour
    is yet to come can be answered early."""
    own_first = (col(CheckinAsk.person_id) == person_id).desc()
    query = (
        select(CheckinAsk)
        .where(CheckinAsk.team_id == team_id, _for(person_id))
        .order_by((col(CheckinAsk.state) == "asked").desc(), own_first, col(CheckinAsk.slot).desc())
        .limit(1)
    )
    return session.exec(query).first()


def _for(person_id: int) -> ColumnElement[bool]:
    return or_(col(CheckinAsk.person_id) == person_id, col(CheckinAsk.delegate_id) == person_id)


def owed(session: Session, team_id: str, person_id: int) -> list[tuple[CheckinAsk, CheckinRound]]:
    """The asks that a person has not answered, or not wholly, in rounds that are open: the first due first."""
    query = (
        select(CheckinAsk, CheckinRound)
        .join(CheckinRound, col(CheckinRound.id) == CheckinAsk.round_id)
        .where(CheckinAsk.team_id == team_id, _for(person_id), CheckinRound.state == "open")
        .where(or_(col(CheckinAsk.state) == "asked", and_(col(CheckinAsk.state) == "answered", col(CheckinAsk.partly))))
        .order_by(col(CheckinAsk.due_at), col(CheckinAsk.slot), col(CheckinAsk.id))
    )
    return list(session.exec(query))


def versions(session: Session, team_id: str, source_key: str) -> list[Answer]:
    """Every version of an answer, oldest first."""
    query = select(Answer).where(Answer.team_id == team_id, Answer.source_key == source_key)
    return list(session.exec(query.order_by(col(Answer.version))))


def answer_before_round(session: Session, team_id: str, person_id: int, round_id: int) -> Answer | None:
    """The newest answer in words that a person gave in another round and that is in force."""
    query = (
        select(Answer)
        .join(CheckinAsk, col(CheckinAsk.id) == Answer.ask_id)
        .where(CheckinAsk.team_id == team_id, CheckinAsk.person_id == person_id, CheckinAsk.round_id != round_id)
        .where(col(Answer.superseded).is_(False), Answer.source != "button", col(Answer.reading).is_not(None))
        .order_by(col(Answer.at).desc(), col(Answer.id).desc())
        .limit(1)
    )
    return session.exec(query).first()


def snoozed(session: Session, team_id: str, *, until: datetime) -> list[CheckinAsk]:
    """The asks that were put off until an instant or before."""
    query = select(CheckinAsk).where(CheckinAsk.team_id == team_id, col(CheckinAsk.snoozed_until) <= until)
    return list(session.exec(query.order_by(col(CheckinAsk.id))))


def get_answer(session: Session, team_id: str, answer_id: int) -> Answer | None:
    """An answer by id."""
    row = session.get(Answer, answer_id)
    return row if row is not None and row.team_id == team_id else None


def unread_answers(session: Session, team_id: str) -> list[Answer]:
    """Answers that were stored but not read yet, and not found unreadable: what a crash in between leaves."""
    query = select(Answer).where(
        Answer.team_id == team_id,
        col(Answer.reading).is_(None),
        Answer.fault == "",
        col(Answer.superseded).is_(False),
        col(Answer.ask_id).is_not(None),
    )
    return list(session.exec(query.order_by(col(Answer.id))))


def answers_of(session: Session, team_id: str, ask_ids: Iterable[int]) -> list[Answer]:
    """The valid answers to some asks, oldest first."""
    query = select(Answer).where(
        Answer.team_id == team_id, col(Answer.ask_id).in_(list(ask_ids)), col(Answer.superseded).is_(False)
    )
    return list(session.exec(query.order_by(col(Answer.id))))


def said_at(session: Session, team_id: str, ask_ids: Iterable[int]) -> dict[int, list[datetime]]:
    """When something was said to some asks, by ask, in order: every version of every answer, in force or not."""
    query = select(Answer.ask_id, Answer.at).where(Answer.team_id == team_id, col(Answer.ask_id).in_(list(ask_ids)))
    found: dict[int, list[datetime]] = {}
    for ask_id, at in session.exec(query.order_by(col(Answer.at), col(Answer.id))):
        found.setdefault(ask_id or 0, []).append(at)
    return found


def answers_by(session: Session, answer: Answer) -> list[Answer]:
    """The other answers of an answer's author that are in force, newest first."""
    query = select(Answer).where(
        Answer.team_id == answer.team_id,
        Answer.person_id == answer.person_id,
        Answer.id != answer.id,
        col(Answer.superseded).is_(False),
    )
    return list(session.exec(query.order_by(col(Answer.id).desc())))


def supersede(session: Session, answer: Answer, *, now: datetime) -> None:
    """Take an answer out of force with what was written from it; everything stays for the history."""
    answer.superseded = True
    session.add(answer)
    session.execute(
        update(KeyResultUpdate)
        .where(col(KeyResultUpdate.answer_id) == answer.id, col(KeyResultUpdate.retracted_at).is_(None))
        .values(retracted_at=now)
    )
    session.execute(
        update(Blocker)
        .where(col(Blocker.answer_id) == answer.id, col(Blocker.state) == "open")
        .values(state="withdrawn", resolved_at=now)
    )
    session.execute(
        update(Adjustment)
        .where(col(Adjustment.answer_id) == answer.id, col(Adjustment.state) == "open")
        .values(state="withdrawn")
    )
    session.execute(
        update(Proposal)
        .where(col(Proposal.answer_id) == answer.id, col(Proposal.state) == "open")
        .values(state="dismissed", decided_at=now)
    )


def get_proposal(session: Session, team_id: str, proposal_id: int) -> Proposal | None:
    """A proposal by id."""
    row = session.get(Proposal, proposal_id)
    return row if row is not None and row.team_id == team_id else None


def proposals_of(session: Session, team_id: str, answer_id: int) -> list[Proposal]:
    """What waits, or waited, to be confirmed for an answer."""
    query = select(Proposal).where(Proposal.team_id == team_id, Proposal.answer_id == answer_id)
    return list(session.exec(query.order_by(col(Proposal.id))))


def updates_of(session: Session, team_id: str, answer_ids: Sequence[int]) -> list[KeyResultUpdate]:
    """What was written from some answers, retracted or not."""
    query = select(KeyResultUpdate).where(
        KeyResultUpdate.team_id == team_id, col(KeyResultUpdate.answer_id).in_(answer_ids)
    )
    return list(session.exec(query.order_by(col(KeyResultUpdate.id))))
