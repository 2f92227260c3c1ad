"""Which of the three questions each sentence of a reply answers, by plain rules, where the reply does not say it.

A sentence that says nothing of its own goes with the one before it on its line; what fits no question is left to
none.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from rituals.checkins.reading_parts import Sentence
from rituals.checkins.reading_phrases import (
    adjusted_at,
    blocked_at,
    clauses,
    is_over,
    nothing_for,
    says_no_change,
    says_nothing,
    says_yes,
)
from rituals.checkins.reading_segments import names_in
from rituals.okrs.mentions import Mention
from rituals.okrs.said import read_said

_STATUS = re.compile(
    r"(?<![^\W_])(?:on[ -]track|off[ -]track|at[ -]risk|on[ -]pace|on schedule|behind|slipping|stalled)(?![^\W_])",
    re.IGNORECASE,
)
Questions = frozenset[int]


def classified(
    text: str, sentences: Sequence[Sentence], names: Sequence[Mention], valued: frozenset[Sentence]
) -> list[tuple[Sentence, Questions]]:
    """Each sentence with the questions it answers: none, one, or two where it says nothing to both.

    `valued` are sentences that were already seen to report a number without a name.
    """
    if by_place := _by_place(text, sentences):
        return by_place
    found: list[tuple[Sentence, Questions]] = []
    for sentence in sentences:
        if sentence.question:
            own: Questions | None = frozenset({sentence.question})
        else:
            own = frozenset({1}) if sentence in valued else _own(text, sentence, names)
        before = found[-1] if found else None
        if own is None:
            own = _next(before[1] if before else frozenset())
        elif not own and before and before[0].line == sentence.line and not before[0].question:
            own = before[1] if len(before[1]) == 1 else frozenset()
        found.append((sentence, own))
    return [(replace(sentence, question=min(own, default=0)), own) for sentence, own in found]


def _by_place(text: str, sentences: Sequence[Sentence]) -> list[tuple[Sentence, Questions]]:
    """Three short answers, the second and third plainly nothing, answer the questions in their order."""
    if len(sentences) != 3 or any(sentence.question for sentence in sentences):
        return []
    said = [clauses(text[s.start : s.end]) for s in sentences]
    if not all(len(one) == 1 for one in said[1:]) or not all(says_nothing(one[0]) for one in said[1:]):
        return []
    if len(said[0]) != 1 or not (says_yes(said[0][0]) or says_no_change(said[0][0], asked=True)):
        return []
    return [(replace(s, question=n), frozenset({n})) for n, s in enumerate(sentences, start=1)]


def _next(before: Questions) -> Questions:
    """A bare "no" answers the question after the one before it, if there was one."""
    last = max(before, default=0)
    return frozenset({last + 1}) if last in {1, 2} else frozenset({3}) if last == 3 else frozenset()


def _own(text: str, sentence: Sentence, names: Sequence[Mention]) -> Questions | None:
    """The questions a sentence answers by its own words; None for a bare "no", empty for none."""
    words = text[sentence.start : sentence.end]
    said = clauses(words)
    answers = [_clause(clause) for clause in said]
    if said and all(answer is not None for answer in answers):
        named = frozenset().union(*(answer for answer in answers if answer))
        return named or None
    inside = names_in(names, sentence.start, sentence.end)
    if inside and reports(text, inside[0], sentence.end):
        return frozenset({1})
    adjusted, blocked = adjusted_at(words), blocked_at(words)
    if adjusted and (not blocked or adjusted[0] < blocked[0][0]):
        return frozenset({3})
    if blocked or is_over(words):
        return frozenset({2})
    return frozenset({1}) if inside or _STATUS.search(words) else frozenset()


def _clause(clause: str) -> Questions | None:
    """The questions a clause says nothing to; empty for a bare "no", None when it says something."""
    if says_no_change(clause):
        return frozenset({1})
    return nothing_for(clause) or (frozenset() if says_nothing(clause) else None)


def reports(text: str, name: Mention, stop: int) -> bool:
    """Whether a value or a confidence stands plainly after the first name."""
    if name.item is None:
        return False
    said = read_said(text, name.end, stop, name.item)
    stated = said.amount is not None and not said.doubts
    return stated or bool(said.refusals) or (said.confidence is not None and not said.confidence_at[1])
