"""The sandbox with its page, a small app in it, and a real Chromium in front of it.

A test fails when the page logs an error, and when anything is asked for that is not on this machine.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect, sync_playwright

from rituals.clock import AdjustableClock
from sandbox.records import Message
from sandbox.server import Sandbox
from tests.browser import gallery
from tests.browser.app_under_glass import connected

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
WIDE, PHONE = (1280, 800), (380, 760)
SHORTCUTS = [
    {"name": "Update a key result", "type": "global", "callback_id": "update", "description": "Opens the form"},
    {"name": "Make it a blocker", "type": "message", "callback_id": "blocker", "description": "Keeps these words"},
]
Looks = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM.exists():
                item.add_marker(pytest.mark.skip(reason="there is no Chromium at /usr/bin/chromium"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=5_000)
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A furnished workspace; its clock stands still and jumps a week for "next event"."""
    clock = AdjustableClock(MONDAY)
    manifest = yaml.safe_load((Path(__file__).parents[2] / "app.yaml").read_text())

    manifest["features"]["shortcuts"] = SHORTCUTS

    def jump(to: datetime | None) -> tuple[datetime, str]:
        clock.move_to(to or clock.now() + timedelta(days=7))
        return clock.now(), "check-in 5 opens for Product suite"

    with Sandbox(manifest, clock, on_clock=jump, team_name="Halden") as running:
        running.add_user("U01ANA", "ana", "Ana Ruiz", "ana@example.com", "Europe/Madrid", is_admin=True)
        running.add_user("U03BO", "bo", "Bo Lindqvist", "bo@example.com", "Asia/Tokyo")
        running.add_channel("C01PORTFOLIO", "suite-okrs", members=["U01ANA", "U03BO"])
        running.add_channel("C02LEADERS", "product-leadership", members=["U01ANA"])
        yield running


@pytest.fixture
def post(sandbox: Sandbox) -> Callable[..., Message]:
    """Puts a message of the bot into a channel, past the API and its limits: for what the page must draw."""

    def put(channel: str, text: str, blocks: list[gallery.Block] | None = None, thread: str | None = None) -> Message:
        w = sandbox.workspace
        for person in ("U01ANA", "U03BO"):
            w.open_dm(person)
        return w.add(Message(channel, w.next_ts(), sandbox.bot_user, text, blocks or [], thread, bot=True))

    return put


@pytest.fixture
def app(sandbox: Sandbox) -> Iterator[None]:
    """The small app, connected."""
    with connected(sandbox):
        yield


@pytest.fixture
def look(browser: Browser, sandbox: Sandbox) -> Iterator[Looks]:
    """Opens the page: `look("U01ANA/C01PORTFOLIO", size=PHONE)`."""
    pages: list[Page] = []
    trouble: list[str] = []

    def open_page(place: str = "", size: tuple[int, int] = WIDE) -> Page:
        page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        pages.append(page)
        page.on("pageerror", lambda error: trouble.append(f"error: {error}"))
        page.on("console", lambda said: trouble.append(said.text) if said.type in ("error", "warning") else None)
        page.on("request", lambda r: trouble.append(r.url) if urlsplit(r.url).hostname != "127.0.0.1" else None)
        page.goto(f"{sandbox.page_url}#/{place}" if place else sandbox.page_url)
        expect(page.get_by_label("You are")).to_be_visible() if size == WIDE else None
        return page

    yield open_page
    for page in pages:
        page.context.close()
    assert trouble == []
