"""The 1-5 question and what came of it."""

from datetime import datetime
from typing import ClassVar

from pydantic import Field

from rituals.notices.parts import Notice


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
    scores: dict[int, int] = Field(default_factory=dict)
    before: tuple[str, float] | None = None
    comments: tuple[tuple[str, str], ...] = ()
