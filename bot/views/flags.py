"""Flags over time: the co-owners' thread with the views side by side, what is said in it, its form; and lines of cards
about flags. Data in, blocks out; who may say what is decided elsewhere.
"""

import re
from collections.abc import Sequence
from datetime import date

from bot.views import ids, inputs
from bot.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    fields,
    input_block,
    message,
    modal,
    section,
    text_input,
)
from bot.views.lines import kr_name, standing, status_line
from bot.views.text import amount, count, day, day_of, few, inline, link, listed, quoted, said, sentence, some
from rituals.flags.questions import LONGEST, Question
from rituals.notices.flags import (
    FlagEnded,
    FlagLine,
    FlagNews,
    FlagSaid,
    FlagThreadNotice,
    FlagWords,
    OwnerView,
    OwnerWords,
)

MEMBER = re.compile("[UW][A-Z0-9]{2,20}")
QUESTION = "What is the true value today, and what is the next step by when?"
SIDES = 6
SPEAKERS = 18  # owners with a button; with those to agree a row takes 25
REASONS = 3
ENDED = {
    "recovered": "It has recovered by itself; nothing more is asked here.",
    "closed": "Its cycle is over; nothing more is asked here.",
    "": "Nothing more is asked here.",
}


def thread(notice: FlagThreadNotice) -> Message:
    """What fell behind, the question, and what each owner says; once it has ended, how."""
    line = notice.line
    head = f"{kr_name(line.key, line.title, 120)} is falling behind"
    status = status_line(line.status, line.by_hand)
    stands = [f"{status}: {standing(line)}"] if line.by_hand is None else [status, sentence(standing(line))]
    blocks = [section(head if notice.state == "open" else _over(notice), *stands, *_why(notice))]
    if notice.state == "open":
        blocks.append(section(f"{_called(notice)}*{QUESTION}*"))
    blocks += _sides(notice)
    if notice.state == "open":
        blocks += [*_buttons(notice), context(_counts(notice))]
    text = f"{head}: {standing(line)}. {QUESTION}" if notice.state == "open" else _over(notice)
    return message(text, blocks)


def _over(notice: FlagThreadNotice) -> str:
    name = kr_name(notice.line.key, notice.line.title, 120)
    if notice.state == "agreed":
        return f"{name}: agreed on {amount(notice.agreed or 'a value')}{_next(notice.step, notice.step_on)}"
    return f"{name}: {ENDED[notice.ended]}"


def _why(notice: FlagThreadNotice) -> list[str]:
    return few(notice.why, _reason, REASONS) if notice.state == "open" else []


def _reason(line: FlagLine) -> str:
    since = f", since {day(line.since)}" if line.since else ""
    named = line.words.casefold().startswith(line.rule.casefold())
    return f"{sentence(said(line.words, 200)) if named else f'{inline(line.rule, 20)}: {said(line.words, 200)}'}{since}"


def _called(notice: FlagThreadNotice) -> str:
    """Those who are to act, mentioned where they are awake; elsewhere their names."""
    users = dict.fromkeys(user for view in notice.views for user in view.ping if MEMBER.fullmatch(user))
    people = [f"<@{user}>" for user in users]
    return f"{' '.join(people)} " if people else ""


def _sides(notice: FlagThreadNotice) -> list[Block]:
    """Both views beside each other; of more than six the first ones."""
    shown = notice.views[:SIDES]
    blocks = [fields([_side(view) for view in shown])] if shown else []
    if len(notice.views) > SIDES:
        blocks.append(context(f"and {count(len(notice.views) - SIDES, 'more owner')}"))
    return blocks


def _side(view: OwnerView) -> str:
    name = f"*{inline(view.name, 40)}*"
    if view.value is None:
        asked = listed([inline(name, 40) for name in view.people], 3)
        return f"{name}\nnothing said yet{f' ({asked})' if asked else ''}"
    by = ", ".join(part for part in (inline(view.by, 40), day_of(view.at) if view.at else "") if part)
    lines = [f"{name}\n{amount(view.value)}{f' ({by})' if by else ''}", _next(view.step, view.step_on)[2:]]
    return "\n".join([*(sentence(line) for line in lines if line), *([quoted(view.note, 200)] if view.note else [])])


def _next(step: str, on: date | None) -> str:
    """`; next: the pilot goes live by 1 Dec`."""
    return f"; next: {said(step, 200)}{f' by {day(on)}' if on else ''}" if step else ""


def _buttons(notice: FlagThreadNotice) -> list[Block]:
    """One for each owner whom the reader may speak for, then one for each value that can be agreed with; none for who
    stood in for a lead and does not any more."""
    views = list(enumerate(notice.views))
    mine = notice.mine
    say = [
        button(_say_label(notice, one), ids.of(ids.FLAG_SAY, n), ids.pack(thread=notice.thread, unit=one.unit_key))
        for n, one in views
        if mine is None or one.unit_key in mine
    ][:SPEAKERS]
    agree = [
        button(f"Agree with {one.value}", ids.of(ids.FLAG_AGREE, n), ids.pack(thread=notice.thread, view=one.view))
        for n, one in views[:SIDES]
        if one.value and one.view and (mine is None or set(mine) - {one.unit_key})
    ]
    return [actions(*say, *agree)] if say or agree else []


def _say_label(notice: FlagThreadNotice, view: OwnerView) -> str:
    what = "change" if view.view else "answer"
    return f"{view.name}: {what}" if notice.mine is None or len(notice.mine) > 1 else what.capitalize()


def _counts(notice: FlagThreadNotice) -> str:
    apart = f" within {amount(notice.within)} of each other" if notice.within else ""
    reporter = f"{inline(notice.line.reporter, 40)}'s report" if notice.line.reporter else "the report"
    return f"Once all owners say the same{apart}, it is written as {reporter}."


def words(notice: FlagWords) -> Message:
    """Each owner's last words, quoted and linked."""
    blocks = [section(*_quoted(one)) for one in notice.words[:SIDES]]
    return message(f"The last words on {inline(notice.key, 30)}.", [section("*The last words of each*"), *blocks])


def _quoted(one: OwnerWords) -> list[str]:
    if not one.text:
        return [f"*{inline(one.name, 40)}*: no words yet"]
    parts = [inline(one.by, 40), day(one.on) if one.on else "", link(one.permalink, "words") if one.permalink else ""]
    who = ", ".join(part for part in parts if part)
    return [f"*{inline(one.name, 40)}*{f' ({who})' if who else ''}", quoted(one.text, 400)]


def said_in_thread(notice: FlagSaid) -> Message:
    """What one owner has just said."""
    view = notice.view
    by = f" ({inline(view.by, 40)})" if view.by else ""
    line = f"*{inline(view.name, 40)}*{by}: {amount(view.value or 'no value')}{_next(view.step, view.step_on)}"
    return message(line, [section(line, *([quoted(view.note, 400)] if view.note else []))])


def ended(notice: FlagEnded) -> Message:
    """The last line of a thread."""
    name = kr_name(notice.key, notice.title, 120)
    if notice.state != "agreed":
        line = f"{name}: {ENDED[notice.ended]}"
        return message(line, [section(line)])
    owners = " and ".join(some([inline(owner, 40) for owner in notice.owners], 4))
    line = f"{owners} agree: {amount(notice.value or 'no value')}{_next(notice.step, notice.step_on)}."
    return message(f"{name}: {line}", [section(line, f"It is written as the value of {name}.")])


def form(asked: Question) -> Block:
    """What one owner says: the value, the next step and its day, a note."""
    typed, unit = asked.typed, f" in {asked.measured_in}" if asked.measured_in else ""
    value = text_input(placeholder=f"Last: {asked.last}" if asked.last else "", initial=typed.value, longest=200)
    step = text_input(placeholder="One sentence: who does what", initial=typed.step, longest=LONGEST)
    note = text_input(placeholder="Why you see it so", initial=typed.note, multiline=True, longest=LONGEST)
    hint = f"Expected {asked.expected} by now" if asked.expected else ""
    return modal(
        ids.FLAG_FORM,
        f"{asked.key}: your view",
        [
            section(f"{kr_name(asked.key, asked.title, 200)} as {inline(asked.name, 40)} sees it"),
            input_block(ids.FLAG_VALUE, f"Value today{unit}", value, hint=hint, optional=False),
            input_block(ids.FLAG_STEP, "Next step", step, optional=False),
            input_block(ids.FLAG_DAY, "By when", inputs.a_day(typed.day), optional=False),
            input_block(ids.FLAG_NOTE, "Note", note),
        ],
        submit="Send",
        metadata=ids.pack(thread=asked.thread, unit=asked.unit),
    )


def reason_lines(lines: Sequence[FlagLine]) -> list[str]:
    """Why it falls behind, each reason with its rule, since when, and what to do next."""
    return few(lines, lambda line: f"{_reason(line)}{_advised(line)}", REASONS)


def _advised(line: FlagLine) -> str:
    return f"\nNext: {said(line.step, 160)}" if line.step else ""


def news_line(one: FlagNews) -> str:
    """`10 Nov  fell behind: 34 points behind (…)` in the history of one key result."""
    reason = "was " if one.event == "recovered" else ""
    return f"{day(one.on)}  {inline(one.what, 40)}: {reason}{said(one.words, 160)}"
