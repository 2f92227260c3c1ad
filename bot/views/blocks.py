"""Block Kit by plain dicts: one small builder a block, each keeping Slack's limits whatever it is given.

Builders take mrkdwn that is already safe (see `text`) where they say mrkdwn, and raw text where they say plain.
Too long is shortened at a word, too many is left off; nothing raises for what a person may have typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.views.fitting import fitted
from bot.views.text import clip, held, plain

Block = dict[str, Any]
Rung = Literal["native", "fields", "text"]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
SECTION_TEXT = 3000
CHART_POINTS = 20
TABLE_CHARACTERS = 7_000  # Slack takes 10,000, and 12,000 or so of the whole message


@dataclass(frozen=True)
class Message:
    """A message as Slack takes it. `text` stands alone: it is what notifications and screen readers say.

    `plainer` is what to try where Slack refuses the blocks, one after the other; at last it is the text alone.
    """

    text: str
    blocks: list[Block]
    plainer: "tuple[Message, ...]" = ()


def message(text: str, blocks: Sequence[Block]) -> Message:
    """A message within Slack's limits; `text` is mrkdwn in one line."""
    return Message(clip(" ".join(text.split()), SECTION_TEXT), fitted(blocks[:MESSAGE_BLOCKS]))


def section(*lines: str, accessory: Block | None = None, block_id: str | None = None) -> Block:
    """Lines of mrkdwn, with one element at the side."""
    block: Block = {"type": "section", "text": _mrkdwn("\n".join(lines) or " ", SECTION_TEXT)}
    if accessory:
        block["accessory"] = accessory
    return _named(block, block_id)


def fields(pairs: Sequence[str]) -> Block:
    """Up to ten short texts in two columns, mrkdwn."""
    return {"type": "section", "fields": [_mrkdwn(pair, 2000) for pair in pairs[:10]]}


def context(*texts: str) -> Block:
    """Small print, mrkdwn."""
    return {"type": "context", "elements": [_mrkdwn(text, SECTION_TEXT) for text in texts[:10]]}


def header(text: str) -> Block:
    """A headline, plain."""
    return {"type": "header", "text": _plain(text, 150)}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def actions(*elements: Block | None, block_id: str | None = None) -> Block:
    """A row of elements, at most 25; None is left out."""
    return _named({"type": "actions", "elements": [e for e in elements if e][:25]}, block_id)


def button(label: str, action_id: str, value: str = "", *, style: str | None = None) -> Block:
    """A button; label plain, `value` an id or small JSON of ours (at most 2,000 characters, else ValueError)."""
    if len(value) > 2000:
        raise ValueError(f"the value of {action_id} is no small id: {len(value)} characters")
    element: Block = {"type": "button", "text": _plain(label, 75), "action_id": action_id}
    if value:
        element["value"] = value
    if style:
        element["style"] = style
    return element


def confirmed(element: Block, *, title: str, text: str, yes: str, no: str = "Not yet") -> Block:
    """An element that asks first. All plain: title at most 100 characters, text 300, the buttons 30."""
    asked = {"title": _plain(title, 100), "text": _plain(text, 300), "confirm": _plain(yes, 30), "deny": _plain(no, 30)}
    return {**element, "confirm": asked}


def link_button(label: str, url: str, action_id: str) -> Block:
    """A button that opens an address."""
    return {**button(label, action_id), "url": url[:3000]}


def option(label: str, value: str) -> Block:
    """One choice of a select; label plain."""
    return {"text": _plain(label, 75), "value": value[:150]}


def select(
    options: Sequence[Block], *, placeholder: str = "", initial: Block | None = None, action_id: str = ""
) -> Block:
    """A menu of at most 100 options; in an input it takes the block's id."""
    element: Block = {"type": "static_select", "action_id": action_id, "options": list(options[:100])}
    if placeholder:
        element["placeholder"] = _plain(placeholder, 150)
    if initial:
        element["initial_option"] = initial
    return element


def text_input(*, placeholder: str = "", initial: str = "", multiline: bool = False, longest: int = 3000) -> Block:
    """A text field for an input; `initial` is shown to be changed, so it is kept whole up to `longest` characters."""
    element: Block = {"type": "plain_text_input", "max_length": longest}
    if multiline:
        element["multiline"] = True
    if placeholder:
        element["placeholder"] = _held(placeholder, 150)
    if initial:
        element["initial_value"] = initial[:longest]
    return element


def input_block(block_id: str, label: str, element: Block, *, hint: str = "", optional: bool = True) -> Block:
    """A labelled input of a modal; label and hint plain. The element gets the block's id, so ids are unique."""
    named = {**element, "action_id": block_id[:255]}
    block: Block = {"type": "input", "block_id": block_id[:255], "label": _plain(label, 150), "element": named}
    if hint:
        block["hint"] = _held(hint, 300)
    if optional:
        block["optional"] = True
    return block


def modal(
    callback_id: str, title: str, blocks: Sequence[Block], *, submit: str | None = None, metadata: str = ""
) -> Block:
    """A modal view; `metadata` is ours and small."""
    view: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": _plain(title, 24),
        "close": _plain("Cancel" if submit else "Close", 24),
        "blocks": list(blocks[:VIEW_BLOCKS]),
    }
    if submit:
        view["submit"] = _plain(submit, 24)
    if metadata:
        view["private_metadata"] = metadata
    return view


def home(blocks: Sequence[Block]) -> Block:
    """An App Home view."""
    return {"type": "home", "blocks": list(blocks[:VIEW_BLOCKS])}


def table(head: Sequence[str], rows: Sequence[Sequence[str | Block]], *, wrap: Sequence[int] = ()) -> Block:
    """A native table (one a message): plain cells or ready cell dicts; `wrap` names the columns that break lines."""
    shown = [row[:20] for row in rows[:99]]
    longest = max(1, min(200, TABLE_CHARACTERS // ((len(shown) + 1) * max(1, len(head)))))
    cells = [[_cell(cell, longest) for cell in row] for row in (head[:20], *shown)]
    settings = [{"is_wrapped": n in wrap, "align": "left"} for n in range(len(head[:20]))]
    return {"type": "table", "column_settings": settings, "rows": cells}


def linked_cell(label: str, url: str | None) -> str | Block:
    """A table cell that leads to `url` where it is http(s); label plain."""
    if not url or not url.startswith(("https://", "http://")):
        return label
    element = {"type": "link", "url": url, "text": held(plain(label, 200))}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}


def chart(
    kind: Literal["line", "bar"],
    title: str,
    categories: Sequence[str],
    series: Sequence[tuple[str, Sequence[float]]],
    *,
    y_label: str = "",
) -> Block:
    """A native chart; every series has a value for every category. Of more than 20 points the first and last stay."""
    kept = _spread(len(categories), CHART_POINTS)
    labels = _unique([plain(categories[i], 20) or "–" for i in kept])
    names = _unique([plain(name, 20) for name, _ in series[:6]])
    axis: Block = {"categories": labels}
    if y_label:
        axis["y_label"] = plain(y_label, 50)
    drawn = [
        {"name": name, "data": [{"label": label, "value": values[i]} for label, i in zip(labels, kept, strict=True)]}
        for name, (_, values) in zip(names, series, strict=False)
    ]
    return {
        "type": "data_visualization",
        "title": plain(title, 50),
        "chart": {"type": kind, "series": drawn, "axis_config": axis},
    }


def _spread(length: int, most: int) -> list[int]:
    if length <= most:
        return list(range(length))
    return sorted({round(i * (length - 1) / (most - 1)) for i in range(most)})


def _unique(labels: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    result = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        suffix = f" ({seen[label]})" if seen[label] > 1 else ""
        result.append(f"{label[: 20 - len(suffix)]}{suffix}")
    return result


def _cell(cell: str | Block, longest: int) -> Block:
    if isinstance(cell, dict):
        return cell
    return {"type": "raw_text", "text": held(plain(cell, longest)) or "–"}


def _mrkdwn(text: str, limit: int) -> Block:
    # verbatim: Slack must not look for names and channels in what people typed.
    return {"type": "mrkdwn", "text": held(clip(text, limit)) or " ", "verbatim": True}


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": plain(text, limit) or "–"}


def _held(text: str, limit: int) -> Block:
    """Plain text that is read only: a label that is chosen or clicked stays as it was given."""
    return {"type": "plain_text", "text": held(plain(text, limit)) or "–"}


def _named(block: Block, block_id: str | None) -> Block:
    return {**block, "block_id": block_id[:255]} if block_id else block
