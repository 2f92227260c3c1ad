"""The coverage of a cycle's drafts in a few figures, as the alignment workshop keeps them when it begins and ends.

Pure; the definitions are those of `rules` and `coverage` beside it.
"""

from datetime import datetime
from typing import Any

from rituals.alignment.coverage import coverage
from rituals.alignment.made import gaps
from rituals.alignment.rules import connection_rate
from rituals.alignment.scope import Scope
from rituals.okrs.state import PortfolioState


def covered(state: PortfolioState, unit: str, cycle: str, now: datetime) -> dict[str, Any]:
    """Of a unit (key) and all below it in one cycle (key), as JSON: `connection` (0-1, or None) is `linked` of
    `objectives`; of `tops` portfolio objectives `thin` have fewer than two lines, of `lines` product lines `unlinked`
    have no link; `gaps` says it in words.
    """
    scope = Scope(state, unit, now, only=cycle)
    found = coverage(scope.objectives, scope.units, now=now, zone=state.zone, interval=scope.interval)
    rate = connection_rate(scope.objectives, scope.named, above=scope.above)
    return {
        "connection": None if rate is None else round(float(rate), 4),
        "linked": sum(bool(one.to) for one in scope.connected),
        "objectives": len(scope.connected),
        "tops": len(found.cells),
        "thin": len(found.thin),
        "lines": sum(one.level == "product_line" for one in scope.units),
        "unlinked": len(found.unlinked),
        "gaps": gaps(scope, found),
    }
