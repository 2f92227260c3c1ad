"""The digest's three pictures: who falls behind, shared against units' own progress with the expected line, and the
connection rate over time. Data in, PNG out; what is drawn was decided before.

Nothing rests on colour: series differ in mark and stroke and have their name at their end, statuses are words.
"""

from collections.abc import Callable, Sequence
from datetime import date

from rituals.digests.courses import Courses
from rituals.digests.phrases import day_words
from rituals.notices import Digest, FallingBehind
from rituals.okrs.beside import beside, leading
from rituals.okrs.model import Status
from rituals.okrs.words import status_words
from rituals.pictures.canvas import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PAPER,
    RULE,
    SOFT,
    Canvas,
    Picture,
    Point,
    fitting,
    pixels,
    readable,
    wide,
)

WIDTH = 372.0
BARS = 10
HEALTHY = 0.8
SHAPES: dict[Status, str] = {"on_track": "●", "at_risk": "◐", "off_track": "○", "stale": "◌", "no_data": "◌"}
_HEAD, _BAR, _PLOT, _MARGIN = 52.0, 44.0, 170.0, 14.0


def digest_pictures(notice: Digest, courses: Courses) -> tuple[Picture, ...]:
    """Those of the three for which there is something to show."""
    drawn = (falling_picture(notice), progress_picture(courses), connection_picture(courses))
    return tuple(picture for picture in drawn if picture is not None)


def falling_picture(notice: Digest) -> Picture | None:
    """A bar for each shared key result that falls behind, worst first, with a mark where it was expected."""
    shown = [one for one in notice.falling if one.line.progress is not None or one.line.expected_progress is not None]
    if not shown:
        return None
    left = len(shown) - BARS
    canvas = Canvas(WIDTH, _HEAD + _BAR * min(len(shown), BARS) + (20 if left > 0 else 6))
    title = "Falling behind: how far, and how far expected"
    _heading(canvas, title, "bar: progress    ┃ expected by now    of 100 %")
    for place, one in enumerate(shown[:BARS]):
        _bar(canvas, _HEAD + place * _BAR, one)
    if left > 0:
        canvas.text((_MARGIN, canvas.height - 10), f"and {left} more", size=9.5, colour=SOFT)
    alt = "; ".join(f"{one.line.key} {_stands(one)}" for one in shown[:BARS])
    return _picture("falling-behind", title, f"{alt}.", canvas)


def _bar(canvas: Canvas, top: float, one: FallingBehind) -> None:
    room = canvas.width - 2 * _MARGIN
    stands = _stands(one)
    name_room = room - wide(stands, size=9.5) - 12
    name = fitting(f"{one.line.key} {readable(one.line.title)}", name_room, bold=True)
    canvas.text((_MARGIN, top + 8), name, bold=True)
    canvas.text((canvas.width - _MARGIN, top + 8), stands, size=9.5, colour=SOFT, align="right")
    canvas.box((_MARGIN, top + 18), room, 12, fill="#ececf0")
    done = min(max(one.line.progress or 0.0, 0.0), 1.0)
    if done:
        canvas.box((_MARGIN, top + 18), room * done, 12, fill=BLUE)
    if one.line.expected_progress is not None:
        x = _MARGIN + room * min(max(one.line.expected_progress, 0.0), 1.0)
        canvas.line([(x, top + 15), (x, top + 33)], colour=PAPER, width=4.5)
        canvas.line([(x, top + 15), (x, top + 33)], colour=INK, width=2.2)


def _stands(one: FallingBehind) -> str:
    line = one.line
    now = "no value yet" if line.progress is None else f"{_percent(line.progress)}"
    expected = "" if line.expected_progress is None else f", expected {_percent(line.expected_progress)}"
    first = leading(line.status, line.by_hand)
    state = f"{SHAPES.get(first, '–')} {status_words[first]}{beside(line.status, line.by_hand)}"
    return f"{state}: {now}{expected}"


def progress_picture(courses: Courses) -> Picture | None:
    """Mean progress of shared and of units' own key results over the cycle, with the expected line."""
    series = [
        ("expected", courses.expected, GREY, None, True),
        ("shared", courses.shared, BLUE, "o", False),
        ("units' own", courses.own, ORANGE, "s", False),
    ]
    drawn = [one for one in series if any(share is not None for share in one[1])]
    if len(courses.days) < 2 or len(drawn) < 2:
        return None
    canvas = Canvas(WIDTH, _HEAD + _PLOT + 26)
    title = "Shared against units' own progress"
    _heading(canvas, title, "mean progress of key results, in %")
    place = _axes(canvas, courses.days, 0.0, 1.0)
    ends: list[tuple[float, str, str]] = []
    for name, shares, colour, mark, dashed in drawn:
        points = [place(day, share) for day, share in zip(courses.days, shares, strict=True) if share is not None]
        canvas.line(points, colour=colour, width=2, dashed=dashed)
        for point in points if mark else ():
            canvas.mark(point, "s" if mark == "s" else "o", colour)
        last = next(share for share in reversed(shares) if share is not None)
        ends.append((points[-1][1], f"{name} {_percent(last)}", colour))
    _name_ends(canvas, ends)
    told = "; ".join(words for _, words, _ in ends)
    return _picture("shared-and-own", title, f"On {day_words(courses.days[-1])}: {told}.", canvas)


def connection_picture(courses: Courses) -> Picture | None:
    """The connection rate on the days it was kept, with the line from which it is healthy."""
    if len(courses.rates) < 2:
        return None
    days = [day for day, _ in courses.rates]
    canvas = Canvas(WIDTH, _HEAD + _PLOT + 26)
    title = "Connection rate over time"
    _heading(canvas, title, "product-line objectives with a link upward, in %")
    place = _axes(canvas, days, 0.0, 1.0)
    canvas.line([place(days[0], HEALTHY), place(days[-1], HEALTHY)], colour=GREY, width=1.6, dashed=True)
    points = [place(day, rate) for day, rate in courses.rates]
    canvas.line(points, colour=BLUE, width=2)
    for point in points:
        canvas.mark(point, "o", BLUE)
    last = courses.rates[-1][1]
    healthy = (place(days[-1], HEALTHY)[1], f"good from {_percent(HEALTHY)}", GREY)
    _name_ends(canvas, [(points[-1][1], f"now {_percent(last)}", BLUE), healthy])
    first = courses.rates[0][1]
    alt = f"{_percent(first)} on {day_words(days[0])}, {_percent(last)} on {day_words(days[-1])}; healthy from 80 %."
    return _picture("connection-rate", title, alt, canvas)


def _picture(name: str, title: str, alt: str, canvas: Canvas) -> Picture:
    return Picture(name, title, f"{title}. {alt}", canvas.png(), pixels(canvas.width))


def _heading(canvas: Canvas, title: str, below: str) -> None:
    canvas.text((_MARGIN, 16), title, size=12.5, bold=True)
    canvas.text((_MARGIN, 34), below, size=9.5, colour=SOFT)


_END = 102.0  # for the names at the ends of the lines


def _axes(canvas: Canvas, days: Sequence[date], low: float, high: float) -> Callable[[date, float], Point]:
    """Draws shares and days; returns where a day's share is. What lies beyond the shares is drawn at their edge."""
    left, right, bottom = _MARGIN + 34, canvas.width - _END, _HEAD + _PLOT
    span = max((days[-1] - days[0]).days, 1)

    def place(day: date, share: float) -> Point:
        up = (min(max(share, low), high) - low) / (high - low)
        return left + (right - left) * (day - days[0]).days / span, bottom - 8 - (_PLOT - 24) * up

    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        height = place(days[0], share)[1]
        canvas.line([(left, height), (right, height)], colour=RULE, width=0.8)
        canvas.text((left - 8, height), f"{round(share * 100)} %", size=9, colour=SOFT, align="right")
    for day in dict.fromkeys((days[0], days[len(days) // 2], days[-1])):
        canvas.text((place(day, 0)[0], bottom + 8), day_words(day), size=9, colour=SOFT, align="center")
    return place


def _name_ends(canvas: Canvas, ends: Sequence[tuple[float, str, str]]) -> None:
    """Each line's name beside its end, pushed apart where two would cover each other."""
    height = 0.0
    for wanted, words, colour in sorted(ends):
        height = max(wanted, height + 13)
        canvas.text((canvas.width - _END + 8, height), words, size=9, bold=True, colour=colour)


def _percent(share: float) -> str:
    return f"{int(share * 100 + 0.5)} %" if share > 0 else "0 %"
