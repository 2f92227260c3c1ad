"""The questions asked about a value that is in doubt: what it was read as, and what it may be.

It only words guesses from what was read; whether there is a doubt is decided in `reading_doubts.py`.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from rituals.checkins.reading_doubts import is_far, now_or_none
from rituals.checkins.reading_results import Guess, ReadUpdate, guess
from rituals.errors import Refusal
from rituals.okrs.naming import KnownKeyResult, shorten
from rituals.okrs.numbers import Amount, read_amount, write_amount, write_number
from rituals.okrs.said import MOVING, Said, confidences
from rituals.okrs.units import measure

_UP = frozenset(["up", "rose", "grew", "increased", "climbed"])
_DOWN = frozenset(["down", "dropped", "fell", "decreased", "reduced", "slipped"])
QUOTED = 80


def ask_value(of: KnownKeyResult, said: Said, update: ReadUpdate, why: list[str], words: str) -> list[Guess]:
    """Whether what was read (`words`, as typed) is the value now, or, without a value, the confidence."""
    if said.amount is None:
        if update.confidence is None:
            return []
        text = f"I read confidence {update.confidence} for {of.key}. Is that its confidence now?"
        return [guess(text, [(f"Confidence {update.confidence}", (update,))], leave="No")]
    options = [(label, (replace(update, amount=amount),)) for label, amount in _readings(of, said, why)]
    now = now_or_none(said, of)
    if len(options) > 1:
        text = f'{of.key}: I read "{words}" as {" or ".join(label for label, _ in options)}. Which?'
    elif is_far(why) and now is not None:
        before = f" from {value_label(of, of.value)}" if of.value is not None else ""
        text = f"{of.key}{before} to {value_label(of, now)} is a long way. Is that right?"
    else:
        text = f'{of.key}: I read "{words}". Is that its value now?'
    return [guess(text, options, leave="No")]


def _readings(of: KnownKeyResult, said: Said, why: list[str]) -> list[tuple[str, Amount]]:
    """What an amount in doubt may be, each value once, most likely first."""
    amount = said.amount
    assert amount is not None
    found = [amount, *said.others]
    if amount.unit == "%" and not of.measured_in:
        found.append(replace(amount, value=amount.value / 100, unit=""))
    if not amount.relative and of.value is not None and (change := _change(of, amount.value, why)):
        found.insert(0, Amount(of.value + change, False, "", amount.text))
    if is_far(why) and (scale := measure(of.measured_in).scale) != 1:
        found.append(replace(amount, value=amount.value / scale))
    if amount.relative and of.value is None:
        found = [replace(amount, relative=False)]
    options: dict[Decimal, tuple[str, Amount]] = {}
    for one in found:
        now = one.applied_to(of.value)
        options.setdefault(now, (value_label(of, now), one))
    return list(options.values())


def _change(of: KnownKeyResult, number: Decimal, why: list[str]) -> Decimal | None:
    """The change that `down 3`, `increased 5 %` or, where nothing is below zero, `-3` may mean."""
    moved = next((word for word in reversed(why) if word in MOVING), "")
    if moved in _UP:
        return abs(number)
    if moved in _DOWN:
        return -abs(number)
    if moved == "improved":
        return -abs(number) if of.kind in {"decrease", "keep_below"} else abs(number)
    return number if number < 0 else None


def ask_number(of: KnownKeyResult, refusal: Refusal, update: ReadUpdate) -> Guess:
    """Which of the numbers a refused one with choices (`1.250`) is."""
    options = []
    for choice in refusal.choices:
        amount = read_amount(choice.value, measured_in=of.measured_in)
        options.append((choice.label, (replace(update, amount=amount),)))
    return guess(f"{of.key}: {refusal.text}", options, leave="Neither")


def ask_confidence(of: KnownKeyResult, words: str, update: ReadUpdate) -> Guess:
    """Which of several confidences is the one now."""
    found = sorted({int(number) for number in confidences(words) if number.isdigit() and int(number) <= 10})
    options = [(str(number), (replace(update, amount=None, confidence=number),)) for number in found]
    return guess(f"{of.key}: I read more than one confidence. Which is the one now?", options)


def ask_whose(updates: Sequence[ReadUpdate], items: Sequence[KnownKeyResult], words: str) -> Guess:
    """For which of the key results named together (`items`) the value is meant, or for all."""
    options: list[tuple[str, tuple[ReadUpdate, ...]]] = [(_labelled(u, items), (u,)) for u in updates]
    if len(updates) == len(items):
        options.insert(0, ("All of them" if len(items) > 2 else "Both", tuple(updates)))
    return guess(f'For which key result is "{shorten(words, QUOTED)}"?', options)


def _labelled(update: ReadUpdate, items: Sequence[KnownKeyResult]) -> str:
    of = next(item for item in items if item.key == update.key)
    value = write_value(of, update.amount) if update.amount else f"confidence {update.confidence}"
    return f"{update.key} {value}"


def write_value(of: KnownKeyResult, amount: Amount) -> str:
    """An amount as a label: `30 days`, `+5 %`."""
    return f"+{write_amount(amount.value, of.measured_in)}" if amount.relative else value_label(of, amount.value)


def value_label(of: KnownKeyResult, value: Decimal) -> str:
    """A value as a label: `30 days`, `done`, `2 of 4 milestones`."""
    if of.kind == "binary" and value in {0, 1}:
        return "done" if value else "not done"
    if of.kind == "milestone" and of.target is not None:
        return f"{write_number(value)} of {write_number(of.target)} milestones"
    return write_amount(value, of.measured_in)


def unread_number(said: Said, of: KnownKeyResult) -> str:
    """The number that was read, for a question about whose it is."""
    if said.amount is None:
        return f"confidence {said.confidence}"
    return write_value(of, said.amount) if said.amount.unit else write_number(said.amount.value)
