"""The forms of the alignment workshop and the replies of `/okr workshop`. Data in, blocks out; what was typed stands in
the fields again.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

from bot.views import ids, inputs
from bot.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    input_block,
    message,
    modal,
    option,
    section,
    select,
    text_input,
)
from bot.views.text import inline, listed, moment, said
from bot.views.workshops import KINDS, board, move, whole
from rituals.errors import FormRefusal
from rituals.workshops.cards import ItemForm, Pick, PlanForm, Preview, Status
from rituals.workshops.noting import Noted
from rituals.workshops.rules import Kind, Provider

LONGEST = 500
MOST = 100
MISSING = 5
DELIVERS = {"draft": "{line} delivers", "other": "The other line delivers"}


def block_of(field: str) -> str:
    """The block of a form's field."""
    return ids.of(ids.WORKSHOP_FIELD, field)


def typed(view: Mapping[str, Any]) -> dict[str, str]:
    """What stands in a workshop form, by field."""
    found = {}
    for block_id, elements in view["state"]["values"].items():
        for state in elements.values():
            chosen = (state.get("selected_option") or {}).get("value")
            keys = ("value", "selected_date", "selected_time", "selected_conversation")
            found[ids.split(block_id)[1]] = str(chosen or next((state[k] for k in keys if state.get(k)), "")).strip()
    return found


def plan_form(form: PlanForm) -> Block:
    """Unit, cycle, channel, day and hour, and what that would bring."""
    chosen = form.typed
    blocks = [
        _choice("unit", "Whose lines present", form.units, chosen.get("unit", ""), redraws=True),
        _choice("cycle", "For the cycle", form.cycles, chosen.get("cycle", ""), redraws=True),
        _input("channel", "In the channel", inputs.channel(chosen.get("channel", ""))),
        _input("day", "Day", inputs.a_day(chosen.get("day", "")), redraws=True),
        _input("hour", "Hour", inputs.hour(chosen.get("hour", "")), hint=f"In your zone, {form.zone}.", redraws=True),
        *_preview(form.preview),
    ]
    name = "Move the workshop" if form.moving else "Plan the workshop"
    metadata = ids.pack(moving=int(form.moving))
    return modal(ids.WORKSHOP_PLAN_FORM, name, blocks, submit="Move" if form.moving else "Plan", metadata=metadata)


def _input(field: str, label: str, element: Block, *, hint: str = "", redraws: bool = False) -> Block:
    block = input_block(block_of(field), label, element, hint=hint, optional=False)
    return {**block, "dispatch_action": True} if redraws else block


def _choice(field: str, label: str, picks: Sequence[Pick], chosen: str, *, redraws: bool = False) -> Block:
    return _input(field, label, _menu(picks, chosen), redraws=redraws)


def _menu(picks: Sequence[Pick], chosen: str) -> Block:
    options = [option(pick.label, pick.key) for pick in picks[:MOST]] or [option("none", "-")]
    initial = next((one for one in options if chosen and one["value"] == chosen[:150]), None)
    return select(options, placeholder="Choose", initial=initial)


def _preview(preview: Preview | None) -> list[Block]:
    if preview is None:
        return [section("Choose a day and an hour to see what it brings.")]
    names = listed([inline(name, 40) for name in preview.lines], 6) or "nobody"
    lines = [
        f"*{moment(preview.starts_at)}*, about {preview.minutes} minutes",
        f"Ten minutes each: {names}. Their leads are asked for drafts {moment(preview.asks_at)}.",
    ]
    if preview.over:
        lines.append("That is over. Choose a later time.")
    if preview.day_off:
        lines.append(f"That day is no working day: {inline(preview.day_off, 60)}.")
    if preview.late:
        late = listed([f"{inline(name, 40)} ({there})" for name, there in preview.late], 4)
        lines.append(f"In the quiet hours of {late}.")
    return [section(*lines)]


def item_form(form: ItemForm) -> Block:
    """What one saw in a line's drafts: kind, with whom, what."""
    chosen = form.typed
    kinds = [Pick(key=k, label=name) for k, name in KINDS.items() if k != "decision" or form.decides]
    delivers = [Pick(key=k, label=words.format(line=form.line[:40])) for k, words in DELIVERS.items()]
    what = text_input(placeholder="One sentence", initial=chosen.get("text", ""), multiline=True, longest=LONGEST)
    blocks = [
        section(f"On the drafts of *{inline(form.line, 60)}*"),
        _choice("kind", "What is it", kinds, chosen.get("kind") or "dependency"),
        _optional("other", "With which line", _menu(form.others, chosen.get("other", ""))),
        input_block(block_of("text"), "In a sentence", what, optional=False),
        _optional("provider", "Of a dependency: who delivers", _menu(delivers, chosen.get("provider") or "draft")),
        _optional("until", "Needed by", inputs.a_day(chosen.get("until", ""))),
    ]
    if form.objectives:
        blocks.insert(3, _optional("objective", "About", _menu(form.objectives, chosen.get("objective", ""))))
    metadata = ids.pack(workshop=form.workshop, line=form.line_key, item=form.item)
    return modal(ids.WORKSHOP_ITEM_FORM, "Note something", blocks, submit="Note", metadata=metadata)


def _optional(field: str, label: str, element: Block) -> Block:
    return input_block(block_of(field), label, element)


def answer_form(item: int, answer: str, line: str) -> Block:
    """Why not, or what will change; it goes to who noted it."""
    asked = {"declined": f"Why does {line} decline?", "adjusted": f"What will {line} change?"}
    why = text_input(placeholder="One sentence; it goes to who noted it", longest=LONGEST)
    name = "Decline" if answer == "declined" else "Change our draft"
    blocks = [input_block(block_of("note"), asked[answer], why, optional=False)]
    return modal(ids.WORKSHOP_ANSWER_FORM, name, blocks, submit="Send", metadata=ids.pack(item=item, answer=answer))


def not_yet_form(workshop: int) -> Block:
    """Why the set does not cover the objectives yet."""
    why = text_input(placeholder="One sentence; the lines read it", longest=LONGEST)
    blocks = [input_block(block_of("reason"), "What is missing?", why, optional=False)]
    return modal(ids.WORKSHOP_NOT_YET_FORM, "Not yet", blocks, submit="Send", metadata=ids.pack(workshop=workshop))


def status_page(status: Status) -> Message:
    """The agenda, where it stands, and what can be done about it."""
    meeting = status.board.meeting
    buttons: list[Block | None] = []
    if status.may and meeting.state in {"planned", "drafting"}:
        buttons = [
            move(meeting, "begin", "Start now"),
            button("Another time", ids.WORKSHOP_PLAN, ids.pack(workshop=meeting.workshop)),
            move(meeting, "cancel", "Call off"),
        ]
    blocks = [*whole(status.board), *([actions(*buttons)] if buttons else [])]
    if meeting.state not in {"closed", "cancelled"}:
        blocks.append(context(f"<#{inline(meeting.channel, 30)}> · {said(status.where, 300)}"))
    if status.others:
        blocks.append(context(f"Later: {listed([said(one, 80) for one in status.others], 3)}"))
    return message(board(status.board).text, blocks)


def none_planned(missing: Sequence[str] = ()) -> Message:
    """What is said where there is no workshop, and what keeps the bot from proposing one."""
    line = "No workshop is planned or running."
    plan = actions(button("Plan one", ids.WORKSHOP_PLAN, ids.pack(), style="primary"))
    return message(line, [section(line, *(said(one, 200) for one in missing[:MISSING])), plan])


def moved(where: str) -> Message:
    """What is said to who moved it on by a typed word."""
    line = said(where, 300)
    return message(line, [section(line)])


def planned_view(channel: str, starts_at: datetime) -> Block:
    """What takes the form's place when a workshop was planned."""
    lines = [
        f"*{moment(starts_at)}* in <#{inline(channel, 30)}>",
        "The lines' leads are asked for their drafts first; the agenda is posted there at its hour.",
    ]
    return modal(ids.WORKSHOP_PLAN_FORM, "Planned", [section(*lines)])


def noted(view: Mapping[str, Any], line: str) -> Noted:
    """What a form for an item says of the drafts of `line` (a unit's key). Raises FormRefusal for an unusable day."""
    texts = typed(view)
    try:
        until = date.fromisoformat(texts["until"]) if texts.get("until") else None
    except ValueError:
        raise FormRefusal({"until": "Choose a day."}) from None
    return Noted(
        kind=cast(Kind, texts.get("kind") or "dependency"),
        line=line,
        other=texts.get("other") or None,
        text=texts.get("text", ""),
        objective=texts.get("objective") or None,
        provider=cast(Provider, texts.get("provider", "")),
        until=until,
    )
