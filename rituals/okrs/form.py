"""The update form: what stands in it when it opens, and what is read from it when it comes back. Pure.

`entry` names its fields `key`, `value`, `confidence`, `note`, `evidence`, `status` and `status_reason`; errors carry
these names.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeVar, cast

from rituals.errors import FormRefusal, Refusal
from rituals.okrs.by_hand import BY_WORDS, hand_set
from rituals.okrs.cards import UpdateForm
from rituals.okrs.known import known, open_ones
from rituals.okrs.load import Member, PortfolioState
from rituals.okrs.model import HandStatus, KeyResult
from rituals.okrs.numbers import Amount, fold, read_amount, read_confidence, write_number
from rituals.okrs.plausible import never_below_zero
from rituals.okrs.progress import current_value
from rituals.okrs.said import read_said
from rituals.okrs.updates import NewValue, resolved_value, standing_of
from rituals.okrs.words import expected_words, kr_line, status_words, value_words
from storage.tables import KeyResultUpdate

T = TypeVar("T")
_LINK = re.compile(r"https?://[^\s<>|]+")


@dataclass(frozen=True)
class Entry:
    """A form as it came back, every field as text. `update` is the id of the update that is being edited."""

    key: str
    value: str = ""
    confidence: str = ""
    note: str = ""
    evidence: str = ""
    status: str = ""
    status_reason: str = ""
    update: int | None = None


def form_for(state: PortfolioState, kr: KeyResult, member: Member | None, now: datetime) -> UpdateForm:
    """The form of one key result. Raises Refusal when the person may not update it."""
    standing_of(state, kr, member)
    figures = state.figures(kr, now)
    line = kr_line(kr, figures, role="own", reporter_name=None, owner_names=())
    return UpdateForm(
        key=kr.key,
        title=kr.title,
        measured_in=kr.measured_in,
        last=line.now,
        expected=expected_words(kr, figures),
        last_confidence=line.confidence,
        computed=figures.status,
        by_hand=hand_set(state.people, figures),
    )


def form_to_pick(state: PortfolioState, member: Member | None, now: datetime) -> UpdateForm:
    """The form without a key result: it is chosen in it (`picking` offers them).

    Raises Refusal when there is none that the person may update.
    """
    if not any(allowed_to(state, state.key_results[item.key], member) for item in open_ones(state, now)):
        raise Refusal(_nothing_to_update(state, member))
    return UpdateForm()


def form_to_edit(state: PortfolioState, kr: KeyResult, row: KeyResultUpdate, now: datetime) -> UpdateForm:
    """The form with what an update said, to be changed."""
    figures = state.figures(kr, now)
    return UpdateForm(
        key=kr.key,
        title=kr.title,
        measured_in=kr.measured_in,
        last=value_words(kr, figures.value),
        expected=expected_words(kr, figures),
        value=value_words(kr, row.value) or "",
        confidence=row.confidence,
        note=row.note,
        evidence=row.evidence,
        status=cast("HandStatus | None", row.status),
        status_reason=row.status_reason,
        computed=figures.status,
        update=row.id,
    )


def read_entry(kr: KeyResult, entry: Entry) -> NewValue:
    """What a form says of a key result. Raises FormRefusal with the words for every field that cannot be used."""
    errors: dict[str, str] = {}
    amount = _tried(errors, "value", lambda: _fitting(kr, entry.value)) if entry.value else None
    confidence = _tried(errors, "confidence", lambda: read_confidence(entry.confidence)) if entry.confidence else None
    if entry.evidence and not _LINK.fullmatch(entry.evidence):
        errors["evidence"] = "Give the address of what shows it, beginning with https://"
    status = _status(kr, entry, errors)
    if not errors and not (entry.value or entry.confidence or entry.note or entry.evidence or status):
        errors["value"] = f"Say what changed for {kr.key}: a value, a confidence or a note."
    if errors:
        raise FormRefusal(errors)
    reason = entry.status_reason.strip()
    return NewValue(amount, confidence, entry.note, entry.evidence, status=status, status_reason=reason)


def _status(kr: KeyResult, entry: Entry, errors: dict[str, str]) -> HandStatus | None:
    """The status that is set by hand; each of status and reason needs the other."""
    reason = entry.status_reason.strip()
    status = next((one for one in BY_WORDS.values() if one == entry.status), None)
    if entry.status and status is None:
        errors["status"] = f"I read {entry.status}. Choose {', '.join(BY_WORDS)}."
    elif status and not reason:
        errors["status_reason"] = f"Say why {kr.key} is {status_words[status]}."
    elif reason and not status:
        errors["status"] = "Choose the status that this is the reason for, or clear the reason."
    return status


def read_value(kr: KeyResult, text: str) -> Amount:
    """The amount that a form's value field says; milestones also as `2 of 4`. Raises Refusal for anything unclear."""
    if kr.kind != "milestone":
        return read_amount(text, measured_in=kr.measured_in, kind=kr.kind)
    plain = fold(text.strip())
    said = read_said(plain, 0, len(plain), known(kr))
    if said.refusals:
        raise said.refusals[0]
    if said.amount is None or said.end < len(plain.rstrip(" .")):
        raise Refusal(f'I read "{text.strip()}". Write the weight of the milestones that are done, such as done 2.')
    return said.amount


def _fitting(kr: KeyResult, text: str) -> Amount:
    amount = read_value(kr, text)
    value = resolved_value(kr, amount)
    if amount.value < 0 and not amount.relative and never_below_zero(known(kr)):
        _refuse_below_zero(kr, value)
    return amount


def _refuse_below_zero(kr: KeyResult, value: Decimal) -> None:
    """A minus may be a change or a value; a form has no buttons to ask with, so it says how to write either."""
    standing = current_value(kr)
    less = "" if standing is None else f" For {write_number(-value)} less write {value_words(kr, standing + value)}."
    raise Refusal(
        f"{kr.key} was never below zero; I read {value_words(kr, value)}.{less} "
        f"If it is below zero now, type /okr update {kr.key} = {write_number(value)}."
    )


def _tried(errors: dict[str, str], field: str, read: Callable[[], T]) -> T | None:
    try:
        return read()
    except Refusal as no:
        how = f" Write {' or '.join(choice.value for choice in no.choices)}." if no.choices else ""
        errors[field] = f"{no.text}{how}"
        return None


def allowed_to(state: PortfolioState, kr: KeyResult, member: Member | None) -> bool:
    """Whether a person may say something of a key result."""
    try:
        standing_of(state, kr, member)
    except Refusal:
        return False
    return True


def _nothing_to_update(state: PortfolioState, member: Member | None) -> str:
    if member is None:
        return "You are not in the portfolio, so there is no key result for you to update. /okr list shows all of them."
    return "There is no open key result that you report or lead. /okr list shows all of them."
