"""A computed status and one set by hand, side by side in few words: which leads, and what is said of the other.

Pure, without shapes and markup. What a person set leads, except over silence, which no word by hand turns green.
"""

from rituals.notices.parts import HandSet
from rituals.okrs.model import Status

_SILENT = frozenset({"no_data", "stale", "not_started", "closed"})


def leading(status: Status, by_hand: HandSet | None) -> Status:
    """The status whose shape and word stand first."""
    return status if by_hand is None or status in _SILENT else by_hand.status


def beside(status: Status, by_hand: HandSet | None, by: str | None = None) -> str:
    """What follows the leading word: `, set by Bo (computed off track)`, of silence ` (Bo set on track)`; else "".

    `by` is the name as it can be shown, where it must be escaped or shortened.
    """
    if by_hand is None:
        return ""
    name = by_hand.by if by is None else by
    if leading(status, by_hand) == status != by_hand.status:
        return f" ({name} set {_words(by_hand.status)})"
    return f", set by {name} (computed {_words(status)})"


def _words(status: str) -> str:
    return status.replace("_", " ")
