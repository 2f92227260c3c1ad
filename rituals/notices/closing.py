"""The look back on a closed cycle in its portfolio's channel, the reminder that one waits to be closed, and what comes
of closing a large one.
"""

from datetime import date
from typing import ClassVar

from rituals.notices.parts import Notice, Part


class GradeCount(Part):
    """How many key results were graded green, yellow and red, or not at all; `name` is a unit's or a commitment's."""

    name: str
    green: int
    yellow: int
    red: int
    ungraded: int


class ConfidenceBin(Part):
    """Confidences from `low` to `high` of 10: how many, their mean, the share that came true; None: too few to say."""

    low: int
    high: int
    n: int
    said: float | None
    reached: float | None


class UnitCalibration(Part):
    """How good a unit's confidences were. `brier` 0 (the best) to 1; None stands for "not enough data"."""

    name: str
    calls: int
    brier: float | None
    bins: tuple[ConfidenceBin, ...]


class Twice(Part):
    """A key result that was carried over once more."""

    key: str
    title: str


class Ends(Part):
    """A figure at the start and at the end of a cycle; None where it is not known."""

    start: float | None
    end: float | None


class Retrospective(Notice):
    """The figures of a closed cycle, for one unit and all below it. Answered of asked are check-ins."""

    KIND: ClassVar[str] = "cycle_closed"
    cycle: str
    unit: str
    into: str
    starts: date
    ends: date
    closed_by: str
    closed: int
    carried: int
    dropped: int
    by_commitment: tuple[GradeCount, ...]
    by_unit: tuple[GradeCount, ...]
    calibration: tuple[UnitCalibration, ...]
    overall: UnitCalibration
    connection: Ends
    lag: Ends
    answered: int
    asked: int
    adjusted: int
    twice: tuple[Twice, ...] = ()


class ClosingReminder(Notice):
    """A cycle has ended and is not closed (DM to a lead of its portfolio). `left` is what waits for anybody."""

    KIND: ClassVar[str] = "closing_reminder"
    cycle: str
    ends: date
    days: int
    left: int


class Went(Part):
    """What goes on: the key it had and the key it has."""

    before: str
    now: str


class Finished(Part):
    """What closing did. `lost` are objectives of the next cycle that lost a link upward, each with the key above."""

    cycle: str
    into: str
    opened: bool
    key_results: tuple[Went, ...]
    objectives: tuple[Went, ...]
    lost: tuple[Went, ...]
    channels: int


class ClosingProgress(Notice):
    """A cycle is being closed (DM to who asked for it), with `total` key results; then what was `done`, or `why` it was
    not closed.
    """

    KIND: ClassVar[str] = "closing_progress"
    cycle: str
    into: str
    total: int
    done: Finished | None = None
    why: str = ""
