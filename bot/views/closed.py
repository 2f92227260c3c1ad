"""The end of a cycle's close: the form that closes, what closing did, what was opened again.

Data in, blocks out; who may do it comes with the data.
"""

from bot.views import ids
from bot.views.blocks import Block, Message, context, input_block, message, modal, section, text_input
from bot.views.inputs import a_day, boxes
from bot.views.text import count, day, few, inline, listed, said
from rituals.closing.pages import BeingClosed, FinishForm
from rituals.notices.closing import ClosingProgress, Finished, Went


def finish_form(form: FinishForm) -> Block:
    """What closing will do, and into which cycle what is carried over goes."""
    counts = [(form.closed, "closed"), (form.carried, "carried over"), (form.dropped, "dropped")]
    told = listed([f"{n} {what}" for n, what in counts if n]) or "no key results"
    exists = " It exists already: its days stay." if form.exists else " It is made now."
    blocks = [
        section(f"*{inline(form.cycle)}*: {told}. The grades stay as they are then; an admin can open it again."),
        *_early(form),
        input_block(
            ids.CLOSING_NEXT,
            "Next cycle",
            text_input(initial=form.key, longest=40),
            hint=f"What is carried over goes there.{exists}",
            optional=False,
        ),
    ]
    if not form.exists:
        blocks.append(input_block(ids.CLOSING_STARTS, "Its first day", a_day(form.starts.isoformat()), optional=False))
        blocks.append(input_block(ids.CLOSING_UNTIL, "Its last day", a_day(form.until.isoformat()), optional=False))
    if form.choices:
        blocks.append(context(f"Open cycles: {listed([inline(key, 40) for key in form.choices])}."))
    return modal(
        ids.CLOSING_FINISH_FORM,
        f"Close {form.cycle}",
        blocks,
        submit="Close it",
        metadata=ids.pack(cycle=form.cycle[:150], starts=form.starts.isoformat(), until=form.until.isoformat()),
    )


def _early(form: FinishForm) -> list[Block]:
    if not form.days_left:
        return []
    label = f"Close it {count(form.days_left, 'day')} early: no more check-ins in it"
    box = boxes([("early", label)])
    return [input_block(ids.CLOSING_EARLY, f"It runs until {day(form.ends)}", box, optional=False)]


def finished(done: Finished) -> Message:
    """What closing did, with what is to be mended by hand."""
    where = f"{count(done.channels, 'channel')}" if done.channels else "no channel: `/okr close-cycle results` shows it"
    head = f"{inline(done.cycle)} is closed. The look back is posted to {where}."
    new = " It was made." if done.opened else ""
    lines = [f"{count(len(done.key_results), 'key result goes', 'key results go')} on in {inline(done.into)}.{new}"]
    lines += few(done.key_results, _went, 8)
    blocks = [section(head, *lines)]
    if done.lost:
        lost = listed([f"{inline(one.now, 30)} (was {inline(one.before, 30)})" for one in done.lost])
        blocks.append(
            section(f"Without a link upward now, because what they moved ended: {lost}.", "`/okr edit` links them.")
        )
    return message(f"{head} {lines[0]}", blocks)


def _went(one: Went) -> str:
    return f"{inline(one.before, 30)} → *{inline(one.now, 30)}*"


def being_closed(found: BeingClosed) -> Message:
    """The form was taken, and a message says what comes of it."""
    head = f"Closing {inline(found.cycle)} …"
    if found.by:
        lines = [f"{inline(found.by)} asked for it already, and is told what comes of it."]
    else:
        lines = [f"{count(found.total, 'key result')}: it takes some seconds. A message from me says what came of it."]
    return message(f"{head} {lines[0]}", [section(head, *lines)])


def progress(notice: ClosingProgress) -> Message:
    """The message to who asked for it: that it is being done, then what came of it."""
    if notice.done is not None:
        return finished(notice.done)
    cycle = inline(notice.cycle)
    if notice.why:
        head = f"{cycle} is not closed, and nothing was changed."
        then = f"`/okr close-cycle {cycle}` goes on from there."
        return message(f"{head} {said(notice.why, 900)}", [section(head, said(notice.why, 900), then)])
    head = f"Closing {cycle} …"
    line = f"{count(notice.total, 'key result')}, going on in {inline(notice.into)}. This takes some seconds."
    return message(f"{head} {line}", [section(head, line)])


def opened_again(cycle: str) -> Message:
    """After an admin opened a closed cycle."""
    text = f"{inline(cycle)} is open again. `/okr close-cycle {inline(cycle)}` shows it; what goes on goes on."
    return message(text, [section(text)])
