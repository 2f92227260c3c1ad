"""The close of a cycle as data: how far it is, one key result to decide on, what closing did. No rules, no markup.

As in `rituals.notices`: texts raw, amounts already worded with their unit, shares 0-1; None stands for not known.
"""

from datetime import date, datetime
from decimal import Decimal

from rituals.closing.rules import Band, Outcome
from rituals.notices.parts import KrLine, Part
from rituals.okrs.model import Commitment


class Decided(Part):
    """What was decided on a key result, by whom (a name) and when; `at` also says which decision this is."""

    outcome: Outcome
    score: Decimal | None
    band: Band | None
    reason: str = ""
    note: str = ""
    target: Decimal | None = None
    by: str = ""
    at: datetime


class ClosingLine(Part):
    """A key result with what its figures suggest, and what was decided."""

    line: KrLine
    course: str
    commitment: Commitment
    suggested: Decimal | None
    suggested_band: Band | None
    suggested_outcome: Outcome
    decided: Decided | None = None


class ClosingObjective(Part):
    """An objective with its key results that the reader may decide on; `left` and `on_track` count undecided ones."""

    key: str
    title: str
    unit: str
    lines: tuple[ClosingLine, ...]
    left: int
    on_track: int


class ClosingPage(Part):
    """How far the closing of a cycle is, for one reader. `left` of `total` wait for them; `objectives` are those from
    the `start`-th on, with `more` behind them; `others` names the units of those that wait for somebody else,
    `elsewhere` says that some of them are not theirs to know.
    """

    cycle: str
    starts: date
    ends: date
    ended: bool
    closed: bool
    left: int
    total: int
    objectives: tuple[ClosingObjective, ...]
    start: int = 0
    more: int = 0
    others: tuple[str, ...] = ()
    elsewhere: bool = False
    may_close: bool = False
    may_reopen: bool = False
    did: tuple[str, ...] = ()

    @property
    def all_decided(self) -> bool:
        """Whether the cycle can be closed."""
        return not (self.left or self.others or self.elsewhere)


class GradeForm(Part):
    """One key result to decide on. `seen` names the decision that stood when the form was made ("": none); of its
    objective `on_track` and `as_suggested` count what a batch would take.
    """

    cycle: str
    objective: str
    objective_title: str
    unit: str
    line: ClosingLine
    measured_in: str
    new_target: bool
    left: int
    total: int
    seen: str
    on_track: int
    as_suggested: int
    did: tuple[str, ...] = ()


class FinishForm(Part):
    """What closing will do, before it is done. `days_left` is 0 where the cycle has ended; the next cycle is a
    proposal, `exists` where it is there already; `choices` are cycles (keys) that could be it.
    """

    cycle: str
    ends: date
    days_left: int
    closed: int
    carried: int
    dropped: int
    key: str
    starts: date
    until: date
    exists: bool
    choices: tuple[str, ...] = ()


class BeingClosed(Part):
    """A cycle with `total` key results that is being closed; `by` names who asked for it, where that was another."""

    cycle: str
    into: str
    total: int
    by: str = ""
