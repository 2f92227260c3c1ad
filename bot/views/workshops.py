"""The alignment workshop in the channel: the agenda, each line's drafts with its ten minutes, and that they are over.

Data in, blocks out. Who may press what is decided elsewhere; every button carries the step that it was drawn at.
"""

import re
from collections.abc import Sequence

from bot.views import ids
from bot.views.blocks import Block, Message, actions, button, context, message, section
from bot.views.text import count, day, inline, listed, moment, percent, quoted, said, sentence
from rituals.notices.workshops import (
    Covered,
    DraftObjective,
    ItemLine,
    LineStep,
    Meeting,
    WorkshopBoard,
    WorkshopTime,
    WorkshopTurn,
)

SHAPES = {"done": "✓", "now": "●", "coming": "◌", "left_out": "–"}
ANSWERS = {"open": "◌", "accepted": "✓", "adjusted": "~", "declined": "–"}
SAID = {"accepted": "accepted", "adjusted": "will change the draft", "declined": "declined"}
KINDS = {
    "dependency": "Dependency",
    "conflict": "Conflict",
    "opportunity": "Opportunity",
    "decision": "Decision",
}
LEGEND = "React with :link: dependency, :zap: conflict, :bulb: opportunity; or note it with a sentence."
MEMBER = re.compile(r"[UW][A-Z0-9]{1,20}")
LINES, ITEMS, OBJECTIVES, RESULTS = 20, 12, 6, 5


def title(meeting: Meeting) -> str:
    """`Alignment workshop · Product suite · 2027-Q1`."""
    return f"Alignment workshop · {inline(meeting.unit, 60)} · {inline(meeting.cycle, 30)}"


def board(notice: WorkshopBoard) -> Message:
    """The agenda with the lines in their order, or the round with the items, their answers and the coverage."""
    name = title(notice.meeting) if notice.part == "agenda" else f"Adjustment round · {inline(notice.meeting.unit, 60)}"
    blocks = [section(f"*{name}*", _now(notice))]
    blocks += _lines(notice.lines) if notice.part == "agenda" else _round(notice)
    if buttons := [one for one in _moves(notice) if one]:
        blocks.append(actions(*buttons))
    return message(f"{name}. {_now(notice)}", blocks)


def _round(notice: WorkshopBoard) -> list[Block]:
    blocks = [*_items(notice), *_coverage(notice)]
    if notice.remark:
        blocks.append(section("Not confirmed yet:", quoted(notice.remark, 400)))
    return blocks


def whole(notice: WorkshopBoard) -> list[Block]:
    """Agenda and round together, without buttons."""
    begun = notice.meeting.state in {"adjusting", "confirming", "closed"}
    first = section(f"*{title(notice.meeting)}*", _now(notice))
    return [first, *_lines(notice.lines), *(_round(notice) if begun else _coverage(notice))]


def _now(notice: WorkshopBoard) -> str:
    """Where it is, in a sentence; the next action first."""
    meeting = notice.meeting
    if meeting.state in {"planned", "drafting"}:
        who = f"{inline(meeting.facilitator, 40)} starts it" if meeting.facilitator else "Who leads the unit starts it"
        return f"{moment(meeting.starts_at)}. {who}; then each line has ten minutes for its drafts."
    if meeting.state == "presenting":
        names = [inline(line.name, 40) for line in notice.lines if line.state == "now"]
        until = f" until {moment(notice.ends_at)}" if notice.ends_at else ""
        return f"{listed(names)} has the floor{until}."
    if meeting.state == "adjusting":
        waiting = sum(one.state == "open" and one.asked is not None for one in notice.items)
        left = (
            f"{sentence(count(waiting, 'item waits', 'items wait'))} for an answer"
            if waiting
            else "All items are answered"
        )
        return f"{left}; each line answers in its direct messages."
    return _last(notice)


def _last(notice: WorkshopBoard) -> str:
    if notice.meeting.state == "cancelled":
        return "It was called off."
    if notice.meeting.state == "confirming":
        names = listed([inline(name, 40) for name in notice.confirmers], 3) or "an admin"
        return f"Does the set cover the objectives? It waits for the word of {names}."
    if notice.confirmed_by:
        return f"Over. {inline(notice.confirmed_by, 40)} confirmed that the set covers the objectives."
    return "Over, without a word that the set covers the objectives."


def _lines(lines: Sequence[LineStep]) -> list[Block]:
    if not lines:
        return [section("No line presents.")]
    shown = [_line(number, line) for number, line in enumerate(lines[:LINES], 1)]
    more = [f"and {len(lines) - LINES} more"] if len(lines) > LINES else []
    return [section(*shown, *more)]


def _line(number: int, line: LineStep) -> str:
    drafts = count(line.objectives, "objective") if line.objectives else "no objective yet"
    noted = f", {line.items} noted" if line.items else ""
    left_out = ", did not present" if line.state == "left_out" else ""
    return f"{SHAPES[line.state]} {number}  {inline(line.name, 60)}: {drafts}{noted}{left_out}"


def _coverage(notice: WorkshopBoard) -> list[Block]:
    return [section(coverage(notice.before, notice.after))] if notice.before else []


def coverage(before: Covered | None, after: Covered | None) -> str:
    """The figures at the beginning, and what became of them."""
    if before is None:
        return "*Coverage*  not known yet"
    last = after or before
    rate = f"connection rate {_change(_share(before), _share(last))}"
    thin = f"{_change(str(before.thin), str(last.thin))} of {last.tops} objectives with fewer than two lines"
    alone = f"{_change(str(before.unlinked), str(last.unlinked))} of {last.lines} lines without a link"
    when = "before and after" if after else "at the beginning"
    return f"*Coverage {when}*  {rate}; {thin}; {alone}"


def _change(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _share(one: Covered) -> str:
    return "not known" if one.connection is None else percent(one.connection)


def _items(notice: WorkshopBoard) -> list[Block]:
    items, over = notice.items, notice.meeting.state == "closed"
    if not items:
        return [section("Nothing was noted.")]
    waiting = sorted(items, key=lambda one: one.state != "open")
    more = [context(f"and {len(items) - ITEMS} more; the record has them all")] if len(items) > ITEMS else []
    return [section(*(item(one, over=over) for one in waiting[:ITEMS])), *more]


def item(one: ItemLine, *, over: bool = False) -> str:
    """An item as one line, with what was answered; `over`: nothing will be any more."""
    shape = "✓" if one.kind == "decision" else ANSWERS[one.state]
    text = f": {said(one.text, 160)}" if one.text else ""
    return f"{shape} {KINDS[one.kind]}, {_between(one)}{text} ({inline(one.by, 40)}){_answer(one, over=over)}"


def _between(one: ItemLine) -> str:
    if one.kind == "dependency" and one.waits and one.provider:
        return f"{inline(one.waits, 40)} waits for {inline(one.provider, 40)}"
    about = f" {inline(one.objective, 20)}" if one.objective else ""
    return f"{inline(one.unit, 40)}{about}{f' and {inline(one.other, 40)}' if one.other else ''}"


def _answer(one: ItemLine, *, over: bool) -> str:
    if one.kind == "decision":
        return ""
    if one.state == "open" and over:
        return "; not answered"
    if one.state == "open":
        return f"; {inline(one.asked, 40)} answers" if one.asked else ""
    number = f", B-{one.blocker}" if one.blocker is not None else ""
    until = f" by {day(one.until)}" if one.until and one.state == "accepted" else ""
    note = f": {said(one.note, 120)}" if one.note else ""
    return f"; {SAID[one.state]}{until}{number}{note}"


def _moves(notice: WorkshopBoard) -> list[Block | None]:
    """While a line has the floor the buttons stand under its drafts."""
    meeting = notice.meeting
    if notice.part == "agenda":
        first = next((line.name for line in notice.lines if line.state == "coming"), None)
        start = move(meeting, "begin", f"Start with {first}" if first else "Start", style="primary")
        return [start, move(meeting, "cancel", "Call off")] if meeting.state in {"planned", "drafting"} else []
    if meeting.state == "adjusting":
        return [move(meeting, "next", "Ask for the confirmation", style="primary"), move(meeting, "close", "Close")]
    return [move(meeting, "close", "Close without it")] if meeting.state == "confirming" else []


def _next_label(after: str | None) -> str:
    return f"Next: {after}" if after else "Open the adjustment round"


def move(meeting: Meeting, what: str, label: str, *, style: str | None = None) -> Block:
    """A button that moves it on from the step at which it was drawn."""
    value = ids.pack(workshop=meeting.workshop, step=meeting.step, move=what)
    return button(label, ids.of(ids.WORKSHOP_MOVE, what), value, style=style)


def turn(notice: WorkshopTurn) -> Message:
    """A line's drafts, while it has the floor and after; on it the others collect what they see."""
    name = inline(notice.line, 60)
    head = f"*{name}* · {notice.number} of {notice.of}{_clock(notice)}"
    blocks = [section(head, "" if notice.objectives else f"No objective for {inline(notice.meeting.cycle)} yet.")]
    blocks += [section(*_objective(one)) for one in notice.objectives[:OBJECTIVES]]
    if len(notice.objectives) > OBJECTIVES:
        blocks.append(context(f"and {len(notice.objectives) - OBJECTIVES} more objectives"))
    if notice.items:
        more = [f"and {len(notice.items) - ITEMS} more"] if len(notice.items) > ITEMS else []
        blocks.append(section("*Noted*", *(item(one) for one in notice.items[:ITEMS]), *more))
    blocks += _turn_buttons(notice)
    return message(f"{title(notice.meeting)}: {name}, {count(len(notice.objectives), 'objective')}.", blocks)


def _clock(notice: WorkshopTurn) -> str:
    if not notice.running:
        return ""
    if notice.over:
        return f" · over by {notice.over} min"
    return f" · until {moment(notice.ends_at)}" if notice.ends_at else ""


def _objective(one: DraftObjective) -> list[str]:
    team = f" ({inline(one.unit, 40)})" if one.unit else ""
    lines = [f"*{inline(one.key, 20)}* {inline(one.title, 120)}{team}"]
    for key, above, how in one.moves[:3]:
        lines.append(f"→ {inline(key, 20)} {inline(above, 60)}{f': {said(how, 140)}' if how else ''}")
    for kr in one.key_results[:RESULTS]:
        shared = f", with {listed([inline(n, 40) for n in kr.shared_with], 3)}" if kr.shared_with else ""
        lines.append(f"•  {inline(kr.key, 20)} {inline(kr.title, 100)}: {inline(kr.course, 60)}{shared}")
    if len(one.key_results) > RESULTS:
        lines.append(f"and {len(one.key_results) - RESULTS} more key results")
    if not one.key_results:
        lines.append("•  no key result yet")
    return lines


def _turn_buttons(notice: WorkshopTurn) -> list[Block]:
    meeting = notice.meeting
    if meeting.state not in {"presenting", "adjusting", "confirming"}:
        return []
    about = ids.pack(workshop=meeting.workshop, line=notice.key)
    note = button("Note something", ids.of(ids.WORKSHOP_NOTE, notice.key), about)
    if not notice.running:
        return [actions(note)]
    on = move(meeting, "next", _next_label(notice.after), style="primary")
    return [actions(note, on, move(meeting, "extend", "5 minutes more")), context(LEGEND)]


def time_up(notice: WorkshopTime) -> Message:
    """Under the drafts: that the line's time is over, or was extended. Nobody is cut off."""
    if not notice.running:
        line = f"{inline(notice.line, 60)} is done."
        return message(line, [section(line)])
    if notice.extended:
        line = f"{inline(notice.line, 60)} has the floor until {moment(notice.extended)}."
        return message(line, [section(line)])
    whom, name = _pinged(notice.users), inline(notice.line, 60)
    over = f"{name} is over by {notice.over} min" if notice.over else f"The time of {name} is over"
    then = f"next is {inline(notice.after, 60)}" if notice.after else "next is the adjustment round"
    line = f"{whom} {over}; {then}.".strip()
    return message(line, [section(line)])


def _pinged(users: Sequence[str]) -> str:
    return " ".join(f"<@{user}>" for user in users[:3] if MEMBER.fullmatch(user))
