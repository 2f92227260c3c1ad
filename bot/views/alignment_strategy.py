"""`/okr align strategy`: objectives of longer cycles over those of shorter ones, each by its own dates.

Data in, blocks out; order, status and shares come with the data.
"""

from bot.views.blocks import Message, context, message, section
from bot.views.lines import SHAPES, WORDS
from bot.views.text import count, inline, listed, percent, said
from rituals.alignment.strategy import StrategyLine, StrategyPage

LINES = 24
A_SECTION = 6  # lines of two rows; a section takes 3,000 characters
STEP = "\u2003"  # a wide space a level: ordinary ones at the start of a line are lost
TITLE = 50


def strategy_page(page: StrategyPage) -> Message:
    """The tree from the longest cycles down; what nothing moves, and what moves nothing, below it."""
    cycles = f" · {listed([inline(cycle) for cycle in page.cycles], 4)}" if page.cycles else ""
    blocks = [section(f"*Strategy* · {inline(page.unit)}{cycles}")]
    if not page.lines:
        one = f"All objectives run in {inline(page.cycles[0])}" if page.cycles else "There is no objective yet"
        text = f"{one}: nothing longer stands over them. `/okr add objective` in a longer cycle begins it."
        return message(f"Strategy of {inline(page.unit)}: {text}", [*blocks, section(text)])
    shown = page.lines[:LINES]
    for start in range(0, len(shown), A_SECTION):
        blocks.append(section(*(_line(line) for line in shown[start : start + A_SECTION])))
    if len(page.lines) > LINES:
        blocks.append(context(f"and {len(page.lines) - LINES} more; narrow it by a unit: `/okr align strategy crm`"))
    blocks += [section(*gaps)] if (gaps := _gaps(page)) else []
    return message(f"Strategy of {inline(page.unit)}: {count(len(page.lines), 'objective')}, longest first.", blocks)


def _line(line: StrategyLine) -> str:
    indent = f"{STEP * min(line.depth, 6)}↳ " if line.depth else ""
    name = f"*{inline(line.key, 30)}* {inline(line.title, TITLE)}"
    shape = SHAPES[line.status] if line.expected is not None else "–"
    head = f"{indent}{shape} {name} · {inline(line.unit, 40)}, {inline(line.cycle, 20)}"
    told = f"{_share(line)}{_earlier(line)}"
    how = f": {said(line.how, 110)}" if line.how else ""
    return f"{head}\n{STEP * (min(line.depth, 6) + 1)}{told}{how}"


def _share(line: StrategyLine) -> str:
    if line.expected is None:
        return "no key result of its own"
    done = "no value yet" if line.progress is None else percent(line.progress)
    return f"{WORDS[line.status]}, {done} (expected {percent(line.expected)})"


def _earlier(line: StrategyLine) -> str:
    return f", moved by {line.before} in cycles before" if line.before else ""


def _gaps(page: StrategyPage) -> list[str]:
    found = []
    if page.unmoved:
        names = listed([inline(name, 60) for name in page.unmoved], 4, between="; ")
        found.append(f"*Nothing shorter moves*  {names}")
    if page.loose:
        found.append(f"*Moving nothing longer*  {page.loose} of {count(page.shorter, 'shorter objective')}")
    return found
