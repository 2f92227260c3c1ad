"""The coverage matrix as a picture: product lines down, portfolio objectives across, each cell a shape and a word.

Data in, PNG out: cells and gaps come with the data. Gaps are words and a hatched ground, not colour alone.
"""

from collections import Counter

from rituals.alignment.coverage import Cell
from rituals.alignment.page import AlignmentPage, LineRow, TopObjective
from rituals.pictures.canvas import INK, PAPER, RULE, SOFT, Canvas, Picture, fitting, in_lines, pixels, readable, wide

WORDS: dict[Cell, str] = {
    "none": "– none",
    "stated": "◌ stated",
    "has_kr": "◐ has a KR",
    "moving": "● moving",
    "stalled": "○ stalled",
}
COLUMNS, ROWS = 10, 60
_GROUND: dict[Cell, str] = {
    "none": PAPER,
    "stated": "#f3f3f5",
    "has_kr": "#e3edf6",
    "moving": "#cfe3f5",
    "stalled": "#fbe9d8",
}
_GAP = "#a34700"
_MARGIN, _HEAD, _TITLES, _ROW, _CELL = 14.0, 48.0, 62.0, 24.0, 98.0
_NAMES = (110.0, 240.0)


def matrix_picture(page: AlignmentPage) -> Picture | None:
    """The matrix of a page; None where it has no objective or no line. The first ROWS lines, those with gaps first."""
    columns, rows = page.columns[:COLUMNS], page.rows[:ROWS]
    if not columns or not rows:
        return None
    names = min(max(_NAMES[0], *(_needed(row, place) for place, row in enumerate(rows))), _NAMES[1])
    width = 2 * _MARGIN + names + _CELL * len(columns)
    left_out = _left_out(page)
    canvas = Canvas(width, _HEAD + _TITLES + _ROW * len(rows) + 30 + (16 if left_out else 0))
    title = fitting(f"Coverage · {readable(page.unit)}", width - 2 * _MARGIN, size=12.5, bold=True)
    canvas.text((_MARGIN, 16), title, size=12.5, bold=True)
    canvas.text((_MARGIN, 33), "What each product line does for the portfolio's objectives", size=9, colour=SOFT)
    _columns(canvas, columns, names)
    for place, row in enumerate(rows):
        _row(canvas, row, place, names)
    below = _HEAD + _TITLES + _ROW * len(rows) + 16
    canvas.text((_MARGIN, below), fitting("   ".join(WORDS.values()), width - 28, size=9), size=9, colour=SOFT)
    if left_out:
        canvas.text((_MARGIN, below + 16), left_out, size=9, colour=SOFT)
    return Picture("coverage", f"Coverage of {page.unit}", _in_words(page), canvas.png(), pixels(width))


def _name(row: LineRow, place: int) -> str:
    return readable(row.name, f"line {place + 1}")


def _needed(row: LineRow, place: int) -> float:
    return wide(_name(row, place), bold=True) + (wide(f"! {row.gap}", size=8.5) + 10 if row.gap else 0) + 16


def _columns(canvas: Canvas, columns: tuple[TopObjective, ...], names: float) -> None:
    for place, top in enumerate(columns):
        x = _MARGIN + names + place * _CELL
        canvas.text((x + 4, _HEAD + 8), fitting(top.key, _CELL - 8, bold=True), bold=True)
        lines = in_lines(readable(top.title), _CELL - 8, 2 if top.gap else 3, size=8.5)
        for number, line in enumerate(lines):
            canvas.text((x + 4, _HEAD + 22 + number * 12), line, size=8.5, colour=SOFT)
        if top.gap:
            canvas.text((x + 4, _HEAD + 48), fitting(f"! {top.gap}", _CELL - 6, size=8.5), size=8.5, colour=_GAP)


def _row(canvas: Canvas, row: LineRow, place: int, names: float) -> None:
    top = _HEAD + _TITLES + place * _ROW
    middle = top + _ROW / 2
    canvas.line([(_MARGIN, top), (canvas.width - _MARGIN, top)], width=0.6)
    gap = f"! {row.gap}" if row.gap else ""
    room = names - (wide(gap, size=8.5) + 14 if gap else 8)
    name = fitting(_name(row, place), room, bold=True)
    canvas.text((_MARGIN, middle), name, bold=True)
    if gap:
        canvas.text((_MARGIN + names - 8, middle), gap, size=8.5, colour=_GAP, align="right")
    for column, cell in enumerate(row.cells[:COLUMNS]):
        x = _MARGIN + names + column * _CELL
        canvas.box((x + 1, top + 2), _CELL - 3, _ROW - 4, fill=_GROUND[cell], edge=RULE, hatched=cell == "stalled")
        ink = SOFT if cell == "none" else INK
        if cell == "stalled":
            canvas.box((x + 4, top + 5), wide(WORDS[cell]) + 6, _ROW - 10, fill=_GROUND[cell])
        canvas.text((x + 7, middle), WORDS[cell], colour=ink)


def _left_out(page: AlignmentPage) -> str:
    rows, columns = len(page.rows) - ROWS, len(page.columns) - COLUMNS
    parts = [f"{rows} more product lines" if rows > 0 else "", f"{columns} more objectives" if columns > 0 else ""]
    told = [part for part in parts if part]
    return f"and {' and '.join(told)}: /okr align names a unit to narrow it" if told else ""


def _in_words(page: AlignmentPage) -> str:
    """The same for who cannot see it: how many cells of each kind, then the gaps."""
    counted = Counter(cell for row in page.rows for cell in row.cells)
    cells = ", ".join(f"{counted[cell]} {words[2:]}" for cell, words in WORDS.items() if counted[cell])
    gaps = [f"{top.key} {top.gap}" for top in page.columns if top.gap]
    gaps += [f"{row.name} {row.gap}" for row in page.rows if row.gap]
    size = f"{len(page.columns)} portfolio objectives by {len(page.rows)} product lines"
    return f"Coverage of {page.unit}, {size}: {cells}. Gaps: {'; '.join(gaps) or 'none'}."
