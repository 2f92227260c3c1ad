"""Serves the stand-in with uvicorn in a thread: routes, start and stop, and cutting a connection without an answer.

What is answered is in `web`, `responses`, `socket_mode` and `control`.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event, Thread

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from uvicorn.protocols.http.h11_impl import H11Protocol

from sandbox.api_files import Files
from sandbox.control import Control
from sandbox.responses import ResponseUrls
from sandbox.site import Site
from sandbox.web import WebApi

PAGE = Path(__file__).parent / "page"


class WebServer:
    """The HTTP and WebSocket server of one stand-in."""

    def __init__(
        self,
        site: Site,
        listening: socket.socket,
        *,
        page: bool,
    ) -> None:
        self._listening = listening
        self._ready = Event()
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}
        self._control = Control(site)
        config = uvicorn.Config(
            Starlette(routes=self._routes(site, page=page), lifespan=self._lifespan),
            http=self._protocol(),
            ws="websockets-sansio",
            ws_ping_interval=0.25,
            ws_ping_timeout=None,
            log_config=None,
            log_level="critical",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._run, name="sandbox-web", daemon=True)

    def start(self) -> None:
        """Serve from now on."""
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the sandbox did not start within 10 seconds")

    def stop(self) -> None:
        """Stop serving and close what is open."""
        self._control.close()
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._listening.close()

    def _run(self) -> None:
        self._server.run(sockets=[self._listening])

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self._ready.set()
        yield

    def _routes(self, site: Site, *, page: bool) -> list[BaseRoute]:
        files = Files(site)
        routes: list[BaseRoute] = [
            Route("/api/{method}", WebApi(site, self._cut).serve, methods=["GET", "POST"]),
            Route("/response/{key}", ResponseUrls(site).serve, methods=["POST"]),
            Route("/upload/{ticket}", files.take, methods=["POST"]),
            Route("/files/{id}/{name}", files.give, methods=["GET"]),
            WebSocketRoute("/link/", site.socket_mode.serve),
            Mount("/_sandbox", routes=self._control.routes()),
        ]
        if page:
            routes.append(Mount("/", StaticFiles(directory=PAGE, html=True, check_dir=False)))
        return routes

    def _protocol(self) -> type[asyncio.Protocol]:
        """uvicorn's own HTTP protocol, which also remembers its transports so that one can be cut."""
        transports = self._transports

        class Protocol(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                transports[transport.get_extra_info("peername")[:2]] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                transports.pop(self.transport.get_extra_info("peername")[:2], None)
                super().connection_lost(exc)

        return Protocol

    async def _cut(self, request: Request) -> None:
        assert request.client is not None
        transport = self._transports.get((request.client.host, request.client.port))
        if transport is not None:
            transport.abort()
        while not await request.is_disconnected():
            await asyncio.sleep(0)
