"""The key result of METHOD's examples and its like, for the tests of the rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from rituals.okrs.model import Bands, KeyResult, Update

BERLIN = ZoneInfo("Europe/Berlin")
TWO_WEEKS = timedelta(days=14)
BANDS = Bands()
STARTS, ENDS = date(2026, 10, 1), date(2026, 12, 31)
MID = datetime(2026, 11, 15, 12, tzinfo=UTC)
"""15 November: 45 of the 91 days of the cycle."""

ONBOARDING = KeyResult(
    key="KR-1",
    title="Average onboarding time",
    kind="decrease",
    starts=STARTS,
    ends=ENDS,
    objective="O-1",
    owners=("crm", "analytics"),
    start=Decimal(45),
    target=Decimal(20),
    measured_in="days",
    reporter="bo",
)


def kr(**changes: Any) -> KeyResult:
    """The onboarding key result with changes."""
    return replace(ONBOARDING, **changes)


def percent_kr(*updates: Update, **changes: Any) -> KeyResult:
    """From 0 to 100 in a span of 100 days: a value is its progress in points, a day a point of expectation."""
    span: dict[str, Any] = {"starts": date(2026, 1, 1), "ends": date(2026, 4, 11)}
    given: dict[str, Any] = {"kind": "increase", "start": Decimal(0), "target": Decimal(100), "measured_in": "%"}
    return kr(updates=updates, **(span | given | changes))


def on_day(days: int, hour: int = 9) -> datetime:
    """`days` after the start of `percent_kr`."""
    return datetime(2026, 1, 1, hour, tzinfo=UTC) + timedelta(days=days)


def said(at: datetime, value: int | str | Decimal | None, confidence: int | None = None, **more: Any) -> Update:
    """A report, or with `role="view"` a co-owner's look at it."""
    return Update(at=at, value=None if value is None else Decimal(value), confidence=confidence, **more)
