"""The two lines of App Home that say how the portfolio stands."""

from datetime import date

import pytest

from bot.views import ids
from bot.views.alignment import FIGURES
from bot.views.digests import digest
from bot.views.standing import standing_section
from rituals.notices import HomeAlignment, RatedCycle
from sandbox.blocks import check_view
from tests.bot.views.reading import plain
from tests.bot.views.samples import DIGEST, EVIL, OWN_DIGEST

ONE = HomeAlignment(
    unit="Product suite", unit_key="suite", connection=0.79, connection_before=0.83, before_on=date(2026, 11, 9),
    thin=2, unlinked=1, lag=0.75, moving=0.57, net=0.71, kept_on=date(2026, 11, 9),
    rating=RatedCycle(cycle="2026-Q3", mean=3.8, before=4.1, votes=6, asked=7),
)  # fmt: skip


def lines(one: HomeAlignment) -> str:
    return plain([standing_section(one)])


def test_each_figure_has_its_change_and_what_it_should_be() -> None:
    assert lines(ONE).startswith(
        "Alignment · Product suite\n"
        "Connection rate 79 % (−4 since 9 Nov), healthy from 80 % · 2 objectives under two lines, 1 line without a "
        "link\n"
        "Shared against own pace: index 0.75, connected and moving 57 %, net confidence +71 points on "
        "9 Nov · rating 3.8 of 5 in 2026-Q3 (−0.3)"
    )


def test_each_figure_opens_what_it_is_made_of() -> None:
    menu = standing_section(ONE)["accessory"]
    assert menu["action_id"] == ids.ALIGN_OPEN
    assert [ids.unpack(o["value"]) for o in menu["options"]] == [{"figure": f, "unit": "suite"} for f in FIGURES]


def test_what_is_not_known_is_said_to_be_not_enough_data() -> None:
    bare = HomeAlignment(unit="Product suite", unit_key="suite", connection=None)
    assert lines(bare).startswith(
        "Alignment · Product suite\nConnection rate: not enough data\n"
        "Shared against own pace: not enough data · no rating yet"
    )
    no_lag = ONE.model_copy(update={"lag": None})
    assert "own pace: not enough data, connected and moving 57 %, net confidence +71 points on 9 Nov" in lines(no_lag)


@pytest.mark.parametrize(
    ("rating", "said"),
    [
        (RatedCycle(cycle="2026-Q3", mean=None, votes=3, asked=7, withheld=True), "withheld, 3 of 7 voted anonymously"),
        (RatedCycle(cycle="2026-Q3", mean=None, asked=7), "nobody voted in the rating of 2026-Q3"),
        (RatedCycle(cycle="2026-Q3", mean=4.04, before=4.0), "rating 4.0 of 5 in 2026-Q3 (unchanged)"),
    ],
)
def test_a_rating_says_why_it_has_no_mean(rating: RatedCycle, said: str) -> None:
    assert said in lines(ONE.model_copy(update={"rating": rating}))


@pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())
def test_nasty_names_break_nothing(text: str) -> None:
    one = ONE.model_copy(update={"unit": text, "unit_key": text, "rating": RatedCycle(cycle=text, mean=3.0)})
    assert check_view({"type": "home", "blocks": [standing_section(one)]}, "home") == []


def test_the_digest_says_it_in_one_line() -> None:
    low = {
        "connection_rate": 0.79,
        "lag": 0.75,
        "moving": 0.5,
        "net": -0.05,
        "lag_on": date(2026, 11, 9),
        "rating": ONE.rating,
    }
    assert (
        "Alignment  connection rate 79 % (+3), healthy from 80 % · shared against own pace: index 0.75, connected and "
        "moving 50 %, net confidence −5 points on 9 Nov · rating 3.8 of 5 in 2026-Q3 (−0.3)"
    ) in plain(digest(DIGEST.model_copy(update=low)).blocks)


def test_a_units_own_digest_has_the_connection_rate_alone() -> None:
    shown = plain(digest(OWN_DIGEST).blocks)
    assert "Alignment  connection rate 83 % (+3)\n" in shown
    assert "own pace" not in shown
