"""Reactions are put on and taken off with the mouse and the keyboard; a channel's canvas opens from its tab."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from sandbox.records import Canvas, Message
from sandbox.server import Sandbox
from tests.browser.conftest import PHONE, WIDE, Looks

Post = Callable[..., Message]
PLACE = "U01ANA/C01PORTFOLIO"


def test_a_sign_is_put_on_by_the_menu_and_taken_off_by_a_click(sandbox: Sandbox, post: Post, look: Looks) -> None:
    said = post("C01PORTFOLIO", "Drafts of CRM")
    page = look(PLACE)
    page.get_by_text("Drafts of CRM").hover()
    page.get_by_label("React").click()
    page.get_by_role("menuitem", name="link").click()
    mine = page.get_by_role("button", name="link, Ana Ruiz")
    expect(mine).to_have_attribute("aria-pressed", "true")
    assert said.reactions == [{"name": "link", "users": ["U01ANA"], "count": 1}]
    mine.focus()
    page.keyboard.press("Enter")
    expect(mine).to_have_count(0)
    assert said.reactions == []


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_a_canvas_opens_from_the_head_of_its_channel(sandbox: Sandbox, look: Looks, size: tuple[int, int]) -> None:
    with sandbox.workspace.lock:
        sandbox.workspace.canvases["F1"] = Canvas(
            "F1", "C01PORTFOLIO", "Record", "# What was agreed\n\n- one <b>thing</b>"
        )
    page = look(PLACE, size)
    page.get_by_role("button", name="Canvas: Record").click()
    dialog = page.get_by_role("dialog", name="Record")
    expect(dialog.get_by_role("heading", name="What was agreed")).to_be_visible()
    expect(dialog.get_by_text("one <b>thing</b>")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0]
    dialog.get_by_label("Close").click()
    expect(dialog).to_have_count(0)
