"""What notices are made of: the two roots and the lines that several of them carry. Formats nothing."""

from datetime import date, datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from rituals.okrs.model import HandStatus, Status


class Part(BaseModel):
    """A piece of a notice."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)  # each when it is first used


class Notice(Part):
    """A message as data. `KIND` is its name in the outbox."""

    KIND: ClassVar[str]


class Filed(Notice):
    """A notice that carries files, which are made when it is sent. `uploaded` are Slack's ids of those that were
    uploaded and not shown yet, with their titles.
    """

    uploaded: tuple[tuple[str, str], ...] = ()

    @property
    def wants_canvas(self) -> bool:
        """Whether a canvas of it is to be made before its files are shown."""
        return False


class HandSet(Part):
    """A status that a person (`by`, their name) set by hand, beside the computed one."""

    status: HandStatus
    reason: str
    by: str


class KrLine(Part):
    """A key result as one line: `41 days, expected 33`. `role`: report, view (co-owned) or own (one unit's).

    `days`: since the last update. `pace` words the way and the gap: `16 % of the way, 34 points behind`.
    """

    key: str
    title: str
    status: Status
    now: str | None = None
    expected: str | None = None
    progress: float | None = None
    expected_progress: float | None = None
    confidence: int | None = None
    role: str = "own"
    reporter: str | None = None
    last_at: datetime | None = None
    days: int | None = None
    owners: tuple[str, ...] = ()
    shared: bool = False
    trend: float | None = None
    pace: str = ""
    by_hand: HandSet | None = None


class BlockerLine(Part):
    """A blocker in the register. `number` is the 12 of B-12; `by` the unit that is held up, `on` the one waited for,
    `next_step` who is to act on what ("Ana: asks the vendor by 20 Nov").

    `handshake` says in words what that one was asked or answered; "" where nobody asked it.
    """

    number: int
    text: str
    by: str
    on: str | None = None
    key_result: str | None = None
    opened_at: datetime
    until: date | None = None
    days: int = 0
    permalink: str | None = None
    kind: str = ""
    next_step: str = ""
    handshake: str = ""


class EvidenceLine(Part):
    """A Slack message beside a key result; without words where it is from a private conversation.

    `fresh`: added just now, not before; `undone`: taken back. Key and title are left out where they are shown anyway.
    """

    id: int
    key: str = ""
    title: str = ""
    excerpt: str
    by: str
    said_at: datetime
    permalink: str
    fresh: bool = False
    undone: bool = False
