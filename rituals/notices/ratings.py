"""The 1-5 question, the one reminder of it, and what came of it."""

from datetime import datetime
from typing import ClassVar

from pydantic import Field

from rituals.notices.parts import Notice, Part


class RatingAsk(Notice):
    """The 1-5 question to one lead (DM, live: shows the vote given, and that it closed).

    Of an anonymous one it says whether the lead has voted and never what; its result needs `fewest` votes.
    """

    KIND: ClassVar[str] = "rating_ask"
    poll: int
    person: int
    cycle: str
    unit: str
    closes_at: datetime
    anonymous: bool = False
    fewest: int = 0
    voted: bool = False
    score: int | None = None
    comment: str = ""
    closed: bool = False


class RatingReminder(Notice):
    """The one reminder to a lead who has not voted; in the question's thread."""

    KIND: ClassVar[str] = "rating_reminder"
    poll: int
    unit: str
    cycle: str
    closes_at: datetime
    user: str


class RatingLine(Part):
    """A product line's mean, of so many of its leads."""

    unit: str
    mean: float
    votes: int


class RatedCycle(Part):
    """The newest rating, 1-5, and the mean of the one `before`; `withheld` where too few voted anonymously."""

    cycle: str
    mean: float | None
    before: float | None = None
    votes: int = 0
    asked: int = 0
    withheld: bool = False


class RatingResult(Notice):
    """The outcome in the portfolio's channel. `scores` counts votes by score; spread is the standard deviation.

    `fewest` is set where an anonymous one is withheld: so many votes it needs. `earlier` has the means of the cycles
    before, the oldest first, `before` the last of them; `comments` are (name, words), without names where anonymous.
    """

    KIND: ClassVar[str] = "rating_result"
    poll: int
    unit: str
    cycle: str
    anonymous: bool = False
    fewest: int = 0
    mean: float | None
    spread: float | None
    votes: int
    asked: int
    scores: dict[int, int] = Field(default_factory=dict)
    before: tuple[str, float] | None = None
    earlier: tuple[tuple[str, float], ...] = ()
    lines: tuple[RatingLine, ...] = ()
    comments: tuple[tuple[str, str], ...] = ()
