"""From the words about a key result to what may be written at once and what must be confirmed first.

The law: what is unambiguous is an update, what had to be guessed is a guess, what cannot be used is a problem in
words. In doubt it is a guess. Nothing is stored here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rituals.checkins.reading_doubts import doubts
from rituals.checkins.reading_guesses import ask_confidence, ask_number, ask_value, ask_whose
from rituals.checkins.reading_loose import NOTE_ENDS, missed_number, read_loosely
from rituals.checkins.reading_phrases import asks_to_adjust, blocked_at
from rituals.checkins.reading_results import Guess, ReadUpdate
from rituals.checkins.reading_segments import Segment
from rituals.okrs.naming import KnownKeyResult, near_keys, no_such
from rituals.okrs.said import Said, confidences, read_said
from rituals.okrs.typed import Typed


@dataclass(slots=True)
class Findings:
    """What the words about key results came to, in the order of the reply."""

    updates: list[ReadUpdate] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_segment(typed: Typed, text: str, segment: Segment, known: Sequence[KnownKeyResult], into: Findings) -> None:
    """Reads the values said in a segment into `into`, with a problem for each key that nothing has."""
    for name in segment.names:
        if name.item is None:
            into.problems.append(no_such(name.typed, near_keys(name.typed, known)).text)
    items = [name.item for name in segment.names if name.item is not None]
    if segment.question >= 2:
        _read_elsewhere(typed, text, segment, items, into)
    elif len(items) == 1:
        _read_one(typed, text, segment, items[0], into)
    elif items:
        _read_several(typed, text, segment, items, into)


def _read_elsewhere(typed: Typed, text: str, segment: Segment, items: list[KnownKeyResult], into: Findings) -> None:
    """Under questions 2 and 3 only a bare `KR-7 18%` is a report; under 3 it may be a wish, so it is asked."""
    words = text[segment.start : segment.stop]
    if len(items) != 1 or not segment.clear or blocked_at(words) or asks_to_adjust(words):
        return
    said = read_said(text, segment.said_from, segment.stop, items[0])
    update = update_from(typed, text, segment, items[0], said)
    if said.nothing or said.refusals or update.note or doubts(text, said, items[0], segment.stop):
        return
    if segment.question == 2:
        into.updates.append(update)
    else:
        into.guesses.extend(ask_value(items[0], said, update, [], typed.said(*said.amount_at)))


def _read_one(typed: Typed, text: str, segment: Segment, of: KnownKeyResult, into: Findings) -> None:
    """One key result: what is sure is an update, the rest of it a guess or a problem."""
    said = read_said(text, segment.said_from, segment.stop, of)
    update, words = update_from(typed, text, segment, of, said), text[segment.said_from : segment.stop]
    if said.nothing:
        if segment.clear:
            _read_words(typed, text, segment, of, update, into)
        return
    _add_problems(typed, text, segment, of, said, into)
    why = doubts(text, said, of, segment.stop)
    # what was taken for the value (3 of 10 milestones) is no confidence
    after_value = text[max(segment.said_from, said.amount_at[1]) : segment.stop]
    several = segment.clear and len({*confidences(after_value if of.kind == "milestone" else words)}) > 1
    sure = replace(
        update,
        amount=update.amount if segment.clear and not why else None,
        confidence=update.confidence if segment.clear and not several else None,
    )
    if sure.amount is not None or sure.confidence is not None:
        into.updates.append(sure)
    pending = replace(update, confidence=None if segment.clear else update.confidence)
    if why or not segment.clear:
        into.guesses.extend(ask_value(of, said, pending, why, typed.said(*said.amount_at)))
    if several:
        into.guesses.append(ask_confidence(of, words, update))
    into.guesses.extend(ask_number(of, refusal, pending) for refusal in said.refusals if refusal.choices)


def _read_words(
    typed: Typed, text: str, segment: Segment, of: KnownKeyResult, update: ReadUpdate, into: Findings
) -> None:
    """No value stands right after the name."""
    if problem := missed_number(typed, text, segment.said_from, segment.stop, of):
        into.problems.append(problem)
    else:
        into.guesses.extend(read_loosely(typed, text, segment.said_from, segment.stop, of, update))


def _add_problems(typed: Typed, text: str, segment: Segment, of: KnownKeyResult, said: Said, into: Findings) -> None:
    into.problems.extend(f"{of.key}: {refusal.text}" for refusal in said.refusals if not refusal.choices)
    lone = said.amount is None and said.refused_amount is None and said.confidence_at[1]
    if lone and (problem := missed_number(typed, text, segment.said_from, said.confidence_at[0], of)):
        into.problems.append(problem)


def update_from(typed: Typed, text: str, segment: Segment, of: KnownKeyResult, said: Said) -> ReadUpdate:
    """All that was read of one key result, as if it were certain."""
    end = segment.stop
    if said.confidence_at[1] and not text[said.confidence_at[1] : end].strip(NOTE_ENDS + "()"):
        end = said.confidence_at[0]
    note = typed.said(min(said.end, end), end).lstrip(NOTE_ENDS + ")").rstrip(NOTE_ENDS + "(")
    stop = segment.start + len(text[segment.start : segment.stop].rstrip())
    span, link = typed.span(segment.start, stop), typed.link_in(segment.start, segment.stop)
    return ReadUpdate(of.key, said.amount, said.confidence, note, span, link)


def _read_several(typed: Typed, text: str, segment: Segment, items: list[KnownKeyResult], into: Findings) -> None:
    """`KR-1 and KR-7: 8/10` may be meant for both or for the last."""
    updates = []
    for of in items:
        said = read_said(text, segment.said_from, segment.stop, of)
        if not said.nothing and not said.refusals:
            updates.append(update_from(typed, text, segment, of, said))
    if updates:
        into.guesses.append(ask_whose(updates, items, typed.said(segment.start, segment.stop)))
