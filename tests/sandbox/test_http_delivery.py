"""HTTP mode: signed requests to a request URL, acknowledgement bodies, retries with Slack's headers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_sdk import WebClient

from sandbox.server import Sandbox
from tests.sandbox.bench import actions, ana, bolt, button, furnished, modal, section, text_input

Json = dict[str, Any]


@contextmanager
def listening_at(app: App, seen: list[dict[str, str]] | None = None) -> Iterator[str]:
    """The app behind a plain HTTP server, verified by Bolt's own signature check."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers = dict(self.headers.items())
            if seen is not None:
                seen.append(headers)
            answer = app.dispatch(BoltRequest(body=body, headers=dict(headers)))
            payload = answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.first_headers().get("content-type", "text/plain"))
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/slack/events"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_commands_clicks_forms_and_events_arrive_signed(sandbox: Sandbox, web: WebClient) -> None:
    app, heard = bolt(sandbox), []

    @app.command("/okr")
    def okr(ack: Ack, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(text_input()))
        ack("Opened")

    app.view("form")(lambda ack: ack(response_action="errors", errors={"value": "Too high"}))
    app.action("go")(lambda ack, respond: (ack(), respond("Gone", replace_original=True))[0])

    @app.event("message")
    def message(event: Json) -> None:
        heard.append(event["text"])

    web.chat_postMessage(channel="U01ANA", text="Prompt", blocks=[actions(button())])
    with listening_at(app) as url:
        sandbox.deliver_to(url)
        reply = ana(sandbox).types("/okr update")
        assert reply.ephemerals[0].text == "Opened"
        assert ana(sandbox).submits(reply.view, {"Value": "99"}).errors == {"value": "Too high"}
        ana(sandbox).clicks(ana(sandbox).dm[0], label="Go")
        ana(sandbox).says("#suite", "hello")
        sandbox.settle()
    assert ana(sandbox).dm[0].text == "Gone"
    assert "hello" in heard


def test_a_wrong_secret_is_refused_by_the_app() -> None:
    with furnished(ack_seconds=0.5, retry_after=()) as sandbox:
        app = App(client=bolt(sandbox).client, signing_secret="another", process_before_response=True)
        app.command("/okr")(lambda ack: ack())
        with listening_at(app) as url:
            with pytest.raises(RuntimeError, match="challenge"):
                sandbox.deliver_to(url)
            sandbox.deliver_to(url, verify=False)
            assert ana(sandbox).types("/okr list").error == "Plumbline did not respond (/okr: http_error)"


def test_an_event_is_tried_again_with_the_number_and_the_reason() -> None:
    with furnished(ack_seconds=2, retry_after=(0.0, 0.0, 60.0)) as sandbox:
        app = bolt(sandbox)
        seen: list[dict[str, str]] = []
        ids: list[str] = []
        app.error(lambda error: BoltResponse(status=500))

        @app.event("message")
        def message(body: Json) -> None:
            ids.append(body["event_id"])
            if len(ids) < 3:
                raise RuntimeError("broken twice")

        with listening_at(app, seen) as url:
            sandbox.deliver_to(url)
            seen.clear()
            ana(sandbox).says("#suite", "hello")
            sandbox.wait_until(lambda: len(ids) == 3)
            sandbox.settle()
    numbers = [(h.get("X-Slack-Retry-Num"), h.get("X-Slack-Retry-Reason")) for h in seen]
    assert numbers == [(None, None), ("1", "http_error"), ("2", "http_error")]
    assert len(set(ids)) == 1


def test_an_app_that_is_down_is_not_responding(sandbox: Sandbox) -> None:
    sandbox.deliver_to("http://127.0.0.1:9/nobody", verify=False)
    assert ana(sandbox).types("/okr list").error == "Plumbline did not respond (/okr: connection_failed)"


def test_a_section_survives_form_encoding(sandbox: Sandbox, web: WebClient) -> None:
    app, got = bolt(sandbox), []

    @app.action("go")
    def go(ack: Ack, body: Json) -> None:
        got.append(body["message"]["blocks"][0]["text"]["text"])
        ack()

    web.chat_postMessage(channel="U01ANA", text="x", blocks=[section("41 → 30 days & 60 %"), actions(button())])
    with listening_at(app) as url:
        sandbox.deliver_to(url)
        ana(sandbox).clicks(ana(sandbox).dm[0], label="Go")
    assert got == ["41 → 30 days & 60 %"]
