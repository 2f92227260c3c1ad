"""Text as a reader sees it: one form for each letter, nothing invisible, look-alikes of other scripts told apart. Pure.

What is checked is what is posted: whoever checks a sentence checks `visible(sentence)`. It judges no meaning.
"""

import re
import unicodedata

_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
_BREAKS = {"\n", "\r", "\t", "\u2028", "\u2029", "\u0085"}
_SCRIPTS_WITH_LOOK_ALIKES = {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"}
_LATIN = str.maketrans(
    "авекмнорстухіјѕһԁԛԝ" + "αβεηικμνορτυχω" + "ոսօհ",
    "abekmhopctyxijshdqw" + "abenikmvoptuxw" + "nuoh",
)
_WORD = re.compile(r"[^\W\d_]+")


def visible(text: str) -> str:
    """`text` in its compatibility form (full-width, circled and small digits are digits) without what nobody sees.

    Line breaks become spaces; zero-width characters, marks of direction and tags vanish without leaving one.
    """
    spaced = "".join(" " if c in _BREAKS else c for c in text)
    shown = "".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE)
    return unicodedata.normalize("NFKC", shown)


def without_invisible(text: str) -> str:
    """`text` letter by letter without what no reader sees, so that no model sees it; line breaks stay."""
    return "".join(c for c in text if c in _BREAKS or unicodedata.category(c) not in _INVISIBLE)


def bare(text: str) -> str:
    """`visible(text)` without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", visible(text)) if unicodedata.category(c) != "Mn")


def skeleton(text: str) -> str:
    """`bare(text)`, letter for letter, without case and look-alikes: two texts with one skeleton look the same."""
    return "".join(c.casefold()[:1] for c in bare(text)).translate(_LATIN)


def disguised(text: str) -> list[str]:
    """The words with letters of Latin and of a script that has look-alikes of it, or of the latter alone."""
    return [w for w in _WORD.findall(visible(text)) if _scripts(w) & _SCRIPTS_WITH_LOOK_ALIKES]


def mixed(word: str) -> bool:
    """Whether a word has letters of more than one script."""
    return len(_scripts(word)) > 1


def _scripts(word: str) -> set[str]:
    return {unicodedata.name(c, "?").partition(" ")[0] for c in word}
