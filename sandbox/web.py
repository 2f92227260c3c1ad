"""The Web API over HTTP: reads the token and the arguments, makes the trouble that was asked for, runs the method.

What the methods do is in the `api_*` modules.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox import (
    api_basics,
    api_canvases,
    api_chat,
    api_conversations,
    api_files,
    api_reactions,
    api_users,
    api_views,
)
from sandbox.calls import METHODS, Call
from sandbox.errors import SlackError
from sandbox.faults import Rule
from sandbox.records import Json
from sandbox.scopes import METHOD_SCOPES
from sandbox.site import Site

MODULES = (
    api_basics,
    api_canvases,
    api_chat,
    api_conversations,
    api_files,
    api_reactions,
    api_users,
    api_views,
)
NO_TOKEN = {"api.test", "blocks.validate"}
APP_TOKEN = {"apps.connections.open"}
Dropper = Callable[[Request], Awaitable[None]]


class WebApi:
    """The endpoint `/api/{method}`. `drop` closes a request's connection without an answer."""

    def __init__(self, site: Site, drop: Dropper) -> None:
        self._site = site
        self._drop = drop

    async def serve(self, request: Request) -> Response:
        """Answer one call."""
        name = request.path_params["method"]
        if self._site.faults.latency:
            await asyncio.sleep(self._site.faults.latency)
        try:
            arguments = await _arguments(request)
            token = _token(request, arguments)
            rule = self._site.faults.pick(name)
            body = self._run(name, token, arguments, rule)
        except SlackError as error:
            self._site.reject(name, error.code)
            return JSONResponse(error.body(), status_code=error.status, headers=error.headers)
        if rule is not None and rule.kind == "drop_response":
            await self._drop(request)
        if rule is not None and rule.kind == "server_error":
            return Response("internal server error", status_code=500)
        return JSONResponse(body, headers={"x-oauth-scopes": ",".join(sorted(self._site.manifest.scopes))})

    def _run(self, name: str, token: str, arguments: Json, rule: Rule | None) -> Json:
        if name not in METHODS:
            raise SlackError("unknown_method", req_method=name)
        self._authenticate(name, token)
        self._trouble(name, arguments, rule)
        self._site.manifest.need(*METHOD_SCOPES.get(name, ()))
        call = Call(self._site, name, arguments)
        if rule is not None and rule.kind == "server_error" and not rule.executed:
            return {}
        body = METHODS[name](call)
        self._site.record(name, arguments)
        return {"ok": True, **body}

    def _authenticate(self, name: str, token: str) -> None:
        ident = self._site.identity
        if name in NO_TOKEN:
            return
        if not token:
            raise SlackError("not_authed")
        if token not in (ident.app_token, ident.bot_token):
            raise SlackError("invalid_auth")
        if (token == ident.app_token) != (name in APP_TOKEN):
            raise SlackError("not_allowed_token_type")
        if self._site.faults.revoked and token == ident.bot_token:
            raise SlackError("token_revoked")

    def _trouble(self, name: str, arguments: Json, rule: Rule | None) -> None:
        if rule is not None and rule.kind == "rate_limit":
            raise _slow_down(rule.retry_after)
        if rule is not None and rule.kind == "error":
            raise SlackError(rule.code)
        if wait := self._site.faults.too_fast(name, str(arguments.get("channel"))):
            raise _slow_down(wait)


def _slow_down(seconds: int) -> SlackError:
    return SlackError("ratelimited", status=429, headers={"Retry-After": str(seconds)})


async def _arguments(request: Request) -> Json:
    arguments: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        try:
            body: Any = json.loads(await request.body() or b"{}")
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        return arguments | body
    if kind.startswith("application/x-www-form-urlencoded"):
        return arguments | dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    return arguments


def _token(request: Request, arguments: Json) -> str:
    header = request.headers.get("authorization", "")
    given = str(arguments.pop("token", "") or "")
    return header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else given
