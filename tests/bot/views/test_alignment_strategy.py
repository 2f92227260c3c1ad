"""The strategic view as people read it."""

from datetime import date

import pytest

from bot.views.alignment_strategy import strategy_page
from rituals.alignment.strategy import StrategyLine, StrategyPage
from sandbox.blocks import check_message
from tests.bot.views.reading import plain
from tests.bot.views.samples import EVIL, blown_up

TOP = StrategyLine(
    depth=0, key="O-1", title="Customers get value at once", unit="Suite", cycle="2026", ends=date(2026, 12, 31),
    status="off_track", progress=0.6, expected=0.8736, before=2,
)  # fmt: skip
BELOW = TOP.model_copy(
    update={"depth": 1, "key": "O-4", "title": "Deals close by themselves", "unit": "CRM", "cycle": "2026-Q4",
            "status": "on_track", "progress": 0.45, "expected": 0.4945, "how": "Each deal starts earlier", "before": 0}
)  # fmt: skip
BARE = TOP.model_copy(update={"key": "O-2", "progress": None, "expected": None, "before": 0})
PAGE = StrategyPage(
    unit="Suite", cycles=("2026", "2026-Q4"), lines=(TOP, BELOW, BARE), unmoved=("O-2 Invoices",), loose=1, shorter=2
)


def test_each_line_says_how_far_it_is_by_its_own_dates_and_how_it_moves_the_one_above() -> None:
    assert plain(strategy_page(PAGE).blocks).replace("\u2003", "  ") == (
        "Strategy · Suite · 2026, 2026-Q4\n"
        "○ O-1 Customers get value at once · Suite, 2026\n"
        "  off track, 60 % (expected 87 %), moved by 2 in cycles before\n"
        "  ↳ ● O-4 Deals close by themselves · CRM, 2026-Q4\n"
        "    on track, 45 % (expected 49 %): Each deal starts earlier\n"
        "– O-2 Customers get value at once · Suite, 2026\n"
        "  no key result of its own\n"
        "Nothing shorter moves  O-2 Invoices\n"
        "Moving nothing longer  1 of 2 shorter objectives"
    )


def test_where_all_cycles_are_alike_it_says_so_and_what_to_do() -> None:
    page = PAGE.model_copy(update={"lines": (), "cycles": ("2026-Q4",), "unmoved": ()})
    assert "All objectives run in 2026-Q4: nothing longer stands over them." in plain(strategy_page(page).blocks)


@pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())
def test_whatever_people_type_it_fits(text: str) -> None:
    assert check_message(strategy_page(blown_up(PAGE, text)).blocks) == []
