"""The figures of one key result, and its row in `plumbline status`."""

import json
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rituals.okrs.figures import Figures, figures, status_row
from rituals.okrs.model import KeyResult
from tests.rituals.samples import BANDS, BERLIN, MID, TWO_WEEKS, kr, on_day, percent_kr, said

REPORTED = kr(
    updates=(said(MID - timedelta(days=27), 43), said(MID - timedelta(days=14), 42), said(MID, 41, 6, unit="crm"))
)


def at_mid(key_result: KeyResult) -> Figures:
    return figures(key_result, now=MID, zone=BERLIN, interval=TWO_WEEKS, bands=BANDS)


def row(key_result: KeyResult, **more: Any) -> dict[str, Any]:
    return status_row(key_result, at_mid(key_result), **more)


def test_the_figures_are_exact() -> None:
    given = at_mid(REPORTED)
    assert given.value == 41
    assert given.progress == Fraction(4, 25)
    assert given.expected == Fraction(45, 91)
    assert given.expected_value == 33
    assert given.gap == (Fraction(45, 91) - Fraction(4, 25)) * 100
    assert given.status == "off_track"
    assert given.last_at == given.at == MID


def test_the_row_has_the_surfaces_fields_and_roundings() -> None:
    given = row(REPORTED, unit="suite")
    course = given.pop("forecast")
    assert given == {
        "key": "KR-1",
        "title": "Average onboarding time",
        "unit": "suite",
        "owners": ["crm", "analytics"],
        "shared": True,
        "value": 41,
        "progress": 0.16,
        "expected": 0.4945,
        "gap": 33.5,
        "status": "off_track",
        "flags": [{"reason": "pace", "status": "off_track", "gap": 33.5, "expected": 0.4945, "now": 0.16}],
    }
    assert course["low"] <= course["landing"] <= course["high"]
    assert course["updates"] == 3


def test_what_is_unknown_is_null() -> None:
    given = row(kr())
    assert (given["value"], given["progress"], given["gap"], given["forecast"]) == (None, None, None, None)
    assert given["status"] == "no_data"
    assert given["flags"] == [{"reason": "silent", "status": "no_data", "days": 45}]


def test_progress_is_shown_within_bounds_and_the_gap_is_not() -> None:
    given = row(kr(updates=(said(MID, 50),)))
    assert (given["progress"], given["gap"]) == (0.0, 69.5)


def test_a_key_result_of_one_unit_has_an_empty_list_of_flags() -> None:
    given = row(kr(owners=("crm",), updates=(said(MID, 50),)))
    assert (given["shared"], given["flags"], given["unit"]) == (False, [], "crm")


def test_the_row_is_json_and_whole_values_have_no_point() -> None:
    values = [row(kr(updates=(said(MID, value),)))["value"] for value in ("41.0", "40.5")]
    assert json.dumps(values) == "[41, 40.5]"
    assert json.loads(json.dumps(row(REPORTED))) == row(REPORTED)


def test_the_figures_of_an_earlier_instant_are_those_of_that_instant() -> None:
    line = percent_kr(said(on_day(10), 10), said(on_day(20), 20))
    then = figures(line, now=on_day(15), zone=BERLIN, interval=TWO_WEEKS, bands=BANDS)
    assert (then.value, then.last_at, then.expected) == (Decimal(10), on_day(10), Fraction(15, 100))


def test_a_key_result_that_cannot_be_computed_still_has_a_row() -> None:
    given = row(kr(start=None, updates=(said(MID, 30),)))
    assert (given["value"], given["progress"], given["status"]) == (30, None, "no_data")
