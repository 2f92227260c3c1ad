"""Reads a check-in reply by rules: the words under each question, and what may be written of it.

Pure: text, key results and units in, a `Reading` out. What is unambiguous is an update, what had to be guessed is a
guess to be confirmed, what cannot be used is a problem in words, and nothing typed is changed or lost.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from rituals.checkins.reading_asides import asides
from rituals.checkins.reading_classes import Questions, classified, reports
from rituals.checkins.reading_merge import merged
from rituals.checkins.reading_nameless import read_nameless
from rituals.checkins.reading_parts import Part, Sentence, parts, sentences, without_code, without_questions
from rituals.checkins.reading_phrases import (
    blocked_at,
    clauses,
    is_empty_answer,
    is_greeting,
    nothing_for,
    says_all_is_as_before,
    says_no_change,
    says_nothing,
)
from rituals.checkins.reading_registers import adjustments, blockers
from rituals.checkins.reading_results import Guess, ReadAdjustment, ReadBlocker, Reading, ReadUpdate, chosen
from rituals.checkins.reading_segments import names_in, segments
from rituals.checkins.reading_updates import Findings, read_segment
from rituals.okrs.mentions import Mention, mentions
from rituals.okrs.naming import KnownKeyResult, Named
from rituals.okrs.typed import Typed, typed, without_quotes

__all__ = ["Guess", "ReadAdjustment", "ReadBlocker", "ReadUpdate", "Reading", "chosen", "read_reply"]
MOST = 20
_LONE_MARK = re.compile(r"^[*_`]{1,2}(?=\s)\s|\s[*_`]{1,2}$")
T = TypeVar("T")
Told = tuple[Sentence, Questions]


def read_reply(text: str, known: Sequence[KnownKeyResult], units: Sequence[Named], today: date) -> Reading:
    """Reads one reply to the three questions. Never raises for anything a person can type; linear in its length.

    `known` are the key results the person may report, `units` those that can be waited for, `today` the person's
    local date. At most `MOST` guesses and problems are given; the words themselves are always whole in the sections.
    """
    reply, found = typed(text), Findings()
    plain = without_code(reply, without_quotes(reply))
    told_parts = parts(plain)
    plain = without_questions(plain)
    names = mentions(plain, known)
    told = _told(reply, plain, told_parts, names, known, found)
    by_question = {n: [sentence for sentence, own in told if n in own] for n in (1, 2, 3)}
    for segment in segments(plain, [sentence for sentence, _ in told], names):
        read_segment(reply, plain, segment, known, found)
    waits = blockers(reply, plain, _not_reports(plain, by_question[2], names), names, units, today)
    changes = adjustments(reply, plain, _not_reports(plain, by_question[3], names), names)
    answered = frozenset([*(part.number for part in told_parts), *_said_nothing(plain, told, quiet=False)])
    found.guesses += asides(reply, plain, by_question[1], names, units, today, answered)
    updates, contradictions = merged(found.updates, known)
    guesses, problems = _first([*found.guesses, *contradictions]), _first(found.problems)
    quiet = not (updates or guesses or problems or waits or changes)
    asked = any(part.number == 1 for part in told_parts) or _placed_by_order(told)
    return Reading(
        sections=_sections(reply, told, told_parts),
        unplaced=_unplaced(reply, plain, told),
        updates=updates,
        guesses=guesses,
        problems=problems,
        blockers=tuple(waits),
        adjustments=tuple(changes),
        no_change=quiet and _no_change(plain, by_question[1], asked=asked),
        nothing=tuple(n for n in _said_nothing(plain, told, quiet=quiet) if not (waits if n == 2 else changes)),
    )


def _told(
    reply: Typed,
    plain: str,
    told_parts: Sequence[Part],
    names: Sequence[Mention],
    known: Sequence[KnownKeyResult],
    found: Findings,
) -> list[Told]:
    """Every sentence with the questions it answers; numbers without an exact name go to `found` on the way."""
    raw = _raw(plain, told_parts)
    spoken = [(segment.start, segment.stop) for segment in segments(plain, raw, names)]
    covered = _inside(raw, spoken)
    loose = [sentence for sentence in raw if sentence not in covered]
    valued = read_nameless(reply, plain, loose, names, known, found)
    continuing = {s for s in covered if not names_in(names, s.start, s.end)}
    return classified(plain, raw, names, frozenset([*valued, *continuing]))


def _raw(plain: str, told_parts: Sequence[Part]) -> list[Sentence]:
    """The sentences, with their question where they stand in a part."""
    raw: list[Sentence] = []
    at = line = 0
    for part in told_parts:
        raw += sentences(plain, at, part.start, line=line)
        line += plain.count("\n", at, part.body)
        raw += sentences(plain, part.body, part.end, line=line, question=part.number)
        line += plain.count("\n", part.body, part.end)
        at = part.end
    return raw + sentences(plain, at, len(plain), line=line)


def _inside(raw: Sequence[Sentence], stretches: Sequence[tuple[int, int]]) -> set[Sentence]:
    """The sentences that begin within one of the stretches (both in text order)."""
    found, waiting = set(), list(reversed(stretches))
    for sentence in raw:
        while waiting and waiting[-1][1] <= sentence.start:
            waiting.pop()
        if waiting and waiting[-1][0] < sentence.end:
            found.add(sentence)
    return found


def _not_reports(plain: str, told: Sequence[Sentence], names: Sequence[Mention]) -> list[Sentence]:
    """Without the sentences that only report a value, wherever they stand."""
    return [s for s in told if not _only_reports(plain, s, names)]


def _only_reports(plain: str, sentence: Sentence, names: Sequence[Mention]) -> bool:
    inside = names_in(names, sentence.start, sentence.end)
    lead = plain[sentence.start : inside[0].start] if inside else "-"
    plainly = bool(inside) and not any(char.isalpha() for char in lead)
    return plainly and reports(plain, inside[0], sentence.end) and not blocked_at(plain[sentence.start : sentence.end])


def _first(found: Iterable[T]) -> tuple[T, ...]:
    """Each once, and no more than a person would look at."""
    kept: list[T] = []
    for one in found:
        if one not in kept and len(kept) < MOST:
            kept.append(one)
    return tuple(kept)


def _sections(reply: Typed, told: Sequence[Told], told_parts: Sequence[Part]) -> dict[int, str]:
    """The words under each question, exactly as typed."""
    found = {}
    begins = [part.start for part in told_parts]
    free = [(s, own) for s, own in told if not _within(s, told_parts, begins)]
    for n in (1, 2, 3):
        stretches = [(part.body, part.end) for part in told_parts if part.number == n]
        stretches += [(s.start, s.end) for s, own in free if n in own]
        if words := _words(reply, sorted(stretches)):
            found[n] = words
    return found


def _within(sentence: Sentence, told_parts: Sequence[Part], begins: Sequence[int]) -> bool:
    """Whether a sentence stands in a part; `begins` are the parts' starts."""
    last = bisect_right(begins, sentence.start) - 1
    return last >= 0 and sentence.start < told_parts[last].end


def _unplaced(reply: Typed, plain: str, told: Sequence[Told]) -> str:
    """What fits no question, but for greetings; the whole reply if nothing fits."""
    if not any(own for _, own in told):
        return reply.original.strip()
    left = [(s.start, s.end) for s, own in told if not own and not is_greeting(plain[s.start : s.end])]
    return _words(reply, left)


def _words(reply: Typed, told: Sequence[tuple[int, int]]) -> str:
    """Stretches as typed; those that do not follow each other on lines of their own."""
    joined: list[list[int]] = []
    for start, end in told:
        if joined and joined[-1][1] == start:
            joined[-1][1] = end
        else:
            joined.append([start, end])
    spans = [reply.span(start, end) for start, end in joined]
    return "\n".join(words for span in spans if (words := _LONE_MARK.sub("", reply.original[slice(*span)].strip())))


def _placed_by_order(told: Sequence[Told]) -> bool:
    return [own for _, own in told] == [{1}, {2}, {3}]


def _no_change(plain: str, told: Sequence[Sentence], *, asked: bool) -> bool:
    """Everything said under question 1 is that nothing changed."""
    said = [clause for s in told for clause in clauses(plain[s.start : s.end])]
    unchanged = [clause for clause in said if says_no_change(clause, asked=asked)]
    rest = [clause for clause in said if clause not in unchanged]
    return bool(unchanged) and all(says_nothing(clause) or nothing_for(clause) for clause in rest)


def _said_nothing(plain: str, told: Sequence[Told], *, quiet: bool) -> list[int]:
    """Which of questions 2 and 3 were answered with no, by name, by place, or by `all on track, nothing else`."""
    stated: set[int] = set()
    for sentence, own in told:
        words = plain[sentence.start : sentence.end]
        said = clauses(words)
        if is_empty_answer(words):
            stated |= own
            stated |= {2, 3} if quiet and own == {1} and any(map(says_nothing, said)) else set()
        stated.update(*(nothing_for(clause) for clause in said))
    if quiet and len(told) == 1 and says_all_is_as_before(plain):
        stated |= {2, 3}
    return sorted(stated & {2, 3})
