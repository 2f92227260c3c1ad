"""`/okr align map` and `/okr align sharing`: the tree of contributions, and who shares what with whom.

Data in, blocks out; order and status come with the data.
"""

from bot.views.alignment import NO_PICTURES, as_picture
from bot.views.blocks import Message, actions, context, message, section
from bot.views.lines import SHAPES, WORDS
from bot.views.text import count, inline, listed, some
from rituals.alignment.page import MapLine, MapPage, SharedPair, SharingPage

LINES = 40
A_SECTION = 10  # lines; a section takes 3,000 characters
STEP = "\u2003"  # a wide space a level: ordinary ones at the start of a line are lost
TITLE = 50
PAIRS = 20


def map_page(page: MapPage, *, pictures: bool = True) -> Message:
    """The tree from the top, each objective with its status and, where it is worse, that of what is below.

    `pictures`: it can be drawn.
    """
    cycles = f" · {listed([inline(cycle) for cycle in page.cycles], 4)}" if page.cycles else ""
    blocks = [section(f"*Map* · {inline(page.unit)}{cycles}")]
    shown = page.lines[:LINES]
    for start in range(0, len(shown), A_SECTION):
        blocks.append(section(*(_line(line, page) for line in shown[start : start + A_SECTION])))
    if not shown:
        blocks.append(section("There is no objective in the running cycles yet."))
    if len(page.lines) > LINES:
        left = len(page.lines) - LINES
        blocks.append(context(f"and {left} more; narrow it by a unit: `/okr align map crm`"))
    if shown:
        blocks.append(actions(as_picture("map", page.unit_key)) if pictures else context(NO_PICTURES))
    return message(f"{inline(page.unit)}: {count(len(page.lines), 'objective')} from the top down.", blocks)


def _line(line: MapLine, page: MapPage) -> str:
    indent = f"{STEP * min(line.depth, 6)}↳ " if line.depth else ""
    cycle = f", {inline(line.cycle)}" if len(page.cycles) > 1 else ""
    bare = "" if line.key_results else ", no key result"
    name = f"*{inline(line.key, 30)}* {inline(line.title, TITLE)}"
    return f"{indent}{_status(line)} {name} · {inline(line.unit, 40)}{cycle}{bare}"


def _status(line: MapLine) -> str:
    below = f" (below it: {WORDS[line.below]})" if line.below else ""
    if not line.key_results:
        return f"–{below}"
    return f"{SHAPES[line.status]} {WORDS[line.status]}{below}"


def sharing_page(page: SharingPage) -> Message:
    """Who shares what with whom; those with most in trouble first."""
    blocks = [section(f"*Sharing* · {inline(page.unit)}  {count(len(page.pairs), 'pair')} of units")]
    for start in range(0, len(page.pairs[:PAIRS]), A_SECTION):
        blocks.append(section(*(_pair(pair) for pair in page.pairs[start : min(start + A_SECTION, PAIRS)])))
    if len(page.pairs) > PAIRS:
        blocks.append(context(f"and {len(page.pairs) - PAIRS} more"))
    if page.alone:
        blocks.append(section(f"Sharing nothing: {listed([inline(name, 40) for name in page.alone], 10)}"))
    return message(f"{inline(page.unit)}: {count(len(page.pairs), 'pair')} of units share key results.", blocks)


def _pair(pair: SharedPair) -> str:
    told = [f"{SHAPES[one.status]} {inline(one.key, 30)}" for one in pair.key_results]
    behind = f", {pair.behind} behind" if pair.behind else ""
    names = f"*{inline(pair.one, 40)}* and *{inline(pair.other, 40)}*"
    return f"{names}  {len(pair.key_results)} shared{behind}: {', '.join(some(told, 8))}"
