"""The people driver: strict about what is on the screen, faithful in what it sends, and the transcript."""

from typing import Any

import pytest
from slack_bolt import Ack
from slack_sdk import WebClient

from sandbox.acts import ActError
from sandbox.render import plain as as_text
from sandbox.render import render_text
from sandbox.server import Sandbox
from sandbox.typed import as_sent
from tests.sandbox.bench import actions, ana, bolt, button, connected, modal, option, plain, section, text_input

Json = dict[str, Any]


def opened(sandbox: Sandbox, web: WebClient, *blocks: Json, **more: Any) -> Any:
    """A modal in front of Ana."""
    web.views_open(trigger_id=sandbox.site.tokens.trigger("U01ANA"), view=modal(*blocks, **more))
    return ana(sandbox).view


def choice(kind: str, **more: Any) -> Json:
    element = {"type": kind, "action_id": "pick", **more}
    return {"type": "input", "block_id": "unit", "label": plain("Unit"), "element": element}


OPTIONS: Json = {"options": [option("CRM"), option("Payments")]}


def test_an_unknown_button_names_what_is_on_the_screen(sandbox: Sandbox, web: WebClient) -> None:
    web.chat_postMessage(channel="U01ANA", text="x", blocks=[section("Check-in 4"), actions(button("Answer"))])
    with pytest.raises(AssertionError, match=r"(?s)nothing on the screen fits.*Reply.*Check-in 4.*\[ Answer \]"):
        ana(sandbox).clicks(ana(sandbox).dm[0], label="Reply")


def test_two_buttons_of_one_name_must_be_told_apart(sandbox: Sandbox, web: WebClient) -> None:
    app, got = bolt(sandbox), []

    @app.action("go")
    def go(ack: Ack, action: Json) -> None:
        got.append(action["value"])
        ack()

    rows = [section(f"KR-{n}", block_id=f"b{n}", accessory=button(value=f"KR-{n}")) for n in (1, 2)]
    web.chat_postMessage(channel="U01ANA", text="x", blocks=rows)
    message = ana(sandbox).dm[0]
    with pytest.raises(AssertionError, match="2 things on the screen fit"):
        ana(sandbox).clicks(message, label="Go")
    with connected(sandbox, app):
        ana(sandbox).clicks(message, label="Go", value="KR-2")
        ana(sandbox).clicks(message, label="Go", block_id="b1")
    assert got == ["KR-2", "KR-1"]


def test_a_choice_of_an_overflow_menu_is_clicked_by_its_label(sandbox: Sandbox, web: WebClient) -> None:
    app, got = bolt(sandbox), []

    @app.action("later")
    def later(ack: Ack, action: Json) -> None:
        got.append(action["selected_option"]["value"])
        ack()

    menu = {"type": "overflow", "action_id": "later", "options": [option("In an hour"), option("Tomorrow")]}
    web.chat_postMessage(channel="U01ANA", text="x", blocks=[actions(menu)])
    with connected(sandbox, app):
        ana(sandbox).clicks(ana(sandbox).dm[0], label="Tomorrow")
    assert got == ["tomorrow"]


@pytest.mark.parametrize(
    ("kind", "more", "value", "kept"),
    [
        ("static_select", OPTIONS, "Payments", {"selected_option": option("Payments")}),
        ("static_select", OPTIONS, "crm", {"selected_option": option("CRM")}),
        ("radio_buttons", OPTIONS, "CRM", {"selected_option": option("CRM")}),
        ("checkboxes", OPTIONS, ["CRM", "Payments"], {"selected_options": [option("CRM"), option("Payments")]}),
        ("multi_static_select", OPTIONS, ["CRM"], {"selected_options": [option("CRM")]}),
        ("users_select", {}, "Bo Lind", {"selected_user": "U02BO"}),
        ("multi_users_select", {}, ["U02BO"], {"selected_users": ["U02BO"]}),
        ("channels_select", {}, "#suite", {"selected_channel": "C01"}),
        ("datepicker", {}, "2026-12-12", {"selected_date": "2026-12-12"}),
        ("timepicker", {}, "09:30", {"selected_time": "09:30"}),
        ("datetimepicker", {}, 1796000000, {"selected_date_time": 1796000000}),
        ("number_input", {"is_decimal_allowed": True}, "7.5", {"value": "7.5"}),
        ("url_text_input", {}, "https://a.example", {"value": "https://a.example"}),
    ],
)
def test_each_kind_of_input_keeps_its_value_as_slack_does(
    sandbox: Sandbox, web: WebClient, kind: str, more: Json, value: Any, kept: Json
) -> None:
    view = opened(sandbox, web, choice(kind, **more))
    ana(sandbox).fills(view, {"Unit": value})
    assert view.values == {"unit": {"pick": {"type": kind, **kept}}}


@pytest.mark.parametrize(
    ("block", "value", "problem"),
    [
        (choice("static_select", **OPTIONS), "Mobile", r"does not offer 'Mobile', but \['CRM', 'Payments'\]"),
        (choice("static_select", **OPTIONS), ["CRM", "Payments"], "takes one value"),
        (choice("users_select"), "Nobody", "does not offer 'Nobody'"),
        (choice("number_input", is_decimal_allowed=False), "banana", "Enter a whole number"),
        (choice("number_input", is_decimal_allowed=False, max_value="10"), "11", "Must be 10 or less"),
        (choice("plain_text_input", max_length=5), "too long", "Must be 5 characters or fewer"),
        (choice("email_text_input"), "ana", "valid email"),
        (choice("url_text_input"), "a.example", "valid URL"),
    ],
)
def test_what_a_client_would_not_take_is_an_error(
    sandbox: Sandbox, web: WebClient, block: Json, value: Any, problem: str
) -> None:
    with pytest.raises(AssertionError, match=problem):
        ana(sandbox).fills(opened(sandbox, web, block), {"Unit": value})


def test_an_unknown_input_is_an_error(sandbox: Sandbox, web: WebClient) -> None:
    with pytest.raises(AssertionError, match=r"(?s)no input is called 'Reason'.*Value"):
        ana(sandbox).fills(opened(sandbox, web, text_input()), {"Reason": "x"})


def test_a_required_input_left_empty_is_held_back_by_the_client(sandbox: Sandbox, web: WebClient) -> None:
    opened(sandbox, web, text_input(), text_input("Note", "note", optional=True))
    done = ana(sandbox).submits()
    assert (done.sent, done.errors) == (False, {"value": "Please complete this required field."})
    assert sandbox.deliveries == []


def test_initial_values_are_submitted_when_nobody_touches_them(sandbox: Sandbox, web: WebClient) -> None:
    app, got = bolt(sandbox), []

    @app.view("form")
    def form(ack: Ack, view: Json) -> None:
        got.append({b: next(iter(v.values())) for b, v in view["state"]["values"].items()})
        ack()

    first = option("CRM")
    view = opened(
        sandbox, web, text_input(initial_value="41"), choice("static_select", **OPTIONS, initial_option=first)
    )
    assert ana(sandbox).value(view, "Unit") == "CRM"
    with connected(sandbox, app):
        ana(sandbox).submits()
    assert got[0]["value"]["value"] == "41"
    assert got[0]["unit"]["selected_option"] == first


def test_picking_in_a_message_tells_the_app_at_once_and_is_remembered(sandbox: Sandbox, web: WebClient) -> None:
    app, got = bolt(sandbox), []

    @app.action("pick")
    def pick(ack: Ack, body: Json) -> None:
        got.append(body["actions"][0]["selected_option"]["value"])
        got.append(body["state"]["values"]["row"]["pick"]["selected_option"]["value"])
        ack()

    menu = {"type": "static_select", "action_id": "pick", "placeholder": plain("Unit"), **OPTIONS}
    web.chat_postMessage(channel="U01ANA", text="x", blocks=[actions(menu, block_id="row")])
    message = ana(sandbox).dm[0]
    with connected(sandbox, app):
        ana(sandbox).picks(message, "Payments", label="Unit")
    assert got == ["payments", "payments"]
    assert ana(sandbox).value(message, "Unit") == "Payments"


def test_feedback_buttons_are_clicked_by_their_labels(sandbox: Sandbox, web: WebClient) -> None:
    app, got = bolt(sandbox), []

    @app.action("useful")
    def useful(ack: Ack, action: Json) -> None:
        got.append(action["value"])
        ack()

    pair = {"positive_button": {"text": plain("Useful"), "value": "yes"}}
    pair["negative_button"] = {"text": plain("Not useful"), "value": "no"}
    blocks = [{"type": "context_actions", "elements": [{"type": "feedback_buttons", "action_id": "useful", **pair}]}]
    web.chat_postMessage(channel="U01ANA", text="Digest", blocks=blocks)
    with connected(sandbox, app):
        ana(sandbox).clicks(ana(sandbox).dm[0], label="Not useful")
    assert got == ["no"]


def test_an_input_that_dispatches_tells_the_app_while_it_is_filled(sandbox: Sandbox, web: WebClient) -> None:
    app, got = bolt(sandbox), []

    @app.action("typed")
    def typed(ack: Ack, action: Json) -> None:
        got.append(action["value"])
        ack()

    view = opened(sandbox, web, {**text_input(), "dispatch_action": True})
    with connected(sandbox, app):
        ana(sandbox).fills(view, {"Value": "30"})
    assert got == ["30"]


def test_nobody_acts_on_what_is_not_in_front_of_them(sandbox: Sandbox, web: WebClient) -> None:
    bo = sandbox.person("U02BO")
    web.chat_postMessage(channel="U01ANA", text="x", blocks=[actions(button())])
    with pytest.raises(ActError, match="sees no channel"):
        bo.clicks(ana(sandbox).dm[0], label="Go")
    view = opened(sandbox, web, text_input())
    with pytest.raises(AssertionError, match="does not have 'Update' in front of them"):
        bo.fills(view, {"Value": "1"})
    with pytest.raises(ActError, match="is not in #elsewhere"):
        bo.says("#elsewhere", "hello")
    with pytest.raises(ActError, match="is not in #elsewhere"):
        bo.types("/okr list", channel="#elsewhere")
    with pytest.raises(ActError, match="cannot edit"):
        bo.edits(ana(sandbox).says("#suite", "mine"), "yours")
    with pytest.raises(AssertionError, match="there is no U404"):
        sandbox.person("U404")


def test_a_reply_to_a_reply_lands_in_its_thread(sandbox: Sandbox) -> None:
    said = ana(sandbox).says("#suite", "parent")
    reply = ana(sandbox).says("#suite", "one", thread_ts=said.ts)
    again = ana(sandbox).says("#suite", "two", thread_ts=reply.ts)
    assert again.thread_ts == said.ts
    assert [m.text for m in ana(sandbox).messages("#suite", said.ts)] == ["parent", "one", "two"]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a & b < c", "a &amp; b &lt; c"),
        ("@ana, see #suite.", "<@U01ANA>, see <#C01|suite>."),
        ("mail me@ana.example", "mail me@ana.example"),
        ("<@U02BO> and <https://x.example|x>", "<@U02BO> and <https://x.example|x>"),
        ("(https://x.example/a?b=1&c=2)", "(<https://x.example/a?b=1&amp;c=2>)"),
        ("@nobody #nothing", "@nobody #nothing"),
    ],
)
def test_what_is_typed_is_rewritten_as_slack_does(sandbox: Sandbox, typed: str, sent: str) -> None:
    assert as_sent(sandbox.workspace, typed) == sent


def test_mrkdwn_is_read_as_text() -> None:
    text = "*KR-1* _late_ <@U1> <https://x.example|link> <!date^1|{date}^x|2 Nov> 1 &lt; 2 snake_case_name 2*3*4"
    shown = as_text(text.replace("|{date}^x|", "^{date}|"), {"U1": "Ana"}.__getitem__)
    assert shown == "KR-1 late @Ana link (https://x.example) 2 Nov 1 < 2 snake_case_name 2*3*4"


def test_every_block_of_a_digest_is_shown_as_text() -> None:
    raw = [[{"type": "raw_text", "text": t} for t in row] for row in (("KR", "Now"), ("KR-1", "41 days"))]
    series = [{"name": "Shared", "data": [{"label": "W1", "value": 12}]}]
    chart = {"type": "line", "series": series, "axis_config": {"categories": ["W1"]}}
    blocks: list[Json] = [
        {"type": "header", "text": plain("Product suite")},
        {"type": "data_table", "caption": "Falling behind", "rows": raw},
        {"type": "data_visualization", "title": "Progress", "chart": chart},
        {"type": "context", "elements": [plain("by rules")]},
        actions(button("Useful"), {"type": "static_select", "placeholder": plain("Later"), "options": []}),
    ]
    assert render_text(blocks).split("\n") == [
        "Product suite",
        "Falling behind",
        "KR    Now",
        "KR-1  41 days",
        "[line chart: Progress]",
        "  Shared: W1 12",
        "by rules",
        "[ Useful ] [ Later ▾ ]",
    ]


def test_the_transcript_tells_who_said_what_where_in_order(sandbox: Sandbox, web: WebClient) -> None:
    board = web.chat_postMessage(channel="C01", text="x", blocks=[section("Check-in 4"), actions(button("Answer"))])
    ana(sandbox).says("#suite", "30 days", thread_ts=board["ts"])
    web.chat_postMessage(channel="U01ANA", text="Thanks")
    web.chat_postEphemeral(channel="C01", user="U01ANA", text="Only you")
    assert sandbox.transcript() == "\n".join(
        [
            "── Monday 2 November 2026 ──",
            "09:00 #suite  Plumbline:",
            "      Check-in 4",
            "      [ Answer ]",
            "09:00 #suite  ↳ Ana Ruiz: 30 days",
            "09:00 @Ana Ruiz  Plumbline: Thanks",
            "09:00 #suite  Plumbline (only Ana Ruiz sees this): Only you",
        ]
    )
    assert "Only you" not in sandbox.transcript(ephemerals=False)


def test_waiting_in_vain_shows_the_transcript(sandbox: Sandbox) -> None:
    ana(sandbox).says("#suite", "hello")
    with pytest.raises(AssertionError, match=r"(?s)waited 0.05 s for a digest.*hello"):
        sandbox.wait_until(lambda: False, 0.05, "a digest")
