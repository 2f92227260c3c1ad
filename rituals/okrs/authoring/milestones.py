"""Milestones as lines of a form: `Pilot live | 2 | 2026-11-30 | done 2026-11-28`. Pure; reads and writes such lines."""

import re
from typing import Any

from rituals.errors import Refusal
from rituals.okrs.numbers import read_amount, write_number
from rituals.okrs.portfolio.schema import MilestoneEntry

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DONE = re.compile(r"(done|yes|true)(?: +(\d{4}-\d{2}-\d{2}))?", re.IGNORECASE)


def written(milestones: tuple[MilestoneEntry, ...]) -> str:
    """The lines of some milestones; what `read` makes the same of again."""
    return "\n".join(_line(one) for one in milestones)


def read(text: str) -> list[dict[str, Any]]:
    """The milestones of a form's lines as values for their entries. Raises Refusal with the line that is unclear."""
    return [_milestone(line) for line in text.splitlines() if line.strip()]


def _line(one: MilestoneEntry) -> str:
    parts = [one.title.replace("|", "/")]
    parts += [write_number(one.weight)] if one.weight != 1 else []
    parts += [one.due.isoformat()] if one.due else []
    if one.done:
        parts.append("done" if one.done is True else f"done {one.done.isoformat()}")
    return " | ".join(parts)


def _milestone(line: str) -> dict[str, Any]:
    title, *rest = (part.strip() for part in line.split("|"))
    found: dict[str, Any] = {"title": title}
    for part in filter(None, rest):
        name, value = _read(part, line)
        if name in found:
            raise Refusal(f'"{line.strip()}" has two of the same; write: title | weight | day due | done')
        found[name] = value
    return found


def _read(part: str, line: str) -> tuple[str, Any]:
    if _DAY.fullmatch(part):
        return "due", part
    if done := _DONE.fullmatch(part):
        return "done", done[2] or True
    try:
        return "weight", read_amount(part).value
    except Refusal:
        raise Refusal(
            f'I read "{part}" in "{line.strip()}". Write: title | weight | day due like 2026-11-30 | done'
        ) from None
