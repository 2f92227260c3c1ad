"""Why an amount that was read may not be the value now. Pure; one reason is enough for asking first.

`said.py` has the doubts of the words before the amount, here are those of the amount itself and the words after it.
"""

import re
from decimal import Decimal

from rituals.okrs.naming import KnownKeyResult
from rituals.okrs.plausible import implausible
from rituals.okrs.said import Said

_FAR = "a long way"
_HEDGED = re.compile(
    r"(?<!\S)(?:expected|expects?|target|targeted|goal|plan|planned|forecast|estimated?|hopefully|hoped?|probably|maybe|"
    r"perhaps|likely|if|unless|when|once|until|till|would|should|could|will|might|may|by|not|never|instead|behind|ahead|"
    r"late|early|earlier|later|left|remaining|more|less|fewer|better|worse|faster|slower|short|overdue|off|ago|to go|"
    r"missing|over|under|above|below|last (?:week|month|time|round|quarter)|yesterday|or)(?![^\W_]|-\w)",
    re.IGNORECASE,
)
_ASKED = re.compile(r" ?\?")
_CONFIDENT = re.compile(
    r"[ ,;:|(-]{0,3}(?:\d{1,2} ?/ ?10|\d{1,2} (?:out )?of (?:10|ten)|conf(?:idence)?[ :])", re.IGNORECASE
)
_WINDOW = re.compile(r"[ ]{0,2}(?:[^\s,;:.(!?\n]{1,40} ?){0,5}")
_NEXT_WORD = re.compile(r" ?([^\W\d_]{1,40})")
_HARMLESS = frozenset(
    ["now", "today", "so", "and", "with", "confidence", "conf", "as", "already", "again", "still", "but", "since"]
)


def doubts(text: str, said: Said, of: KnownKeyResult, stop: int) -> list[str]:
    """The reasons to ask before writing, in short words; [] when there are none."""
    if said.amount is None:
        return []
    found = list(said.doubts)
    found += _after(text, said.amount_at[1], stop)
    if _unit_missing(text, said, of, stop):
        found.append("unit")
    value = now_or_none(said, of)
    if value is None:
        found.append("no earlier value")
    elif implausible(of, value) or _share_or_percent(said, of):
        found.append(_FAR)
    return found


def now_or_none(said: Said, of: KnownKeyResult) -> Decimal | None:
    """The value the key result would have; None for a change of nothing."""
    amount = said.amount
    if amount is None or (amount.relative and of.value is None):
        return None
    return amount.applied_to(of.value)


def is_far(found: list[str]) -> bool:
    """Whether the only doubt is that the value is a long way off."""
    return found == [_FAR]


def _after(text: str, at: int, stop: int) -> list[str]:
    """Words that make the amount something else than the value now: a question, a target, a difference.

    A confidence right after it leaves no doubt: whoever writes `30 days 7/10` reports.
    """
    if _ASKED.match(text, at, stop):
        return ["?"]
    if _CONFIDENT.match(text, at, stop):
        return []
    window = _WINDOW.match(text, at, stop)
    hedge = _HEDGED.search(window[0]) if window else None
    return [hedge[0]] if hedge else []


def _unit_missing(text: str, said: Said, of: KnownKeyResult, stop: int) -> bool:
    """A bare number with a word after it may count that word: `30 pilots` is no value in days."""
    amount = said.amount
    if amount is None or amount.unit or of.kind in {"milestone", "binary"}:
        return False
    following = _NEXT_WORD.match(text, said.amount_at[1], stop)
    if following is None or following[1].casefold() in _HARMLESS:
        return False
    if of.measured_in or " " in amount.text or of.target is None:
        return True
    return following[1][:1].islower() and amount.value == amount.value.to_integral_value()


def _share_or_percent(said: Said, of: KnownKeyResult) -> bool:
    """`50%` of a key result that runs from 0 to 1 without a unit may be 0.5."""
    return said.amount is not None and said.amount.unit == "%" and not of.measured_in
