"""The page's stream of news: a server-sent event after every change of the workspace. Says that, not what, changed."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sandbox.records import Json
from sandbox.workspace import Workspace

QUIET_SECONDS = 10.0


class News:
    """The endpoint `/_sandbox/events`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._streams: list[tuple[asyncio.AbstractEventLoop, asyncio.Queue[Json | None]]] = []
        self._closed = False
        workspace.listeners.append(self._tell)

    async def serve(self, _: Request) -> Response:
        """Stream from now on."""
        headers = {"Cache-Control": "no-store"}
        return StreamingResponse(self._stream(), media_type="text/event-stream", headers=headers)

    def close(self) -> None:
        """End every stream."""
        self._closed = True
        self._tell(None)

    def _tell(self, note: Json | None) -> None:
        for loop, queue in list(self._streams):
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(queue.put_nowait, note)

    async def _stream(self) -> AsyncIterator[str]:
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        stream = (asyncio.get_running_loop(), queue)
        self._streams.append(stream)
        try:
            yield _event({"version": self._workspace.version, "channel": None, "what": "hello"})
            while not self._closed:
                try:
                    note = await asyncio.wait_for(queue.get(), QUIET_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if note is None:
                    return
                yield _event(note)
        finally:
            self._streams.remove(stream)


def _event(note: Json) -> str:
    return f"data: {json.dumps(note)}\n\n"
