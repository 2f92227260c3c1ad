"""What the scripted play expects of the bot, counted. It looks at nothing itself."""

from dataclasses import dataclass, field
from typing import TextIO


@dataclass
class Checks:
    """Every expectation of the play, held or not."""

    out: TextIO
    held: int = 0
    broken: list[str] = field(default_factory=list)

    def expect(self, holds: bool, what: str) -> None:
        """Count a step; one that did not hold is said at once."""
        if holds:
            self.held += 1
            return
        self.broken.append(what)
        self.out.write(f"BROKEN  {what}\n")
