"""iCalendar files: lines, folding and escaping, held to RFC 5545 by a strict little reader."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.ics import Event, calendar
from tests.rituals.ics_parser import Component, parse

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
AT = datetime(2026, 11, 16, 9, tzinfo=ZoneInfo("Europe/Berlin"))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def written(title: str = "T", text: str = "", uid: str = "a@b", name: str = "N") -> str:
    return calendar(name, [Event(uid, AT, AT + timedelta(minutes=30), title, text)], stamp=NOW)


def event(title: str = "T", text: str = "") -> Component:
    return parse(written(title, text)).inner[0]


def test_an_event_has_its_instants_in_utc() -> None:
    found = event()
    assert (found.values["DTSTART"], found.values["DTEND"]) == ("20261116T080000Z", "20261116T083000Z")
    assert found.values["DTSTAMP"] == "20261120T090000Z"


def test_nobody_is_shown_as_busy() -> None:
    assert event().values["TRANSP"] == "TRANSPARENT"


@pytest.mark.parametrize("text", ["a, b; c", "back\\slash", "two\nlines", "\\n", 'quotes "and": colons', "–é🙂"])
def test_a_text_is_read_back_letter_for_letter(text: str) -> None:
    found = event(text, text)
    assert (found.text("SUMMARY"), found.text("DESCRIPTION")) == (text, text)


def test_control_characters_are_left_out() -> None:
    assert event("a\x07b\x00c\r\nd\re").text("SUMMARY") == "abc\nd\ne"


def test_a_long_line_is_folded_and_no_character_is_cut() -> None:
    title = "Übergröße 🙂 " * 40
    assert event(title).text("SUMMARY") == title
    assert max(len(line.encode()) for line in written(title).split("\r\n")) == 75


@pytest.mark.parametrize("length", range(60, 80))
def test_lines_around_the_limit_are_whole(length: int) -> None:
    assert event("x" * length).text("SUMMARY") == "x" * length


@given(TEXTS, TEXTS.filter(bool))
def test_any_text_makes_a_valid_file(title: str, text: str) -> None:
    found = parse(written(title, text, uid=f"x{text}", name=title))
    clean = "".join(
        c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c in "\n\t" or (c >= " " and c != "\x7f")
    )
    assert found.inner[0].values.get("DESCRIPTION") is not None
    assert found.inner[0].text("DESCRIPTION") == clean
