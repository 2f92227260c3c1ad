"""The forms of `/okr add` and `/okr edit`, what was saved, and the choice of what to add. Data in, blocks out.

A field's block is `author_field:<name>`, that of the kind `author_kind`, each holding one element of the same id.
Advice stands above the fields and never keeps anybody from saving.
"""

from collections.abc import Callable, Mapping
from typing import Any

from bot.views import ids, inputs
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
from bot.views.text import inline, listed, said, sentence
from rituals.okrs.authoring.cards import LONG, SHORT, Authored, AuthorForm, Field, Typed

LONGER = frozenset({"title", "name"})
KIND = "kind"
METADATA = 3000
NOUNS = {"key_result": "key result", "objective": "objective", "unit": "unit"}
WORDS = {"objective": "objective", "kr": "key_result", "unit": "unit"}


def what_to_add() -> Message:
    """The three things that can be added, a button each."""
    line = "What do you want to add?"
    picks = [button(label, ids.of(ids.AUTHOR_ADD, word), word) for word, label in _ADDABLE.items()]
    hint = "Or type it: `/okr add kr Average onboarding time`"
    return message(f"{line} An objective, a key result or a unit.", [section(line), actions(*picks), context(hint)])


_ADDABLE = {"objective": "Objective", "kr": "Key result", "unit": "Unit"}


def form(data: AuthorForm, **place: str | int | None) -> Block:
    """The modal; `place` is kept in it, to say later where it was opened."""
    blocks = [*_told(data), *(_input(field) for field in data.fields)]
    own = {"what": data.what, "key": data.key, "proposed": data.proposed, "told": 1 if data.told else None}
    kept = {f"h_{name}": text for name, text in data.hidden.items()}
    return modal(ids.AUTHOR_FORM, data.title, blocks, submit=_submit(data), metadata=_packed(kept, **own, **place))


def _packed(kept: dict[str, str], **rest: str | int | None) -> str:
    """What the modal keeps, within Slack's limit: only a text of hundreds of quotes is cut for it."""
    while len(packed := ids.pack(**rest, **kept)) > METADATA:
        longest = max(kept, key=lambda name: len(kept[name]))
        kept = {**kept, longest: kept[longest][: len(kept[longest]) * 3 // 4]}
    return packed


def typed(view: Mapping[str, Any], metadata: Mapping[str, Any]) -> Typed:
    """What stands in the modal, from its state and its metadata."""
    texts = {name.removeprefix("h_"): str(text) for name, text in metadata.items() if name.startswith("h_")}
    lists: dict[str, tuple[str, ...]] = {}
    for block, elements in view["state"]["values"].items():
        name = KIND if block == ids.AUTHOR_KIND else ids.split(block)[1]
        for state in elements.values():
            texts[name], lists[name] = _entered(state)
    return Typed(
        what=metadata["what"],
        key=metadata.get("key"),
        proposed=metadata.get("proposed"),
        texts=texts,
        lists=lists,
        told=bool(metadata.get("told")),
    )


def block_of(name: str) -> str:
    """The block of a field, for the errors beside it."""
    return ids.AUTHOR_KIND if name == KIND else ids.of(ids.AUTHOR_FIELD, name)


def saved(data: Authored) -> Message:
    """What became of a form, with what it changed and what is still advised."""
    line = _line(data)
    blocks = [section(line, *([inline(data.title, 200)] if data.what != "unit" else []))]
    if data.action != "add" and data.changes:
        blocks.append(section("\n".join(sentence(said(change, 200)) for change in data.changes[:8])))
    if data.asked:
        names = listed([inline(name, 40) for name in data.asked], 4)
        blocks.append(section(f"Asked to own it too: {names}. You will read here what they say."))
    if data.effect:
        blocks.append(context(sentence(said(data.effect, 300))))
    if data.advice and data.action != "propose":
        blocks.append(context(f"Advice: {said(data.advice[0], 400)}"))
    show = button("Show", ids.OKR_SHOW, data.key) if data.what == "key_result" else None
    more = (
        button("Add a key result", ids.of(ids.AUTHOR_ADD, "kr"), f"kr {data.key}") if data.what == "objective" else None
    )
    blocks.append(actions(show, more, button("Edit", ids.AUTHOR_EDIT, data.key)))
    return message(f"{line} {inline(data.title)}", blocks)


def _line(data: Authored) -> str:
    name = f"*{inline(data.title if data.what == 'unit' else data.key, 60)}*"
    if data.action == "propose":
        decides = f"{name} is shared, so {said(data.deciders, 120)} decides"
        return f"Proposed as A-{data.number}: {decides}. Nothing was changed yet."
    if data.action == "same":
        return f"{name} stays as it was: nothing was different."
    return f"{'Added' if data.action == 'add' else 'Saved'}: {name}"


def _told(data: AuthorForm) -> list[Block]:
    """Effect, advice and who decides, above the fields."""
    blocks: list[Block] = []
    if data.effect:
        blocks.append(section(f"*What it changes*  {sentence(said(data.effect, 400))}."))
    if data.deciders:
        blocks.append(section(f"It is shared, so {said(data.deciders, 120)} decides. You can propose it."))
    if data.advice:
        blocks.append(section("*Advice*", *(f"–  {said(one, 600)}" for one in data.advice)))
    return blocks


def _submit(data: AuthorForm) -> str:
    if data.deciders:
        return "Propose"
    return "Save anyway" if data.advice else "Save"


def _input(field: Field) -> Block:
    block = input_block(
        block_of(field.name), field.label, _ELEMENTS[field.kind](field), hint=field.hint, optional=field.optional
    )
    return {**block, "dispatch_action": True} if field.redraws else block


def _text(field: Field) -> Block:
    longest = 500 if field.name in LONGER else SHORT
    return text_input(placeholder=field.placeholder, initial=field.value, longest=longest)


def _long(field: Field) -> Block:
    return text_input(placeholder=field.placeholder, initial=field.value, multiline=True, longest=LONG)


def _one(field: Field) -> Block:
    options = [option(pick.label, pick.value) for pick in field.picks] or [option("none yet", "")]
    chosen = next((one for one in options if one["value"] == field.value and field.value), None)
    return select(options, placeholder="Choose", initial=chosen)


def _several(field: Field) -> Block:
    return inputs.several([(pick.value, pick.label) for pick in field.picks], field.chosen, placeholder="Choose")


def _person(field: Field) -> Block:
    placeholder = {"type": "plain_text", "text": "Choose a person"}
    element: Block = {"type": "users_select", "placeholder": placeholder}
    return {**element, "initial_user": field.value} if field.value else element


def _yes(field: Field) -> Block:
    return inputs.boxes([("yes", field.placeholder or field.label)], (field.value,))


_ELEMENTS: Mapping[str, Callable[[Field], Block]] = {
    "text": _text,
    "long": _long,
    "one": _one,
    "several": _several,
    "person": _person,
    "people": lambda field: inputs.members(field.chosen),
    "channel": lambda field: inputs.channel(field.value),
    "day": lambda field: inputs.a_day(field.value),
    "yes": _yes,
}


def _entered(state: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """One element's state as a text and as a list: whichever it holds."""
    chosen = [option["value"] for option in state.get("selected_options") or ()]
    several = tuple(chosen) or tuple(state.get("selected_users") or ())
    one = (state.get("selected_option") or {}).get("value")
    keys = ("value", "selected_date", "selected_user", "selected_conversation")
    text = one or next((str(state[key]) for key in keys if state.get(key)), "")
    return text or (several[0] if several else ""), several
