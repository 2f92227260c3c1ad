"""How a reply falls into the three questions and its sentences. Positions are those of the folded text.

Numbered replies (`1. … 2. … 3. …`, on one line or several, or with the questions copied) are split where they say
so; nothing is classified here, and no text is changed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rituals.okrs.typed import lowered

QUESTIONS = (
    "Are shared key results on track?",
    "Have any dependencies or blockers emerged?",
    "Do any OKRs need to be adjusted based on new information?",
)
_MARK = re.compile(
    r"(?:(?<=\s)|(?<![\s\S]))(?P<lead>[-•] ?)?(?:q(?:uestion)? ?)?\(?(?P<n>[1-3])"
    r"(?:\ufe0f?\u20e3|\.(?=\s|[^\W\d_]|$)|\)[.:]?|:(?=\s|$)|(?P<dash> ?-{1,2}(?= )))",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(
    r"(?:(?<![^\W_])(?:at|is|to|until|till|by|before|after|kr|on|of|from|was|now|than|and|or|the|version|v|q|phase|step|"
    r"am|bis)|[=:→]) {0,3}$",
    re.IGNORECASE,
)
_MONTH_NEXT = re.compile(r" ?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|dez|okt|mai)", re.IGNORECASE)
_END = re.compile(r"[.!?…]{1,6}[)\"']{0,2}(?=\s|$)|[。！？;\n]")
_ABBREVIATED = re.compile(r"(?<![^\W_])(?:approx|ca|e\.g|i\.e|vs|conf|resp|incl|st|dr|mr|ms)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of the text. `line` counts from 0; `question` is 1-3 where the reply is numbered, else 0."""

    start: int
    end: int
    line: int
    question: int = 0


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    number: int
    begins_line: bool


def numbered_parts(text: str) -> dict[int, tuple[int, int]]:
    """The stretch of each question of a numbered reply, without its number; {} when the reply is not numbered."""
    chain = _chain([*_marks(text)]) or _chain([*_copied(text)])
    ends = [*(mark.start for mark in chain[1:]), len(text)][: len(chain)]
    return {mark.number: (mark.end, end) for mark, end in zip(chain, ends, strict=True)}


def without_questions(text: str) -> str:
    """The text with copied questions blank, so that their words are not read as an answer."""
    for _, start, end in _question_texts(text):
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _question_texts(text: str) -> Iterator[tuple[int, int, int]]:
    """The first place of each question's own text."""
    low = lowered(text)
    for number, question in enumerate(QUESTIONS, start=1):
        at = low.find(question.lower())
        if at >= 0:
            yield number, at, at + len(question)


def _copied(text: str) -> Iterator[_Mark]:
    for number, start, end in _question_texts(text):
        yield _Mark(start, end, number, True)


def _marks(text: str) -> Iterator[_Mark]:
    """Numbers that can begin an answer: not `is at 2.`, not `until 3. Dec`."""
    for found in _MARK.finditer(text):
        before = text[max(0, found.start() - 40) : found.start()]
        line = before.rpartition("\n")[2] if "\n" in before or found.start() <= 40 else "x"
        begins = not line.strip(" *_>")
        if found["dash"] and not begins:
            continue
        if not begins and (_NOT_BEFORE.search(line) or found["lead"]):
            continue
        if not _MONTH_NEXT.match(text, found.end()):
            yield _Mark(found.start(), found.end(), int(found["n"]), begins)


def _chain(marks: list[_Mark]) -> list[_Mark]:
    """The marks in ascending order, each at the begin of a line if it can be. One in mid-line needs its neighbours."""
    first = next((m for m in marks if m.begins_line), None)
    if first is None or (first.number > 1 and any(m.number == 1 and m.start < first.start for m in marks)):
        first = next((m for m in marks if m.number == 1), None)
    if first is None:
        return []
    chain = [first]
    for number in range(first.number + 1, len(QUESTIONS) + 1):
        later = [m for m in marks if m.number == number and m.start >= chain[-1].end]
        if best := next((m for m in later if m.begins_line), next(iter(later), None)):
            chain.append(best)
    return chain if len(chain) > 1 or first.begins_line else []


def sentences(text: str, start: int, end: int, *, question: int = 0) -> list[Sentence]:
    """The sentences of a stretch, also cut at semicolons and line ends; blank ones left out."""
    found, line, at = [], text.count("\n", 0, start), start
    for stop in _stops(text, start, end):
        if text[at:stop].strip():
            found.append(Sentence(at, stop, line, question))
        line += text.count("\n", at, stop)
        at = stop
    return found


def _stops(text: str, start: int, end: int) -> Iterator[int]:
    for found in _END.finditer(text, start, end):
        if found[0] != "." or not _ABBREVIATED.search(text, max(start, found.start() - 8), found.start()):
            yield found.end()
    yield end
