"""The blockers and adjustments in the words under questions 2 and 3: who is waited for, until when, which key result.

It is given sentences that are already known to answer the question; whether they do is `reading_classes.py`'s business.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date

from rituals.checkins.reading_parts import Sentence
from rituals.checkins.reading_phrases import asks_to_adjust, blocked_at, is_empty_answer, is_over
from rituals.checkins.reading_results import ReadAdjustment, ReadBlocker
from rituals.checkins.reading_segments import names_in
from rituals.dates import read_until
from rituals.okrs.mentions import Mention
from rituals.okrs.naming import Named
from rituals.okrs.typed import Typed, lowered

REACH = 40
_BULLET = re.compile(r"\s{0,20}(?:[-•+]|\d{1,2}[.)]|[a-z]\))\s", re.IGNORECASE)
_AND = re.compile(r",? and ", re.IGNORECASE)
_NO_BUT = re.compile(
    r"\s{0,9}(?:no|nope|none|yes|yep|yeah)(?:[,:.] ?(?:but |except |just |only )?| but | except | just )", re.IGNORECASE
)
_ENDS = " \t\n.,;:-–—•*+"
_AFTER_CUE = re.compile(
    r" ?(?:(?:for|on|by|from|the|team|auf|von|durch|par|por|a|de|du|das|die|den|la|le|el|los|les) ){0,3}#?$",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\s{0,9}(?:is|are|was|were|does|do|did|has|have|who|wer|est-ce|ist|sind)(?![^\W_])[^\n]{0,400}\?"
    r"[)\"' ]{0,3}\s{0,9}$",
    re.IGNORECASE,
)


def blockers(
    typed: Typed,
    text: str,
    sentences: Sequence[Sentence],
    names: Sequence[Mention],
    units: Sequence[Named],
    today: date,
) -> list[ReadBlocker]:
    """One blocker an item; the words that say there is none, or that one is over, are left out."""
    found = []
    for start, end in _items(text, list(_pieces(text, sentences)), names, adjusting=False):
        if blocker := blocker_from(typed, text, start, end, names, units, today):
            found.append(blocker)
    return found


def blocker_from(
    typed: Typed, text: str, start: int, end: int, names: Sequence[Mention], units: Sequence[Named], today: date
) -> ReadBlocker | None:
    """The blocker that a stretch describes; None when it has no word in it."""
    start, end = _trimmed(text, start, end)
    if not any(char.isalnum() for char in text[start:end]):
        return None
    words = text[start:end]
    return ReadBlocker(
        typed.said(start, end),
        _waited_for(typed.shown[start:end], words, units),
        read_until(words, today),
        _key_in(names, start, end),
        typed.span(start, end),
    )


def adjustments(
    typed: Typed, text: str, sentences: Sequence[Sentence], names: Sequence[Mention]
) -> list[ReadAdjustment]:
    """One adjustment an item."""
    found = []
    for start, end in _items(text, [(s.start, s.end) for s in sentences], names, adjusting=True):
        if adjustment := adjustment_from(typed, text, start, end, names):
            found.append(adjustment)
    return found


def adjustment_from(typed: Typed, text: str, start: int, end: int, names: Sequence[Mention]) -> ReadAdjustment | None:
    """The adjustment that a stretch proposes; None when it has no word in it."""
    start, end = _trimmed(text, start, end)
    if not any(char.isalnum() for char in text[start:end]):
        return None
    return ReadAdjustment(typed.said(start, end), _key_in(names, start, end), typed.span(start, end))


def _pieces(text: str, sentences: Sequence[Sentence]) -> Iterator[tuple[int, int]]:
    """The sentences, cut at an "and" with something waited for on both sides of it."""
    for sentence in sentences:
        at = sentence.start
        cues = [sentence.start + start for start, _ in blocked_at(text[sentence.start : sentence.end])]
        for joint in _AND.finditer(text, sentence.start, sentence.end):
            before = bisect_left(cues, joint.start()) > bisect_left(cues, at)
            after = bisect_left(cues, joint.end())
            if before and after < len(cues) and cues[after] <= joint.end() + REACH:
                yield at, joint.start()
                at = joint.end()
        yield at, sentence.end


def _items(
    text: str, pieces: Sequence[tuple[int, int]], names: Sequence[Mention], *, adjusting: bool
) -> list[tuple[int, int]]:
    """Pieces joined to items: a piece begins one by its bullet or its words, else it goes on with the one before."""
    items: list[list[int]] = []
    ended, asked = True, False
    for start, end in pieces:
        words = text[start:end]
        if not adjusting and _ASKED.match(words):  # whether something waits is asked, not told
            asked = True
            continue
        if is_empty_answer(words) or (not adjusting and is_over(words)):
            ended = True
            continue
        cued = asks_to_adjust(words) or bool(names_in(names, start, end)) if adjusting else bool(blocked_at(words))
        if asked and not cued and not _BULLET.match(words.lstrip("\n")):
            continue
        asked = False
        if items and not ended and not cued and not _BULLET.match(words.lstrip("\n")):
            items[-1][1] = end
        elif not items or cued or _BULLET.match(words.lstrip("\n")) or ended:
            items.append([start, end])
        ended = False
    return [(start, end) for start, end in items]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without bullets, a leading `no, but` and closing punctuation."""
    if bullet := _BULLET.match(text, start, end):
        start = bullet.end()
    if (lead := _NO_BUT.match(text, start, end)) and blocked_at(text[lead.end() : end]):
        start = lead.end()
    words = text[start:end]
    return start + len(words) - len(words.lstrip(_ENDS)), start + len(words.rstrip(_ENDS))


def _key_in(names: Sequence[Mention], start: int, end: int) -> str | None:
    known = {name.item.key: None for name in names_in(names, start, end) if name.item is not None}
    return next(iter(known), None)


def _waited_for(shown: str, words: str, units: Sequence[Named]) -> str | None:
    """The unit named right after "waiting for" and the like, else the only one named after it; None in doubt."""
    cues = blocked_at(words)
    places = sorted(_unit_places(shown, units))
    after = [(at, key) for at, key in places if cues and at >= cues[0][0]] or places
    for at, key in after:
        if any(end <= at and _AFTER_CUE.fullmatch(words[end:at]) for _, end in cues):
            return key
    exact = {key for at, key in after if shown[at : at + 1].isupper() or not shown[at : at + 1].isalpha()}
    return exact.pop() if len(exact) == 1 else None


def _unit_places(shown: str, units: Sequence[Named]) -> Iterator[tuple[int, str]]:
    """Where units are named by title or key, as whole words."""
    low = lowered(shown)
    for unit in units:
        for name in {lowered(unit.title), lowered(unit.key)}:
            at = low.find(name) if name else -1
            while at >= 0:
                end = at + len(name)
                if not low[max(0, at - 1) : at].isalnum() and not low[end : end + 1].isalnum():
                    yield at, unit.key
                at = low.find(name, end)
