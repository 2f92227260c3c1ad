"""`/okr align`: the figures, the coverage matrix as a native table, what a figure is made of. Data in, blocks out."""

from bot.views import ids
from bot.views.blocks import Block, Message, Rung, actions, button, context, message, option, section, select, table
from bot.views.text import count, day, inline, listed, percent, points, said, sentence
from rituals.alignment.page import AlignmentPage, LineRow, Made, Rated
from rituals.alignment.trend import FEWEST_CYCLES

CELLS = {"none": "–", "stated": "◌ stated", "has_kr": "◐ has a KR", "moving": "● moving", "stalled": "○ stalled"}
FIGURES = {
    "connection": "Connection rate",
    "coverage": "Coverage and its gaps",
    "pace": "Shared against own pace",
    "confidence": "Net confidence",
    "ratings": "Ratings",
    "warnings": "Early warnings",
}
COLUMNS, ROWS, GAPS, RATINGS, LINES = 8, 30, 3, 4, 20
NO_PICTURES = "A picture of it comes with the extra `charts` beside the bot."
UNKNOWN = "not enough data"


def alignment_page(page: AlignmentPage, rung: Rung = "native", *, pictures: bool = True) -> Message:
    """All figures of a unit; on the lower rung the matrix is told in words. `pictures`: the matrix can be drawn."""
    cycle = f" · {inline(page.cycle)}" if page.cycle else ""
    figures = [_connection(page), _pace(page), _confidence(page), _ratings(page), _warnings(page)]
    blocks = [section(f"*Alignment* · {inline(page.unit)}{cycle}", *figures)]
    blocks += _coverage(page, rung)
    if page.gaps:
        told = listed([said(gap, 160) for gap in page.gaps], GAPS, between="; ")
        blocks.append(section(f"*Gaps*  {told}"))
    drawn = bool(page.columns and page.rows)
    blocks.append(actions(_open(page), as_picture("matrix", page.unit_key) if drawn and pictures else None))
    blocks += [] if pictures or not drawn else [context(NO_PICTURES)]
    return message(f"Alignment of {inline(page.unit)}: connection rate {_share(page.connection)}.", blocks)


def as_picture(which: str, unit_key: str) -> Block:
    """The button that has the matrix or the map drawn."""
    return button("As a picture", ids.ALIGN_PICTURE, ids.pack(which=which, unit=unit_key[:100]))


def _connection(page: AlignmentPage) -> str:
    if page.connection is None:
        return f"*Connection rate*  {UNKNOWN}: no product line has an objective"
    low = ", healthy from 80 %" if page.connection < 0.8 else ""
    moving = f", {percent(page.connected_and_moving)} also move" if page.connected_and_moving is not None else ""
    linked = f"{page.linked} of {count(page.objectives, 'objective')} linked"
    return f"*Connection rate*  {percent(page.connection)}{low}: {linked}{moving}{_since(page)}"


def _since(page: AlignmentPage) -> str:
    """Where the rate stood when the cycle began, and when it was kept last: `; 67 % on 1 Oct, 70 % on 9 Nov`."""
    standing = page.standing
    days = ((standing.since, standing.first), (standing.before_on, standing.before))
    told = [f"{percent(share)} on {day(on)}" for on, share in days if on is not None and share is not None]
    return f"; it was {', '.join(told)}" if told else ""


def _pace(page: AlignmentPage) -> str:
    if page.lag is None or page.shared_pace is None or page.own_pace is None:
        return f"*Shared against own pace*  {UNKNOWN} for two windows"
    told = f"{page.shared_pace:.2f} against {page.own_pace:.2f} of linear, index {page.lag:.2f}"
    why = ". Under 0.80 in both windows: working together is what slows it" if page.lags else ""
    return f"*Shared against own pace*  {told}{why}"


def _confidence(page: AlignmentPage) -> str:
    if page.net_confidence is None:
        return f"*Net confidence*  {UNKNOWN}"
    told = f"{page.on_track} of {page.key_results} on track, {page.off_track} off track"
    return f"*Net confidence*  {points(page.net_confidence)} points: {told}"


def _ratings(page: AlignmentPage) -> str:
    if not page.ratings:
        return "*Ratings*  none yet; the first comes at the cycle's end"
    told = listed([_rated(one) for one in page.ratings[::-1]], RATINGS, between=" · ")
    if page.rating_and_pace is None:
        return f"*Ratings*  {told}. Beside the shared pace: {_too_few(page.cycles_compared)}"
    rho = f"{page.rating_and_pace:+.2f}".replace("-", "−")
    return f"*Ratings*  {told}. They go with the shared pace by {rho} (rank correlation, {page.cycles_compared} cycles)"


def _too_few(cycles: int) -> str:
    if cycles >= FEWEST_CYCLES:
        return f"one of the two was the same in all {cycles} cycles"
    return f"{UNKNOWN}, both are known of {cycles} of {FEWEST_CYCLES} cycles"


def _warnings(page: AlignmentPage) -> str:
    """How good the warnings of the newest cycle that is over were."""
    if not page.warnings:
        return "*Early warnings*  none scored yet; a cycle's are once it is over"
    one = page.warnings[0]
    came = f"{one.hits} of {one.warned} came true" if one.precision is not None else f"came true: {UNKNOWN}"
    caught = f"{one.hits} of {one.missed} misses were warned of" if one.recall is not None else f"misses: {UNKNOWN}"
    counted = count(one.key_results, "shared key result")
    return f"*Early warnings*  {inline(one.cycle)}: {came}, {caught}; {counted}"


def _rated(one: Rated) -> str:
    if one.withheld:
        return f"{inline(one.cycle)} withheld ({one.votes} of {one.asked}, anonymous)"
    if one.mean is None:
        return f"{inline(one.cycle)} no votes"
    return f"{inline(one.cycle)} {one.mean:.1f} of 5 ({one.votes} of {one.asked})"


def _coverage(page: AlignmentPage, rung: Rung) -> list[Block]:
    if not page.columns or not page.rows:
        return [section(f"*Coverage*  {UNKNOWN}: it needs objectives of the portfolio and product lines")]
    title = section("*Coverage*  what each product line does for the portfolio's objectives")
    if rung != "native":
        return [title, section(*(_in_words(page, row) for row in page.rows[:ROWS]))]
    head = ("Product line", *(f"{top.key} {top.title}" for top in page.columns[:COLUMNS]))
    rows = [(row.name, *(CELLS[cell] for cell in row.cells[:COLUMNS])) for row in page.rows[:ROWS]]
    return [title, table(head, rows, wrap=tuple(range(len(head)))), *_left_out(page)]


def _left_out(page: AlignmentPage) -> list[Block]:
    left = []
    if len(page.rows) > ROWS:
        left.append(f"and {count(len(page.rows) - ROWS, 'more product line')}")
    if len(page.columns) > COLUMNS:
        left.append(f"and {count(len(page.columns) - COLUMNS, 'more objective')}")
    return [context(" · ".join(left))] if left else []


def _in_words(page: AlignmentPage, row: LineRow) -> str:
    told = [f"{inline(top.key, 30)} {CELLS[cell]}" for top, cell in zip(page.columns, row.cells, strict=True)]
    return f"{inline(row.name, 40)}: {listed(told, COLUMNS)}"


def _open(page: AlignmentPage) -> Block:
    options = [option(label, ids.pack(figure=name, unit=page.unit_key[:60])) for name, label in FIGURES.items()]
    return select(options, placeholder="What is behind a figure", action_id=ids.ALIGN_OPEN)


def _share(share: float | None) -> str:
    return UNKNOWN if share is None else percent(share)


def made(data: Made, start: int = 0) -> Message:
    """The lines behind one figure, from the `start`-th on."""
    shown = [f"• {said(line, 200)}" for line in data.lines[start : start + LINES]]
    blocks = [section(f"*{inline(data.title)}* · {inline(data.unit)}", said(data.how, 300))]
    blocks.append(section(*shown) if shown else section("Nothing is in it yet."))
    left = len(data.lines) - start - len(shown)
    if left > 0:
        value = ids.pack(figure=data.figure, unit=data.unit_key[:60], start=start + LINES)
        blocks.append(actions(button(f"and {left} more", ids.ALIGN_MADE_MORE, value)))
    return message(sentence(f"{inline(data.title)}: {count(len(data.lines), 'line')}."), blocks)
