"""The proposal of a workshop to who leads its portfolio, and what became of it. Data in, blocks out."""

from bot.views import ids
from bot.views.blocks import Block, Message, actions, button, message, section
from bot.views.text import inline, listed, moment
from rituals.notices.workshops import WorkshopOffered

LINES = 6


def offer(notice: WorkshopOffered) -> Message:
    """When and where it could be, with what can be done; what became of it once that is known."""
    head = f"Alignment workshop of {inline(notice.unit, 60)} for {inline(notice.cycle, 30)}"
    text = _said(notice)
    return message(f"{head}. {text[0]}", [section(f"*{head}*", *text), *_buttons(notice)])


def _said(notice: WorkshopOffered) -> list[str]:
    place, by = f"in <#{inline(notice.channel, 30)}>" if notice.channel else "", inline(notice.by, 40) or "Somebody"
    when = f"{moment(notice.starts_at)} {place}".strip()
    if notice.state == "open":
        return [f"Nobody has planned it yet. It could be {when}.", _brings(notice)]
    if notice.state == "declined":
        return [f"{by} left it out for this cycle.", f"It can be planned all the same, for {when}."]
    if notice.state == "planned":
        return [f"{by} planned it: {when}.", _brings(notice)]
    return [_ENDED[notice.state]]


_ENDED = {
    "begun": "It has begun.",
    "held": "It was held.",
    "cancelled": "It was called off. It can be planned anew.",
    "over": "Nobody planned it, and the cycle is over.",
}


def _brings(notice: WorkshopOffered) -> str:
    names = listed([inline(name, 40) for name in notice.lines], LINES) or "each line"
    return (
        f"It takes about {notice.minutes} minutes, ten each for {names}. "
        f"Their leads are asked for drafts {moment(notice.asks_at)}."
    )


def _buttons(notice: WorkshopOffered) -> list[Block]:
    unit, cycle = notice.about
    about = ids.pack(unit=unit, cycle=cycle)
    other = button("Another time", ids.WORKSHOP_PLAN, about)
    if notice.state == "open":
        return [actions(_says(notice, "plan", "Plan it"), other, _says(notice, "skip", "Not this cycle"))]
    if notice.state == "declined":
        return [actions(_says(notice, "plan", "Plan it after all"), other)]
    if notice.state == "planned":
        return [actions(other)]
    return [actions(button("Plan it anew", ids.WORKSHOP_PLAN, about))] if notice.state == "cancelled" else []


def _says(notice: WorkshopOffered, what: str, label: str) -> Block:
    unit, cycle = notice.about
    value = ids.pack(unit=unit, cycle=cycle, at=int(notice.starts_at.timestamp()))
    style = "primary" if what == "plan" and notice.state == "open" else None
    return button(label, ids.of(ids.WORKSHOP_OFFER, what), value, style=style)
