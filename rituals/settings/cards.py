"""What `/okr settings` shows, as data: the page, a unit's page, its forms, and what a save changed. Formats nothing.

It stands above the rituals like Home, because settings are about all of them.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from rituals.notices import Part

Which = Literal["checkin", "digest", "portfolio", "unit"]
Offer = Literal["set", "change", "drop", "off", "follow"]


class Typed(Part):
    """What stands in a form's fields, by field: texts, and what was chosen of several."""

    texts: Mapping[str, str] = {}
    lists: Mapping[str, tuple[str, ...]] = {}

    def text(self, field: str) -> str:
        """A field's text; "" where it is empty."""
        return self.texts.get(field, "").strip()

    def several(self, field: str) -> tuple[str, ...]:
        """What was chosen in a field."""
        return self.lists.get(field, ())


class Changed(Part):
    """One setting before and after, worded; None where there was none. Of a channel the ids."""

    name: str
    before: str | None = None
    after: str | None = None
    channel: bool = False


class Saved(Part):
    """What a save changed; nothing where all stood like that already. `since`: the first occurrence that counts."""

    about: str
    changes: tuple[Changed, ...] = ()
    since: date | None = None


class Value(Part):
    """One setting as it stands. `source` says whose it is where it is not the thing's own."""

    name: str
    value: str
    source: str | None = None
    channel: bool = False


class RhythmValue(Part):
    """A unit's check-in, or its digest for an audience (`digest`: its own). `source` is the unit it is taken from,
    `binding` that it has to be.

    `offers` are what the reader may do: set, change, drop; of a digest that comes from above: off, follow (it again).
    `useful` is what readers said of this cycle's.
    """

    which: Which
    value: str
    source: str | None = None
    binding: bool = False
    offers: tuple[Offer, ...] = ()
    next_on: date | None = None
    useful: str = ""


class UnitLine(Part):
    """A unit in the list: whether the reader may change it, and the words of its rhythm."""

    key: str
    name: str
    rhythm: str
    mine: bool


class SettingsPage(Part):
    """The first page. `mine` is empty for who is not in the portfolio; `admins` is whom to ask."""

    mine: tuple[Value, ...] = ()
    units: tuple[UnitLine, ...] = ()
    workspace: tuple[Value, ...] = ()
    admin: bool = False
    admins: tuple[str, ...] = ()
    saved: Saved | None = None


class UnitChange(Part):
    """A change of a unit: when, by whom ("" for a file), and what was different."""

    at: datetime
    by: str
    changes: tuple[Changed, ...]


class UnitPage(Part):
    """A unit's settings; `may` says whether the reader may change them, `ask` whom to ask otherwise.

    `closed`: since which day nothing of it runs. `history` is what was changed about it, newest first.
    """

    key: str
    name: str
    values: tuple[Value, ...]
    rhythms: tuple[RhythmValue, ...]
    may: bool
    ask: str = ""
    saved: Saved | None = None
    closed: date | None = None
    history: tuple[UnitChange, ...] = ()


class LocalTime(Part):
    """What a slot is where some leads are: `23:00`, on another day than the slot's `Tue 00:00`, else their zone; and
    whether it is in their quiet hours.
    """

    at: str
    names: tuple[str, ...]
    quiet: bool = False


class PreviewSlot(Part):
    """One of the next slots: the local day and hour, from where it moved and why."""

    day: date
    at: str
    moved_from: date | None = None
    holiday: str = ""
    local: tuple[LocalTime, ...] = ()


class SettingsForm(Part):
    """A form, by its `kind`; `about` the unit's key; `facts` what its hints say."""

    kind: Literal["mine", "away", "workspace", "unit", "close", "reopen", "rhythm"]
    typed: Typed
    about: str = ""
    name: str = ""
    facts: Mapping[str, str] = {}


class RhythmForm(SettingsForm):
    """The form of a check-in or digest rhythm (`which`) with what it would bring, or why it cannot be said yet."""

    which: Which = "checkin"
    binds: bool = False
    inherited: str | None = None
    preview: tuple[PreviewSlot, ...] = ()
    since: date | None = None
    problem: str = ""
