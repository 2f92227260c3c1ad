"""The check between a model and a channel: which of its sentences the facts bear out. Pure.

A sentence is kept only when each source exists, each span stands in its answer letter by letter, and the sentence
names no number, date, reference, unit, person or direction that its spans and their blockers lack, drops no "not" and
no "maybe" of theirs, and adds none. It never repairs a sentence. What it cannot check in a language, it shows: the
quotation goes behind the sentence.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from prompts.calendar_words import is_calendar
from prompts.claims import Claim, Source, located, quoted_in
from prompts.cleaning import clean
from prompts.facts import SummaryFacts
from prompts.languages import ENGLISH
from prompts.letters import disguised, mixed, skeleton
from prompts.number_words import is_number
from prompts.numbers import Figures, figures
from prompts.outcome import CheckedClaim
from prompts.polarity import asks, asserted, denied, gives_orders, hedges, root, says_no
from prompts.schemas import MOST_CLAIMS, ClaimOut, SummaryOut

LONGEST_QUOTE = 140
_SHORTEST_SPAN = 8
_SHORTEST_CLAIM = 12
_SHARED_WORDS = 2  # a sentence of which one word in two is its sources' own needs no quotation behind it
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """about also and are because been both but can could does for from had has have held holds hold
        holding until still their them they this that the there these those two waits wait waiting waited awaits
        needs what when which who will with without would yet into its not some such than then while was were
        open opened days day weeks week since says said keeps keep line lines unit units team teams blocked
        blocks block blocker blockers one until depends depend""",
    )
)
_EACH_OTHER = re.compile(r"\b(?:each other|one another)\b", re.IGNORECASE)
_LITTLE = frozenset(re.findall(r"\w+", "the and for with from that this until are was has have our their its not but"))
_NEUTRAL = frozenset(
    skeleton(root(w))
    for w in re.findall(
        r"\w+",
        """according although because being come comes continue continues concerns currently date due during
        expected given goes going how however key long meanwhile open out overdue past per remains result
        results side start starts still therefore through thus together turn way where whether while why""",
    )
)
_STATUS = re.compile(
    r"\b(?:on[ -]track|at[ -]risk|off[ -]track|on pace|achieved|target (?:is |was )?(?:met|reached|hit)|"
    r"(?:is|are) green|no (?:open )?(?:blockers|dependencies|risks)|"
    r"(?:all|everything|things) (?:is |are |looks? )?(?:well|good|fine|clear|ok)|"
    r"nothing (?:is )?block\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is left: kept sentences, and one reason for each that was dropped."""

    claims: tuple[CheckedClaim, ...]
    dropped: tuple[str, ...]


def check(summary: SummaryOut, facts: SummaryFacts, *, language: str = ENGLISH) -> Checked:
    """Keep what `facts` bear out. Names must have been put back into `summary` before.

    `language` is the one that was asked for. In another than English the words themselves cannot be compared with
    English answers: everything else is, and what was quoted is shown behind the sentence.
    """
    kept: dict[str, CheckedClaim] = {}
    dropped = []
    for claim in summary.claims:
        text = clean(claim.text)
        reason = _bad_sources(claim, facts)
        if reason is None:
            one = Claim(text, tuple(s for s in located(claim, facts) if s), facts)
            reason = _objection(one, language)
        if reason is None and (skeleton(text) in kept or len(kept) == MOST_CLAIMS):
            reason = "said before, or one too many"
        if reason is None:
            kept[skeleton(text)] = CheckedClaim(_shown(one), tuple(dict.fromkeys(s.answer_id for s in claim.sources)))
        else:
            dropped.append(reason)
    return Checked(tuple(kept.values()), tuple(dropped))


def _bad_sources(claim: ClaimOut, facts: SummaryFacts) -> str | None:
    if len(clean(claim.text)) < _SHORTEST_CLAIM:
        return "nothing left to say"
    if not claim.sources:
        return "no source"
    try:
        found = located(claim, facts)
    except KeyError:
        return "a source that does not exist"
    if not all(source and _long_enough(source) for source in found):
        return "a quotation that is not in its source"
    return None


def _long_enough(source: Source) -> bool:
    """Long enough to mean something, or the whole answer."""
    return len(source.span) >= _SHORTEST_SPAN or source.span == source.answer.text.strip()


def _objection(claim: Claim, language: str) -> str | None:
    """Why a claim is dropped; None when it may stay."""
    if first := _orders(claim) or _letters(claim, language):
        return first
    tests: tuple[Callable[[Claim], str | None], ...] = (_quotations, _figures, _strangers, _directions)
    tests += (_polarity, _words, _about) if language == ENGLISH else (_anchored,)
    return next((reason for test in tests if (reason := test(claim)) is not None), None)


def _orders(claim: Claim) -> str | None:
    if any(gives_orders(text) for text in (claim.text, *claim.contexts)):
        return "a source that gives orders"
    return "a status, which is not the model's to say" if _STATUS.search(claim.text) else None


def _letters(claim: Claim, language: str) -> str | None:
    """Letters that look like others: a word with them must stand in its sources just so."""
    known = " ".join([claim.grounds, *claim.contexts])
    lost = (w for w in disguised(claim.text) if (mixed(w) or language == ENGLISH) and w not in known)
    return next((f"letters of another script: {word}" for word in lost), None)


def _quotations(claim: Claim) -> str | None:
    answers = [" ".join(s.answer.text.split()) for s in claim.sources]
    stitched = next((q for q in quoted_in(claim.text) if not any(q.strip(" .,") in a for a in answers)), None)
    return None if stitched is None else "a quotation in the sentence that is in none of its sources"


def _figures(claim: Claim) -> str | None:
    stated = figures(claim.text)
    if stated.measured and len(claim.providers) > 1:
        return "a number in a sentence about two units that are waited for"
    missing = stated.missing_from(claim.supported() + Figures(names=figures(claim.grounds).names))
    return None if missing is None else f"a number that is not in its sources: {missing}"


def _strangers(claim: Claim) -> str | None:
    units = [s for s in claim.strangers() if s in claim.facts.known_units]
    if units:
        return f"a unit that is not in its sources: {units[0]}"
    return "a person who is not in its sources" if claim.strangers() else None


def _directions(claim: Claim) -> str | None:
    """Two units in one sentence stand in an order, and the facts must have it."""
    if claim.pairs - claim.known_pairs:
        return "who waits for whom is not in its sources"
    if len(claim.units) > 1 and not claim.pairs:
        return "it does not say plainly who waits for whom"
    return None


def _polarity(claim: Claim) -> str | None:
    """The "not", the "maybe" and the question mark around a quotation belong to it."""
    said = asserted(claim.text)
    refused = frozenset[str]().union(*(denied(c) - asserted(c) for c in claim.contexts))
    if (said & refused) or (denied(claim.text) - refused - _denied_in_register(claim)):
        return "a “not” that differs from its sources"
    if says_no(claim.text) and not any(says_no(t) for t in (*claim.contexts, claim.grounds)):
        return "a “not” that differs from its sources"
    if all(hedges(c) for c in claim.contexts) and not hedges(claim.text):
        return "it is surer than its sources"
    return "its sources only ask" if all(asks(c) for c in claim.contexts) else None


def _denied_in_register(claim: Claim) -> frozenset[str]:
    return frozenset[str]().union(*(denied(b.text) for b in claim.blockers))


def _words(claim: Claim) -> str | None:
    """Every word of its own, but for the small change of language, occurs in its sources or their sentences."""
    lost = sorted(
        _roots(_EACH_OTHER.sub(" ", claim.text)) - _roots(claim.grounds) - _roots(" ".join(claim.contexts)) - _NEUTRAL
    )
    if lost:
        return f"a word that is not in its sources: {lost[0]}"
    return "a name that is not in its sources" if claim.proper() else None


def _about(claim: Claim) -> str | None:
    """It, or the sentence it quotes, speaks of its blockers and not of something else in the same answer."""
    words = " ".join(filter(None, (w for b in claim.blockers for w in (b.text, b.waits_for, b.key_result, b.id))))
    said = _roots(" ".join([claim.text, *claim.contexts]), _LITTLE)
    return None if said & _roots(words, _LITTLE) else "it is not about a blocker"


def _roots(text: str, common: frozenset[str] | None = None) -> set[str]:
    words = (w.casefold() for w in re.findall(r"[^\W\d_]{3,}", text) if not (is_calendar(w) or is_number(w)))
    return {skeleton(root(w)) for w in words if w not in (_COMMON if common is None else common)}


def _anchored(claim: Claim) -> str | None:
    """In another language: it names what its blockers are about, by a unit, a key result or a number."""
    anchors = {u for b in claim.blockers for u in (b.held_up, b.waits_for, b.id, b.key_result) if u}
    there = {skeleton(a) for a in anchors}
    return None if any(a in skeleton(claim.text) for a in there) else "it names nothing that its sources are about"


def _shown(claim: Claim) -> str:
    """The sentence; where its words are not its sources', with the quotation behind it."""
    own, known = _roots(claim.text), _roots(claim.grounds)
    if len(own & known) * _SHARED_WORDS >= len(own):
        return claim.text
    quote = clean(claim.sources[0].span)
    if len(quote) > LONGEST_QUOTE:
        quote = quote[: LONGEST_QUOTE - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
    return f"{claim.text.rstrip('.')}: “{quote}”"
