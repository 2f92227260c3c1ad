"""The block rules: which block may stand where, every limit at its edge, and ids."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.blocks import check_message, check_view, name_blocks
from tests.sandbox.bench import actions, button, home, modal, option, plain, section, text_input

Json = dict[str, Any]


def context(*texts: str) -> Json:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": t} for t in texts]}


def select(offered: int = 2, kind: str = "static_select", **more: Any) -> Json:
    made = [option(f"o{i}") for i in range(offered)]
    return {"type": kind, "action_id": "pick", "placeholder": plain("Pick"), "options": made, **more}


def overflow(options: int) -> Json:
    return {"type": "overflow", "action_id": "more", "options": [option(f"o{i}") for i in range(options)]}


def raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def data_table(rows: int = 2, columns: int = 2, text: str = "x", **more: Any) -> Json:
    cells = [[raw(text) for _ in range(columns)] for _ in range(rows)]
    return {"type": "data_table", "caption": "Falling behind", "rows": cells, **more}


def table(rows: int = 1, columns: int = 2) -> Json:
    return {"type": "table", "rows": [[raw("x") for _ in range(columns)] for _ in range(rows)]}


def chart(series: int = 1, title: str = "Progress", names: list[str] | None = None, **axis: Any) -> Json:
    categories = axis.pop("categories", ["W1", "W2"])
    data = [{"label": c, "value": i} for i, c in enumerate(categories)]
    made = [{"name": n, "data": data} for n in names or [f"s{i}" for i in range(series)]]
    body = {"type": "line", "series": made, "axis_config": {"categories": categories, **axis}}
    return {"type": "data_visualization", "title": title, "chart": body}


def confirm(title: str = "Sure?", text: str = "Really") -> Json:
    return {"title": plain(title), "text": plain(text), "confirm": plain("Yes"), "deny": plain("No")}


def card(**more: Any) -> Json:
    return {"type": "card", "title": plain("KR-1"), **more}


FINE: list[tuple[str, list[Json]]] = [
    ("50 blocks", [{"type": "divider"}] * 50),
    ("section of 3000", [section("x" * 3000)]),
    ("section of fields", [{"type": "section", "fields": [plain("x" * 2000)] * 10}]),
    ("header of 150", [{"type": "header", "text": plain("x" * 150)}]),
    ("button of 75 and 2000", [actions(button("x" * 75, value="v" * 2000))]),
    ("25 buttons", [actions(*(button("x", f"b{i}") for i in range(25)))]),
    ("10 context texts", [context(*"abcdefghij")]),
    ("5 overflow options", [section(accessory=overflow(5))]),
    ("100 select options", [section(accessory=select(100))]),
    ("option of 75 and 150", [actions(select(0, options=[option("x" * 75, "v" * 150)]))]),
    ("markdown of 12000", [{"type": "markdown", "text": "x" * 12_000}]),
    ("data table of 101 rows", [data_table(101)]),
    ("data table of 20 columns", [data_table(2, 20, page_size=5)]),
    ("table of 100 rows", [table(100, 20)]),
    ("two charts", [chart(), chart(6)]),
    ("chart of longest names", [chart(title="x" * 50, names=["n" * 20], categories=["c" * 20])]),
    ("confirm", [actions(button(confirm=confirm("t" * 100, "x" * 300)))]),
    ("card and carousel", [card(actions=[button()]), {"type": "carousel", "elements": [card()] * 10}]),
    ("container", [{"type": "container", "title": plain("More"), "child_blocks": [section()] * 10}]),
    ("input in a message", [text_input()]),
    ("the same action_id in two blocks", [actions(button()), section(accessory=button())]),
    ("rich text", [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}]),
]

WRONG: list[tuple[str, list[Json], str]] = [
    ("51 blocks", [{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ("unknown block", [{"type": "banner"}], "unsupported type: banner [json-pointer:/blocks/0/type]"),
    ("alert in a message", [{"type": "alert", "text": plain("x")}], "unsupported type: alert"),
    ("unknown property", [section(colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
    ("section without text", [{"type": "section"}], "missing required field: text"),
    ("section of 3001", [section("x" * 3001)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    ("empty text", [section("")], "missing required field: text"),
    ("text without object", [{"type": "section", "text": "x"}], "must be an object"),
    ("11 fields", [{"type": "section", "fields": [plain("x")] * 11}], "no more than 10 items"),
    ("field of 2001", [{"type": "section", "fields": [plain("x" * 2001)]}], "must be less than 2001"),
    ("header of 151", [{"type": "header", "text": plain("x" * 151)}], "must be less than 151"),
    ("mrkdwn header", [{"type": "header", "text": section()["text"]}], "must be one of plain_text"),
    ("26 buttons", [actions(*(button("x", f"b{i}") for i in range(26)))], "no more than 25 items"),
    ("button of 76", [actions(button("x" * 76))], "must be less than 76"),
    ("button value of 2001", [actions(button(value="v" * 2001))], "must be less than 2001"),
    ("button value of a number", [actions(button(value=7))], "must be a string"),
    ("button style", [actions(button(style="green"))], "must be one of primary, danger"),
    ("11 context texts", [context(*"abcdefghijk")], "no more than 10 items"),
    ("button in context", [{"type": "context", "elements": [button()]}], "must be one of plain_text, mrkdwn"),
    ("6 overflow options", [section(accessory=overflow(6))], "no more than 5 items"),
    ("101 select options", [section(accessory=select(101))], "no more than 100 items"),
    ("option of 76", [actions(select(0, options=[option("x" * 76, "v")]))], "must be less than 76"),
    ("option value of 151", [actions(select(0, options=[option("x", "v" * 151)]))], "must be less than 151"),
    ("same option twice", [actions(select(0, options=[option("x"), option("x")]))], "must be unique"),
    ("initial not offered", [actions(select(initial_option=option("other")))], "must match one of the options"),
    ("placeholder of 151", [actions(select(placeholder=plain("x" * 151)))], "must be less than 151"),
    ("multi select in actions", [actions(select(kind="multi_static_select"))], "unsupported type"),
    ("text input in actions", [actions(text_input()["element"])], "unsupported type: plain_text_input"),
    ("button in an input", [{**text_input(), "element": button()}], "unsupported type: button"),
    ("confirm title of 101", [actions(button(confirm=confirm("t" * 101)))], "must be less than 101"),
    ("confirm text of 301", [actions(button(confirm=confirm(text="t" * 301)))], "must be less than 301"),
    ("action_id twice", [actions(button(), button())], "action_id 'go' already exists"),
    ("block_id twice", [section(block_id="a"), section(block_id="a")], "block_id 'a' already exists"),
    ("block_id of 256", [section(block_id="a" * 256)], "must be less than 256"),
    ("action_id of 256", [actions(button(action_id="a" * 256))], "must be less than 256"),
    ("markdown of 12001 in all", [{"type": "markdown", "text": "x" * 6001}] * 2, "12000 characters of markdown"),
    ("two tables", [table(), table()], "only 1 table allowed"),
    ("table of 101 rows", [table(101)], "no more than 100 items"),
    ("uneven table", [{"type": "table", "rows": [[raw("x")], [raw("x"), raw("y")]]}], "same number of cells"),
    ("three charts", [chart(), chart(), chart()], "only 2 data_visualization allowed"),
    ("chart title of 51", [chart(title="x" * 51)], "must be less than 51"),
    ("7 series", [chart(7)], "no more than 6 items"),
    ("series of one name", [chart(names=["a", "a"])], "names of series must be unique"),
    ("category of 21", [chart(categories=["c" * 21])], "must be less than 21"),
    ("21 points", [chart(categories=[f"c{i}" for i in range(21)])], "no more than 20 items"),
    ("data table of 1 row", [data_table(1)], "no fewer than 1 items"),
    ("data table of 102 rows", [data_table(102)], "no more than 100 items"),
    ("data table of 21 columns", [data_table(2, 21)], "1 to 20 cells"),
    (
        "data table without caption",
        [{"type": "data_table", "rows": [[raw("x")]] * 2}],
        "missing required field: caption",
    ),
    ("data table page of 101", [data_table(page_size=101)], "must be a number from 1 to 100"),
    ("data table of 10001", [data_table(2, 1, "x" * 5001)], "10000 characters in the tables"),
    ("empty cell", [data_table(text="")], "missing required field: text"),
    ("11 cards", [{"type": "carousel", "elements": [card()] * 11}], "no more than 10 items"),
    ("card body of 201", [card(body=plain("x" * 201))], "must be less than 201"),
    ("container without title", [{"type": "container", "child_blocks": [section()]}], "title or rich_text_title"),
    ("input without label", [{**text_input(), "label": None}], "missing required field: label"),
    ("max_length of 3001", [text_input(max_length=3001)], "must be a number from 1 to 3000"),
    (
        "image without alt",
        [{"type": "image", "image_url": "https://x.example/a.png"}],
        "missing required field: alt_text",
    ),
]


@pytest.mark.parametrize("blocks", [b for _, b in FINE], ids=[n for n, _ in FINE])
def test_what_is_within_the_limits_is_fine(blocks: list[Json]) -> None:
    assert check_message(blocks) == []


@pytest.mark.parametrize(("blocks", "problem"), [(b, p) for _, b, p in WRONG], ids=[n for n, _, _ in WRONG])
def test_what_breaks_a_rule_is_named(blocks: list[Json], problem: str) -> None:
    assert problem in " | ".join(check_message(blocks))


def test_a_header_cell_of_a_data_table_is_raw_text() -> None:
    number = {"type": "raw_number", "value": 30, "text": "30 days"}
    fine = {"type": "data_table", "caption": "c", "rows": [[raw("now")], [number]]}
    wrong = {"type": "data_table", "caption": "c", "rows": [[number], [raw("now")]]}
    assert check_message([fine]) == []
    assert check_message([wrong]) == ["must be one of raw_text [json-pointer:/blocks/0/rows/0/0/type]"]


def test_the_labels_of_a_series_are_the_categories() -> None:
    wrong = chart()
    wrong["chart"]["series"][0]["data"][0]["label"] = "W9"
    assert "labels must match the axis categories" in check_message([wrong])[0]


@pytest.mark.parametrize("kind", ["table", "markdown", "container", "data_table", "data_visualization", "plan"])
def test_a_modal_takes_no_block_that_only_messages_have(kind: str) -> None:
    assert (
        check_view(modal({"type": kind}), "modal")[0] == f"unsupported type: {kind} [json-pointer:/view/blocks/0/type]"
    )


def test_an_alert_stands_in_modals_and_a_table_on_home() -> None:
    assert check_view(modal({"type": "alert", "text": plain("Late"), "level": "warning"}), "modal") == []
    assert check_view(home(table()), "home") == []
    assert "unsupported type: alert" in check_view(home({"type": "alert", "text": plain("Late")}), "home")[0]


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        (modal(section(), title="x" * 25), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (modal(section(), submit=plain("x" * 25)), "must be less than 25"),
        (modal(section(), close=plain("x" * 25)), "must be less than 25"),
        (modal(section(), private_metadata="x" * 3001), "must be less than 3001"),
        (modal(section(), callback_id="x" * 256), "must be less than 256"),
        (modal(*[section()] * 101), "no more than 100 items"),
        (modal(), "no fewer than 1 items"),
        (modal(section(), size="large"), "invalid additional property: size"),
        (modal(text_input(), submit=None), "submit is required with input blocks"),
        (home(section()), "must be modal"),
        ("view", "must be an object"),
    ],
)
def test_a_view_keeps_its_own_limits(view: Any, problem: str) -> None:
    assert problem in " | ".join(check_view(view, "modal"))


def test_a_view_of_100_blocks_and_full_titles_is_fine() -> None:
    full = modal(*[section()] * 100, title="x" * 24, submit=plain("x" * 24), private_metadata="x" * 3000)
    assert check_view(full, "modal") == []


def test_ids_are_given_where_there_were_none_and_the_original_is_left_alone() -> None:
    original = [section(accessory={"type": "button", "text": plain("Go")}), actions(button(), block_id="mine")]
    named = name_blocks(original)
    assert "block_id" not in original[0]
    assert named[0]["block_id"] and named[0]["accessory"]["action_id"]
    assert named[1]["block_id"] == "mine"


def test_the_answer_lists_every_problem_as_slack_does(web: WebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        web.chat_postMessage(channel="C01", text="x", blocks=[section("x" * 3001), {"type": "banner"}])
    answer = caught.value.response
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
        "[ERROR] unsupported type: banner [json-pointer:/blocks/1/type]",
    ]
