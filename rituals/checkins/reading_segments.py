"""Which words of a reply speak of which key result, and how plainly. It reads no values.

A segment begins at a name and runs to the next name, the end of the sentence, or further where the following words
clearly go on with it (`KR-1: 30 days. Confidence 7.`).
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from rituals.checkins.reading_parts import Sentence
from rituals.checkins.reading_phrases import asks_to_adjust, blocked_at, is_empty_answer
from rituals.okrs.mentions import Mention
from rituals.okrs.said import confidences

_LEAD_WORDS = """
a also and all as both currently first for good goes got brought finally from here hi hello key kr last latest mainly
moved moving my mostly new news next now of ok okay on our ours plus re regarding result second shared so status still
team the then third to today update updates value we well with yep yes yeah morning everyone thanks no not yet track is
off at risk behind green yellow red worst best report reporting number figure
"""
_LEADS = frozenset(_LEAD_WORDS.split())
_CONDITIONS = re.compile(
    r"(?<![^\W_])(?:if|when|once|until|target|goal|should|will|would|could|might|expected?|blocked|waiting|waits?|depends?|"
    r"after|before|unless|hope|plan|aim|need|lower|raise|change|adjust|by|without|because|due|thanks|like|than|unlike|says?|"
    r"said|asked|thinks?|believes?|was|were|had)(?![^\W_])",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"(?:[,;:|/(\n•.!?…]|(?<!\w)-)\s{0,9}(?:(?:and|&|while|then|plus|also|but) )?$|(?<!\w)(?:and|&|plus) $",
    re.IGNORECASE,
)
_AFTER_VALUE = re.compile(r"\d ?(?:%|[^\W\d_]{0,12}) {1,3}$")
_TOGETHER = re.compile(r"\s{0,3}(?:,|/|&|\+|and|, and|or)\s{0,3}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{1,40}")
_ENDS_OPEN = re.compile(r"[:=→-]\s{0,9}$")


@dataclass(frozen=True, slots=True)
class Segment:
    """The words from `said_from` to `stop` speak of `names` (more than one: of all of them, in doubt).

    `clear` says that the name begins a plain statement and is not mentioned in passing or under a condition.
    """

    names: tuple[Mention, ...]
    start: int
    said_from: int
    stop: int
    clear: bool
    question: int


def names_in(names: Sequence[Mention], start: int, end: int) -> Sequence[Mention]:
    """The mentions that begin in a stretch."""
    first = bisect_left(names, start, key=lambda name: name.start)
    return names[first : bisect_left(names, end, key=lambda name: name.start)]


def segments(text: str, sentences: Sequence[Sentence], names: Sequence[Mention]) -> list[Segment]:
    """The segments of sentences that stand in text order; each `question` is its sentence's."""
    found: list[Segment] = []
    for number, sentence in enumerate(sentences):
        inside = names_in(names, sentence.start, sentence.end)
        if not inside:
            continue
        stop = _goes_on(text, sentences, number, names, inside[-1].end)
        found += _split(text, sentence, inside, stop)
    return found


def _split(text: str, sentence: Sentence, inside: Sequence[Mention], stop: int) -> list[Segment]:
    groups: list[list[Mention]] = []
    for name in inside:
        if groups and _TOGETHER.fullmatch(text[groups[-1][-1].end : name.start]):
            groups[-1].append(name)
        elif groups and groups[-1][-1].item == name.item and not text[groups[-1][-1].end : name.start].strip(' :-–("'):
            groups[-1][-1] = name
        else:
            groups.append([name])
    ends = [group[0].start for group in groups[1:]] + [stop]
    return [
        Segment(
            tuple(group),
            group[0].start,
            group[-1].end,
            end,
            _is_clear(text, sentence.start, group[0].start, first=number == 0),
            sentence.question,
        )
        for number, (group, end) in enumerate(zip(groups, ends, strict=True))
    ]


def _is_clear(text: str, start: int, at: int, *, first: bool) -> bool:
    """Whether a name at `at` begins a statement of its own."""
    lead = text[max(start, at - 200) : at]
    if not first:
        return bool(_JOINED.search(lead[-20:]) or _AFTER_VALUE.search(lead[-30:]))
    if at - start > 200 or _CONDITIONS.search(lead):
        return False
    words = [word.casefold() for word in _WORD.findall(lead)]
    return len(words) <= 8 and (all(word in _LEADS for word in words) or bool(_ENDS_OPEN.search(lead)))


def _goes_on(text: str, sentences: Sequence[Sentence], number: int, names: Sequence[Mention], said_from: int) -> int:
    """Where the words about the last name of a sentence end: later sentences may go on with it."""
    here, stop = sentences[number], sentences[number].end
    for later in sentences[number + 1 : number + 30]:
        so_far = text[said_from:stop].strip(" .\n")
        words = text[later.start : later.end]
        if later.question != here.question or names_in(names, later.start, later.end) or is_empty_answer(words):
            break
        if blocked_at(words) or asks_to_adjust(words):
            break
        if later.line != here.line and not _continues(text[sentences[number].start : stop], so_far, words):
            break
        stop = later.end
    return stop


def _continues(whole: str, so_far: str, words: str) -> bool:
    """On a new line only what was announced (`KR-1:`) or a confidence that was still missing goes on."""
    if so_far.strip(" :-–=*") == "" or whole.rstrip().endswith(":"):
        return True
    return bool(confidences(words)) and len(words.split()) <= 4 and not confidences(so_far)
