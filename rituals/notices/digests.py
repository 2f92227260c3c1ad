"""What the digest says, and the whole lists in its thread."""

from datetime import date
from typing import ClassVar

from rituals.notices.parts import KrLine, Notice, Part


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


class Digest(Notice):
    """The leadership's digest. `worded_by` is "rules" or "model"; `dropped` counts claims that failed the check."""

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
    chart: tuple[tuple[str, float, float], ...] = ()
    worded_by: str = "rules"
    checked_against: int = 0
    dropped: int = 0
    why_rules: str | None = None
    preview: bool = False


class DigestDetails(Notice):
    """The whole lists behind a digest, in its thread: section title and its lines."""

    KIND: ClassVar[str] = "digest_details"
    digest: int
    title: str
    lines: tuple[str, ...]
