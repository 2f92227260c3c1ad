"""The field in which a key result is chosen: Slack asks for its options while a person types.

`key_result_picker` goes into an `input_block` (which gives it the block's id) or, with an id of its own, into a row of
elements. The ids on which `bot.listeners.options` hears are `ids.KR_PICK` (what the person may update) and
`ids.KR_ANY` (what they may see), each also with a subject behind a colon.
"""

from collections.abc import Sequence

from bot.views.blocks import Block, option
from bot.views.text import plain
from rituals.errors import Choice

PLACEHOLDER = "A key, or words of its title"


def key_result_picker(*, action_id: str = "", placeholder: str = PLACEHOLDER, initial: Choice | None = None) -> Block:
    """The field; `initial` is the one that is chosen already. It offers key results before anything is typed."""
    element: Block = {
        "type": "external_select",
        "action_id": action_id,
        "min_query_length": 0,
        "placeholder": {"type": "plain_text", "text": plain(placeholder, 150)},
    }
    if initial:
        element["initial_option"] = option(initial.label, initial.value)
    return element


def suggested(choices: Sequence[Choice]) -> list[Block]:
    """The answer to what was typed: at most a hundred options, the key first in each."""
    return [option(choice.label, choice.value) for choice in choices[:100]]
