"""Finding things on a person's screen the strict way: what is not there, or there twice, is an AssertionError.

Also turns plain values ("30", "Bo Chen", date) into the state an element keeps, refusing what a client would refuse.
"""

from collections.abc import Callable
from typing import Any

from sandbox.elements import INITIAL_KEYS, LISTS, VALUE_KEYS, Placed, options_of, walk
from sandbox.records import Json, Message, View
from sandbox.render import plain, render_text
from sandbox.site import Site
from sandbox.submissions import text_problem

Suggest = Callable[[Placed, str], list[Json]]


def show(where: Message | View) -> str:
    """What is on the screen, for error messages."""
    title = where.heading if isinstance(where, View) else ""
    ids = ", ".join(f"{p.kind} {p.label!r} ({p.block_id}/{p.action_id})" for p in walk(where.blocks))
    body = render_text(where.blocks) or (where.text if isinstance(where, Message) else "")
    return f"{title}\n{body}\n(elements: {ids or 'none'})"


def find(
    where: Message | View,
    *,
    action_id: str | None = None,
    label: str | None = None,
    block_id: str | None = None,
    value: str | None = None,
) -> Placed:
    """The one element that fits everything that is given."""
    fits = [
        p
        for p in walk(where.blocks)
        if (action_id is None or p.action_id == action_id)
        and (block_id is None or p.block_id == block_id)
        and (label is None or _called(p, label))
        and (value is None or str(p.element.get("value")) == value)
    ]
    wanted = {k: v for k, v in vars_of(action_id, label, block_id, value).items() if v is not None}
    if not fits:
        raise AssertionError(f"nothing on the screen fits {wanted}. It shows:\n{show(where)}")
    if len(fits) > 1:
        raise AssertionError(f"{len(fits)} things on the screen fit {wanted}; say which. It shows:\n{show(where)}")
    return fits[0]


def vars_of(action_id: str | None, label: str | None, block_id: str | None, value: str | None) -> Json:
    return {"action_id": action_id, "label": label, "block_id": block_id, "value": value}


def _called(placed: Placed, label: str) -> bool:
    if placed.kind == "feedback_buttons":
        return label in [placed.element[k]["text"]["text"] for k in ("positive_button", "negative_button")]
    return placed.label == label


def find_input(where: Message | View, name: str) -> Placed:
    """The input or select called `name`: a block_id, else a label, else an action_id."""
    stateful = [p for p in walk(where.blocks) if p.kind in VALUE_KEYS]
    for fits in (
        [p for p in stateful if p.block_id == name],
        [p for p in stateful if p.label == name],
        [p for p in stateful if p.action_id == name],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            raise AssertionError(f"{len(fits)} inputs are called {name!r}. It shows:\n{show(where)}")
    raise AssertionError(f"no input is called {name!r}. It shows:\n{show(where)}")


def pick_option(placed: Placed, wanted: str, options: list[Json]) -> Json:
    """The option with this label or value."""
    for option in options:
        if wanted in (plain(option["text"]["text"]), option["text"]["text"], option.get("value")):
            return option
    offered = [o["text"]["text"] for o in options]
    raise AssertionError(f"{placed.label!r} does not offer {wanted!r}, but {offered}")


def state_for(site: Site, placed: Placed, value: Any, suggest: Suggest) -> Json:
    """The state of an element after a person entered `value` (None or "" empties it)."""
    kind, key = placed.kind, VALUE_KEYS[placed.kind]
    if value in (None, "", []):
        return {"type": kind, key: [] if kind in LISTS else None}
    values = list(value) if isinstance(value, list | tuple | set) else [value]
    if kind not in LISTS and len(values) > 1:
        raise AssertionError(f"{placed.label!r} takes one value, not {values}")
    made = [_one(site, placed, v, suggest) for v in values]
    return {"type": kind, key: made if kind in LISTS else made[0]}


def _one(site: Site, placed: Placed, value: Any, suggest: Suggest) -> Any:
    kind, text = placed.kind, str(value)
    if "external_select" in kind:
        return pick_option(placed, text, suggest(placed, text))
    if kind in ("radio_buttons", "checkboxes") or "static_select" in kind:
        return pick_option(placed, text, options_of(placed.element))
    if "users_select" in kind:
        return _known(placed, text, {u.id: u.real_name for u in site.workspace.users.values()})
    if "channels_select" in kind or "conversations_select" in kind:
        return _known(placed, text, {c.id: c.name for c in site.workspace.channels.values()})
    if kind == "datetimepicker":
        return int(value)
    if problem := text_problem(placed.element, text):
        raise AssertionError(f"{placed.label!r} does not take {text!r}: {problem}")
    return text


def _known(placed: Placed, wanted: str, names: dict[str, str]) -> str:
    for ident, name in names.items():
        if wanted.lstrip("@#") in (ident, name):
            return ident
    raise AssertionError(f"{placed.label!r} does not offer {wanted!r}, but {sorted(names.values())}")


def shown_value(state: Json) -> Any:
    """What is in an input now, as a person would say it."""
    value = state.get(VALUE_KEYS[state["type"]])
    if isinstance(value, list):
        return [v["text"]["text"] if isinstance(v, dict) else v for v in value]
    return value["text"]["text"] if isinstance(value, dict) else value


def initial_key(kind: str) -> str:
    """The property that gives an element its first value."""
    return INITIAL_KEYS[VALUE_KEYS[kind]]
