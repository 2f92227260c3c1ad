"""The record of what an import did to the structure: units that were renamed, moved or closed keep their history.

Writes one row a unit; a form records its own.
"""

from datetime import date, datetime
from typing import Any

from rituals.okrs.portfolio.schema import Portfolio
from storage import changes
from storage.database import Session

FIELDS = ("name", "level", "parent", "closed")


def record_units(session: Session, team_id: str, before: Portfolio, after: Portfolio, *, now: datetime) -> None:
    """What differs of the units that were there before, by nobody's name."""
    known = {unit.key: unit for unit in before.units}
    for unit in after.units:
        old = known.get(unit.key)
        differing = [field for field in FIELDS if old is not None and getattr(old, field) != getattr(unit, field)]
        if differing:
            was, now_is = ({field: _plain(getattr(one, field)) for field in differing} for one in (old, unit))
            changes.add_change(
                session, team_id, at=now, by="", what="unit", key=unit.key, action="edit", before=was, after=now_is
            )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
