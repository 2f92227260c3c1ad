"""The units people measure in: which words mean the same, and which contradict each other.

Pure tables and look-ups over folded, short texts. It reads no numbers (`numbers.py` does) and knows no key results.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

PERCENT = "%"
_FAMILIES: Mapping[str, str] = {
    PERCENT: "% percent percents percentage pct pp pt pts prozent",
    "$": "$ us$ usd dollar dollars",
    "€": "€ eur euro euros",
    "£": "£ gbp pound pounds",
    "¥": "¥ jpy yen",
    "₹": "₹ inr rupee rupees",
    "day": "d day days tag tage",
    "week": "w wk wks week weeks",
    "month": "mo mth mths month months",
    "year": "y yr yrs year years",
    "hour": "h hr hrs hour hours",
    "minute": "m min mins minute minutes",
    "second": "s sec secs second seconds",
    "millisecond": "ms msec millisecond milliseconds",
}
_FAMILY_OF = {word: family for family, words in _FAMILIES.items() for word in words.split()}
SYMBOLS = "%$€£¥₹"
CURRENCIES = frozenset("$€£¥₹")

_THOUSAND, _MILLION, _BILLION = Decimal(1_000), Decimal(1_000_000), Decimal(1_000_000_000)
_MAGNITUDES: Mapping[str, Decimal] = {
    **dict.fromkeys(("k", "tsd", "thousand", "thousands"), _THOUSAND),
    **dict.fromkeys(("m", "mn", "mm", "mio", "mln", "mill", "million", "millions"), _MILLION),
    **dict.fromkeys(("b", "bn", "bln", "mrd", "billion", "billions"), _BILLION),
}
_WORD = re.compile(r"us\$|[^\W\d_]{1,40}|[%$€£¥₹]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a key result is measured in: its words' stems, the family (`day`, `%`, `$`, or "") and its scale.

    The scale is 1,000,000 for `$M`: there a typed `$3M` is the value 3.
    """

    text: str
    stems: frozenset[str]
    family: str
    scale: Decimal
    magnitude: str


def magnitude(word: str) -> Decimal | None:
    """What `k`, `M`, `million`, `bn` … multiply by; None for any other word."""
    return _MAGNITUDES.get(word.casefold())


def family(word: str) -> str:
    """The family a unit's word or symbol belongs to (`day` for `days`, `$` for `USD`), or "" when it has none."""
    return _FAMILY_OF.get(word.casefold(), "")


def stem(word: str) -> str:
    """A word without case and plural, so that `Accounts` and `account` are one."""
    low = word.casefold()
    if low.endswith("ies") and len(low) > 4:
        return low[:-3] + "y"
    if low.endswith(("ches", "shes", "sses", "xes")):
        return low[:-2]
    return low[:-1] if low.endswith("s") and not low.endswith("ss") and len(low) > 3 else low


def measure(text: str) -> Measure:
    """Reads a key result's `measured_in`; "" is a plain number."""
    words = _WORD.findall(text)
    families = [found for found in map(family, words) if found]
    scaled = _scale_word(words, money=any(found in CURRENCIES for found in families))
    scale = _MAGNITUDES[scaled.casefold()] if scaled else Decimal(1)
    rest = [word for word in words if word != scaled]
    first = next((family(word) for word in rest if family(word)), "")
    return Measure(text.strip(), frozenset(map(stem, rest)), first, scale, scaled)


def _scale_word(words: list[str], *, money: bool) -> str:
    """The word that scales the unit. A small `m` or `b` alone may be metres or bits: it scales money only."""
    for word in words:
        if magnitude(word) and (money or len(word) > 1 or word in "kKMB"):
            return word
    return ""


def agrees(unit: str, measured: Measure) -> bool:
    """Whether a typed unit may stand for what the key result is measured in; nothing typed always may."""
    if not unit or not measured.text or unit.casefold() == measured.text.casefold():
        return True
    typed = measure(unit)
    if typed.family and measured.family:
        return typed.family == measured.family
    if typed.stems & measured.stems:
        return True
    return measured.family == PERCENT and typed.stems <= {"point", "pt", "percentage"}
