"""Socket Mode with the real Bolt and the SDK's own client: envelopes, acknowledgements, redelivery, connections."""

import threading
from contextlib import ExitStack
from typing import Any

import pytest
from slack_bolt import Ack, App, BoltResponse, Respond
from slack_sdk import WebClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from rituals.clock import AdjustableClock
from sandbox.server import Sandbox
from tests.sandbox.bench import (
    MANIFEST,
    NINE,
    actions,
    ana,
    bolt,
    button,
    client,
    connected,
    furnished,
    home,
    modal,
    plain,
    section,
    text_input,
    without,
)

Json = dict[str, Any]


def listening(app: App) -> list[Json]:
    """Let the app note every message event it gets."""
    heard: list[Json] = []

    @app.event("message")
    def message(event: Json) -> None:
        heard.append(event)

    return heard


def test_a_command_carries_who_where_and_a_way_to_answer(sandbox: Sandbox) -> None:
    app, got = bolt(sandbox), []

    @app.command("/okr")
    def okr(ack: Ack, command: Json) -> None:
        got.append(command)
        ack(f"You typed {command['text']}")

    with connected(sandbox, app):
        reply = ana(sandbox).types("/okr show KR-1 & more", channel="#suite")
    assert reply.text == "You typed show KR-1 & more"
    assert [m.ephemeral_to for m in reply.ephemerals] == ["U01ANA"]
    command = got[0]
    assert (command["user_id"], command["channel_id"], command["team_id"]) == ("U01ANA", "C01", sandbox.team_id)
    assert command["text"] == "show KR-1 &amp; more"
    assert command["response_url"].startswith(sandbox.page_url)


def test_a_command_the_manifest_lacks_is_not_sent(sandbox: Sandbox) -> None:
    reply = ana(sandbox).types("/roadmap")
    assert reply.error is not None and "not a valid command" in reply.error
    assert sandbox.deliveries == []


def test_an_answer_for_all_is_posted_in_the_channel(sandbox: Sandbox) -> None:
    app = bolt(sandbox)
    app.command("/okr")(lambda ack: ack(text="For all", response_type="in_channel"))
    with connected(sandbox, app):
        reply = ana(sandbox).types("/okr list", channel="#suite")
    assert [m.text for m in reply.posted] == ["For all"]
    assert [m.text for m in sandbox.messages("suite")] == ["For all"]


def test_a_command_nobody_acknowledges_is_shown_as_not_responding() -> None:
    with furnished(ack_seconds=0.2) as sandbox:
        app = bolt(sandbox)  # no listener: Bolt answers 404 and acknowledges nothing
        with connected(sandbox, app):
            reply = ana(sandbox).types("/okr list")
        assert reply.error == "Plumbline did not respond (/okr: timeout)"
        assert ("/okr", "timeout") in sandbox.rejected


def test_a_command_with_no_app_connected_fails_at_once(sandbox: Sandbox) -> None:
    assert ana(sandbox).types("/okr list").error == "Plumbline did not respond (/okr: not_connected)"


def test_an_answer_that_breaks_the_block_rules_is_refused(sandbox: Sandbox) -> None:
    app = bolt(sandbox)
    app.command("/okr")(lambda ack: ack(text="x", blocks=[{"type": "banner"}]))
    with connected(sandbox, app):
        reply = ana(sandbox).types("/okr list")
    assert reply.error is not None and "invalid_blocks" in reply.error
    assert reply.ephemerals == []


def test_a_click_carries_the_message_its_state_and_a_trigger(sandbox: Sandbox, web: WebClient) -> None:
    app, got = bolt(sandbox), []

    @app.action("go")
    def go(ack: Ack, body: Json, client: WebClient) -> None:
        got.append(body)
        client.views_open(trigger_id=body["trigger_id"], view=modal(text_input()))
        ack()

    blocks = [text_input(), actions(button(value="KR-1"))]
    posted = web.chat_postMessage(channel="U01ANA", text="Check-in", blocks=blocks)
    message = ana(sandbox).dm[0]
    with connected(sandbox, app):
        ana(sandbox).fills(message, {"Value": "30 days"})
        reaction = ana(sandbox).clicks(message, label="Go")
    assert reaction.view is not None and reaction.view.heading == "Update"
    body = got[0]
    assert body["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": "D01ANA",
        "is_ephemeral": False,
    }
    assert body["actions"][0]["value"] == "KR-1"
    assert body["state"]["values"]["value"]["typed"]["value"] == "30 days"
    assert body["message"]["ts"] == posted["ts"]


def test_a_response_url_can_replace_and_delete_what_was_clicked(sandbox: Sandbox, web: WebClient) -> None:
    app = bolt(sandbox)

    @app.action("go")
    def go(ack: Ack, respond: Respond) -> None:
        ack()
        respond(text="Undone", replace_original=True)

    @app.action("away")
    def away(ack: Ack, respond: Respond) -> None:
        ack()
        respond(delete_original=True)

    web.chat_postMessage(channel="U01ANA", text="Saved", blocks=[actions(button())])
    web.chat_postMessage(channel="U01ANA", text="Later", blocks=[actions(button("Away", "away"))])
    with connected(sandbox, app):
        first, second = ana(sandbox).dm
        changed = ana(sandbox).clicks(first, label="Go")
        ana(sandbox).clicks(second, label="Away")
    assert changed.updated == [first]
    assert [m.text for m in ana(sandbox).dm] == ["Undone"]


def test_an_ephemeral_can_be_clicked_and_replaced_but_is_not_sent_along(sandbox: Sandbox) -> None:
    app, got = bolt(sandbox), []
    app.command("/okr")(lambda ack: ack(text="Sure?", blocks=[actions(button())]))

    @app.action("go")
    def go(ack: Ack, body: Json, respond: Respond) -> None:
        ack()
        got.append(body)
        respond(text="Done", replace_original=True)

    with connected(sandbox, app):
        asked = ana(sandbox).types("/okr digest", channel="#suite").message
        ana(sandbox).clicks(asked, label="Go")
    assert [m.text for m in ana(sandbox).ephemerals("#suite")] == ["Done"]
    assert got[0]["container"]["is_ephemeral"]
    assert "message" not in got[0]


@pytest.mark.parametrize(
    ("answer", "closed", "error", "on_top"),
    [
        ({}, True, {}, None),
        ({"response_action": "clear"}, True, {}, None),
        ({"response_action": "errors", "errors": {"value": "Too high"}}, False, {"value": "Too high"}, "Update"),
        ({"response_action": "update", "view": modal(section(), title="Saved")}, False, {}, "Saved"),
        ({"response_action": "push", "view": modal(section(), title="More")}, False, {}, "More"),
    ],
)
def test_what_the_app_answers_to_a_form_is_carried_out(
    sandbox: Sandbox, answer: Json, closed: bool, error: Json, on_top: str | None
) -> None:
    app, got = bolt(sandbox), []

    @app.shortcut("update")
    def open_form(ack: Ack, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(text_input(), private_metadata="KR-1"))
        ack()

    @app.view("form")
    def saved(ack: Ack, view: Json) -> None:
        got.append(view)
        ack(**answer)

    with connected(sandbox, app):
        form = ana(sandbox).shortcut("update").view
        done = ana(sandbox).submits(form, {"Value": "30"})
    assert (done.sent, done.closed, done.errors) == (True, closed, error)
    front = ana(sandbox).view
    assert (front.heading if front else None) == on_top
    assert got[0]["state"]["values"] == {"value": {"typed": {"type": "plain_text_input", "value": "30"}}}
    assert got[0]["private_metadata"] == "KR-1"


def test_errors_for_blocks_that_are_not_inputs_are_refused(sandbox: Sandbox, web: WebClient) -> None:
    app = bolt(sandbox)
    app.view("form")(lambda ack: ack(response_action="errors", errors={"nowhere": "No"}))
    web.views_open(trigger_id=sandbox.site.tokens.trigger("U01ANA"), view=modal(text_input()))
    with connected(sandbox, app):
        done = ana(sandbox).submits(values={"Value": "1"})
    assert done.error is not None and "invalid_errors" in done.error
    assert ana(sandbox).view is not None


def test_closing_is_reported_only_where_the_view_asks_for_it(sandbox: Sandbox, web: WebClient) -> None:
    app, got = bolt(sandbox), []

    @app.view_closed("form")
    def closed(ack: Ack, body: Json) -> None:
        got.append(body["is_cleared"])
        ack()

    with connected(sandbox, app):
        for notify in (False, True):
            key = sandbox.site.tokens.trigger("U01ANA")
            web.views_open(trigger_id=key, view=modal(section(), notify_on_close=notify))
            ana(sandbox).closes()
    assert got == [False]


def test_a_message_shortcut_carries_its_message(sandbox: Sandbox) -> None:
    app, got = bolt(sandbox), []

    @app.shortcut("blocker")
    def blocker(ack: Ack, body: Json) -> None:
        got.append(body)
        ack()

    with connected(sandbox, app):
        said = ana(sandbox).says("#suite", "waiting for Payments")
        ana(sandbox).shortcut("blocker", said)
    assert (got[0]["type"], got[0]["message"]["text"]) == ("message_action", "waiting for Payments")


def test_messages_of_people_reach_the_app_as_slack_rewrites_them(sandbox: Sandbox) -> None:
    app = bolt(sandbox)
    heard = listening(app)
    with connected(sandbox, app):
        said = ana(sandbox).says("#suite", "1 < 2 & see https://a.example/x, @bo")
        ana(sandbox).says("#suite", "a reply", thread_ts=said.ts)
        ana(sandbox).edits(said, "changed")
        ana(sandbox).deletes(said)
        sandbox.settle()
    by_ts = sorted(heard, key=lambda e: e["event_ts"])
    assert by_ts[0]["text"] == "1 &lt; 2 &amp; see <https://a.example/x>, <@U02BO>"
    assert (by_ts[0]["channel_type"], by_ts[0]["user"]) == ("channel", "U01ANA")
    assert (by_ts[1]["thread_ts"], by_ts[1]["parent_user_id"]) == (said.ts, "U01ANA")
    assert (by_ts[2]["subtype"], by_ts[2]["message"]["text"]) == ("message_changed", "changed")
    assert by_ts[2]["previous_message"]["text"].startswith("1 &lt; 2")
    assert (by_ts[3]["subtype"], by_ts[3]["deleted_ts"]) == ("message_deleted", said.ts)


def test_the_app_hears_only_where_its_bot_is(sandbox: Sandbox) -> None:
    app = bolt(sandbox)
    heard = listening(app)
    with connected(sandbox, app):
        ana(sandbox).says("#elsewhere", "not for the bot")
        ana(sandbox).says("#secret", "for the bot")
        ana(sandbox).says("dm", "also")
        sandbox.settle()
    assert sorted(e["channel_type"] for e in heard) == ["group", "im"]


@pytest.mark.parametrize("missing", ["message.channels", "channels:history"])
def test_without_subscription_or_scope_there_is_no_event(missing: str) -> None:
    with furnished(without(missing)) as sandbox:
        ana(sandbox).says("#suite", "hello")
        assert sandbox.deliveries == []


def test_a_mention_and_a_join_and_a_move_are_events(sandbox: Sandbox) -> None:
    app, seen = bolt(sandbox), []
    for name in ("app_mention", "member_joined_channel", "user_change"):
        app.event(name)(lambda event: seen.append(event["type"]))
    listening(app)
    with connected(sandbox, app):
        ana(sandbox).says("#suite", f"<@{sandbox.bot_user}> hello")
        sandbox.join("C02", sandbox.bot_user)
        sandbox.change_user("U02BO", tz="Asia/Tokyo")
        sandbox.settle()
    assert sorted(seen) == ["app_mention", "member_joined_channel", "user_change"]


def test_opening_home_shows_what_the_app_publishes(sandbox: Sandbox) -> None:
    app = bolt(sandbox)

    @app.event("app_home_opened")
    def opened(event: Json, client: WebClient) -> None:
        assert event["tab"] == "home"
        client.views_publish(user_id=event["user"], view=home(section("You owe nothing")))

    with connected(sandbox, app):
        assert "You owe nothing" in ana(sandbox).reads(ana(sandbox).opens_home())


def test_an_external_select_asks_the_app_for_its_options(sandbox: Sandbox, web: WebClient) -> None:
    app = bolt(sandbox)
    names = ["KR-1 Onboarding", "KR-2 Retention"]

    @app.options("kr")
    def options(ack: Ack, payload: Json) -> None:
        found = [n for n in names if payload["value"].lower() in n.lower()]
        ack(options=[{"text": plain(n), "value": n[:4]} for n in found])

    element = {"type": "external_select", "action_id": "kr", "min_query_length": 0, "placeholder": plain("Which")}
    view = modal({"type": "input", "block_id": "which", "label": plain("Key result"), "element": element})
    web.views_open(trigger_id=sandbox.site.tokens.trigger("U01ANA"), view=view)
    with connected(sandbox, app):
        front = ana(sandbox).view
        assert front is not None
        assert ana(sandbox).suggestions(front, "Key result", "ret") == ["KR-2 Retention"]
        ana(sandbox).fills(front, {"Key result": "KR-2 Retention"})
        with pytest.raises(AssertionError, match="does not offer 'KR-9'"):
            ana(sandbox).fills(front, {"Key result": "KR-9"})
    assert front.values["which"]["kr"]["selected_option"]["value"] == "KR-2"


def test_an_event_nobody_acknowledged_is_sent_again_with_the_same_event_id() -> None:
    with furnished(ack_seconds=0.2, retry_after=(0.0, 60.0)) as sandbox:
        app, tries = bolt(sandbox), []

        @app.event("message")
        def message(body: Json) -> None:
            tries.append(body["event_id"])
            if len(tries) == 1:
                raise RuntimeError("broken once")

        app.error(lambda error: BoltResponse(status=500))

        with connected(sandbox, app):
            ana(sandbox).says("#suite", "hello")
            sandbox.wait_until(lambda: len(tries) == 2)
            sandbox.settle()
        assert tries[0] == tries[1]
        assert [d.attempts for d in sandbox.deliveries] == [2]


def test_an_event_waits_for_an_app_that_is_away(sandbox: Sandbox) -> None:
    ana(sandbox).says("#suite", "while you were away")
    assert [d.name for d in sandbox.settle()] == ["message"]
    app = bolt(sandbox)
    heard = listening(app)
    with connected(sandbox, app):
        sandbox.wait_until(lambda: len(heard) == 1)
        assert sandbox.settle() == []


def test_events_can_be_delivered_again_on_demand(sandbox: Sandbox) -> None:
    app = bolt(sandbox)
    heard = listening(app)
    with connected(sandbox, app):
        ana(sandbox).says("#suite", "once")
        sandbox.settle()
        assert sandbox.redeliver() == 0
        assert sandbox.redeliver(also_acked=True) == 1
        sandbox.settle()
    assert [e["text"] for e in heard] == ["once", "once"]


def test_envelopes_take_turns_over_several_connections(sandbox: Sandbox) -> None:
    app = bolt(sandbox)
    heard = listening(app)
    with connected(sandbox, app, connections=2):
        for n in range(4):
            ana(sandbox).says("#suite", str(n))
        sandbox.settle()
        assert sorted(sandbox.site.socket_mode.carried.values()) == [2, 2]
    assert sorted(e["text"] for e in heard) == ["0", "1", "2", "3"]


def test_a_connection_is_replaced_when_it_is_refreshed_and_nothing_is_lost(sandbox: Sandbox) -> None:
    app = bolt(sandbox)
    heard = listening(app)
    with connected(sandbox, app):
        assert sandbox.refresh_connections() == 1
        ana(sandbox).says("#suite", "in between")
        sandbox.wait_connected()
        sandbox.wait_until(lambda: len(heard) == 1)
    assert [e["text"] for e in heard] == ["in between"]


def test_an_eleventh_connection_is_sent_away(sandbox: Sandbox) -> None:
    hellos = []
    with ExitStack() as stack:
        for _ in range(11):
            url = client(sandbox).apps_connections_open(app_token=sandbox.app_token)["url"]
            hellos.append(str(stack.enter_context(connect(url)).recv()))
    assert '"hello"' in hellos[9]
    assert "too_many_websockets" in hellos[10]


def test_a_ticket_is_good_for_one_connection(sandbox: Sandbox) -> None:
    url = client(sandbox).apps_connections_open(app_token=sandbox.app_token)["url"]
    with connect(url) as socket:
        assert '"hello"' in str(socket.recv())
        with pytest.raises(InvalidStatus), connect(url):
            pass


def test_acts_wait_for_the_app_and_several_people_can_act_at_once(sandbox: Sandbox) -> None:
    app = bolt(sandbox)
    app.command("/okr")(lambda ack, command: ack(f"for {command['user_id']}"))
    replies: dict[str, str] = {}

    def ask(user: str) -> None:
        replies[user] = sandbox.person(user).types("/okr list").text

    with connected(sandbox, app):
        threads = [threading.Thread(target=ask, args=(u,)) for u in ("U01ANA", "U02BO")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert replies == {"U01ANA": "for U01ANA", "U02BO": "for U02BO"}


def test_interactivity_and_the_messages_tab_follow_the_manifest() -> None:
    manifest = {**MANIFEST, "settings": {}, "features": {}}
    with Sandbox(manifest, AdjustableClock(NINE), page=False) as sandbox:
        bo = sandbox.add_user("U02BO", "bo", "Bo Lind", "bo@example.com", "Europe/Berlin")
        client(sandbox).chat_postMessage(channel="U02BO", text="x", blocks=[actions(button())])
        with pytest.raises(Exception, match="interactivity off"):
            bo.clicks(bo.dm[0], label="Go")
        with pytest.raises(Exception, match="messages tab off"):
            bo.says("dm", "hello")
