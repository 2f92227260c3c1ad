"""A confirmed conflict, told to the leads of both lines. Data in, blocks out; what a conflict is was decided before."""

from bot.views.blocks import Message, message, section
from bot.views.text import inline, quoted, said
from rituals.notices import ConflictSide, ConflictTold

WHAT = {
    "twice": "measure the same thing twice",
    "opposite": "pull one metric in opposite directions",
}


def told(notice: ConflictTold) -> Message:
    """What it is, both texts, and what to do about it."""
    names = " and ".join(inline(side.unit, 40) for side in notice.sides)
    one = f"one {inline(notice.topic, 60)}" if notice.topic else "the same people or means"
    what = WHAT.get(notice.rule) or f"both count on {one}"
    line = f"{names} {what}. {inline(notice.by, 40)} confirmed it."
    quotes = [text for side in notice.sides for text in _side(side)]
    return message(line, [section(f"*{names}* {what}", *quotes), section(f"{said(notice.advice, 300)} {_by(notice)}")])


def _side(side: ConflictSide) -> list[str]:
    if not side.text:
        return []
    return [f"{inline(side.unit, 40)} · *{inline(side.key, 30)}*", quoted(side.text, 300)]


def _by(notice: ConflictTold) -> str:
    return f"{inline(notice.by, 40)} confirmed it; `/okr align check` has it on top."
