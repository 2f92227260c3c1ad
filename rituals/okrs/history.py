"""All that happened to a key result: what was said of it, what of that was taken back, what was changed and proposed.

Reads and words; writes nothing. Nothing is ever left out of it, only marked.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal, cast

from rituals.okrs.authoring.words import change_words
from rituals.okrs.cards import HistoryEvent, HistoryPage
from rituals.okrs.earlier import graded, line_of_descent
from rituals.okrs.known import named
from rituals.okrs.load import PortfolioState
from rituals.okrs.model import HandStatus, KeyResult
from rituals.okrs.seen import load_seen
from rituals.okrs.words import value_words
from storage import changes, registers, sources
from storage import okrs as queries
from storage.database import Database, Session
from storage.tables import KeyResultUpdate

ENDED = {"closed": "closed", "carried": "carried over", "dropped": "dropped"}


def history(db: Database, team_id: str, text: str, *, now: datetime, user: str = "") -> HistoryPage:
    """Everything about the key result that `text` names, newest first. Raises Refusal as `card.show` does."""
    with db.transaction(readonly=True) as session:
        state, _ = load_seen(session, team_id, user)
        kr = named(state, text, now)
        events = _events(session, state, kr)
        for before in line_of_descent(state, kr):
            events += _events(session, state, before)
    events.sort(key=lambda event: event.at)
    return HistoryPage(key=kr.key, title=kr.title, events=tuple(reversed(events)))


def _events(session: Session, state: PortfolioState, kr: KeyResult) -> list[HistoryEvent]:
    """All that happened to one key result, and what it came to."""
    rows = queries.updates_of(session, state.team_id, kr.id or 0)
    found = [*_said(session, state, kr, rows), *_proposed(session, state, kr), *_changed(session, state, kr)]
    return [*found, *_graded(session, state, kr)]


def _graded(session: Session, state: PortfolioState, kr: KeyResult) -> Iterator[HistoryEvent]:
    came_to = graded(session, state, kr)
    if came_to is None:
        return
    cycle = state.objectives_by_key[kr.objective].cycle
    score = "without a score" if came_to.score is None else f"{came_to.score} ({came_to.band})"
    to = f" to {came_to.to}" if came_to.to else ""
    words = f"{kr.key} in {cycle}: {score}, {ENDED[came_to.outcome]}{to}"
    yield HistoryEvent(at=came_to.at, what="grade", words=words, note=came_to.reason or came_to.note, by=came_to.by)


def _said(
    session: Session, state: PortfolioState, kr: KeyResult, rows: Sequence[KeyResultUpdate]
) -> Iterator[HistoryEvent]:
    """What was said, oldest first; each value beside the one that stood then."""
    links = sources.permalinks(session, state.team_id, [row.id for row in rows if row.id is not None])
    standing: dict[tuple[str, int | None], Decimal] = {}
    for row in rows:
        speaks = (row.role, row.unit_id if row.role == "view" else None)
        person = state.people_by_id.get(row.person_id or 0)
        unit = state.unit_keys.get(row.unit_id or 0)
        yield HistoryEvent(
            at=row.at,
            what="view" if row.role == "view" else "value",
            before=value_words(kr, standing.get(speaks)) if row.value is not None else None,
            after=value_words(kr, row.value),
            confidence=row.confidence,
            note=row.note,
            evidence=row.evidence,
            by=person.name if person else None,
            unit=state.units[unit].name if unit else None,
            permalink=links.get(row.id or 0),
            status=cast("HandStatus | None", row.status),
            status_reason=row.status_reason,
            gone=_gone(row, rows),
            gone_at=row.retracted_at,
        )
        if row.value is not None and row.retracted_at is None:
            standing[speaks] = row.value


def _gone(row: KeyResultUpdate, rows: Sequence[KeyResultUpdate]) -> Literal["", "undone", "corrected"]:
    """Taken back for a new one of the same person in the same instant, that is corrected; else undone."""
    if row.retracted_at is None:
        return ""
    later = [other for other in rows if (other.id or 0) > (row.id or 0)]
    corrected = any(other.at == row.retracted_at and other.person_id == row.person_id for other in later)
    return "corrected" if corrected else "undone"


def _proposed(session: Session, state: PortfolioState, kr: KeyResult) -> Iterator[HistoryEvent]:
    for row in registers.adjustments_of(session, state.team_id, kr.id or 0):
        person = state.people_by_id.get(row.person_id or 0)
        yield HistoryEvent(
            at=row.proposed_at,
            what="adjustment",
            words=f"A-{row.number}: {row.text}" + ("" if row.state == "open" else f" ({row.state})"),
            note=row.reason,
            by=person.name if person else None,
        )


def _changed(session: Session, state: PortfolioState, kr: KeyResult) -> Iterator[HistoryEvent]:
    for row in changes.changes_of(session, state.team_id, "key_result", kr.key):
        after = dict(row.after or {})
        reason = str(after.pop("reason", "") or "")
        person = state.member(row.slack_user)
        words = "added" if row.action == "add" else ", ".join(change_words(state, row.before or {}, after))
        yield HistoryEvent(
            at=row.at, what="change", words=words or "changed", note=reason, by=person.name if person else None
        )
