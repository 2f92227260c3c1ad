"""The answer form: the three questions as a modal. A field left empty is not an answer, so nothing is prefilled
but what is being edited; the last value and the expectation stand in the hint.

Block ids are `kr_value:<key>`, `kr_confidence:<key>`, `kr_note:<key>`, `question:2` and `question:3`, each holding
one element of the same id; `ids.entered` reads them.
"""

from bot.views import ids
from bot.views.blocks import Block, context, header, input_block, modal, option, section, select, text_input
from bot.views.lines import SHAPES, WORDS, open_blocker
from bot.views.prompt import QUESTIONS
from bot.views.text import beside, inline, some
from rituals.checkins.form import AnswerForm, FormField

# Three blocks a key result and nine around them stay under Slack's 100.
ASKED = 30

PLACEHOLDERS = {
    "number": "A number, such as 30 or 45% or +5",
    "yes_no": "yes or no",
    "milestones": "Which are done, such as 1, 2",
}


def answer_form(form: AnswerForm) -> Block:
    """The modal for one asked lead; at most 30 key results, the rest is asked for in the thread."""
    shown, rest = form.fields[:ASKED], form.fields[ASKED:]
    blocks = [section(_intro(form)), header(f"1  {QUESTIONS[1]}")]
    blocks += [block for field in shown for block in field_blocks(field)]
    if rest:
        keys = ", ".join(some([inline(field.key, 30) for field in rest], 12))
        blocks.append(context(f"For want of room here, please answer these in the thread: {keys}"))
    blocks += _questions(form)
    return modal(
        ids.ANSWER_FORM,
        f"Check-in {form.number}",
        blocks,
        submit="Save",
        metadata=ids.pack(ask=form.ask, answer=form.answer),
    )


def _intro(form: AnswerForm) -> str:
    if form.editing:
        return f"*{inline(form.unit)}*: your answer as it stands. Change what is wrong."
    return f"*{inline(form.unit)}*: fill in what you know. What stays empty is left as it is."


def field_blocks(field: FormField) -> list[Block]:
    """Value, confidence and note of one key result."""
    name = f"{field.key} {field.title}"
    return [
        input_block(
            ids.of(ids.KR_VALUE, field.key),
            name,
            text_input(placeholder=_placeholder(field), initial=field.value, longest=200),
            hint=_hint(field),
        ),
        input_block(
            ids.of(ids.KR_CONFIDENCE, field.key),
            f"{field.key} confidence",
            confidence_select(field.confidence, field.last_confidence),
        ),
        input_block(
            ids.of(ids.KR_NOTE, field.key),
            f"{field.key} note",
            text_input(placeholder="What moved it, or what is in the way", initial=field.note),
        ),
    ]


def _placeholder(field: FormField) -> str:
    return f"Last: {field.last}" if field.last else PLACEHOLDERS[field.asks]


def _hint(field: FormField) -> str:
    """Where it stands; of what another reports, that it is asked as it looks from here."""
    status = f"{SHAPES[field.status]} {WORDS[field.status]}"
    by = f"{field.reporter} reports " if field.role == "view" and field.reporter else "last "
    last = f"; {by}{field.last}" if field.last else f", in {field.measured_in}" if field.measured_in else ""
    expected = f", expected {beside(field.last, field.expected)}" if field.last and field.expected else ""
    asked = ". How does it look from your side?" if field.role == "view" else ""
    return f"{status}{last}{expected}{asked}"


def confidence_select(given: int | None = None, last: int | None = None) -> Block:
    """0 to 10; nothing chosen unless it was `given`."""
    options = [option(_confidence(score), str(score)) for score in range(11)]
    placeholder = "0 no hope to 10 certain" if last is None else f"Last: {last} of 10"
    initial = options[given] if given is not None and 0 <= given <= 10 else None
    return select(options, placeholder=placeholder, initial=initial)


def _confidence(score: int) -> str:
    return {0: "0 no hope", 5: "5 even odds", 10: "10 certain"}.get(score, str(score))


def _questions(form: AnswerForm) -> list[Block]:
    names = [open_blocker(line) for line in form.open_blockers]
    blocks: list[Block] = []
    if names:
        blocks.append(context(f"Open: {'; '.join(some(names, 3))}"))
    blocks.append(
        input_block(
            ids.of(ids.QUESTION, 2),
            f"2  {QUESTIONS[2]}",
            text_input(placeholder="Waiting for … until …, or no", initial=form.blockers, multiline=True),
        )
    )
    blocks.append(
        input_block(
            ids.of(ids.QUESTION, 3),
            f"3  {QUESTIONS[3]}",
            text_input(placeholder="Which, to what, and why, or no", initial=form.adjustments, multiline=True),
        )
    )
    return blocks
