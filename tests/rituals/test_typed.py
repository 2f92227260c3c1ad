"""Slack's text made plain, names found in it, and values weighed; always with their place in the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.okrs.mentions import mentions
from rituals.okrs.plausible import implausible
from rituals.okrs.typed import lowered, typed, without_quotes
from tests.rituals.reading_samples import KRS, D


@pytest.mark.parametrize(
    ("text", "shown", "plain"),
    [
        ("R&amp;D &lt;b&gt;", "R&D <b>", "R&D <b>"),
        ("<https://a.b/c|the board> 3", "the board 3", "          3"),
        ("<https://a.b/c> 3", "  3", "  3"),
        ("https://a.b/30. Next", " . Next", " . Next"),
        ("<@U1|bo> 3", "<@U1|bo> 3", "         3"),
        ("<#C1|crm> 3", "#crm 3", "#crm 3"),
        ("<!channel> 3", "@channel 3", "         3"),
        ("<tel:1250|1250> x", "1250 x", "1250 x"),
        (":tada: 7:30", ":tada: 7:30", "       7:30"),
        ("~41~ 30", "~41~ 30", "     30"),
        ("~41 or ~42", "~41 or ~42", "~41 or ~42"),
        ("*b* `c` _i_ a_b", " b   c   i  a_b", " b   c   i  a_b"),
        ("“x” − ٣", "“x” − ٣", '"x" - 3'),
    ],
)
def test_markup_is_blank_and_words_stay(text: str, shown: str, plain: str) -> None:
    reply = typed(text)
    assert (reply.shown, reply.plain) == (shown, plain)


def test_a_place_in_the_plain_text_is_a_place_in_the_original() -> None:
    text = "R&amp;D <https://a.b|x> KR-1 30"
    reply = typed(text)
    start = reply.plain.index("KR-1")
    assert text[slice(*reply.span(start, start + 4))] == "KR-1"
    assert reply.link_in(0, start) == "https://a.b"
    assert reply.link_in(start, len(reply.plain)) == ""


def test_quoted_lines_are_not_read() -> None:
    assert without_quotes(typed("&gt; KR-1 41\nKR-1 30 &gt; 3")).split("\n")[1] == "KR-1 30 > 3"
    assert not without_quotes(typed("&gt; KR-1 41")).strip()


@given(st.text(alphabet=st.sampled_from("<>&amp;|@#:~*_`ß İa1 \n\u00a0"), max_size=60))
def test_every_form_of_a_text_has_its_places(text: str) -> None:
    reply = typed(text)
    assert len(reply.shown) == len(reply.plain) == len(reply.at) - 1 == len(lowered(reply.plain))
    assert list(reply.at) == sorted(reply.at)
    assert reply.at[-1] == len(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("KR-1 kr12 KR 7 kr_9", ["KR-1", "KR-12", "KR-7", "KR-9"]),
        ("KR-1,KR-7/KR-9", ["KR-1", "KR-7", "KR-9"]),
        ("KR-99 and KR-1x", [None, None]),
        ("kr 500 XKR-1", []),
        ("KR-1.5", [None]),
        ("KR-1's time to first report", ["KR-1", "KR-12"]),
        ("retime to first reports", []),
    ],
)
def test_names_are_found_by_key_and_whole_title_only(text: str, found: list[str | None]) -> None:
    assert [name.item and name.item.key for name in mentions(text, KRS)] == found


@pytest.mark.parametrize(
    ("key", "value", "far"),
    [
        ("KR-1", "20", False),
        ("KR-1", "-1", True),
        ("KR-1", "0", False),
        ("KR-1", "70", False),
        ("KR-1", "71", True),
        ("KR-7", "50", False),
        ("KR-7", "51", True),
        ("KR-15", "1", False),
        ("KR-15", "2", True),
        ("KR-21", "4", False),
        ("KR-21", "4.1", True),
        ("KR-22", "-40", False),
        ("KR-22", "-45", True),
    ],
)
def test_a_value_further_off_than_the_whole_course_is_implausible(key: str, value: str, far: bool) -> None:
    assert implausible(next(of for of in KRS if of.key == key), D(value)) is far
