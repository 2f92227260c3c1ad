"""How alike two texts are, by rapidfuzz. Imported only once something typed is not exact: loading it takes a while.

Pure. It knows no key result; what a score means is `naming.py`'s business.
"""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein
from rapidfuzz.utils import default_process

_WORD = re.compile(r"\w{1,80}")


def ranked(query: str, titles: Sequence[str], *, floor: int, most: int = 5) -> list[tuple[int, float]]:
    """The positions of at most `most` titles that resemble the query by at least `floor` of 100, best first."""
    found = process.extract(query, titles, scorer=_likeness, score_cutoff=floor, limit=most)
    return [(index, score) for _, score, index in found]


def _likeness(query: str, title: str, *, score_cutoff: float | None = None) -> float:
    """All words of the query in the title is near certain; else rapidfuzz's weighted ratio."""
    asked, said = default_process(query), default_process(title)
    words = set(_WORD.findall(asked))
    score = 95.0 if words and words <= set(_WORD.findall(said)) else float(fuzz.WRatio(asked, said))
    return score if score >= (score_cutoff or 0) else 0.0


def slips(typed: str, key: str) -> int:
    """Letters too many, too few or others; 2 for any number over one."""
    return Levenshtein.distance(typed, key, score_cutoff=1)


def nearest(word: str, words: Sequence[str], *, floor: int) -> str | None:
    """The word most like it, of those alike by at least `floor` of 100."""
    best = process.extractOne(word, words, scorer=fuzz.ratio, score_cutoff=floor)
    return best[0] if best else None
