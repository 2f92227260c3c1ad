"""Queries of the alignment workshop: where each is, its moves by compare-and-set, its items. Decides nothing."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, update
from sqlmodel import Session, col, select

from storage.dialects import insert_or_ignore
from storage.tables import Blocker, Objective, OutboxRow, Workshop, WorkshopItem

OVER = ("closed", "cancelled")


def due(session: Session, team_id: str, *, now: datetime) -> list[Workshop]:
    """Those for which time has something to do: ask for drafts, post the agenda, tell a turn's time."""
    asking = and_(col(Workshop.state) == "planned", col(Workshop.ask_at) <= now)
    opening = and_(col(Workshop.state) == "drafting", col(Workshop.starts_at) <= now, col(Workshop.agenda_at).is_(None))
    ticking = and_(col(Workshop.state) == "presenting", col(Workshop.tick_at) <= now)
    query = select(Workshop).where(Workshop.team_id == team_id, or_(asking, opening, ticking))
    return list(session.exec(query.order_by(col(Workshop.id))))


def unfinished(session: Session, team_id: str) -> list[Workshop]:
    """Those ahead and those that run, the next one first."""
    query = select(Workshop).where(Workshop.team_id == team_id, col(Workshop.state).not_in(OVER))
    return list(session.exec(query.order_by(col(Workshop.starts_at), col(Workshop.id))))


def newest(session: Session, team_id: str) -> list[Workshop]:
    """All that were not cancelled, the latest first."""
    query = select(Workshop).where(Workshop.team_id == team_id, Workshop.state != "cancelled")
    return list(session.exec(query.order_by(col(Workshop.starts_at).desc(), col(Workshop.id).desc())))


def every(session: Session, team_id: str) -> list[Workshop]:
    """All, those that were called off among them."""
    return list(session.exec(select(Workshop).where(Workshop.team_id == team_id).order_by(col(Workshop.id))))


def get(session: Session, team_id: str, number: int) -> Workshop | None:
    """A workshop by its row id."""
    return session.exec(select(Workshop).where(Workshop.team_id == team_id, Workshop.id == number)).first()


def of_cycle(session: Session, team_id: str, unit_id: int, cycle_id: int) -> Workshop | None:
    """The workshop of a unit and cycle, in whatever state."""
    query = select(Workshop).where(Workshop.team_id == team_id)
    return session.exec(query.where(Workshop.unit_id == unit_id, Workshop.cycle_id == cycle_id)).first()


def enter(session: Session, row: Workshop) -> bool:
    """Write a workshop down; False where its unit and cycle have one."""
    return insert_or_ignore(session, Workshop, row.model_dump(exclude={"id"}))


def move(session: Session, row: Workshop, *, step: int, values: dict[str, Any]) -> bool:
    """Change a workshop that is still at `step`, and count the move; False, and nothing changes, where it went on."""
    mine = and_(col(Workshop.team_id) == row.team_id, col(Workshop.id) == row.id, col(Workshop.step) == step)
    done = session.connection().execute(update(Workshop).where(mine).values(**values, step=step + 1))
    session.refresh(row)
    return done.rowcount == 1


def put(session: Session, row: Workshop, **values: Any) -> None:
    """Write down what is no move: that the lines were asked, that the agenda stands, what a clock said."""
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()


def items(session: Session, team_id: str, workshop_id: int) -> list[WorkshopItem]:
    """What was noted and not taken back, oldest first."""
    query = select(WorkshopItem).where(WorkshopItem.team_id == team_id, WorkshopItem.workshop_id == workshop_id)
    return list(session.exec(query.where(col(WorkshopItem.retracted_at).is_(None)).order_by(col(WorkshopItem.id))))


def item(session: Session, team_id: str, number: int) -> WorkshopItem | None:
    """An item by its row id, taken back or not."""
    return session.exec(select(WorkshopItem).where(WorkshopItem.team_id == team_id, WorkshopItem.id == number)).first()


def by_source(session: Session, team_id: str, source_key: str) -> WorkshopItem | None:
    """The item that a reaction or form made."""
    query = select(WorkshopItem).where(WorkshopItem.team_id == team_id, WorkshopItem.source_key == source_key)
    return session.exec(query).first()


def note(session: Session, row: WorkshopItem) -> WorkshopItem:
    """Write an item down, once for its source; the one that stands."""
    insert_or_ignore(session, WorkshopItem, row.model_dump(exclude={"id"}))
    found = by_source(session, row.team_id, row.source_key)
    assert found is not None
    return found


def objective_id(session: Session, team_id: str, key: str) -> int | None:
    """The row of an objective by its key."""
    return session.exec(select(Objective.id).where(Objective.team_id == team_id, Objective.key == key)).first()


def objective_keys(session: Session, team_id: str, rows: Iterable[int | None]) -> dict[int | None, str]:
    """The keys of objectives by their rows."""
    wanted = [number for number in rows if number is not None]
    query = select(Objective.id, Objective.key).where(Objective.team_id == team_id, col(Objective.id).in_(wanted))
    return dict(session.exec(query).all()) if wanted else {}


def blocker_numbers(session: Session, team_id: str, rows: Iterable[int | None]) -> dict[int | None, int]:
    """The numbers of blockers by their rows."""
    wanted = [number for number in rows if number is not None]
    query = select(Blocker.id, Blocker.number).where(Blocker.team_id == team_id, col(Blocker.id).in_(wanted))
    return dict(session.exec(query).all()) if wanted else {}


DRAFTS = ("workshop", "workshop_turn", "workshop_ask")
ALL = (*DRAFTS, "workshop_round", "workshop_time", "workshop_confirm")


def messages(session: Session, row: Workshop, names: Sequence[str] = ALL) -> list[str]:
    """The outbox keys of a workshop's messages that begin with some names, of whatever run: one from before it was
    moved shows the new hour too.
    """
    heads = (f"{name}:{row.id}:" for name in names)
    among = or_(*(col(OutboxRow.key).startswith(head, autoescape=True) for head in heads))
    return list(session.exec(select(OutboxRow.key).where(OutboxRow.team_id == row.team_id, among)))


def cards(session: Session, team_id: str, items: Iterable[WorkshopItem]) -> list[str]:
    """The outbox keys of what was sent of some items, to whomever they once concerned."""
    heads = tuple(f"workshop_card:{one.id}:" for one in items)
    query = select(OutboxRow.key).where(OutboxRow.team_id == team_id, OutboxRow.kind == "workshop_card")
    return [key for key in session.exec(query) if key.startswith(heads)] if heads else []


def drafts_shown(session: Session, team_id: str) -> list[str]:
    """The outbox keys of what shows drafts of workshops that are not over: questions for them, agendas, drafts."""
    return [key for row in unfinished(session, team_id) for key in messages(session, row, DRAFTS)]
