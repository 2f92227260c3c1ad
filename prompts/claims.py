"""One sentence of a model beside what it may rest on: its sources and the blockers they speak of. Pure.

It gathers and compares; which comparison drops a sentence, and in which order, is said in `grounding`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from prompts.calendar_words import is_calendar
from prompts.facts import AnswerFact, BlockerFact, SummaryFacts
from prompts.letters import skeleton
from prompts.numbers import Figures, figures, of_date, of_number
from prompts.polarity import root
from prompts.relations import Pair, named, pairs
from prompts.schemas import ClaimOut

AROUND = 160  # characters of an answer that are read on either side of a quotation
_ENDS = re.compile(r"(?<=[.!?…])(?<!\d\.)\s+|\n+")
_PROPER = re.compile(r"(?<![.!?:“\"(]\s)(?<!^)(?<!\w)[^\W\d_a-z][^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Source:
    """A quotation that stands in its answer: where, and the words around it up to the ends of their sentences."""

    answer: AnswerFact
    start: int
    end: int
    context: str
    offset: int

    @property
    def span(self) -> str:
        """The words quoted."""
        return self.answer.text[self.start : self.end]

    @property
    def figures(self) -> Figures:
        """What is countable in the quotation, read with the words around it."""
        return figures(self.context, self.start - self.offset, self.end - self.offset)


@dataclass(frozen=True)
class Claim:
    """A sentence, cleaned, with its sources, among all facts."""

    text: str
    sources: tuple[Source, ...]
    facts: SummaryFacts

    @cached_property
    def units(self) -> list[str]:
        """The known units that it names."""
        return named(self.text, self.facts.known_units)

    @cached_property
    def blockers(self) -> list[BlockerFact]:
        """The blockers that rest on its sources; of those, the ones that wait for a unit it names, if it names any.

        Of several between the same two units, those whose own words it uses.
        """
        cited = {s.answer.id for s in self.sources}
        resting = [b for b in self.facts.blockers if cited & set(b.answers)]
        meant = [b for b in resting if b.waits_for in self.units and b.held_up in self.units]
        return _told_apart(meant or [b for b in resting if b.waits_for in self.units] or resting, self.text)

    @cached_property
    def pertinent(self) -> list[Source]:
        """The sources on which its own blockers rest: others lend it no figures."""
        ids = {i for b in self.blockers for i in b.answers}
        return [s for s in self.sources if s.answer.id in ids] or list(self.sources)

    @cached_property
    def pairs(self) -> frozenset[Pair]:
        """Who waits for whom, as the sentence has it."""
        return pairs(self.text, self.facts.known_units)

    @cached_property
    def known_pairs(self) -> frozenset[Pair]:
        """Who waits for whom, as its blockers and the words around its quotations have it."""
        units = self.facts.known_units
        stated = {(b.held_up, b.waits_for) for b in self.blockers if b.waits_for}
        for source in self.sources:
            stated |= pairs(source.context, units, we=source.answer.unit)
        return frozenset(stated)

    @property
    def providers(self) -> set[str]:
        """The units that its own pairs wait for."""
        return {on for _, on in self.pairs}

    def supported(self) -> Figures:
        """Every figure that it may use."""
        total = Figures()
        for source in self.pertinent:
            total += source.figures
        waited_for = self.facts.waited_for()
        for blocker in self.blockers:
            total += of_number(blocker.days_open, "day") + figures(words_of([blocker]))
            total += of_date(blocker.until) if blocker.until else Figures()
            total += of_number(blocker.overdue, "day") if blocker.overdue else Figures()
            units, count = waited_for.get(blocker.waits_for or "", (0, 0))
            total += of_number(units, "unit") + of_number(count, "blocker") if count else Figures()
        return total

    @cached_property
    def grounds(self) -> str:
        """Every word that it may use: quotations, blockers, their units, the unit of the digest."""
        spans = [s.span for s in self.sources]
        age = ["new"] if any(b.new for b in self.blockers) else []
        return " ".join(
            [*spans, *age, words_of(self.blockers), *(s.answer.unit for s in self.sources), self.facts.unit]
        )

    @property
    def contexts(self) -> list[str]:
        """The sentences around its quotations, and the texts of its blockers."""
        return [s.context for s in self.sources]

    def strangers(self) -> list[str]:
        """Known units and people that it names and its sources do not."""
        names = {
            *self.facts.known_units,
            *(n for p in self.facts.people for n in (p.name, *p.name.split()) if len(n) > 2),
        }
        there = set(named(self.grounds, names)) | set(named(" ".join(self.contexts), names))
        return sorted(n for n in named(self.text, names) if n not in there and n in self.text)

    def proper(self) -> list[str]:
        """Words in capitals within the sentence that none of its grounds has."""
        known = skeleton(" ".join([self.grounds, *self.contexts]))
        found = (w for w in _PROPER.findall(self.text) if not is_calendar(w))
        return [w for w in found if skeleton(w) not in known]


def located(claim: ClaimOut, facts: SummaryFacts) -> list[Source | None]:
    """Each source at its place, None where the quotation does not stand in the answer; KeyError without the answer."""
    answers = {a.id: a for a in facts.answers}
    return [_place(s.span.strip(), answers[s.answer_id]) for s in claim.sources]


def words_of(blockers: Iterable[BlockerFact]) -> str:
    """What the register says of some blockers, in words."""
    parts = ((b.id, b.text, b.held_up, b.waits_for, b.key_result) for b in blockers)
    return " ".join(" ".join(filter(None, part)) for part in parts)


def _told_apart(blockers: list[BlockerFact], text: str) -> list[BlockerFact]:
    """Without those that have one between the same units of which the text, and not of them, has words of its own."""
    said, kept = _roots(text), []
    for one in blockers:
        rivals = [b for b in blockers if (b.held_up, b.waits_for) == (one.held_up, one.waits_for) and b is not one]
        mine = _roots(one.text)
        others = frozenset[str]().union(*(_roots(b.text) for b in rivals))
        if not rivals or said & (mine - others) or not said & (others - mine):
            kept.append(one)
    return kept


def _roots(text: str) -> frozenset[str]:
    return frozenset(root(w) for w in re.findall(r"[^\W\d_]{3,}", text))


def _place(span: str, answer: AnswerFact) -> Source | None:
    """At word boundaries; the first place of several."""
    found = re.search(rf"(?<!\w){re.escape(span)}(?!\w)", answer.text) if span else None
    if found is None:
        return None
    start, end = _sentence(answer.text, *found.span())
    return Source(answer, *found.span(), answer.text[start:end], start)


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentences that a stretch touches, no further than AROUND on either side."""
    ends = [0, *(m.end() for m in _ENDS.finditer(text)), len(text)]
    first = max(e for e in ends if e <= start)
    last = min(e for e in ends if e >= end)
    return max(first, _word_start(text, start - AROUND)), min(last, end + AROUND)


def _word_start(text: str, at: int) -> int:
    return text.find(" ", at) + 1 if at > 0 else 0


def quoted_in(text: str) -> Sequence[str]:
    """What a sentence itself puts in quotation marks."""
    return [a or b or c for a, b, c in re.findall(r"[“„]([^“”„]+)[”“]|\"([^\"]+)\"|«([^«»]+)»", text)]
