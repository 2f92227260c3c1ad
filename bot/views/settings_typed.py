"""What stands in a settings form, from the view as Slack hands it back: entered values, and what was kept of the fields
that are not shown now. Decides nothing.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.views import ids
from rituals.settings.cards import Typed

_TEXTS = ("value", "selected_time", "selected_date", "selected_conversation", "selected_user")


def typed_of(view: Mapping[str, Any]) -> Typed:
    """The form's fields by name; those on the screen as they stand there, empty ones too."""
    kept = json.loads(str(ids.unpack(view.get("private_metadata") or "{}").get("kept") or "{}"))
    texts: dict[str, str] = dict(kept.get("texts") or {})
    lists = {field: tuple(chosen) for field, chosen in (kept.get("lists") or {}).items()}
    for field, state in _states(view):
        if "selected_options" in state:
            lists[field] = tuple(str(one["value"]) for one in state["selected_options"] or ())
        elif "selected_users" in state:
            lists[field] = tuple(state["selected_users"] or ())
        else:
            texts[field] = _text(state)
    return Typed(texts=texts, lists=lists)


def _states(view: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for block_id, elements in (view.get("state") or {}).get("values", {}).items():
        name, field = ids.split(block_id)
        if name == ids.SETTING:
            yield from ((field, state) for state in elements.values())


def _text(state: Mapping[str, Any]) -> str:
    option = state.get("selected_option") or {}
    found = (state.get(name) for name in _TEXTS)
    return str(next((one for one in found if one), None) or option.get("value") or "").strip()
