"""`/okr align`: figures with what they mean, the matrix as a table or in words, and what a figure is made of."""

from datetime import date

import pytest

from bot.views import ids
from bot.views.alignment import alignment_page, made
from bot.views.alignment_check import check_page, dismiss_form
from bot.views.alignment_map import map_page, sharing_page
from bot.views.blocks import Rung
from bot.views.conflicts import told
from rituals.alignment.page import (
    AlignmentPage,
    AsideLine,
    CheckLine,
    CheckPage,
    InCommon,
    LineRow,
    Made,
    MapLine,
    MapPage,
    Rated,
    SharedPair,
    SharingPage,
    Standing,
    TopObjective,
    Warned,
)
from rituals.notices import ConflictSide
from sandbox.blocks import check_message, check_view
from tests.bot.views.reading import buttons, elements, mrkdwn, plain
from tests.bot.views.samples import CONFLICT, EVIL, blown_up

evil = pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())
PAGE = AlignmentPage(
    unit="Product suite",
    unit_key="suite",
    cycle="2026-Q4",
    objectives=15,
    linked=11,
    connection=0.7333,
    connected_and_moving=0.6,
    standing=Standing(since=date(2026, 10, 1), first=0.8, before_on=date(2026, 11, 9), before=0.7),
    shared_pace=0.65,
    own_pace=1.14,
    lag=0.5702,
    lags=True,
    net_confidence=0.7111,
    on_track=33,
    off_track=1,
    key_results=45,
    ratings=(
        Rated(cycle="2026-Q2", mean=3.4, spread=0.5, votes=7, asked=8),
        Rated(cycle="2026-Q3", mean=None, spread=None, votes=0, asked=8),
    ),
    warnings=(Warned(cycle="2026-Q3", precision=0.75, recall=None, warned=8, missed=4, hits=3, key_results=16),),
    columns=(TopObjective(key="O-1", title="Value in weeks"), TopObjective(key="O-2", title="First call to payment")),
    rows=(LineRow(name="Search", cells=("none", "none")), LineRow(name="CRM", cells=("moving", "stalled"))),
    gaps=("Search has no link to an objective of the portfolio",),
)
NOTHING = AlignmentPage(
    unit="CRM",
    unit_key="crm",
    cycle=None,
    objectives=0,
    linked=0,
    connection=None,
    connected_and_moving=None,
    standing=Standing(),
    shared_pace=None,
    own_pace=None,
    lag=None,
    lags=False,
    net_confidence=None,
    on_track=0,
    off_track=0,
    key_results=0,
)
MADE = Made(
    figure="connection",
    unit="Product suite",
    unit_key="suite",
    title="Connection rate",
    how="Linked ones, of all.",
    lines=("no link: O-6",),
)


TOP = MapLine(
    depth=0,
    key="O-1",
    title="Value in weeks",
    unit="Suite",
    cycle="Q4",
    status="at_risk",
    below="off_track",
    key_results=3,
)
UNDER = TOP.model_copy(update={"depth": 1, "key": "O-7", "unit": "CRM", "status": "off_track", "below": None})
BARE = UNDER.model_copy(update={"key": "O-8", "status": "no_data", "key_results": 0})
MAP = MapPage(unit="Product suite", cycles=("Q4",), lines=(TOP, UNDER, BARE))
SHARING = SharingPage(
    unit="Product suite",
    pairs=(
        SharedPair(
            one="CRM",
            other="Payments",
            key_results=(InCommon(key="KR-6", status="stale"), InCommon(key="KR-4", status="on_track")),
            behind=1,
        ),
    ),
    alone=("Desktop",),
)


ADVICE = CheckLine(
    name="outcome:ab12",
    rule="outcome",
    about=("KR-9",),
    missing='"Launch" names a deliverable and no measured effect',
    reason="It can be done and change nothing.",
    rewrite="Say what it changes.",
)
RIVALS = CheckLine(
    name="resource:cd34",
    rule="resource",
    about=("KR-9", "B-12"),
    missing='CRM: KR-9 "With the design team" and Search: B-12 "waiting for it" both count on one design team',
    reason="What is promised to two is kept to one.",
    rewrite="Agree who has it when, and say the weeks in both.",
    conflict=True,
)
ASIDE = AsideLine(
    rule="relevant", about=("O-6",), reason="CRM's margin is its own goal", by="Bo Lindqvist", on=date(2026, 11, 9)
)
CHECK = CheckPage(unit="Product suite", unit_key="suite", lines=(ADVICE,), aside=(ASIDE,))


def test_every_figure_stands_in_a_line_with_what_it_is_made_of() -> None:
    shown = plain(alignment_page(PAGE).blocks)
    assert "Connection rate  73 %, healthy from 80 %: 11 of 15 objectives linked, 60 % also move" in shown
    assert "; it was 80 % on 1 Oct, 70 % on 9 Nov" in shown
    assert "0.65 against 1.14 of linear, index 0.57. Under 0.80 in both windows: working together" in shown
    assert "Net confidence  +71 points: 33 of 45 on track, 1 off track" in shown
    low = PAGE.model_copy(update={"net_confidence": -0.05})
    assert "Net confidence  −5 points" in plain(alignment_page(low).blocks)
    even = PAGE.model_copy(update={"net_confidence": 0.0})
    assert "Net confidence  0 points" in plain(alignment_page(even).blocks)
    assert "Ratings  2026-Q3 no votes · 2026-Q2 3.4 of 5 (7 of 8)" in shown


def test_past_warnings_are_scored_with_their_counts() -> None:
    both = PAGE.warnings[0].model_copy(update={"recall": 0.6, "hits": 6, "missed": 10})
    shown = plain(alignment_page(PAGE.model_copy(update={"warnings": (both,)})).blocks)
    assert "Early warnings  2026-Q3: 6 of 8 came true, 6 of 10 misses were warned of; 16 shared key results" in shown
    assert "3 of 8 came true, misses: not enough data; 16 shared" in plain(alignment_page(PAGE).blocks)
    neither = both.model_copy(update={"precision": None})
    page = PAGE.model_copy(update={"warnings": (neither,)})
    assert "came true: not enough data, 6 of 10 misses" in plain(alignment_page(page).blocks)
    assert "Early warnings  none scored yet" in plain(alignment_page(NOTHING).blocks)


def test_where_too_little_is_known_it_says_so() -> None:
    shown = plain(alignment_page(NOTHING).blocks)
    assert shown.count("not enough data") == 4
    assert "None" not in shown


@pytest.mark.parametrize(
    ("cycles", "said"),
    [
        (0, "Beside the shared pace: not enough data, both are known of 0 of 4 cycles"),
        (3, "Beside the shared pace: not enough data, both are known of 3 of 4 cycles"),
        (4, "Beside the shared pace: one of the two was the same in all 4 cycles"),
    ],
)
def test_ratings_beside_the_pace_say_how_many_cycles_they_lack(cycles: int, said: str) -> None:
    shown = plain(alignment_page(PAGE.model_copy(update={"cycles_compared": cycles})).blocks)
    assert said in shown


def test_an_anonymous_rating_of_too_few_votes_is_said_to_be_withheld() -> None:
    few = Rated(cycle="2026-Q3", mean=None, spread=None, votes=3, asked=8, withheld=True)
    shown = plain(alignment_page(PAGE.model_copy(update={"ratings": (few,)})).blocks)
    assert "Ratings  2026-Q3 withheld (3 of 8, anonymous)" in shown


def test_four_rated_cycles_stand_beside_the_shared_pace() -> None:
    page = PAGE.model_copy(update={"rating_and_pace": 0.8, "cycles_compared": 4})
    assert "by +0.80 (rank correlation, 4 cycles)" in plain(alignment_page(page).blocks)


@pytest.mark.parametrize("rung", ["native", "text"])
def test_the_matrix_says_the_same_as_a_table_and_in_words(rung: Rung) -> None:
    shown = plain(alignment_page(PAGE, rung).blocks)
    for word in ("Search", "● moving", "○ stalled", "O-1", "O-2"):
        assert word in shown


def test_each_figure_can_be_opened() -> None:
    [menu] = [element for element in elements(alignment_page(PAGE).blocks) if "options" in element]
    chosen = [ids.unpack(option["value"]) for option in menu["options"]]
    assert [one["figure"] for one in chosen] == ["connection", "coverage", "pace", "confidence", "ratings", "warnings"]
    assert {one["unit"] for one in chosen} == {"suite"}


def test_what_a_figure_is_made_of_says_how_it_is_counted() -> None:
    assert plain(made(MADE).blocks) == "Connection rate · Product suite\nLinked ones, of all.\n• no link: O-6"
    assert "Nothing is in it yet." in plain(made(MADE.model_copy(update={"lines": ()})).blocks)


def test_long_lists_say_how_much_is_left_out() -> None:
    many = PAGE.model_copy(update={"rows": PAGE.rows * 50, "gaps": PAGE.gaps * 9})
    shown = plain(alignment_page(many).blocks)
    assert "and 70 more product lines" in shown
    assert "and 6 more" in shown
    sharing = SHARING.model_copy(update={"pairs": SHARING.pairs * 30})
    assert "and 10 more" in plain(sharing_page(sharing).blocks)


def test_more_lines_behind_a_figure_are_opened_by_a_button() -> None:
    many = MADE.model_copy(update={"lines": tuple(f"line {n}" for n in range(50))})
    assert "[ and 30 more ]" in plain(made(many).blocks)
    value = ids.unpack(buttons(made(many).blocks)[ids.ALIGN_MADE_MORE])
    assert value == {"figure": "connection", "unit": "suite", "start": 20}
    assert "line 20\n" in plain(made(many, 20).blocks)
    assert "[ and 10 more ]" in plain(made(many, 20).blocks)
    assert ids.ALIGN_MADE_MORE not in buttons(made(many, 40).blocks)


def test_the_map_shows_each_objective_under_what_it_moves_and_what_is_worse_below() -> None:
    assert plain(map_page(MAP).blocks) == (
        "Map · Product suite · Q4\n"
        "◐ at risk (below it: off track) O-1 Value in weeks · Suite\n"
        "\u2003↳ ○ off track O-7 Value in weeks · CRM\n"
        "\u2003↳ – O-8 Value in weeks · CRM, no key result\n"
        "[ As a picture ]"
    )


def test_matrix_and_map_are_drawn_at_a_click_or_say_how_they_could_be() -> None:
    for page, which in ((alignment_page(PAGE), "matrix"), (map_page(MAP), "map")):
        [clicked] = [e["value"] for e in elements(page.blocks) if e.get("action_id") == ids.ALIGN_PICTURE]
        assert ids.unpack(clicked)["which"] == which
    for without in (alignment_page(PAGE, pictures=False), map_page(MAP, pictures=False)):
        assert "comes with the extra `charts`" in plain(without.blocks)
        assert ids.ALIGN_PICTURE not in str(without.blocks)
    assert "As a picture" not in plain(alignment_page(NOTHING, pictures=False).blocks)


def test_of_several_cycles_at_once_the_map_says_which() -> None:
    assert "· Suite, Q4" in plain(map_page(MAP.model_copy(update={"cycles": ("2026", "Q4")})).blocks)


def test_an_empty_map_says_so() -> None:
    assert "no objective" in plain(map_page(MAP.model_copy(update={"lines": ()})).blocks)


def test_a_large_map_says_how_much_is_left_out_and_how_to_narrow_it() -> None:
    assert "and 60 more; narrow it" in plain(map_page(MAP.model_copy(update={"lines": (TOP,) * 100})).blocks)


def test_pairs_say_what_they_share_and_how_much_is_behind() -> None:
    assert plain(sharing_page(SHARING).blocks) == (
        "Sharing · Product suite  1 pair of units\n"
        "CRM and Payments  2 shared, 1 behind: ◌ KR-6, ● KR-4\n"
        "Sharing nothing: Desktop"
    )


def test_advice_says_what_is_missing_why_and_what_to_write() -> None:
    assert plain(check_page(CHECK).blocks) == (
        "Check · Product suite  1 piece of advice. 1 put aside.\n"
        'Output, not outcome  KR-9: "Launch" names a deliverable and no measured effect\n'
        "It can be done and change nothing. Say what it changes. [ Put aside ]\n"
        "Put aside\nO-6, moves nothing above: “CRM's margin is its own goal” Bo Lindqvist, 9 Nov\n"
        "Advice, never a block. What is fine as it is can be put aside with a reason, for good."
    )


def test_long_advice_is_paged() -> None:
    many = CHECK.model_copy(update={"lines": tuple(ADVICE.model_copy(update={"name": f"a:{n}"}) for n in range(20))})
    assert ids.unpack(buttons(check_page(many).blocks)[ids.ALIGN_CHECK_MORE]) == {"unit": "suite", "start": 8}
    assert "[ and 4 more ]" in plain(check_page(many, 8).blocks)
    assert ids.ALIGN_CHECK_MORE not in buttons(check_page(many, 16).blocks)
    assert "its own goal" not in plain(check_page(many).blocks)
    assert "its own goal" in plain(check_page(many, 16).blocks)  # what was put aside comes last


def test_without_advice_it_says_so() -> None:
    assert check_page(CHECK.model_copy(update={"lines": ()})).text == "Product suite: nothing to advise. 1 put aside."


@evil
@pytest.mark.parametrize("rung", ["native", "text"])
def test_no_text_breaks_slacks_limits_or_speaks_for_slack(text: str, rung: Rung) -> None:
    page = blown_up(PAGE, text).model_copy(update={"unit_key": "u" * 200})
    page = page.model_copy(update={"rows": tuple(r.model_copy(update={"cells": ("moving",) * 100}) for r in page.rows)})
    pages = (
        alignment_page(page, rung),
        made(blown_up(MADE, text)),
        map_page(blown_up(MAP.model_copy(update={"lines": (UNDER,)}), text)),
    )
    checked = blown_up(CHECK, text).model_copy(update={"unit_key": "u" * 200, "lines": (blown_up(ADVICE, text),)})
    checked = checked.model_copy(update={"lines": (checked.lines[0].model_copy(update={"name": "outcome:ab12"}),)})
    checked = checked.model_copy(update={"aside": checked.aside * 12})
    assert check_view(dismiss_form("u" * 100, "outcome:ab12"), "modal") == []
    for message in (*pages, sharing_page(blown_up(SHARING, text)), check_page(checked)):
        assert check_message(message.blocks) == []
        assert not any(token in part for part in mrkdwn(message.blocks) for token in ("<!channel>", "<!here>", "<@U"))


def test_a_conflict_can_be_confirmed_or_put_aside_and_says_who_confirmed_it() -> None:
    page = CHECK.model_copy(update={"lines": (RIVALS, ADVICE)})
    held = buttons(check_page(page).blocks)
    assert ids.unpack(held[ids.of(ids.ALIGN_CONFIRM, RIVALS.name)]) == {"unit": "suite", "name": RIVALS.name}
    assert ids.of(ids.ALIGN_DISMISS, RIVALS.name) in held
    assert ids.of(ids.ALIGN_CONFIRM, ADVICE.name) not in held
    confirmed = RIVALS.model_copy(update={"confirmed_by": "Ana Ruiz", "confirmed_on": date(2026, 11, 20)})
    after = check_page(page.model_copy(update={"lines": (confirmed,)}))
    assert "Confirmed by Ana Ruiz on 20 Nov; the leads of both lines were told." in plain(after.blocks)
    assert ids.of(ids.ALIGN_CONFIRM, RIVALS.name) not in buttons(after.blocks)
    assert ids.of(ids.ALIGN_DISMISS, RIVALS.name) in buttons(after.blocks)


def test_what_a_model_proposed_or_suggests_is_marked_as_such() -> None:
    proposed = RIVALS.model_copy(update={"proposed": True})
    suggested = ADVICE.model_copy(update={"suggests": "Share of accounts that import without help, from … to …"})
    shown = plain(check_page(CHECK.model_copy(update={"lines": (proposed, suggested)})).blocks)
    assert "Promised to two · proposed by a model" in shown
    assert "A model suggests: “Share of accounts that import without help, from … to …”" in shown


def test_a_confirmed_conflict_quotes_both_texts_and_names_the_next_step() -> None:
    shown = plain(told(CONFLICT).blocks)
    assert shown.startswith("CRM and Search both count on one design team")
    assert "CRM · KR-9\n> Rebuild the import screen with the design team" in shown
    assert "Agree who has it when" in shown
    hidden = CONFLICT.model_copy(update={"sides": (CONFLICT.sides[0], ConflictSide(unit="a private unit"))})
    assert plain(told(hidden).blocks).startswith("CRM and a private unit both count on one design team\nCRM · KR-9")
