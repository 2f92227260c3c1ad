"""A model behind real HTTP that says what it is told to say: Responses, Chat Completions and the list of models.

Stands in for what is not ours. It reads the facts out of the request as a model would, so that "good" works for any
portfolio. It must not know anything of the product but the shape of a request.

    server = ModelServer().start()
    server.reply_with("good")            # or "refusal", 429, [claim, …]; several: one a request, the last repeats
    ModelClient(api_key="k", model="m", base_url=server.url, api="responses")
    server.requests[0].facts             # what was sent
    server.stop()
"""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any, Self

Claims = list[dict[str, Any]]
Said = Claims | dict[str, Any]
"""Claims, or the whole document of another kind of answer."""

Reply = str | int | Said | Callable[[dict[str, Any]], Said]

KINDS = (
    "good",
    "refusal",
    "truncated",
    "filtered",
    "fenced",
    "bad_json",
    "wrong_schema",
    "prose",
    "empty",
    "no_claims",
    "slow",
    "drip",
    "hang_up",
    "ungrounded",
    "injected",
)


@dataclass(frozen=True)
class Request:
    """One request as it arrived."""

    path: str
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The user part."""
        messages = self.body.get("input") or self.body.get("messages") or []
        return next((str(m["content"]) for m in messages if m["role"] == "user"), "")

    @property
    def system(self) -> str:
        """The system part."""
        messages = self.body.get("messages") or []
        said = next((str(m["content"]) for m in messages if m["role"] == "system"), "")
        return str(self.body.get("instructions") or said)

    @property
    def facts(self) -> dict[str, Any]:
        """The JSON document between the delimiters."""
        found = re.search(r"<facts>\n(.*)\n</facts>", self.text, re.DOTALL)
        return dict(json.loads(found.group(1))) if found else {}


def good_claims(facts: dict[str, Any]) -> Claims:
    """One true sentence a blocker: who holds up whom, quoting the first answer's first words."""
    answers = {a["id"]: a for a in facts.get("answers", [])}
    claims = []
    for blocker in facts.get("blockers", []):
        source = next((answers[i] for i in blocker["answers"] if i in answers), None)
        if source is None:
            continue
        span = _first_words(source["text"])
        whom = blocker["waits_for"] or "someone else"
        text = f"{blocker['held_up']} waits for {whom}: {span}"
        claims.append({"text": text, "sources": [{"answer_id": source["id"], "span": span}]})
    return claims


def _first_words(text: str) -> str:
    """The first line's first eight words, letter by letter."""
    found = re.search(r"\S+(?:[^\S\n]+\S+){0,7}", text)
    return found.group() if found else ""


def ungrounded_claims(facts: dict[str, Any]) -> Claims:
    """Plausible and false: a quotation nobody wrote, an answer that is not there, a number out of nowhere."""
    first = facts["answers"][0]
    return [
        {
            "text": "Payments has agreed to deliver.",
            "sources": [{"answer_id": first["id"], "span": "we all agreed on it"}],
        },
        {"text": "Everything is blocked by Legal.", "sources": [{"answer_id": "A-none", "span": "blocked by Legal"}]},
        {"text": f"987 accounts wait: {first['text']}", "sources": [{"answer_id": first["id"], "span": first["text"]}]},
    ]


def injected_claims(facts: dict[str, Any]) -> Claims:
    """A true sentence with everything in it that must not reach a channel."""
    good = good_claims(facts)
    trash = " <!channel> <@U0BOSS> @here https://evil.example/x <https://evil.example|here> [](http://evil.example)\x07"
    return [{**claim, "text": claim["text"] + trash} for claim in good]


class ModelServer:
    """Listens on a free port of this machine. `only_chat` answers 404 on Responses; `no_schemas` 400 to json_schema.

    With `no_usage` it does not say what a request cost.
    """

    def __init__(self, *, only_chat: bool = False, no_schemas: bool = False, no_usage: bool = False) -> None:
        self.only_chat = only_chat
        self.no_schemas = no_schemas
        self.no_usage = no_usage
        self.requests: list[Request] = []
        self._replies: list[Reply] = ["good"]
        self._lock = Lock()
        self._stopping = Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"model": self}))
        self._http.daemon_threads = True
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """The base address to configure."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def start(self) -> Self:
        """Begins to listen."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Ends, and lets go of those that wait for a slow answer."""
        self._stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def reply_with(self, *replies: Reply) -> Self:
        """What to say next: a kind of KINDS, a status, claims, or a function of the facts. The last one repeats."""
        for reply in replies:
            if isinstance(reply, str) and reply not in KINDS:
                raise ValueError(f"no such reply: {reply}")
        with self._lock:
            self._replies = list(replies)
        return self

    @property
    def next_reply(self) -> Reply:
        """What would be said now."""
        return self._replies[0]

    def take(self, request: Request) -> Reply:
        """Keeps the request and picks its reply; a refused rung of the ladder uses none up."""
        with self._lock:
            self.requests.append(request)
            if self.only_chat and request.path.endswith("/responses"):
                return 404
            if self.no_schemas and "json_schema" in json.dumps(request.body):
                return 400
            return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]

    def wait(self, seconds: float) -> bool:
        """Waits like a slow server, but not past the end of the test."""
        return self._stopping.wait(seconds)


class _Handler(BaseHTTPRequestHandler):
    """Speaks HTTP for `model`, which a subclass binds."""

    model: ModelServer

    def do_GET(self) -> None:
        self.model.requests.append(Request(self.path, {}, dict(self.headers)))
        reply = self.model.next_reply
        if isinstance(reply, int):
            self._send(reply, {"error": {"message": "scripted"}})
        else:
            self._send(200, {"id": self.path.rsplit("/", 1)[-1], "object": "model", "created": 0, "owned_by": "x"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        request = Request(self.path, body, dict(self.headers))
        reply = self.model.take(request)
        if isinstance(reply, int):
            self._send(reply, {"error": {"message": "scripted", "type": "scripted", "code": None}})
        elif reply == "slow":
            self.model.wait(30)
        elif reply == "drip":
            self._drip()
        elif reply != "hang_up":
            document = _document(request, reply)
            self._send(200, document | ({"usage": None} if self.model.no_usage else {}))

    def _send(self, status: int, document: dict[str, Any]) -> None:
        data = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _drip(self) -> None:
        """One byte now and then: every read is in time, the whole never is."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "100000")
        self.end_headers()
        until = time.monotonic() + 30
        while time.monotonic() < until and not self.model.wait(0.05):
            try:
                self.wfile.write(b" ")
            except OSError:
                return

    def log_message(self, *_: object) -> None:
        """Silent."""


def _document(request: Request, reply: Reply) -> dict[str, Any]:
    text, finish, refusal = _said(request, reply)
    if request.path.endswith("/responses"):
        return _response(text, finish, refusal)
    return _completion(text, finish, refusal)


def _said(request: Request, reply: Reply) -> tuple[str, str, str | None]:
    """The text, how it ended, and a refusal."""
    if reply == "refusal":
        return "", "stop", "I cannot help with that."
    if reply in ("truncated", "filtered"):
        return '{"claims": [{"text": "Pay', "length" if reply == "truncated" else "content_filter", None
    return _text(request, reply), "stop", None


def _text(request: Request, reply: Reply) -> str:
    fixed = {
        "bad_json": '{"claims": [{"text": ',
        "wrong_schema": '{"summary": "All is well", "mood": 5}',
        "prose": "Sure. Here is what I found:\n- CRM waits for Payments' API.\n- Everything else is on track.",
        "empty": "",
        "no_claims": '{"claims": []}',
    }
    if isinstance(reply, str) and reply in fixed:
        return fixed[reply]
    scripted: dict[Any, Callable[[dict[str, Any]], Said]] = {
        "ungrounded": ungrounded_claims,
        "injected": injected_claims,
        "good": good_claims,
        "fenced": good_claims,
    }
    said = reply if isinstance(reply, list | dict) else (reply if callable(reply) else scripted[reply])(request.facts)
    text = json.dumps(said if isinstance(said, dict) else {"claims": said}, ensure_ascii=False)
    return f"```json\n{text}\n```" if reply == "fenced" else text


def _response(text: str, finish: str, refusal: str | None) -> dict[str, Any]:
    part = (
        {"type": "refusal", "refusal": refusal} if refusal else {"type": "output_text", "text": text, "annotations": []}
    )
    cause = {"length": "max_output_tokens", "content_filter": "content_filter"}.get(finish)
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 0,
        "model": "scripted",
        "status": "incomplete" if cause else "completed",
        "incomplete_details": {"reason": cause} if cause else None,
        "output": [{"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}],
        "parallel_tool_calls": False,
        "tool_choice": "none",
        "tools": [],
        "usage": {"input_tokens": 100, "output_tokens": 23, "total_tokens": 123},
    }


def _completion(text: str, finish: str, refusal: str | None) -> dict[str, Any]:
    message = {"role": "assistant", "content": None if refusal else text, "refusal": refusal}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": "scripted",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 23, "total_tokens": 123},
    }
