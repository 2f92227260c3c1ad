"""A digest that waits for a person: the preview with its buttons and what became of it, the form for its lines, the
words in its thread; and what a reader is asked who found one not useful. Decides nothing.
"""

from bot.views import ids
from bot.views.blocks import (
    Block,
    Message,
    Rung,
    actions,
    button,
    context,
    divider,
    input_block,
    message,
    modal,
    section,
    text_input,
)
from bot.views.digests import digest_blocks
from bot.views.text import inline, moment, plain, said
from rituals.digests.approving import EditForm
from rituals.digests.edits import FIELD, LONGEST
from rituals.notices import DigestApproval, DigestWaiting

WHO = {"leadership": "for the leadership", "portfolio": "for its product lines", "unit": "for the unit itself"}
WIDE = 60  # characters that a field of one line shows
INTRO = (
    "A line that you change is posted with your name and counts as not checked. Clear one to have the computed words "
    "back. Figures stay as they were computed: the table, what moved, who is silent, the lists in the thread."
)


def approval(notice: DigestApproval) -> Message:
    """The preview on the highest rung."""
    return approval_at(notice, "native")


def approval_at(notice: DigestApproval, rung: Rung) -> Message:
    """What can be done with it, above the digest as it is posted; later what became of it."""
    head = _HEADS[notice.state](notice)
    blocks = [section(*head), *_buttons(notice)]
    if notice.state == "held":
        blocks += [divider(), *digest_blocks(notice.digest.model_copy(update={"digest": 0}), rung)]
    return message(" ".join(head), blocks)


def _name(notice: DigestApproval) -> str:
    return f"the digest of {inline(notice.digest.unit, 60)}, {WHO[notice.digest.audience]}"


def _held(notice: DigestApproval) -> list[str]:
    return [
        f"*Approve {_name(notice)}*",
        f"It goes to <#{inline(notice.channel, 30)}> as it stands below. It waits until {moment(notice.until)}; "
        "after that it is not posted, and the next one says so.",
    ]


def _issued(notice: DigestApproval) -> list[str]:
    at = f" {moment(notice.decided_at)}" if notice.decided_at else ""
    by = f" by {inline(notice.decided_by, 40)}" if notice.decided_by else ""
    undo = [f"You can take it back until {moment(notice.undo_until)}."] if notice.undo_until else []
    return [f"✓ *Posted{by}:* {_name(notice)}, to <#{inline(notice.channel, 30)}>{at}.", *undo]


def _skipped(notice: DigestApproval) -> list[str]:
    return [f"*Not posted:* {_name(notice)}. {_because(notice)} `/okr digest here` posts one as of now."]


def _withdrawn(notice: DigestApproval) -> list[str]:
    return [
        f"*Taken back:* {_name(notice)}. {_because(notice)} The message and its thread are deleted. "
        "`/okr digest here` posts one as of now."
    ]


def _because(notice: DigestApproval) -> str:
    reason = plain(notice.reason, 200)
    return f"{said(reason[:1].upper() + reason[1:], 200)}." if reason else ""


_HEADS = {"due": _held, "held": _held, "issued": _issued, "skipped": _skipped, "withdrawn": _withdrawn}


def _buttons(notice: DigestApproval) -> list[Block]:
    about = str(notice.issue)
    if notice.state == "held":
        return [
            actions(
                button("Approve and post", ids.of(ids.DIGEST_APPROVE, about), about, style="primary"),
                button("Edit a line", ids.of(ids.DIGEST_EDIT, about), about),
                button("Do not post", ids.of(ids.DIGEST_KEEP_BACK, about), about),
            )
        ]
    if notice.undo_until:
        return [actions(button("Undo", ids.of(ids.DIGEST_UNDO, about), about))]
    return []


def waiting(notice: DigestWaiting) -> Message:
    """The reminder, or that the wait is over."""
    name = f"The digest of {inline(notice.unit, 60)}, {WHO[notice.audience]},"
    if notice.lapsed:
        line = f"{name} was not posted: nobody approved it by {moment(notice.until)}. The next one says so."
        return message(line, [section(line, "`/okr digest here` posts one as of now.")])
    line = f"<@{inline(notice.user, 30)}> {name} waits for you above until {moment(notice.until)}."
    return message(line, [section(line), context("After that it is not posted. You are not reminded again.")])


def edit_form(form: EditForm) -> Block:
    """Every line in a field, as it stands."""
    fields = [
        input_block(
            ids.of(ids.DIGEST_LINE, line.place),
            line.title,
            text_input(
                initial=line.text, multiline=len(line.text) > WIDE, longest=min(FIELD, max(LONGEST, len(line.text)))
            ),
            hint=f"Computed: {form.computed[line.place]}" if line.place in form.computed else "",
        )
        for line in form.lines
    ]
    metadata = ids.pack(issue=form.issue, seen=form.seen)
    return modal(ids.DIGEST_EDIT_FORM, "Edit a line", [section(INTRO), *fields], submit="Save", metadata=metadata)


def thanks(useful: bool) -> Message:
    """What a reader is told who has just said what they think."""
    line = f"Noted: {'useful' if useful else 'not useful'}. You can change it by the other button."
    return message(line, [section(line)])


def comment_form(digest: int, comment: str = "") -> Block:
    """The optional sentence; an empty one takes it back."""
    field = text_input(placeholder="What was missing, or too much", initial=comment, multiline=True, longest=500)
    return modal(
        ids.DIGEST_COMMENT_FORM,
        "Not useful",
        [
            section("Noted. If you like, say in a sentence why."),
            input_block(
                ids.DIGEST_COMMENT,
                "What would make it useful?",
                field,
                hint="Who leads the unit reads it, without your name.",
            ),
        ],
        submit="Send",
        metadata=ids.pack(digest=digest),
    )
