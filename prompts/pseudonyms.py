"""People's names out of what is sent and back into what returns. Pure.

Each spelling of a person gets its own token (P1 for "Ana Ruiz", P1a for "Ana", another for "ana"), so that putting back
is exact: a first name that is also a word ("May") comes back as the word it was. Names are found in any case, with and
without their accents, also inside answers. Nicknames that nobody entered ("Annie"), inflected names ("Anas") and names
that are part of a unit's name are not known here and stay. It does not know why they are hidden.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count, product
from string import ascii_lowercase

from prompts.facts import AnswerFact, BlockerFact, PersonFact, SummaryFacts

_SHORTEST = 2


class Pseudonyms:
    """A two-way table for one request. Tokens that occur in the texts themselves ("a P1 incident") are not used."""

    def __init__(self, people: Iterable[PersonFact], texts: Iterable[str]) -> None:
        said = list(texts)
        taken = {m.upper() for text in said for m in re.findall(r"\bp\d+", text, re.IGNORECASE)}
        self._tokens: dict[str, str] = {}
        number = 0
        for person in people:
            number = _next_free(number, taken)
            self._name(person, f"P{number}", said)
        self._spellings = {token: spelling for spelling, token in self._tokens.items()}
        self._hide = _any_of(self._tokens)
        self._show = _any_of(self._spellings)

    def _name(self, person: PersonFact, token: str, texts: Iterable[str]) -> None:
        """Every spelling that occurs or may occur gets the person's token with a suffix of its own."""
        usual = _spellings(person)
        whatever = _any_of(usual, flags=re.IGNORECASE)
        typed = [m.group() for text in texts for m in whatever.finditer(text)]
        fresh = [s for s in dict.fromkeys([*usual, *typed]) if s not in self._tokens]
        for spelling, suffix in zip(fresh, _suffixes(), strict=False):  # there is always another suffix
            self._tokens[spelling] = token + suffix

    def hidden(self, text: str) -> str:
        """`text` with tokens for names."""
        return self._hide.sub(lambda m: self._tokens[m.group()], text)

    def shown(self, text: str) -> str:
        """`text` with names for tokens; a token that was never given out stays as it is."""
        return self._show.sub(lambda m: self._spellings[m.group()], text)

    def hidden_facts(self, facts: SummaryFacts) -> SummaryFacts:
        """The same facts without anyone's name; `people` is empty."""
        return replace(
            facts,
            blockers=tuple(self._blocker(b) for b in facts.blockers),
            answers=tuple(self._answer(a) for a in facts.answers),
            people=(),
        )

    def _blocker(self, blocker: BlockerFact) -> BlockerFact:
        return replace(blocker, text=self.hidden(blocker.text))

    def _answer(self, answer: AnswerFact) -> AnswerFact:
        return replace(answer, text=self.hidden(answer.text), by=self.hidden(answer.by) if answer.by else None)


def for_facts(facts: SummaryFacts) -> Pseudonyms:
    """The table for the people in `facts`."""
    return Pseudonyms(facts.people, [b.text for b in facts.blockers] + [a.text for a in facts.answers])


def _next_free(number: int, taken: set[str]) -> int:
    number += 1
    while f"P{number}" in taken:
        number += 1
    return number


def _suffixes() -> Iterator[str]:
    """Nothing, then a to z, aa to zz and so on."""
    yield ""
    for length in count(1):
        yield from ("".join(letters) for letters in product(ascii_lowercase, repeat=length))


def _spellings(person: PersonFact) -> list[str]:
    """The full name first, then its parts and the aliases, then all of them as people in a hurry type them."""
    written = [s for s in (person.name, *person.name.split(), *person.aliases) if len(s) >= _SHORTEST]
    hurried = [other for s in written if len(s) > _SHORTEST for other in (s.lower(), s.upper())]
    plain = [_unaccented(s) for s in (*written, *hurried)]
    return list(dict.fromkeys([*written, *hurried, *plain]))


def _unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) != "Mn")


def _any_of(spellings: Iterable[str], *, flags: int = 0) -> re.Pattern[str]:
    """Matches whole spellings, the longest first; never matches when there are none."""
    longest = sorted((s for s in spellings if s), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest)) + r")(?!\w)" if longest else r"(?!)", flags)
