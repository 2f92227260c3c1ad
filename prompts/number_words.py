"""Numbers in words: "twenty-one", "two hundred", "a dozen", "half", and the small ones of a few other languages. Pure.

It finds what may be meant as a number; whether it is one that the facts have is not its business.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

_SMALL = {
    "zero": 0, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_ALONE = {
    "both": 2, "twice": 2, "couple": 2, "pair": 2, "double": 2, "doubled": 2, "triple": 3, "tripled": 3,
    "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "fortnight": 14,
    "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "elf": 11,
    "zwölf": 12, "zwanzig": 20, "dreißig": 30, "hundert": 100,
    "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12,
    "quinze": 15, "vingt": 20, "trente": 30,
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "doce": 12,
    "quince": 15, "veinte": 20, "treinta": 30,
}  # fmt: skip
_ONE = re.compile(
    r"\b(?:one|single)(?= (?:more |other |further |product |key )?(?:units?|lines?|teams?|days?|weeks?|months?|hours?|"
    r"years?|blockers?|results?|accounts?|customers?)\b)",
    re.IGNORECASE,
)
_HALF = re.compile(r"\bhal(?:f|ves)\b", re.IGNORECASE)
_FIRST = "|".join([*_SMALL, *_TENS, *_SCALES, "(?:one|a) (?:dozen|hundred|thousand|million|billion)"])
_NEXT = "|".join([*_SMALL, *_TENS, *_SCALES, "one"])
_RUN = re.compile(rf"\b(?:{_FIRST})(?:[ -](?:and )?(?:{_NEXT}))*\b", re.IGNORECASE)
_LONE = re.compile(r"\b(?:" + "|".join(_ALONE) + r")\b", re.IGNORECASE)


def is_number(word: str) -> bool:
    """Whether a word is a number, or part of one."""
    return word.casefold() in {*_SMALL, *_TENS, *_SCALES, *_ALONE, "one", "single", "half"}


def number_words(text: str) -> Iterator[tuple[int, int, Decimal]]:
    """Where each number in words stands and what it is worth: (start, end, value)."""
    until = 0
    for start, end, value in sorted(_found(text), key=lambda one: (one[0], -one[1])):
        if start >= until:
            yield start, end, value
            until = end


def _found(text: str) -> Iterator[tuple[int, int, Decimal]]:
    for found in _RUN.finditer(text):
        yield *found.span(), Decimal(_worth(found.group()))
    for found in _LONE.finditer(text):
        yield *found.span(), Decimal(_ALONE[found.group().lower()])
    for pattern, value in ((_ONE, "1"), (_HALF, "0.5")):
        for found in pattern.finditer(text):
            yield *found.span(), Decimal(value)


def _worth(words: str) -> int:
    """`two hundred and twenty-one` is 221."""
    total = part = 0
    for word in re.split(r"[ -]", words.lower()):
        if word in _SCALES:
            scale = _SCALES[word]
            part = max(part, 1) * scale
            if scale > 100:
                total, part = total + part, 0
        else:
            part += {"one": 1, "a": 1, "and": 0, **_SMALL, **_TENS}[word]
    return total + part
