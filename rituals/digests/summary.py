"""The blockers' summary: by rules, by a model whose every sentence was checked, and one merged from both.

Pure: the model is asked elsewhere, with no transaction open. Whoever words it, the layout and the sources are the
same, and no open blocker is left out because a model did not mention it.
"""

import re
from collections.abc import Sequence
from itertools import groupby

from prompts.client import Outcome
from prompts.facts import AnswerFact, BlockerFact, PersonFact, SummaryFacts
from rituals.digests.facts import AnswerFacts, BlockerFacts, DigestFacts
from rituals.digests.phrases import capital, day_words, listed
from rituals.notices import Claim

MOST_BLOCKERS = 30
MOST_TEXT = 1_500
QUOTE = 140
_TELLING = re.compile(
    r"\b(wait\w*|block\w*|need\w*|miss\w*|depend\w*|stuck|until|late|delay\w*|slip\w*|cannot|can't|without)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])(?<!\d[.])\s+|\n+")
_ITEM = re.compile(r"^\s*(?:[1-9][.):]|[-*•])\s+")
_NEXT_ITEM = re.compile(r"\s+(?=[23][.):]\s)")


def by_rules(facts: DigestFacts) -> list[Claim]:
    """One sentence a unit waited for: what blocks more than one unit first, then the oldest, with a quotation."""
    return [_claim(group, facts) for group in groups(facts.blockers)]


def groups(blockers: Sequence[BlockerFacts]) -> list[list[BlockerFacts]]:
    """Blockers by the unit they wait for (those that wait for none stay single), in the order they are to be told."""

    def place(b: BlockerFacts) -> str:
        return b.on or f"\0{b.number:09d}"

    found = [list(group) for _, group in groupby(sorted(blockers, key=place), key=place)]
    for group in found:
        group.sort(key=lambda b: (-b.days, b.number))
    return sorted(found, key=lambda g: (-_held_up(g) if _held_up(g) > 1 else 0, -g[0].days, g[0].number))


def worded(facts: DigestFacts, outcome: Outcome) -> tuple[list[Claim], str, int, str | None]:
    """The claims, "model" or "rules", how many sentences were dropped, and why it was done by rules (None: by model).

    What the model left out is added by rules. "no blockers" is not a failure: then there is nothing to say why.
    """
    if not outcome.usable:
        return by_rules(facts), "rules", len(outcome.dropped), outcome.reason if facts.blockers else None
    told = [_told(c.text, c.answer_ids, facts) for c in outcome.claims]
    cited = {number for claim in told for number, _ in claim.sources}
    missed = groups([b for b in facts.blockers if not cited & set(_sources(b, facts))])
    return [*told, *(_claim(g, facts) for g in missed)], "model", len(outcome.dropped), None


def summary_facts(facts: DigestFacts) -> SummaryFacts:
    """What a model is given: the blockers that come first, the answers they rest on, and whose names to hide.

    A blocker that rests on no stored answer is its own source, by the text in the register.
    """
    first = [b for group in groups(facts.blockers) for b in group][:MOST_BLOCKERS]
    numbers = sorted({n for b in first for n in _sources(b, facts)})
    known = {a.number: a for a in sources(facts)}
    return SummaryFacts(
        unit=facts.unit,
        blockers=tuple(_blocker_fact(b, facts) for b in first),
        answers=tuple(AnswerFact(f"A{n}", known[n].text[:MOST_TEXT], known[n].unit, known[n].by) for n in numbers),
        people=tuple(PersonFact(p.name, p.aliases) for p in facts.people),
        units=tuple(facts.unit_names.values()),
    )


def sources(facts: DigestFacts) -> tuple[AnswerFacts, ...]:
    """The numbered sources: the answers, then blockers that rest on none, counted on."""
    last = max((a.number for a in facts.answers), default=0)
    bare = [b for b in facts.blockers if not b.answers]
    own = tuple(AnswerFacts(last + place, b.text, b.by) for place, b in enumerate(bare, start=1))
    return (*facts.answers, *own)


def telling(text: str, about: str | None) -> str:
    """The sentence that says most about a blocker: names whom it waits for, waits, has a date or number; not too long.

    The first of equals. Cut at a word where it is longer than QUOTE.
    """
    lines = _NEXT_ITEM.sub("\n", text) if re.match(r"\s*1[.):]\s", text) else text
    sentences = [_ITEM.sub("", s).strip() for s in _SENTENCE.split(lines)]
    found = max((s for s in sentences if s), key=lambda s: _weight(s, about), default="")
    return found if len(found) <= QUOTE else found[: QUOTE - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _weight(sentence: str, about: str | None) -> int:
    named = about is not None and about.casefold() in sentence.casefold()
    short = len(sentence) <= QUOTE
    return 4 * named + 2 * bool(_TELLING.search(sentence)) + any(c.isdecimal() for c in sentence) + short


def _held_up(group: Sequence[BlockerFacts]) -> int:
    return len({b.by for b in group})


def _claim(group: Sequence[BlockerFacts], facts: DigestFacts) -> Claim:
    """`Payments holds up CRM and Analytics, for 12 days, until 12 Dec (B-9, B-12): "waiting for Payments' API".`"""
    oldest = group[0]
    held_up = listed(list(dict.fromkeys(b.by for b in group)))
    lead = f"{oldest.on} holds up {held_up}" if oldest.on else f"{held_up} is held up"
    until = max((b.until for b in group if b.until), default=None)
    parts = [lead, _for_days(oldest.days), f"until {day_words(until)}" if until else ""]
    numbers = ", ".join(f"B-{b.number}" for b in sorted(group, key=lambda b: b.number))
    known = {a.number: a for a in sources(facts)}
    used = list(dict.fromkeys(n for b in group for n in _sources(b, facts)))
    quote = telling(known[used[0]].text, oldest.on) if used else telling(oldest.text, oldest.on)
    text = f"{', '.join(part for part in parts if part)} ({numbers}): “{quote.rstrip('.')}”"
    return Claim(text=capital(text), sources=tuple((n, known[n].permalink) for n in used))


def _for_days(days: int) -> str:
    return f"for {days} {'day' if days == 1 else 'days'}" if days else "since today"


def _sources(blocker: BlockerFacts, facts: DigestFacts) -> tuple[int, ...]:
    """The numbers of the sources a blocker rests on: its answers, or itself."""
    if blocker.answers:
        return blocker.answers
    bare = [b.number for b in facts.blockers if not b.answers]
    return (max((a.number for a in facts.answers), default=0) + bare.index(blocker.number) + 1,)


def _told(text: str, answer_ids: Sequence[str], facts: DigestFacts) -> Claim:
    known = {f"A{a.number}": a for a in sources(facts)}
    cited = [known[i] for i in answer_ids if i in known]
    return Claim(text=text, sources=tuple((a.number, a.permalink) for a in cited))


def _blocker_fact(b: BlockerFacts, facts: DigestFacts) -> BlockerFact:
    return BlockerFact(
        id=f"B-{b.number}",
        text=b.text[:MOST_TEXT],
        held_up=b.by,
        waits_for=b.on,
        key_result=b.key_result,
        until=b.until,
        days_open=b.days,
        new=b.new,
        answers=tuple(f"A{n}" for n in _sources(b, facts)),
    )
