"""The answer form: the three questions as a modal. A field left empty is not an answer, so nothing is prefilled
but what is being edited; the last value and the expectation stand beside the field.

Block ids are `kr_value:<key>`, `kr_confidence:<key>`, `kr_note:<key>`, `question:2`, `question:3` and those about the
first blocker and the change, each holding one element of the same id; `ids.entered` reads them.
"""

from collections.abc import Sequence

from bot.views import ids
from bot.views.blocks import (
    Block,
    actions,
    button,
    context,
    header,
    input_block,
    modal,
    option,
    section,
    select,
    text_input,
)
from bot.views.lines import open_blocker, plain_marked
from bot.views.prompt import QUESTIONS
from bot.views.text import beside, count, inline, moment, some
from rituals.checkins.form import AnswerForm, FormField, Queue

# Three blocks a key result and thirteen around them stay under Slack's 100.
ASKED = 28

PLACEHOLDERS = {
    "number": "A number, such as 30 or 45% or +5",
    "yes_no": "yes or no",
    "milestones": "Which are done, such as 1, 2",
}
KINDS = {
    "dependency": "Dependency on another unit",
    "decision": "Decision that is missing",
    "resource": "Resources: budget, tools, time",
    "technical": "Technical",
    "external": "External: vendor, customer, law",
    "scope": "Scope is unclear or grows",
    "people": "People: absence, skills, hiring",
}


def answer_form(form: AnswerForm) -> Block:
    """The modal for one asked lead; of many key results those that matter first, at most 28, the rest is asked for in
    the thread."""
    fields, hidden = _shown(form)
    shown, rest = fields[:ASKED], fields[ASKED:]
    blocks = [*_queue(form), section(*_intro(form)), header(f"1  {QUESTIONS[1]}")]
    blocks += [block for field in shown for block in field_blocks(field)]
    if hidden:
        label = f"Show all {len(form.fields)}"
        blocks.append(context(f"{count(hidden, 'more key result')} on pace or said already: leave them, or"))
        blocks.append(actions(button(label, ids.FORM_ALL)))
    if rest:
        keys = ", ".join(some([inline(field.key, 30) for field in rest], 12))
        blocks.append(context(f"For want of room here, please answer these in the thread: {keys}"))
    blocks += [*_blockers(form), *_changes(form)]
    return modal(ids.ANSWER_FORM, f"Check-in {form.number}", blocks, submit="Save", metadata=_metadata(form))


def _metadata(form: AnswerForm) -> str:
    queue = form.queue if form.queue.total > 1 else None
    return ids.pack(
        ask=form.ask,
        answer=form.answer,
        all=1 if form.everything else None,
        rest=" ".join(map(str, queue.rest)) if queue and queue.rest else None,
        done=queue.done if queue else None,
        total=queue.total if queue else None,
    )


def queue_of(metadata: dict[str, str | int]) -> Queue:
    """The queue as a form's metadata has it."""
    rest = tuple(int(ask) for ask in str(metadata.get("rest", "")).split())
    return Queue(rest=rest, done=int(metadata.get("done", 0)), total=int(metadata.get("total", 1)))


def _shown(form: AnswerForm) -> tuple[list[FormField], int]:
    """The fields to show, and how many stand behind the button."""
    first = [field for field in form.fields if form.everything or field.first]
    fields = first or list(form.fields)
    return fields, len(form.fields) - len(fields)


def _queue(form: AnswerForm) -> list[Block]:
    """Where the lead is among several check-ins that they owe, with the way past this one."""
    queue = form.queue
    if queue.total <= 1:
        return []
    done = f"{queue.done} of {queue.total} done." if queue.done else f"{queue.total} check-ins wait for you."
    skip = button("Skip for now", ids.FORM_SKIP) if queue.rest else None
    return [section(f"*{done}*", accessory=skip)]


def _intro(form: AnswerForm) -> list[str]:
    late = []
    if form.late and form.due_at is not None and not form.editing:
        late = [f"It was due {moment(form.due_at)}; your answer is kept and marked late."]
    if form.editing:
        return [f"*{inline(form.unit)}*: your answer as it stands. Change what is wrong.", *late]
    return [f"*{inline(form.unit)}*: fill in what you know. What stays empty is left as it is.", *late]


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
            f"{field.key} note and evidence",
            text_input(placeholder="What moved it; a link as evidence", initial=field.note),
        ),
    ]


def _placeholder(field: FormField) -> str:
    return f"Last: {field.last}" if field.last else PLACEHOLDERS[field.asks]


def _hint(field: FormField) -> str:
    """Where it stands; of what another reports, that it is asked as it looks from here."""
    status = " ".join(plain_marked(field.status, field.by_hand))
    by = f"{field.reporter} reports " if field.role == "view" and field.reporter else "last "
    last = f"; {by}{field.last}" if field.last else f", in {field.measured_in}" if field.measured_in else ""
    expected = f", expected {beside(field.last, field.expected)}" if field.last and field.expected else ""
    asked = ". How does it look from your side? A value or a confidence." if field.role == "view" else ""
    return f"{status}{last}{expected}{asked}"


def confidence_select(given: int | None = None, last: int | None = None) -> Block:
    """0 to 10; nothing chosen unless it was `given`."""
    options = [option(_confidence(score), str(score)) for score in range(11)]
    placeholder = "0 no hope to 10 certain" if last is None else f"Last: {last} of 10"
    initial = options[given] if given is not None and 0 <= given <= 10 else None
    return select(options, placeholder=placeholder, initial=initial)


def _confidence(score: int) -> str:
    return {0: "0 no hope", 5: "5 even odds", 10: "10 certain"}.get(score, str(score))


def _blockers(form: AnswerForm) -> list[Block]:
    names = [open_blocker(line) for line in form.open_blockers]
    text = text_input(placeholder="Waiting for … until …, or no", initial=form.blockers, multiline=True)
    kinds = {value: option(label, value) for value, label in KINDS.items()}
    kind = select([*kinds.values()], placeholder="What kind", initial=kinds.get(form.kind))
    step = text_input(placeholder="What they do, and by when", initial=form.next_step)
    return [
        *([context(f"Open: {'; '.join(some(names, 3))}")] if names else []),
        input_block(ids.of(ids.QUESTION, 2), f"2  {QUESTIONS[2]}", text),
        input_block(ids.BLOCKER_KIND, "Kind of the blocker", kind, hint="Of several blockers the first one's"),
        input_block(ids.BLOCKER_OWNER, "Who acts next", _person(form.owner)),
        input_block(ids.BLOCKER_NEXT, "Next step", step),
    ]


def _person(chosen: str) -> Block:
    element: Block = {"type": "users_select", "placeholder": {"type": "plain_text", "text": "Nobody yet"}}
    return {**element, "initial_user": chosen} if chosen else element


def _changes(form: AnswerForm) -> list[Block]:
    text = text_input(placeholder="Which, and to what, or no", initial=form.adjustments, multiline=True)
    reason = text_input(placeholder="What is new, so that it can be decided", initial=form.reason)
    return [
        input_block(ids.of(ids.QUESTION, 3), f"3  {QUESTIONS[3]}", text),
        input_block(ids.CHANGE_REASON, "Reason for the change", reason),
    ]


def still_owed(waiting: Sequence[tuple[int, int, str]], queue: Queue) -> Block:
    """The end of a queue: how much was done, and what still waits, each with its button."""
    done = f"{queue.done} of {queue.total} done." if queue.total > 1 else "Nothing else waits for you."
    blocks = [section(f"*{done}*{' Still open:' if waiting else ''}")]
    for ask, number, unit in waiting[:10]:
        answer = button("Answer", ids.of(ids.HOME_ANSWER, ask), str(ask))
        blocks.append(section(f"Check-in {number} · {inline(unit)}", accessory=answer))
    return modal(ids.ANSWER_FORM, "Check-ins", blocks)
