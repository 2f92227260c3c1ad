"""Whether two blockers in words are one: the same thing waited for, said again a little otherwise. Pure.

"still waiting for Payments' API, now until 19 Dec" is "waiting for Payments' API until 12 Dec". Whose words are
compared, and what a repetition changes, is the register's business.
"""

import re
from collections.abc import Sequence

from rituals.okrs.typed import lowered

ALIKE = 0.6
_WORD = re.compile(r"[^\W_]{1,40}(?:['’][^\W_]{1,3})?")
_DATE = re.compile(
    r"(?<![^\W_])(?:until|till|by|before|due|eta|expected|since|now|on|for)?[ :]{0,2}(?:the )?(?:end of )?"
    r"(?:\d{1,2}(?:st|nd|rd|th|\.)?(?: of)? ?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}(?: 20\d\d)?|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6} \d{1,2}(?:st|nd|rd|th)?|20\d\d-\d\d-\d\d|"
    r"\d{1,2}[./]\d{1,2}[./]?(?:20\d\d)?|(?:next |this )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|today|"
    r"(?:next |this )?(?:week|month|quarter)|eow|eom)(?![^\W_])"
)
_EMPTY = frozenset(
    re.findall(
        r"\S+",
        """a an and again also already are as at awaiting be because been blocked blocker blocking but by depend
        dependent depending depends for from further has have held here hold i in is it its just late longer me
        missing more my need needed needs new no not now of on once open our out over same say says since so
        some still stuck team than that the their them there these they this those to too until unit up us very
        wait waited waiting waits was we were what which while will with without yet you your""",
    )
)


def is_same(one: str, other: str, *, provider: str = "") -> bool:
    """Whether two texts mean one blocker; `provider` is the name of the unit that both wait for, "" for none.

    With the same unit waited for, a text that names nothing but that unit is a repetition of one that says more.
    """
    mine, theirs = meaning(one), meaning(other)
    if not mine or not theirs:
        return _plain(one) == _plain(other)
    shared = len(mine & theirs) / len(mine | theirs)
    if shared >= ALIKE:
        return True
    named = meaning(provider)
    return bool(named) and named <= mine & theirs and (mine <= theirs or theirs <= mine)


def the_same(text: str, standing: Sequence[str], *, provider: str = "") -> int | None:
    """Which of some texts a text repeats: the one in the same words, else the only one that means the same."""
    exact = [place for place, other in enumerate(standing) if _plain(other) == _plain(text)]
    alike = [place for place, other in enumerate(standing) if is_same(text, other, provider=provider)]
    if exact:
        return exact[0]
    return alike[0] if len(alike) == 1 else None


def meaning(text: str) -> frozenset[str]:
    """The words that say what is waited for, without dates, small words and endings."""
    words = _WORD.findall(_DATE.sub(" ", lowered(text)))
    return frozenset(_root(w) for w in words if w not in _EMPTY)


def _root(word: str) -> str:
    bare = re.sub(r"['’].{0,3}$", "", word)
    return bare[:-1] if len(bare) > 4 and bare.endswith("s") else bare


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
