"""Figures in words: what a reader sees of an amount, a reason and a key result."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import pytest

from rituals.okrs.figures import figures
from rituals.okrs.flags.rules import flags
from rituals.okrs.forecast import Forecast
from rituals.okrs.model import Flag, KeyResult, Milestone, Status
from rituals.okrs.words import (
    expected_words,
    flag_words,
    kr_line,
    landing_words,
    percent_words,
    status_words,
    value_words,
)
from tests.rituals.samples import BANDS, BERLIN, MID, TWO_WEEKS, kr, on_day, percent_kr, said

NAMES = {"crm": "CRM", "analytics": "Analytics"}


def why(key_result: KeyResult, now: datetime = MID) -> list[str]:
    given = flags(key_result, now=now, zone=BERLIN, interval=TWO_WEEKS, bands=BANDS)
    return [flag_words(key_result, flag, NAMES) for flag in given]


def expected(key_result: KeyResult, now: datetime = MID) -> str | None:
    given = figures(key_result, now=now, zone=BERLIN, interval=TWO_WEEKS, bands=BANDS)
    return expected_words(key_result, given)


def divergence(key_result: KeyResult = kr(), **numbers: Any) -> str:  # noqa: B008 - a frozen value
    return flag_words(key_result, Flag("divergence", numbers), NAMES)


def test_a_value_is_worded_by_its_kind() -> None:
    steps = kr(kind="milestone", milestones=(Milestone("a"), Milestone("b", Decimal(3))))
    assert value_words(kr(), Decimal(41)) == "41 days"
    assert value_words(kr(measured_in="%"), Decimal("18.0")) == "18 %"
    assert value_words(steps, Decimal(3)) == "3 of 4"
    assert [value_words(kr(kind="binary"), Decimal(v)) for v in (0, 1)] == ["not done", "done"]
    assert value_words(kr(), None) is None


def test_the_expectation_leaves_a_word_out_and_keeps_a_sign() -> None:
    assert expected(kr()) == "33"
    assert expected(kr(start=Decimal(12), target=Decimal(30), measured_in="%")) == "21 %"
    assert expected(kr(start=Decimal(0), target=Decimal(3), measured_in="$M")) == "$1.5M"


def test_the_expectation_of_a_bound_says_which_side() -> None:
    assert expected(kr(kind="keep_below", target=Decimal("2.0"), measured_in="%")) == "at most 2 %"
    assert expected(kr(kind="keep_above", target=Decimal(90), measured_in="points")) == "at least 90"
    assert expected(kr(kind="keep_between", low=Decimal(10), high=Decimal(20))) == "10 to 20"


def test_of_milestones_the_weight_due_is_expected_and_of_a_binary_one_nothing_before_it_is_due() -> None:
    steps = (Milestone("a", due=MID.date()), Milestone("b"))
    assert expected(kr(kind="milestone", milestones=steps)) == "1 of 2"
    assert expected(kr(kind="binary")) is None
    assert expected(kr(kind="binary", due=MID.date())) == "done"


def test_there_is_no_expectation_where_nothing_can_be_computed() -> None:
    assert expected(kr(start=None)) is None


@pytest.mark.parametrize(
    ("share", "words"), [(Fraction(45, 91), "49 %"), (0.495, "50 %"), (0.125, "13 %"), (-0.2, "−20 %"), (1, "100 %")]
)
def test_a_share_is_whole_percent_with_halves_up(share: Fraction | float, words: str) -> None:
    assert percent_words(share) == words


def test_a_landing_is_a_band_or_one_number() -> None:
    assert landing_words(Forecast(0.56, 0.52, 0.61, 4)) == "52–61 %"
    assert landing_words(Forecast(0.5, 0.5, 0.5, 3)) == "50 %"


def test_every_status_has_plain_words() -> None:
    assert set(status_words) == set(get_args(Status))
    assert all(words.replace(" ", "").isalpha() for words in status_words.values())


def test_a_gap_is_worded_so_that_the_readers_sum_comes_out() -> None:
    line = kr(updates=(said(MID - timedelta(days=14), 43), said(MID, 41)))
    assert why(line) == ["33 points behind (16 % of the way, expected 49 %)"]


def test_worse_than_the_start_is_a_negative_share() -> None:
    assert why(kr(updates=(said(MID, 50),)))[0] == "69 points behind (−20 % of the way, expected 49 %)"


def test_a_trend_says_where_it_heads_and_what_is_needed() -> None:
    line = percent_kr(said(on_day(10), 27), said(on_day(20), 31), said(on_day(30), 35))
    assert why(line, on_day(30)) == ["on pace, but heads for 63 % (from 3 updates), needs 70 %"]


def test_a_trend_with_a_wide_band_names_it() -> None:
    flag = Flag("trend", {"landing": 0.56, "low": 0.52, "high": 0.61, "needed": 0.7, "updates": 4})
    assert flag_words(kr(), flag) == "on pace, but heads for 56 % (52–61 % from 4 updates), needs 70 %"


def test_a_stall_is_counted_in_rounds() -> None:
    line = percent_kr(said(on_day(20), 60), said(on_day(50), 60))
    assert why(line, on_day(50)) == ["stalled two rounds"]


def test_silence_is_counted_in_days() -> None:
    assert "not updated for 31 days" in why(percent_kr(said(on_day(10), 90)), on_day(41))
    assert why(percent_kr(), on_day(20)) == ["no value yet after 20 days"]
    assert flag_words(kr(), Flag("silent", {"status": "stale", "days": 1})) == "not updated for 1 day"


def test_a_confidence_is_out_of_ten_with_the_one_before() -> None:
    assert flag_words(kr(), Flag("confidence", {"now": 3, "before": 7})) == "confidence 3 of 10, was 7"
    assert flag_words(kr(), Flag("confidence", {"now": 2})) == "confidence 2 of 10"


def test_a_divergence_names_who_sees_what() -> None:
    report = said(MID - timedelta(days=2), 30, unit="crm")
    look = said(MID - timedelta(days=1), 41, unit="analytics", role="view")
    assert why(kr(updates=(report, look))) == ["CRM sees 30, Analytics 41"]


def test_a_report_without_a_unit_is_the_reporters() -> None:
    words = divergence(percent_kr(), low=12.5, low_unit="", high=41.0, high_unit="mobile", limit=10.0)
    assert words == "the reporter sees 12.5 %, mobile 41 %"


def test_values_of_milestones_and_yes_or_no_diverge_in_their_own_words() -> None:
    ends: dict[str, Any] = {"low": 0, "low_unit": "crm", "high": 1, "high_unit": "analytics", "limit": 0.1}
    steps = kr(kind="milestone", milestones=(Milestone("a"), Milestone("b")))
    assert divergence(kr(kind="binary"), **ends) == "CRM sees not done, Analytics done"
    assert divergence(steps, **ends) == "CRM sees 0 of 2, Analytics 1 of 2"


def test_confidences_and_a_block_stand_beside_the_values() -> None:
    ends: dict[str, Any] = {"confidence_low": 4, "confidence_low_unit": "analytics", "confidence_high": 8}
    words = divergence(**ends, confidence_high_unit="crm", blocked_unit="analytics")
    assert words == "confidence 4 at Analytics, 8 at CRM; Analytics is blocked by another unit"


def test_a_key_result_is_one_line_with_everything_a_view_needs() -> None:
    line = kr(
        updates=(said(MID - timedelta(days=14), 43, 7), said(MID, 41, 5), said(MID, 39, 2, role="view", unit="crm"))
    )
    given = figures(line, now=MID, zone=BERLIN, interval=TWO_WEEKS, bands=BANDS)
    one = kr_line(line, given, role="report", reporter_name="Bo Lind", owner_names=["CRM", "Analytics"])
    assert one.model_dump() == {
        "key": "KR-1",
        "title": "Average onboarding time",
        "status": "off_track",
        "now": "41 days",
        "expected": "33",
        "progress": 0.16,
        "expected_progress": 0.4945,
        "confidence": 5,
        "role": "report",
        "reporter": "Bo Lind",
        "last_at": MID,
        "owners": ("CRM", "Analytics"),
        "shared": True,
        "trend": 0.08,
        "days": None,
        "pace": "16 % of the way, 33 points behind",
        "by_hand": None,
    }


def test_the_line_of_an_earlier_instant_knows_nothing_later() -> None:
    line = percent_kr(said(on_day(10), 10, 8), said(on_day(20), 20, 3))
    given = figures(line, now=on_day(15), zone=BERLIN, interval=TWO_WEEKS, bands=BANDS)
    one = kr_line(line, given, role="own", reporter_name=None, owner_names=[])
    assert (one.now, one.confidence, one.trend) == ("10 %", 8, None)


def test_the_line_of_a_key_result_without_values_has_none() -> None:
    given = figures(kr(), now=datetime(2026, 10, 2, tzinfo=UTC), zone=BERLIN, interval=TWO_WEEKS, bands=BANDS)
    one = kr_line(kr(), given, role="own", reporter_name=None, owner_names=[])
    assert (one.now, one.progress, one.confidence, one.trend, one.status) == (None, None, None, None, "not_started")


def test_the_line_of_a_key_result_that_cannot_be_computed_still_shows_its_value() -> None:
    broken = kr(start=None, updates=(said(on_day(1), 45), said(on_day(2), 41)))
    given = figures(broken, now=MID, zone=BERLIN, interval=TWO_WEEKS, bands=BANDS)
    one = kr_line(broken, given, role="own", reporter_name=None, owner_names=[])
    assert (one.now, one.expected, one.trend) == ("41 days", None, None)
