"""Clicking, filling in and submitting on the sandbox's page, in a real browser: buttons, modals, Home, the clock."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from sandbox.api_views import change_view, make_view
from sandbox.records import Message
from sandbox.server import Sandbox
from tests.browser import gallery
from tests.browser.conftest import PHONE, WIDE, Looks

Post = Callable[..., Message]


@pytest.fixture(params=[WIDE, PHONE], ids=["wide", "phone"])
def form(request: pytest.FixtureRequest, app: None, look: Looks, post: Post) -> Locator:
    """The gallery's form, opened by its button."""
    post("D01ANA", "Check-in 4", gallery.PROMPT)
    page = look("U01ANA/D01ANA", size=request.param)
    page.get_by_role("button", name="Answer").click()
    dialog = page.get_by_role("dialog", name="Update KR-1")
    expect(dialog).to_be_visible()
    return dialog


def test_a_button_opens_a_form_with_the_focus_in_its_first_field(form: Locator) -> None:
    expect(form.get_by_label("Value")).to_be_focused()
    expect(form.get_by_text("last updated on")).to_be_visible()


def test_the_app_s_error_stands_below_its_field_and_what_was_typed_stays(form: Locator, sandbox: Sandbox) -> None:
    form.get_by_label("Value").fill("banana")
    form.get_by_label("Confidence").fill("7")
    form.get_by_label("Note").fill("two\nlines")
    form.get_by_role("button", name="Save").click()
    value = form.get_by_label("Value")
    expect(value).to_have_accessible_description('I read no number in "banana". For example: 30 days')
    expect(value).to_be_focused()
    expect(value).to_have_value("banana")
    expect(form.get_by_label("Note")).to_have_value("two\nlines")
    value.fill("30 days")
    expect(form.get_by_text("I read no number")).to_be_hidden()
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    expect(form.page.get_by_text("Saved: 30 days")).to_be_visible()


def test_a_required_field_and_a_number_are_checked_before_anything_is_sent(form: Locator, sandbox: Sandbox) -> None:
    sent = len(sandbox.deliveries)
    form.get_by_label("Confidence").fill("11")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_label("Value")).to_have_accessible_description("Please complete this required field.")
    expect(form.get_by_label("Confidence")).to_have_accessible_description("At most 10, please.")
    expect(form.get_by_label("Confidence")).to_have_value("11")
    assert len(sandbox.deliveries) == sent


def test_every_kind_of_input_reaches_the_app_as_slack_words_it(form: Locator, sandbox: Sandbox) -> None:
    page = form.page
    form.get_by_label("Value").fill("30 days")
    form.get_by_label("Confidence").fill("7")
    form.get_by_label("Unit").select_option(label="Payments")
    form.get_by_label("Key result").click()
    form.get_by_label("Key result").press_sequentially("kr-7")
    suggestions = form.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(suggestions).to_have_count(1)
    page.keyboard.press("Enter")
    expect(form.get_by_label("Key result")).to_have_value("KR-7 Accounts on three products")
    form.get_by_label("Also for").click()
    suggestions.filter(has_text="KR-1").click()
    page.keyboard.type("kr-9")
    page.keyboard.press("Enter")
    form.get_by_label("Reporter").select_option(label="Bo Lindqvist")
    form.get_by_role("radio", name="Not quite").check()
    form.get_by_role("checkbox", name="The owner").check()
    form.get_by_label("By").fill("2026-12-01")
    form.get_by_label("At", exact=False).last.fill("10:30")
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    sent = [d for d in sandbox.deliveries if d.payload.get("type") == "view_submission"][-1]
    got = {block: _content(next(iter(v.values()))) for block, v in sent.payload["view"]["state"]["values"].items()}
    assert got == {
        "f-value": "30 days",
        "f-confidence": "7",
        "f-note": None,
        "f-unit": "payments",
        "f-kr": "KR-7",
        "f-many": ["KR-1", "KR-9"],
        "f-who": "U03BO",
        "f-track": "no",
        "f-flags": ["owner"],
        "f-date": "2026-12-01",
        "f-time": "10:30",
    }


def _content(state: dict[str, Any]) -> Any:
    value = next(v for k, v in state.items() if k != "type")
    if isinstance(value, list):
        return [v["value"] for v in value]
    return value["value"] if isinstance(value, dict) else value


def test_escape_closes_the_form_and_the_focus_returns(form: Locator, sandbox: Sandbox) -> None:
    form.page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    expect(form.page.get_by_role("button", name="Answer")).to_be_focused()
    assert sandbox.person("U01ANA").view is None


def test_an_updated_form_keeps_what_was_typed_and_the_cursor(form: Locator, sandbox: Sandbox) -> None:
    form.get_by_label("Note").fill("waits for Paym")
    view = sandbox.person("U01ANA").view
    assert view is not None
    note = {"type": "context", "block_id": "f-new", "elements": [gallery.mrkdwn("Payments has seen it")]}
    change_view(sandbox.site, view, gallery.MODAL | {"blocks": [note, *gallery.FORM]})
    sandbox.workspace.touch("view")
    expect(form.get_by_text("Payments has seen it")).to_be_visible()
    expect(form.get_by_label("Note")).to_be_focused()
    form.page.keyboard.type("ents")
    expect(form.get_by_label("Note")).to_have_value("waits for Payments")


def test_a_form_above_another_goes_back_to_it_as_it_was(form: Locator, sandbox: Sandbox) -> None:
    form.get_by_label("Value").fill("30 days")
    w = sandbox.workspace
    with w.lock:
        above = {"type": "modal", "title": gallery.plain("Which unit?"), "blocks": gallery.FORM[:1]}
        top = make_view(sandbox.site, "U01ANA", above, "modal")
        w.stacks["U01ANA"].append(top)
        w.touch("view")
    second = form.page.get_by_role("dialog", name="Which unit?")
    expect(second).to_be_visible()
    second.get_by_role("button", name="Back").click()
    expect(form.get_by_label("Value")).to_have_value("30 days")


def test_a_dangerous_button_asks_first(app: None, look: Looks, post: Post) -> None:
    post("D01ANA", "Check-in 4", gallery.PROMPT)
    page = look("U01ANA/D01ANA")
    page.get_by_role("button", name="Undo").click()
    ask = page.get_by_role("dialog", name="Undo this update?")
    expect(ask.get_by_text("goes back to 41 days")).to_be_visible()
    ask.get_by_role("button", name="Keep").click()
    expect(ask).to_be_hidden()
    expect(page.get_by_text("Undone.")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    ask.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.")).to_be_visible()


def test_a_message_changes_in_place_when_the_app_updates_it(app: None, look: Looks, post: Post) -> None:
    post("D01ANA", "Check-in 4", gallery.PROMPT)
    page = look("U01ANA/D01ANA")
    page.get_by_role("button", name="No change").click()
    expect(page.get_by_text("Nothing changed.")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(1)


def test_a_menu_opens_and_closes_by_keyboard(app: None, look: Looks, post: Post) -> None:
    post("D01ANA", "Check-in 4", gallery.PROMPT)
    page = look("U01ANA/D01ANA")
    opener = page.get_by_role("button", name="More actions")
    opener.press("Enter")
    expect(page.get_by_role("menuitem", name="In two hours")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Tomorrow morning")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_app_s_shortcuts_stand_beside_the_composer_and_at_each_message(app: None, look: Looks, post: Post) -> None:
    post("D01ANA", "We wait for Payments")
    page = look("U01ANA/D01ANA")
    page.get_by_role("button", name="Shortcuts").last.click()
    page.get_by_role("menuitem", name="Update a key result").click()
    form = page.get_by_role("dialog", name="Update KR-1")
    expect(form).to_be_visible()
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    message = page.get_by_role("article")
    message.hover()
    message.get_by_role("button", name="Shortcuts").click()
    page.get_by_role("menuitem", name="Make it a blocker").click()
    expect(form).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_home_is_published_when_it_is_opened(app: None, look: Looks, size: tuple[int, int]) -> None:
    page = look("U01ANA/D01ANA", size=size)
    page.get_by_role("tab", name="Home").click()
    home = page.get_by_role("tabpanel", name="Home")
    expect(home.get_by_role("heading", name="What you owe")).to_be_visible()
    home.get_by_role("button", name="Update").click()
    expect(page.get_by_role("dialog", name="Update KR-1")).to_be_visible()


def test_next_event_jumps_the_clock_and_says_what_happened(look: Looks, sandbox: Sandbox) -> None:
    page = look("U01ANA/C01PORTFOLIO")
    expect(page.get_by_text("Mon 16 Nov 2026, 09:00")).to_be_visible()
    page.get_by_role("button", name="Next event").click()
    expect(page.get_by_text("Mon 23 Nov 2026, 09:00")).to_be_visible()
    expect(page.get_by_text("check-in 5 opens")).to_be_visible()


def test_trouble_is_ordered_and_cleared_in_the_faults_menu(look: Looks, sandbox: Sandbox) -> None:
    page = look("U01ANA/C01PORTFOLIO")
    page.get_by_role("button", name="Faults").click()
    faults = page.get_by_role("group", name="Faults")
    faults.get_by_role("button", name="Drop 5 %").click()
    faults.get_by_label("Deliver each event twice").check()
    expect(faults.get_by_text("drop response: 5 %")).to_be_visible()
    assert sandbox.faults.redeliver
    faults.get_by_role("button", name="No trouble").click()
    expect(faults.get_by_text("drop response: 5 %")).to_be_hidden()
    assert not sandbox.faults.redeliver


def test_an_open_form_is_in_front_of_its_person_only(form: Locator, look: Looks) -> None:
    form.get_by_label("Value").fill("30 days")
    other = look("U03BO/C01PORTFOLIO")
    expect(other.get_by_role("textbox", name="Message #suite-okrs")).to_be_visible()
    expect(other.get_by_role("dialog")).to_have_count(0)
