"""A Slack message as evidence: the form in which its key result is chosen, what was done with it, and its line in other
views. Data in, blocks out.
"""

from bot.views import ids
from bot.views.blocks import Block, Message, actions, button, context, input_block, message, modal, section
from bot.views.lines import kr_name
from bot.views.pickers import key_result_picker
from bot.views.text import day_of, inline, link, plain, quoted
from rituals.notices import EvidenceLine

WORDS = 120
PRIVATE = (
    "This message is private: only its link is kept, not its words, and only people in that conversation can open it."
)
PUBLIC = "Everybody who sees the key result reads these words and can open the link."


def evidence_form(words: str, *, private: bool, metadata: str) -> Block:
    """Which key result a message belongs to; says who will be able to read and open it."""
    blocks = [
        section(quoted(words, 400)) if words.strip() else context("A message without words"),
        input_block(ids.of(ids.KR_PICK, "evidence"), "Evidence for", key_result_picker(), optional=False),
        context(PRIVATE if private else PUBLIC),
    ]
    return modal(ids.EVIDENCE_FORM, "Add as evidence", blocks, submit="Add", metadata=metadata)


def evidence_added(line: EvidenceLine) -> Message:
    """What became of it, with the way back."""
    name = kr_name(line.key, line.title)
    if line.undone:
        text = f"Taken back: this message is no evidence for {name} any more."
        return message(text, [section(text)])
    done = f"Added as evidence for {name}" if line.fresh else f"It is evidence for {name} already"
    undo = button("Undo", ids.EVIDENCE_UNDO, str(line.id))
    show = button("Show", ids.of(ids.OKR_SHOW, line.key), line.key)
    return message(f"{done}.", [section(f"{done}:", evidence_line(line)), actions(undo, show)])


def evidence_line(line: EvidenceLine) -> str:
    """`“pilot is live at three customers” Ana Ruiz, Mon 19 Oct`, the words linked to the message."""
    words = link(line.permalink, f"“{plain(line.excerpt, WORDS)}”" if line.excerpt else "a private message")
    who = f"{inline(line.by, 40)}, " if line.by else ""
    return f"{words} {who}{day_of(line.said_at)}"
