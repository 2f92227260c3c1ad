"""The register of blockers (`/okr blockers`): what is open, who waits for whom, each with its way out."""

from collections.abc import Sequence

from bot.views import ids
from bot.views.blocks import Message, button, context, message, section
from bot.views.lines import blocker_line
from bot.views.text import count, inline, said
from rituals.notices import BlockerLine

SHOWN = 12


def register(lines: Sequence[BlockerLine], unit: str | None = None) -> Message:
    """Open blockers in the order given, a Resolve button each."""
    of = f" of {inline(unit)}" if unit else ""
    if not lines:
        none = f"No open blockers{of}."
        return message(none, [section(none)])
    title = f"{count(len(lines), 'open blocker')}{of}"
    blocks = [section(f"*{title}*")]
    for line in lines[:SHOWN]:
        resolve = button("Resolve", ids.of(ids.BLOCKER_RESOLVE, line.number), str(line.number))
        blocks.append(section(blocker_line(line), accessory=resolve))
    if len(lines) > SHOWN:
        blocks.append(context(f"and {len(lines) - SHOWN} more; resolve one by its number: `/okr blockers resolve 12`"))
    return message(f"{title}; the first: {said(lines[0].text, 200)}.", blocks)


def resolved(line: BlockerLine) -> Message:
    """What is said after one was resolved."""
    age = f"open for {count(line.days, 'day')}" if line.days else "opened today"
    text = f"Resolved B-{line.number}: {said(line.text, 200)}, {age}."
    return message(text, [section(text)])
