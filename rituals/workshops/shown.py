"""What people see of a workshop, as notices built from its present state when they are sent. Read only."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rituals.notices.workshops import (
    Covered,
    DraftRef,
    ItemLine,
    LineStep,
    Meeting,
    StepState,
    WorkshopAsk,
    WorkshopBoard,
    WorkshopCard,
    WorkshopConfirm,
    WorkshopTime,
    WorkshopTurn,
)
from rituals.okrs.load import PortfolioState, load_portfolio
from rituals.okrs.put_aside import put_aside
from rituals.okrs.reaching import asked_of
from rituals.okrs.roles import seen_by
from rituals.workshops import drafts, rules, seats, telling
from storage import workshops as store
from storage.database import Session
from storage.tables import Workshop, WorkshopItem


def meeting(state: PortfolioState, row: Workshop) -> Meeting:
    """Which workshop."""
    facilitator = state.member(row.facilitator)
    return Meeting(
        workshop=telling.number_of(row),
        step=row.step,
        unit=state.units[seats.unit_of(state, row)].name,
        cycle=seats.cycle_of(state, row),
        channel=row.channel,
        starts_at=row.starts_at,
        state=rules.state_of(row.state),
        facilitator=facilitator.name if facilitator else "",
    )


def board_now(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> WorkshopBoard | None:
    """The agenda or the adjustment round as it stands; None when the workshop is gone."""
    row = store.get(session, team_id, data["workshop"])
    if row is None:
        return None
    whole = load_portfolio(session, team_id)
    return board(session, whole, row).model_copy(update={"part": data.get("part", "agenda")})


def board(session: Session, whole: PortfolioState, row: Workshop) -> WorkshopBoard:
    """The agenda, for those in its channel."""
    state, items = seats.in_channel(whole, row), store.items(session, row.team_id, telling.number_of(row))
    confirmed = state.member(row.confirmed_by)
    return WorkshopBoard(
        meeting=meeting(state, row),
        lines=tuple(_step(state, row, number, line, items) for number, line in _present(state, row)),
        items=item_lines(session, state, items),
        ends_at=row.turn_ends_at,
        before=covered(row.before),
        after=covered(row.after),
        confirmers=tuple(member.name for member in seats.confirmers(state, row)),
        confirmed_by=confirmed.name if confirmed else None,
        remark=row.remark,
    )


def _present(state: PortfolioState, row: Workshop) -> list[tuple[int, str]]:
    """The lines by their place on the agenda, but for units that are gone."""
    return [(number, line) for number, line in enumerate(row.turns or ()) if line in state.units]


def _step(state: PortfolioState, row: Workshop, number: int, line: str, items: Iterable[WorkshopItem]) -> LineStep:
    return LineStep(
        name=state.units[line].name,
        state=_step_state(row, number),
        objectives=len(drafts.drafted(state, line, seats.cycle_of(state, row))),
        items=sum(state.unit_keys[item.unit_id] == line for item in items),
    )


def _step_state(row: Workshop, number: int) -> StepState:
    if row.state in rules.AHEAD | {"cancelled"}:
        return "coming"
    if row.state == "presenting" and number >= row.turn:
        return "now" if number == row.turn else "coming"
    return "done" if number <= row.turn else "left_out"


def covered(kept: Mapping[str, Any] | None) -> Covered | None:
    """Kept figures as a part."""
    return Covered.model_validate(kept) if kept else None


def item_lines(session: Session, state: PortfolioState, items: Iterable[WorkshopItem]) -> tuple[ItemLine, ...]:
    """Items as lines, by the names that `state` shows."""
    rows = list(items)
    objectives = store.objective_keys(session, state.team_id, (item.objective_id for item in rows))
    blockers = store.blocker_numbers(session, state.team_id, (item.blocker_id for item in rows))
    return tuple(_line(state, item, objectives, blockers) for item in rows)


def _line(
    state: PortfolioState,
    item: WorkshopItem,
    objectives: Mapping[int | None, str],
    blockers: Mapping[int | None, int],
) -> ItemLine:
    def name(key: str | None) -> str | None:
        return state.units[key].name if key else None

    unit, other = state.unit_keys[item.unit_id], state.unit_keys.get(item.other_unit_id or 0)
    author, decider = state.member(item.slack_user), state.member(item.decided_by)
    delivers, waits = (other, unit) if item.provider == "other" else (unit, other)
    dependency = item.kind == "dependency"
    return ItemLine(
        item=telling.number_of(item),
        kind=item.kind,
        by=author.name if author else "somebody",
        unit=state.units[unit].name,
        other=name(other),
        asked=name(seats.asked_line(state, item)),
        provider=name(delivers) if dependency else None,
        waits=name(waits) if dependency else None,
        objective=objectives.get(item.objective_id),
        text=item.text,
        until=item.until,
        state=item.state,
        note=item.note,
        decided_by=decider.name if decider else None,
        blocker=blockers.get(item.blocker_id),
    )


def turn_now(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> WorkshopTurn | None:
    """A line's drafts as they stand; None when the workshop or the line is gone."""
    row, line = store.get(session, team_id, data["workshop"]), str(data["line"])
    whole = load_portfolio(session, team_id)
    if row is None or line not in whole.units or line not in (row.turns or ()):
        return None
    state, standing = seats.in_channel(whole, row), seats.standing(row)
    items = [i for i in store.items(session, team_id, telling.number_of(row)) if state.unit_keys[i.unit_id] == line]
    running = standing.line == line
    return WorkshopTurn(
        meeting=meeting(state, row),
        line=state.units[line].name,
        key=line,
        number=standing.turns.index(line) + 1,
        of=len(standing.turns),
        running=running,
        ends_at=row.turn_ends_at if running else None,
        over=rules.minutes_over(row.turn_ends_at, now) if running and row.turn_ends_at else 0,
        after=_name(state, standing.after) if running else None,
        objectives=drafts.shown(state, line, seats.cycle_of(state, row)),
        items=item_lines(session, state, items),
    )


def _name(state: PortfolioState, key: str | None) -> str | None:
    return state.units[key].name if key in state.units and key else None


def time_now(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> WorkshopTime | None:
    """That a line's time is up, as it stands; None when the workshop is gone."""
    row, line = store.get(session, team_id, data["workshop"]), str(data["line"])
    state = load_portfolio(session, team_id)
    if row is None or line not in state.units:
        return None
    standing = seats.standing(row)
    running = standing.line == line
    return WorkshopTime(
        line=seats.in_channel(state, row).units[line].name,
        over=rules.minutes_over(row.turn_ends_at, now) if running and row.turn_ends_at else 0,
        running=running,
        extended=row.turn_ends_at if running and row.turn_ends_at and row.turn_ends_at > now else None,
        users=tuple(member.slack for member in asked_of(state, line, now) if member.slack),
        after=_name(state, standing.after),
    )


def ask_now(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> WorkshopAsk | None:
    """The question for drafts with what is there now, for one lead; None when the workshop or the line is gone."""
    row, line = store.get(session, team_id, data["workshop"]), str(data["line"])
    whole = load_portfolio(session, team_id)
    reader = whole.people_by_id.get(data["person"])
    state = seen_by(whole, reader.key if reader else None)
    if row is None or line not in state.units:
        return None
    cycle = seats.cycle_of(state, row)
    return WorkshopAsk(
        meeting=meeting(state, row),
        line=state.units[line].name,
        minutes=int(rules.TURN.total_seconds() // 60),
        objectives=drafts.shown(state, line, cycle),
        missing=drafts.missing(state, line, cycle),
        advice=drafts.advice(state, line, cycle, put_aside(session, team_id)),
    )


def card_now(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> WorkshopCard | None:
    """An item as it stands for one person; None when it was taken back before they read of it."""
    item = store.item(session, team_id, data["item"])
    row = store.get(session, team_id, item.workshop_id) if item else None
    whole = load_portfolio(session, team_id)
    reader = whole.people_by_id.get(data["person"])
    if item is None or row is None or reader is None:
        return None
    state = seen_by(whole, reader.key)
    [line] = item_lines(session, state, [item])
    return WorkshopCard(
        meeting=meeting(state, row),
        line=line,
        mine=item.retracted_at is None and seats.answers(state, reader, item, now),
        edits=_edits(state, row, item),
        withdrawn=item.retracted_at is not None,
        author=item.slack_user == reader.slack,
    )


def _edits(state: PortfolioState, row: Workshop, item: WorkshopItem) -> tuple[DraftRef, ...]:
    """The drafts of the line that answers: what there is to adjust."""
    line = seats.asked_line(state, item)
    found = drafts.drafted(state, line, seats.cycle_of(state, row)) if line else ()
    return tuple(DraftRef(key=one.key, title=one.title) for one in found)


def confirm_now(session: Session, team_id: str, data: Mapping[str, Any], now: datetime) -> WorkshopConfirm | None:
    """The question whether the set covers the objectives, as it stands; None when the workshop is gone."""
    row = store.get(session, team_id, data["workshop"])
    if row is None:
        return None
    state = load_portfolio(session, team_id)
    items = [i for i in store.items(session, team_id, telling.number_of(row)) if i.kind != "decision"]
    confirmed = state.member(row.confirmed_by)
    return WorkshopConfirm(
        meeting=meeting(state, row),
        before=covered(row.before),
        after=covered(row.after),
        open_items=sum(item.state == "open" for item in items),
        accepted=sum(item.state == "accepted" for item in items),
        confirmed_by=confirmed.name if confirmed else None,
        remark=row.remark,
    )
