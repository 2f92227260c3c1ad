"""The page's own API under `/_sandbox`. Its contract is fixed with the page; it answers loopback hosts only."""

from collections.abc import Callable
from datetime import datetime

from starlette.routing import BaseRoute

from sandbox.site import Site


class Control:
    def __init__(self, site: Site, on_clock: Callable[[datetime | None], tuple[datetime, str]] | None) -> None:
        self._site, self._on_clock = site, on_clock

    def routes(self) -> list[BaseRoute]:
        return []

    def close(self) -> None:
        return None
