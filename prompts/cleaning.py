"""Strips from a model's sentence what must never reach a channel: addresses, mentions, markup, control characters.

Pure. It takes things away and shortens; it adds nothing and does not judge whether a sentence is true.
"""

import re
from html import unescape

from prompts.letters import visible

CAP = 320

_ENTITY = re.compile(r"&(?:lt|gt|amp|#\d+|#x[0-9a-f]+);", re.IGNORECASE)
_ANGLED = re.compile(r"<[^<>]*>")
_IMAGE_OR_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_ADDRESS = re.compile(
    r"\b(?:[a-z][a-z0-9+.-]*://|www\.|mailto:|tel:|javascript:)\S+"
    r"|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\b(?:[a-z0-9-]+\.)+[a-z]{2,}/\S*"
    r"|\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|app|ai|co|me|info|biz|xyz|ru|cn|de|uk|eu|ly|gg|link|site|online)\b",
    re.IGNORECASE,
)
_MENTION = re.compile(r"(?<!\w)[@#][\w.-]+")
_SPACE = re.compile(r"\s+")
_BEFORE_MARK = re.compile(r"\s+([.,;:)])")
_SENTENCE_END = re.compile(r"[.;](?=\s)")


def clean(text: str) -> str:
    """`text` on one line without markup, addresses and mentions; at most CAP characters, whole sentences only.

    Empty when nothing is left, or when even the first sentence is longer than the cap: half a sentence may say
    the opposite of the whole.
    """
    text = visible(unescape(text))
    text = _IMAGE_OR_LINK.sub(r"\1", text)
    for pattern in (_ENTITY, _ANGLED, _ADDRESS, _MENTION):
        text = pattern.sub(" ", text)
    text = text.translate({ord(c): None for c in "*_`~|<>"})
    text = _BEFORE_MARK.sub(r"\1", _SPACE.sub(" ", text)).strip(" -–:;,•")
    return _capped(text)


def _capped(text: str) -> str:
    if len(text) <= CAP:
        return text
    ends = [m.end() for m in _SENTENCE_END.finditer(text) if m.end() <= CAP]
    return text[: ends[-1]] if ends else ""
