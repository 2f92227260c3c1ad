"""Which of a model's proposals about plans may be shown. Pure: the same text and facts give the same again.

A pair is shown in our words around two quotations; it stays only where ids, units and both quotations are exact. A
wording stays only where it is about the same thing, has no number, name or address that its key result lacks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from prompts.cleaning import clean
from prompts.judging import unfenced
from prompts.letters import disguised, visible
from prompts.outcome import EMPTY, NOTHING_VERIFIED, UNREADABLE
from prompts.plans import (
    MOST_PAIRS,
    MOST_REWRITES,
    PairKind,
    PairOut,
    PlanFact,
    PlanFacts,
    PlansOut,
    RewriteOut,
    table_of,
)

SHORTEST_SPAN = 8  # characters of a quotation, in two words at least
LONGEST_REWRITE = 160
NEW_WORDS = 12
_WORD = re.compile(r"[^\W\d_]{2,}")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SMALL = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be by for from has have how in is it its of on or per so than that the their to who with",
    )
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two ids and the exact words that meet."""

    kind: PairKind
    one: str
    one_span: str
    other: str
    other_span: str


@dataclass(frozen=True, slots=True)
class Proposals:
    """What stood the check; `reason` says why there is nothing, `dropped` why each of the rest fell."""

    pairs: tuple[Pair, ...] = ()
    rewrites: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    dropped: tuple[str, ...] = ()


def judged(text: str, facts: PlanFacts) -> Proposals:
    """Reads, puts names back, checks."""
    if not text.strip():
        return Proposals(reason=EMPTY)
    try:
        said = PlansOut.model_validate_json(unfenced(text))
    except ValidationError:
        return Proposals(reason=UNREADABLE)
    shown, plans = table_of(facts).shown, {plan.id: plan for plan in facts.plans}
    named = [
        p.model_copy(update={"one_span": shown(p.one_span), "other_span": shown(p.other_span)}) for p in said.pairs
    ]
    pairs, objections = _pairs(named, plans)
    rewrites = []
    for one in said.rewrites[:MOST_REWRITES]:
        wording = RewriteOut(id=one.id, text=shown(one.text))
        why = _bad_rewrite(wording, plans.get(wording.id))
        if why:
            objections.append(why)
        else:
            rewrites.append((wording.id, _line(wording.text)))
    kept = tuple(dict(rewrites).items())
    reason = "" if pairs or kept or not objections else NOTHING_VERIFIED
    return Proposals(tuple(pairs), kept, reason, tuple(objections))


def _pairs(said: list[PairOut], plans: dict[str, PlanFact]) -> tuple[list[Pair], list[str]]:
    kept: dict[frozenset[str], Pair] = {}
    objections = []
    for one in said[:MOST_PAIRS]:
        why = next(_bad_pair(one, plans), "")
        if why:
            objections.append(why)
        else:
            found = Pair(one.kind, one.one_id, one.one_span.strip(), one.other_id, one.other_span.strip())
            kept.setdefault(frozenset((one.one_id, one.other_id)), found)
    return list(kept.values()), objections


def _bad_pair(pair: PairOut, plans: dict[str, PlanFact]) -> Iterator[str]:
    one, other = plans.get(pair.one_id), plans.get(pair.other_id)
    if one is None or other is None:
        yield "unknown id"
    elif set(one.units) & set(other.units):
        yield "one unit"
    elif not (_quotes(pair.one_span, one.text) and _quotes(pair.other_span, other.text)):
        yield "not a quotation"


def _quotes(span: str, text: str) -> bool:
    """Whether a span is copied letter by letter, at words' ends, and long enough to say something."""
    words = span.strip()
    if len(words) < SHORTEST_SPAN or len(words.split()) < 2:
        return False
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


def _bad_rewrite(wording: RewriteOut, plan: PlanFact | None) -> str:
    if plan is None or not plan.reword:
        return "not asked for"
    text = _line(wording.text)
    plain = text.replace("…", "x")
    if not text or len(text) > LONGEST_REWRITE or clean(plain) not in {plain, plain.rstrip(".")}:
        return "no plain line"
    if disguised(text) or set(_NUMBER.findall(text)) - set(_NUMBER.findall(plan.text)):
        return "a number or letter of its own"
    return _strays(text, plan.text)


def _line(text: str) -> str:
    """As a reader sees it, with a gap to fill in as one sign."""
    return visible(text).replace("...", "…").strip()


def _strays(text: str, source: str) -> str:
    """Why a wording is about something else, or names what its source does not; "" where it does neither."""
    words, known = _words(text), _words(source)
    names = {word for word in _WORD.findall(text)[1:] if word[:1].isupper()} - set(_WORD.findall(source))
    if names:
        return "a name of its own"
    if len(words & known) * 3 < len(known) or len(words - known) > NEW_WORDS:
        return "about something else"
    return ""


def _words(text: str) -> set[str]:
    return {word.casefold().rstrip("s") for word in _WORD.findall(text)} - _SMALL
