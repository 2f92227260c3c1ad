"""A sheet to draw on, in points from its upper left corner, and the PNG it becomes. The one module that loads
matplotlib, and only when the first picture is drawn: it is an extra (`charts`), and everything is complete without it.

It knows no key result. What people wrote is drawn letter for letter: never as a formula, never as markup.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font
    from matplotlib.typing import ColorType

HOW_TO_GET = "Pictures come with the extra charts: pip install -e '.[charts]'"
DOTS_AN_INCH = 200
POINTS_AN_INCH = 72
MOST_PIXELS = 16_000_000  # of the whole sheet; a larger one is drawn coarser
SIZE = 10.0
INK, SOFT, RULE, PAPER = "#1d1c1d", "#5b5b60", "#d5d5d9", "#ffffff"
BLUE, ORANGE, GREY = "#1f5f99", "#c45a00", "#77777c"
_FACE = "DejaVu Sans"  # comes with matplotlib, and has the shapes of the statuses

Align = Literal["left", "center", "right"]
Point = tuple[float, float]


@dataclass(frozen=True)
class Picture:
    """A picture: a name for a file, what it shows in a line, the same facts in words (`alt`), PNG, width in pixels of
    a screen at its usual size.
    """

    name: str
    title: str
    alt: str
    png: bytes
    width: int


def available() -> bool:
    """Whether pictures can be drawn here; loads nothing."""
    return find_spec("matplotlib") is not None


class Canvas:
    """A white sheet of `width` by `height` points."""

    def __init__(self, width: float, height: float) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        inches = (width / POINTS_AN_INCH, height / POINTS_AN_INCH)
        finest = (MOST_PIXELS / (inches[0] * inches[1])) ** 0.5
        self._figure = Figure(figsize=inches, dpi=min(DOTS_AN_INCH, finest), facecolor=PAPER)
        FigureCanvasAgg(self._figure)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)
        self.width, self.height = width, height

    def text(
        self,
        at: Point,
        words: str,
        *,
        size: float = SIZE,
        bold: bool = False,
        colour: "ColorType" = INK,
        align: Align = "left",
    ) -> None:
        """Words on one line, their middle at the height of `at`."""
        self._axes.text(
            *at,
            words,
            fontsize=size,
            fontweight="bold" if bold else "normal",
            fontfamily=_FACE,
            color=colour,
            horizontalalignment=align,
            verticalalignment="center_baseline",
            parse_math=False,
        )

    def line(self, points: Sequence[Point], *, colour: str = RULE, width: float = 1, dashed: bool = False) -> None:
        """A line through points."""
        xs, ys = zip(*points, strict=True)
        style = (0, (4, 3)) if dashed else "solid"
        self._axes.plot(xs, ys, color=colour, linewidth=width, linestyle=style, solid_capstyle="round")

    def mark(self, at: Point, shape: Literal["o", "s", "D"], colour: str, size: float = 5) -> None:
        """A circle, a square or a diamond."""
        self._axes.plot(*([one] for one in at), marker=shape, color=colour, markersize=size, markeredgecolor=PAPER)

    def box(
        self, at: Point, width: float, height: float, *, fill: str, edge: str | None = None, hatched: bool = False
    ) -> None:
        """A rectangle from its upper left corner; `hatched` in its edge's colour."""
        from matplotlib.patches import Rectangle

        self._axes.add_patch(
            Rectangle(
                at, width, height, facecolor=fill, edgecolor=edge or fill, linewidth=0.8, hatch="///" if hatched else ""
            )
        )

    def png(self) -> bytes:
        """The sheet. The same drawing gives the same bytes."""
        out = BytesIO()
        self._figure.savefig(out, format="png", metadata={"Software": None})
        return out.getvalue()


def pixels(points: float) -> int:
    """So many pixels of a screen (96 an inch) take so many points."""
    return round(points * 96 / POINTS_AN_INCH)


def readable(words: str, instead: str = "") -> str:
    """The words on one line; `instead` where the face lacks most of their letters, "·" for a single one it lacks."""
    line = " ".join(words.split())
    font = _font(False)
    lacking = [letter for letter in line if not letter.isspace() and not font.get_char_index(ord(letter))]
    if len(lacking) * 2 > len(line.replace(" ", "")):
        return instead
    return "".join("·" if letter in lacking else letter for letter in line)


def wide(words: str, *, size: float = SIZE, bold: bool = False) -> float:
    """How wide words are, in points."""
    font = _font(bold)
    font.set_size(size, POINTS_AN_INCH)
    font.set_text(words, 0.0)
    return float(font.get_width_height()[0]) / 64


def fitting(words: str, room: float, *, size: float = SIZE, bold: bool = False) -> str:
    """The words, shortened at a word with "…" to a width in points."""
    if wide(words, size=size, bold=bold) <= room:
        return words
    parts = words.split()
    while len(parts) > 1:
        parts.pop()
        if wide(shorter := " ".join(parts).rstrip(",;:–- ") + "…", size=size, bold=bold) <= room:
            return shorter
    only = parts[0] if parts else ""
    while only and wide(f"{only}…", size=size, bold=bold) > room:
        only = only[:-1]
    return f"{only}…"


def in_lines(words: str, room: float, most: int, *, size: float = SIZE, bold: bool = False) -> list[str]:
    """The words broken at spaces into at most so many lines of a width in points; the last one is shortened."""
    lines: list[str] = []
    rest = words.split()
    while rest and len(lines) < most - 1:
        taken = 1
        while taken < len(rest) and wide(" ".join(rest[: taken + 1]), size=size, bold=bold) <= room:
            taken += 1
        lines.append(fitting(" ".join(rest[:taken]), room, size=size, bold=bold))
        rest = rest[taken:]
    return [*lines, fitting(" ".join(rest), room, size=size, bold=bold)] if rest else lines


@cache
def _font(bold: bool) -> "FT2Font":
    from matplotlib import font_manager

    properties = font_manager.FontProperties(family=_FACE, weight="bold" if bold else "normal")
    return font_manager.get_font(font_manager.findfont(properties))
