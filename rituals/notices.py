"""Everything the bot says by itself, as data: one class a kind, frozen when the decision is made.

A service promises a notice by writing it to the outbox (`kind` and `model_dump(mode="json")`); delivery reads it
back, and `bot.views` turns it into blocks. Nothing here formats, escapes or knows Slack's blocks: texts are raw,
instants aware UTC, shares 0-1, amounts already worded with their unit ("41 days") because the wording is a rule.
"""

from datetime import date, datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from rituals.okrs.model import Status


class Part(BaseModel):
    """A piece of a notice."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Notice(Part):
    """A message as data. `KIND` is its name in the outbox."""

    KIND: ClassVar[str]


class KrLine(Part):
    """A key result as one line: `41 days, expected 33`. `role`: report, view (co-owned) or own (one unit's)."""

    key: str
    title: str
    status: Status
    now: str | None = None
    expected: str | None = None
    progress: float | None = None
    expected_progress: float | None = None
    confidence: int | None = None
    role: str = "own"
    reporter: str | None = None
    last_at: datetime | None = None
    owners: tuple[str, ...] = ()
    shared: bool = False
    trend: float | None = None


class BlockerLine(Part):
    """A blocker in the register. `number` is the 12 of B-12; `by` the unit that is held up, `on` the one waited for."""

    number: int
    text: str
    by: str
    on: str | None = None
    key_result: str | None = None
    opened_at: datetime
    until: date | None = None
    days: int = 0
    permalink: str | None = None


class CheckinPrompt(Notice):
    """The three questions to one lead (DM)."""

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


class CheckinReminder(Notice):
    """The one reminder, in the prompt's thread."""

    KIND: ClassVar[str] = "checkin_reminder"
    ask: int
    number: int
    unit: str
    due_at: datetime
    user: str
    behind: tuple[str, ...] = ()
    open: int = 0


class Missing(Part):
    """A lead who has not answered."""

    name: str
    asked_at: datetime | None = None


class CheckinBoard(Notice):
    """The round's parent message in the portfolio's channel, kept current (live)."""

    KIND: ClassVar[str] = "checkin_board"
    round: int
    number: int
    unit: str
    opened_at: datetime
    due_at: datetime
    closed: bool = False
    answered: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    statuses: dict[str, int] = {}


class SavedLine(Part):
    """One value that was written: before and after, worded. `update` is its id, for Undo."""

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
    closed_at: datetime | None = None
    waiting: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()
    unanswered: tuple[int, ...] = ()
    finished: bool = False
    seconds: int | None = None
    next_slot: datetime | None = None


class SharedAnswer(Notice):
    """One lead's answer for the others, as one reply in the round's thread (live)."""

    KIND: ClassVar[str] = "checkin_shared_answer"
    ask: int
    name: str
    units: tuple[str, ...]
    answers: tuple[tuple[int, str], ...]
    saved: tuple[SavedLine, ...] = ()
    blockers: tuple[BlockerLine, ...] = ()
    edited: bool = False
    late: bool = False


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


class RatingAsk(Notice):
    """The 1-5 question to one lead (DM, live: shows the vote given, and that it closed)."""

    KIND: ClassVar[str] = "rating_ask"
    poll: int
    person: int
    cycle: str
    unit: str
    closes_at: datetime
    score: int | None = None
    comment: str = ""
    closed: bool = False


class RatingResult(Notice):
    """The outcome in the portfolio's channel. `scores` counts votes by score; spread is the standard deviation."""

    KIND: ClassVar[str] = "rating_result"
    poll: int
    unit: str
    cycle: str
    mean: float | None
    spread: float | None
    votes: int
    asked: int
    scores: dict[int, int] = {}
    before: tuple[str, float] | None = None
    comments: tuple[tuple[str, str], ...] = ()


class Owed(Part):
    """A check-in or rating that waits for this person."""

    what: str
    ask: int | None = None
    poll: int | None = None
    number: int | None = None
    unit: str = ""
    due_at: datetime | None = None
    late: bool = False


class HomeUnit(Part):
    """A unit of mine in the Home tab."""

    name: str
    level: str
    key_results: int
    on_track: int
    channel: str | None = None


class Home(Notice):
    """App Home of one person (live, published). Without `name` not in the portfolio; `contacts` can add them."""

    KIND: ClassVar[str] = "home"
    user: str
    name: str | None
    owed: tuple[Owed, ...] = ()
    key_results: tuple[KrLine, ...] = ()
    units: tuple[HomeUnit, ...] = ()
    blockers: tuple[BlockerLine, ...] = ()
    rhythm: tuple[tuple[str, datetime], ...] = ()
    contacts: tuple[str, ...] = ()


class DeliveryTrouble(Notice):
    """Told once to the workspace's admin: something could not be delivered, and what to do."""

    KIND: ClassVar[str] = "delivery_trouble"
    channel: str
    reason: str
    what: str


NOTICES: dict[str, type[Notice]] = {
    n.KIND: n
    for n in (
        CheckinPrompt,
        CheckinReminder,
        CheckinBoard,
        Receipt,
        SharedAnswer,
        Digest,
        DigestDetails,
        RatingAsk,
        RatingResult,
        Home,
        DeliveryTrouble,
    )
}
