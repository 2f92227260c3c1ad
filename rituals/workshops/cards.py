"""What the workshop's commands and forms show, as data: the plan before it is saved, the status, the form for an item.
Formats nothing.
"""

from collections.abc import Mapping
from datetime import datetime

from rituals.notices import Part
from rituals.notices.workshops import WorkshopBoard


class Pick(Part):
    """A choice: what is sent back, what is shown."""

    key: str
    label: str


class Preview(Part):
    """What a plan would bring. `late` are leads (name, their hour) for whom it is in their quiet hours, `day_off` why
    the day is none to work on, `over` that it lies in the past.
    """

    starts_at: datetime
    asks_at: datetime
    lines: tuple[str, ...]
    minutes: int
    day_off: str = ""
    late: tuple[tuple[str, str], ...] = ()
    over: bool = False


class PlanForm(Part):
    """The form: what is chosen by field (unit, cycle, channel, day, hour in `zone`), and what it would bring."""

    units: tuple[Pick, ...]
    cycles: tuple[Pick, ...]
    typed: Mapping[str, str]
    zone: str
    moving: bool = False
    preview: Preview | None = None


class ItemForm(Part):
    """The form for an item on the drafts of `line` (name); `item` where one that stands is changed."""

    workshop: int
    line_key: str
    line: str
    others: tuple[Pick, ...]
    objectives: tuple[Pick, ...]
    typed: Mapping[str, str] = {}
    decides: bool = False
    item: int | None = None


class Status(Part):
    """`/okr workshop`: the agenda as it stands and where that is in words; `may` the reader move it on."""

    board: WorkshopBoard
    where: str
    may: bool
    others: tuple[str, ...] = ()
