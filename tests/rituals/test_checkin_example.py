"""The example under a prompt: a value that fits the key result and could be its next one."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rituals.checkins.example import example
from rituals.checkins.rules import Asked
from rituals.okrs.figures import figures
from rituals.okrs.model import Bands, KeyResult, Milestone, Update

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
TWO_WEEKS = timedelta(days=14)


def asked(value: str | None, **more: Any) -> Asked:
    """A key result that is asked, at a value."""
    said = (Update(NOW - TWO_WEEKS, Decimal(value)),) if value is not None else ()
    kr = KeyResult("KR-1", "Title", **({"kind": "increase"} | more), starts=date(2026, 10, 1), ends=date(2026, 12, 31),
                   objective="O-1", owners=("crm",), updates=said)  # fmt: skip
    return Asked(kr, "own", figures(kr, now=NOW, zone=ZoneInfo("UTC"), interval=TWO_WEEKS, bands=Bands()))


def way(start: str, target: str, measured_in: str = "", kind: str = "increase") -> dict[str, Any]:
    """From where to where, in what."""
    return {"start": Decimal(start), "target": Decimal(target), "measured_in": measured_in, "kind": kind}


STEPS = {"kind": "milestone", "milestones": tuple(Milestone(f"Step {n}", Decimal(n)) for n in (2, 1, 3))}
KEPT = {"kind": "keep_above", "target": Decimal(112), "measured_in": "%"}


@pytest.mark.parametrize(
    ("value", "kr", "words"),
    [
        ("36", way("45", "20", "days", "decrease"), "34 days"),
        ("22", way("10", "40", "%"), "25 %"),
        ("9500", way("8000", "13000", "users"), "10,000 users"),
        ("1.7", way("2.4", "1.2", "%", "decrease"), "1.6 %"),
        (None, way("22", "40", "%"), "24 %"),
        ("39", way("22", "40", "%"), "40 %"),
        ("41", way("22", "40", "%"), "40 %"),
        ("113.4", KEPT, "112 %"),
        ("2", STEPS, "3 of 6"),
        (None, STEPS, "2 of 6"),
        ("6", STEPS, "6 of 6"),
        ("0", {"kind": "binary"}, "done"),
    ],
)
def test_the_example_is_a_tenth_of_the_way_further_in_the_key_results_own_terms(
    value: str | None, kr: dict[str, Any], words: str
) -> None:
    assert example([asked(value, **kr)]).startswith(f"1. KR-1 {words} 7/10 pilot live  2. ")


def test_a_lead_without_key_results_gets_the_pattern_all_the_same() -> None:
    assert example([]).startswith("1. KR-1 30 7/10 pilot live  2. ")
