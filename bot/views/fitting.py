"""Keeps a whole message within what Slack takes: beside its limits for each text there is one for all texts together.

Slack documents no figure; its people speak of 12,000 characters "with a buffer", and messages of 11,000 were refused as
`msg_blocks_too_long`. The longest texts are shortened first, all to one length; nothing else is left off.
"""

from collections.abc import Sequence
from typing import Any

from bot.views.text import clip

MESSAGE_TEXT = 10_000
SHORTEST = 150


def fitted(blocks: Sequence[dict[str, Any]], longest: int = MESSAGE_TEXT) -> list[dict[str, Any]]:
    """The blocks with their sections and small print shortened, where all texts together are too long."""
    if (total := characters(list(blocks))) <= longest:
        return list(blocks)
    lengths = sorted((len(text) for block in blocks for text in _clippable(block)), reverse=True)
    most = _level(lengths, longest - (total - sum(lengths)))
    return [_clipped(block, most) for block in blocks]


def characters(value: Any) -> int:
    """All texts of a payload that are read in the message itself, not in its menus."""
    if isinstance(value, dict):
        own = value.get("text")
        inside = sum(characters(part) for name, part in value.items() if name != "options")
        return inside + (len(own) if isinstance(own, str) else 0)
    return sum(map(characters, value)) if isinstance(value, list) else 0


def _clippable(block: dict[str, Any]) -> list[str]:
    if block["type"] == "section":
        return [text["text"] for text in (block.get("text"), *block.get("fields", ())) if text]
    return [part["text"] for part in block["elements"] if "text" in part] if block["type"] == "context" else []


def _level(lengths: list[int], room: int) -> int:
    """The length to which the longest (they come first) are cut so that all have room."""
    for count in range(1, len(lengths) + 1):
        rest = sum(lengths[count:])
        level = (room - rest) // count
        if count == len(lengths) or level >= lengths[count]:
            return max(level, SHORTEST)
    return SHORTEST


def _clipped(block: dict[str, Any], most: int) -> dict[str, Any]:
    def shorter(text: dict[str, Any]) -> dict[str, Any]:
        return {**text, "text": clip(text["text"], most)}

    if block["type"] == "section":
        changed = {"text": shorter(block["text"])} if "text" in block else {}
        listed = {"fields": [shorter(field) for field in block["fields"]]} if "fields" in block else {}
        return {**block, **changed, **listed}
    if block["type"] == "context":
        return {**block, "elements": [shorter(part) if "text" in part else part for part in block["elements"]]}
    return block
