"""Reads blocks as a person would see them, for assertions on visible text."""

import re
from typing import Any

Blocks = list[dict[str, Any]]


def plain(blocks: Blocks) -> str:
    """The visible text, one block a line, with plain spaces; buttons as `[ label ]`, links and dates by their words."""
    return "\n".join(_block(block) for block in blocks).replace("\u00a0", " ")


def buttons(blocks: Blocks) -> dict[str, str]:
    """action_id -> value of every button."""
    return {e["action_id"]: e.get("value", "") for e in elements(blocks) if e["type"] == "button"}


def elements(blocks: Blocks) -> Blocks:
    """Every interactive element."""
    found: Blocks = []
    for block in blocks:
        found += block["elements"] if block["type"] == "actions" else []
        found += [block[name] for name in ("accessory", "element") if name in block]
    return found


def mrkdwn(value: Any) -> list[str]:
    """Every mrkdwn text in the payload, as it is sent."""
    if isinstance(value, dict):
        own = [value["text"]] if value.get("type") == "mrkdwn" else []
        return own + [text for part in value.values() for text in mrkdwn(part)]
    return [text for part in value for text in mrkdwn(part)] if isinstance(value, list) else []


def shown(text: str) -> str:
    """mrkdwn as it is shown."""
    text = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"<https?://[^|>]*\|([^>]*)>", r"\1", text)
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return text.replace("*", "").replace("\u2068", "").replace("\u2069", "")


def _block(block: dict[str, Any]) -> str:
    kind = block["type"]
    if kind == "table":
        return "\n".join(" | ".join(_cell(cell) for cell in row) for row in block["rows"])
    if kind == "data_visualization":
        names = ", ".join(series["name"] for series in block["chart"]["series"])
        return f"({block['chart']['type']} chart: {block['title']}: {names})"
    if kind == "input":
        parts = [block["label"]["text"], block.get("hint", {}).get("text", ""), _element(block["element"])]
        return " | ".join(part for part in parts if part)
    texts = [shown(block["text"]["text"])] if "text" in block else []
    texts += [shown(field["text"]) for field in block.get("fields", [])]
    texts += [_element(e) for e in block.get("elements", [])]
    return " ".join([*texts, *([_element(block["accessory"])] if "accessory" in block else [])])


def _element(element: dict[str, Any]) -> str:
    if element["type"] == "mrkdwn":
        return shown(element["text"])
    initial = element.get("initial_value") or element.get("initial_option", {}).get("value")
    label = element.get("text") or element.get("placeholder") or {"text": ""}
    return f"[ {initial or label['text']} ]"


def _cell(cell: dict[str, Any]) -> str:
    if cell["type"] == "raw_text":
        return str(cell["text"])
    return "".join(str(e["text"]) for part in cell["elements"] for e in part["elements"])
