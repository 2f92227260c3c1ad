"""Builders keep Slack's limits whatever they are given."""

from typing import Any

import pytest

from bot.views import blocks as b
from bot.views import ids
from sandbox.blocks import check_message, check_view

LONG = "word " * 3000


def test_a_section_is_cut_to_three_thousand_characters() -> None:
    assert check_message([b.section(LONG)]) == []


def test_empty_texts_still_make_valid_blocks() -> None:
    made = [b.section(""), b.context(""), b.header(""), b.actions(b.button("", "x")), b.divider(), b.fields(("",))]
    assert check_message(made) == []


def test_what_exceeds_a_limit_is_left_off() -> None:
    many = [b.button(LONG, f"b:{n}", str(n)) for n in range(60)]
    fields = b.fields([LONG] * 30)
    assert check_message([b.header(LONG), b.actions(*many), b.context(*[LONG] * 30), fields]) == []


def test_a_message_has_at_most_fifty_blocks_and_a_view_a_hundred() -> None:
    assert check_message(b.message("x", [b.divider()] * 90).blocks) == []
    assert check_view(b.home([b.divider()] * 190), "home") == []
    assert check_view(b.modal("x", LONG, [b.divider()] * 190), "modal") == []


def test_a_modal_with_every_input_is_valid() -> None:
    options = [b.option(LONG, f"v{n}") for n in range(150)]
    made = [
        b.input_block("one", LONG, b.text_input(placeholder=LONG, initial=LONG, multiline=True), hint=LONG),
        b.input_block("two", "Pick", b.select(options, placeholder=LONG, initial=options[3]), optional=False),
    ]
    assert check_view(b.modal("form", "Form", made, submit=LONG, metadata=ids.pack(ask=1)), "modal") == []


def test_an_input_and_its_element_share_one_id() -> None:
    block = b.input_block("kr_value:KR-1", "Value", b.text_input())
    assert block["block_id"] == block["element"]["action_id"] == "kr_value:KR-1"


def test_a_value_that_is_no_small_id_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="no small id"):
        b.button("Pick", "pick", "x" * 2001)


def test_a_table_of_too_much_is_cut_to_what_slack_takes() -> None:
    made = b.table(("A", "B", "C"), [(LONG, LONG, "")] * 300, wrap=(1,))
    assert check_message([made]) == []
    assert len(made["rows"]) == 100
    assert made["rows"][1][2]["text"] == "–"


def test_a_chart_of_many_days_keeps_the_first_and_the_last() -> None:
    days = [f"day {n}" for n in range(200)]
    made = b.chart("line", LONG, days, [("Actual", range(200)), ("Expected", range(200))], y_label=LONG)
    assert check_message([made]) == []
    kept = made["chart"]["axis_config"]["categories"]
    assert (len(kept), kept[0], kept[-1]) == (20, "day 0", "day 199")
    assert made["chart"]["series"][0]["data"][-1] == {"label": "day 199", "value": 199}


def test_categories_and_series_that_are_named_alike_are_told_apart() -> None:
    made = b.chart("bar", "Same", ["KR", "KR", ""], [("Now", (1, 2, 3)), ("Now", (4, 5, 6))])
    assert check_message([made]) == []
    assert made["chart"]["axis_config"]["categories"] == ["KR", "KR (2)", "–"]


def test_only_web_addresses_make_linked_cells() -> None:
    assert b.linked_cell("KR-1", "javascript:alert(1)") == "KR-1"
    assert b.linked_cell("KR-1", None) == "KR-1"
    assert check_message([b.table(("A",), [(b.linked_cell("KR-1", "https://a.example/1"),)])]) == []


def test_numbered_ids_match_the_pattern_of_their_name_and_no_longer_name() -> None:
    pattern = ids.pattern(ids.RECEIPT_UNDO, ids.RECEIPT_EDIT)
    assert pattern.match(ids.of(ids.RECEIPT_UNDO, 17))
    assert pattern.match(ids.RECEIPT_EDIT)
    assert not pattern.match("receipt_undone")
    assert ids.split("receipt_undo:17") == ("receipt_undo", "17")


def test_a_vote_knows_its_score() -> None:
    assert [ids.score(name) for name in ids.RATING_VOTES] == [1, 2, 3, 4, 5]
    assert ids.score("rating_vote_4:7") == 4
    with pytest.raises(ValueError, match="not in tuple"):
        ids.score("rating_comment")


def test_packed_values_come_back_and_none_is_left_out() -> None:
    assert ids.unpack(ids.pack(ask=31, answer=None, value="1.25 Tage ü")) == {"ask": 31, "value": "1.25 Tage ü"}
    with pytest.raises(ValueError, match="not a packed value"):
        ids.unpack("[1]")


def test_what_a_form_holds_is_read_by_block_and_empty_fields_are_no_answer() -> None:
    values: dict[str, dict[str, Any]] = {
        "kr_value:KR-1": {"kr_value:KR-1": {"type": "plain_text_input", "value": " 30 days "}},
        "kr_confidence:KR-1": {"x": {"type": "static_select", "selected_option": {"value": "7"}}},
        "kr_note:KR-1": {"x": {"type": "plain_text_input", "value": None}},
        "kr_confidence:KR-2": {"x": {"type": "static_select", "selected_option": None}},
    }
    assert ids.entered(values) == {"kr_value:KR-1": "30 days", "kr_confidence:KR-1": "7"}


def test_no_two_ids_are_the_same() -> None:
    names = [value for name, value in vars(ids).items() if name.isupper() and isinstance(value, str)]
    assert len(names) == len(set(names)) > 20
