"""Reads a check-in reply by rules: the words under each question, and what may be written of it.

Pure: text, key results and units in, a `Reading` out. What is unambiguous is an update, what had to be guessed is a
guess to be confirmed, what cannot be used is a problem in words, and nothing typed is changed or lost.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from rituals.checkins.reading_asides import asides
from rituals.checkins.reading_classes import Questions, classified, reports
from rituals.checkins.reading_merge import merged
from rituals.checkins.reading_nameless import read_nameless
from rituals.checkins.reading_parts import Sentence, numbered_parts, sentences, without_questions
from rituals.checkins.reading_phrases import (
    blocked_at,
    clauses,
    is_empty_answer,
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
T = TypeVar("T")
Told = tuple[Sentence, Questions]


def read_reply(text: str, known: Sequence[KnownKeyResult], units: Sequence[Named], today: date) -> Reading:
    """Reads one reply to the three questions. Never raises for anything a person can type; linear in its length.

    `known` are the key results the person may report, `units` those that can be waited for, `today` the person's
    local date. At most `MOST` guesses and problems are given; the words themselves are always whole in the sections.
    """
    reply, found = typed(text), Findings()
    plain = without_quotes(reply)
    parts = numbered_parts(plain)
    plain = without_questions(plain)
    names = mentions(plain, known)
    told = _told(reply, plain, parts, names, known, found)
    by_question = {n: [sentence for sentence, own in told if n in own] for n in (1, 2, 3)}
    for segment in segments(plain, [sentence for sentence, _ in told], names):
        read_segment(reply, plain, segment, known, found)
    waits = blockers(reply, plain, _not_reports(plain, by_question[2], names), names, units, today)
    changes = adjustments(reply, plain, _not_reports(plain, by_question[3], names), names)
    found.guesses += asides(reply, plain, by_question[1], names, units, today, waits)
    updates, contradictions = merged(found.updates, known)
    guesses = _first([*found.guesses, *contradictions])
    problems = _first(found.problems)
    quiet = not (updates or guesses or problems or waits or changes)
    return Reading(
        sections=_sections(reply, told, parts),
        unplaced=_unplaced(reply, told),
        updates=updates,
        guesses=guesses,
        problems=problems,
        blockers=tuple(waits),
        adjustments=tuple(changes),
        no_change=quiet and _no_change(plain, by_question[1], asked=bool(parts) or _placed_by_order(told)),
        nothing=tuple(n for n in _said_nothing(plain, told, quiet=quiet) if not (waits if n == 2 else changes)),
    )


def _told(
    reply: Typed,
    plain: str,
    parts: dict[int, tuple[int, int]],
    names: Sequence[Mention],
    known: Sequence[KnownKeyResult],
    found: Findings,
) -> list[Told]:
    """Every sentence with the questions it answers; numbers without an exact name go to `found` on the way."""
    raw = _raw(plain, parts)
    spoken = [(segment.start, segment.stop) for segment in segments(plain, raw, names)]
    covered = _inside(raw, spoken)
    loose = [sentence for sentence in raw if sentence not in covered]
    valued = read_nameless(reply, plain, loose, names, known, found)
    if parts:
        return [(s, frozenset({s.question}) if s.question else frozenset()) for s in raw]
    continuing = {s for s in covered if not names_in(names, s.start, s.end)}
    return classified(plain, raw, names, frozenset([*valued, *continuing]))


def _raw(plain: str, parts: dict[int, tuple[int, int]]) -> list[Sentence]:
    if not parts:
        return sentences(plain, 0, len(plain))
    begin = min(start for start, _ in parts.values())
    raw = [s for s in sentences(plain, 0, begin) if not _is_mark(plain[s.start : s.end])]
    for number, (start, end) in sorted(parts.items()):
        raw += sentences(plain, start, end, question=number)
    return raw


def _is_mark(words: str) -> bool:
    """A question's number alone, which stands before its answer."""
    return len(words.strip(" .():-\n\ufe0f\u20e3")) <= 1


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


def _sections(reply: Typed, told: Sequence[Told], parts: dict[int, tuple[int, int]]) -> dict[int, str]:
    """The words under each question, exactly as typed."""
    if parts:
        found = {number: reply.original[slice(*reply.span(*part))].strip() for number, part in parts.items()}
        return {number: words for number, words in sorted(found.items()) if words}
    return {n: words for n in (1, 2, 3) if (words := _words(reply, [s for s, own in told if n in own]))}


def _unplaced(reply: Typed, told: Sequence[Told]) -> str:
    placed = any(own for _, own in told)
    return _words(reply, [s for s, own in told if not own]) if placed else reply.original.strip()


def _words(reply: Typed, told: Sequence[Sentence]) -> str:
    """The sentences as typed; those that do not follow each other on lines of their own."""
    stretches: list[list[int]] = []
    for sentence in told:
        if stretches and stretches[-1][1] == sentence.start:
            stretches[-1][1] = sentence.end
        else:
            stretches.append([sentence.start, sentence.end])
    spans = [reply.span(start, end) for start, end in stretches]
    return "\n".join(reply.original[start:end].strip() for start, end in spans)


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
