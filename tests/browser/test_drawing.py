"""What the sandbox's page makes of Block Kit and of Slack's texts, in a real browser, wide and on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from sandbox.records import Message
from tests.browser import gallery
from tests.browser.conftest import PHONE, WIDE, Looks

Post = Callable[..., Message]
OUTER = """async (text) => {
  const { mrkdwn } = await import('/mrkdwn.js');
  const box = document.createElement('div');
  box.append(mrkdwn(text));
  return box.innerHTML;
}"""
MARKDOWN = OUTER.replace("{ mrkdwn }", "{ markdown: mrkdwn }").replace("/mrkdwn.js", "/markdown.js")


@pytest.fixture(params=[WIDE, PHONE], ids=["wide", "phone"])
def page(request: pytest.FixtureRequest, look: Looks, post: Post) -> Page:
    post("D01ANA", "Check-in 4", gallery.PROMPT)
    post("D01ANA", "Digest", gallery.DIGEST)
    post("D01ANA", "Others", gallery.OTHERS)
    shown = look("U01ANA/D01ANA", size=request.param)
    expect(shown.get_by_role("article")).to_have_count(3)
    return shown


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = """[...document.querySelectorAll('.message-main, .messages, .block')]
        .filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.className)"""
    assert page.evaluate(wide) == []


def test_every_control_has_a_name(page: Page) -> None:
    for role in ("button", "textbox", "combobox", "link", "tab", "region", "img"):
        for control in page.get_by_role(role).all():
            expect(control).to_have_accessible_name(re.compile(r"\S"))


def test_a_table_has_headers_and_scrolls_by_itself(page: Page) -> None:
    table = page.get_by_role("region", name="Table: Key result").get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_text(gallery.HEAD)
    expect(table.get_by_role("row").nth(1).get_by_role("cell").first.locator("strong")).to_have_text(gallery.ROWS[0][0])
    expect(table.get_by_role("cell", name="41 days")).to_have_class("right ")


def test_a_data_table_pages_and_sorts(page: Page) -> None:
    table = page.get_by_role("table", name="Shared key results", exact=True)
    expect(table.get_by_role("row")).to_have_count(6)
    page.get_by_role("button", name="Next", exact=True).click()
    expect(table.get_by_role("rowheader")).to_have_text([gallery.ROWS[5][0]])
    page.get_by_role("button", name="Now").click()
    expect(table.get_by_role("columnheader", name="Now")).to_have_attribute("aria-sort", "ascending")
    expect(table.get_by_role("row").nth(1)).to_contain_text("KR-11")


def test_a_line_chart_tells_its_series_apart_without_colour(page: Page) -> None:
    chart = page.get_by_role("figure").filter(has_text="Shared against unit progress")
    expect(chart.get_by_role("img", name="line chart: Shared against unit progress, Q4")).to_be_visible()
    dashes = chart.locator(".chart-plot .line").evaluate_all(
        "lines => lines.map(l => l.getAttribute('stroke-dasharray'))"
    )
    assert len(set(dashes)) == 3
    expect(chart.get_by_role("listitem")).to_have_text(["Expected", "Shared key results", "Unit key results"])
    expect(chart.get_by_role("row", name="16 Nov 46 22 49", include_hidden=True)).to_have_count(1)


def test_a_bar_chart_draws_a_bar_for_each_value_and_none_for_zero(page: Page) -> None:
    chart = page.get_by_role("figure").filter(has_text="Key results by line")
    expect(chart.locator(".chart-plot rect.bar")).to_have_count(9)
    tall = chart.locator(".chart-plot rect.bar.c0").evaluate_all(
        "bars => bars.map(b => Number(b.getAttribute('height')))"
    )
    assert [round(h / tall[2]) for h in tall] == [2, 2, 1, 2]
    assert tall[3] / tall[2] == pytest.approx(2.5)


def test_images_from_elsewhere_are_described_not_fetched(page: Page) -> None:
    expect(page.get_by_role("img", name="Progress of KR-1")).to_be_visible()
    assert page.locator(".messages img").count() == 0


def test_a_block_it_does_not_know_is_shown_as_such(page: Page) -> None:
    expect(page.get_by_text("cannot show a “hologram” block")).to_be_visible()


def test_a_container_folds(page: Page) -> None:
    inside = page.get_by_text("Inside the container")
    expect(inside).to_be_visible()
    page.get_by_text("Details", exact=True).click()
    expect(inside).to_be_hidden()


MRKDWN = {
    "*bold* _it_ ~gone~ `a*b*c`": "<strong>bold</strong> <em>it</em> <s>gone</s> <code>a*b*c</code>",
    "*_both_*": "<strong><em>both</em></strong>",
    "2*3*4 snake_case_name a * b *": "2*3*4 snake_case_name a * b *",
    "R&amp;D &lt;b&gt;": "R&amp;D &lt;b&gt;",
    "<b>raw</b>": "&lt;b&gt;raw&lt;/b&gt;",
    "<@U03BO|bo>, <!here>": '<span class="mention">@Bo Lindqvist</span>, <span class="mention">@here</span>',
    "<#C09|gone>": '<span class="mention">#gone</span>',
    "&gt; a\n&gt; b\nc": "<blockquote>a<br>b</blockquote>c",
    "a\nb\n\nc": "a<br>b<br><br>c",
    "```x *y*\nz```after": "<pre>x *y*\nz</pre>after",
    "<https://a.example/x?y=1&amp;z=2|the *page*>": (
        '<a href="https://a.example/x?y=1&amp;z=2" target="_blank" rel="noopener noreferrer">the *page*</a>'
    ),
    "at https://a.example/b.": (
        'at <a href="https://a.example/b" target="_blank" rel="noopener noreferrer">https://a.example/b</a>.'
    ),
    "<javascript:alert(1)|x>": "&lt;javascript:alert(1)|x&gt;",
    "<!date^1794934800^{nonsense}|Wed 18:00>": (
        '<time datetime="2026-11-17T17:00:00.000Z" title="Tuesday 17 November 2026, 18:00">Wed 18:00</time>'
    ),
}


def test_mrkdwn_is_drawn_as_slack_does(look: Looks) -> None:
    page = look("U01ANA/C01PORTFOLIO")
    expect(page.get_by_role("heading", name="#suite-okrs")).to_be_visible()
    assert {text: page.evaluate(OUTER, text) for text in MRKDWN} == MRKDWN


def test_markdown_keeps_html_as_text_and_nests_lists(look: Looks) -> None:
    page = look("U01ANA/C01PORTFOLIO")
    html = page.evaluate(MARKDOWN, "1. one\n   - **in**\n2. two\n\n<img src=x>")
    assert "<ol><li>one<ul><li><strong>in</strong></li></ul></li><li>two</li></ol>" in html
    assert "<p>&lt;img src=x&gt;</p>" in html
