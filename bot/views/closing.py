"""The close of a cycle: how far it is, and the form of one key result. What closes it is in `closed`.

Data in, blocks out; who may do what comes with the data.
"""

from bot.views import ids
from bot.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    divider,
    input_block,
    message,
    modal,
    option,
    section,
    select,
    text_input,
)
from bot.views.lines import kr_name, standing, way
from bot.views.text import amount, count, day, few, inline, listed, sentence
from rituals.closing.pages import ClosingLine, ClosingObjective, ClosingPage, GradeForm
from rituals.closing.rules import LONGEST, Band, Outcome

KEY = 150  # of a key, in what a button carries
LINES = 6
BANDS: dict[Band | None, str] = {"green": "● green", "yellow": "◐ yellow", "red": "○ red", None: "– no score"}
OUTCOMES: dict[Outcome, str] = {"closed": "Close", "carried": "Carry over", "dropped": "Drop"}
DONE: dict[Outcome, str] = {"closed": "closed", "carried": "carried over", "dropped": "dropped"}
MEANS: dict[Outcome, str] = {
    "closed": "Close: it ends here with its score",
    "carried": "Carry over: goes on from where it is",
    "dropped": "Drop: not pursued any more",
}
EXPECTS = {"committed": "committed, expects 1.0", "aspirational": "aspirational, expects 0.7"}


def closing_page(page: ClosingPage) -> Message:
    """How far it is: what is left by objective, and what can be done next."""
    head = _head(page)
    done = [section(f"Done: {listed([inline(one) for one in page.did])}.")] if page.did else []
    blocks = [*done, section(f"*{head}*", *_state(page)), _next(page)]
    blocks += [block for one in page.objectives for block in _objective(page, one)]
    if page.more > 0:
        value = ids.pack(cycle=page.cycle[:KEY], start=page.start + len(page.objectives))
        blocks.append(actions(button(f"and {count(page.more, 'more objective')}", ids.CLOSING_MORE, value)))
    return message(f"{head}. {' '.join(_state(page))}", blocks)


def _head(page: ClosingPage) -> str:
    if page.closed:
        return f"{inline(page.cycle)} is closed"
    if not page.total:
        return f"Closing {inline(page.cycle)}"
    return f"Closing {inline(page.cycle)}: {page.left} of {page.total} left for you"


def _state(page: ClosingPage) -> list[str]:
    if page.closed:
        return [f"`/okr close-cycle results {inline(page.cycle)}` shows how it went."]
    lines = [] if page.ended else [f"It runs until {day(page.ends)}; you can grade ahead."]
    waits = [inline(name, 40) for name in page.others] + (["others"] if page.elsewhere else [])
    if waits:
        lines.append(f"{listed(waits, 5)} still {'has' if len(waits) == 1 else 'have'} key results to decide on.")
    elif not page.left:
        lines.append("Everything is decided." if page.may_close else "Nothing is left for you.")
    return lines


def _next(page: ClosingPage) -> Block:
    if page.closed:
        again = button("Open it again", ids.CLOSING_REOPEN, page.cycle[:KEY]) if page.may_reopen else None
        return actions(button("Results", ids.CLOSING_RESULTS, page.cycle[:KEY], style="primary"), again)
    finish = page.may_close and page.all_decided
    return actions(
        button(
            f"Decide on the next, {page.left} left", ids.CLOSING_OPEN, ids.pack(cycle=page.cycle[:KEY]), style="primary"
        )
        if page.left
        else None,
        button(
            "Take all suggestions",
            ids.of(ids.CLOSING_BATCH, "all"),
            ids.pack(cycle=page.cycle[:KEY], which="suggested"),
        )
        if page.left
        else None,
        button(f"Close {page.cycle}", ids.CLOSING_FINISH, page.cycle[:KEY], style="primary") if finish else None,
        button("Look again", ids.CLOSING_LOOK, page.cycle[:KEY]),
    )


def _objective(page: ClosingPage, one: ClosingObjective) -> list[Block]:
    decided = count(one.left, "left", "left") if one.left else "all decided"
    head = f"*{inline(one.key, 30)}* {inline(one.title, 70)} · {inline(one.unit, 40)}: {decided}"
    blocks = [section(head, *few(one.lines, _row, LINES))]
    if page.closed:
        return [divider(), *blocks]
    options = [option(f"{line.line.key} {line.line.title}", line.line.key) for line in one.lines]
    menu = select(options, placeholder="Open one", action_id=ids.of(ids.CLOSING_PICK, one.key))
    return [divider(), *blocks, actions(menu, *_batches(page.cycle, one))]


def _batches(cycle: str, one: ClosingObjective) -> list[Block | None]:
    def batch(label: str, which: str) -> Block:
        value = ids.pack(cycle=cycle[:KEY], objective=one.key[:KEY], which=which)
        return button(label, ids.of(ids.CLOSING_BATCH, f"{which}:{one.key}"), value)

    on_track = f"Carry over {one.on_track} on track"
    return [
        batch(on_track, "on_track") if one.on_track else None,
        batch(f"Take {count(one.left, 'suggestion')}", "suggested") if one.left else None,
    ]


def _row(line: ClosingLine) -> str:
    name = kr_name(line.line.key, line.line.title, 45)
    if line.decided is None:
        return f"{name}: {_score(line)}, suggests to {OUTCOMES[line.suggested_outcome].lower()}"
    one = line.decided
    by = f" ({inline(one.by, 30)})" if one.by else ""
    score = "" if one.score is None else f", {_band(one.band)} {one.score}"
    return f"✓ {name}: {DONE[one.outcome]}{score}{by}"


def _band(band: Band | None) -> str:
    return BANDS.get(band, BANDS[None])


def _score(line: ClosingLine) -> str:
    if line.suggested is None:
        return "no value was reported"
    return f"{_band(line.suggested_band)} {line.suggested}"


# One key result


def grade_form(form: GradeForm) -> Block:
    """One key result to decide on, with what the figures suggest filled in."""
    line, decided = form.line, form.line.decided
    left = f"{form.left} left" if form.left else "all decided"
    head = f"{left} of {form.total} · *{inline(form.objective, 30)}* {inline(form.objective_title, 80)}"
    kr = f"{kr_name(line.line.key, line.line.title, 150)} · {inline(form.unit, 40)}"
    goal = f"{amount(line.course)}, {EXPECTS[line.commitment]}" if line.course else EXPECTS[line.commitment]
    stands = f"Stands at {standing(line.line)}{way(line.line.progress, None)}." if line.line.now else "No value yet."
    blocks = [
        *([section(f"Done: {listed([inline(one) for one in form.did])}.")] if form.did else []),
        context(head),
        section(kr, f"{sentence(goal)}. {stands}", _suggests(form)),
        *_choices(form),
        actions(
            button("Skip", ids.of(ids.CLOSING_SKIP, line.line.key), _about(form)) if form.left > 1 else None,
            *_form_batches(form),
            button("Report a value", ids.of(ids.OKR_UPDATE, line.line.key), line.line.key),
        ),
    ]
    meta = ids.pack(cycle=form.cycle[:KEY], key=line.line.key, seen=form.seen[:KEY])
    submit = "Change" if decided else "Save and next" if form.left > 1 else "Save"
    return modal(ids.CLOSING_FORM, f"Close {form.cycle}", blocks, submit=submit, metadata=meta)


def _about(form: GradeForm) -> str:
    return ids.pack(cycle=form.cycle[:KEY], after=form.line.line.key)


def _suggests(form: GradeForm) -> str:
    line, one = form.line, form.line.decided
    suggests = f"Suggested: {_score(line)}, {OUTCOMES[line.suggested_outcome].lower()}."
    if one is None:
        return suggests
    by = f" by {inline(one.by, 40)}" if one.by else ""
    score = "" if one.score is None else f" with {_band(one.band)} {one.score}"
    return f"{sentence(DONE[one.outcome])}{by}{score}. {suggests}"


def _choices(form: GradeForm) -> list[Block]:
    """The inputs carry the key result in their names: what was typed for one is not shown for the next."""
    line, one = form.line, form.line.decided
    key = line.line.key
    chosen = one.outcome if one else line.suggested_outcome
    score = one.score if one else line.suggested
    options = [option(MEANS[outcome], outcome) for outcome in OUTCOMES]
    initial = next(each for each in options if each["value"] == chosen)
    what = {"type": "radio_buttons", "options": options, "initial_option": initial}
    shown = "" if score is None else str(score)
    blocks = [
        input_block(ids.of(ids.CLOSING_OUTCOME, key), "What becomes of it", what, optional=False),
        input_block(
            ids.of(ids.CLOSING_SCORE, key),
            "Score, 0.0 to 1.0",
            text_input(placeholder="0.7", initial=shown, longest=20),
        ),
        input_block(
            ids.of(ids.CLOSING_REASON, key),
            "Why another score than suggested",
            text_input(initial=one.reason if one else "", longest=LONGEST),
            hint="Only where you change it",
        ),
    ]
    if form.new_target:
        unit = f" in {form.measured_in}" if form.measured_in else ""
        target = "" if one is None or one.target is None else str(one.target)
        blocks.append(
            input_block(
                ids.of(ids.CLOSING_TARGET, key),
                f"New target{unit}",
                text_input(initial=target, longest=60),
                hint="Only where it is carried over with another one",
            )
        )
    note = text_input(placeholder="What we learned", initial=one.note if one else "", multiline=True, longest=LONGEST)
    return [*blocks, input_block(ids.of(ids.CLOSING_NOTE, key), "Note", note)]


def _form_batches(form: GradeForm) -> list[Block | None]:
    def batch(label: str, which: str) -> Block:
        value = ids.pack(cycle=form.cycle[:KEY], objective=form.objective[:KEY], which=which)
        return button(label, ids.of(ids.CLOSING_BATCH, which), value)

    return [
        batch(f"Carry over all {form.on_track} on track here", "on_track") if form.on_track > 1 else None,
        batch(f"Take all {form.as_suggested} suggestions here", "suggested") if form.as_suggested > 1 else None,
    ]


def overview(page: ClosingPage) -> Block:
    """The page in the place of the form that was there."""
    return modal(ids.CLOSING_FORM, f"Close {page.cycle}", closing_page(page).blocks)
