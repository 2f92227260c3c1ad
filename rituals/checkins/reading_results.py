"""What a reply was read as. Values only; `reading.py` makes them, services store and apply them.

Spans are (start, end) in the reply as it was stored. `Guess.data` is JSON and is all that `chosen` needs later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from rituals.errors import Choice
from rituals.okrs.numbers import Amount

LEAVE = "no"


@dataclass(frozen=True, slots=True)
class ReadUpdate:
    """A value (or only a confidence, 0-10) of one key result that is in no doubt."""

    key: str
    amount: Amount | None
    confidence: int | None
    note: str
    span: tuple[int, int]
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class ReadBlocker:
    """Something that waits for someone. `waits_for` is a unit's key, `until` the day given; None if not sure."""

    text: str
    waits_for: str | None
    until: date | None
    key_result: str | None
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class ReadAdjustment:
    """A change to an OKR that was proposed, in the person's words."""

    text: str
    key_result: str | None
    span: tuple[int, int]


Item = ReadUpdate | ReadBlocker | ReadAdjustment


@dataclass(frozen=True, slots=True)
class Guess:
    """What is not sure: nothing of it is written until one of `choices` is picked (its value goes to `chosen`)."""

    text: str
    choices: tuple[Choice, ...]
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """A reply, read. `sections` are the words under each question; `nothing` the questions (2, 3) answered with no."""

    sections: dict[int, str] = field(default_factory=dict)
    unplaced: str = ""
    updates: tuple[ReadUpdate, ...] = ()
    guesses: tuple[Guess, ...] = ()
    problems: tuple[str, ...] = ()
    blockers: tuple[ReadBlocker, ...] = ()
    adjustments: tuple[ReadAdjustment, ...] = ()
    no_change: bool = False
    nothing: tuple[int, ...] = ()


def guess(text: str, options: Sequence[tuple[str, tuple[Item, ...]]], *, leave: str = "None of these") -> Guess:
    """A guess whose choices are the options by their labels, and one to leave it."""
    choices = [Choice(str(number), label) for number, (label, _) in enumerate(options, start=1)]
    stored = {str(number): [_stored(item) for item in items] for number, (_, items) in enumerate(options, start=1)}
    return Guess(text, (*choices, Choice(LEAVE, leave)), {"options": stored})


def chosen(data: Mapping[str, Any], value: str) -> tuple[Item, ...]:
    """What the picked choice stands for: () for leaving it. Raises KeyError for a value that was no choice."""
    return () if value == LEAVE else tuple(_restored(item) for item in data["options"][value])


def _stored(item: Item) -> dict[str, Any]:
    if isinstance(item, ReadUpdate):
        amount = item.amount
        number = amount and [str(amount.value), amount.relative, amount.unit, amount.text]
        rest = {"confidence": item.confidence, "note": item.note, "evidence": item.evidence}
        return {"kind": "update", "key": item.key, "amount": number, "span": list(item.span), **rest}
    if isinstance(item, ReadBlocker):
        until = item.until.isoformat() if item.until else None
        rest = {"waits_for": item.waits_for, "until": until, "key_result": item.key_result}
        return {"kind": "blocker", "text": item.text, "span": list(item.span), **rest}
    return {"kind": "adjustment", "text": item.text, "key_result": item.key_result, "span": list(item.span)}


def _restored(data: Mapping[str, Any]) -> Item:
    span = (data["span"][0], data["span"][1])
    if data["kind"] == "blocker":
        until = date.fromisoformat(data["until"]) if data["until"] else None
        return ReadBlocker(data["text"], data["waits_for"], until, data["key_result"], span)
    if data["kind"] == "adjustment":
        return ReadAdjustment(data["text"], data["key_result"], span)
    number = data["amount"]
    amount = Amount(Decimal(number[0]), number[1], number[2], number[3]) if number else None
    return ReadUpdate(data["key"], amount, data["confidence"], data["note"], span, data["evidence"])
