"""Key results in reply to commands: the list, the shared ones, the update form, what was saved, a choice.

One key result's card is in `cards`. Data in, blocks out; order and figures come with the data.
"""

from collections.abc import Sequence

from bot.views import ids
from bot.views.answer_form import confidence_select
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
from bot.views.lines import SHAPES, WORDS, kr_line, plain_marked, saved_line, standing
from bot.views.pickers import key_result_picker
from bot.views.sides import brief_sides
from bot.views.text import amount, beside, count, day, inline, listed, said, sentence, some
from rituals.errors import Choice
from rituals.notices import KrLine
from rituals.okrs.cards import LINES, MENU, ListPage, Saved, SharedKr, SharedPage, UpdateForm
from rituals.okrs.model import HandStatus

REASONS, WELL = 5, 8
SETTABLE: tuple[HandStatus, ...] = ("on_track", "at_risk", "off_track")
TITLE = 45  # two rows on a phone, with the value


def list_page(page: ListPage) -> Message:
    """One page of a list of key results; buttons turn it in its place."""
    title = f"*{inline(page.title)}*  {page.total}"
    notes = [f"I read {inline(typed, 40)} as {inline(meant, 40)}." for typed, meant in page.read]
    if not page.lines:
        line = f"{inline(page.title)}: no key results."
        return message(
            line, [section(line), context(*notes, "Try `/okr list`, `/okr list behind` or `/okr list shared`.")]
        )
    shown, in_part = page.lines, page.total > len(page.lines)
    if in_part:
        title = f"{title}, {page.start + 1} to {page.start + len(shown)}"
    reasons = dict(page.why)
    lines = [_owned(line, page, reasons.get(line.key, "")) for line in shown]
    blocks = [section(title), *(section(line) for line in lines), _turning(page)]
    if in_part and not page.query:
        notes.append("Narrow it: `/okr list mine`, `behind`, `shared` or a unit's name, also together.")
    if notes:
        blocks.append(context(*notes))
    first = f", {'the first' if not page.start else f'from {page.start + 1} on'} {kr_line(shown[0])}"
    return message(f"{inline(page.title)}: {count(page.total, 'key result')}{first}.", blocks)


def _owned(line: KrLine, page: ListPage | None = None, why: str = "") -> str:
    """The line with its owners, who in a list of one's own are named only where there are others; there with its pace,
    which elsewhere stands among the reasons.
    """
    owners = line.owners if line.shared or page is None or "mine" not in page.query.split() else ()
    told = listed([inline(owner, 30) for owner in owners], 3)
    reason = said(why, 160) if why else ""
    if page is None:
        return " · ".join(part for part in (kr_line(line, TITLE), told) if part)
    below = " · ".join(part for part in (amount(line.pace), told) if part)
    return "\n".join(part for part in (kr_line(line, TITLE), below, reason) if part)


def _turning(page: ListPage) -> Block:
    """Back, on to the rest, and any one opened."""
    end = page.start + len(page.lines)
    rest = page.total - end
    back, on = _to(page, max(0, page.start - LINES)), _to(page, end)
    return actions(
        button("Back", ids.of(ids.LIST_PAGE, "back"), back) if page.start else None,
        button(f"and {rest} more", ids.of(ids.LIST_PAGE, "on"), on) if rest > 0 else None,
        _open_one(page.choices),
    )


def _to(page: ListPage, start: int) -> str:
    return ids.pack(query=page.query[:200], start=start)


def _open_one(choices: Sequence[tuple[str, str]]) -> Block:
    options = [option(f"{key} {title}", key) for key, title in choices[:MENU]]
    return select(options, placeholder="Open one", action_id=ids.OKR_OPEN)


def shared_page(page: SharedPage) -> Message:
    """Shared key results: who owns, who lags, why; those that do not fall behind in a line."""
    if not page.key_results:
        return message("No key result is shared by two units.", [section("No key result is shared by two units.")])
    behind = [one for one in page.key_results if one.why]
    well = [one.line for one in page.key_results if not one.why]
    title = f"*{inline(page.title)}*  {len(page.key_results)}, {len(behind)} falling behind"
    blocks = [section(title), *(section(*_shared(one)) for one in behind[:REASONS])]
    if len(behind) > REASONS:
        blocks.append(context(f"and {len(behind) - REASONS} more: `/okr list shared behind`"))
    if well:
        told = listed([f"*{inline(line.key, 30)}* {standing(line)}" for line in well], WELL, between="; ")
        blocks.append(section(f"Not behind: {told}"))
    blocks.append(actions(_open_one([(one.line.key, one.line.title) for one in page.key_results])))
    return message(f"{count(len(page.key_results), 'shared key result')}, {len(behind)} falling behind.", blocks)


def _shared(one: SharedKr) -> list[str]:
    lines = [_owned(one.line), sentence(f"{said('; '.join(one.why), 240)}."), *_since_and_next(one)]
    if one.lags:
        lines.append(f"Lags: {listed(_together(one.lags), 4)}")
    return [*lines, *brief_sides(one.sides, 3)]


def _since_and_next(one: SharedKr) -> list[str]:
    """`Since 10 Nov. Next: agree on what closes the gap`: of the first reason, which weighs most."""
    if not one.flags:
        return []
    since = min((flag.since for flag in one.flags if flag.since), default=None)
    parts = [f"Since {day(since)}." if since else "", f"Next: {said(one.flags[0].step, 160)}"]
    return [" ".join(part for part in parts if part)]


def _together(lags: Sequence[str]) -> list[str]:
    """Units that lag for the same reason with the reason once: `Analytics and Payments (no word yet)`."""
    units: dict[str, list[str]] = {}
    for lag in lags:
        unit, _, reason = lag.partition(" (")
        units.setdefault(inline(reason, 60), []).append(inline(unit, 40))
    return [f"{' and '.join(some(names, 3))}{f' ({reason}' if reason else ''}" for reason, names in units.items()]


def update_form(form: UpdateForm) -> Block:
    """One update: value, confidence, note, evidence, a status by hand. Only what was typed stands in the fields."""
    blocks = [_subject(form)]
    hint = _hint(form)
    value = text_input(
        placeholder=f"Last: {form.last}" if form.last else "A number, such as 30 or 45% or +5",
        initial=form.value,
        longest=200,
    )
    unit = f" in {form.measured_in}" if form.measured_in else ""
    blocks += [
        input_block(ids.KR_VALUE, f"Value{unit}", value, hint=hint),
        input_block(ids.KR_CONFIDENCE, "Confidence", confidence_select(form.confidence, form.last_confidence)),
        input_block(ids.KR_NOTE, "Note", text_input(placeholder="What moved it", initial=form.note)),
        input_block(
            ids.KR_EVIDENCE,
            "Evidence",
            text_input(placeholder="https://…", initial=form.evidence, longest=1000),
        ),
        *_by_hand(form),
    ]
    title = f"Update {form.key}" if form.key else "Update a key result"
    metadata = ids.pack(key=form.key, update=form.update)
    return modal(ids.UPDATE_FORM, title, blocks, submit="Save", metadata=metadata)


def _subject(form: UpdateForm) -> Block:
    if form.key:
        return section(f"*{inline(form.key)}* {inline(form.title, 200)}")
    return input_block(ids.KR_PICK, "Key result", key_result_picker(), optional=False)


def _by_hand(form: UpdateForm) -> list[Block]:
    """A status of one's own with its reason, beside what the figures say."""
    options = {status: option(f"{SHAPES[status]} {WORDS[status]}", status) for status in SETTABLE}
    chosen = select(
        [*options.values()], placeholder="As the figures say", initial=options[form.status] if form.status else None
    )
    now = " ".join(plain_marked(form.computed, form.by_hand)) if form.computed else ""
    hint = f"Now {now}. What you set stands beside it until the next update." if now else ""
    reason = text_input(placeholder="What the figures do not show", initial=form.status_reason, longest=500)
    return [
        input_block(ids.KR_STATUS, "Status, if it is not what the figures say", chosen, hint=hint),
        input_block(ids.KR_REASON, "Reason for that status", reason),
    ]


def _hint(form: UpdateForm) -> str:
    if not form.last:
        return "Where it is no number: yes or no, or the milestones that are done" if not form.key else ""
    if form.value:
        expected = f", expected {beside(form.last, form.expected)}" if form.expected else ""
        return f"Last {form.last}{expected}"
    return f"Expected {form.expected} by now" if form.expected else ""


def saved(reply: Saved) -> Message:
    """The reply to an update by command or form, with the way back."""
    line = reply.line
    text = f"{'' if line.undone else 'Saved: '}{saved_line(line)}"
    blocks = [section(text, inline(reply.title, 120))]
    if not line.undone:
        undo = button("Undo", ids.SAVED_UNDO, str(line.update)) if line.undoable else None
        blocks.append(actions(undo, button("Edit", ids.SAVED_EDIT, str(line.update))))
    return message(text, blocks)


def choose(question: str, choices: Sequence[Choice], action: str, *, most: int = 5) -> Message:
    """One of several key results: a button each, whose value is the choice's; `action` is one of `ids`."""
    shown = choices[:most]
    buttons = [button(choice.label, ids.of(action, number), choice.value[:2000]) for number, choice in enumerate(shown)]
    blocks = [section(said(question, 500)), *([actions(*buttons)] if buttons else [])]
    if len(choices) > most:
        blocks.append(context(f"and {len(choices) - most} more: type its key, such as {inline(choices[most].value)}"))
    return message(f"{said(question, 500)} {listed([inline(c.label, 60) for c in shown], most)}", blocks)
