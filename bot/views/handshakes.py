"""The handshake about a blocker: the question to the unit that is waited for, what came of it, and the forms.

Data in, blocks out; who may say what is decided elsewhere.
"""

from collections.abc import Sequence

from bot.views import ids, inputs
from bot.views.blocks import (
    Block,
    Message,
    actions,
    button,
    input_block,
    message,
    modal,
    option,
    section,
    select,
    text_input,
)
from bot.views.inputs import MOST_CHOICES
from bot.views.text import day, inline, quoted, said
from rituals.notices import HandshakeAsk, HandshakeTold
from rituals.okrs.handshakes import LONGEST, Asked

ANSWERS = {
    "accepted": "will have it out of the way by",
    "countered": "offers",
    "disputed": "offered",
    "declined": "cannot do it",
}


def ask(notice: HandshakeAsk) -> Message:
    """The question to a lead of the provider; after an answer, what was said, and the way to change it."""
    wish = f" by {day(notice.asked_for)}" if notice.asked_for else ""
    about = f", it holds up {inline(notice.key_result, 30)}" if notice.key_result else ""
    line = f"{inline(notice.by, 40)} waits for {inline(notice.unit, 40)}: *B-{notice.number}* {said(notice.text, 300)}"
    question = f"Can {inline(notice.unit, 40)} take it out of the way{wish}? {inline(notice.asked_by, 40)} asks{about}."
    blocks = [section(line, _standing(notice) or question)]
    if not notice.closed:
        blocks.append(_replies(notice))
    return message(f"{line}. {_standing(notice) or question}", blocks)


def _replies(notice: HandshakeAsk) -> Block:
    about = str(notice.handshake)
    first = notice.state == "asked"
    yes = f"Yes, by {day(notice.asked_for)}" if notice.asked_for else ""
    return actions(
        button(yes, ids.of(ids.HANDSHAKE_ACCEPT, about), about, style="primary") if yes and first else None,
        button("Another day" if yes or not first else "Yes, by …", ids.of(ids.HANDSHAKE_COUNTER, about), about),
        button("No", ids.of(ids.HANDSHAKE_DECLINE, about), about) if notice.state != "declined" else None,
    )


def _standing(notice: HandshakeAsk) -> str:
    """What was said so far, in a sentence; "" before the first answer."""
    if notice.closed:
        return f"B-{notice.number} is out of the way."
    if notice.state == "asked":
        return ""
    who = f"{inline(notice.unit, 40)} ({inline(notice.answered_by or 'a lead', 40)})"
    when = f" {day(notice.day)}" if notice.day else ""
    instead = f" instead of {day(notice.asked_for)}" if notice.state != "accepted" and notice.asked_for and when else ""
    late = f"; {inline(notice.by, 40)} says that is too late. Who leads both settles it"
    after = late if notice.state == "disputed" else ""
    return f"{who} {ANSWERS[notice.state]}{when}{instead}{after}."


def told(notice: HandshakeTold) -> Message:
    """What came of it, to who asked; another day waits for their word."""
    line = f"*B-{notice.number}* {said(notice.text, 200)}"
    lines = [_standing(notice), *([quoted(notice.note, 400)] if notice.note else [])]
    blocks = [section(line, *lines)]
    if notice.state == "countered" and not notice.closed:
        about = str(notice.handshake)
        agree = f"Agree to {day(notice.day)}" if notice.day else "Agree"
        blocks.append(
            actions(
                button(agree, ids.of(ids.HANDSHAKE_AGREE, about), about, style="primary"),
                button("Not enough", ids.of(ids.HANDSHAKE_DISPUTE, about), about),
            )
        )
    return message(f"{_standing(notice)} B-{notice.number}: {said(notice.text, 200)}", blocks)


def asked(done: Asked) -> Message:
    """What is said to who has just asked."""
    names = f" ({', '.join(inline(name, 40) for name in done.people[:3])})" if done.people else ""
    again = "" if done.anew else " before"
    line = f"{inline(done.unit, 40)}{names} was asked{again} about B-{done.number}. You will read the answer here."
    return message(line, [section(line)])


def counter_form(handshake: int, unit: str) -> Block:
    """Another day, and why."""
    return modal(
        ids.HANDSHAKE_COUNTER_FORM,
        "Another day",
        [
            input_block(ids.HANDSHAKE_DAY, f"By when can {unit} do it?", inputs.a_day(), optional=False),
            input_block(ids.HANDSHAKE_NOTE, "Why then", text_input(placeholder="One sentence", longest=LONGEST)),
        ],
        submit="Send",
        metadata=ids.pack(handshake=handshake),
    )


def decline_form(handshake: int, unit: str) -> Block:
    """Why not; it goes to who asked."""
    why = text_input(placeholder="One sentence; it goes to who asked", longest=LONGEST)
    return modal(
        ids.HANDSHAKE_DECLINE_FORM,
        "Not possible",
        [input_block(ids.HANDSHAKE_NOTE, f"Why can {unit} not do it?", why, optional=False)],
        submit="Send",
        metadata=ids.pack(handshake=handshake),
    )


def unit_form(number: int, units: Sequence[tuple[str, str]]) -> Block:
    """Which unit to ask about a blocker; `units` are (key, name)."""
    menu = select([option(name, key) for key, name in units[:MOST_CHOICES]], placeholder="Choose a unit")
    hint = f"The nearest {MOST_CHOICES} of {len(units)} units" if len(units) > MOST_CHOICES else ""
    return modal(
        ids.HANDSHAKE_UNIT_FORM,
        "Whom to ask",
        [input_block(ids.HANDSHAKE_UNIT, f"Who can take B-{number} out of the way?", menu, hint=hint, optional=False)],
        submit="Ask",
        metadata=ids.pack(number=number),
    )
