"""Numbers without an exact name: a title half remembered, or no name at all. Only ever guesses and problems.

With one open key result a plain number is asked about for that one; with several it needs a unit that few have.
"""

import re
from collections.abc import Sequence

from rituals.checkins.reading_doubts import doubts, is_far
from rituals.checkins.reading_guesses import unread_number
from rituals.checkins.reading_parts import Sentence
from rituals.checkins.reading_phrases import asks_to_adjust, blocked_at
from rituals.checkins.reading_results import Guess, ReadUpdate, guess
from rituals.checkins.reading_segments import Segment, names_in
from rituals.checkins.reading_updates import Findings, update_from
from rituals.okrs.mentions import Mention
from rituals.okrs.naming import MARGIN, SURE, KnownKeyResult, alike, shorten
from rituals.okrs.said import CONNECTING, Said, read_said
from rituals.okrs.typed import Typed

_NUMBER = re.compile(r"(?<![^\s(:=→~])(?:[+-]? ?[$€£¥₹]? ?\.?\d|conf(?:idence)?(?![^\W_]))", re.IGNORECASE)
_HEAD_WORD = re.compile(r"[^\W\d_]{1,40}")
_LEADING = frozenset(["update", "on", "for", "and", "also", "our", "the", "shared", "hi", "hello", "team", "yes", "no"])
MOST = 4
LOOKED_AT = 40


def read_nameless(
    typed: Typed,
    text: str,
    sentences: Sequence[Sentence],
    names: Sequence[Mention],
    known: Sequence[KnownKeyResult],
    into: Findings,
) -> list[Sentence]:
    """Reads sentences without an exact name; returns those that report a number. At most `LOOKED_AT` are looked at."""
    valued, looked = [], 0
    for sentence in sentences:
        words = text[sentence.start : sentence.end]
        if names_in(names, sentence.start, sentence.end) or not _NUMBER.search(words):
            continue
        if sentence.question > 1 or blocked_at(words) or asks_to_adjust(words):
            continue
        looked += 1
        if looked <= LOOKED_AT and known and _read(typed, text, sentence, known, into):
            valued.append(sentence)
    return valued


def _read(typed: Typed, text: str, sentence: Sentence, known: Sequence[KnownKeyResult], into: Findings) -> bool:
    number = _NUMBER.search(text, sentence.start, sentence.end)
    at = number.start() if number else sentence.start
    head = _head(text[sentence.start : at])
    if head:
        return len(head) >= 3 and _by_title(typed, text, sentence, head, at, known, into)
    return _by_number(typed, text, sentence, known, into)


def _head(words: str) -> str:
    """The words before the number without greetings and connecting words at either end."""
    found = _HEAD_WORD.findall(words[-120:])
    while found and found[0].casefold() in _LEADING:
        found.pop(0)
    while found and found[-1].casefold() in CONNECTING:
        found.pop()
    return " ".join(found)


def _by_title(
    typed: Typed, text: str, sentence: Sentence, head: str, at: int, known: Sequence[KnownKeyResult], into: Findings
) -> bool:
    scored = alike(head, known, floor=SURE)
    near = [of for of, score in scored if score > scored[0][1] - 2 * MARGIN][:MOST]
    read = [(of, said) for of in near if (said := read_said(text, at, sentence.end, of)) and _usable(said)]
    read = [(of, said) for of, said in read if not doubts(text, said, of, sentence.end)] or read
    if not read:
        return False
    words = shorten(typed.said(sentence.start, sentence.end), 80)
    into.guesses.append(_whose(typed, text, sentence, read, f'I read "{words}". Which key result is it?'))
    return True


def _usable(said: Said) -> bool:
    return not said.nothing and not said.refusals and not said.others


def _by_number(typed: Typed, text: str, sentence: Sentence, known: Sequence[KnownKeyResult], into: Findings) -> bool:
    """`30 days 7/10` alone: whose it can be by its unit; nothing of a sentence that merely has a number in it."""
    read = []
    for of in known[:LOOKED_AT]:
        said = read_said(text, sentence.start, sentence.end, of)
        why = doubts(text, said, of, sentence.end)
        alone = not text[said.end : sentence.end].strip(" .,;!\n)")
        meant = (said.amount is not None and said.amount.unit != "") or alone
        if _usable(said) and meant and (not why or is_far(why)):
            read.append((of, said))
    if not read:
        return False
    read = [(of, said) for of, said in read if said.amount and said.amount.unit and of.measured_in] or read
    number = unread_number(read[0][1], read[0][0])
    if len(read) > MOST:
        into.problems.append(
            f"I read {number}, but not for which key result. Name it, such as {read[0][0].key} {number}."
        )
        return True
    one = (
        f'Is it for {read[0][0].key} "{shorten(read[0][0].title, 40)}"?'
        if len(read) == 1
        else "Which key result is it?"
    )
    into.guesses.append(_whose(typed, text, sentence, read, f"I read {number}. {one}"))
    return True


def _whose(
    typed: Typed, text: str, sentence: Sentence, read: Sequence[tuple[KnownKeyResult, Said]], words: str
) -> Guess:
    options: list[tuple[str, tuple[ReadUpdate, ...]]] = []
    for of, said in read:
        segment = Segment((), sentence.start, sentence.start, sentence.end, False, sentence.question)
        update = update_from(typed, text, segment, of, said)
        sure = f", confidence {said.confidence}" if said.amount and said.confidence is not None else ""
        options.append((f"{of.key} {unread_number(said, of)}{sure}", (update,)))
    return guess(words, options)
