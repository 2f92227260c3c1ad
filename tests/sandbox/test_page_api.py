"""The page's API: what it reads, what it does, and whom it answers."""

import http.client
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from slack_bolt import Ack
from slack_sdk import WebClient

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
    option,
    plain,
    section,
    text_input,
)

Json = dict[str, Any]


class Page:
    """Asks as the page's script does."""

    def __init__(self, sandbox: Sandbox, **headers: str) -> None:
        self._address = sandbox.page_url.removeprefix("http://").rstrip("/")
        self._headers = headers

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(self._address, timeout=5)
        try:
            connection.request(method, f"/_sandbox/{path}", body, {**self._headers, **headers})
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def get(self, path: str) -> Any:
        status, answer = self.ask("GET", path)
        assert status == 200, answer
        return answer

    def post(self, path: str, **body: Any) -> Any:
        status, answer = self.ask("POST", path, json.dumps(body).encode(), **{"Content-Type": "application/json"})
        assert status == 200, answer
        return answer


@pytest.fixture
def page(sandbox: Sandbox) -> Page:
    return Page(sandbox)


def test_the_state_names_team_people_channels_and_dms(sandbox: Sandbox, page: Page) -> None:
    state = page.get("state")
    assert state["team"] == {"id": "T01SANDBOX", "name": "Sandbox"}
    assert state["now"] == "2026-11-02T09:00:00+00:00"
    assert state["bot"] == {"user_id": "U0BOT", "name": "Plumbline"}
    assert {u["id"]: u["is_admin"] for u in state["users"]}["U01ANA"] is True
    dms = [c for c in state["channels"] if c["is_im"]]
    assert {(c["id"], c["user"]) for c in dms} == {("D01ANA", "U01ANA"), ("D02BO", "U02BO")}
    assert (state["can_jump"], state["connections"]) == (False, 0)


def test_messages_are_listed_with_replies_and_the_viewers_ephemerals(
    sandbox: Sandbox, page: Page, web: WebClient
) -> None:
    posted = web.chat_postMessage(channel="C01", text="board")["ts"]
    page.post("say", user="U01ANA", channel="C01", text="a reply", thread_ts=posted)
    web.chat_postEphemeral(channel="C01", user="U02BO", text="only Bo")
    mine = page.get("messages?channel=C01&viewer=U01ANA")["messages"]
    his = page.get("messages?channel=C01&viewer=U02BO")["messages"]
    assert [(m["text"], m["bot"], m["reply_count"], m["username"]) for m in mine] == [
        ("board", True, 1, "Plumbline"),
        ("a reply", False, 0, "Ana Ruiz"),
    ]
    assert [m["text"] for m in his if m["ephemeral"]] == ["only Bo"]


def test_a_deleted_parent_stays_as_a_tombstone(sandbox: Sandbox, page: Page) -> None:
    parent = ana(sandbox).says("#suite", "parent")
    ana(sandbox).says("#suite", "reply", thread_ts=parent.ts)
    lonely = ana(sandbox).says("#suite", "lonely")
    ana(sandbox).deletes(parent)
    ana(sandbox).deletes(lonely)
    shown = page.get("messages?channel=C01&viewer=U01ANA")["messages"]
    assert [(m["text"], m["deleted"]) for m in shown] == [("", True), ("reply", False)]


def test_a_message_can_be_edited_by_its_author_only(sandbox: Sandbox, page: Page) -> None:
    said = page.post("say", user="U01ANA", channel="C01", text="first")
    assert page.post("edit", user="U01ANA", channel="C01", ts=said["ts"], text="second")["ok"]
    refused = page.post("edit", user="U02BO", channel="C01", ts=said["ts"], text="third")
    assert not refused["ok"] and "cannot edit" in refused["note"]
    assert [m.text for m in sandbox.messages("suite")] == ["second"]


def test_a_whole_form_can_be_done_by_the_page(sandbox: Sandbox, page: Page) -> None:
    app, got = bolt(sandbox), []

    @app.command("/okr")
    def okr(ack: Ack, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(text_input(), actions(button("Help", "help"))))
        ack()

    @app.action("help")
    def on_help(ack: Ack, body: Json) -> None:
        got.append(body["view"]["state"]["values"]["value"]["typed"]["value"])
        ack()

    @app.view("form")
    def form(ack: Ack, view: Json) -> None:
        value = view["state"]["values"]["value"]["typed"]["value"]
        got.append(value)
        if value == "99":
            ack(response_action="errors", errors={"value": "Too high"})
        else:
            ack()

    with connected(sandbox, app):
        assert page.post("command", user="U01ANA", channel="C01", text="/okr update") == {"ok": True}
        view = page.get("views?user=U01ANA")["stack"][0]
        typed = {"value": {"typed": {"type": "plain_text_input", "value": "98"}}}
        block = view["blocks"][1]["block_id"]
        clicked = page.post("click", user="U01ANA", view_id=view["id"], block_id=block, action_id="help", state=typed)
        assert clicked["ok"]
        typed["value"]["typed"]["value"] = "99"
        refused = page.post("submit", user="U01ANA", view_id=view["id"], values=typed)
        assert refused["errors"] == {"value": "Too high"}
        assert page.get("views?user=U01ANA")["stack"][0]["errors"] == {"value": "Too high"}
        typed["value"]["typed"]["value"] = "30"
        assert page.post("submit", user="U01ANA", view_id=view["id"], values=typed)["ok"]
    assert got == ["98", "99", "30"]
    assert page.get("views?user=U01ANA")["stack"] == []


def test_a_choice_in_a_message_is_sent_and_kept(sandbox: Sandbox, page: Page, web: WebClient) -> None:
    app, got = bolt(sandbox), []

    @app.action("pick")
    def pick(ack: Ack, action: Json) -> None:
        got.append(action["selected_option"]["value"])
        ack()

    menu = {"type": "static_select", "action_id": "pick", "options": [option("CRM")]}
    ts = web.chat_postMessage(channel="U01ANA", text="x", blocks=[actions(menu, block_id="row")])["ts"]
    about = {"user": "U01ANA", "channel": "D01ANA", "ts": ts, "block_id": "row", "action_id": "pick"}
    with connected(sandbox, app):
        assert page.post("click", **about, selected_option=option("CRM"))["ok"]
    assert got == ["crm"]
    assert ana(sandbox).value(ana(sandbox).dm[0], "row") == "CRM"


def test_home_is_opened_and_clicked(sandbox: Sandbox, page: Page) -> None:
    app, got = bolt(sandbox), []

    @app.event("app_home_opened")
    def opened(event: Json, client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view=home(actions(button(value="7"), block_id="row")))

    @app.action("go")
    def go(ack: Ack, action: Json) -> None:
        got.append(action["value"])
        ack()

    assert page.get("home?user=U01ANA") == {"view": None}
    with connected(sandbox, app):
        assert page.post("home", user="U01ANA")["ok"]
        assert page.get("home?user=U01ANA")["view"]["blocks"][0]["block_id"] == "row"
        assert page.post("click", user="U01ANA", home=True, block_id="row", action_id="go")["ok"]
    assert got == ["7"]


def test_suggestions_shortcuts_and_closing_work_from_the_page(sandbox: Sandbox, page: Page) -> None:
    app = bolt(sandbox)
    element = {"type": "external_select", "action_id": "kr", "placeholder": plain("Which")}
    which = {"type": "input", "block_id": "which", "label": plain("Key result"), "element": element}

    @app.shortcut("update")
    def update(ack: Ack, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(which))
        ack()

    app.options("kr")(lambda ack: ack(options=[option("KR-1")]))
    with connected(sandbox, app):
        assert page.post("shortcut", user="U01ANA", callback_id="update")["ok"]
        view = page.get("views?user=U01ANA")["stack"][0]
        about = {"user": "U01ANA", "view_id": view["id"], "block_id": "which", "action_id": "kr"}
        assert page.post("suggest", **about, query="kr")["options"] == [option("KR-1")]
        assert page.post("close", user="U01ANA", view_id=view["id"])["ok"]
    assert page.get("views?user=U01ANA")["stack"] == []


def test_an_app_that_is_silent_is_reported_in_slacks_words(page: Page) -> None:
    answer = page.post("command", user="U01ANA", channel="C01", text="/okr list")
    assert answer == {"ok": False, "note": "Plumbline did not respond (/okr: not_connected)"}


def test_the_clock_moves_to_an_instant_or_to_the_next_event() -> None:
    clock = AdjustableClock(NINE)

    def on_clock(to: datetime | None) -> tuple[datetime, str]:
        clock.move_to(to or NINE + timedelta(hours=8))
        return clock.now(), "the digest" if to is None else "as asked"

    with Sandbox(MANIFEST, clock, page=False) as sandbox:
        page = Page(sandbox)
        assert not page.get("state")["can_jump"]
        assert "cannot be moved" in page.post("clock", to="next")["note"]
        sandbox.on_clock = on_clock
        assert page.get("state")["can_jump"]
        asked = page.post("clock", to="2026-11-02T10:00:00Z")
        assert asked == {"ok": True, "now": "2026-11-02T10:00:00+00:00", "what": "as asked"}
        assert page.post("clock", to="next")["what"] == "the digest"
        backwards = page.post("clock", to="2026-11-01T00:00:00")
        assert not backwards["ok"] and "does not go back" in backwards["note"]


def test_faults_are_set_from_the_page(sandbox: Sandbox, page: Page) -> None:
    assert page.post("faults", rate_limit=2)["ok"]
    assert page.get("state")["faults"]["rules"][0]["kind"] == "rate_limit"
    assert "gremlins" in page.post("faults", gremlins=True)["note"]


def test_every_change_is_announced(sandbox: Sandbox) -> None:
    connection = http.client.HTTPConnection(sandbox.page_url.removeprefix("http://").rstrip("/"), timeout=5)
    connection.request("GET", "/_sandbox/events")
    stream = connection.getresponse()
    assert stream.getheader("Content-Type", "").startswith("text/event-stream")

    def news() -> Json:
        line = stream.readline().decode()
        stream.readline()
        return dict(json.loads(line.removeprefix("data: ")))

    assert news()["what"] == "hello"
    ana(sandbox).says("#suite", "hello")
    told = news()
    assert (told["what"], told["channel"]) == ("message", "C01")
    client(sandbox).views_publish(user_id="U01ANA", view=home(section()))
    assert news()["what"] == "home"
    connection.close()
    stream.close()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "127.0.0.1:8765"}, 200),
        ({"Host": "localhost"}, 200),
        ({"Host": "[::1]:80"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://localhost:8765"}, 200),
    ],
)
def test_only_loopback_names_are_answered(page: Page, headers: Json, status: int) -> None:
    assert page.ask("GET", "state", **headers)[0] == status


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"user=U01ANA", "application/x-www-form-urlencoded", 415),
        (b"{", "application/json", 400),
        (b'{"user": "U01ANA"}', "application/json", 400),
    ],
)
def test_bad_requests_are_refused(page: Page, body: bytes, kind: str, status: int) -> None:
    assert page.ask("POST", "say", body, **{"Content-Type": kind})[0] == status


@pytest.fixture
def served() -> Iterator[Sandbox]:
    with Sandbox(MANIFEST, AdjustableClock(NINE)) as sandbox:
        yield sandbox


def test_the_page_itself_is_served_beside_the_api(served: Sandbox) -> None:
    connection = http.client.HTTPConnection(served.page_url.removeprefix("http://").rstrip("/"), timeout=5)
    try:
        connection.request("GET", "/")
        response = connection.getresponse()
        assert (response.status, b"<html" in response.read()) == (200, True)
    finally:
        connection.close()
    assert client(served).auth_test()["ok"]


def test_nothing_of_the_page_is_served_when_it_is_off() -> None:
    with furnished() as sandbox:
        connection = http.client.HTTPConnection(sandbox.page_url.removeprefix("http://").rstrip("/"), timeout=5)
        connection.request("GET", "/")
        assert connection.getresponse().status == 404
        connection.close()
