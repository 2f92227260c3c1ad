"""Why a shared key result is falling behind: each of the six reasons, its numbers and its boundaries."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from rituals.okrs.flags.rules import flags
from rituals.okrs.model import Flag, KeyResult, Milestone, Update
from tests.rituals.samples import BANDS, BERLIN, MID, TWO_WEEKS, kr, on_day, percent_kr, said


def found(key_result: KeyResult, now: datetime) -> dict[str, dict[str, float | int | str]]:
    given = flags(key_result, now=now, zone=BERLIN, interval=TWO_WEEKS, bands=BANDS)
    return {flag.reason: flag.numbers for flag in given}


def moving(day: int, value: int, *more: Update, **changes: Any) -> KeyResult:
    """On the move and fresh on `day`, so that only the reason under test can hold."""
    return percent_kr(said(on_day(day - 14), value - 5), said(on_day(day), value), *more, **changes)


def test_a_key_result_on_pace_that_moves_and_is_spoken_for_has_no_flags() -> None:
    assert found(moving(50, 50), on_day(50)) == {}


def test_a_key_result_of_one_unit_has_no_flags_however_far_behind() -> None:
    assert found(moving(50, 10, owners=("crm",)), on_day(50)) == {}


def test_a_closed_cycle_has_no_flags() -> None:
    unsure = said(on_day(50), None, 1)
    assert set(found(moving(50, 10, unsure), on_day(50))) == {"pace", "confidence"}
    assert found(moving(50, 10, unsure, cycle_closed=True), on_day(50)) == {}


def test_a_shared_key_result_at_41_days_in_mid_november_is_behind_by_33_and_a_half_points() -> None:
    line = kr(updates=(said(MID - timedelta(days=14), 43), said(MID, 41)))
    assert found(line, MID) == {"pace": {"status": "off_track", "gap": 33.5, "expected": 0.4945, "now": 0.16}}


@pytest.mark.parametrize(("value", "status"), [(40, None), (39, "at_risk"), (25, "at_risk"), (24, "off_track")])
def test_pace_is_flagged_from_more_than_10_points_on(value: int, status: str | None) -> None:
    assert found(moving(50, value), on_day(50)).get("pace", {}).get("status") == status


def heading(commitment: str, landing: int) -> KeyResult:
    """On pace on day 30, and by its slope heading for `landing`."""
    first = 35 - (landing - 35) * 20 // 70
    middle = 35 - (landing - 35) * 10 // 70
    updates = (said(on_day(10), first), said(on_day(20), middle), said(on_day(30), 35))
    return percent_kr(*updates, commitment=commitment)


@pytest.mark.parametrize(
    ("commitment", "landing", "flagged"),
    [("aspirational", 63, True), ("aspirational", 70, False), ("committed", 84, True), ("committed", 91, False)],
)
def test_a_forecast_under_what_the_commitment_needs_is_a_trend(commitment: str, landing: int, flagged: bool) -> None:
    reasons = found(heading(commitment, landing), on_day(30))
    assert ("trend" in reasons) == flagged


def test_a_landing_of_exactly_what_is_needed_is_no_trend_whatever_floats_make_of_it() -> None:
    updates = (said(on_day(5), "4.5"), said(on_day(15), "13.5"), said(on_day(25), "22.5"))
    assert found(percent_kr(*updates, commitment="committed"), on_day(25)) == {}


def test_a_trend_names_the_landing_its_band_and_what_is_needed() -> None:
    assert found(heading("aspirational", 63), on_day(30))["trend"] == {
        "landing": 0.63,
        "low": 0.63,
        "high": 0.63,
        "needed": 0.7,
        "updates": 3,
    }


def test_what_is_already_behind_is_flagged_for_its_pace_and_not_for_its_trend() -> None:
    behind = percent_kr(*(said(on_day(d), d // 10) for d in (10, 30, 50)))
    assert "pace" in found(behind, on_day(50))
    assert "trend" not in found(behind, on_day(50))


@pytest.mark.parametrize(("value", "flagged"), [("60", True), ("60.99", True), ("61", False), ("59", False)])
def test_less_than_one_point_in_two_windows_is_stalled(value: str, flagged: bool) -> None:
    line = percent_kr(said(on_day(20), 60), said(on_day(50), value))
    assert ("stalled" in found(line, on_day(50))) == flagged


def test_a_stall_names_how_far_it_moved_in_how_many_windows() -> None:
    line = percent_kr(said(on_day(20), 60), said(on_day(50), "60.5"))
    assert found(line, on_day(50))["stalled"] == {"moved": 0.5, "windows": 2, "days": 28}


def test_a_move_just_before_the_two_windows_is_no_move_in_them() -> None:
    line = percent_kr(said(on_day(22), 60), said(on_day(36), 60), said(on_day(50), 60))
    assert "stalled" in found(line, on_day(50))
    assert "stalled" not in found(line, on_day(50) - timedelta(seconds=1))


def test_nothing_is_stalled_before_it_had_two_windows_or_after_it_is_achieved() -> None:
    assert "stalled" not in found(percent_kr(said(on_day(2), 0), said(on_day(20), 0)), on_day(27))
    assert "stalled" in found(percent_kr(said(on_day(2), 0), said(on_day(20), 0)), on_day(28))
    assert "stalled" not in found(percent_kr(said(on_day(2), 100), said(on_day(40), 100)), on_day(45))


def test_a_first_report_that_stands_at_the_start_is_stalled() -> None:
    assert "stalled" in found(percent_kr(said(on_day(44), 0)), on_day(45))


def test_a_binary_key_result_neither_stalls_nor_trends_before_it_is_due() -> None:
    updates = (said(on_day(d), 0) for d in (10, 24, 38))
    assert found(percent_kr(*updates, kind="binary"), on_day(40)) == {}


def test_not_updated_for_31_days_is_silent() -> None:
    line = percent_kr(said(on_day(10), 90))
    assert found(line, on_day(41))["silent"] == {"status": "stale", "days": 31}


def test_never_updated_is_silent_from_the_15th_day_on() -> None:
    assert found(percent_kr(), on_day(14)) == {}
    assert found(percent_kr(), on_day(15)) == {"silent": {"status": "no_data", "days": 15}}


@pytest.mark.parametrize(
    ("stated", "numbers"),
    [
        ((4,), None),
        ((3,), {"now": 3}),
        ((7, 5), None),
        ((8, 5), {"now": 5, "before": 8}),
        ((7, 3), {"now": 3, "before": 7}),
        ((2, 4), None),
        ((0, 0), {"now": 0, "before": 0}),
    ],
)
def test_a_confidence_of_3_or_less_or_a_fall_by_3_is_flagged(
    stated: tuple[int, ...], numbers: dict[str, int] | None
) -> None:
    words = (said(on_day(50, hour=10 + i), None, confidence) for i, confidence in enumerate(stated))
    assert found(moving(50, 50, *words), on_day(51)).get("confidence") == numbers


def test_a_views_confidence_is_not_the_reporters() -> None:
    look = said(on_day(50), None, 2, role="view", unit="crm")
    assert "confidence" not in found(moving(50, 50, look), on_day(50))


def views(*pairs: tuple[str, int | str | None], day: int = 50, **more: Any) -> tuple[Update, ...]:
    return tuple(said(on_day(day), value, role="view", unit=unit, **more) for unit, value in pairs)


@pytest.mark.parametrize(("other", "flagged"), [("60", False), ("60.1", True), ("40", False), ("39.9", True)])
def test_values_of_co_owners_more_than_a_tenth_of_the_way_apart_diverge(other: str, flagged: bool) -> None:
    line = moving(50, 50, *views(("crm", 50), ("analytics", other)), start=Decimal(0), target=Decimal(100))
    assert ("divergence" in found(line, on_day(50))) == flagged


def test_a_divergence_of_values_names_both_and_the_limit() -> None:
    report = said(MID - timedelta(days=2), 30, unit="crm")
    look = said(MID - timedelta(days=1), 41, unit="analytics", role="view")
    assert found(kr(updates=(report, look)), MID) == {
        "divergence": {"low": 30, "low_unit": "crm", "high": 41, "high_unit": "analytics", "limit": 2.5}
    }


@pytest.mark.parametrize(("other", "flagged"), [(5, False), (4, True), (9, False), (10, True)])
def test_confidences_of_co_owners_3_apart_diverge(other: int, flagged: bool) -> None:
    looks = (*views(("crm", None), confidence=7), *views(("analytics", None), confidence=other))
    assert ("divergence" in found(moving(50, 50, *looks), on_day(50))) == flagged


def test_a_divergence_of_confidences_names_both() -> None:
    looks = (*views(("crm", None), confidence=8), *views(("analytics", None), confidence=4))
    assert found(moving(50, 50, *looks), on_day(50))["divergence"] == {
        "confidence_low": 4,
        "confidence_low_unit": "analytics",
        "confidence_high": 8,
        "confidence_high_unit": "crm",
    }


def test_one_owner_who_says_it_is_blocked_by_another_is_a_divergence() -> None:
    looks = views(("analytics", None), blocked=True)
    assert found(moving(50, 50, *looks), on_day(50)) == {"divergence": {"blocked_unit": "analytics"}}


def test_an_owner_who_is_no_longer_blocked_does_not_diverge() -> None:
    looks = (*views(("analytics", None), blocked=True, day=45), *views(("analytics", None)))
    assert found(moving(50, 50, *looks), on_day(50)) == {}


def test_only_the_newest_word_of_each_owner_within_the_window_counts() -> None:
    old = views(("analytics", 90), day=36)
    fresh = (*views(("analytics", 90), day=45), *views(("analytics", 50)))
    crm = views(("crm", 50))
    assert found(moving(50, 50, *old, *crm), on_day(50)) == {}
    assert found(moving(50, 50, *fresh, *crm), on_day(50)) == {}


def test_who_does_not_own_it_cannot_diverge() -> None:
    assert found(moving(50, 50, *views(("mobile", 90), ("crm", 50))), on_day(50)) == {}


def test_a_reporter_who_moves_the_value_does_not_diverge_from_the_own_past() -> None:
    line = percent_kr(said(on_day(40), 20), said(on_day(50), 50))
    assert "divergence" not in found(line, on_day(50))


def test_of_milestones_a_tenth_of_all_weight_apart_is_a_divergence() -> None:
    steps = tuple(Milestone(str(i)) for i in range(4))
    line = percent_kr(*views(("crm", 2), ("analytics", 1)), kind="milestone", milestones=steps, start=None, target=None)
    assert found(line, on_day(10) + timedelta(days=40))["divergence"]["limit"] == 0.4


def test_without_a_way_the_tolerance_of_the_bound_is_what_may_differ() -> None:
    kept: dict[str, Any] = {"kind": "keep_below", "start": None, "target": Decimal(20)}
    report = said(on_day(50), 20, unit="crm")
    assert "divergence" not in found(percent_kr(report, *views(("analytics", 18)), **kept), on_day(50))
    assert found(percent_kr(report, *views(("analytics", 17)), **kept), on_day(50))["divergence"]["limit"] == 2


def test_a_start_that_is_the_bound_itself_is_no_way_either() -> None:
    kept: dict[str, Any] = {"kind": "keep_below", "start": Decimal(20), "target": Decimal(20)}
    report = said(on_day(50), 20, unit="crm")
    assert "divergence" not in found(percent_kr(report, *views(("analytics", 18)), **kept), on_day(50))


def test_several_reasons_stand_together_in_the_methods_order() -> None:
    line = percent_kr(said(on_day(10), 5, 7), said(on_day(38), 5, 3), *views(("analytics", None), blocked=True))
    assert list(found(line, on_day(50))) == ["pace", "stalled", "confidence", "divergence"]


def test_later_reports_are_not_seen() -> None:
    line = percent_kr(said(on_day(10), 5), said(on_day(30), 60, 2))
    assert "confidence" not in found(line, on_day(29))


def test_numbers_are_plain_and_fit_into_json() -> None:
    line = percent_kr(said(on_day(10), 5, 7), said(on_day(38), 5, 3), *views(("analytics", 60), ("crm", 20)))
    given = flags(line, now=on_day(50), zone=BERLIN, interval=TWO_WEEKS, bands=BANDS)
    assert all(isinstance(flag, Flag) for flag in given)
    assert {type(number) for flag in given for number in flag.numbers.values()} <= {int, float, str}
