"""What in a one-line update is meant otherwise than it is typed: directions in words, mistyped words, second key
results, second confidences, shares typed as percent. Pure.

`rewritten` gives a line that says the same plainly; the others raise a Refusal whose choices are lines as they should
have been. Values and confidences themselves are `said`'s business.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from rituals.errors import Choice, Refusal
from rituals.okrs.mentions import mentions
from rituals.okrs.naming import KnownKeyResult
from rituals.okrs.numbers import write_amount, write_number
from rituals.okrs.said import Said
from rituals.okrs.typed import Typed
from rituals.okrs.units import PERCENT, measure

_AGAIN = re.compile(r"(?:/okr\s+)?update\s+(?=\S)", re.IGNORECASE)
_WAY = re.compile(
    r"\s*[:,]?\s*(?:(?:is|are|went|goes|gone|moved|now)\s+)?"
    r"(?:(?P<up>plus|up|rose|increased|grew)|(?P<down>minus|down|fell|decreased|dropped)|by(?=\s*[+-]))"
    r"(?:\s+by)?\s*(?P<sign>[+-]?)\s*(?=[$€£¥₹]?\.?\d)",
    re.IGNORECASE,
)
_SAME = re.compile(
    r"\s*[:,]?\s*(?:no changes?|same|the same|still the same|unchanged|nothing new|as before)\s*[.!]*\s*", re.IGNORECASE
)
_LIKE_CONFIDENCE = re.compile(
    r"(?<![\w\"'])(?P<word>[a-z]{6,13})\s*[:=]?\s*(?:10|\d)(?:\s*/\s*10)?(?![\w/.,])", re.IGNORECASE
)
_KNOWN_WORDS = frozenset({"confidence", "conference", "confident"})
_NUMBER_ALONE = re.compile(r"10|\d")
_CONFIDENCE = re.compile(r"(?P<number>10|\d)\s*/\s*10(?!\d)[\s,;.]*")
_ALIKE = 80


def without_repeated_word(text: str) -> str:
    """The line without a second "update" before the name, as somebody has it who copies the whole command."""
    found = _AGAIN.match(text)
    return text[found.end() :] if found else text


def rewritten(line: Typed, at: int) -> tuple[str, bool] | None:
    """`up 5`, `minus 3` or `by -3` after the name as the line `+5` or `+3`, and whether it goes down; else None."""
    found = _WAY.match(line.plain, at)
    if found is None:
        return None
    down = bool(found["down"]) != (found["sign"] == "-")
    return f"{line.original[: line.at[at]]} +{line.original[line.at[found.end()] :]}", down


def refuse_same(named: KnownKeyResult, line: Typed, at: int) -> None:
    """`no change` is confirmed with the value that stands, because a word alone may be a note."""
    if named.value is None or not _SAME.fullmatch(line.plain, at):
        return
    value = write_amount(named.value, named.measured_in)
    choices = (Choice(f"{named.key} = {write_number(named.value)}", f"Still {value}"),)
    raise Refusal(f"{named.key} stands at {value}. Save it as today's value?", choices=choices)


def refuse_second(line: Typed, at: int, among: Sequence[KnownKeyResult]) -> None:
    """Another key result with a number of its own, which would be lost in the note."""
    for other in mentions(line.plain, among):
        if other.item is None or other.by_title or other.start < at:
            continue
        if re.match(r"\s*[:=]?\s*[+-]?[$€£¥₹]?\d", line.plain[other.end :]):
            begin = line.at[other.start]
            first, second = line.original[:begin].rstrip(" ,;"), line.original[begin:]
            choices = tuple(Choice(part, part) for part in (first, second) if part.strip())
            raise Refusal("That is two key results; save one at a time.", choices=choices)


def refuse_mistyped(named: KnownKeyResult, said: Said, line: Typed, at: int) -> None:
    """A word like confidence with a number after it. In quotes it is a note."""
    if said.confidence is not None:
        return
    for found in _LIKE_CONFIDENCE.finditer(line.plain, at):
        if found["word"].casefold() in _KNOWN_WORDS or not _like(found["word"], "confidence"):
            continue
        start, end = line.span(*found.span("word"))
        whole = line.span(*found.span())
        fixed = f"{line.original[:start]}confidence{line.original[end:]}"
        choices = [Choice(fixed, found[0].replace(found["word"], "confidence"))]
        if said.amount is not None:
            quoted = f'{line.original[: whole[0]]}"{line.original[slice(*whole)]}"{line.original[whole[1] :]}'
            choices.append(Choice(quoted, "It is a note"))
        text = f'{named.key}: I read "{found[0]}". Did you mean confidence?'
        raise Refusal(text, choices=tuple(choices))


def refuse_bare_number(named: KnownKeyResult, said: Said, line: Typed, note: str) -> None:
    """A lone small number after the value is a confidence or a note."""
    if said.amount is None or said.confidence is not None or not _NUMBER_ALONE.fullmatch(note):
        return
    before = line.original[: line.at[said.end]].rstrip()
    choices = (
        Choice(f"{before} confidence {note}", f"Confidence {note}"),
        Choice(f'{before} "{note}"', "It is a note"),
    )
    raise Refusal(f"{named.key}: I read {note} after the value. Is it the confidence?", choices=choices)


def refuse_second_confidence(named: KnownKeyResult, said: Said, line: Typed, note: str) -> None:
    """Two confidences side by side."""
    found = _CONFIDENCE.match(note)
    if said.confidence is None or found is None or int(found["number"]) == said.confidence:
        return
    start, end = line.span(*said.amount_at)
    amount, rest = line.original[start:end].strip(), note[found.end() :]
    choices = tuple(
        Choice(" ".join(part for part in (named.key, amount, f"{number}/10", rest) if part), f"{number} of 10")
        for number in (said.confidence, int(found["number"]))
    )
    raise Refusal(
        f"{named.key}: I read two confidences, {said.confidence} and {found['number']}. Which?", choices=choices
    )


def share_or_percent(named: KnownKeyResult, said: Said, line: Typed) -> list[tuple[str, str]]:
    """What `0.45` can be where all else is in whole percent: 0.45 % or 45 %; nothing where there is no doubt."""
    if said.amount is None or said.amount.relative or measure(named.measured_in).family != PERCENT:
        return []
    value, read = said.amount.value, line.plain[slice(*said.amount_at)]
    known = [abs(one) for one in (named.value, named.start, named.target) if one]
    if "%" in read or "perc" in read.casefold() or not 0 < value < 1 or not known or min(known) < 2:
        return []
    return [(f"{write_number(one)} %", write_amount(one, named.measured_in)) for one in (value, value * Decimal(100))]


def _like(word: str, known: str) -> bool:
    from rituals.okrs import likeness

    return likeness.nearest(word.casefold(), [known], floor=_ALIKE) is not None
