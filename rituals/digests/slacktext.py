"""What people typed in Slack as it reads on their screen: names for ids, words for links. Pure.

Stored answers keep Slack's own spelling word for word; this is for quoting them, and for what a model is sent.
"""

import re
from collections.abc import Mapping
from html import unescape

_PERSON = re.compile(r"<@([A-Z0-9]+)(?:\|([^<>]*))?>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+(?:\|([^<>]*))?>")
_SPECIAL = re.compile(r"<!([^<>|]+)(?:\|([^<>]*))?>")
_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")


def readable(text: str, names: Mapping[str, str]) -> str:
    """`text` without Slack's angle brackets; `names` are people's names by member id."""
    text = _PERSON.sub(lambda m: names.get(m[1]) or m[2] or "someone", text)
    text = _CHANNEL.sub(lambda m: f"#{m[1]}" if m[1] else "a channel", text)
    text = _SPECIAL.sub(lambda m: m[2] or m[1], text)
    return unescape(_LINK.sub(lambda m: m[2] or m[1], text)).strip()
