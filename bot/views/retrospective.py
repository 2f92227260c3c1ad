"""The look back on a closed cycle, and the reminder that one waits to be closed. Data in, blocks out."""

from collections.abc import Callable, Sequence

from bot.views import ids
from bot.views.blocks import Block, Message, Rung, actions, button, context, fields, message, section, table
from bot.views.text import count, day, few, inline, listed, percent, points
from rituals.notices.closing import ClosingReminder, ConfidenceBin, Ends, GradeCount, Retrospective, UnitCalibration

UNITS = 20
FIELDS = 9
NOT_ENOUGH = "not enough data"
HEAD = ("Unit", "● green", "◐ yellow", "○ red", "No score", "Brier score (n)")


def look_back(notice: Retrospective, rung: Rung = "native") -> Message:
    """How a cycle ended: grades, how good confidences were, alignment, turnout, what was carried over once more."""
    head = f"{inline(notice.cycle)} is closed · {inline(notice.unit)}"
    outcome = _outcome(notice)
    blocks = [
        section(f"*{head}*", outcome, *_by_commitment(notice)),
        *_by_unit(notice, rung),
        section(*_confidence(notice)),
        section(*_around(notice)),
    ]
    if notice.twice:
        told = few(notice.twice, lambda one: f"*{inline(one.key, 30)}* {inline(one.title, 60)}", 5)
        blocks.append(section("*Carried over once more*", *told))
    by = f" by {inline(notice.closed_by, 40)}" if notice.closed_by else ""
    blocks.append(
        context(f"{day(notice.starts)} – {day(notice.ends)}, closed{by}. `/okr close-cycle results` shows it.")
    )
    return message(f"{head}: {outcome}", blocks)


def _outcome(notice: Retrospective) -> str:
    whole = notice.closed + notice.carried + notice.dropped
    into = f" to {inline(notice.into, 40)}" if notice.into else ""
    return (
        f"Of {count(whole, 'key result')} {notice.closed} closed, {notice.carried} carried over{into}, "
        f"{notice.dropped} dropped."
    )


def _by_commitment(notice: Retrospective) -> list[str]:
    return [f"{inline(one.name).capitalize()}: {_grades(one)}" for one in notice.by_commitment if _counted(one)]


def _counted(one: GradeCount) -> int:
    return one.green + one.yellow + one.red + one.ungraded


def _grades(one: GradeCount) -> str:
    parts = [f"● {one.green} green", f"◐ {one.yellow} yellow", f"○ {one.red} red"]
    return ", ".join([*parts, *([f"– {one.ungraded} without a score"] if one.ungraded else [])])


def _by_unit(notice: Retrospective, rung: Rung) -> list[Block]:
    shown = notice.by_unit[:UNITS]
    if not shown:
        return []
    brier = {one.name: _brier(one) for one in notice.calibration}
    if rung == "native":
        rows = [
            (one.name, str(one.green), str(one.yellow), str(one.red), str(one.ungraded), brier.get(one.name, "–"))
            for one in shown
        ]
        return [table(HEAD, rows, wrap=(0, 5)), *_rest(notice.by_unit, UNITS)]
    lines = [f"*{inline(one.name, 40)}*\n{_grades(one)}" for one in shown]
    if rung == "fields":
        return [fields(lines[:FIELDS]), *_rest(notice.by_unit, FIELDS)]
    return [section(*(line.replace("\n", ": ") for line in lines[:FIELDS])), *_rest(notice.by_unit, FIELDS)]


def _rest(units: Sequence[GradeCount], most: int) -> list[Block]:
    return [context(f"and {count(len(units) - most, 'more unit')}")] if len(units) > most else []


def _brier(one: UnitCalibration) -> str:
    return f"{NOT_ENOUGH} ({one.calls})" if one.brier is None else f"{one.brier:.2f} ({one.calls})"


def _confidence(notice: Retrospective) -> list[str]:
    """How good confidences were, over all that is shown."""
    one = notice.overall
    if one.brier is None:
        return [
            f"*Confidence against outcome*  {NOT_ENOUGH}: {count(one.calls, 'confidence')} given, 10 on three needed."
        ]
    head = f"*Confidence against outcome*  Brier score {one.brier:.2f} from {one.calls}; 0 is best, 0.25 is a coin."
    return [head, *(_bin(each) for each in one.bins if each.n)]


def _bin(one: ConfidenceBin) -> str:
    name = f"{one.low} to {one.high} of 10"
    if one.said is None or one.reached is None:
        return f"{name}: {one.n} given, {NOT_ENOUGH}"
    return f"{name}: {one.n} given, {percent(one.said / 10)} sure on average, {percent(one.reached)} came true"


def _around(notice: Retrospective) -> list[str]:
    turnout = f"{notice.answered} of {notice.asked} answered" if notice.asked else "none was asked"
    share = f" ({percent(notice.answered / notice.asked)})" if notice.asked else ""
    return [
        f"*Connection rate*  {_ends(notice.connection, percent, points)}",
        f"*Shared lag index*  {_ends(notice.lag, _two)}",
        f"*Check-ins*  {turnout}{share}",
        f"*Adjustments*  {notice.adjusted or 'none'}",
    ]


def _two(value: float) -> str:
    return f"{value:.2f}"


def _ends(ends: Ends, word: Callable[[float], str], change: Callable[[float], str] | None = None) -> str:
    """From its first to its last value, with the change in points."""
    if ends.start is None or ends.end is None:
        known = [
            f"{word(value)} at the {when}"
            for value, when in ((ends.start, "start"), (ends.end, "end"))
            if value is not None
        ]
        return listed(known) or NOT_ENOUGH
    moved = f" ({change(ends.end - ends.start)})" if change else ""
    return f"{word(ends.start)} → {word(ends.end)}{moved}"


def reminder(notice: ClosingReminder) -> Message:
    """A cycle has ended and waits to be closed."""
    ended = f"{inline(notice.cycle)} ended {count(notice.days, 'day')} ago, on {day(notice.ends)}, and is not closed."
    left = f"{count(notice.left, 'key result')} to decide on." if notice.left else "Everything is decided."
    row = actions(button("Close it", ids.of(ids.CLOSING_LOOK, "reminder"), notice.cycle[:150], style="primary"))
    return message(f"{ended} {left}", [section(f"*{ended}*", f"{left} Grade, carry over or drop, in one pass."), row])
