"""The page's own API under `/_sandbox`. Its contract is fixed with the page; it answers loopback hosts only.

Reads the workspace as one person sees it, and turns what is done on the page into `acts`. POSTs must be JSON, so that
no other site's form can send one; `guard` refuses every Host and Origin that is not a loopback name.
"""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox import acts, events
from sandbox.acts import ActError, Shown
from sandbox.elements import VALUE_KEYS, Placed
from sandbox.news import News
from sandbox.payloads import file_json, view_json
from sandbox.records import Channel, Json, Message, View
from sandbox.site import Site
from sandbox.submissions import submit

Endpoint = Callable[[Request], Awaitable[Response]]
Thing = TypeVar("Thing")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def is_loopback(host: str) -> bool:
    """Whether a Host header names this machine by a loopback name."""
    return urlsplit(f"//{host}").hostname in LOOPBACK


def guard(serve: Endpoint) -> Endpoint:
    """Answer 403 to requests that reach us by another name, or come from another site's page."""

    async def guarded(request: Request) -> Response:
        origin = request.headers.get("origin")
        strange = origin is not None and urlsplit(origin).hostname not in LOOPBACK
        if strange or not is_loopback(request.headers.get("host", "")):
            return JSONResponse({"ok": False, "note": "only for this machine"}, status_code=403)
        return await serve(request)

    return guarded


class Control:
    """The endpoints of the page."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._news = News(site.workspace)

    def routes(self) -> list[BaseRoute]:
        """What is served below `/_sandbox`."""
        reads = {"state": self._state, "messages": self._messages, "home": self._home, "views": self._views}
        writes = {
            "home": self._open_home,
            "say": self._say,
            "edit": self._edit,
            "react": self._react,
            "command": self._command,
            "click": self._click,
            "submit": self._submit,
            "close": self._close_view,
            "suggest": self._suggest,
            "shortcut": self._shortcut,
            "clock": self._clock,
            "faults": self._faults,
        }
        routes: list[BaseRoute] = [Route("/events", guard(self._news.serve), methods=["GET"])]
        routes += [Route(f"/{n}", guard(_reading(f)), methods=["GET"]) for n, f in reads.items()]
        return routes + [Route(f"/{n}", guard(_writing(f)), methods=["POST"]) for n, f in writes.items()]

    def close(self) -> None:
        """End the streams of news."""
        self._news.close()

    def _state(self, _: Json) -> Json:
        site, w = self._site, self._site.workspace
        with w.lock:
            for user in list(w.users.values()):
                if not user.is_bot:
                    w.open_dm(user.id)
            return {
                "team": {"id": w.team_id, "name": w.team_name},
                "now": w.clock.now().isoformat(),
                "bot": {"user_id": w.bot.id, "name": w.bot.real_name},
                "users": [
                    {k: getattr(u, k) for k in ("id", "name", "real_name", "tz", "is_bot", "is_admin")}
                    for u in w.users.values()
                    if not u.deleted
                ],
                "channels": [_channel(c) for c in w.channels.values()],
                "canvases": [vars(c) for c in w.canvases.values()],
                "commands": list(site.manifest.commands.values()),
                "shortcuts": list(site.manifest.shortcuts.values()),
                "faults": site.faults.describe(),
                "can_jump": site.on_clock is not None,
                "connections": site.socket_mode.connections,
                "version": w.version,
            }

    def _messages(self, asked: Json) -> Json:
        w, viewer = self._site.workspace, str(asked.get("viewer", ""))
        channel = acts.place(self._site, viewer, str(asked["channel"]))
        with w.lock:
            mine = [m for m in w.messages[channel.id] if m.ephemeral_to in (None, viewer)]
            counts: dict[str, int] = {}
            for m in mine:
                if m.is_reply and not m.deleted and m.ephemeral_to is None:
                    counts[m.root] = counts.get(m.root, 0) + 1
            shown = [m for m in mine if not m.deleted or counts.get(m.ts)]
            return {"messages": [self._message(m, counts.get(m.ts, 0)) for m in shown], "version": w.version}

    def _message(self, m: Message, replies: int) -> Json:
        return {
            "ts": m.ts,
            "user": m.user,
            "username": self._site.workspace.users[m.user].real_name,
            "bot": m.bot,
            "text": "" if m.deleted else m.text,
            "blocks": [] if m.deleted else m.blocks,
            "files": [] if m.deleted else [file_json(self._site, f) for f in m.files],
            "thread_ts": m.thread_ts,
            "reply_count": replies,
            "edited": m.edited is not None,
            "deleted": m.deleted,
            "ephemeral": m.ephemeral_to is not None,
            "broadcast": m.broadcast,
            "reactions": m.reactions,
        }

    def _home(self, asked: Json) -> Json:
        home = self._site.workspace.homes.get(str(asked["user"]))
        return {"view": self._view(home) if home else None}

    def _views(self, asked: Json) -> Json:
        return {"stack": [self._view(v) for v in self._site.workspace.stacks.get(str(asked["user"]), [])]}

    def _view(self, view: View) -> Json:
        return view_json(self._site, view) | {"errors": view.errors}

    def _open_home(self, body: Json) -> Json:
        events.home_opened(self._site, self._user(body), "home")
        self._site.courier.settle(timeout=3)
        return {"ok": True}

    def _say(self, body: Json) -> Json:
        said = acts.say(self._site, self._user(body), body["channel"], body["text"], body.get("thread_ts"))
        return {"ok": True, "ts": said.ts}

    def _edit(self, body: Json) -> Json:
        user = self._user(body)
        acts.edit(self._site, user, self._place(body, user), body["text"])
        return {"ok": True}

    def _react(self, body: Json) -> Json:
        user = self._user(body)
        return {"ok": True, "on": acts.react(self._site, user, self._place(body, user), str(body["name"]))}

    def _command(self, body: Json) -> Json:
        return _answer(acts.command(self._site, self._user(body), body["channel"], body["text"]))

    def _click(self, body: Json) -> Json:
        user = self._user(body)
        where = self._place(body, user)
        for block_id, of_block in (body.get("state") or {}).items():
            for action_id, state in of_block.items():
                acts.enter(self._site, user, where, acts.element(where, block_id, action_id), state)
        placed = acts.element(where, body["block_id"], body["action_id"])
        carried = {k: v for k, v in body.items() if k == "value" or k.startswith(("selected_", "rich_text_"))}
        if placed.kind in VALUE_KEYS:
            acts.enter(self._site, user, where, placed, {"type": placed.kind, **carried})
        elif "value" in placed.element:
            carried = {"value": placed.element["value"]} | carried
        return _answer(acts.click(self._site, user, where, placed, carried))

    def _submit(self, body: Json) -> Json:
        user = self._user(body)
        view = self._modal(body, user)
        for block_id, of_block in (body.get("values") or {}).items():
            for action_id, state in of_block.items():
                placed: Placed = acts.element(view, block_id, action_id)
                acts.enter(self._site, user, view, placed, state)
        done = submit(self._site, view)
        if done.errors:
            return {"ok": False, "errors": done.errors}
        return {"ok": done.error is None} | ({"note": done.error} if done.error else {})

    def _close_view(self, body: Json) -> Json:
        acts.close(self._site, self._modal(body, self._user(body)), everything=bool(body.get("all")))
        return {"ok": True}

    def _suggest(self, body: Json) -> Json:
        user = self._user(body)
        where = self._place(body, user)
        placed = acts.element(where, body["block_id"], body["action_id"])
        return {"ok": True, "options": acts.suggest(self._site, user, where, placed, str(body.get("query", "")))}

    def _shortcut(self, body: Json) -> Json:
        user = self._user(body)
        message = self._place(body, user) if body.get("ts") else None
        assert not isinstance(message, View)
        return _answer(acts.shortcut(self._site, user, body["callback_id"], message))

    def _clock(self, body: Json) -> Json:
        move = self._site.on_clock
        if move is None:
            raise ActError("this clock cannot be moved")
        to = None if body["to"] == "next" else datetime.fromisoformat(body["to"])
        now, what = move(to.replace(tzinfo=UTC) if to and to.tzinfo is None else to)
        self._site.workspace.touch("clock")
        return {"ok": True, "now": now.isoformat(), "what": what}

    def _faults(self, body: Json) -> Json:
        self._site.faults.apply(body)
        self._site.workspace.touch("fault")
        return {"ok": True, "faults": self._site.faults.describe()}

    def _user(self, body: Json) -> str:
        user = str(body["user"])
        if user not in self._site.workspace.users:
            raise ActError(f"there is no member {user!r}")
        return user

    def _place(self, body: Json, user: str) -> Any:
        """The message, modal or Home tab a request is about, as far as this person has it in front of them."""
        w = self._site.workspace
        if body.get("home"):
            return _there(w.homes.get(user), "the Home tab is empty")
        if body.get("view_id"):
            return self._modal(body, user)
        channel = acts.place(self._site, user, str(body["channel"]))
        return _there(w.find(channel.id, str(body["ts"]), viewer=user), "there is no such message")

    def _modal(self, body: Json, user: str) -> View:
        view = self._site.workspace.view(str(body["view_id"]))
        mine = view is not None and view.user == user
        return _there(view if mine else None, "this form is no longer open")


def _there(found: Thing | None, otherwise: str) -> Thing:
    if found is None:
        raise ActError(otherwise)
    return found


def _channel(c: Channel) -> Json:
    keys = ("id", "name", "is_private", "is_im", "user", "members", "is_archived")
    return {k: getattr(c, k) for k in keys}


def _answer(shown: Shown) -> Json:
    return {"ok": shown.note is None} | ({"note": shown.note} if shown.note else {})


def _reading(read: Callable[[Json], Json]) -> Endpoint:
    async def serve(request: Request) -> Response:
        return await _run(read, dict(request.query_params))

    return serve


def _writing(write: Callable[[Json], Json]) -> Endpoint:
    async def serve(request: Request) -> Response:
        if not request.headers.get("content-type", "").startswith("application/json"):
            return JSONResponse({"ok": False, "note": "send JSON"}, status_code=415)
        try:
            body = json.loads(await request.body())
        except ValueError:
            return JSONResponse({"ok": False, "note": "this is not JSON"}, status_code=400)
        return await _run(write, body if isinstance(body, dict) else {})

    return serve


async def _run(work: Callable[[Json], Json], asked: Json) -> Response:
    try:
        return JSONResponse(await run_in_threadpool(work, asked))
    except KeyError as missing:
        return JSONResponse({"ok": False, "note": f"{missing} is missing"}, status_code=400)
    except (ActError, ValueError, TypeError) as error:
        return JSONResponse({"ok": False, "note": str(error)})
