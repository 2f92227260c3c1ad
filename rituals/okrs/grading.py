"""How a score reads at the end of a cycle (METHOD, "Grading at the end of a cycle"). Pure; closing a cycle is
`rituals.closing`'s business.
"""

from decimal import Decimal
from typing import Literal

from rituals.okrs.model import Commitment

Band = Literal["green", "yellow", "red"]
Outcome = Literal["closed", "carried", "dropped"]

EXPECTED: dict[Commitment, Decimal] = {"committed": Decimal(1), "aspirational": Decimal("0.7")}
YELLOW_FROM = Decimal("0.4")


def band(score: Decimal | None, commitment: Commitment) -> Band | None:
    """Green from what is expected (committed 1.0, aspirational 0.7), yellow from 0.4, red below."""
    if score is None:
        return None
    if score >= EXPECTED[commitment]:
        return "green"
    return "yellow" if score >= YELLOW_FROM else "red"
