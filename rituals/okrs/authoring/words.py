"""The words around a form: what the typed name means, what changed, what a proposal says. Pure."""

from collections.abc import Mapping
from typing import Any

from rituals.errors import Refusal
from rituals.okrs.authoring.cards import What
from rituals.okrs.naming import Named, find
from rituals.okrs.state import PortfolioState

_CALLED = {
    "measured_in": "measured in",
    "contributes_to": "contribution",
    "leadership_channel": "leadership channel",
    "high": "upper bound",
    "low": "lower bound",
    "ends": "end",
    "starts": "start day",
    "due": "due day",
}
LONGEST = 80


def named(state: PortfolioState, text: str) -> tuple[What, str]:
    """The key result, objective or unit that is meant. Raises Refusal, with choices where several could be."""
    kinds: dict[What, list[Named]] = {
        "key_result": [Named(kr.key, kr.title) for kr in state.key_results.values()],
        "objective": [Named(o.key, o.title) for o in state.objectives if not state.units[o.unit].hidden],
        "unit": [Named(u.key, u.name) for u in state.named_units.values()],
    }
    if not text.strip():
        raise Refusal("What shall be edited? Type its key or name, such as /okr edit KR-1 or /okr edit Payments.")
    everything = [item for items in kinds.values() for item in items]
    found = find(text, everything, what="key result, objective or unit")
    return next(what for what, items in kinds.items() if any(item is found for item in items)), found.key


def title_of(state: PortfolioState, what: What, key: str) -> str:
    """How a thing is called; "" where it is not seen."""
    if what == "unit":
        return state.units[key].name if key in state.units else ""
    found = state.objectives_by_key.get(key) if what == "objective" else state.key_results.get(key)
    return found.title if found else ""


def change_words(state: PortfolioState, was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """Each changed field: `target 20 → 15`, `owners CRM, Analytics → CRM`."""
    names = {**state.unit_names, **{person.key: person.name for person in state.people.values()}}
    return tuple(
        f"{_CALLED.get(field, field)} {_worded(was.get(field), names)} → {_worded(value, names)}"
        for field, value in now.items()
    )


def proposal_words(key: str, changes: tuple[str, ...], reason: str) -> str:
    """What stands in the register: `KR-1: target 20 → 15. The pilot is live.`"""
    return f"{key}: {', '.join(changes)}. {reason}"


def _worded(value: Any, names: Mapping[str, str]) -> str:
    if value is None or value in ("", [], ()):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_worded(item, names) for item in value)
    if isinstance(value, dict):
        told = value.get("title") or value.get("objective") or value.get("day")
        return str(told) if told else ", ".join(str(part) for part in value.values())
    return names.get(str(value), str(value))[:LONGEST]
