"""What the settings forms are made of: inputs named `setting:<field>` that show again what was typed in them."""

from collections.abc import Sequence

from bot.views import ids
from bot.views.blocks import Block, input_block, option, select, text_input
from bot.views.inputs import boxes
from rituals.settings.cards import Typed


def field(
    name: str, label: str, element: Block, *, hint: str = "", optional: bool = True, dispatch: bool = False
) -> Block:
    """A settings input; with `dispatch` a choice in it draws the form anew."""
    block = input_block(ids.of(ids.SETTING, name), label, element, hint=hint, optional=optional)
    return {**block, "dispatch_action": True} if dispatch else block


def words(
    typed: Typed,
    name: str,
    label: str,
    *,
    longest: int,
    placeholder: str = "",
    initial: str = "",
    hint: str = "",
    optional: bool = True,
) -> Block:
    """A line of text; with nothing typed, `initial`."""
    line = text_input(placeholder=placeholder, initial=typed.text(name) or initial, longest=longest)
    return field(name, label, line, hint=hint, optional=optional)


def tick(typed: Typed, name: str, label: str, box: tuple[str, str], *, hint: str = "") -> Block:
    """One box (its value and its words) that is ticked or not."""
    return field(name, label, boxes([box], typed.several(name)), hint=hint)


def choice(name: str, label: str, choices: Sequence[tuple[str, str]], chosen: str, *, dispatch: bool = False) -> Block:
    """One of some (value, words), the first where none is chosen."""
    options = [option(text, value) for value, text in choices]
    initial = next((one for one in options if one["value"] == chosen), options[0])
    return field(name, label, select(options, initial=initial), optional=False, dispatch=dispatch)
