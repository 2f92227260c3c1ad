"""Key results as replies to commands: pages of lists, a history, the update form. Data only; a card is in
`rituals.notices.cards`, because it can be shared.

As in `rituals.notices`: texts raw, instants aware UTC, shares 0-1, amounts already worded with their unit.
"""

from datetime import datetime
from typing import Literal

from rituals.notices import HandSet, KrLine, Part, SavedLine
from rituals.notices.cards import Standpoint
from rituals.notices.flags import FlagLine
from rituals.okrs.model import HandStatus, Status

LINES, MENU = 8, 100  # of one page of a list; of the menu beside it


class ListPage(Part):
    """`/okr list`: a page of lines in the order they are to be shown, worst first; the first of them is the `start`-th
    of `total`, counted from 0. `title` says what was asked for, `query` asks for the same again, `choices` are the
    first of all with key and title, any of which can be opened.

    `why` has, by key, the reason of those that fall behind although their status does not say so; `read` the words
    that were typed wrong, each with what it was taken for.
    """

    title: str
    lines: tuple[KrLine, ...]
    start: int
    total: int
    choices: tuple[tuple[str, str], ...]
    query: str = ""
    why: tuple[tuple[str, str], ...] = ()
    read: tuple[tuple[str, str], ...] = ()


class SharedKr(Part):
    """A shared key result: its line, who owns it, which of them lag and every reason, worded with its numbers; how each
    owner sees it.
    """

    line: KrLine
    why: tuple[str, ...] = ()
    flags: tuple[FlagLine, ...] = ()
    lags: tuple[str, ...] = ()
    sides: tuple[Standpoint, ...] = ()


class SharedPage(Part):
    """`/okr shared`: all shared key results, worst first."""

    title: str
    key_results: tuple[SharedKr, ...]


class UpdateForm(Part):
    """`/okr update [KR]`: the form. Without a `key` the key result is chosen in it.

    `value`, `confidence`, `note`, `evidence`, `status` and `status_reason` are what was typed already; `update` is the
    id of the one edited. `computed` is the status by the figures, `by_hand` the one that stands beside it.
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
    status: HandStatus | None = None
    status_reason: str = ""
    computed: Status | None = None
    by_hand: HandSet | None = None
    update: int | None = None


class Saved(Part):
    """The reply to an update outside of a check-in."""

    title: str
    line: SavedLine


class HistoryEvent(Part):
    """Something that happened to a key result: a value was said, or the key result was changed, or a change proposed.

    `what`: value, view (a co-owner's), change, adjustment or grade. A value has `before`, `after`, `confidence` and the
    `status` that was set by hand, the others `words`; `gone` is "undone" or "corrected" for what was taken back, then
    `gone_at` says when.
    """

    at: datetime
    what: Literal["value", "view", "change", "adjustment", "grade"]
    words: str = ""
    before: str | None = None
    after: str | None = None
    confidence: int | None = None
    note: str = ""
    evidence: str = ""
    by: str | None = None
    unit: str | None = None
    permalink: str | None = None
    status: HandStatus | None = None
    status_reason: str = ""
    gone: Literal["", "undone", "corrected"] = ""
    gone_at: datetime | None = None


class HistoryPage(Part):
    """Everything that happened to a key result, newest first."""

    key: str
    title: str
    events: tuple[HistoryEvent, ...]
