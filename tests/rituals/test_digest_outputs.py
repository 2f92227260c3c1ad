"""The digest outside Slack: Markdown, a page for e-mail, a whole e-mail, and the courses that its pictures show."""

import email
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email import policy
from fractions import Fraction
from html.parser import HTMLParser

import pytest

from rituals.digests.courses import MOST_POINTS, Courses, courses
from rituals.digests.html import FALLING, html, inside
from rituals.digests.mail import mail
from rituals.digests.markdown import markdown
from rituals.digests.notice import digest_notice
from rituals.digests.plain import plain_text
from rituals.notices import Digest
from rituals.pictures.canvas import Picture
from tests.rituals.digest_samples import NOW, answer, behind, blocker, facts, key_result, known, was
from tests.rituals.test_digest_notice import FULL, NO_MODEL

NASTY = "<script>alert(1)</script> | `x` **b** [a](javascript:1) & \"q\" 'q' ]]> $e^x$"
PICTURE = Picture("shared-and-own", "Shared", 'Shared "33 %" & own', b"\x89PNG", 496)
VOID = {"meta", "br", "img"}


def nasty() -> Digest:
    """A digest in which every text that people write is as nasty as it gets."""
    notice = digest_notice(FULL, NO_MODEL)
    one = notice.falling[0]
    falling = one.model_copy(
        update={
            "line": one.line.model_copy(update={"title": NASTY, "owners": (NASTY,), "now": NASTY}),
            "words": NASTY,
            "why": (NASTY,),
            "permalink": "javascript:alert(1)",
        }
    )
    told = {"unit": NASTY, "headline": NASTY, "decisions": (NASTY,), "silent": (NASTY,), "moved": (NASTY,)}
    claims = tuple(claim.model_copy(update={"text": NASTY}) for claim in notice.blockers)
    return notice.model_copy(
        update={**told, "falling": (falling,), "blockers": claims, "cycle": NASTY, "not_answered": (NASTY,)}
    )


class Page(HTMLParser):
    """What a page is made of: its tags, balanced or not, its addresses, its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.alts: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "background"}]
        self.alts += [value or "" for name, value in attrs if name == "alt"]
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_has_every_section_and_all_tags_are_closed() -> None:
    page = Page(html(digest_notice(FULL, NO_MODEL)))
    assert page.open == []
    text = " ".join(" ".join(page.words).replace("\u00a0", " ").split())
    for part in (
        "Product suite · week of 9 Nov · 2026-Q4 is 47 % through",
        "One shared key result fell off track",
        "KR-1 Title of KR-1 ○ off track: 10 %, expected 47 % CRM, Analytics 37 points behind",
        "Decisions needed A-3 lower KR-7's target to 25 % (Mia Kern asks)",
        "Blockers (2 open) Payments holds up CRM and Analytics",
        "Silent Identity: KR-21 not updated for 31 days",
        "Worded by rules (no model).",
    ):
        assert part in text


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    page = Page(html(nasty(), [(PICTURE, inside(PICTURE))], aside="Pictures come with an extra."))
    assert page.tags.isdisjoint({"script", "style", "link", "iframe", "object", "form", "svg", "base"})
    assert all(address.startswith(("data:image/png;base64,", "https://")) for address in page.addresses)
    assert "".join(page.words).replace("\u00a0", " ").count(NASTY) == 15  # each as text, letter for letter


def test_a_picture_in_the_page_has_the_same_facts_in_words() -> None:
    page = Page(html(digest_notice(FULL, NO_MODEL), [(PICTURE, "cid:shared-and-own@digest.plumbline")]))
    assert [alt.replace("\u00a0", " ") for alt in page.alts] == [PICTURE.alt]
    assert "cid:shared-and-own@digest.plumbline" in page.addresses


def test_links_of_the_page_lead_to_the_answers() -> None:
    page = Page(html(digest_notice(FULL, NO_MODEL)))
    assert "https://acme.slack.com/archives/C1/p9" in page.addresses
    assert "https://acme.slack.com/archives/C1/p1" in page.addresses


def test_a_page_of_many_that_fall_behind_says_how_many_are_left_out() -> None:
    given = facts(*(behind(f"KR-{number}", 10) for number in range(1, FALLING + 13)))
    page = html(digest_notice(given, NO_MODEL))
    assert "and 12 more: /okr shared in Slack lists them all" in page
    assert len(page) < 100_000  # mail clients cut longer ones


def test_markdown_is_text_whatever_people_wrote() -> None:
    text = markdown(nasty())
    assert not re.search(r"(?<!\\)\]\(javascript", text)
    assert "<script" not in text.replace("\\<script", "")
    rows = [line for line in text.splitlines() if line.startswith("| ○")]
    assert len(rows) == 1
    assert rows[0].replace("\\|", "").count("|") == 6


def test_markdown_has_a_table_lists_links_and_pictures_beside_it() -> None:
    text = markdown(digest_notice(FULL, NO_MODEL), [(PICTURE, "week 46-shared-and-own.png")])
    assert "| ○ off track | [KR-1 Title of KR-1](https://acme.slack.com/archives/C1/p9) | 10 %, expected 47 % |" in text
    assert "## Silent\n\n- Identity: KR-21 not updated for 31 days" in text
    assert '![Shared "33 %" \\& own](<week 46-shared-and-own.png>)' in text


def test_a_mail_has_the_plain_text_the_page_and_its_pictures() -> None:
    notice = digest_notice(FULL, NO_MODEL)
    found = email.message_from_bytes(mail(notice, [PICTURE], at=NOW), policy=policy.default)
    assert found["Subject"] == "Product suite · week of 9 Nov · 2026-Q4 is 47 % through"
    assert found["Date"] == "Fri, 13 Nov 2026 14:00:00 +0000"
    assert (found["From"], found["To"]) == (None, None)
    assert [part.get_content_type() for part in found.walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    parts = {part.get_content_type(): part for part in found.walk()}
    plain, page, picture = parts["text/plain"], parts["text/html"], parts["image/png"]
    assert plain.get_content().replace("\r\n", "\n") == plain_text(notice)
    assert f"cid:{picture['Content-ID'].strip('<>')}" in page.get_content()
    assert picture.get_payload(decode=True) == PICTURE.png


def test_a_mail_takes_every_text_as_its_subject() -> None:
    found = email.message_from_bytes(mail(nasty(), at=NOW), policy=policy.default)
    assert NASTY in found["Subject"]
    broken = nasty().model_copy(update={"unit": "Two\nBcc: eve@example.com"})
    assert email.message_from_bytes(mail(broken, at=NOW))["Bcc"] is None


# Courses, recomputed by hand


def test_courses_are_means_of_what_was_reported_by_each_day() -> None:
    shared = [
        known(key_result("KR-1", (date(2026, 10, 20), 20))),
        known(key_result("KR-2", (date(2026, 11, 10), 60))),
    ]
    own = known(key_result("KR-3", (date(2026, 10, 10), 10), (date(2026, 11, 1), 30), owners=("crm",)))
    found = courses(facts(*shared, own), [(date(2026, 11, 2), 0.5)])
    assert found.days == tuple(NOW.date() - timedelta(weeks=n) for n in range(6, -1, -1))
    assert found.shared == (None, None, None, 0.2, 0.2, 0.2, 0.4)
    assert found.own == (None, None, 0.1, 0.1, 0.1, 0.3, 0.3)
    assert found.expected[0] == pytest.approx(1 / 91, abs=1e-4)
    assert found.expected[-1] == pytest.approx(43 / 91, abs=1e-4)
    assert found.rates == ((date(2026, 11, 2), 0.5),)


def test_the_digest_itself_has_the_course_of_its_pictures() -> None:
    given = facts(known(key_result("KR-1", (date(2026, 10, 19), 20), (date(2026, 11, 9), 40))))
    found = courses(given)
    course = digest_notice(given, NO_MODEL).course
    assert [row[0] for row in course] == list(found.days)
    assert course[-1] == (date(2026, 11, 13), found.shared[-1], None, found.expected[-1])
    assert found.shared[-1] == 0.4


def test_todays_connection_rate_takes_the_place_of_one_kept_today() -> None:
    found = courses(facts(connection=Fraction(5, 6)), [(date(2026, 11, 13), 0.1), (date(2026, 11, 9), 0.75)])
    assert found.rates == ((date(2026, 11, 9), 0.75), (date(2026, 11, 13), 0.8333))


def test_a_long_cycle_has_no_more_points_than_a_picture_takes() -> None:
    late = datetime(2026, 12, 31, 14, tzinfo=UTC)
    kr = key_result("KR-1", (date(2026, 10, 20), 20))
    assert len(courses(facts(known(kr), now=late)).days) == MOST_POINTS
    assert courses(facts()) == Courses(days=(date(2026, 11, 13),), shared=(None,), own=(None,), expected=(None,))


def test_plain_text_steers_no_terminal() -> None:
    notice = digest_notice(FULL, NO_MODEL).model_copy(update={"headline": "a\x1b[2Jb\x07c\u202ed\r\ne क्\u200dष"})
    text = plain_text(notice)
    assert "\na [2Jb c d e क्\u200dष\n" in text
    assert not set(text) & {"\x1b", "\x07", "\u202e", "\r"}


@pytest.mark.parametrize("write", [html, markdown, plain_text])
def test_each_audience_reads_of_what_is_its_own(write: Callable[[Digest], str]) -> None:
    notice = digest_notice(facts(), NO_MODEL)
    assert "None of the shared key results." in write(notice)
    assert "None of its key results." in write(notice.model_copy(update={"audience": "unit"}))
    assert "for its product lines" in write(notice.model_copy(update={"audience": "portfolio"}))
    assert "for its product lines" not in write(notice)


@pytest.mark.parametrize(
    ("net", "said"), [(0.71, "+71 points on 9 Nov"), (-0.05, "−5 points on 9 Nov"), (0.0, "0 points on 9 Nov")]
)
def test_the_net_confidence_says_of_which_day_it_is(net: float, said: str) -> None:
    shown = digest_notice(FULL, NO_MODEL).model_copy(
        update={"connection_rate": 0.8, "net": net, "lag_on": date(2026, 11, 9)}
    )
    assert f"net confidence: {said}" in plain_text(shown)


def test_what_waits_and_what_was_said_stand_under_the_key_result_in_plain_text() -> None:
    given = facts(
        behind(before=was(12), words="Sync is stuck"), blockers=(blocker(9),), answers=(answer(1, "We wait"),)
    )
    text = plain_text(digest_notice(given, NO_MODEL))
    assert "    37 points behind (10 % of the way, expected 47 %) · CRM, Analytics\n    “Sync is stuck”\n" in text
    assert "#" not in text
