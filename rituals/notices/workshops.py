"""What the alignment workshop says: to a line before it, in the channel while it runs, to whom an item concerns, and
its record. Data without markup.
"""

from datetime import date, datetime
from typing import ClassVar, Literal

from rituals.notices.parts import Filed, Notice, Part

WorkshopState = Literal["planned", "drafting", "presenting", "adjusting", "confirming", "closed", "cancelled"]
ItemKind = Literal["dependency", "conflict", "opportunity", "decision"]
ItemState = Literal["open", "accepted", "adjusted", "declined"]
StepState = Literal["done", "now", "coming", "left_out"]


class DraftKr(Part):
    """A key result of a draft: its course worded (`45 → 20 days`) and, where it is shared, the other owners' names."""

    key: str
    title: str
    course: str = ""
    shared_with: tuple[str, ...] = ()


class DraftObjective(Part):
    """A line's objective with what it moves above as (key, title, how)."""

    key: str
    title: str
    unit: str = ""
    moves: tuple[tuple[str, str, str], ...] = ()
    key_results: tuple[DraftKr, ...] = ()


class ItemLine(Part):
    """A dependency, conflict, opportunity or decision. `unit` and `other` are names; `asked` is the line that answers,
    `provider` of a dependency the one that is to deliver; `blocker` the number of what it became.
    """

    item: int
    kind: ItemKind
    by: str
    unit: str
    other: str | None = None
    asked: str | None = None
    waits: str | None = None
    provider: str | None = None
    objective: str | None = None
    text: str = ""
    until: date | None = None
    state: ItemState = "open"
    note: str = ""
    decided_by: str | None = None
    blocker: int | None = None


class LineStep(Part):
    """A line on the agenda, with how much it has drafted and how much was noted of it."""

    name: str
    state: StepState
    objectives: int = 0
    items: int = 0


class DraftRef(Part):
    """An objective to edit."""

    key: str
    title: str


class Covered(Part):
    """The coverage figures at an instant: linked of all objectives of the lines; of `tops` objectives of the portfolio
    `thin` have fewer than two lines, of `lines` lines `unlinked` have no link. `gaps` are in words.
    """

    connection: float | None = None
    linked: int = 0
    objectives: int = 0
    tops: int = 0
    thin: int = 0
    lines: int = 0
    unlinked: int = 0
    gaps: tuple[str, ...] = ()


class Meeting(Part):
    """Which workshop: its row, its step when this was made, names, channel and instant."""

    workshop: int
    step: int
    unit: str
    cycle: str
    channel: str
    starts_at: datetime
    state: WorkshopState
    facilitator: str = ""


class WorkshopOffered(Notice):
    """That the workshop of a unit and cycle could be held, to one who leads the unit (DM, live: it says what became of
    it). `by` is who planned it or left it out, by name; `minutes` what it takes, with ten for each of `lines`.
    """

    KIND: ClassVar[str] = "workshop_offer"
    state: Literal["open", "declined", "planned", "cancelled", "begun", "held", "over"]
    unit: str
    cycle: str
    about: tuple[int, int]
    channel: str
    starts_at: datetime
    asks_at: datetime
    lines: tuple[str, ...] = ()
    minutes: int = 0
    by: str = ""


class WorkshopAsk(Notice):
    """The question for drafts to one lead of a line (DM, live: it shows what is there now)."""

    KIND: ClassVar[str] = "workshop_ask"
    meeting: Meeting
    line: str
    minutes: int
    objectives: tuple[DraftObjective, ...] = ()
    missing: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()


class WorkshopBoard(Notice):
    """The workshop in its channel (live). The `agenda` has the lines in their order; the `round`, posted when all have
    presented, the items with their answers, coverage before and after, and who is to confirm.
    """

    KIND: ClassVar[str] = "workshop_board"
    meeting: Meeting
    part: Literal["agenda", "round"] = "agenda"
    lines: tuple[LineStep, ...] = ()
    items: tuple[ItemLine, ...] = ()
    ends_at: datetime | None = None
    before: Covered | None = None
    after: Covered | None = None
    confirmers: tuple[str, ...] = ()
    confirmed_by: str | None = None
    remark: str = ""


class WorkshopTurn(Notice):
    """A line's drafts in the channel while it has its ten minutes, and after (live). `key` is its unit's; `number` of
    `of` lines.
    """

    KIND: ClassVar[str] = "workshop_turn"
    meeting: Meeting
    line: str
    key: str
    number: int
    of: int
    running: bool
    ends_at: datetime | None = None
    over: int = 0
    after: str | None = None
    objectives: tuple[DraftObjective, ...] = ()
    items: tuple[ItemLine, ...] = ()


class WorkshopTime(Notice):
    """Under a line's drafts (live): that its time is up, and by how many minutes it is over; or until when it was
    extended. `users` are its leads, `running` that it has the floor.
    """

    KIND: ClassVar[str] = "workshop_time"
    line: str
    over: int
    running: bool
    extended: datetime | None = None
    users: tuple[str, ...] = ()
    after: str | None = None


class WorkshopCard(Notice):
    """An item to one person whom it concerns (DM, live); `mine` where the answer is theirs, `author` where they
    noted it. `edits` are the drafts of the line that answers; `withdrawn`: who noted it took it back.
    """

    KIND: ClassVar[str] = "workshop_card"
    meeting: Meeting
    line: ItemLine
    mine: bool
    edits: tuple[DraftRef, ...] = ()
    withdrawn: bool = False
    author: bool = False


class WorkshopConfirm(Notice):
    """Whether the set covers the objectives, asked of one who leads the portfolio (DM, live)."""

    KIND: ClassVar[str] = "workshop_confirm"
    meeting: Meeting
    before: Covered | None = None
    after: Covered | None = None
    open_items: int = 0
    accepted: int = 0
    confirmed_by: str | None = None
    remark: str = ""


class WorkshopRecord(Filed):
    """The record as a Markdown file in the channel, and a canvas where there are any; or as a file alone for one
    `user`. `canvas` is Slack's id of the canvas, "?" where an attempt to make one began.
    """

    KIND: ClassVar[str] = "workshop_record"
    workshop: int
    unit: str
    cycle: str
    closed_at: datetime
    headline: str = ""
    user: str = ""
    canvas: str = ""
    canvas_url: str = ""

    @property
    def wants_canvas(self) -> bool:
        """Once, and not of the copy for one person."""
        return not self.user and not self.canvas
