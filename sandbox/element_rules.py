"""The rules for interactive elements and composition objects: buttons, selects, inputs, options, confirm dialogs.

Limits are Slack's published ones. Blocks that hold the elements are judged in `block_rules`.
"""

import re
from collections.abc import Callable, Collection
from typing import Any

from sandbox.checker import Checker
from sandbox.elements import INITIAL_KEYS, VALUE_KEYS
from sandbox.records import Json

PLAIN = ("plain_text",)
Rule = Callable[[Checker, Json, str], None]
SELECTS = {
    f"{many}{kind}"
    for many in ("", "multi_")
    for kind in ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
}
SINGLE_SELECTS = {s for s in SELECTS if not s.startswith("multi_")}
PICKERS = {"datepicker", "timepicker", "datetimepicker"}
GROUPS = {"checkboxes", "radio_buttons"}
TEXT_INPUTS = {"plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input"}
IN_SECTION = SELECTS | PICKERS | GROUPS | {"button", "overflow", "image", "workflow_button"}
IN_ACTIONS = SINGLE_SELECTS | PICKERS | GROUPS | {"button", "overflow", "workflow_button"}
IN_INPUT = SELECTS | PICKERS | GROUPS | TEXT_INPUTS | {"file_input"}
IN_CONTEXT_ACTIONS = {"feedback_buttons", "icon_button"}
MENU = ("action_id", "confirm", "focus_on_load", "placeholder")
TEXT = ("action_id", "initial_value", "dispatch_action_config", "focus_on_load", "placeholder")


def check_element(c: Checker, element: Any, where: str, allowed: Collection[str]) -> None:
    """One element, of a type that may stand here."""
    if not isinstance(element, dict):
        c.note("must be an object", where)
        return
    kind = element.get("type")
    if kind not in allowed or kind not in RULES:
        c.note(f"unsupported type: {kind}", f"{where}/type")
        return
    if kind != "image":
        c.unique_id(element, "action_id", where)
    c.text(element, "placeholder", 150, where, PLAIN)
    if element.get("confirm") is not None:
        check_confirm(c, element["confirm"], f"{where}/confirm")
    RULES[kind](c, element, where)


def check_confirm(c: Checker, confirm: Any, where: str) -> None:
    """A confirmation dialog."""
    if not isinstance(confirm, dict):
        c.note("must be an object", where)
        return
    c.keys(confirm, ("style",), ("title", "text", "confirm", "deny"), where)
    c.text(confirm, "title", 100, where, PLAIN)
    c.text(confirm, "text", 300, where)
    c.text(confirm, "confirm", 30, where, PLAIN)
    c.text(confirm, "deny", 30, where, PLAIN)
    c.choice(confirm, "style", ("primary", "danger"), where)


def check_option(c: Checker, option: Any, where: str, kinds: Collection[str] = PLAIN) -> None:
    """An option of a select, overflow, radio or checkbox group."""
    if not isinstance(option, dict):
        c.note("must be an object", where)
        return
    c.keys(option, ("description", "url"), ("text", "value"), where)
    c.text(option, "text", 75, where, kinds)
    c.string(option, "value", 150, where)
    c.text(option, "description", 75, where, kinds)
    c.string(option, "url", 3000, where)


def _button(c: Checker, e: Json, where: str) -> None:
    allowed = ("action_id", "url", "value", "style", "confirm", "accessibility_label")
    c.keys(e, allowed, ("text",), where)
    c.text(e, "text", 75, where, PLAIN)
    c.string(e, "value", 2000, where)
    c.string(e, "url", 3000, where)
    c.choice(e, "style", ("primary", "danger"), where)
    c.string(e, "accessibility_label", 75, where)


def _overflow(c: Checker, e: Json, where: str) -> None:
    c.keys(e, ("action_id", "confirm"), ("options",), where)
    c.items(e, "options", 1, 5, where, lambda o, at: check_option(c, o, at))
    _distinct_values(c, e, where)


def _distinct_values(c: Checker, e: Json, where: str) -> None:
    options = e.get("options")
    values = [o.get("value") for o in options if isinstance(o, dict)] if isinstance(options, list) else []
    if len(values) != len(set(values)):
        c.note("values of options must be unique", f"{where}/options")


def _options_group(most: int) -> Rule:
    def rule(c: Checker, e: Json, where: str) -> None:
        initial = INITIAL_KEYS[VALUE_KEYS[e["type"]]]
        c.keys(e, ("action_id", "confirm", "focus_on_load", initial), ("options",), where)
        c.items(e, "options", 1, most, where, lambda o, at: check_option(c, o, at, ("plain_text", "mrkdwn")))
        _distinct_values(c, e, where)
        _initial_is_offered(c, e, initial, where)

    return rule


def _initial_is_offered(c: Checker, e: Json, key: str, where: str) -> None:
    initial = e.get(key)
    if initial is None:
        return
    groups = [g.get("options") or [] for g in e.get("option_groups") or () if isinstance(g, dict)]
    offered = list(e.get("options") or []) + [o for g in groups for o in g]
    for option in initial if isinstance(initial, list) else [initial]:
        if option not in offered:
            c.note("must match one of the options", f"{where}/{key}")
    if initial == []:
        c.note("no fewer than 1 items allowed", f"{where}/{key}")


def _static_select(c: Checker, e: Json, where: str) -> None:
    initial = INITIAL_KEYS[VALUE_KEYS[e["type"]]]
    c.keys(e, (*MENU, "options", "option_groups", "max_selected_items", initial), (), where)
    if (e.get("options") is None) == (e.get("option_groups") is None):
        c.note("exactly one of options and option_groups must be given", where)
    c.items(e, "options", 1, 100, where, lambda o, at: check_option(c, o, at))
    c.items(e, "option_groups", 1, 100, where, lambda g, at: _option_group(c, g, at))
    c.whole(e, "max_selected_items", 1, 100, where)
    _distinct_values(c, e, where)
    _initial_is_offered(c, e, initial, where)


def _option_group(c: Checker, group: Any, where: str) -> None:
    if not isinstance(group, dict):
        c.note("must be an object", where)
        return
    c.keys(group, (), ("label", "options"), where)
    c.text(group, "label", 75, where, PLAIN)
    c.items(group, "options", 1, 100, where, lambda o, at: check_option(c, o, at))


def _external_select(c: Checker, e: Json, where: str) -> None:
    initial = INITIAL_KEYS[VALUE_KEYS[e["type"]]]
    c.keys(e, (*MENU, "min_query_length", "max_selected_items", initial), (), where)
    c.whole(e, "min_query_length", 0, 1000, where)
    chosen = e.get(initial)
    for i, option in enumerate(chosen if isinstance(chosen, list) else [chosen] if chosen else []):
        check_option(c, option, f"{where}/{initial}/{i}" if isinstance(chosen, list) else f"{where}/{initial}")


def _id_select(c: Checker, e: Json, where: str) -> None:
    initial = INITIAL_KEYS[VALUE_KEYS[e["type"]]]
    narrowed = ("response_url_enabled", "filter", "default_to_current_conversation")
    c.keys(e, (*MENU, *narrowed, "max_selected_items", initial), (), where)


def _pattern(key: str, pattern: str, what: str) -> Rule:
    def rule(c: Checker, e: Json, where: str) -> None:
        c.keys(e, (*MENU, "timezone", key), (), where)
        value = e.get(key)
        if value is not None and not re.fullmatch(pattern, str(value)):
            c.note(f"must be {what}", f"{where}/{key}")

    return rule


def _plain_text_input(c: Checker, e: Json, where: str) -> None:
    c.keys(e, (*TEXT, "multiline", "min_length", "max_length"), (), where)
    c.flag(e, "multiline", where)
    c.whole(e, "min_length", 0, 3000, where)
    c.whole(e, "max_length", 1, 3000, where)
    most = e["max_length"] if isinstance(e.get("max_length"), int) else 3000
    c.string(e, "initial_value", most, where, least=0)


def _number_input(c: Checker, e: Json, where: str) -> None:
    c.keys(e, (*TEXT, "min_value", "max_value"), ("is_decimal_allowed",), where)
    c.flag(e, "is_decimal_allowed", where)
    for key in ("initial_value", "min_value", "max_value"):
        if e.get(key) is not None and not re.fullmatch(r"-?\d+(\.\d+)?", str(e[key])):
            c.note("must be a number as text", f"{where}/{key}")


def _text_like(c: Checker, e: Json, where: str) -> None:
    c.keys(e, TEXT, (), where)


def _file_input(c: Checker, e: Json, where: str) -> None:
    c.keys(e, ("action_id", "filetypes", "max_files"), (), where)
    c.whole(e, "max_files", 1, 10, where)


def check_image(c: Checker, e: Json, where: str) -> None:
    """An image element; also the body of an image block."""
    if ("image_url" in e) == ("slack_file" in e):
        c.note("exactly one of image_url and slack_file must be given", where)
    c.keys(e, ("image_url", "slack_file", "title", "block_id"), ("alt_text",), where)
    c.string(e, "image_url", 3000, where)
    c.string(e, "alt_text", 2000, where)


def _feedback_buttons(c: Checker, e: Json, where: str) -> None:
    c.keys(e, ("action_id",), ("positive_button", "negative_button"), where)
    for key in ("positive_button", "negative_button"):
        button = e.get(key)
        if isinstance(button, dict):
            c.keys(button, ("accessibility_label",), ("text", "value"), f"{where}/{key}")
            c.text(button, "text", 75, f"{where}/{key}", PLAIN)
            c.string(button, "value", 2000, f"{where}/{key}")


def _icon_button(c: Checker, e: Json, where: str) -> None:
    allowed = ("action_id", "value", "confirm", "accessibility_label", "visible_to_user_ids")
    c.keys(e, allowed, ("icon", "text"), where)
    c.choice(e, "icon", ("trash",), where)
    c.text(e, "text", 75, where, PLAIN)
    c.string(e, "value", 2000, where)


def _workflow_button(c: Checker, e: Json, where: str) -> None:
    c.keys(e, ("action_id", "style", "accessibility_label"), ("text", "workflow"), where)
    c.text(e, "text", 75, where, PLAIN)


RULES: dict[str, Rule] = {
    "button": _button,
    "overflow": _overflow,
    "checkboxes": _options_group(10),
    "radio_buttons": _options_group(10),
    "datepicker": _pattern("initial_date", r"\d{4}-\d{2}-\d{2}", "a date as YYYY-MM-DD"),
    "timepicker": _pattern("initial_time", r"([01]\d|2[0-3]):[0-5]\d", "a time as HH:MM"),
    "datetimepicker": _pattern("initial_date_time", r"\d{10}", "a Unix time of 10 digits"),
    "plain_text_input": _plain_text_input,
    "number_input": _number_input,
    "email_text_input": _text_like,
    "url_text_input": _text_like,
    "rich_text_input": _text_like,
    "file_input": _file_input,
    "image": check_image,
    "feedback_buttons": _feedback_buttons,
    "icon_button": _icon_button,
    "workflow_button": _workflow_button,
    "static_select": _static_select,
    "multi_static_select": _static_select,
    "external_select": _external_select,
    "multi_external_select": _external_select,
    **{f"{m}{k}_select": _id_select for m in ("", "multi_") for k in ("users", "conversations", "channels")},
}
