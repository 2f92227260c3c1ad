"""The blockers' summary: by rules, by a model whose every sentence was checked, and one merged from both.

By rules it ranks (circles and chains, what holds up several units, the oldest, what grew old), groups by the unit that
is waited for, and quotes the most telling sentence of the answer; see `telling` for what that is.

Pure: the model is asked elsewhere, with no transaction open. Whoever words it, the layout and the sources are the
same, and no open blocker is left out because a model did not mention it.
"""

import re
from collections.abc import Sequence, Set
from itertools import groupby

from prompts.client import Outcome
from prompts.facts import AnswerFact, BlockerFact, ChainFact, PersonFact, SummaryFacts
from rituals.digests.facts import AnswerFacts, BlockerFacts, DigestFacts
from rituals.digests.patterns import Chain, chains, grown_old, overdue
from rituals.digests.phrases import capital, counted, day_words, listed
from rituals.notices import Claim
from rituals.okrs.pace import local_day

MOST_BLOCKERS = 30
MOST_TEXT = 1_500
MOST_OLD = 5
MOST_STEPS = 5
QUOTE = 140
_TELLING = re.compile(
    r"\b(wait\w*|block\w*|need\w*|miss\w*|depend\w*|stuck|until|late|delay\w*|slip\w*|cannot|can't|without)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])(?<!\d[.])\s+|\n+")
_ITEM = re.compile(r"^\s*(?:[1-9][.):]|[-*•])\s+")
_NEXT_ITEM = re.compile(r"\s+(?=[23][.):]\s)")


def by_rules(facts: DigestFacts) -> list[Claim]:
    """Circles and chains; then a sentence with a quotation for each unit that is waited for."""
    ways = [_chain_claim(c, facts) for c in chains(facts.blockers)]
    return [*ways, *(_claim(group, facts) for group in groups(facts.blockers))]


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
    ways = [_chain_claim(c, facts) for c in chains(facts.blockers) if not _is_told(c, told, facts)]
    added = [*(_claim(g, facts) for g in missed), *_old_claim(told, cited, facts)]
    return [*ways, *told, *added], "model", len(outcome.dropped), None


def _is_told(chain: Chain, told: Sequence[Claim], facts: DigestFacts) -> bool:
    """Whether one sentence names every step of a chain, in its order."""
    from prompts.relations import pairs

    units = set(facts.unit_names.values()) | set(chain.units)
    return any(chain.pairs <= pairs(claim.text, units) for claim in told)


def summary_facts(facts: DigestFacts) -> SummaryFacts:
    """What a model is given: the blockers that come first, the answers they rest on, and whose names to hide.

    A blocker that rests on no stored answer is its own source, by the text in the register.
    """
    first = [b for group in groups(facts.blockers) for b in group][:MOST_BLOCKERS]
    numbers = sorted({n for b in first for n in _sources(b, facts)})
    known = {a.number: a for a in sources(facts)}
    old = frozenset(b.number for b in grown_old(facts.blockers, facts.today))
    return SummaryFacts(
        unit=facts.unit,
        blockers=tuple(_blocker_fact(b, facts, old) for b in first),
        answers=tuple(AnswerFact(f"A{n}", _sent(known[n].text), known[n].unit, known[n].by) for n in numbers),
        people=tuple(PersonFact(p.name, p.aliases) for p in facts.people),
        units=tuple(facts.unit_names.values()),
        chains=tuple(_chain_fact(c) for c in chains(facts.blockers) if set(c.blockers) <= set(first)),
    )


def _sent(text: str) -> str:
    """What is sent of a text: what can be seen of it, its beginning up to a word where it is long."""
    from prompts.letters import without_invisible

    seen = without_invisible(text)
    return seen if len(seen) <= MOST_TEXT else seen[:MOST_TEXT].rsplit(maxsplit=1)[0]


def sources(facts: DigestFacts) -> tuple[AnswerFacts, ...]:
    """The numbered sources: the answers, then blockers that rest on none, counted on."""
    last = max((a.number for a in facts.answers), default=0)
    bare = [b for b in facts.blockers if not b.answers]
    own = tuple(AnswerFacts(last + place, b.text, b.by) for place, b in enumerate(bare, start=1))
    return (*facts.answers, *own)


def telling(text: str, about: str | None) -> str:
    """The sentence that says most about a blocker, "" where there is none to quote.

    Four points for naming whom it waits for, two for a word of waiting, one for a number or date, one for being short
    enough to be quoted whole; the first of equals. A sentence that gives orders to whoever summarises is not quoted.
    Cut at a word where it is longer than QUOTE.
    """
    from prompts.polarity import gives_orders  # patterns that only a digest needs

    lines = _NEXT_ITEM.sub("\n", text) if re.match(r"\s*1[.):]\s", text) else text
    sentences = [_ITEM.sub("", s).strip() for s in _SENTENCE.split(lines)]
    found = max((s for s in sentences if s and not gives_orders(s)), key=lambda s: _weight(s, about), default="")
    return found if len(found) <= QUOTE else found[: QUOTE - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _weight(sentence: str, about: str | None) -> int:
    named = about is not None and about.casefold() in sentence.casefold()
    short = len(sentence) <= QUOTE
    return 4 * named + 2 * bool(_TELLING.search(sentence)) + any(c.isdecimal() for c in sentence) + short


def _held_up(group: Sequence[BlockerFacts]) -> int:
    return len({b.by for b in group})


def _claim(group: Sequence[BlockerFacts], facts: DigestFacts) -> Claim:
    """`Payments holds up CRM and Analytics, for 12 days, until 12 Dec (B-9, B-12 new): “waiting for Payments' API”`."""
    oldest = group[0]
    held_up = listed(list(dict.fromkeys(b.by for b in group)))
    lead = f"{oldest.on} holds up {held_up}" if oldest.on else f"{held_up} is held up"
    last = max((b for b in group if b.until), key=lambda b: b.until or facts.today, default=None)
    parts = [lead, _for_days(oldest.days) + _before(oldest, facts), _until(last, facts) if last else ""]
    numbers = ", ".join(_number(b, facts) for b in sorted(group, key=lambda b: b.number))
    text = f"{', '.join(part for part in parts if part)} ({numbers})"
    quote = _quotation(group, facts).rstrip(".")
    return Claim(text=capital(f"{text}: “{quote}”" if quote else text), sources=_links(group, facts))


def _quotation(group: Sequence[BlockerFacts], facts: DigestFacts) -> str:
    """From the first answer that has something to quote, else from the register."""
    known = {a.number: a for a in sources(facts)}
    texts = [known[n].text for b in group for n in _sources(b, facts)] + [b.text for b in group]
    return next((quote for text in texts if (quote := telling(text, group[0].on))), "")


def _number(b: BlockerFacts, facts: DigestFacts) -> str:
    """`B-9`, with "new" where an earlier digest did not have it."""
    return f"B-{b.number}" + (" new" if b.new and facts.since is not None else "")


def _chain_claim(chain: Chain, facts: DigestFacts) -> Claim:
    """`CRM waits for Payments, which waits for Identity (B-9, B-11)`."""
    numbers = ", ".join(f"B-{b.number}" for b in chain.blockers[:MOST_STEPS])
    more = f" and {len(chain.blockers) - MOST_STEPS} more" if len(chain.blockers) > MOST_STEPS else ""
    return Claim(text=f"{_steps(chain)} ({numbers}{more})", sources=_links(chain.blockers[:MOST_STEPS], facts))


def _steps(chain: Chain) -> str:
    if chain.cycle and len(chain.units) == 2:
        return f"{listed(chain.units)} wait for each other"
    units = chain.units[: MOST_STEPS + 1]
    said = f"{units[0]} waits for {', which waits for '.join(units[1:])}"
    left = len(chain.units) - len(units)
    said += f", and so on over {counted(left, 'more unit')}" if left else ""
    return f"{said}, which waits for {chain.units[0]} again" if chain.cycle else said


def _before(b: BlockerFacts, facts: DigestFacts) -> str:
    """`, was 33` at the last digest, for what grew old since."""
    if facts.since is None or b not in grown_old([b], facts.today):
        return ""
    then = b.days - (facts.today - local_day(facts.since, facts.zone)).days
    return f", was {then}" if then > 0 else ""


def _until(b: BlockerFacts, facts: DigestFacts) -> str:
    """`until 12 Dec`, and how long ago that was."""
    late = overdue(b, facts.today)
    past = f", {late} {'day' if late == 1 else 'days'} past" if late else ""
    return f"until {day_words(b.until)}{past}" if b.until else ""


def _old_claim(told: Sequence[Claim], cited: Set[int], facts: DigestFacts) -> list[Claim]:
    """What grew old among the blockers that a model told of, and whose age it did not say: `Still open: B-11 for 40
    days; B-9, 4 days past its own date of 9 Nov`.
    """
    spoken = " ".join(claim.text for claim in told)
    old = [b for b in grown_old(facts.blockers, facts.today) if cited & set(_sources(b, facts))]
    unsaid = [b for b in old if not re.search(rf"\b{overdue(b, facts.today) or b.days}\b", spoken)]
    if not unsaid:
        return []
    more = f" and {len(unsaid) - MOST_OLD} more" if len(unsaid) > MOST_OLD else ""
    text = f"Still open: {'; '.join(_age(b, facts) for b in unsaid[:MOST_OLD])}{more}"
    return [Claim(text=text, sources=_links(unsaid[:MOST_OLD], facts))]


def _age(b: BlockerFacts, facts: DigestFacts) -> str:
    late = overdue(b, facts.today)
    if late and b.until:
        return f"B-{b.number}, {late} {'day' if late == 1 else 'days'} past its own date of {day_words(b.until)}"
    return f"B-{b.number} for {b.days} days"


def _links(group: Sequence[BlockerFacts], facts: DigestFacts) -> tuple[tuple[int, str | None], ...]:
    known = {a.number: a for a in sources(facts)}
    used = dict.fromkeys(n for b in group for n in _sources(b, facts))
    return tuple((n, known[n].permalink) for n in used)


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


def _chain_fact(chain: Chain) -> ChainFact:
    return ChainFact(chain.units, tuple(f"B-{b.number}" for b in chain.blockers), chain.cycle)


def _blocker_fact(b: BlockerFacts, facts: DigestFacts, old: frozenset[int]) -> BlockerFact:
    return BlockerFact(
        id=f"B-{b.number}",
        text=_sent(b.text),
        held_up=b.by,
        waits_for=b.on,
        key_result=b.key_result,
        until=b.until,
        days_open=b.days,
        new=b.new,
        answers=tuple(f"A{n}" for n in _sources(b, facts)),
        overdue=overdue(b, facts.today),
        grown_old=b.number in old,
    )
