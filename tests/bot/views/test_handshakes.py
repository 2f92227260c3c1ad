"""The handshake about a blocker as both sides read it, and its forms."""

from collections.abc import Callable
from datetime import date

import pytest

from bot.views.blocks import Message
from bot.views.handshakes import ask, asked, counter_form, decline_form, told, unit_form
from rituals.notices import HandshakeTold
from rituals.okrs.handshakes import Asked
from sandbox.blocks import check_message, check_view
from tests.bot.views.reading import plain
from tests.bot.views.samples import COUNTERED, EVIL, HANDSHAKE


def test_the_question_has_the_answer_that_is_wished_for_first() -> None:
    assert plain(ask(HANDSHAKE).blocks) == (
        "CRM waits for Payments: B-12 billing API is not there yet\n"
        "Can Payments take it out of the way by 12 Dec? Bo Lind asks, it holds up KR-1.\n"
        "[ Yes, by 12 Dec ] [ Another day ] [ No ]"
    )


def test_without_a_day_the_first_answer_asks_for_one() -> None:
    assert "[ Yes, by … ] [ No ]" in plain(ask(HANDSHAKE.model_copy(update={"asked_for": None})).blocks)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("accepted", "Payments (Mia Stone) will have it out of the way by 19 Dec.\n[ Another day ] [ No ]"),
        ("countered", "Payments (Mia Stone) offers 19 Dec instead of 12 Dec.\n[ Another day ] [ No ]"),
        ("disputed", "offered 19 Dec instead of 12 Dec; CRM says that is too late. Who leads both settles it.\n"),
        ("declined", "Payments (Mia Stone) cannot do it"),
    ],
)
def test_after_an_answer_the_question_says_what_stands_and_how_to_change_it(state: str, said: str) -> None:
    assert said in plain(ask(HANDSHAKE.model_copy(update={"state": state})).blocks)


def test_another_day_waits_for_the_word_of_who_asked() -> None:
    assert plain(told(COUNTERED).blocks) == (
        "B-12 billing API is not there yet\n"
        "Payments (Mia Stone) offers 19 Dec instead of 12 Dec.\n"
        "> two people are ill\n"
        "[ Agree to 19 Dec ] [ Not enough ]"
    )


@pytest.mark.parametrize("view", [ask, told])
def test_once_it_is_out_of_the_way_there_is_nothing_to_press(view: Callable[[HandshakeTold], Message]) -> None:
    closed = HandshakeTold(**(COUNTERED.model_dump() | {"closed": True, "note": ""}))
    assert plain(view(closed).blocks).endswith("B-12 is out of the way.")


def test_who_asks_reads_whom_it_reaches() -> None:
    shown = asked(Asked(12, "Payments", ("Omar", "Inês"), anew=True))
    assert shown.text == "Payments (Omar, Inês) was asked about B-12. You will read the answer here."


@pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())
def test_forms_and_words_hold_slacks_limits(text: str) -> None:
    units = [(f"unit-{n}", text) for n in range(150)]
    for form in (counter_form(5, text), decline_form(5, text), unit_form(12, units)):
        assert check_view(form, "modal") == []
    assert check_message(asked(Asked(12, text, (text,) * 9, anew=False)).blocks) == []


def test_a_day_is_written_as_people_write_it() -> None:
    assert "by 1 Jan" in ask(HANDSHAKE.model_copy(update={"asked_for": date(2027, 1, 1)})).text


def test_of_many_units_the_form_says_that_it_offers_the_nearest() -> None:
    few, many = (unit_form(12, [(f"u{n}", f"Unit {n}") for n in range(count)])["blocks"][0] for count in (100, 101))
    assert "hint" not in few
    assert many["hint"]["text"].split() == ["The", "nearest", "100", "of", "101", "units"]
    assert len(many["element"]["options"]) == 100
