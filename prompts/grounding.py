"""The check between a model and a channel: which of its sentences the facts bear out. Pure.

A sentence is kept only when each source exists, each span stands in its answer letter by letter, and the sentence
names no number, date, reference or unit that its spans and their blockers lack. It never repairs a sentence.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from prompts.cleaning import clean
from prompts.facts import AnswerFact, BlockerFact, SummaryFacts
from prompts.numbers import Figures, figures, of_date, of_number
from prompts.schemas import ClaimOut, SummaryOut

MOST_CLAIMS = 8
_SHORTEST_SPAN = 8
_SHORTEST_CLAIM = 12
_SHARED_WORDS = 3  # at least one in three of a sentence's own words comes from its sources
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """about after again all also and any are because been before both but can could does each for from had has have
        held holds hold until still their them they this that the there these those two waits wait waiting what when
        which who will with without would yet into its not now over own same some such than then while was were""",
    )
)


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A sentence that was borne out, cleaned, and the ids of the answers it rests on (in order, no doubles)."""

    text: str
    answer_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What is left: kept sentences, and one reason for each that was dropped."""

    claims: tuple[CheckedClaim, ...]
    dropped: tuple[str, ...]


def check(summary: SummaryOut, facts: SummaryFacts) -> Checked:
    """Keep what `facts` bear out. Names must have been put back into `summary` before."""
    kept: dict[str, CheckedClaim] = {}
    dropped = []
    for claim in summary.claims:
        text = clean(claim.text)
        reason = _objection(text, claim, facts)
        if reason is None and (text.casefold() in kept or len(kept) == MOST_CLAIMS):
            reason = "said before, or one too many"
        if reason is None:
            kept[text.casefold()] = CheckedClaim(text, tuple(dict.fromkeys(s.answer_id for s in claim.sources)))
        else:
            dropped.append(reason)
    return Checked(tuple(kept.values()), tuple(dropped))


def _objection(text: str, claim: ClaimOut, facts: SummaryFacts) -> str | None:
    """Why a claim is dropped; None when it may stay."""
    return _nothing_said(text) or _bad_sources(claim, facts) or _beyond_sources(text, claim, facts)


def _nothing_said(text: str) -> str | None:
    return "nothing left to say" if len(text) < _SHORTEST_CLAIM else None


def _bad_sources(claim: ClaimOut, facts: SummaryFacts) -> str | None:
    answers = {a.id: a for a in facts.answers}
    if not claim.sources:
        return "no source"
    for source in claim.sources:
        answer = answers.get(source.answer_id)
        if answer is None:
            return "a source that does not exist"
        if not _stands_in(source.span, answer):
            return "a quotation that is not in its source"
    return None


def _stands_in(span: str, answer: AnswerFact) -> bool:
    """Word for word, at word boundaries, and long enough to mean something."""
    if len(span.strip()) < _SHORTEST_SPAN and span.strip() != answer.text.strip():
        return False
    return bool(span.strip()) and bool(re.search(rf"(?<!\w){re.escape(span.strip())}(?!\w)", answer.text))


def _beyond_sources(text: str, claim: ClaimOut, facts: SummaryFacts) -> str | None:
    """What the sentence says that its spans and their blockers do not."""
    cited = {s.answer_id for s in claim.sources}
    blockers = [b for b in facts.blockers if cited & set(b.answers)]
    spans = [s.span for s in claim.sources]
    missing = figures(text).missing_from(_supported(spans, blockers, facts))
    if missing is not None:
        return f"a number that is not in its sources: {missing}"
    grounds = " ".join([*spans, *_words_of(blockers), *(a.unit for a in facts.answers if a.id in cited)])
    stranger = next((u for u in sorted(facts.known_units) if _names(text, u) and not _names(grounds, u)), None)
    if stranger is not None:
        return f"a unit that is not in its sources: {stranger}"
    return None if _overlaps(text, grounds) else "words that are not in its sources"


def _supported(spans: Iterable[str], blockers: Iterable[BlockerFact], facts: SummaryFacts) -> Figures:
    """Every figure that a sentence on these spans and blockers may use."""
    total = Figures()
    for span in spans:
        total += figures(span)
    waited_for = facts.waited_for()
    for blocker in blockers:
        total += of_number(blocker.days_open) + figures(" ".join(_words_of([blocker])))
        total += of_date(blocker.until) if blocker.until else Figures()
        for count in waited_for.get(blocker.waits_for or "", ()):
            total += of_number(count)
    return total


def _words_of(blockers: Iterable[BlockerFact]) -> list[str]:
    return [" ".join(filter(None, (b.id, b.text, b.held_up, b.waits_for, b.key_result))) for b in blockers]


def _names(text: str, unit: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(unit)}(?!\w)", text, re.IGNORECASE) is not None


def _overlaps(text: str, grounds: str) -> bool:
    """Enough of the sentence's own words occur in its grounds (by their first five letters)."""
    own, known = _stems(text), _stems(grounds)
    return not own or len(own & known) * _SHARED_WORDS >= len(own)


def _stems(text: str) -> set[str]:
    words = (w.casefold() for w in re.findall(r"[^\W\d_]{3,}", text))
    return {w[:5] for w in words if w not in _COMMON}
