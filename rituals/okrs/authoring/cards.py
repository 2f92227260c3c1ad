"""The forms of `/okr add` and `/okr edit` as data: their fields, what stands in them, what a save did. No rules, no
markup: texts are raw, a day is YYYY-MM-DD, people are Slack user ids.
"""

from collections.abc import Mapping
from typing import Literal

from rituals.notices import Part

What = Literal["objective", "key_result", "unit"]
LONG = 1500  # characters of a field with several lines: it is kept when another kind hides it
SHORT = 100


class Pick(Part):
    """One choice of a menu."""

    value: str
    label: str


class Field(Part):
    """One field. `several` and `people` hold `chosen`, the others `value`; `redraws` says others depend on it."""

    name: str
    label: str
    kind: Literal["text", "long", "one", "several", "person", "people", "channel", "day", "yes"] = "text"
    value: str = ""
    chosen: tuple[str, ...] = ()
    picks: tuple[Pick, ...] = ()
    hint: str = ""
    placeholder: str = ""
    optional: bool = True
    redraws: bool = False


class Typed(Part):
    """A form as it stands. `key` is what is edited (None: something new), `proposed` the key that was offered.

    `texts` and `lists` are by field name; those in `hidden` are names of fields that the form does not show and that
    come back with another kind. `told` says that advice was shown, so that sending it again saves.
    """

    what: What
    key: str | None = None
    proposed: str | None = None
    texts: Mapping[str, str] = {}
    lists: Mapping[str, tuple[str, ...]] = {}
    told: bool = False

    def text(self, name: str) -> str:
        """A field's text without blanks around it; "" where it is empty or not shown."""
        return self.texts.get(name, "").strip()

    def several(self, name: str) -> tuple[str, ...]:
        """What was chosen in a field."""
        return self.lists.get(name, ())


class AuthorForm(Part):
    """A form to fill in. `effect` is what a change does to the figures, `advice` what the checks found; with
    `deciders` the change is theirs to decide, and the form proposes it.
    """

    what: What
    title: str
    key: str | None = None
    proposed: str | None = None
    fields: tuple[Field, ...] = ()
    hidden: Mapping[str, str] = {}
    effect: str = ""
    advice: tuple[str, ...] = ()
    told: bool = False
    deciders: str = ""


class Authored(Part):
    """What became of a form. `changes` are worded: "target 20 → 15"; `number` is the proposal's where it became one,
    `asked` are the units (names) that were asked to own it too.
    """

    what: What
    key: str
    title: str
    action: Literal["add", "edit", "same", "propose"]
    changes: tuple[str, ...] = ()
    effect: str = ""
    number: int | None = None
    deciders: str = ""
    advice: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
