"""What a person is told of their absence: plain words, and valid blocks whatever names people have."""

from dataclasses import replace
from datetime import date

import pytest

from bot.views.absence import absence
from rituals.absence.service import Absence
from sandbox.blocks import check_message
from tests.bot.views.reading import mrkdwn, plain
from tests.bot.views.samples import EVIL

AWAY = Absence(
    first=date(2026, 11, 20),
    until=date(2026, 11, 27),
    delegate="Kim Oda",
    units=("CRM", "Search"),
    stands_in_for=("Bo Lind",),
)
OPEN_END = replace(AWAY, until=None, delegate=None, by_status=True, stands_in_for=())


@pytest.mark.parametrize("found", [AWAY, OPEN_END, Absence(), Absence(ended=True, units=("CRM",))])
def test_each_is_a_valid_message_with_a_sentence_as_fallback(found: Absence) -> None:
    shown = absence(found)
    assert check_message(shown.blocks) == []
    assert len(shown.text) > 20
    assert "\n" not in shown.text


@pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())
def test_names_of_any_kind_are_shown_and_ping_nobody(text: str) -> None:
    named = replace(AWAY, delegate=text, units=(text,) * 100, stands_in_for=(text,) * 100)
    shown = absence(named)
    assert check_message(shown.blocks) == []
    for said in [shown.text, *mrkdwn(shown.blocks)]:
        assert "<!channel" not in said
        assert "<@" not in said


def test_it_says_until_when_who_is_asked_and_what_can_be_done() -> None:
    assert plain(absence(AWAY).blocks) == (
        "You are away until Fri 27 Nov; from Mon 30 Nov on you are asked again.\n"
        "Kim Oda is asked instead for CRM, Search.\n"
        "You answer for Bo Lind meanwhile; tell them that you are away too.\n"
        "[ I am back ]\n"
        "`/okr away off` ends it. Until then you can still answer yourself."
    )
    assert plain(absence(Absence(ended=True)).blocks) == (
        "You are back: check-ins ask you again. `/okr checkin` opens what waits."
    )
    assert plain(absence(Absence()).blocks) == (
        "You are not away. `/okr away until 30 Nov delegate @kim` tells until when, and who is asked instead."
    )
