"""Blockers and wishes said in passing while reporting (`KR-1 30 days, waiting for Payments`). Only ever guesses."""

import re
from collections.abc import Sequence
from datetime import date

from rituals.checkins.reading_parts import Sentence
from rituals.checkins.reading_phrases import adjusted_at, blocked_at, is_empty_answer, is_over
from rituals.checkins.reading_registers import adjustment_from, blocker_from
from rituals.checkins.reading_results import Guess, ReadBlocker, guess
from rituals.okrs.mentions import Mention
from rituals.okrs.naming import Named, shorten
from rituals.okrs.typed import Typed

_CLAUSE = re.compile(r"[,;:(]\s?| - | (?:but|and|because|as|since) ", re.IGNORECASE)
QUOTED = 120


def asides(
    typed: Typed,
    text: str,
    sentences: Sequence[Sentence],
    names: Sequence[Mention],
    units: Sequence[Named],
    today: date,
    answered: frozenset[int],
) -> list[Guess]:
    """One guess for each sentence under question 1 that sounds like a blocker or an adjustment.

    Whoever has `answered` question 2 or 3 as well is not asked about it again.
    """
    found: list[Guess] = []
    for sentence in sentences:
        words = text[sentence.start : sentence.end]
        cues = [] if 2 in answered or is_over(words) else blocked_at(words)
        wishes = [] if 3 in answered else adjusted_at(words)
        first = cues[0][0] if cues else wishes[0] if wishes else None
        if first is None:
            continue
        start = _clause_start(text, sentence, sentence.start + first)
        if is_empty_answer(text[start : sentence.end]):
            continue
        if cues:
            blocker = blocker_from(typed, text, start, sentence.end, names, units, today)
            found += _blocker(blocker) if blocker else []
        elif wish := adjustment_from(typed, text, start, sentence.end, names):
            words = f'Do you propose to adjust: "{shorten(wish.text, QUOTED)}"?'
            found.append(guess(words, [("Yes, propose it", (wish,))], leave="No"))
    return found


def _blocker(blocker: ReadBlocker) -> list[Guess]:
    words = f'Is this a blocker: "{shorten(blocker.text, QUOTED)}"?'
    return [guess(words, [("Yes, a blocker", (blocker,))], leave="No")]


def _clause_start(text: str, sentence: Sentence, at: int) -> int:
    """Where the clause around `at` begins."""
    ends = [found.end() for found in _CLAUSE.finditer(text, max(sentence.start, at - 300), at)]
    return ends[-1] if ends else sentence.start
