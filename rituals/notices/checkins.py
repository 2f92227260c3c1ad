"""What a round of check-ins says: prompt, board, receipt, and one lead's answer for the others."""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import Field

from rituals.notices.parts import BlockerLine, KrLine, Notice, Part
from rituals.okrs.model import HandStatus


class Later(Part):
    """A time to which a prompt can be put off. `label` says it in the lead's own wall time."""

    when: Literal["soon", "tomorrow", "last_day"]
    at: datetime
    label: str


class CheckinPrompt(Notice):
    """The three questions to one lead (DM). `last_words` is what they said last time; `back_at` when it comes back.

    `instead_of` names the lead who is away (`away`: until when, worded) and for whom this person answers.
    """

    KIND: ClassVar[str] = "checkin_prompt"
    ask: int
    number: int
    of: int | None = None
    unit: str
    due_at: datetime
    lines: tuple[KrLine, ...]
    blockers: tuple[BlockerLine, ...] = ()
    no_change: bool = False
    example: str = ""
    last_words: str = ""
    last_said_at: datetime | None = None
    later: tuple[Later, ...] = ()
    back_at: datetime | None = None
    instead_of: str | None = None
    away: str = ""


class CheckinBack(Notice):
    """A prompt that was put off is back, in its own thread."""

    KIND: ClassVar[str] = "checkin_back"
    ask: int
    number: int
    unit: str
    due_at: datetime
    user: str
    open: int = 0
    later: tuple[Later, ...] = ()


class Missing(Part):
    """A lead who has not answered. `partly`: but for what is behind; `over`: their time is; `limit`: they were not
    reminded, because they have got all nudges of the week.
    """

    name: str
    asked_at: datetime | None = None
    partly: bool = False
    over: bool = False
    limit: bool = False


class AwayLead(Part):
    """A lead who is away (`until`: worded). `delegate` was asked instead; without one nobody is, and nobody missing."""

    name: str
    until: str = ""
    delegate: str | None = None


class CheckinBoard(Notice):
    """The round's parent message in the portfolio's channel, kept current (live).

    `seconds` is what the leads spent on it together, of `measured` of them; `budget` what the practice allows a group.
    """

    KIND: ClassVar[str] = "checkin_board"
    round: int
    number: int
    unit: str
    opened_at: datetime
    due_at: datetime
    closed: bool = False
    answered: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    away: tuple[AwayLead, ...] = ()
    statuses: dict[str, int] = Field(default_factory=dict)
    seconds: int = 0
    measured: int = 0
    budget: int = 0


class SavedLine(Part):
    """One value that was written: before and after, worded. `update` is its id, for Undo; `status` was set by hand."""

    update: int
    key: str
    before: str | None
    after: str | None
    progress: float | None
    expected: float | None
    confidence: int | None = None
    confidence_before: int | None = None
    role: str = "report"
    undone: bool = False
    undoable: bool = True
    status: HandStatus | None = None
    status_reason: str = ""


class Guess(Part):
    """Something that was not certain: nothing is written until one of `choices` (value, label) is chosen."""

    proposal: int
    text: str
    choices: tuple[tuple[str, str], ...]


class Receipt(Notice):
    """What was understood of an answer, in the thread where it was given (live: undo and edits update it).

    What is still wanted: values of `waiting` (keys), how `looks` (keys that others report) appear, questions
    `unanswered`.
    """

    KIND: ClassVar[str] = "checkin_receipt"
    answer: int
    ask: int | None
    number: int | None = None
    saved: tuple[SavedLine, ...] = ()
    guesses: tuple[Guess, ...] = ()
    blockers: tuple[BlockerLine, ...] = ()
    adjustments: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    nothing: tuple[int, ...] = ()
    late: bool = False
    early: bool = False
    closed_at: datetime | None = None
    waiting: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()
    unanswered: tuple[int, ...] = ()
    finished: bool = False
    seconds: int | None = None
    next_slot: datetime | None = None


class SharedAnswer(Notice):
    """One lead's answer for the others, as one reply in the round's thread (live); `instead_of` as in the prompt."""

    KIND: ClassVar[str] = "checkin_shared_answer"
    ask: int
    name: str
    instead_of: str | None = None
    units: tuple[str, ...]
    answers: tuple[tuple[int, str], ...]
    saved: tuple[SavedLine, ...] = ()
    blockers: tuple[BlockerLine, ...] = ()
    edited: bool = False
    late: bool = False
    early: bool = False
