"""What the digest says, and the whole lists in its thread."""

from datetime import date, datetime
from typing import ClassVar, Literal

from rituals.notices.parts import KrLine, Notice, Part
from rituals.notices.ratings import RatedCycle

Audience = Literal["leadership", "portfolio", "unit"]
State = Literal["due", "held", "issued", "skipped", "withdrawn"]


class FallingBehind(Part):
    """A shared key result with every reason. `why` is worded by the rules, one string a flag, with its numbers.

    `words` are its owners' last ones and `words_on` the local day they were said.
    """

    line: KrLine
    why: tuple[str, ...]
    words: str = ""
    words_on: date | None = None
    permalink: str | None = None


class Claim(Part):
    """One sentence of the blockers' summary and the answers it rests on (number, permalink)."""

    text: str
    sources: tuple[tuple[int, str | None], ...] = ()


class Section(Part):
    """What one audience reads beside what all read: a title and its lines, the most pressing first."""

    title: str
    lines: tuple[str, ...]


class Edited(Part):
    """A line that a person wrote in the place of a computed one; `place` as in `rituals.digests.edits`."""

    place: str
    by: str


class Digest(Notice):
    """A unit's digest for an audience (leadership, portfolio or unit). `worded_by` is "rules" or "model"; `dropped`
    counts claims that failed the check. `digest` is the ledger's id, 0 for one that nobody keeps.

    `course` is the mean progress of (day, shared, units' own, expected), shares. `lag` is the shared lag index,
    `moving` the share connected and moving, `net` the net confidence (-1 to 1) of the day `lag_on`. `more` stands after
    the blockers. `nothing`: nothing changed since the last one. `edited` are lines that are a person's and that nothing
    has checked. Of a preview: `found_useful` is what readers thought of those before, `not_useful` their sentences why
    not.
    """

    KIND: ClassVar[str] = "digest"
    digest: int
    unit: str
    week_of: date
    cycle: str | None
    elapsed: float | None
    headline: str
    falling: tuple[FallingBehind, ...] = ()
    decisions: tuple[str, ...] = ()
    blockers: tuple[Claim, ...] = ()
    blockers_open: int = 0
    moved: tuple[str, ...] = ()
    achieved: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    not_answered: tuple[str, ...] = ()
    connection_rate: float | None = None
    connection_change: float | None = None
    lag: float | None = None
    net: float | None = None
    moving: float | None = None
    lag_on: date | None = None
    rating: RatedCycle | None = None
    chart: tuple[tuple[str, float, float], ...] = ()
    course: tuple[tuple[date, float | None, float | None, float | None], ...] = ()
    worded_by: str = "rules"
    checked_against: int = 0
    dropped: int = 0
    why_rules: str | None = None
    preview: bool = False
    audience: Audience = "leadership"
    more: tuple[Section, ...] = ()
    edited: tuple[Edited, ...] = ()
    nothing: bool = False
    found_useful: str = ""
    not_useful: tuple[str, ...] = ()


class DigestDetails(Notice):
    """The whole lists behind a digest, in its thread: section title and its lines."""

    KIND: ClassVar[str] = "digest_details"
    digest: int
    title: str
    lines: tuple[str, ...]


class DigestApproval(Notice):
    """A digest before it is posted, to one who approves it, with what became of it.

    `state` is the ledger's: held, issued, skipped (with the `reason`) or withdrawn. `channel` is where it goes;
    `undo_until` is set while it can be taken back.
    """

    KIND: ClassVar[str] = "digest_approval"
    issue: int
    state: State
    digest: Digest
    channel: str
    until: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    undo_until: datetime | None = None
    reason: str = ""


class DigestWaiting(Notice):
    """A word in the thread of a `DigestApproval`: it still waits, or it `lapsed` because nobody approved it."""

    KIND: ClassVar[str] = "digest_waiting"
    issue: int
    unit: str
    audience: Audience
    user: str
    until: datetime
    lapsed: bool = False
