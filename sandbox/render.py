"""Blocks and conversations as plain text for a terminal, and for looking up what a person can see.

Says what the blocks say; lays out nothing and drops nothing but Slack's markup.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from sandbox.records import Json, Message
from sandbox.site import Site

Names = Callable[[str], str]


def plain(text: str, names: Names = str) -> str:
    """Slack's mrkdwn as text: names for mentions, labels for links, the fallback for dates."""

    def token(found: re.Match[str]) -> str:
        body, _, label = found.group(1).partition("|")
        if body.startswith(("@", "#")):
            return label or body[0] + names(body[1:])
        if body.startswith("!"):
            return label or "@" + body[1:].split("^")[0]
        return f"{label} ({body})" if label and label != body else body

    text = re.sub(r"<([^<>]+)>", token, text)
    text = re.sub(r"(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])", r"\1", text)
    text = re.sub(r"(?<![\w_])_(\S(?:[^_\n]*\S)?)_(?![\w_])", r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def render_text(blocks: Iterable[Json], names: Names = str) -> str:
    """The blocks as lines of plain text; buttons as `[ Answer ]`, menus as `[ Later ▾ ]`, inputs with their label."""
    lines = "\n".join(line for b in blocks for line in _block(b, names) if line)
    return lines.replace("\u00a0", " ")  # a reader sees no difference


def _block(b: Json, names: Names) -> list[str]:
    draw = BLOCKS.get(b["type"])
    return draw(b, names) if draw else []


def _section(b: Json, names: Names) -> list[str]:
    lines = plain(b["text"]["text"], names).split("\n") if b.get("text") else []
    lines += [plain(f["text"], names).replace("\n", ": ") for f in b.get("fields") or ()]
    accessory = _element(b["accessory"], names) if b.get("accessory") else ""
    if lines and accessory:
        lines[0] += "  " + accessory
    return lines


def _words(key: str) -> Callable[[Json, Names], list[str]]:
    return lambda b, names: plain(_text(b.get(key)), names).split("\n")


def _text(value: Any) -> str:
    return str(value.get("text", "")) if isinstance(value, dict) else str(value or "")


def _context(b: Json, names: Names) -> list[str]:
    texts = [plain(_text(e), names) if e["type"] != "image" else f"[{e['alt_text']}]" for e in b["elements"]]
    return "  ".join(texts).split("\n")


def _actions(b: Json, names: Names) -> list[str]:
    return [" ".join(_element(e, names) for e in b["elements"])]


def _element(e: Json, names: Names) -> str:
    if e["type"] == "image":
        return f"[{e['alt_text']}]"
    if e["type"] == "button":
        return f"[ {e['text']['text']} ]"
    if e["type"] == "feedback_buttons":
        return " ".join(f"[ {e[k]['text']['text']} ]" for k in ("positive_button", "negative_button"))
    if e["type"] in ("radio_buttons", "checkboxes"):
        return " ".join(f"( ) {plain(_text(o['text']), names)}" for o in e["options"])
    initial = e.get("initial_option")
    label = _text(initial["text"] if initial else e.get("placeholder") or e.get("text"))
    return f"[ {label or e.get('initial_date') or '…'} ▾ ]"


def _input(b: Json, names: Names) -> list[str]:
    element, label = b["element"], b["label"]["text"]
    if "input" in element["type"]:
        return [f"{label}: [{_text(element.get('initial_value'))}]"]
    return [f"{label}: {_element(element, names)}"]


def _table(b: Json, names: Names) -> list[str]:
    rows = [[_cell(c, names) for c in row] for row in b["rows"]]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [*([str(b["caption"])] if b.get("caption") else []), *lines]


def _cell(cell: Json, names: Names) -> str:
    if cell["type"] == "rich_text":
        return " ".join(_rich(cell["elements"], names)).strip()
    return str(cell.get("text") or cell.get("value", ""))


def _rich(elements: list[Json], names: Names) -> list[str]:
    lines: list[str] = []
    for e in elements:
        if e["type"] == "rich_text_list":
            lines += ["• " + " ".join(_rich([item], names)) for item in e["elements"]]
        else:
            lines += "".join(_inline(i, names) for i in e.get("elements", ())).split("\n")
    return lines


def _inline(item: Json, names: Names) -> str:
    if item["type"] == "user":
        return "@" + names(item["user_id"])
    if item["type"] == "channel":
        return "#" + names(item["channel_id"])
    if item["type"] == "link":
        return str(item.get("text") or item["url"])
    return str(item.get("text") or item.get("fallback") or item.get("name") or "")


def _chart(b: Json, _: Names) -> list[str]:
    chart = b["chart"]
    if chart["type"] == "pie":
        parts = ", ".join(f"{s['label']} {s['value']}" for s in chart["segments"])
        return [f"[pie chart: {b['title']}: {parts}]"]
    lines = [f"[{chart['type']} chart: {b['title']}]"]
    for series in chart["series"]:
        lines.append(f"  {series['name']}: " + ", ".join(f"{p['label']} {p['value']}" for p in series["data"]))
    return lines


def _card(b: Json, names: Names) -> list[str]:
    lines = [plain(_text(b[k]), names) for k in ("title", "subtitle", "body") if b.get(k)]
    return lines + ([" ".join(_element(e, names) for e in b["actions"])] if b.get("actions") else [])


def _container(b: Json, names: Names) -> list[str]:
    return [_text(b.get("title")), *(line for c in b["child_blocks"] for line in _block(c, names))]


BLOCKS: dict[str, Callable[[Json, Names], list[str]]] = {
    "section": _section,
    "header": _words("text"),
    "markdown": _words("text"),
    "alert": _words("text"),
    "task_card": _words("title"),
    "plan": lambda b, _: [b["title"], *("  " + t["title"] for t in b.get("tasks") or ())],
    "divider": lambda _b, _n: ["—"],
    "context": _context,
    "actions": _actions,
    "context_actions": _actions,
    "input": _input,
    "image": lambda b, _: [f"[image: {b['alt_text']}]"],
    "video": lambda b, _: [f"[video: {b['alt_text']}]"],
    "rich_text": lambda b, names: _rich(b["elements"], names),
    "table": _table,
    "data_table": _table,
    "data_visualization": _chart,
    "card": _card,
    "carousel": lambda b, names: [line for c in b["elements"] for line in _card(c, names)],
    "container": _container,
}


def names_of(site: Site) -> Names:
    """User and channel ids as names."""
    w = site.workspace

    def name(ident: str) -> str:
        if ident in w.users:
            return w.users[ident].real_name
        return w.channels[ident].name if ident in w.channels else ident

    return name


def message_text(site: Site, message: Message) -> str:
    """What a message shows: its blocks, or its text when it has none."""
    names = names_of(site)
    said = render_text(message.blocks, names) if message.blocks else plain(message.text, names)
    return "\n".join([said, *(f"[file: {file.name}]" for file in message.files)])


def place_name(site: Site, channel_id: str) -> str:
    """`#product-suite`, or `@Ana Ruiz` for the bot's DM with her."""
    channel = site.workspace.channels[channel_id]
    return f"@{names_of(site)(channel.user)}" if channel.user else f"#{channel.name}"


def transcript(site: Site, *, ephemerals: bool) -> str:
    """Every message in the order it was written, days as headings, replies indented."""
    with site.workspace.lock:
        everything = [m for ms in site.workspace.messages.values() for m in ms if not m.deleted]
        shown = sorted((m for m in everything if ephemerals or m.ephemeral_to is None), key=lambda m: m.ts)
    lines: list[str] = []
    day = None
    for m in shown:
        at = datetime.fromtimestamp(float(m.ts), UTC)
        if at.date() != day:
            day = at.date()
            lines.append(f"── {at:%A} {at.day} {at:%B %Y} ──")
        lines += _entry(site, m, at)
    return "\n".join(lines)


def _entry(site: Site, m: Message, at: datetime) -> list[str]:
    names = names_of(site)
    who = names(m.user) + (f" (only {names(m.ephemeral_to)} sees this)" if m.ephemeral_to else "")
    head = f"{at:%H:%M} {place_name(site, m.channel)}  {'↳ ' if m.is_reply else ''}{who}: "
    indent = "      " + ("    " if m.is_reply else "")
    text = message_text(site, m).split("\n")
    if len(text) == 1:
        return [head + text[0] + (" (edited)" if m.edited and not m.bot else "")]
    return [head.rstrip(), *(indent + line for line in text)]
