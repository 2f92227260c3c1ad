"""How a portfolio stands: in App Home two lines that open what they are made of, in the digest one. Data in, blocks
out.
"""

from datetime import date

from bot.views import ids
from bot.views.alignment import FIGURES, UNKNOWN
from bot.views.blocks import Block, option, section, select
from bot.views.text import count, day, inline, percent, points, sentence
from rituals.notices import Digest, HomeAlignment, RatedCycle

HEALTHY = 0.8


def standing_section(one: HomeAlignment) -> Block:
    """Connection and gaps; lag index, what moves, net confidence and rating; a menu that opens each."""
    options = [option(label, ids.pack(figure=name, unit=one.unit_key[:60])) for name, label in FIGURES.items()]
    menu = select(options, placeholder="What is behind", action_id=ids.ALIGN_OPEN)
    lines = (
        " · ".join(part for part in (connection(one), _gaps(one)) if part),
        f"{sentence(pace(one.lag, one.moving, one.net, one.kept_on))} · {rating(one.rating)}",
    )
    return section(f"*Alignment* · {inline(one.unit)}", *lines, accessory=menu)


def connection(one: HomeAlignment) -> str:
    """`Connection rate 79 % (−4 since Mon 9 Nov), healthy from 80 %`."""
    if one.connection is None:
        return f"Connection rate: {UNKNOWN}"
    low = ", healthy from 80 %" if one.connection < HEALTHY else ""
    return f"Connection rate {percent(one.connection)}{_since(one)}{low}"


def _since(one: HomeAlignment) -> str:
    if one.connection is None or one.connection_before is None or one.before_on is None:
        return ""
    points = round(one.connection * 100) - round(one.connection_before * 100)
    return f" ({signed(points)} since {day(one.before_on)})" if points else ""


def signed(number: float, places: int = 0) -> str:
    """`+3`, `−0.3`."""
    return f"{number:+.{places}f}".replace("-", "−")


def _gaps(one: HomeAlignment) -> str:
    thin = f"{count(one.thin, 'objective')} under two lines" if one.thin else ""
    unlinked = f"{count(one.unlinked, 'line')} without a link" if one.unlinked else ""
    linked = "" if one.connection is None else "every line is linked"
    return ", ".join(part for part in (thin, unlinked) if part) or linked


def pace(lag: float | None, moving: float | None, net: float | None, kept_on: date | None) -> str:
    """`shared against own pace: index 0.75, connected and moving 57 %, net confidence +71 points on 9 Nov`."""
    if kept_on is None:
        return f"shared against own pace: {UNKNOWN}"
    index = UNKNOWN if lag is None else f"index {lag:.2f}"
    known = [f"connected and moving {percent(moving)}"] if moving is not None else []
    known += [f"net confidence {points(net)} points"] if net is not None else []
    on = f" on {day(kept_on)}" if lag is not None or known else ""
    return f"shared against own pace: {', '.join((index, *known))}{on}"


def digest_line(notice: Digest) -> list[str]:
    """The digest's one line; of a unit's own the connection rate alone, because the rest is the portfolio's."""
    if notice.connection_rate is None:
        return []
    moved = f" ({points(notice.connection_change)})" if notice.connection_change else ""
    low = ", healthy from 80 %" if notice.connection_rate < HEALTHY else ""
    rate = f"*Alignment*  connection rate {percent(notice.connection_rate)}{moved}{low}"
    if notice.audience == "unit":
        return [rate]
    return [f"{rate} · {pace(notice.lag, notice.moving, notice.net, notice.lag_on)} · {rating(notice.rating)}"]


def rating(one: RatedCycle | None) -> str:
    """`rating 3.8 of 5 in 2026-Q3 (−0.3)`, or why there is none."""
    if one is None:
        return "no rating yet"
    if one.withheld:
        return f"rating of {inline(one.cycle)} withheld, {one.votes} of {one.asked} voted anonymously"
    if one.mean is None:
        return f"nobody voted in the rating of {inline(one.cycle)}"
    return f"rating {one.mean:.1f} of 5 in {inline(one.cycle)}{_change(one.mean, one.before)}"


def _change(mean: float, before: float | None) -> str:
    if before is None:
        return ""
    change = round(mean, 1) - round(before, 1)
    return f" ({signed(change, 1)})" if abs(change) >= 0.05 else " (unchanged)"
