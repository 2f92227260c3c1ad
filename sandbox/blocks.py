"""Judges the blocks of messages and views by Slack's rules, and gives them the ids Slack gives.

`check_message` and `check_view` return what is wrong as `what [json-pointer:where]`; an empty list is fine.
Which block may stand where is the table of the project's Slack facts; a rule that Slack has but the table does not
confirm (data_table outside of messages) is refused here.
"""

import secrets
from copy import deepcopy
from typing import Any

from sandbox import block_rules, data_rules
from sandbox.block_rules import BlockRule
from sandbox.checker import Checker
from sandbox.element_rules import PLAIN
from sandbox.elements import walk
from sandbox.records import Json

EVERYWHERE = frozenset({"message", "modal", "home"})
MESSAGE_HOME = frozenset({"message", "home"})
MESSAGE = frozenset({"message"})
RULES: dict[str, tuple[BlockRule, frozenset[str]]] = {
    "section": (block_rules.section, EVERYWHERE),
    "header": (block_rules.header, EVERYWHERE),
    "actions": (block_rules.actions, EVERYWHERE),
    "context": (block_rules.context, EVERYWHERE),
    "divider": (block_rules.divider, EVERYWHERE),
    "image": (block_rules.image, EVERYWHERE),
    "input": (block_rules.input_block, EVERYWHERE),
    "rich_text": (block_rules.rich_text, EVERYWHERE),
    "video": (block_rules.video, EVERYWHERE),
    "card": (block_rules.card, EVERYWHERE),
    "table": (data_rules.table, MESSAGE_HOME),
    "carousel": (block_rules.carousel, MESSAGE_HOME),
    "container": (block_rules.container_head, MESSAGE),
    "markdown": (block_rules.markdown, MESSAGE),
    "plan": (block_rules.plan, MESSAGE),
    "task_card": (block_rules.task_card, MESSAGE),
    "context_actions": (block_rules.context_actions, MESSAGE),
    "alert": (block_rules.alert, frozenset({"modal"})),
    "data_visualization": (data_rules.data_visualization, MESSAGE),
    "data_table": (data_rules.data_table, MESSAGE),
}
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_OF = {"table": 1, "data_visualization": 2}
VIEW_KEYS = (
    "title",
    "submit",
    "close",
    "callback_id",
    "private_metadata",
    "external_id",
    "clear_on_close",
    "notify_on_close",
    "submit_disabled",
)


def check_message(blocks: list[Any]) -> list[str]:
    """What is wrong with the blocks of a message."""
    c = Checker("message")
    _check_blocks(c, {"blocks": blocks}, "message", 0)
    return c.problems


def check_view(view: Any, kind: str) -> list[str]:
    """What is wrong with a view of `kind` modal or home."""
    if not isinstance(view, dict):
        return ["must be an object [json-pointer:/view]"]
    c = Checker(kind)
    where = "/view"
    if view.get("type") != kind:
        c.note(f"must be {kind}", f"{where}/type")
    c.keys(view, VIEW_KEYS, ("title", "blocks") if kind == "modal" else ("blocks",), where)
    for key in ("title", "submit", "close"):
        c.text(view, key, 24, where, PLAIN)
    c.string(view, "private_metadata", 3000, where, least=0)
    for key in ("callback_id", "external_id"):
        c.string(view, key, 255, where, least=0)
    _check_blocks(c, view, kind, 1, where)
    if c.totals.get("inputs") and not view.get("submit"):
        c.note("submit is required with input blocks", f"{where}/submit")
    return c.problems


def _check_blocks(c: Checker, of: Json, surface: str, least: int, where: str = "") -> None:
    c.items(of, "blocks", least, MOST_BLOCKS[surface], where, lambda b, at: _check_block(c, b, at))


def _check_block(c: Checker, block: Any, where: str) -> None:
    if not isinstance(block, dict):
        c.note("must be an object", where)
        return
    kind = block.get("type")
    rule, surfaces = RULES.get(str(kind), (None, frozenset()))
    if rule is None or c.surface not in surfaces:
        c.note(f"unsupported type: {kind}", f"{where}/type")
        return
    c.unique_id(block, "block_id", where)
    c.action_ids = set()
    if kind in MOST_OF:
        c.add(f"{kind} blocks", 1, MOST_OF[kind], f"only {MOST_OF[kind]} {kind} allowed", where)
    rule(c, block, where)
    if kind == "container":
        c.items(block, "child_blocks", 1, 10, where, lambda b, at: _check_child(c, b, at))


def _check_child(c: Checker, block: Any, where: str) -> None:
    if isinstance(block, dict) and block.get("type") == "container":
        c.note("containers cannot be nested", where)
    else:
        _check_block(c, block, where)


def name_blocks(blocks: list[Json]) -> list[Json]:
    """A copy with a block_id and action_id wherever there was none."""
    named = deepcopy(blocks)
    for block in named:
        _name(block)
    for placed in walk(named):
        placed.element.setdefault("action_id", secrets.token_urlsafe(4))
    return named


def _name(block: Json) -> None:
    block.setdefault("block_id", secrets.token_urlsafe(4))
    for child in [*(block.get("child_blocks") or ()), *(block.get("elements") or ())]:
        if block["type"] in ("container", "carousel"):
            _name(child)
