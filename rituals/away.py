"""The days on which somebody is away. It neither stores nor tells them."""

from dataclasses import dataclass
from datetime import date

NO_END = date(9999, 1, 1)
"""Until when somebody is away who did not say until when; the days after it exist."""


@dataclass(frozen=True, slots=True)
class Away:
    """From one local day to another, both included. `delegate` (a person's key) is asked meanwhile."""

    starts: date
    until: date
    delegate: str | None = None

    def covers(self, day: date) -> bool:
        """Whether they are away on a day."""
        return self.starts <= day <= self.until
