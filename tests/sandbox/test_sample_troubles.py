"""The sample portfolio as the importer and the rules see it: it reads without a problem, and its troubles are found."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rituals.okrs.figures import Figures, figures
from rituals.okrs.model import Bands
from rituals.okrs.portfolio.check import key_result_of
from rituals.okrs.portfolio.file import Portfolio, read_portfolio

SAMPLE = Path(__file__).resolve().parents[2] / "sandbox" / "portfolio.yaml"
HALF_WAY = datetime(2026, 11, 16, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    return read_portfolio(SAMPLE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def found(portfolio: Portfolio) -> dict[str, Figures]:
    """The figures of every key result on the evening of the fourth round."""
    cycles = {cycle.key: cycle for cycle in portfolio.cycles}
    return {
        kr.key: figures(
            key_result_of(kr, objective.key, cycles[objective.cycle], portfolio.zone),
            now=HALF_WAY,
            zone=portfolio.zone,
            interval=timedelta(days=14),
            bands=Bands(),
        )
        for objective, kr in portfolio.key_results()
    }


def reasons(found: dict[str, Figures]) -> dict[str, list[str]]:
    return {key: [flag.reason for flag in figure.flags] for key, figure in found.items() if figure.flags}


def test_it_reads_without_a_problem(portfolio: Portfolio) -> None:
    assert len(portfolio.objectives) == 18
    assert sum(1 for _ in portfolio.key_results()) == 45


def test_every_reason_for_falling_behind_has_its_shared_key_result(found: dict[str, Figures]) -> None:
    assert reasons(found) == {
        "KR-1": ["pace", "divergence"],
        "KR-2": ["trend", "stalled"],
        "KR-4": ["trend"],
        "KR-6": ["stalled", "silent"],
        "KR-8": ["confidence"],
        "KR-9": ["pace"],
        "KR-30": ["pace"],
        "KR-32": ["divergence"],
    }


def test_the_one_that_lands_low_is_on_track_today(found: dict[str, Figures]) -> None:
    assert found["KR-4"].status == "on_track"
    course = found["KR-4"].forecast
    assert course is not None
    assert course.landing < 0.6


def test_the_one_whose_confidence_collapsed_is_on_track_by_its_numbers(found: dict[str, Figures]) -> None:
    [flag] = found["KR-8"].flags
    assert found["KR-8"].status == "on_track"
    assert flag.numbers == {"now": 2, "before": 7}


def test_the_co_owners_who_see_it_differently_are_named(found: dict[str, Figures]) -> None:
    [flag] = found["KR-32"].flags
    assert (flag.numbers["low_unit"], flag.numbers["high_unit"]) == ("crm", "search")


def test_the_one_that_waits_for_another_unit_says_who_is_blocked(found: dict[str, Figures]) -> None:
    assert found["KR-1"].flags[-1].numbers == {"blocked_unit": "crm"}


def test_there_is_one_of_every_status_that_an_open_cycle_can_show_at_half_time(found: dict[str, Figures]) -> None:
    assert {figure.status for figure in found.values()} == {
        "on_track",
        "at_risk",
        "off_track",
        "stale",
        "no_data",
        "achieved",
    }
    assert sum(figure.status == "on_track" for figure in found.values()) > 45 / 2
