"""The alignment workshop in direct messages: the question for drafts, an item with its answers, the question whether
the set covers the objectives; and what stands with the record. Data in, blocks out.
"""

from bot.views import ids
from bot.views.blocks import Block, Message, actions, button, context, message, section
from bot.views.text import count, day, inline, link, listed, moment, quoted, said
from bot.views.workshops import KINDS, SAID, coverage, move, title
from rituals.notices.workshops import (
    DraftObjective,
    ItemLine,
    WorkshopAsk,
    WorkshopCard,
    WorkshopConfirm,
    WorkshopRecord,
)

OBJECTIVES, MISSING, ADVICE, EDITS = 5, 4, 3, 3


def ask(notice: WorkshopAsk) -> Message:
    """What is there of a line's drafts, what is missing, and the way to add one."""
    meeting = notice.meeting
    line = f"Drafts of {inline(notice.line, 60)} for {inline(meeting.cycle, 30)}"
    if meeting.state not in {"planned", "drafting"}:
        what = "The workshop was called off." if meeting.state == "cancelled" else "The workshop has begun."
        return message(f"{line}: {what}", [section(f"*{line}*", what)])
    when = f"{moment(meeting.starts_at)} in <#{inline(meeting.channel, 30)}>"
    begins = f"The alignment workshop of {inline(meeting.unit, 60)} is {when}; you have {notice.minutes} minutes."
    blocks = [section(f"*{line}*", begins), section(*_there(notice))]
    if notice.advice:
        blocks.append(section("*Advice*", *(f"–  {said(one, 300)}" for one in notice.advice[:ADVICE])))
    add = button("Add an objective", ids.of(ids.AUTHOR_ADD, "objective"), "objective", style="primary")
    edits = [_edit(one.key) for one in notice.objectives[:EDITS]]
    blocks.append(actions(add, *edits))
    return message(f"{line}. {begins}", blocks)


def _there(notice: WorkshopAsk) -> list[str]:
    lines = [_draft(one) for one in notice.objectives[:OBJECTIVES]]
    if len(notice.objectives) > OBJECTIVES:
        lines.append(f"and {len(notice.objectives) - OBJECTIVES} more")
    missing = listed([said(one, 160) for one in notice.missing], MISSING, between="; ")
    return [*lines, f"*Missing*  {missing}" if missing else "Nothing is missing."]


def _draft(one: DraftObjective) -> str:
    return f"•  {inline(one.key, 20)} {inline(one.title, 100)}: {count(len(one.key_results), 'key result')}"


def _edit(key: str) -> Block:
    return button(f"Edit {key}", ids.of(ids.AUTHOR_EDIT, key), key)


def card(notice: WorkshopCard) -> Message:
    """An item with what its line answered; the buttons for who answers."""
    line, about = notice.line, str(notice.line.item)
    head = f"*{KINDS[line.kind]}* · {_between(line)}"
    text = [quoted(line.text, 500)] if line.text else []
    if notice.withdrawn:
        return message(f"{head}: taken back.", [section(head, *text, f"{inline(line.by, 40)} took it back.")])
    blocks = [section(head, *text, _standing(line, mine=notice.mine))]
    answering = notice.mine and notice.meeting.state in {"adjusting", "confirming"}
    if answering:
        blocks.append(actions(*_answers(line, about)))
    if notice.author and line.state == "open" and notice.meeting.state in {"adjusting", "confirming"}:
        blocks.append(actions(*_saying(line, about)))
    if answering and line.state == "adjusted" and notice.edits:
        blocks.append(actions(*(_edit(one.key) for one in notice.edits[:EDITS])))
    return message(f"{head}. {_standing(line, mine=notice.mine)}", blocks)


def _saying(line: ItemLine, about: str) -> list[Block]:
    """For who noted it, while its line has not answered."""
    say = "Change" if line.text else "Say what it is"
    return [
        button(say, ids.of(ids.WORKSHOP_SAY, about), about),
        button("Take back", ids.of(ids.WORKSHOP_TAKE_BACK, about), about),
    ]


def _between(line: ItemLine) -> str:
    if line.kind == "dependency" and line.waits and line.provider:
        return f"{inline(line.waits, 40)} waits for {inline(line.provider, 40)}"
    about = f" ({inline(line.objective, 20)})" if line.objective else ""
    return f"{inline(line.unit, 40)}{about}{f' with {inline(line.other, 40)}' if line.other else ''}"


def _standing(line: ItemLine, *, mine: bool) -> str:
    by, wish = inline(line.by, 40), f" by {day(line.until)}" if line.until else ""
    if line.state == "open" and mine:
        return f"{by} noted it in the workshop. {_question(line, wish)}"
    if line.state == "open":
        return f"{by} noted it in the workshop. {inline(line.asked or 'Its line', 40)} answers."
    who = inline(line.decided_by or line.asked or "The line", 40)
    number = f" It is B-{line.blocker} in the register." if line.blocker is not None else ""
    note = f" {quoted(line.note, 400)}" if line.note else ""
    told = f"{who} {SAID[line.state]}{wish if line.state == 'accepted' else ''}.{number}"
    return f"{told}\n{note.strip()}" if note else told


def _question(line: ItemLine, wish: str) -> str:
    if line.kind == "dependency":
        return f"Will {inline(line.asked or 'your line', 40)} deliver it{wish or ' within the cycle'}?"
    return "Do you take it up as it is, or change your draft?"


def _answers(line: ItemLine, about: str) -> list[Block | None]:
    first = line.state == "open"
    return [
        button("Accept", ids.of(ids.WORKSHOP_ACCEPT, about), about, style="primary" if first else None)
        if line.state != "accepted"
        else None,
        button("Change our draft", ids.of(ids.WORKSHOP_ADJUST, about), about) if line.state != "adjusted" else None,
        button("Decline", ids.of(ids.WORKSHOP_DECLINE, about), about) if line.state != "declined" else None,
    ]


def confirm(notice: WorkshopConfirm) -> Message:
    """Whether the set covers the objectives, with what it is judged by."""
    meeting = notice.meeting
    question = f"Does the set of drafts cover the objectives of {inline(meeting.unit, 60)}?"
    lines = [coverage(notice.before, notice.after), _counted(notice)]
    gaps = (notice.after or notice.before).gaps if notice.after or notice.before else ()  # type: ignore[union-attr]
    if gaps:
        lines.append(f"*Gaps*  {listed([said(gap, 160) for gap in gaps], 3, between='; ')}")
    blocks = [section(f"*{title(meeting)}*", _word(notice) or question), section(*lines)]
    if notice.remark and meeting.state == "confirming":
        blocks.append(section("Not yet, so far:", quoted(notice.remark, 400)))
    if meeting.state == "confirming":
        yes = move(meeting, "confirm", "Confirm", style="primary")
        no = button("Not yet", ids.WORKSHOP_NOT_YET, ids.pack(workshop=meeting.workshop))
        blocks.append(actions(yes, no))
    return message(f"{title(meeting)}. {_word(notice) or question}", blocks)


def _counted(notice: WorkshopConfirm) -> str:
    left = (
        f"{count(notice.open_items, 'item is', 'items are')} not answered" if notice.open_items else "all is answered"
    )
    return f"{count(notice.accepted, 'item')} accepted, {left}.".capitalize()


def _word(notice: WorkshopConfirm) -> str:
    if notice.confirmed_by:
        return f"{inline(notice.confirmed_by, 40)} confirmed that the set covers the objectives."
    return "The workshop was closed without it." if notice.meeting.state == "closed" else ""


def record_comment(notice: WorkshopRecord) -> str:
    """The words above the file; mrkdwn."""
    name = f"Record of the alignment workshop of {inline(notice.unit, 60)}, {inline(notice.cycle, 30)}"
    canvas = f" Also {link(notice.canvas_url, 'as a canvas')}." if notice.canvas_url else ""
    return f"{name}: {said(notice.headline, 300)}.{canvas}"


def record(notice: WorkshopRecord) -> Message:
    """Instead of the file, where Slack takes none from this app."""
    again = "Slack took no file, because this app may not upload any."
    line = record_comment(notice)
    return message(line, [section(line), context(again)])
