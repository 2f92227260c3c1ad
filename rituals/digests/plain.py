"""A digest as plain text for a terminal or a mail's text part: the same facts in the same order as in Slack.

Pure, without any markup. Statuses are words beside their shapes, so that nothing rests on a glyph a terminal may lack.
"""

import re
from textwrap import wrap

from rituals.digests.parts import Line, nothing_falls, quotation, sections, standing, state, title, worded
from rituals.notices import Digest, FallingBehind

WIDTH = 96
_STEP = "  "
_ORDERS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")  # what a terminal obeys instead of showing


def plain_text(notice: Digest) -> str:
    """The whole digest, wrapped at 96 columns, ending in a line break."""
    head = title(notice)
    blocks = [f"{wrapped(head)}\n{'=' * min(len(head), WIDTH)}", wrapped(notice.headline), _falling(notice)]
    blocks += [_section(part.title, [_line(line) for line in part.lines]) for part in sections(notice)]
    return "\n\n".join([*blocks, wrapped(worded(notice))]) + "\n"


def wrapped(text: str, first: str = "", rest: str = "") -> str:
    """The text in lines of at most 96 columns, without what steers a terminal; a number keeps its per cent sign."""
    whole = _ORDERS.sub(" ", text).replace(" %", "\u00a0%")
    lines = wrap(whole, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
    return "\n".join(lines).replace("\u00a0%", " %")


def _falling(notice: Digest) -> str:
    if not notice.falling:
        return f"FALLING BEHIND\n{_STEP}{nothing_falls(notice)}"
    return "\n".join([f"FALLING BEHIND ({len(notice.falling)})", *(_behind(one) for one in notice.falling)])


def _behind(one: FallingBehind) -> str:
    """What it is and where it stands in the first line, why and who in the second, what was said in the third."""
    inner = 2 * _STEP
    name = wrapped(f"{state(one.line)}  {one.line.key} {one.line.title}: {standing(one)}", _STEP, inner)
    why = wrapped(f"{'; '.join(one.why)} · {', '.join(one.line.owners)}", inner, inner)
    said = wrapped(quotation(one), inner, inner)
    return "\n".join(part for part in (name, why, said) if part)


def _line(line: Line) -> str:
    return f"{line.text} {''.join(name for name, _ in line.sources)}".rstrip()


def _section(name: str, lines: list[str]) -> str:
    return "\n".join([name.upper(), *(wrapped(line, f"{_STEP}- ", 2 * _STEP) for line in lines)])
