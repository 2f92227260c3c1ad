"""Serves the stand-in with uvicorn in a thread: routes, start and stop, and cutting a connection without an answer.

What is answered is in `web`, `responses`, `socket_mode` and `control`.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count
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
TICK, LOOK = 0.1, 0.002  # seconds: how often uvicorn sees to its own; how soon the end of the last answer is seen
GRACE = 1.0


class PromptServer(uvicorn.Server):
    """uvicorn looks ten times a second whether it should end and whether it has; tests end hundreds of servers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def end(self) -> None:
        """Stop serving; from any thread."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._told.set)

    async def main_loop(self) -> None:
        self._loop, ticks = asyncio.get_running_loop(), count()
        while not await self.on_tick(next(ticks)):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), TICK)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for one in (*self.servers, *(sockets or ())):
            one.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._answered(), GRACE)
        for task in list(self.server_state.tasks):
            task.cancel()
        await self.lifespan.shutdown()

    async def _answered(self) -> None:
        while self.server_state.connections or self.server_state.tasks:
            await asyncio.sleep(LOOK)


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
        )
        self._server = PromptServer(config)
        self._thread = Thread(target=self._run, name="sandbox-web", daemon=True)

    def start(self) -> None:
        """Serve from now on."""
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the sandbox did not start within 10 seconds")

    def stop(self) -> None:
        """Stop serving and close what is open."""
        self._control.close()
        self._server.end()
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
