"""How much of a digest is shown: by audience, and less of it step by step until all fits. Pure numbers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

CHARACTERS = 3_000  # of a whole digest: what a phone shows without much scrolling, and far below what Slack takes
STEPS = 6
_LINES = (300, 300, 220, 160, 120, 80)
_WHY = (200, 200, 160, 120, 90, 60)
_TITLES = (70, 70, 60, 50, 40, 30)
_QUOTES = (90, 90, 60, 40, 0, 0)


@dataclass(frozen=True, slots=True)
class Limits:
    """Rows of the table, lines of each list, things and names in a row; then characters of one line, reason, title,
    quotation and list of owners.
    """

    falling: int
    decisions: int
    blockers: int
    more: int
    row: int = 3
    people: int = 8
    line: int = _LINES[0]
    why: int = _WHY[0]
    title: int = _TITLES[0]
    quote: int = _QUOTES[0]
    names: int = 120

    def reduced(self, step: int) -> "Limits":
        """The same with less of everything, but something of each."""

        def fewer(number: int) -> int:
            return max(1, number - step)

        return replace(
            self,
            falling=fewer(self.falling),
            decisions=fewer(self.decisions),
            blockers=fewer(self.blockers),
            more=fewer(self.more),
            row=fewer(self.row),
            people=fewer(self.people),
            line=_LINES[step],
            why=_WHY[step],
            title=_TITLES[step],
            quote=_QUOTES[step],
            names=max(30, self.names - 20 * step),
        )


# what each audience reads for stands first: those above the decisions, the product lines who waits for whom
_USUAL = {
    "leadership": Limits(falling=6, decisions=4, blockers=4, more=4),
    "portfolio": Limits(falling=4, decisions=3, blockers=5, more=6),
    "unit": Limits(falling=6, decisions=3, blockers=4, more=5),
}


def limits_of(audience: str) -> Iterator[Limits]:
    """From all that is wanted down to what fits in any case."""
    usual = _USUAL[audience]
    return (usual.reduced(step) for step in range(STEPS))
