"""What `/okr nudge` shows, as data: who is missing, and what became of a nudge by hand. No rules, no Slack."""

from datetime import datetime
from typing import Literal

from rituals.notices.parts import Part

Why = Literal["yourself", "unknown", "away", "answered", "by_hand", "limit", "snoozed"]


class Waiting(Part):
    """A lead who has not answered. `nudged_at` is when they were last reminded, by the bot or by hand."""

    name: str
    units: tuple[str, ...] = ()
    nudged_at: datetime | None = None


class WaitingRound(Part):
    """A round that the person answers for, and who is missing in it."""

    number: int
    unit: str
    due_at: datetime
    closed: bool = False
    missing: tuple[Waiting, ...] = ()


class NudgePage(Part):
    """Who is missing in the rounds that a person answers for; `can_nudge` of them are not the person themselves."""

    rounds: tuple[WaitingRound, ...]
    can_nudge: int = 0


class NotNudged(Part):
    """Who was not nudged and why. `at`: since when (answered, by_hand), or until when (away, limit, snoozed)."""

    name: str
    why: Why
    at: datetime | None = None


class NudgeDone(Part):
    """What became of a nudge by hand. `later` are promised for the end of their quiet hours; `quiet` could be, with
    `query` sent again.
    """

    query: str
    sent: tuple[str, ...] = ()
    later: tuple[tuple[str, datetime], ...] = ()
    quiet: tuple[tuple[str, datetime], ...] = ()
    not_sent: tuple[NotNudged, ...] = ()
