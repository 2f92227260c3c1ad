"""Writing and reading on the sandbox's page, in a real browser: conversations, threads, commands, people."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from sandbox.records import Message
from sandbox.server import Sandbox
from tests.browser import gallery
from tests.browser.conftest import PHONE, Looks

Post = Callable[..., Message]
NASTY = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script> & <b>bold</b>"


@pytest.mark.usefixtures("app")
def test_a_message_is_sent_with_enter_and_answered_in_its_thread(sandbox: Sandbox, look: Looks) -> None:
    page = look("U01ANA/C01PORTFOLIO")
    field = page.get_by_role("textbox", name="Message #suite-okrs")
    field.fill("KR-1 30 days")
    field.press("Shift+Enter")
    field.press_sequentially("7/10")
    field.press("Enter")
    expect(field).to_have_value("")
    page.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("region", name="Thread")
    expect(thread.get_by_text("You wrote: KR-1 30 days")).to_be_visible()
    reply = thread.get_by_role("textbox", name="Reply")
    expect(reply).to_be_focused()
    reply.fill("and no blockers, @Bo Lindqvist")
    reply.press("Enter")
    expect(thread.get_by_text("and no blockers")).to_be_visible()
    assert sandbox.messages("#suite-okrs")[0].text == "KR-1 30 days\n7/10"
    assert any("<@U03BO>" in m.text for m in sandbox.messages("#suite-okrs"))


@pytest.mark.usefixtures("app")
def test_a_command_is_answered_to_the_one_who_typed_it_only(look: Looks) -> None:
    page = look("U01ANA/C01PORTFOLIO")
    field = page.get_by_role("textbox", name="Message #suite-okrs")
    field.fill("/okr li")
    expect(page.get_by_text("update KR-12")).to_be_visible()
    field.fill("/okr list")
    field.press("Enter")
    answer = page.get_by_role("article").filter(has_text="You typed")
    expect(answer.get_by_text("Only visible to you")).to_be_visible()
    expect(answer.locator("strong")).to_have_text("You typed")
    page.get_by_label("You are").select_option("U03BO")
    expect(answer).to_have_count(0)


def test_what_cannot_be_sent_stays_in_the_field_with_a_reason(look: Looks) -> None:
    page = look("U03BO/C02LEADERS")
    field = page.get_by_role("textbox", name="Message #product-leadership")
    field.fill("am I in here")
    field.press("Enter")
    expect(page.get_by_role("status").filter(has_text="not in")).to_be_visible()
    expect(field).to_have_value("am I in here")


def test_a_command_without_an_app_says_so_quietly(look: Looks) -> None:
    page = look("U01ANA/C01PORTFOLIO")
    page.get_by_role("textbox", name="Message #suite-okrs").fill("/okr list")
    page.keyboard.press("Enter")
    expect(page.locator("#main .note")).to_contain_text("/okr")
    expect(page.get_by_text("No app is connected")).to_be_visible()


def test_nothing_a_person_writes_becomes_markup(sandbox: Sandbox, look: Looks, post: Post) -> None:
    page = look("U01ANA/C01PORTFOLIO")
    page.get_by_role("textbox", name="Message #suite-okrs").fill(NASTY)
    page.keyboard.press("Enter")
    expect(page.get_by_text(NASTY)).to_be_visible()
    raw = {"type": "section", "text": gallery.mrkdwn(f"{NASTY} <javascript:alert(1)|click>")}
    post(
        "C01PORTFOLIO",
        NASTY,
        [raw, {"type": "markdown", "text": NASTY}, {"type": "header", "text": gallery.plain(NASTY)}],
    )
    expect(page.get_by_text(NASTY)).to_have_count(4)
    assert page.locator(".messages img, .messages script, .messages b, a[href^=javascript]").count() == 0
    assert "owned" not in page.title()


def test_what_is_being_typed_survives_news_and_a_look_elsewhere(sandbox: Sandbox, look: Looks, post: Post) -> None:
    page = look("U01ANA/C01PORTFOLIO")
    field = page.get_by_role("textbox", name="Message #suite-okrs")
    field.fill("half a ght")
    for _ in "ght":
        field.press("ArrowLeft")
    post("C01PORTFOLIO", "News one")
    expect(page.get_by_text("News one")).to_be_visible()
    expect(field).to_be_focused()
    page.keyboard.type("thou")
    expect(field).to_have_value("half a thought")
    page.get_by_role("button", name="product-leadership").click()
    expect(page.get_by_role("textbox", name="Message #product-leadership")).to_have_value("")
    page.get_by_role("button", name="suite-okrs").click()
    expect(field).to_have_value("half a thought")


def test_one_s_own_message_can_be_edited_in_place(sandbox: Sandbox, look: Looks) -> None:
    sandbox.person("U01ANA").says("#suite-okrs", "KR-1 is at 14 days, ask @bo & co")
    page = look("U01ANA/C01PORTFOLIO")
    message = page.get_by_role("article").filter(has_text="KR-1 is at")
    message.hover()
    message.get_by_role("button", name="Edit").click()
    field = page.get_by_role("textbox", name="Edit message")
    expect(field).to_have_value("KR-1 is at 14 days, ask @Bo Lindqvist & co")
    field.fill("KR-1 is at 41 days, ask @Bo Lindqvist & co")
    field.press("Enter")
    expect(message.get_by_text("(edited)")).to_be_visible()
    assert sandbox.messages("#suite-okrs")[0].text == "KR-1 is at 41 days, ask <@U03BO> &amp; co"


def test_a_conversation_with_news_has_a_dot_until_it_is_opened(look: Looks, post: Post) -> None:
    page = look("U01ANA/C01PORTFOLIO")
    leaders = page.get_by_role("button", name="product-leadership")
    expect(leaders.get_by_text("new messages")).to_have_count(0)
    post("C02LEADERS", "The digest")
    expect(leaders.get_by_text("new messages")).to_have_count(1)
    leaders.click()
    expect(page.get_by_text("The digest")).to_be_visible()
    expect(leaders.get_by_text("new messages")).to_have_count(0)


def test_one_sees_for_whom_news_waits_before_one_becomes_them(look: Looks, post: Post, sandbox: Sandbox) -> None:
    page = look("U01ANA/C01PORTFOLIO")
    people = page.get_by_label("You are").get_by_role("option")
    expect(people).to_have_text(["Ana Ruiz (admin)", "Bo Lindqvist"])
    post("D03BO", "Check-in 4")
    expect(people).to_have_text(["Ana Ruiz (admin)", "Bo Lindqvist ● new"])


def test_a_message_taller_than_the_screen_is_shown_from_its_beginning(look: Looks, post: Post) -> None:
    page = look("U01ANA/C01PORTFOLIO")
    beginning = {"type": "header", "text": gallery.plain("The beginning")}
    rest = {"type": "section", "text": gallery.mrkdwn("line\n" * 80)}
    end = {"type": "header", "text": gallery.plain("The end")}
    post("C01PORTFOLIO", "long", [beginning, rest, end])
    expect(page.get_by_text("The beginning")).to_be_in_viewport()
    page.get_by_role("log", name="Messages").evaluate("list => list.scrollTo(0, list.scrollHeight)")
    expect(page.get_by_text("The end")).to_be_in_viewport(ratio=1)
    page.get_by_role("textbox", name="Message #suite-okrs").fill("/okr li\nst")
    expect(page.get_by_text("update KR-12")).to_be_visible()
    expect(page.get_by_text("The end")).to_be_in_viewport(ratio=1)
    post("C01PORTFOLIO", "A short one")
    expect(page.get_by_text("A short one")).to_be_in_viewport()


def test_each_reader_sees_dates_in_their_own_zone(look: Looks, post: Post) -> None:
    post("C01PORTFOLIO", "Due <!date^1794934800^{date_short_pretty} at {time}|then>, <!date^x^{time}|unknown>")
    page = look("U01ANA/C01PORTFOLIO")
    expect(page.get_by_text("Due tomorrow at 18:00, unknown")).to_be_visible()
    page.get_by_label("You are").select_option("U03BO")
    expect(page.get_by_text("Due 18 Nov 2026 at 02:00, unknown")).to_be_visible()


def test_a_permalink_opens_its_message_in_the_page(look: Looks, post: Post) -> None:
    parent = post("C02LEADERS", "The digest")
    reply = post("C02LEADERS", "Its details", thread=parent.ts)
    link = f"https://halden.slack.com/archives/C02LEADERS/p{reply.ts.replace('.', '')}"
    post("C01PORTFOLIO", f"See <{link}?thread_ts={parent.ts}&amp;cid=C02LEADERS|the details>")
    page = look("U01ANA/C01PORTFOLIO")
    page.get_by_role("link", name="the details").click()
    expect(page.get_by_role("region", name="Thread").get_by_text("Its details")).to_be_visible()


def test_on_a_phone_one_pane_is_shown_at_a_time(look: Looks, post: Post) -> None:
    parent = post("C01PORTFOLIO", "Check-in 4")
    post("C01PORTFOLIO", "Thanks", thread=parent.ts)
    page = look(size=PHONE)
    page.get_by_role("button", name="suite-okrs").click()
    expect(page.get_by_label("You are")).to_be_hidden()
    page.get_by_role("button", name="1 reply").click()
    expect(page.get_by_role("textbox", name="Message #suite-okrs")).to_be_hidden()
    expect(page.get_by_role("region", name="Thread").get_by_text("Thanks")).to_be_visible()
    page.get_by_role("button", name="Close thread").click()
    expect(page.get_by_role("textbox", name="Message #suite-okrs")).to_be_visible()
    page.get_by_role("button", name="Back to conversations").click()
    expect(page.get_by_label("You are")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
