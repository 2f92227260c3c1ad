"""The course of a key result: expected, actual and forecast. A native chart; where there is none a table, then words.

Slack's chart has no dotted line, and each of its series has a value for every day: the forecast is a series of its own
name, which follows the actual one until the last update; the actual one stays from then on where it stands.
"""

from bot.views.blocks import Block, Rung, chart, section, table
from bot.views.text import day
from rituals.notices.cards import ChartPoint, KrCard

ROWS = 12
WORDED = 4


def course_blocks(data: KrCard, rung: Rung) -> list[Block]:
    """The course on this rung; nothing for a single day."""
    known = [point for point in data.chart if _forecast(point) is not None]
    if len(known) < 2:
        return []
    if rung == "native":
        return [_chart(data.line.key, known)]
    return [_table(known)] if rung == "fields" else [section(f"*Course*  {_words(known)}")]


def _chart(key: str, known: list[ChartPoint]) -> Block:
    series = [("Actual so far", _stepped(known))]
    if _all_expected(known):
        series.append(("Expected", [_percent(point.expected) for point in known]))
    if any(point.actual is None for point in known):
        series.append(("Forecast", [_percent(_forecast(point)) for point in known]))
    title = f"{key}: % of the way"
    return chart("line", title, [_label(point) for point in known], series, y_label="% of the way")


def _stepped(known: list[ChartPoint]) -> list[float]:
    """The actual shares; after the last one it stands where it stood."""
    found: list[float] = []
    for point in known:
        found.append(_percent(point.actual) if point.actual is not None else (found[-1] if found else 0.0))
    return found


def _table(known: list[ChartPoint]) -> Block:
    shown = known if len(known) <= ROWS else [known[0], *known[1 - ROWS :]]
    rows = [
        [
            _label(point),
            _cell(point.actual),
            _cell(point.expected),
            _cell(None if point.actual is not None else point.forecast),
        ]
        for point in shown
    ]
    return table(("Day", "Actual", "Expected", "Forecast"), rows)


def _words(known: list[ChartPoint]) -> str:
    """`1 Oct 0 %, 19 Oct 16 % (expected 20 %), by 31 Dec 56 % forecast`: the first and the last few."""
    shown = known if len(known) <= WORDED + 1 else [known[0], *known[-WORDED:]]
    return ", ".join(_worded(point) for point in shown)


def _worded(point: ChartPoint) -> str:
    if point.actual is None:
        return f"{_label(point)} {_cell(point.forecast)} forecast"
    expected = f" (expected {_cell(point.expected)})" if point.expected not in (None, point.actual) else ""
    return f"{_label(point)} {_cell(point.actual)}{expected}"


def _all_expected(known: list[ChartPoint]) -> bool:
    return all(point.expected is not None for point in known)


def _forecast(point: ChartPoint) -> float | None:
    return point.actual if point.actual is not None else point.forecast


def _label(point: ChartPoint) -> str:
    return day(point.day) if point.actual is not None else f"by {day(point.day)}"


def _cell(share: float | None) -> str:
    return "" if share is None else f"{round(share * 100)} %"


def _percent(share: float | None) -> float:
    return round((share or 0.0) * 100, 1)
