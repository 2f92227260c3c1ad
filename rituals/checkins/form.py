"""The answer form as data: which key results are asked and what stands in the fields. No rules, no Slack.

Texts are raw and amounts worded with their unit, as in `rituals.notices`.
"""

from typing import Literal

from rituals.notices import BlockerLine, Part
from rituals.okrs.model import Role, Status


class FormField(Part):
    """One key result that is asked. `role`: report (its value moves) or view (how it looks from the asked unit).

    `last` and `expected` are worded ("41 days"); `value`, `confidence` and `note` are what was given before and is
    being edited, otherwise empty: a field that is left empty is not an answer. `asks` says what kind of value fits.
    """

    key: str
    title: str
    status: Status = "no_data"
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


class AnswerForm(Part):
    """The three questions as a form for one asked lead. `answer` is the id of the answer that is edited."""

    ask: int
    number: int
    unit: str
    fields: tuple[FormField, ...]
    open_blockers: tuple[BlockerLine, ...] = ()
    blockers: str = ""
    adjustments: str = ""
    answer: int | None = None

    @property
    def editing(self) -> bool:
        """An answer exists and is being changed."""
        return self.answer is not None
