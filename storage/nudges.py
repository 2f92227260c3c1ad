"""The ledger of nudges: what was sent to whom and when, and what was left out and why. Keeps books; decides nothing."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from storage.dialects import insert_or_ignore
from storage.tables import CheckinAsk, CheckinRound, Nudge


def enter(session: Session, row: Nudge) -> bool:
    """Write an occasion down once, sent or dropped. False, and nothing changes, when its key stands already."""
    return insert_or_ignore(session, Nudge, row.model_dump(exclude={"id"}))


def entered(session: Session, team_id: str, key: str) -> Nudge | None:
    """What became of an occasion."""
    return session.exec(select(Nudge).where(Nudge.team_id == team_id, Nudge.key == key)).first()


def drop(session: Session, team_id: str, key: str, why: str) -> None:
    """Say of an occasion that was to be sent later why it is not; it is counted no more."""
    row = entered(session, team_id, key)
    if row is not None:
        row.dropped = why
        session.add(row)
        session.flush()


def sent_to(session: Session, team_id: str, person_id: int, *, since: datetime) -> list[Nudge]:
    """What a person got later than an instant, or will get by a promise that stands; oldest first."""
    query = select(Nudge).where(
        Nudge.team_id == team_id, Nudge.person_id == person_id, Nudge.dropped == "", col(Nudge.at) > since
    )
    return list(session.exec(query.order_by(col(Nudge.at), col(Nudge.id))))


def about(session: Session, team_id: str, ask_ids: Iterable[int]) -> list[Nudge]:
    """Everything about some asks, sent or dropped; oldest first."""
    query = select(Nudge).where(Nudge.team_id == team_id, col(Nudge.ask_id).in_(list(ask_ids)))
    return list(session.exec(query.order_by(col(Nudge.at), col(Nudge.id))))


def untold(session: Session, team_id: str, *, since: datetime) -> list[tuple[CheckinAsk, CheckinRound]]:
    """Those of the unanswered whose lead was not told yet, by whatever way, that the round closed without them."""
    query = select(Nudge.ask_id).where(Nudge.team_id == team_id, Nudge.kind == "escalation", col(Nudge.at) > since)
    told = set(session.exec(query))
    return [(ask, row) for ask, row in unanswered(session, team_id, since=since) if ask.id not in told]


def unanswered(session: Session, team_id: str, *, since: datetime) -> list[tuple[CheckinAsk, CheckinRound]]:
    """The asks of rounds that closed later than an instant which nobody answered and which did not go up yet."""
    query = (
        select(CheckinAsk, CheckinRound)
        .join(CheckinRound, col(CheckinRound.id) == CheckinAsk.round_id)
        .where(CheckinAsk.team_id == team_id, CheckinAsk.state == "missed", col(CheckinAsk.escalated_at).is_(None))
        .where(col(CheckinAsk.asked_at).is_not(None), col(CheckinRound.closed_at) > since)
        .order_by(col(CheckinRound.id), col(CheckinAsk.id))
    )
    return list(session.exec(query))
