"""Adding and editing in Slack, from the word to what stands in the portfolio: forms, advice, errors beside fields."""

from collections.abc import Iterator

import pytest

from sandbox.records import View
from sandbox.stage import Stage
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import ANA, BO, OMAR, portfolio
from tests.scenarios.seen import key_result, let_go, opened


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    made = staged(at="2026-11-16T09:00", portfolio=portfolio())
    yield made
    let_go(made)


def form(stage: Stage, user: str, typed: str) -> View:
    person = stage.person(user)
    person.types(typed)
    return opened(stage, person)


def field(name: str) -> str:
    return f"author_field:{name}"


def test_a_key_result_is_added_with_advice_first_and_saved_anyway(stage: Stage) -> None:
    bo, view = stage.person(BO), form(stage, BO, "/okr add kr Launch the quote builder")
    assert "Add a key result" in bo.reads(view)
    values = {field("objective"): "O-2", "author_kind": "Done or not done"}
    bo.fills(view, {field("target"): "25", **values})
    stage.settle()
    assert bo.view is not None
    told = bo.submits(bo.view, {field("key"): "KR-46"})
    assert told.errors == {}
    assert told.updated is not None
    words = bo.reads(told.updated)
    assert '"Launch" names a deliverable and no measured effect' in words
    assert told.updated.submit is not None
    assert told.updated.submit["text"] == "Save anyway"
    assert bo.submits(told.updated).closed
    stage.settle()
    kr = key_result(stage, "KR-46")
    assert (kr.title, kr.kind, kr.owners) == ("Launch the quote builder", "binary", ("crm",))
    assert any("Added: KR-46" in bo.reads(message) for message in bo.ephemerals())


def test_changing_the_kind_back_brings_what_was_typed(stage: Stage) -> None:
    bo, view = stage.person(BO), form(stage, BO, "/okr add kr Quotes without a call")
    bo.fills(view, {field("start"): "10", field("target"): "25", "author_kind": "Milestones"})
    stage.settle()
    assert field("start") not in [block.get("block_id") for block in opened(stage, bo).blocks]
    bo.fills(bo.view, {field("milestones"): "Pilot | 2", "author_kind": "Increase to a target"})
    stage.settle()
    again = opened(stage, bo)
    assert [bo.value(again, field(name)) for name in ("title", "start", "target")] == [
        "Quotes without a call", "10", "25",
    ]  # fmt: skip


def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(stage: Stage) -> None:
    bo, view = stage.person(BO), form(stage, BO, "/okr add kr Quotes without a call")
    no = bo.submits(view, {field("objective"): "O-2", field("start"): "1.250", field("target"): "25 weeks"})
    assert no.errors[field("start")].startswith('I read "1.250" as')
    assert bo.value(view, field("target")) == "25 weeks"


def test_editing_a_shared_target_is_proposed_by_a_co_owner_and_done_by_who_leads_above(stage: Stage) -> None:
    bo, view = stage.person(BO), form(stage, BO, "/okr edit KR-1")
    told = bo.submits(view, {field("target"): "25", field("reason"): "Legal takes a week"})
    assert told.updated is not None
    assert "Ana Ruiz decides. You can propose it." in bo.reads(told.updated)
    assert bo.submits(told.updated).closed
    stage.settle()
    assert key_result(stage, "KR-1").target == 20
    ana, view = stage.person(ANA), form(stage, ANA, "/okr edit KR-1")
    told = ana.submits(view, {field("target"): "25", field("reason"): "Agreed with legal"})
    assert told.updated is not None
    assert "What it changes" in ana.reads(told.updated)
    assert ana.submits(told.updated).closed
    stage.settle()
    assert key_result(stage, "KR-1").target == 25


def test_add_alone_offers_the_three_and_an_unknown_word_the_nearest(stage: Stage) -> None:
    omar = stage.person(OMAR)
    omar.types("/okr add")
    stage.settle()
    offered = omar.ephemerals()[-1]
    assert "[ Objective ] [ Key result ] [ Unit ]" in omar.reads(offered)
    omar.clicks(offered, label="Unit")
    assert "Add a unit" in omar.reads(opened(stage, omar))
    omar.types("/okr add objectiv")
    stage.settle()
    assert "Did you mean objective?" in omar.reads(omar.ephemerals()[-1])


def test_a_unit_with_a_member_who_was_not_known_is_added(stage: Stage) -> None:
    ana, view = stage.person(ANA), form(stage, ANA, "/okr add unit Data platform")
    assert ana.submits(view, {field("leads"): ["U12SAM"], field("stage"): "Growth"}).closed
    stage.settle()
    ana.types("/okr edit Data platform")
    assert ana.value(opened(stage, ana), field("leads"))
