"""One update a key result: what a reply says twice is joined, and what it says differently is asked."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from rituals.checkins.reading_guesses import write_value
from rituals.checkins.reading_results import Guess, ReadUpdate, guess
from rituals.okrs.naming import KnownKeyResult

T = TypeVar("T")


def merged(
    updates: Sequence[ReadUpdate], known: Sequence[KnownKeyResult]
) -> tuple[tuple[ReadUpdate, ...], tuple[Guess, ...]]:
    """The updates, at most one for each key, in the order first named; and a guess for each contradiction."""
    by_key: dict[str, list[ReadUpdate]] = {}
    for update in updates:
        by_key.setdefault(update.key, []).append(update)
    found, asked = [], []
    for of in known:
        said = by_key.get(of.key, [])
        amounts = _distinct([u.amount and (u.amount.value, u.amount.relative) for u in said])
        confidences = _distinct([u.confidence for u in said])
        if len(amounts) > 1 or len(confidences) > 1:
            asked.append(_which(of, said))
        elif said:
            found.append(_joined(said))
    order = list(by_key)
    return tuple(sorted(found, key=lambda update: order.index(update.key))), tuple(asked)


def _distinct(values: Sequence[T | None]) -> list[T]:
    return list(dict.fromkeys(value for value in values if value is not None))


def _joined(said: Sequence[ReadUpdate]) -> ReadUpdate:
    first = next((update for update in said if update.amount is not None), said[0])
    return replace(
        first,
        confidence=next((u.confidence for u in said if u.confidence is not None), None),
        note="; ".join(_distinct([u.note or None for u in said])),
        evidence=next((u.evidence for u in said if u.evidence), ""),
    )


def _which(of: KnownKeyResult, said: Sequence[ReadUpdate]) -> Guess:
    options: dict[str, tuple[ReadUpdate, ...]] = {}
    for update in said:
        value = [write_value(of, update.amount)] if update.amount else []
        confidence = [f"confidence {update.confidence}"] if update.confidence is not None else []
        options.setdefault(", ".join(value + confidence), (update,))
    return guess(f"{of.key}: your reply gives it twice. Which is right?", list(options.items()))
