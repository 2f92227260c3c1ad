"""The answer form as data: which key results are asked and what stands in the fields. No rules, no Slack.

Texts are raw and amounts worded with their unit, as in `rituals.notices`.
"""

from datetime import datetime
from typing import Literal

from rituals.notices import BlockerLine, HandSet, Part
from rituals.okrs.model import Role, Status


class FormField(Part):
    """One key result that is asked. `role`: report (its value moves) or view (how it looks from the asked unit).

    `last` and `expected` are worded ("41 days"); `value`, `confidence` and `note` are what was given before and is
    being edited, otherwise empty: a field that is left empty is not an answer, and the last value is never said again
    by sending a form. `asks` says what kind of value fits; `first` that it is shown before all are asked for; `note`
    holds the link that is its evidence, too.
    """

    key: str
    title: str
    status: Status = "no_data"
    by_hand: HandSet | None = None
    role: Role = "report"
    reporter: str | None = None
    measured_in: str = ""
    asks: Literal["number", "yes_no", "milestones"] = "number"
    last: str | None = None
    expected: str | None = None
    last_confidence: int | None = None
    value: str = ""
    confidence: int | None = None
    note: str = ""
    first: bool = True


class Queue(Part):
    """What a lead works off: the asks (ids) after this one, how many were answered, and of how many."""

    rest: tuple[int, ...] = ()
    done: int = 0
    total: int = 1


class AnswerForm(Part):
    """The three questions as a form for one asked lead. `answer` is the id of the answer that is edited.

    `kind`, `owner` (a Slack id) and `next_step` are about the first blocker, `reason` about the change; `everything`
    shows every key result; `late` says that this lead's time is over.
    """

    ask: int
    number: int
    unit: str
    fields: tuple[FormField, ...]
    open_blockers: tuple[BlockerLine, ...] = ()
    blockers: str = ""
    adjustments: str = ""
    answer: int | None = None
    kind: str = ""
    owner: str = ""
    next_step: str = ""
    reason: str = ""
    everything: bool = False
    late: bool = False
    due_at: datetime | None = None
    queue: Queue = Queue()

    @property
    def editing(self) -> bool:
        """An answer exists and is being changed."""
        return self.answer is not None
