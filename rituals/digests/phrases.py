"""Small phrases that a digest is made of: counts, lists, days, shares. Pure; knows no facts and no markup."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import floor

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def day_words(day: date) -> str:
    """`9 Nov`."""
    return f"{day.day} {day:%b}"


def counted(number: int, thing: str, things: str | None = None) -> str:
    """A number and its noun, small numbers in words: `one line`, `two lines`, `13 lines`."""
    word = _COUNTS[number] if number < len(_COUNTS) else str(number)
    return f"{word} {thing if number == 1 else things or thing + 's'}"


def listed(names: Sequence[str]) -> str:
    """`CRM, Analytics and Mobile`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def percent(share: Fraction) -> str:
    """A share as whole percent, halves up."""
    return f"{floor(share * 100 + Fraction(1, 2))} %"


def signed(points: int) -> str:
    """`+9` or `−3`, with a true minus sign; nothing is `0`."""
    return f"+{points}" if points > 0 else f"−{-points}" if points else "0"


def capital(text: str) -> str:
    """The text with its first letter raised and the rest left alone."""
    return text[:1].upper() + text[1:]
