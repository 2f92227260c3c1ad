"""How a lead's time in a round stands: not begun, running, over but still taken, closed, or skipped and why. Pure.

It is about the time alone; whether the lead has answered is the ask's own state.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from storage.tables import CheckinAsk, CheckinRound

State = Literal["upcoming", "due", "late", "closed", "skipped"]


@dataclass(frozen=True, slots=True)
class Window:
    """From `opens_at` to `ends_at` an answer is in time, until the round closes it is taken as late. `reason` says why
    it was skipped."""

    state: State
    opens_at: datetime
    ends_at: datetime
    reason: str = ""


def window_of(ask: CheckinAsk, row: CheckinRound, now: datetime) -> Window:
    """The window of one lead in a round at an instant."""
    state, reason = _state(ask, row, now)
    return Window(state, ask.slot, ask.due_at, reason)


def _state(ask: CheckinAsk, row: CheckinRound, now: datetime) -> tuple[State, str]:
    if row.state == "skipped" or ask.state == "skipped":
        return "skipped", row.reason or ask.reason
    if row.state == "closed" or now >= row.due_at:
        return "closed", ""
    if ask.state == "upcoming" or now < ask.slot:
        return "upcoming", ""
    return ("due", "") if now < ask.due_at else ("late", "")
