"""What the stand-in knows of interactive elements: where they stand in blocks, and the state each kind keeps.

Shared by the API (ids, state.values), the people driver and the page. It judges no limits; see `blocks`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.records import Json

VALUE_KEYS: dict[str, str] = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "file_input": "files",
}
LISTS = {k for k, v in VALUE_KEYS.items() if v.startswith("selected_") and v.endswith("s")} | {"file_input"}
INITIAL_KEYS: dict[str, str] = {
    "value": "initial_value",
    "rich_text_value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
}


@dataclass(frozen=True)
class Placed:
    """An interactive element and the block it stands in."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        return str(self.block.get("block_id", ""))

    @property
    def action_id(self) -> str:
        return str(self.element.get("action_id", ""))

    @property
    def kind(self) -> str:
        return str(self.element.get("type", ""))

    @property
    def label(self) -> str:
        """What a person would call it: its own text, its input's label, or its placeholder."""
        for text in (self.element.get("text"), self.block.get("label"), self.element.get("placeholder")):
            if isinstance(text, dict):
                return str(text.get("text", ""))
        return self.action_id


def walk(blocks: Iterable[Json]) -> Iterator[Placed]:
    """Every interactive element of the blocks, in reading order, nested ones too."""
    for block in blocks:
        yield from (Placed(block, e) for e in _own(block) if e.get("type") != "image")
        yield from walk(_children(block))


def _own(block: Json) -> list[Json]:
    kind = block.get("type")
    if kind in ("actions", "context_actions"):
        return list(block.get("elements") or [])
    if kind == "card":
        return list(block.get("actions") or [])
    one = block.get({"section": "accessory", "input": "element"}.get(str(kind), ""))
    return [one] if isinstance(one, dict) else []


def _children(block: Json) -> list[Json]:
    if block.get("type") == "container":
        return list(block.get("child_blocks") or [])
    return list(block.get("elements") or []) if block.get("type") == "carousel" else []


def initial_state(element: Json) -> Json | None:
    """The entry of `state.values` before anything was entered; None for elements that keep no state."""
    kind = str(element.get("type"))
    key = VALUE_KEYS.get(kind)
    if key is None:
        return None
    empty: Any = [] if kind in LISTS else None
    return {"type": kind, key: element.get(INITIAL_KEYS.get(key, ""), empty)}


def state_of(blocks: Iterable[Json], entered: dict[str, dict[str, Json]]) -> dict[str, dict[str, Json]]:
    """`state.values` for these blocks: what was entered where ids and type still match, else the initial values."""
    values: dict[str, dict[str, Json]] = {}
    for placed in walk(blocks):
        start = initial_state(placed.element)
        if start is None:
            continue
        kept = entered.get(placed.block_id, {}).get(placed.action_id)
        same = kept is not None and kept.get("type") == placed.kind
        values.setdefault(placed.block_id, {})[placed.action_id] = kept if same and kept is not None else start
    return values


def options_of(element: Json) -> list[Json]:
    """The options a select, radio, checkbox or overflow offers, groups flattened."""
    groups = element.get("option_groups") or []
    return list(element.get("options") or []) + [o for g in groups for o in g.get("options", [])]
