"""One key result's card, as it is shown to who asks and, shared, to a channel. Data only."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal

from rituals.notices.flags import FlagLine, FlagNews
from rituals.notices.parts import BlockerLine, EvidenceLine, KrLine, Notice, Part
from rituals.okrs.model import HandStatus


class HistoryLine(Part):
    """One update, worded. `unit` is whom the author spoke for; `view` marks a co-owner's look, which moves nothing.

    `status` was set by hand with it.
    """

    at: datetime
    value: str | None = None
    confidence: int | None = None
    note: str = ""
    evidence: str = ""
    by: str | None = None
    unit: str | None = None
    view: bool = False
    permalink: str | None = None
    status: HandStatus | None = None
    status_reason: str = ""


class ChartPoint(Part):
    """Shares 0-1 on one day. `actual` up to the last update, `forecast` after it; what is not known is None."""

    day: date
    expected: float | None = None
    actual: float | None = None
    forecast: float | None = None


class LinkedObjective(Part):
    """An objective above or below by a contribution, with the sentence that says how."""

    key: str
    title: str
    unit: str
    how: str = ""


class Standpoint(Part):
    """How one owner of a shared key result sees it: its newest value, confidence and words. `asked`: it was asked to
    own it and has not agreed; `apart`: by METHOD's rule it differs from another owner in the window.

    `support` is what of its own supports it, `at_home` says that the objective above is its own; `linkable` whether
    the reader may say what supports it.
    """

    unit_key: str
    unit: str
    asked: bool = False
    reports: bool = False
    value: str | None = None
    confidence: int | None = None
    note: str = ""
    at: datetime | None = None
    apart: bool = False
    blocked: bool = False
    support: str = ""
    at_home: bool = False
    linkable: bool = False


class Graded(Part):
    """What a key result came to: its score 0-1 with its band (green, yellow, red), closed, carried or dropped; `to` is
    the key of the one that goes on."""

    score: Decimal | None
    band: Literal["green", "yellow", "red"] | None
    outcome: Literal["closed", "carried", "dropped"]
    reason: str = ""
    note: str = ""
    to: str | None = None
    by: str | None = None
    at: datetime


class Earlier(Part):
    """The key result of an earlier cycle that this one goes on from: where it ended, its last words, newest first."""

    key: str
    cycle: str
    course: str
    ended: str | None
    graded: Graded | None
    history: tuple[HistoryLine, ...]
    updates: int


class KrCard(Part):
    """One key result with everything about it. `course` words its way: "45 → 20 days".

    `graded` is what it came to, `earlier` what it goes on from and before that, the newest first.

    `advice` is what the quality checks miss, `editable` whether the reader may open its form, `sides` how each owner of
    a shared one sees it.
    """

    line: KrLine
    objective_key: str
    objective: str
    unit: str
    starts: date
    ends: date
    course: str = ""
    commitment: Literal["committed", "aspirational"] = "aspirational"
    forecast: str = ""
    why: tuple[str, ...] = ()
    flags: tuple[FlagLine, ...] = ()
    flag_news: tuple[FlagNews, ...] = ()
    up: tuple[LinkedObjective, ...] = ()
    down: tuple[LinkedObjective, ...] = ()
    blockers: tuple[BlockerLine, ...] = ()
    history: tuple[HistoryLine, ...] = ()
    evidence: tuple[EvidenceLine, ...] = ()
    updates: int = 0
    chart: tuple[ChartPoint, ...] = ()
    graded: Graded | None = None
    earlier: tuple[Earlier, ...] = ()
    advice: str = ""
    editable: bool = False
    sides: tuple[Standpoint, ...] = ()


class SharedCard(Notice):
    """A card that somebody (`by`, a name) put into a channel, with what its readers may see."""

    KIND: ClassVar[str] = "shared_card"
    card: KrCard
    by: str
