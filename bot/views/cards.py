"""One key result's card (`/okr show`): status, chart, forecast, owners, links up and down, blockers, last updates."""

from bot.views import ids
from bot.views.blocks import Block, Message, Rung, actions, button, chart, context, message, section
from bot.views.lines import SHAPES, WORDS, blocker_line, standing, way
from bot.views.text import amount, day, day_of, inline, link, listed, said, sentence, some
from rituals.okrs.cards import ChartPoint, HistoryLine, KrCard, LinkedObjective

UPDATES = 5


def card(data: KrCard, rung: Rung = "native") -> Message:
    """The card; on a lower rung the chart is left out, its figures stand in the lines anyway."""
    line = data.line
    status = f"{SHAPES[line.status]} {WORDS[line.status]}"
    head = f"*{inline(line.key, 30)} {inline(line.title, 300)}*"
    now = f": {standing(line)}{_way(data)}" if line.now is not None else ""
    blocks = [section(head, f"{status}{now}", *_why(data))]
    if len(data.chart) > 1 and rung == "native":
        blocks.append(_chart(data))
    blocks.append(section(*_facts(data)))
    if data.blockers:
        blocks.append(section("*Open blockers*", *some([blocker_line(b) for b in data.blockers], 3)))
    blocks += _history(data)
    blocks.append(
        actions(
            button("Update", ids.OKR_UPDATE, line.key, style="primary"),
        )
    )
    text = f"{inline(line.key, 30)} {inline(line.title)}: {WORDS[line.status]}{now.replace(':', ',', 1)}."
    return message(text, blocks)


def _way(data: KrCard) -> str:
    line = data.line
    confidence = f", confidence {line.confidence}" if line.confidence is not None else ""
    return f"{way(line.progress, line.expected_progress)}{confidence}" if line.progress is not None else ""


def _why(data: KrCard) -> list[str]:
    return [f"*Falling behind*  {said('; '.join(data.why), 300)}"] if data.why else []


def _facts(data: KrCard) -> list[str]:
    span = f"{day(data.starts)} – {day(data.ends)}"
    course = f"{amount(data.course)}, " if data.course else ""
    lines = [f"*Goal*  {course}{span}, {data.commitment}"]
    lines.append(f"*Objective*  {inline(data.objective_key, 30)} {inline(data.objective)} · {inline(data.unit)}")
    if data.forecast:
        lines.append(f"*Forecast*  {sentence(said(data.forecast, 200))}")
    if data.line.owners:
        reporter = f"; {inline(data.line.reporter, 40)} reports" if data.line.reporter else ""
        owners = listed([inline(owner, 40) for owner in data.line.owners])
        lines.append(f"*{'Owners' if data.line.shared else 'Owner'}*  {owners}{reporter}")
    return [*lines, *_links("Moves", data.up), *_links("Moved by", data.down)]


def _links(name: str, links: tuple[LinkedObjective, ...]) -> list[str]:
    told = []
    for one in links:
        how = f": {said(one.how, 120)}" if one.how and len(links) == 1 else ""
        told.append(f"{inline(one.key, 30)} {inline(one.title, 60)} ({inline(one.unit, 40)}){how}")
    return [f"*{name}*  {'; '.join(some(told, 3))}"] if told else []


def _history(data: KrCard) -> list[Block]:
    if not data.history:
        return [section("*Last updates*  None yet.")]
    lines = [_update(one) for one in data.history[:UPDATES]]
    blocks = [section("*Last updates*", *lines)]
    more = max(data.updates, len(data.history)) - len(lines)
    if more > 0:
        blocks.append(context(f"and {more} before these"))
    return blocks


def _update(one: HistoryLine) -> str:
    value = amount(one.value) if one.value else ""
    confidence = f"confidence {one.confidence}" if one.confidence is not None else ""
    who = inline(one.by, 40) if one.by else ""
    whom = f"{who} from {inline(one.unit, 40)}" if who and one.unit and one.view else who
    seen = "as seen by " if one.view and whom else ""
    parts = [part for part in (value, confidence, f"{seen}{whom}") if part]
    note = f": {said(one.note, 160)}" if one.note else ""
    proof = f" {link(one.evidence, 'evidence')}" if one.evidence.startswith(("http://", "https://")) else ""
    when = link(one.permalink, "words") if one.permalink else ""
    return f"{day_of(one.at)}  {', '.join(parts)}{note}{proof}{f' ({when})' if when else ''}"


def _chart(data: KrCard) -> Block:
    known = [point for point in data.chart if _value(point) is not None]
    series = [(_named(known), [_percent(_value(point)) for point in known])]
    if all(point.expected is not None for point in known):
        series.append(("Expected", [_percent(point.expected) for point in known]))
    title = f"{data.line.key}: % of the way"
    return chart("line", title, [_label(point) for point in known], series, y_label="% of the way")


def _value(point: ChartPoint) -> float | None:
    return point.actual if point.actual is not None else point.forecast


def _named(points: list[ChartPoint]) -> str:
    # Every series has to cover every day, so actual and forecast are one line; its days say which is which.
    return "Actual, forecast" if any(point.actual is None for point in points) else "Actual"


def _label(point: ChartPoint) -> str:
    return day(point.day) if point.actual is not None else f"by {day(point.day)}"


def _percent(share: float | None) -> float:
    return round((share or 0.0) * 100, 1)
