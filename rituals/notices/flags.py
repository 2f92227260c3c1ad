"""What is said of flags: a reason with its next step, what it did over time, and the co-owners' thread. Data only.

Values are worded with their unit; names are those that the reader may see.
"""

from datetime import date, datetime
from typing import ClassVar, Literal

from rituals.notices.parts import KrLine, Notice, Part

ThreadState = Literal["open", "agreed", "ended"]
Ended = Literal["", "recovered", "closed"]


class FlagLine(Part):
    """One reason that holds. `rule` is its name, `words` the reason with its numbers, `since` the local day on which it
    opened (None: not written down yet), `step` the suggested next one.
    """

    rule: str
    words: str
    since: date | None = None
    step: str = ""


class FlagNews(Part):
    """Something that a flag did on a local day, ready to be told: `KR-1 fell behind on Tue`.

    `what` is that in words: "fell off track", "recovered". `words` are the reason with its numbers; of what recovered
    those it had. `all_clear`: with it the last reason went.
    """

    key: str
    title: str
    event: Literal["opened", "worsened", "recovered"]
    what: str
    on: date
    rule: str
    words: str
    owners: tuple[str, ...] = ()
    step: str = ""
    all_clear: bool = False


class OwnerView(Part):
    """What one co-owner says since the thread opened. `name` is what the reader may call the unit.

    `view` is the id that others can agree with (0: nothing said, or said elsewhere). `people` are asked for it,
    `ping` the Slack ids among them that are mentioned.
    """

    unit_key: str
    name: str
    value: str | None = None
    by: str = ""
    at: datetime | None = None
    note: str = ""
    step: str = ""
    step_on: date | None = None
    view: int = 0
    people: tuple[str, ...] = ()
    ping: tuple[str, ...] = ()


class FlagThreadNotice(Notice):
    """The thread of the co-owners of a key result that fell behind (live, in a channel or a direct message).

    `since` is the day it opened, `mine` the units (keys) for which the reader of a direct message may speak; None in a
    channel. `within` is how far apart values may be, worded; `agreed` the value, `step` and `step_on` what is next.
    """

    KIND: ClassVar[str] = "flag_thread"
    thread: int
    line: KrLine
    since: date
    why: tuple[FlagLine, ...]
    views: tuple[OwnerView, ...]
    mine: tuple[str, ...] | None = None
    state: ThreadState = "open"
    ended: Ended = ""
    within: str = ""
    agreed: str | None = None
    step: str = ""
    step_on: date | None = None


class OwnerWords(Part):
    """The last words of one co-owner on it; no text where it never said any."""

    name: str
    by: str = ""
    text: str = ""
    on: date | None = None
    permalink: str | None = None


class FlagWords(Notice):
    """Each co-owner's last words, in the thread."""

    KIND: ClassVar[str] = "flag_words"
    thread: int
    key: str
    words: tuple[OwnerWords, ...]


class FlagSaid(Notice):
    """What one co-owner has just said, in the thread."""

    KIND: ClassVar[str] = "flag_said"
    thread: int
    key: str
    view: OwnerView


class FlagEnded(Notice):
    """How the thread ended, in the thread."""

    KIND: ClassVar[str] = "flag_ended"
    thread: int
    key: str
    title: str
    state: ThreadState
    ended: Ended = ""
    value: str | None = None
    step: str = ""
    step_on: date | None = None
    owners: tuple[str, ...] = ()
