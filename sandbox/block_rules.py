"""The rules for each type of block: its properties, its limits, and what may stand in it.

Which block may stand on which surface, and how many, is judged in `blocks`; tables and charts in `data_rules`.
"""

from collections.abc import Callable
from typing import Any

from sandbox.checker import Checker
from sandbox.element_rules import (
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    PLAIN,
    check_element,
    check_image,
)
from sandbox.records import Json

BlockRule = Callable[[Checker, Json, str], None]


def section(c: Checker, b: Json, where: str) -> None:
    c.keys(b, ("block_id", "text", "fields", "accessory", "expand"), (), where)
    if b.get("text") is None and not b.get("fields"):
        c.note("missing required field: text", where)
    c.text(b, "text", 3000, where)
    c.items(b, "fields", 1, 10, where, lambda f, at: c.text_object(f, 2000, at))
    if b.get("accessory") is not None:
        check_element(c, b["accessory"], f"{where}/accessory", IN_SECTION)


def header(c: Checker, b: Json, where: str) -> None:
    c.keys(b, ("block_id", "level"), ("text",), where)
    c.text(b, "text", 150, where, PLAIN)


def divider(c: Checker, b: Json, where: str) -> None:
    c.keys(b, ("block_id",), (), where)


def image(c: Checker, b: Json, where: str) -> None:
    check_image(c, b, where)
    c.text(b, "title", 2000, where, PLAIN)


def context(c: Checker, b: Json, where: str) -> None:
    def each(item: Any, at: str) -> None:
        if isinstance(item, dict) and item.get("type") == "image":
            check_image(c, item, at)
        else:
            c.text_object(item, 3000, at)

    c.keys(b, ("block_id",), ("elements",), where)
    c.items(b, "elements", 1, 10, where, each)


def actions(c: Checker, b: Json, where: str) -> None:
    c.keys(b, ("block_id",), ("elements",), where)
    c.items(b, "elements", 1, 25, where, lambda e, at: check_element(c, e, at, IN_ACTIONS))


def context_actions(c: Checker, b: Json, where: str) -> None:
    c.keys(b, ("block_id",), ("elements",), where)
    c.items(b, "elements", 1, 5, where, lambda e, at: check_element(c, e, at, IN_CONTEXT_ACTIONS))


def input_block(c: Checker, b: Json, where: str) -> None:
    c.keys(b, ("block_id", "hint", "optional", "dispatch_action"), ("label", "element"), where)
    c.text(b, "label", 2000, where, PLAIN)
    c.text(b, "hint", 2000, where, PLAIN)
    c.flag(b, "optional", where)
    c.flag(b, "dispatch_action", where)
    if b.get("element") is not None:
        check_element(c, b["element"], f"{where}/element", IN_INPUT)
    if c.surface == "modal":
        c.totals["inputs"] = c.totals.get("inputs", 0) + 1


def markdown(c: Checker, b: Json, where: str) -> None:
    c.keys(b, ("block_id",), ("text",), where)
    c.string(b, "text", 12_000, where)
    c.add("markdown", len(str(b.get("text", ""))), 12_000, "no more than 12000 characters of markdown", where)


def rich_text(c: Checker, b: Json, where: str) -> None:
    kinds = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")

    def each(item: Any, at: str) -> None:
        if not isinstance(item, dict) or item.get("type") not in kinds:
            c.note("unsupported type in rich_text", at)
        elif not isinstance(item.get("elements"), list):
            c.note("missing required field: elements", at)

    c.keys(b, ("block_id",), ("elements",), where)
    c.items(b, "elements", 1, 1000, where, each)


def video(c: Checker, b: Json, where: str) -> None:
    allowed = ("block_id", "author_name", "description", "provider_icon_url", "provider_name", "title_url")
    c.keys(b, allowed, ("alt_text", "title", "thumbnail_url", "video_url"), where)
    c.text(b, "title", 199, where, PLAIN)
    c.text(b, "description", 200, where, PLAIN)
    c.string(b, "author_name", 49, where)


def card(c: Checker, b: Json, where: str) -> None:
    c.keys(b, ("block_id", "hero_image", "icon", "title", "subtitle", "body", "actions"), (), where)
    if not any(b.get(k) for k in ("hero_image", "title", "actions", "body")):
        c.note("one of hero_image, title, actions, body is required", where)
    for key, most in (("title", 150), ("subtitle", 150), ("body", 200)):
        c.text(b, key, most, where)
    for key in ("hero_image", "icon"):
        if isinstance(b.get(key), dict):
            check_image(c, b[key], f"{where}/{key}")
    c.items(b, "actions", 1, 5, where, lambda e, at: check_element(c, e, at, ("button", "overflow")))


def carousel(c: Checker, b: Json, where: str) -> None:
    def each(item: Any, at: str) -> None:
        if isinstance(item, dict) and item.get("type") == "card":
            c.unique_id(item, "block_id", at)
            c.action_ids = set()
            card(c, item, at)
        else:
            c.note("must be a card", at)

    c.keys(b, ("block_id",), ("elements",), where)
    c.items(b, "elements", 1, 10, where, each)


def alert(c: Checker, b: Json, where: str) -> None:
    c.keys(b, ("block_id", "level"), ("text",), where)
    c.text(b, "text", 3000, where)
    c.choice(b, "level", ("default", "info", "warning", "error", "success"), where)


def task_card(c: Checker, b: Json, where: str) -> None:
    c.keys(b, ("block_id", "details", "output", "sources"), ("task_id", "title", "status"), where)
    c.choice(b, "status", ("pending", "in_progress", "complete", "error"), where)


def plan(c: Checker, b: Json, where: str) -> None:
    def each(item: Any, at: str) -> None:
        if isinstance(item, dict):
            task_card(c, item, at)
        else:
            c.note("must be an object", at)

    c.keys(b, ("block_id", "tasks"), ("title",), where)
    c.items(b, "tasks", 0, 50, where, each)


def container_head(c: Checker, b: Json, where: str) -> None:
    """A container but for its child blocks."""
    allowed = (
        "block_id",
        "title",
        "rich_text_title",
        "subtitle",
        "width",
        "icon",
        "is_collapsible",
        "default_collapsed",
        "has_header_divider",
    )
    c.keys(b, allowed, ("child_blocks",), where)
    if not b.get("title") and not b.get("rich_text_title"):
        c.note("title or rich_text_title is required", where)
    c.text(b, "title", 150, where, PLAIN)
    c.text(b, "subtitle", 150, where)
    c.choice(b, "width", ("narrow", "standard", "wide", "full"), where)
    if b.get("is_collapsible") and b.get("has_header_divider"):
        c.note("has_header_divider cannot be set when is_collapsible is true", where)
