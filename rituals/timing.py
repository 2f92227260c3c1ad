"""How long a check-in takes: from the first sign of a lead to their last word. Pure.

The first sign is what can be seen of it: the form is opened, words come in, a button is pressed. What is typed before a
message is sent cannot be seen, so that an answer in one message is not measured.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

BUDGET = timedelta(minutes=30)  # for a group and round, by the practice
PAUSE = timedelta(minutes=15)


def took(started_at: datetime | None, said_at: Iterable[datetime]) -> timedelta | None:
    """The time from the first sign to the last word; None where it cannot be seen.

    A pause of more than 15 minutes ends it: what comes later is an edit. Before the first word it counts as the 15
    minutes, because a form that lies open for hours is not being filled in.
    """
    if started_at is None:
        return None
    end = started_at
    for at in sorted(at for at in said_at if at > started_at):
        if at - end > PAUSE:
            return PAUSE if end == started_at else end - started_at
        end = at
    return end - started_at if end > started_at else None
