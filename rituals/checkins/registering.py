"""What an answer says of blockers and changes, put into the registers once: whoever says the same words again means the
entry that stands already.

An entry belongs to the answer that brought it. An edited answer keeps its entries with their numbers and age; one that
is taken back leaves to another answer in force what that says as well. Which words are a blocker is read elsewhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from rituals.checkins.quoting import with_names
from rituals.checkins.reading_kinds import kind_of
from rituals.checkins.reading_results import ReadAdjustment, ReadBlocker
from rituals.checkins.reading_same import the_same
from rituals.okrs.load import Member, PortfolioState
from storage import checkins as queries
from storage import registers
from storage.database import Session
from storage.tables import Adjustment, Answer, Blocker

KINDS = frozenset({"dependency", "decision", "resource", "technical", "external", "scope", "people"})
E = TypeVar("E", Blocker, Adjustment)
_AGAIN: Mapping[type[Blocker] | type[Adjustment], str] = {Blocker: "blockers_again", Adjustment: "adjustments_again"}
"""Where an answer's reading keeps the numbers of the entries that it says again."""


def register_blocker(
    session: Session, state: PortfolioState, answer: Answer, lead: Member | None, read: ReadBlocker, *, now: datetime
) -> Blocker:
    """The entry of a blocker, a new one unless it stands already; said again it waits until the day said last."""
    text = with_names(state, read.text)
    standing = _standing(session, Blocker, answer, text, provider=_name(state, read.waits_for))
    if standing is not None:
        standing.until = read.until or standing.until
        return standing
    led = state.led_by(lead.key) if lead else ()
    kr = state.key_results.get(read.key_result or "")
    held_up = next((u for u in kr.owners if u in led), None) if kr else None
    unit = held_up or next(iter(led), None)
    waits_for = read.waits_for if read.waits_for != unit else None
    return _added(
        session,
        Blocker(
            team_id=state.team_id,
            number=registers.next_blocker_number(session, state.team_id),
            text=text,
            unit_id=state.unit_ids[unit] if unit else None,
            waits_for_unit_id=state.unit_ids[waits_for] if waits_for else None,
            person_id=answer.person_id,
            key_result_id=kr.id if kr else None,
            answer_id=answer.id,
            until=read.until,
            kind=kind_of(text, waits_for_unit=waits_for is not None),
            opened_at=now,
        ),
    )


def register_adjustment(
    session: Session,
    state: PortfolioState,
    answer: Answer,
    lead: Member | None,
    read: ReadAdjustment,
    *,
    now: datetime,
) -> Adjustment:
    """The entry of a proposed change, a new one unless it stands already."""
    text = with_names(state, read.text)
    standing = _standing(session, Adjustment, answer, text)
    if standing is not None:
        return standing
    led = state.led_by(lead.key) if lead else ()
    kr = state.key_results.get(read.key_result or "")
    return _added(
        session,
        Adjustment(
            team_id=state.team_id,
            number=registers.next_adjustment_number(session, state.team_id),
            text=text,
            key_result_id=kr.id if kr else None,
            unit_id=state.unit_ids[led[0]] if led else None,
            person_id=answer.person_id,
            answer_id=answer.id,
            proposed_at=now,
        ),
    )


@dataclass(frozen=True)
class Details:
    """What a form says of its first blocker beside its words: kind, who is to act next, on what, and by when."""

    kind: str = ""
    owner_id: int | None = None
    next_step: str = ""
    next_on: date | None = None

    def __bool__(self) -> bool:
        return bool(self.kind or self.owner_id or self.next_step)


def add_details(entries: Iterable[Blocker | Adjustment], details: Details, reason: str) -> None:
    """Put what a form says beside its words to the first blocker and the first change that it brought."""
    blocker = next((row for row in entries if isinstance(row, Blocker)), None)
    if blocker is not None and details:
        blocker.kind = details.kind if details.kind in KINDS else blocker.kind
        blocker.owner_id, blocker.next_action, blocker.next_on = details.owner_id, details.next_step, details.next_on
    change = next((row for row in entries if isinstance(row, Adjustment)), None)
    if change is not None and reason:
        change.reason = reason


def _added(session: Session, row: E) -> E:
    session.add(row)
    session.flush()
    return row


def _name(state: PortfolioState, unit: str | None) -> str:
    return state.unit_names[unit] if unit else ""


def _standing(session: Session, table: type[E], answer: Answer, text: str, *, provider: str = "") -> E | None:
    """What this person said before: an open entry, or one of an earlier version of this answer.

    A change is the same in the same words only; a blocker also when it is told a little otherwise.
    """
    versions = {v.id for v in queries.versions(session, answer.team_id, answer.source_key) if v.id is not None}
    rows = registers.said_by(session, table, answer, versions)
    row = next((row for row in rows if _plain(row.text) == _plain(text)), None)
    if row is None and table is Blocker:
        place = the_same(text, [row.text for row in rows], provider=provider)
        row = rows[place] if place is not None else None
    if row is not None and row.answer_id in versions:
        row.answer_id = answer.id
        _reopen(row)
    return row


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _reopen(row: Blocker | Adjustment) -> None:
    """What went with the earlier version is back; what a person settled since stays settled."""
    if row.state != "withdrawn" or (isinstance(row, Blocker) and row.resolved_by is not None):
        return
    row.state = "open"
    if isinstance(row, Blocker):
        row.resolved_at = None


def said_again(entries: Iterable[Blocker | Adjustment], answer: Answer) -> dict[str, list[int]]:
    """The part of an answer's reading that names entries of other answers which it says again."""
    others = [row for row in entries if row.answer_id != answer.id]
    return {name: sorted({row.number for row in others if isinstance(row, table)}) for table, name in _AGAIN.items()}


def note_again(answer: Answer, entries: Iterable[Blocker | Adjustment]) -> None:
    """Add to a reading that is stored already the entries of other answers that it turned out to say again."""
    reading = answer.reading or {}
    more = {name: sorted({*reading.get(name, ()), *new}) for name, new in said_again(entries, answer).items()}
    answer.reading = {**reading, **more}


def again(answers: Iterable[Answer], table: type[Blocker] | type[Adjustment]) -> set[int]:
    """The numbers of the entries that some answers say again."""
    return {int(number) for answer in answers for number in (answer.reading or {}).get(_AGAIN[table], ())}


def take_out(session: Session, answer: Answer, *, now: datetime) -> None:
    """Put an answer out of force with what it wrote, but for the entries that another of this person's says again."""
    _leave(session, Blocker, answer)
    _leave(session, Adjustment, answer)
    session.flush()
    queries.supersede(session, answer, now=now)


def _leave(session: Session, table: type[E], answer: Answer) -> None:
    for row in registers.open_from(session, table, answer):
        heirs = (other.id for other in queries.answers_by(session, answer) if row.number in again([other], table))
        row.answer_id = next(heirs, row.answer_id)
