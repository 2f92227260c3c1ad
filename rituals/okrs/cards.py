"""Key results as replies to commands: pages of lists, one key result's card, the update form. Data only.

As in `rituals.notices`: texts raw, instants aware UTC, shares 0-1, amounts already worded with their unit.
"""

from datetime import date, datetime
from typing import Literal

from rituals.notices import BlockerLine, KrLine, Part, SavedLine


class ListPage(Part):
    """`/okr list`: lines in the order they are to be shown, worst first. `title` says what was asked for, `query` asks
    for the same again.

    `why` has, by key, the reason of those that fall behind although their status does not say so; `read` the words
    that were typed wrong, each with what it was taken for.
    """

    title: str
    lines: tuple[KrLine, ...]
    query: str = ""
    why: tuple[tuple[str, str], ...] = ()
    read: tuple[tuple[str, str], ...] = ()


class SharedKr(Part):
    """A shared key result: its line, who owns it, which of them lag and every reason, worded with its numbers."""

    line: KrLine
    why: tuple[str, ...] = ()
    lags: tuple[str, ...] = ()


class SharedPage(Part):
    """`/okr shared`: all shared key results, worst first."""

    title: str
    key_results: tuple[SharedKr, ...]


class HistoryLine(Part):
    """One update, worded. `unit` is whom the author spoke for; `view` marks a co-owner's look, which moves nothing."""

    at: datetime
    value: str | None = None
    confidence: int | None = None
    note: str = ""
    evidence: str = ""
    by: str | None = None
    unit: str | None = None
    view: bool = False
    permalink: str | None = None


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


class KrCard(Part):
    """`/okr show KR`: one key result with everything about it. `course` words its way: "45 → 20 days"."""

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
    up: tuple[LinkedObjective, ...] = ()
    down: tuple[LinkedObjective, ...] = ()
    blockers: tuple[BlockerLine, ...] = ()
    history: tuple[HistoryLine, ...] = ()
    updates: int = 0
    chart: tuple[ChartPoint, ...] = ()


class UpdateForm(Part):
    """`/okr update [KR]`: the form. Without a `key` the key result is chosen in it.

    `value`, `confidence`, `note` and `evidence` are what was typed already; `update` is the id of the one edited.
    """

    key: str | None = None
    title: str = ""
    measured_in: str = ""
    last: str | None = None
    expected: str | None = None
    last_confidence: int | None = None
    value: str = ""
    confidence: int | None = None
    note: str = ""
    evidence: str = ""
    update: int | None = None


class Saved(Part):
    """The reply to an update outside of a check-in."""

    title: str
    line: SavedLine
