"""The whole lists behind a digest, one message each in its thread. Decides nothing."""

import re
from itertools import accumulate

from bot.views.blocks import Message, context, message, section
from bot.views.fitting import MESSAGE_TEXT
from bot.views.text import count, inline, said
from rituals.notices import DigestDetails

MOST = 40  # sections of a list in the thread
ASIDE = 500  # characters of a message for its title and the last line
LONG = 120  # characters from which lines of a list stand apart
REST = {
    "Decisions needed": "/okr adjust",
    "Blockers open": "/okr blockers",
    "Blockers resolved": "/okr blockers",
    "Others wait for you": "/okr blockers",
    "Who is asked": "/okr blockers",
    "Falling behind": "/okr list behind",
}
_KEY = re.compile(r"^([A-Z]{1,5}-\d{1,6})(?= )")


def details(notice: DigestDetails) -> Message:
    """A whole list behind the digest, in its thread: as many sections as it takes, at most 40."""
    title = f"*{inline(notice.title, 120)}*  {len(notice.lines)}"
    lines = _that_fit([_KEY.sub(r"*\1*", said(line, 400)) for line in notice.lines], MESSAGE_TEXT - ASIDE)
    size = 1 if len(lines) <= MOST and max(map(len, lines), default=0) > LONG else 6
    chunks = [lines[start : start + size] for start in range(0, len(lines), size)]
    blocks = [section(title), *(section(*chunk) for chunk in chunks[:MOST])]
    if left := len(notice.lines) - min(len(lines), MOST * size):
        blocks.append(context(f"and {left} more: `{REST.get(notice.title, '/okr list')}`"))
    return message(f"More to the digest, {inline(notice.title, 120)}: {count(len(lines), 'line')}.", blocks)


def _that_fit(lines: list[str], characters: int) -> list[str]:
    """As many from the beginning as one message takes."""
    ends = accumulate(len(line) + 1 for line in lines)
    return [line for line, end in zip(lines, ends, strict=True) if end <= characters]
