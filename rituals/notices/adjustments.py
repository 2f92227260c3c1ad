"""A proposed adjustment: what those who decide are asked, and what everybody concerned is told."""

from datetime import datetime
from typing import ClassVar, Literal

from rituals.notices.parts import Notice, Part

Decision = Literal["", "accepted", "declined"]


class AdjustmentLine(Part):
    """A-`number`: what is proposed, by whom, why. With `applies`, approving it makes the change by itself; `ended` with
    the cycle before anybody decided. `effect` is what it would do to the figures of now.
    """

    number: int
    text: str
    reason: str = ""
    key: str | None = None
    title: str = ""
    by: str = ""
    proposed_at: datetime
    applies: bool = False
    decision: Decision = ""
    decided_by: str | None = None
    note: str = ""
    ended: bool = False
    effect: str = ""


class AdjustmentAsk(Notice):
    """The question to one of those who decide (DM, live: it shows what was decided)."""

    KIND: ClassVar[str] = "adjustment_ask"
    line: AdjustmentLine


class AdjustmentTold(Notice):
    """What was decided, to who proposed it and to the leads of all owners (DM)."""

    KIND: ClassVar[str] = "adjustment_told"
    line: AdjustmentLine
    changes: tuple[str, ...] = ()
