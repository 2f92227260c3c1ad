"""The map as a picture: the tree of contributions from left to right, each objective a card with its status in words.

Data in, PNG out: order, depth and status come with the data.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rituals.alignment.page import MapLine, MapPage
from rituals.okrs.model import Status
from rituals.okrs.words import status_words
from rituals.pictures.canvas import INK, PAPER, SOFT, Canvas, Picture, fitting, in_lines, pixels, readable

CARDS, DEPTH = 80, 5
SHAPES: dict[Status, str] = {"on_track": "●", "at_risk": "◐", "off_track": "○", "stale": "◌", "no_data": "◌"}
SHAPES |= {"achieved": "✓"}
_STROKE = "#9a9aa0"
_MARGIN, _HEAD, _CARD, _GAP, _TALL, _BETWEEN = 14.0, 48.0, 200.0, 34.0, 54.0, 10.0


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line of the map in its column and row; `above` is the place of the one it hangs from."""

    line: MapLine
    column: int
    row: int
    above: int | None


def map_picture(page: MapPage) -> Picture | None:
    """The tree of a page, its first CARDS objectives; None where there is none."""
    if not page.lines:
        return None
    placed = _placed(page.lines[:CARDS])
    columns, rows = max(one.column for one in placed) + 1, max(one.row for one in placed) + 1
    left = len(page.lines) - CARDS
    width = 2 * _MARGIN + columns * _CARD + (columns - 1) * _GAP
    canvas = Canvas(width, _HEAD + rows * (_TALL + _BETWEEN) + (24 if left > 0 else 6))
    cycles = f" · {', '.join(page.cycles[:4])}" if page.cycles else ""
    title = fitting(f"Map · {readable(page.unit)}{cycles}", width - 2 * _MARGIN, size=12.5, bold=True)
    canvas.text((_MARGIN, 16), title, size=12.5, bold=True)
    legend = fitting("What moves what: an objective hangs from the one it moves", width - 2 * _MARGIN, size=9)
    canvas.text((_MARGIN, 33), legend, size=9, colour=SOFT)
    for one in placed:
        if one.above is not None:
            _join(canvas, placed[one.above], one)
    for one in placed:
        _card(canvas, one, several=len(page.cycles) > 1)
    if left > 0:
        canvas.text((_MARGIN, canvas.height - 12), f"and {left} more: name a unit to narrow it", size=9, colour=SOFT)
    return Picture("map", f"Map of {page.unit}", _in_words(page), canvas.png(), pixels(width))


def _placed(lines: Sequence[MapLine]) -> list[_Placed]:
    """An objective stands beside the first of those that hang from it, so that a chain takes one row."""
    placed: list[_Placed] = []
    last: dict[int, int] = {}
    row = -1
    for place, line in enumerate(lines):
        column = min(line.depth, DEPTH)
        above = last.get(column - 1) if column else None
        first = above is not None and above == place - 1
        row += 0 if first else 1
        placed.append(_Placed(line, column, row, above))
        last[column] = place
    return placed


def _corner(one: _Placed) -> tuple[float, float]:
    return _MARGIN + one.column * (_CARD + _GAP), _HEAD + one.row * (_TALL + _BETWEEN)


def _join(canvas: Canvas, above: _Placed, below: _Placed) -> None:
    (left, top), (right, bottom) = _corner(above), _corner(below)
    start, end, bend = left + _CARD, right, right - _GAP / 2
    high, low = top + _TALL / 2, bottom + _TALL / 2
    canvas.line([(start, high), (bend, high), (bend, low), (end, low)], colour=_STROKE, width=1.1)


def _card(canvas: Canvas, one: _Placed, *, several: bool) -> None:
    (x, y), line = _corner(one), one.line
    canvas.box((x, y), _CARD, _TALL, fill=PAPER, edge=_STROKE)
    room = _CARD - 14
    head = f"{_status(line)} · {readable(line.unit, 'a unit')}"
    canvas.text((x + 7, y + 10), fitting(head, room, size=8.5), size=8.5, colour=SOFT)
    words = f"{line.key} {readable(line.title)}" + (f" ({line.cycle})" if several else "")
    for number, part in enumerate(in_lines(words, room, 2, size=9.5, bold=True)):
        canvas.text((x + 7, y + 26 + number * 14), part, size=9.5, bold=True, colour=INK)


def _status(line: MapLine) -> str:
    own = f"{SHAPES.get(line.status, '–')} {status_words[line.status]}" if line.key_results else "– no key result"
    return f"{own}, below {status_words[line.below]}" if line.below else own


def _in_words(page: MapPage) -> str:
    """The same for who cannot see it: how many, how deep, and how they stand."""
    counted = Counter(status_words[line.status] for line in page.lines if line.key_results)
    statuses = ", ".join(f"{number} {words}" for words, number in counted.most_common())
    roots = sum(line.depth == 0 for line in page.lines)
    return f"Map of {page.unit}: {len(page.lines)} objectives under {roots} at the top; {statuses or 'no key results'}."
