"""A receipt of many values: one list, one menu to take any of them back."""

from sandbox.stage import Stage
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import BO, portfolio
from tests.scenarios.seen import let_go, prompt, receipts, value, written

MANY = "1. KR-1 30 days; KR-2 26 %; KR-3 50 %; KR-4 40 %\n2. no\n3. no"


def answered(staged: StageMaker) -> Stage:
    """Bo has given four values."""
    stage = staged(at="2026-11-01T12:00", portfolio=portfolio())
    stage.go_to("2026-11-02T08:10")
    bo = stage.person(BO)
    bo.says("dm", MANY, thread_ts=prompt(bo).ts)
    stage.settle()
    return stage


def test_any_value_of_a_long_receipt_is_taken_back_by_its_menu(staged: StageMaker) -> None:
    stage = answered(staged)
    bo = stage.person(BO)
    (receipt,) = receipts(bo, prompt(bo))
    assert "Saved 4 values:\nKR-1 41 → 30 days" in bo.reads(receipt)
    assert "[ Undo ]" not in bo.reads(receipt)
    bo.picks(receipt, "KR-4 22 → 40 %", action_id="receipt_undo")
    stage.settle()
    (receipt,) = receipts(bo, prompt(bo))
    assert "KR-4 undone. It stands at 22 %." in bo.reads(receipt)
    assert (value(stage, "KR-4"), value(stage, "KR-1")) == (22, 30)
    assert len(written(stage)) == 3
    let_go(stage)
