"""`/okr nudge` as it reads: who is missing, one button, and what became of it."""

from datetime import UTC, datetime

import pytest

from bot.views import ids
from bot.views.nudges import done, page
from rituals.checkins.nudge_page import NotNudged, NudgeDone, NudgePage, Waiting, WaitingRound, Why
from sandbox.blocks import check_message
from tests.bot.views.reading import buttons, plain
from tests.bot.views.samples import EVIL, blown_up

AT = datetime(2026, 11, 18, 7, tzinfo=UTC)
ROUND = WaitingRound(
    number=4, unit="Product suite", due_at=AT, missing=(Waiting(name="Bo Lind", units=("CRM",), nudged_at=AT),)
)
PAGE = NudgePage(rounds=(ROUND,), can_nudge=1)
DONE = NudgeDone(
    query="all", sent=("Bo Lind",), later=(("Kim Oda", AT),), quiet=(("Zoe Blum", AT),),
    not_sent=(NotNudged(name="Lee Park", why="limit", at=AT),),
)  # fmt: skip


def test_the_list_names_each_with_units_and_last_reminder_and_has_one_button() -> None:
    assert plain(page(PAGE).blocks).startswith(
        "Check-in 4 · Product suite · until Wed 18 Nov 07:00 UTC\n"
        "– Bo Lind (CRM): reminded Wed 18 Nov 07:00 UTC\n"
        "[ Nudge 1 ]\n"
    )
    assert buttons(page(PAGE).blocks) == {ids.NUDGE_SEND: ids.pack(query="all")}


def test_where_all_have_answered_there_is_nothing_to_press() -> None:
    shown = page(NudgePage(rounds=(ROUND.model_copy(update={"missing": ()}),)))
    assert plain(shown.blocks) == "Check-in 4 · Product suite · until Wed 18 Nov 07:00 UTC\nEverybody has answered."
    assert page(NudgePage(rounds=())).text == "No answer is missing."


def test_what_became_of_it_says_each_name_once_and_offers_the_morning() -> None:
    said = plain(done(DONE).blocks)
    assert said == (
        "Nudged Bo Lind. They see that it comes from you.\n"
        "Kim Oda gets it Wed 18 Nov 07:00 UTC, at the end of their quiet hours.\n"
        "Lee Park has got all nudges of this week; the next can go Wed 18 Nov 07:00 UTC. Speak with them.\n"
        "Zoe Blum has quiet hours now; it can go Wed 18 Nov 07:00 UTC, at the end of their quiet hours.\n"
        "[ Send it then ]"
    )
    assert buttons(done(DONE).blocks) == {ids.NUDGE_LATER: ids.pack(query="all")}


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("yourself", "That is you: /okr checkin opens your answer"),
        ("unknown", "Bo is not found in Slack"),
        ("away", "Bo is away until Wed 18 Nov and nobody answers for them."),
        ("answered", "Bo has answered already, Wed 18 Nov 07:00 UTC."),
        ("by_hand", "Bo was nudged Wed 18 Nov 07:00 UTC; one by hand a day is the limit."),
        ("limit", "Bo has got all nudges of this week"),
        ("snoozed", "Bo has put it off until Wed 18 Nov; it comes back to them by itself."),
    ],
)
def test_each_reason_is_said_with_what_is_possible(why: Why, words: str) -> None:
    shown = done(NudgeDone(query="@bo", not_sent=(NotNudged(name="Bo", why=why, at=AT),)))
    assert words in plain(shown.blocks).replace("`", "")


@pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())
def test_whatever_the_names_slack_takes_it(text: str) -> None:
    for shown in (page(blown_up(PAGE, text)), done(blown_up(DONE, text).model_copy(update={"query": "all"}))):
        assert check_message(shown.blocks) == []
