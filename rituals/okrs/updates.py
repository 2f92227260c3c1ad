"""Writing a key result's value: who may, what the value becomes, and how it is shown back. One way for commands,
forms and check-ins. History is only ever added to; an undo marks the row as taken back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from rituals.errors import Refusal
from rituals.notices import SavedLine
from rituals.okrs.load import Member, PortfolioState
from rituals.okrs.model import HandStatus, KeyResult, Role, Update
from rituals.okrs.numbers import Amount
from rituals.okrs.pace import expected_progress
from rituals.okrs.progress import as_of, current_value, raw_progress, shown, total_weight
from rituals.okrs.roles import may_overrule, may_write, not_yours
from rituals.okrs.words import status_words, value_words
from storage import okrs as queries
from storage import tables
from storage.database import Session

UNDO_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class NewValue:
    """What a person says of a key result. `amount` may be a change (+5); None where only a confidence was given.

    `status` is set by hand, with its `status_reason`, beside the one that is computed.
    """

    amount: Amount | None = None
    confidence: int | None = None
    note: str = ""
    evidence: str = ""
    blocked: bool = False
    status: HandStatus | None = None
    status_reason: str = ""


@dataclass(frozen=True)
class Origin:
    """Where an update was given. `key` names that very click, command or line, so that it is written once."""

    source: str
    key: str
    answer_id: int | None = None


def standing_of(state: PortfolioState, kr: KeyResult, person: Member | None) -> tuple[Role, str | None]:
    """As whom a person speaks of a key result: (report or view, the unit spoken for).

    On a shared key result who reports it moves the value and a co-owner gives a view; a lead of a unit above the
    owners and an admin may report too. Raises Refusal for everybody else, naming who can.
    """
    led = state.led_by(person.key) if person else ()
    own = next((unit for unit in kr.owners if unit in led), None)
    if person and kr.reporter == person.key:
        return "report", own or kr.owners[0]
    if person and own:
        return ("report" if not kr.shared or is_reporter(state, kr, person.key) else "view"), own
    if may_write(state, person.key if person else None, kr):
        return "report", None
    raise not_yours(state, kr.key, kr.owners)


def is_reporter(state: PortfolioState, kr: KeyResult, person: str) -> bool:
    """Whether the value is theirs to report: named for it, or where nobody is, a lead of the first owner with one."""
    if kr.reporter is not None:
        return kr.reporter == person
    first = next((state.units[key].leads for key in kr.owners if state.units[key].leads), ())
    return person in first


def resolved_value(kr: KeyResult, amount: Amount) -> Decimal:
    """The value that an amount means for this key result, as it is known. Raises Refusal for what cannot be one."""
    base = current_value(kr)
    value = amount.applied_to(kr.start if base is None else base)
    if kr.kind == "binary" and value not in (0, 1):
        raise Refusal(f"{kr.key} is done or not done; I read {amount.text}. Write done or not done.")
    if kr.kind == "milestone" and not 0 <= value <= total_weight(kr.milestones):
        whole = value_words(kr, value) or ""
        raise Refusal(f"{kr.key} counts milestones; I read {whole}. Write how much is done, from 0 to all of it.")
    return value


def write_update(
    session: Session,
    state: PortfolioState,
    kr: KeyResult,
    new: NewValue,
    *,
    by: Member | None,
    origin: Origin,
    now: datetime,
    speaks_for: Member | None = None,
) -> tables.KeyResultUpdate:
    """Append an update and return its row; the row that stands already when this origin was written before.

    `speaks_for` is the lead who is away and in whose place `by` answers. Raises Refusal when the person may not, the
    value cannot be one, or nothing was said.
    """
    role, unit = standing_of(state, kr, speaks_for or by)
    unit_id = state.unit_ids[unit] if unit else None
    _refuse_too_little(kr, new)
    queries.add_update(session, _values(state, kr, new, by, origin, now) | {"role": role, "unit_id": unit_id})
    row = queries.update_by_source(session, state.team_id, origin.key)
    assert row is not None
    _show_in_flags(session, state, kr, row, now)
    return row


def _values(
    state: PortfolioState, kr: KeyResult, new: NewValue, by: Member | None, origin: Origin, now: datetime
) -> dict[str, Any]:
    """What of an update is independent of whom it speaks for."""
    return {
        "team_id": state.team_id,
        "key_result_id": kr.id,
        "at": now,
        "value": resolved_value(as_of(kr, now, state.zone), new.amount) if new.amount else None,
        "confidence": new.confidence,
        "person_id": by.id if by else None,
        "note": new.note,
        "evidence": new.evidence,
        "blocked": new.blocked,
        "status": new.status,
        "status_reason": new.status_reason,
        "source": origin.source,
        "source_key": origin.key,
        "answer_id": origin.answer_id,
    }


def _refuse_too_little(kr: KeyResult, new: NewValue) -> None:
    if new.status and not new.status_reason:
        raise Refusal(f"Say why {kr.key} is {status_words[new.status]}: a status by hand needs its reason.")
    if not (new.amount or new.confidence is not None or new.note or new.evidence or new.status):
        raise Refusal(f"Say what changed for {kr.key}: a value, a confidence like 7/10, or a note.")


def _show_in_flags(
    session: Session, state: PortfolioState, kr: KeyResult, row: tables.KeyResultUpdate, now: datetime
) -> None:
    """What a shared key result is flagged for follows its value at once."""
    if kr.shared:
        from rituals.okrs.flags import log as flag_log  # with the first shared value: the start does without

        flag_log.after_update(session, state, kr, row, now)


def take_back(
    session: Session, state: PortfolioState, update_id: int, *, by: Member | None, now: datetime
) -> tables.KeyResultUpdate:
    """Undo an update of one's own; an admin and who leads above its owners may undo everybody's.

    Raises Refusal when it is not theirs to undo, or gone.
    """
    row = queries.get_update(session, state.team_id, update_id)
    kr = next((kr for kr in state.key_results.values() if row is not None and kr.id == row.key_result_id), None)
    if row is None or kr is None:
        raise Refusal("That update is not there any more. Nothing was changed.")
    if by is None or (row.person_id != by.id and not may_overrule(state, by.key, kr)):
        raise Refusal("Only who gave this value can undo it. You can give a new one with /okr update.")
    queries.retract(session, state.team_id, [update_id], now=now)
    if kr.shared:
        from storage import flags  # as above

        flags.look_again(session, state.team_id, now=now)
    row.retracted_at = row.retracted_at or now
    return row


def saved_line(state: PortfolioState, row: tables.KeyResultUpdate, *, now: datetime, key: str) -> SavedLine:
    """An update as it is shown back: before and after in words, with progress and expectation."""
    kr = state.key_results[key]
    before = [u for u in kr.updates if _stood_before(state, u, row)]
    value_before = next((u.value for u in reversed(before) if u.value is not None), None)
    counts = row.value is not None and row.role == "report"
    return SavedLine(
        update=row.id or 0,
        key=key,
        before=value_words(kr, value_before),
        after=value_words(kr, row.value),
        progress=float(shown(raw_progress(kr, row.value))) if counts and row.value is not None else None,
        expected=float(expected_progress(kr, state.today(now))) if counts else None,
        confidence=row.confidence,
        confidence_before=next((u.confidence for u in reversed(before) if u.confidence is not None), None),
        role=row.role,
        undone=row.retracted_at is not None,
        status=cast("HandStatus | None", row.status),
        status_reason=row.status_reason,
    )


def _stood_before(state: PortfolioState, update: Update, row: tables.KeyResultUpdate) -> bool:
    """Whether an earlier update is of the same kind: a report by whomever, or a view from the very same unit."""
    if update.role != row.role or (update.at, update.id or 0) >= (row.at, row.id or 0):
        return False
    return update.role == "report" or update.unit == state.unit_keys.get(row.unit_id or 0)
