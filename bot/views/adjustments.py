"""Proposed adjustments: the list, the question to those who decide, what became of it, and the form to decline.

Data in, blocks out; who may decide comes with the data.
"""

from collections.abc import Sequence

from bot.views import ids
from bot.views.blocks import Block, Message, actions, button, context, input_block, message, modal, section, text_input
from bot.views.text import count, day_of, inline, said, sentence, some
from rituals.notices import AdjustmentAsk, AdjustmentLine, AdjustmentTold
from rituals.okrs.adjusting import LONGEST

SHOWN = 10
DECIDED = {"accepted": "agreed to", "declined": "declined"}


def waiting(lines: Sequence[tuple[AdjustmentLine, bool]]) -> Message:
    """What waits for a decision; who may decide has the buttons."""
    if not lines:
        text = "No proposal waits for a decision. `/okr adjust KR-12` proposes a change."
        return message(text, [section(text)])
    title = f"{count(len(lines), 'proposal')} to decide"
    blocks = [section(f"*{title}*")]
    for line, mine in lines[:SHOWN]:
        blocks += [section(*_told(line)), *([_buttons(line)] if mine else [])]
    if len(lines) > SHOWN:
        blocks.append(context(f"and {len(lines) - SHOWN} more"))
    return message(f"{title}; the first: {said(lines[0][0].text, 200)}.", blocks)


def ask(notice: AdjustmentAsk) -> Message:
    """The question; after the decision, what it was."""
    line = notice.line
    decided = _decision(line)
    blocks = [section(*_told(line), *([decided] if decided else []))]
    if not decided:
        blocks.append(_buttons(line))
    who = inline(line.by or "Somebody", 40)
    return message(
        decided or f"{who} proposes to adjust {inline(line.key or 'an OKR', 30)}: {said(line.text, 200)}", blocks
    )


def _told(line: AdjustmentLine) -> list[str]:
    who = f" · {inline(line.by, 40)}, {day_of(line.proposed_at)}" if line.by else ""
    why = [f"Why: {said(line.reason, 300)}"] if line.reason and line.reason not in line.text else []
    about = [f"*{inline(line.key, 30)}* {inline(line.title, 80)}"] if line.key else []
    what = said(line.text.removeprefix(f"{line.key}: "), 400)  # its line follows, with the title
    effect = [f"{sentence(said(line.effect, 300))}."] if line.effect and not line.decision else []
    return [f"*A-{line.number}* {what}{who}", *about, *why, *effect]


def _buttons(line: AdjustmentLine) -> Block:
    about = str(line.number)
    yes = "Agree" if line.applies or not line.key else "Agree and edit"
    return actions(
        button(yes, ids.of(ids.ADJUST_APPROVE, about), about, style="primary"),
        button("Decline", ids.of(ids.ADJUST_DECLINE, about), about),
        button("Open", ids.of(ids.OKR_SHOW, line.key), line.key) if line.key else None,
    )


def _decision(line: AdjustmentLine) -> str:
    if line.ended:
        return "Its cycle was closed before anybody decided."
    if not line.decision:
        return ""
    note = f": {said(line.note, 300)}" if line.note else "."
    return f"{inline(line.decided_by or 'Somebody', 40)} {DECIDED[line.decision]} A-{line.number}{note}"


def told(notice: AdjustmentTold) -> Message:
    """The decision, to all it concerns."""
    line = notice.line
    name = f"{inline(line.key, 30)} {inline(line.title, 80)}" if line.key else said(line.text, 200)
    done = [f"Now: {said('; '.join(some(list(notice.changes), 6)), 500)}"] if notice.changes else []
    return message(f"{_decision(line)} {name}", [section(f"{_decision(line)}", f"*{name}*", *done)])


def decided(line: str) -> Message:
    """What is said to who decided."""
    return message(line, [section(line)])


def decline_form(number: int) -> Block:
    """Why not; it goes to who proposed it and to all owners."""
    why = text_input(placeholder="One sentence; it goes to who proposed it", longest=LONGEST)
    return modal(
        ids.ADJUST_DECLINE_FORM,
        f"Decline A-{number}",
        [input_block(ids.ADJUST_NOTE, "Why not?", why, optional=False)],
        submit="Decline",
        metadata=ids.pack(number=number),
    )
