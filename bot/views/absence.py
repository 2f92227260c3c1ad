"""A person's absence as they are told of it: until when, who is asked instead, what to do next. Decides nothing."""

from bot.views import ids
from bot.views.blocks import Message, actions, button, context, message, section
from bot.views.text import day, inline, listed
from rituals.absence.service import Absence

EXAMPLE = "`/okr away until 30 Nov delegate @kim`"


def absence(found: Absence) -> Message:
    """What stands after a command, or by itself."""
    if found.ended:
        line = "You are back: check-ins ask you again. `/okr checkin` opens what waits."
        return message(line, [section(line)])
    if found.first is None:
        line = f"You are not away. {EXAMPLE} tells until when, and who is asked instead."
        return message(line, [section(line)])
    lines = [_until(found), _instead(found)]
    if found.stands_in_for:
        names = listed([inline(name, 40) for name in found.stands_in_for], 5)
        lines.append(f"You answer for {names} meanwhile; tell them that you are away too.")
    blocks = [section(*lines), actions(button("I am back", ids.AWAY_OFF)), context(_small(found))]
    return message(f"{lines[0]} {lines[1]}", blocks)


def _until(found: Absence) -> str:
    told = " by your Slack status" if found.by_status else ""
    if found.until is None or found.back_on is None:
        return f"You are away{told}, until that changes."
    until, back = (f"{on:%a} {day(on)}" for on in (found.until, found.back_on))
    return f"You are away{told} until {until}; from {back} on you are asked again."


def _instead(found: Absence) -> str:
    units = f" for {listed([inline(unit, 40) for unit in found.units], 5)}" if found.units else ""
    if found.delegate:
        return f"{inline(found.delegate, 40)} is asked instead{units}."
    return f"Nobody is asked instead{units}; nobody reminds you, and the round counts you as away."


def _small(found: Absence) -> str:
    if found.delegate:
        return "`/okr away off` ends it. Until then you can still answer yourself."
    return "`/okr away delegate @kim` names somebody who is asked instead; `/okr away off` ends it."
