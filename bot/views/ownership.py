"""Owning a key result together: the question to a unit's leads, what came of it to who asked, and the forms.

Data in, blocks out; who may say what is decided elsewhere.
"""

from collections.abc import Sequence

from bot.views import ids
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
from bot.views.text import amount, inline, quoted, some
from rituals.notices import OwnershipAsk, OwnershipReminder, OwnershipTold
from rituals.okrs.ownership.service import LONGEST, SUPPORT_ONLY, Opened
from rituals.okrs.roles import possessive
from rituals.okrs.support import NONE, SupportForm

OTHERS = 3


def ask(notice: OwnershipAsk) -> Message:
    """The question to a lead of the unit; after an answer, what was said, and what can still be done."""
    told = _standing(notice)
    lines = [told] if told else _question(notice)
    blocks = [section(_head(notice), *lines)]
    if not notice.over:
        blocks += _replies(notice)
    return message(f"{_head(notice)}: {' '.join(lines)}", blocks)


def told(notice: OwnershipTold) -> Message:
    """What came of it, to who asked, with the next step; a counter-offer waits for their word."""
    lines = [_standing(notice), *_next_step(notice)]
    quote = [quoted(notice.note, 400)] if notice.note and notice.state in {"declined", "countered"} else []
    blocks = [section(_head(notice), lines[0], *quote, *lines[1:])]
    return message(f"{_head(notice)}: {' '.join(lines)}", [*blocks, *_words(notice)])


def reminder(notice: OwnershipReminder) -> Message:
    """Once, where nobody said anything for days; they are mentioned because they must act."""
    line = f"<@{notice.user}> {_head(notice)}: {waiting_line(notice)}"
    return message(line, [section(line), *waiting_buttons(notice)])


def waiting_line(notice: OwnershipAsk) -> str:
    """What waits, in a sentence, wherever it is told."""
    return f"{_offer(notice)} You decide." if notice.state == "countered" else _question(notice)[0]


def waiting_block(notice: OwnershipAsk) -> list[Block]:
    """What waits, with its buttons, among what somebody owes."""
    return [section(f"{_head(notice)}: {waiting_line(notice)}"), *waiting_buttons(notice)]


def waiting_buttons(notice: OwnershipAsk) -> list[Block]:
    """For who must act: the unit's answers, or the word of who asked."""
    return _words(notice) if notice.state == "countered" else _replies(notice)


def _head(notice: OwnershipAsk) -> str:
    return f"*{inline(notice.key, 30)}* {inline(notice.title, 120)}"


def _question(notice: OwnershipAsk) -> list[str]:
    unit, by = inline(notice.unit, 40), inline(notice.asked_by, 40)
    beside = f" together with {_names(notice.beside)}" if notice.beside else ""
    goal = f"{amount(notice.course)}, under {inline(notice.objective, 90)}." if notice.course else ""
    reports = f"{inline(notice.reporter, 40)} reports its value; you" if notice.reporter else "You"
    return [
        f"{by} asks whether {unit} owns it{beside}.",
        f"{goal} {reports} would be asked at each check-in how it looks from {unit}.".strip(),
    ]


def _names(names: Sequence[str]) -> str:
    return " and ".join(some([inline(name, 40) for name in names], OTHERS))


def _standing(notice: OwnershipAsk) -> str:
    """What was said so far, in a sentence; "" before the first answer."""
    unit, who = inline(notice.unit, 40), _who(notice)
    if notice.over:
        return f"{unit} was asked once more; see the newer message."
    by = f" with {_names(notice.beside)}" if notice.beside else ""
    supported = f" It is supported by {inline(notice.support, 80)}." if notice.support else ""
    words = {
        "accepted": f"{who} owns it{by}.{supported}",
        "declined": f"{who} does not own it.",
        "withdrawn": f"{unit} is not asked to own it any more{_because(notice)}.",
        "countered": _offered(notice),
    }
    return words.get(notice.state, "")


def _offered(notice: OwnershipAsk) -> str:
    """The offer, and who decides or what was agreed."""
    if notice.agreed and notice.other:
        return f"Agreed: {inline(notice.other, 40)} is asked instead."
    if notice.agreed:
        return f"Agreed: {inline(notice.unit, 40)} supports it only."
    by = "You decide" if isinstance(notice, OwnershipTold) else f"{inline(notice.asked_by, 40)} decides"
    return f"{_offer(notice)} {by}."


def _because(notice: OwnershipAsk) -> str:
    return f", because {inline(notice.ended, 40)} was closed" if notice.ended else ""


def _who(notice: OwnershipAsk) -> str:
    return f"{inline(notice.unit, 40)} ({inline(notice.answered_by or 'a lead', 40)})"


def _offer(notice: OwnershipAsk) -> str:
    who, other = _who(notice), inline(notice.other or "", 40)
    offer = f"would rather that {other} owns it" if other else "would support it, and not own it"
    return f"{who} {offer}."


def _replies(notice: OwnershipAsk) -> list[Block]:
    about, waits = str(notice.ownership), notice.state == "countered" and not notice.agreed
    if notice.state == "asked" or waits:
        accept = button("Accept", ids.of(ids.OWN_ACCEPT, about), about, style=None if waits else "primary")
        other = button("Offer something else", ids.of(ids.OWN_COUNTER, about), about)
        return [actions(accept, other, button("Decline", ids.of(ids.OWN_DECLINE, about), about))]
    if notice.state == "accepted":
        return [actions(button("Show", ids.OKR_SHOW, notice.key))]
    return []


def _next_step(notice: OwnershipTold) -> list[str]:
    if notice.over or notice.state != "declined":
        return []
    left = f"{_names(notice.beside)} own{'s' if len(notice.beside) == 1 else ''} it now. " if notice.beside else ""
    return [f"{left}Choose another co-owner, or agree on a part that {inline(notice.unit, 40)} can own."]


def _words(notice: OwnershipAsk) -> list[Block]:
    about = str(notice.ownership)
    if notice.over:
        return []
    if notice.state == "declined" and isinstance(notice, OwnershipTold) and notice.editable:
        return [actions(button(f"Edit {notice.key}", ids.AUTHOR_EDIT, notice.key))]
    if notice.state == "countered" and not notice.agreed:
        yes = f"Ask {notice.other}" if notice.other else "Agree: support only"
        shown = ids.pack(ownership=notice.ownership, seen=notice.seen[:40])
        return [
            actions(
                button(yes, ids.of(ids.OWN_AGREE, about), shown, style="primary"),
                button(f"Ask {notice.unit} again", ids.of(ids.OWN_INSIST, about), shown),
            )
        ]
    return []


def accept_form(data: Opened) -> Block:
    """Accepting, with what of the unit's own supports it."""
    blocks = [_subject(data), _support(data.own, data.ask.unit)]
    return _form(ids.OWN_ACCEPT_FORM, "Own it together", blocks, data, submit="Accept")


def counter_form(data: Opened) -> Block:
    """Another unit, or supporting only."""
    choices = [("To support it only, and not own it", SUPPORT_ONLY)]
    choices += [(f"That {name} owns it instead", key) for key, name in data.others[: MOST_CHOICES - 1]]
    menu = select([option(label, value) for label, value in choices], placeholder="Choose")
    why = text_input(placeholder="One sentence; it goes to who asked", longest=LONGEST)
    blocks = [
        _subject(data),
        input_block(ids.OWN_OTHER, f"What does {data.ask.unit} offer?", menu, optional=False),
        _support(data.own, data.ask.unit),
        input_block(ids.OWN_NOTE, "Why", why),
    ]
    return _form(ids.OWN_COUNTER_FORM, "Something else", blocks, data, submit="Offer")


def decline_form(data: Opened) -> Block:
    """Why not; it goes to who asked."""
    why = text_input(placeholder="One sentence; it goes to who asked", longest=LONGEST)
    note = input_block(ids.OWN_NOTE, f"Why does {data.ask.unit} not own it?", why, optional=False)
    return _form(ids.OWN_DECLINE_FORM, "Decline", [_subject(data), note], data, submit="Decline")


def _form(callback: str, title: str, blocks: list[Block], data: Opened, *, submit: str) -> Block:
    return modal(callback, title, blocks, submit=submit, metadata=ids.pack(ownership=data.ask.ownership))


def _subject(data: Opened) -> Block:
    return section(_head(data.ask), *_question(data.ask))


def _support(own: Sequence[tuple[str, str]], unit: str, chosen: str = "") -> Block:
    options = [option(label, value) for value, label in (*own, (NONE, "Nothing of its own yet"))]
    initial = next((one for one in options if one["value"] == chosen), None)
    return input_block(
        ids.OWN_SUPPORT,
        f"What of {possessive(unit)} own supports it?",
        select(options, placeholder="An objective or a key result", initial=initial),
        hint="What is in nobody's own plan is done last. It can be linked later too.",
    )


def support_form(data: SupportForm) -> Block:
    """What of a unit's own supports a key result that it owns together with others."""
    head = f"*{inline(data.key, 30)}* {inline(data.title, 200)}"
    blocks = [section(head), _support(data.choices, data.unit_name, data.chosen)]
    metadata = ids.pack(key=data.key, unit=data.unit)
    return modal(ids.SUPPORT_FORM, "What supports it", blocks, submit="Save", metadata=metadata)
