"""Text: what people type is safe and short, dates are everyone's own, numbers read as a person would say them."""

from datetime import UTC, date, datetime

import pytest

from bot.views import text
from tests.bot.views.samples import EVIL

AT = datetime(2026, 11, 4, 17, 0, tzinfo=UTC)


def test_markup_of_slack_is_shown_literally() -> None:
    assert text.escape("<!channel> R&D <@U1>") == "&lt;!channel&gt; R&amp;D &lt;@U1&gt;"


def test_a_long_title_is_shortened_at_a_word() -> None:
    assert text.inline("Average onboarding time across the suite", 25) == "Average onboarding time…"


def test_a_title_of_several_lines_becomes_one() -> None:
    assert text.inline("Cut\n\n the\ttime") == "Cut the time"


def test_right_to_left_titles_do_not_turn_the_numbers_beside_them_around() -> None:
    assert text.inline("زمن التهيئة") == "\u2068زمن التهيئة\u2069"


def test_control_characters_that_reverse_text_are_removed() -> None:
    assert text.inline("safe\u202egpj.exe\x07") == "safegpj.exe"


def test_a_quotation_keeps_lines_and_links_and_names_people_without_pinging() -> None:
    words = "1. pilot <https://a.example/x?a=1&b=2|report>\n\n2. ask <@U1|bo>, see https://b.example/y."
    assert text.quoted(words) == (
        "> 1. pilot <https://a.example/x?a=1&amp;b=2|report>\n"
        "> 2. ask @bo, see <https://b.example/y|https://b.example/y>."
    )


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("<!channel> look", "@channel look"),
        ("<!here|here>", "@here"),
        ("<#C1|general>", "#general"),
        ("<@U1>", "@U1"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("<https://x.example|<!channel>>", "&lt;<https://x.example|https://x.example>|@channel&gt;"),
    ],
)
def test_mentions_in_a_persons_words_are_plain_names(typed: str, seen: str) -> None:
    assert text.said(typed) == seen


def test_a_long_quotation_says_that_something_is_left_out() -> None:
    assert text.quoted("one line\n" * 30).endswith("\n> …")
    assert text.quoted("word " * 300, 50).endswith("…")


def test_an_empty_quotation_is_a_dash() -> None:
    assert text.quoted(" \n ") == "> –"


def test_only_web_addresses_become_links() -> None:
    assert text.link("javascript:alert(1)", "a|b") == "a/b"
    assert text.link(None, "B-9") == "B-9"
    assert text.link("https://a.example/?x=1&y=2", "B-9") == "<https://a.example/?x=1&amp;y=2|B-9>"


@pytest.mark.parametrize("words", EVIL.values(), ids=EVIL.keys())
def test_clipping_never_leaves_half_a_link_or_entity(words: str) -> None:
    whole = f"*Title* {text.said(words, 2000)} <https://a.example|label> {text.escape('&&&&&&')}"
    for limit in range(10, min(len(whole), 400)):
        cut = text.clip(whole, limit)
        assert len(cut) <= limit
        assert cut.count("<") == cut.count(">")
        assert not cut.rstrip("…").endswith(("&", "&a", "&am", "&amp", "&l", "&lt", "&g", "&gt"))


def test_short_text_is_not_clipped() -> None:
    assert text.clip("on track", 8) == "on track"


def test_an_instant_is_each_readers_own_time_with_utc_as_fallback() -> None:
    assert text.moment(AT) == "<!date^1793811600^{date_short_pretty} at {time}|Wed 4 Nov 17:00 UTC>"
    assert text.day_of(AT) == "<!date^1793811600^{date_short_pretty}|Wed 4 Nov>"


def test_a_local_date_is_the_same_day_for_everyone() -> None:
    assert text.day(date(2026, 12, 12)) == "12 Dec"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("41 days", "30 days", "41 → 30 days"),
        ("18 %", "21 %", "18 → 21 %"),
        ("1 day", "3 days", "1 day → 3 days"),
        ("$3M", "$4M", "$3M → $4M"),
        ("2 of 4", "3 of 4", "2 → 3 of 4"),
        (None, "30 days", "30 days"),
        ("41 days", None, "41 days"),
        (None, None, "no value"),
    ],
)
def test_a_change_says_its_unit_once(before: str | None, after: str | None, said: str) -> None:
    assert text.change(before, after) == said


@pytest.mark.parametrize(
    ("now", "expected", "said"),
    [
        ("41 days", "33 days", "33"),
        ("41 days", "33", "33"),
        ("18 %", "21 %", "21 %"),
        ("2.2 %", "at most 2 %", "at most 2 %"),
        ("not done", "done", "done"),
    ],
)
def test_an_expectation_leaves_out_the_unit_it_shares(now: str, expected: str, said: str) -> None:
    assert text.beside(now, expected) == said


@pytest.mark.parametrize(
    ("share", "said"), [(0.6, "60 %"), (0.495, "50 %"), (0.0049, "0 %"), (-0.2, "0 %"), (1.2, "120 %")]
)
def test_shares_are_whole_per_cent_halves_up_and_never_below_zero(share: float, said: str) -> None:
    assert text.percent(share) == said


def test_points_carry_their_sign() -> None:
    assert text.points(0.03) == "+3"
    assert text.points(-0.04) == "−4"


def test_counts_agree_with_their_nouns() -> None:
    assert text.count(1, "blocker") == "1 blocker"
    assert text.count(3, "blocker") == "3 blockers"
    assert text.spelled(3, "key result") == "three key results"
    assert text.spelled(13, "key result") == "13 key results"


def test_a_long_row_shows_what_matters_and_how_many_more() -> None:
    assert text.listed(["a", "b", "c"], 2) == "a, b, c"
    assert text.listed(["a", "b", "c", "d"], 2) == "a, b and 2 more"
    assert text.listed(["a"]) == "a"
    assert text.listed([]) == ""


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("22 %, expected 36 days", "22\u00a0%, expected 36\u00a0days"),
        ("3 of 10 until 12 Dec", "3\u00a0of\u00a010 until 12\u00a0Dec"),
        ("15 points behind", "15\u00a0points behind"),
        ("1 Maybe 2 daylight", "1 Maybe 2 daylight"),
    ],
)
def test_a_number_is_not_parted_from_its_unit_at_the_end_of_a_line(typed: str, shown: str) -> None:
    assert text.held(typed) == shown


def test_what_is_shown_as_code_can_be_copied_as_it_is() -> None:
    assert text.held("type `KR-1 30 days`, for 30 days") == "type `KR-1 30 days`, for 30\u00a0days"


def test_a_value_keeps_its_number_and_unit_together_whatever_the_unit_is() -> None:
    assert text.amount("2.6 managers") == "2.6\u00a0managers"
    assert text.amount("27 minutes a day") == "27\u00a0minutes a day"
    assert text.held(text.amount("3 of 10")) == "3\u00a0of\u00a010"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (40, "40 s"),
        (70, "1 min 10 s"),
        (180, "3 min"),
        (599, "9 min 59 s"),
        (600, "10 min"),
        (630, "11 min"),
        (0, "0 s"),
    ],
)
def test_a_duration_is_as_exact_as_people_say_it(seconds: int, words: str) -> None:
    assert text.duration(seconds) == words
