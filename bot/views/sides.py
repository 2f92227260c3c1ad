"""How an owner of a shared key result sees it, in one line: `• CRM (reports)  30 days, confidence 7, 2 Nov: pilot`.

Data in, mrkdwn out.
"""

from bot.views.text import amount, day_of, inline, said
from rituals.notices.cards import Standpoint

ASKED = "asked to own it, has not agreed yet"


def side_line(one: Standpoint) -> str:
    """What it says, marked where it differs; then what of its own supports it, or that nothing does."""
    return f"{_name(one)}  {ASKED if one.asked else f'{_seen(one)}{_support(one)}'}"


def brief_sides(sides: tuple[Standpoint, ...], most: int) -> list[str]:
    """The same in a list of many key results: of those who said something or were asked, without their support."""
    told = [one for one in sides if one.asked or one.at is not None][:most]
    return [f"{_name(one)}  {ASKED if one.asked else _seen(one, note=60)}" for one in told]


def _name(one: Standpoint) -> str:
    return f"• *{inline(one.unit, 40)}*{' (reports)' if one.reports and not one.asked else ''}"


def _seen(one: Standpoint, note: int = 100) -> str:
    if one.at is None:
        return "no word yet"
    value = amount(one.value) if one.value else ""
    confidence = f"confidence {one.confidence}" if one.confidence is not None else ""
    blocked = "blocked by another" if one.blocked else ""
    parts = [part for part in (value, confidence, blocked, day_of(one.at)) if part]
    apart = ", *differs*" if one.apart else ""
    return f"{', '.join(parts)}{apart}{f': {said(one.note, note)}' if one.note else ''}"


def _support(one: Standpoint) -> str:
    if one.at_home:
        return ""
    return f" · does {inline(one.support, 60)} for it" if one.support else " · nothing of its own for it yet"
