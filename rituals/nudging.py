"""When somebody may be nudged and how often: never too close together, never at night, never too many a week. Pure.

A nudge is whatever is sent of our own accord, or by hand, to make somebody act who was asked already: reminder, last
call, escalation. The question itself is none. A week is the seven days before the instant, wherever its Monday lies.
What was sent is in the ledger (`storage.nudges`); who sends is the feature's business.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rituals.quiet import Quiet

WEEK = timedelta(days=7)
SHARE = 0.8  # of the window, after which whoever has not answered is reminded
LAST_CALL = timedelta(hours=2)  # before the end
APART = timedelta(hours=4)  # at least, between the question, the reminder and the last call
BY_HAND = timedelta(hours=24)  # at least, between two nudges by hand


@dataclass(frozen=True)
class Times:
    """When to remind and when to call for the last time (UTC); None where there is no time for it."""

    remind_at: datetime | None
    last_call_at: datetime | None


def times(asked_at: datetime, due_at: datetime, quiet: Quiet, zone: ZoneInfo) -> Times:
    """At 80 % of the window and two hours before its end, each put off to the end of the person's quiet hours.

    What would come less than four hours after the question, or at or after the end, is left out; of two that would
    come closer than four hours the first stays.
    """
    remind = _before(due_at, quiet.over(asked_at + SHARE * (due_at - asked_at), zone))
    if remind and remind - asked_at < APART:
        remind = None
    last = _before(due_at, quiet.over(max(asked_at, due_at - LAST_CALL), zone))
    if last and last - (remind or asked_at) < APART:
        last = None
    return Times(remind, last)


def _before(end: datetime, at: datetime) -> datetime | None:
    return at if at < end else None


def left(sent: Iterable[datetime], allowed: int, now: datetime) -> int:
    """How many nudges a person may still get, when these were sent (or are promised) and so many a week are allowed."""
    return max(0, allowed - sum(at > now - WEEK for at in sent))


def free_at(sent: Iterable[datetime], allowed: int, now: datetime) -> datetime | None:
    """When the next one may be sent: now, or when enough of them are a week old; None where none is allowed at all."""
    counted = sorted(at for at in sent if at > now - WEEK)
    if allowed <= 0:
        return None
    return now if len(counted) < allowed else counted[-allowed] + WEEK


def too_soon(sent: Iterable[datetime], apart: timedelta, now: datetime) -> bool:
    """Whether one of them was sent (or is promised) less than `apart` ago."""
    return any(at > now - apart for at in sent)
