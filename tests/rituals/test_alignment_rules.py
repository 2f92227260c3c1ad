"""The alignment figures: who is linked to what, and how fast shared work moves beside a unit's own."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from rituals.alignment.coverage import Coverage, coverage
from rituals.alignment.made_of import connected_and_moving, connections
from rituals.alignment.rules import (
    LagIndex,
    alignment,
    connection_rate,
    lag_index,
    net_confidence,
    velocity,
)
from rituals.okrs.model import Contribution, KeyResult, Objective, Unit
from tests.rituals.samples import BANDS, BERLIN, MID, TWO_WEEKS, on_day, percent_kr, said

UNITS = (
    Unit("acme", "Acme", "company"),
    Unit("suite", "Suite", "portfolio", "acme"),
    Unit("crm", "CRM", "product_line", "suite"),
    Unit("analytics", "Analytics", "product_line", "suite"),
    Unit("mobile", "Mobile", "product_line", "suite"),
)
TODAY = on_day(60).date()


def objective(key: str, unit: str, *krs: KeyResult, to: tuple[str, ...] = ()) -> Objective:
    links = tuple(Contribution(above, "because") for above in to)
    return Objective(key, f"Objective {key}", unit, "2026-Q1", krs, links)


def line(*points: tuple[int, int | str], **changes: Any) -> KeyResult:
    return percent_kr(*(said(on_day(day), value) for day, value in points), **changes)


def own(*points: tuple[int, int | str], **changes: Any) -> KeyResult:
    return line(*points, **({"owners": ("crm",)} | changes))


def covered(*objectives: Objective) -> Coverage:
    return coverage(objectives, UNITS, now=on_day(60), zone=BERLIN, interval=TWO_WEEKS)


def test_the_connection_rate_is_the_share_of_product_line_objectives_linked_to_a_portfolios() -> None:
    given = [
        objective("O-0", "acme"),
        objective("O-1", "suite", to=("O-0",)),
        objective("O-2", "crm", to=("O-1",)),
        objective("O-3", "crm", to=("O-0",)),
        objective("O-4", "analytics", to=("O-1", "O-0")),
        objective("O-5", "mobile", to=("O-2",)),
        objective("O-6", "mobile", to=("O-1",)),
    ]
    assert connection_rate(given, UNITS) == Fraction(3, 5)


def test_connected_and_moving_takes_a_link_and_a_key_result_that_moves() -> None:
    given = [
        objective("O-1", "suite"),
        objective("O-2", "crm", own((30, 30), (50, 50)), to=("O-1",)),
        objective("O-3", "crm", own((30, 30), (50, "30.5")), to=("O-1",)),
        objective("O-4", "mobile", own((30, 30), (50, 50))),
        objective("O-5", "mobile", to=("O-1",)),
    ]
    found = connections(given, UNITS, now=on_day(60), zone=BERLIN, interval=TWO_WEEKS)
    assert {one.objective.key: (one.to, one.moving) for one in found} == {
        "O-4": ((), True), "O-3": (("O-1",), False), "O-5": (("O-1",), False), "O-2": (("O-1",), True),
    }  # fmt: skip
    assert connected_and_moving(found) == Fraction(1, 4)
    assert connected_and_moving(()) is None


def test_without_product_line_objectives_there_is_no_connection_rate() -> None:
    assert connection_rate([objective("O-1", "suite")], UNITS) is None


def test_a_cell_tells_how_far_a_link_has_got() -> None:
    given = covered(
        objective("O-1", "suite", line((30, 30), (50, 50), owners=("mobile", "crm"), key="KR-9")),
        objective("O-2", "suite"),
        objective("O-3", "crm", own((30, 30), (50, "30.5")), to=("O-2",)),
        objective("O-4", "analytics", to=("O-2",)),
        objective("O-5", "mobile", own(), to=("O-2",)),
    )
    assert given.cells == {
        "O-1": {"crm": "moving", "analytics": "none", "mobile": "moving"},
        "O-2": {"crm": "stalled", "analytics": "stated", "mobile": "has_kr"},
    }


def test_one_key_result_that_moves_makes_a_link_move() -> None:
    still, moves = own((30, 30), (50, 30)), own((30, 30), (50, 31))
    given = covered(objective("O-1", "suite"), objective("O-2", "crm", still, moves, to=("O-1",)))
    assert given.cells["O-1"]["crm"] == "moving"


def test_an_achieved_key_result_is_no_stalled_one() -> None:
    given = covered(objective("O-1", "suite"), objective("O-2", "crm", own((10, 100)), to=("O-1",)))
    assert given.cells["O-1"]["crm"] == "moving"


def test_a_key_result_younger_than_two_windows_is_not_stalled_yet() -> None:
    young = own((50, 0), starts=TODAY - timedelta(days=27))
    given = covered(objective("O-1", "suite"), objective("O-2", "crm", young, to=("O-1",)))
    assert given.cells["O-1"]["crm"] == "has_kr"


def test_the_gaps_are_thin_objectives_unlinked_lines_and_rows_all_stalled() -> None:
    still = own((30, 30), (50, 30))
    given = covered(
        objective("O-1", "suite"),
        objective("O-2", "suite"),
        objective("O-3", "crm", still, to=("O-1", "O-2")),
        objective("O-4", "analytics", still, to=("O-1",)),
    )
    assert given.thin == ("O-2",)
    assert given.unlinked == ("mobile",)
    assert given.stalled == ("O-1", "O-2")


def test_an_objective_nobody_is_linked_to_is_thin_and_not_stalled() -> None:
    given = covered(objective("O-1", "suite"))
    assert (given.thin, given.stalled) == (("O-1",), ())


def test_on_linear_pace_the_velocity_is_one() -> None:
    assert velocity(line((10, 10), (60, 60)), on_day(10).date(), TODAY) == 1


def test_velocity_is_the_change_of_progress_by_the_change_of_elapsed_time() -> None:
    assert velocity(line((10, 10), (60, 20)), on_day(40).date(), TODAY) == Fraction(1, 2)
    assert velocity(line((10, 30), (60, 20)), on_day(40).date(), TODAY) == Fraction(-1, 2)


def test_velocity_counts_from_nothing_on_the_first_day_of_the_span() -> None:
    assert velocity(line((60, 30)), on_day(0).date(), TODAY) == Fraction(1, 2)


def test_velocity_is_unknown_where_the_progress_was() -> None:
    assert velocity(line((60, 30)), on_day(40).date(), TODAY) is None
    assert velocity(line(), on_day(0).date(), TODAY) is None


def test_velocity_needs_time_that_goes_by() -> None:
    assert velocity(line((10, 10)), TODAY, TODAY) is None
    assert velocity(line((10, 10)), date(2026, 5, 1), date(2026, 6, 1)) is None


@pytest.mark.parametrize("kind", ["keep_above", "keep_below", "binary"])
def test_what_has_no_line_to_move_along_has_no_velocity(kind: str) -> None:
    kept = line((10, 1), (60, 1), kind=kind, target=Decimal(1))
    assert velocity(kept, on_day(40).date(), TODAY) is None


def lag(*krs: KeyResult) -> LagIndex:
    return lag_index(krs, today=TODAY, interval=TWO_WEEKS, zone=BERLIN)


def going(older: int, newer: int, **changes: Any) -> KeyResult:
    """Moves so many points in the older and the newer of the last two windows of 14 days."""
    return line((30, 0), (40, older), (58, older + newer), **changes)


SHARED_SLOW = (going(7, 7), going(7, 7))
OWN = tuple(going(14, 14, owners=("crm",)) for _ in range(3))


def test_the_lag_index_is_shared_by_unit_only_median_velocity() -> None:
    given = lag(*SHARED_SLOW, *OWN)
    assert [given.shared, given.own, given.index] == [Fraction(1, 2), 1, Fraction(1, 2)]
    assert given.windows == (Fraction(1, 2), Fraction(1, 2))


def test_under_four_fifths_in_both_windows_collaboration_is_the_problem() -> None:
    assert lag(*SHARED_SLOW, *OWN).collaboration_lags


def test_one_slow_window_is_not_yet_a_problem_of_collaboration() -> None:
    caught_up = (going(7, 14), going(7, 14))
    assert list(lag(*caught_up, *OWN).windows) == [Fraction(1, 2), 1]
    assert not lag(*caught_up, *OWN).collaboration_lags


def test_exactly_four_fifths_is_no_lag() -> None:
    given = lag_index(
        [*(going(8, 8) for _ in range(2)), *(going(10, 10, owners=("crm",)) for _ in range(3))],
        today=TODAY,
        interval=TWO_WEEKS,
    )
    assert (given.index, given.collaboration_lags) == (Fraction(4, 5), False)


@pytest.mark.parametrize("krs", [(*SHARED_SLOW[:1], *OWN), (*SHARED_SLOW, *OWN[:2]), ()])
def test_with_fewer_than_two_shared_or_three_unit_only_there_is_not_enough_data(krs: tuple[KeyResult, ...]) -> None:
    given = lag(*krs)
    assert (given.index, given.windows, given.collaboration_lags) == (None, (None, None), False)


def test_beside_unit_only_work_that_stands_still_there_is_nothing_to_lag_behind() -> None:
    still = tuple(going(0, 0, owners=("crm",)) for _ in range(3))
    assert lag(*SHARED_SLOW, *still).index is None


def test_closed_cycles_are_left_out_of_the_lag_index() -> None:
    closed = (going(7, 7, cycle_closed=True),)
    assert lag(*SHARED_SLOW[:1], *closed, *OWN).shared is None


def test_net_confidence_is_the_share_on_track_less_the_share_off_track() -> None:
    assert net_confidence(["on_track", "on_track", "off_track", "at_risk", "stale"]) == Fraction(1, 5)
    assert net_confidence(["off_track"]) == -1


def test_closed_key_results_do_not_count_and_none_at_all_is_unknown() -> None:
    assert net_confidence(["on_track", "closed"]) == 1
    assert net_confidence(["closed"]) is None


def portfolio() -> list[Objective]:
    return [
        objective("O-1", "suite", *SHARED_SLOW),
        objective("O-2", "crm", *OWN, to=("O-1",)),
        objective("O-3", "analytics"),
    ]


def test_the_row_has_the_surfaces_names_and_plain_numbers() -> None:
    row = alignment(portfolio(), UNITS, now=on_day(60), zone=BERLIN, interval=TWO_WEEKS, bands=BANDS).row()
    gaps = {"fewer_than_two_lines": [], "no_link": ["mobile"], "all_stalled": []}
    assert row == {
        "connection_rate": 0.5,
        "coverage": {"cells": {"O-1": {"crm": "moving", "analytics": "moving", "mobile": "none"}}, "gaps": gaps},
        "shared_velocity": 0.5,
        "unit_velocity": 1.0,
        "shared_lag_index": 0.5,
        "net_confidence": -1.0,
    }
    assert json.loads(json.dumps(row)) == row


def test_an_empty_workspace_has_a_row_of_unknowns() -> None:
    row = alignment([], [], now=on_day(60), zone=BERLIN, interval=TWO_WEEKS, bands=BANDS).row()
    assert {name for name, value in row.items() if value is not None} == {"coverage"}


def test_alignment_at_an_earlier_instant_knows_nothing_later_of_that_day() -> None:
    later_today = [objective("O-1", "suite", *(line((30, 0), (60, 50)) for _ in range(2)))]
    noon, morning = on_day(60, hour=12), on_day(60, hour=8)
    at = [
        alignment(later_today, UNITS, now=now, zone=BERLIN, interval=TWO_WEEKS, bands=BANDS).lag.shared
        for now in (morning, noon)
    ]
    assert at == [0, Fraction(50, 28)]


def test_the_matrix_goes_through_the_objectives_a_fixed_number_of_times() -> None:
    class Counted(list[Objective]):
        rounds = 0

        def __iter__(self) -> Iterator[Objective]:
            self.rounds += 1
            return super().__iter__()

    def rounds(lines: int) -> int:
        units = [Unit("suite", "Suite", "portfolio"), *(Unit(f"l{n}", "x", "product_line") for n in range(lines))]
        tops = [Objective(f"T-{n}", "t", "suite", "q") for n in range(3)]
        below = [Objective(f"O-{n}", "t", f"l{n}", "q", (), (Contribution("T-1", ""),)) for n in range(lines)]
        counted = Counted([*tops, *below])
        found = coverage(counted, units, now=MID, zone=BERLIN, interval=TWO_WEEKS)
        assert found.thin == ("T-0", "T-2")
        return counted.rounds

    assert rounds(50) == rounds(5)
