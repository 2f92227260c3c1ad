"""All figures of one key result at an instant, computed once, and the row that `plumbline status` prints of them.

Pure: puts together what progress, pace, forecast and flags say. Words for people are in `words`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from rituals.okrs.flags.rules import flags, plain_number
from rituals.okrs.forecast import Forecast, forecast
from rituals.okrs.model import Bands, Flag, KeyResult, Status, Update
from rituals.okrs.pace import expected_progress, expected_value, gap_points, last_heard, local_day, status
from rituals.okrs.progress import as_of, current_progress, current_value, shown


@dataclass(frozen=True, slots=True)
class Figures:
    """What METHOD says of a key result at one instant.

    `value` and `expected_value` in its own unit, `progress` raw and `expected` as shares, `gap` in percentage points
    (positive: behind), `last_at` the aware instant of the last report, `at` the instant for which all this holds.
    `status` is always the computed one; `by_hand` is the update that set another beside it and has not lapsed.
    """

    value: Decimal | None
    progress: Fraction | None
    expected: Fraction
    expected_value: Decimal | None
    gap: Fraction | None
    status: Status
    forecast: Forecast | None
    flags: tuple[Flag, ...]
    last_at: datetime | None
    at: datetime
    by_hand: Update | None = None


def figures(kr: KeyResult, *, now: datetime, zone: ZoneInfo, interval: timedelta, bands: Bands) -> Figures:
    """The figures at `now` by what was known then; `zone` decides the local day, `interval` parts two check-ins."""
    known, today = as_of(kr, now, zone), local_day(now, zone)
    return Figures(
        value=current_value(known),
        progress=current_progress(known),
        expected=expected_progress(known, today),
        expected_value=expected_value(known, today),
        gap=gap_points(known, today),
        status=status(known, now=now, zone=zone, interval=interval, bands=bands),
        forecast=forecast(known, zone),
        flags=flags(known, now=now, zone=zone, interval=interval, bands=bands),
        last_at=last_heard(known, zone),
        at=now,
        by_hand=set_by_hand(known),
    )


def set_by_hand(kr: KeyResult) -> Update | None:
    """The update that set a status by hand, while it is the newest that stands; what is closed has none."""
    newest = kr.updates[-1] if kr.updates else None
    return newest if newest and newest.status and not kr.cycle_closed else None


def status_row(kr: KeyResult, figures: Figures, unit: str | None = None) -> dict[str, Any]:
    """The row of `plumbline status --format json`: plain JSON values, unknown is None.

    `unit` is the key of the objective's unit; left out, the first owner's. progress (as shown) and expected are 0-1 to
    4 places, gap points to 1; forecast is landing, low and high (0-1.5) and the number of updates behind it.
    `set_by_hand` is there only where a status set by hand holds beside it; `by` is a person's key.
    """
    course = figures.forecast
    return {
        "key": kr.key,
        "title": kr.title,
        "unit": unit or next(iter(kr.owners), None),
        "owners": list(kr.owners),
        "shared": kr.shared,
        "value": None if figures.value is None else plain_number(figures.value),
        "progress": None if figures.progress is None else float(round(shown(figures.progress), 4)),
        "expected": float(round(figures.expected, 4)),
        "gap": None if figures.gap is None else float(round(figures.gap, 1)),
        "status": figures.status,
        "forecast": None if course is None else _forecast_row(course),
        "flags": [{"reason": flag.reason, **flag.numbers} for flag in figures.flags],
        **({"set_by_hand": _by_hand_row(figures.by_hand)} if figures.by_hand else {}),
    }


def _by_hand_row(update: Update) -> dict[str, str | None]:
    at = update.at.astimezone(UTC).isoformat()
    return {"status": update.status, "reason": update.status_reason, "by": update.by, "at": at}


def _forecast_row(course: Forecast) -> dict[str, float | int]:
    return {
        "landing": round(course.landing, 4),
        "low": round(course.low, 4),
        "high": round(course.high, 4),
        "updates": course.updates,
    }
