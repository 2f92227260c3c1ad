"""How a reply falls into the three questions and its sentences. Positions are those of the folded text.

Numbered replies (`1. … 2. … 3. …`, on one line or several), copied questions and headings (`Blockers: none`) are
split where they say so; nothing is classified here, and no text is changed.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from rituals.okrs.typed import Typed, lowered

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
_HEADING = re.compile(
    r"^ {0,8}(?:[-•] ?)?(?:(?P<h1>on track|status|progress|key results|shared (?:key results|krs)|krs)"
    r"|(?P<h2>(?:new )?(?:dependencies|blockers?|blocked)(?: ?(?:and|or|/|&) ?(?:dependencies|blockers?))?)"
    r"|(?P<h3>adjust(?:ments?)?|okr (?:changes|adjustments)|okrs to adjust)) ?(?::|-(?= ))",
    re.IGNORECASE | re.MULTILINE,
)
_LINE = re.compile(r"[^\n]{0,40000}")
_LISTED = re.compile(r"\n {0,8}[-•][^\n]{0,40000}")
_FENCED = re.compile(r"```[^`]{0,40000}```")
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


@dataclass(frozen=True, slots=True)
class Part:
    """What stands under one question: from `start`, where its number or heading stands, the words `body` to `end`."""

    start: int
    body: int
    end: int
    number: int


def parts(text: str) -> list[Part]:
    """The parts of a reply that says itself which question it answers; [] when it does not."""
    chain = _chain([*_marks(text)]) or _chain([*_copied(text)])
    ends = [*(mark.start for mark in chain[1:]), len(text)][: len(chain)]
    numbered = [Part(mark.start, mark.end, end, mark.number) for mark, end in zip(chain, ends, strict=True)]
    return numbered or [*_headed(text)]


def _headed(text: str) -> Iterator[Part]:
    """Lines such as `Blockers: none`, each with the list under it if the heading stands alone."""
    for found in _HEADING.finditer(text):
        line = _LINE.match(text, found.end())
        end = line.end() if line else found.end()
        if not text[found.end() : end].strip():
            while listed := _LISTED.match(text, end):
                end = listed.end()
        number = next(n for n in (1, 2, 3) if found[f"h{n}"])
        yield Part(found.start(), found.end(), end, number)


def without_questions(text: str) -> str:
    """The text with copied questions blank, so that their words are not read as an answer."""
    for _, start, end in _question_texts(text):
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def without_code(reply: Typed, plain: str) -> str:
    """`plain` with fenced blocks of code blank, line ends kept; a reply with no word but in a fence stays as it is."""
    bare = plain
    for fence in _FENCED.finditer(reply.original):
        start, end = (bisect_left(reply.at, place) for place in fence.span())
        bare = bare[:start] + re.sub(r"[^\n]", " ", bare[start:end]) + bare[end:]
    return bare if any(char.isalpha() for char in bare) else plain


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


def sentences(text: str, start: int, end: int, *, line: int = 0, question: int = 0) -> list[Sentence]:
    """The sentences of a stretch that begins in `line`, also cut at semicolons and line ends; blank ones left out."""
    found, at = [], start
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
