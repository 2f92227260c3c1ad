"""One line for how an owner of a shared key result sees it: `CRM  30 days, confidence 7, 2 Nov: pilot live`.

Data in, mrkdwn out.
"""

from bot.views.text import amount, day_of, inline, said
from rituals.notices.cards import Standpoint


def side_line(one: Standpoint) -> str:
    """What it says, with a mark where it differs; then what of its own supports it, or that nothing does."""
    name = f"*{inline(one.unit, 40)}*"
    if one.asked:
        return f"◌ {name}  asked to own it, has not agreed yet"
    mark = "◌" if one.at is None else "○" if one.apart or one.blocked else "●"
    return f"{mark} {name}{' (reports)' if one.reports else ''}  {_seen(one)}{_support(one)}"


def _seen(one: Standpoint) -> str:
    if one.at is None:
        return "no word yet"
    value = amount(one.value) if one.value else ""
    confidence = f"confidence {one.confidence}" if one.confidence is not None else ""
    blocked = "blocked by another" if one.blocked else ""
    parts = [part for part in (value, confidence, blocked, day_of(one.at)) if part]
    apart = ", *differs*" if one.apart else ""
    note = f": {said(one.note, 100)}" if one.note else ""
    return f"{', '.join(parts)}{apart}{note}"


def _support(one: Standpoint) -> str:
    if one.at_home:
        return ""
    return f" · by {inline(one.support, 60)}" if one.support else " · nothing of its own for it yet"
