"""Replies about key results: lists, one card, the shared ones, what was saved, a choice."""

import pytest

from bot.views import ids
from bot.views.cards import card, shared
from bot.views.history import history
from bot.views.okrs import choose, list_page, saved, shared_page
from rituals.notices.cards import ChartPoint, SharedCard
from rituals.okrs.cards import HistoryPage, SharedKr, SharedPage
from sandbox.blocks import check_message
from tests.bot.views.reading import buttons, elements, plain
from tests.bot.views.samples import (
    AT,
    BEHIND,
    CARD,
    CHOICES,
    EVIL,
    HISTORY_PAGE,
    LIST,
    OWN,
    SAVED,
    SAVED_REPLY,
    SHARED,
    VIEWED,
    blown_up,
    list_of,
)

TWENTY = tuple(BEHIND.model_copy(update={"key": f"KR-{n}"}) for n in range(20))
evil = pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())


def test_a_list_has_a_line_each_with_status_value_expectation_and_owners() -> None:
    assert plain(list_page(LIST).blocks) == (
        "Falling behind  3\n"
        "○ KR-1 Average onboarding time: 41 days, expected 33, off track\n"
        "16 % of the way, 34 points behind · CRM, Analytics\n"
        "◐ KR-7 Accounts on three products: 18 %, expected 21 %, at risk\nCRM, Mobile\n"
        "◌ KR-9 Search answers within a second: no data\n"
        "[ Open one ]"
    )
    assert list_page(LIST).text.startswith("Falling behind: 3 key results, the first ○ *KR-1* Average onboarding")


def test_a_list_of_ones_own_names_owners_only_where_there_are_others() -> None:
    single = OWN.model_copy(update={"owners": ("CRM",)})
    shown = plain(list_page(list_of((BEHIND, single), title="Yours", query="mine")).blocks)
    assert "behind · CRM, Analytics" in shown
    assert "no data\n" in shown


def test_any_key_result_of_a_list_can_be_opened() -> None:
    (menu,) = elements(list_page(LIST).blocks)
    assert menu["action_id"] == ids.OKR_OPEN
    assert [option["value"] for option in menu["options"]] == ["KR-1", "KR-7", "KR-9"]


def test_a_long_list_shows_the_worst_and_a_button_opens_the_rest() -> None:
    page = list_page(list_of(TWENTY, title="All"))
    shown = plain(page.blocks)
    assert shown.startswith("All  20, 1 to 8\n")
    assert "KR-7 Average" in shown
    assert "KR-8 " not in shown
    assert "[ and 12 more ]" in shown
    assert "[ Back ]" not in shown
    assert "Narrow it: `/okr list mine`" in shown
    assert ids.unpack(buttons(page.blocks)["list_page:on"]) == {"query": "", "start": 8}


def test_a_list_is_turned_in_its_place_and_back() -> None:
    second, third = (list_page(list_of(TWENTY, start, title="All")).blocks for start in (8, 16))
    assert plain(second).startswith("All  20, 9 to 16\n○ KR-8 Average")
    assert ids.unpack(buttons(second)["list_page:back"]) == {"query": "", "start": 0}
    assert set(buttons(third)) == {"list_page:back"}
    assert plain(third).startswith("All  20, 17 to 20\n")
    assert check_message(third) == []


def test_a_list_says_why_one_falls_behind_whose_status_alone_does_not() -> None:
    fine = BEHIND.model_copy(update={"status": "on_track", "pace": "50 % of the way, 1 point ahead"})
    shown = plain(list_page(list_of((fine,), title="Behind", why=(("KR-1", "stalled two rounds"),))).blocks)
    assert "on track\n50 % of the way, 1 point ahead · CRM, Analytics\nstalled two rounds" in shown


def test_a_list_says_what_it_took_a_mistyped_word_for() -> None:
    shown = plain(list_page(list_of((BEHIND,), title="Behind", read=(("behnd", "behind"),))).blocks)
    assert "I read behnd as behind." in shown


def test_an_empty_list_says_what_to_try() -> None:
    shown = list_page(list_of((), title="Yours"))
    assert shown.text == "Yours: no key results."
    assert check_message(shown.blocks) == []


def test_a_shared_key_result_names_owners_reasons_and_who_lags() -> None:
    assert plain(shared_page(SHARED).blocks) == (
        "Shared  1, 1 falling behind\n"
        "○ KR-1 Average onboarding time: 41 days, expected 33, off track · CRM, Analytics\n"
        "Stalled two rounds; waits for Payments.\nSince 10 Nov. Next: agree on what closes the gap\nLags: CRM\n"
        "• CRM (reports)  30 days, confidence 7, blocked by another, Wed 4 Nov, differs: the pilot is live\n"
        "• Mobile  41 days, confidence 3, Wed 4 Nov, differs\n"
        "• Data  asked to own it, has not agreed yet\n"
        "[ Open one ]"
    )
    assert shared_page(SHARED).text == "1 shared key result, 1 falling behind."


def test_shared_key_results_that_do_not_fall_behind_take_one_line() -> None:
    well = (SharedKr(line=VIEWED), SharedKr(line=VIEWED.model_copy(update={"key": "KR-8", "now": None})))
    shown = plain(shared_page(SharedPage(title="Shared", key_results=(*SHARED.key_results, *well))).blocks)
    assert "Shared  3, 1 falling behind\n" in shown
    assert "Not behind: KR-7 18 %, expected 21 %; KR-8 no value yet\n" in shown


def test_units_that_lag_for_the_same_reason_share_it() -> None:
    lags = ("CRM (blocked)", "Data (no word yet)", "Mobile (no word yet)", "Search")
    one = SHARED.key_results[0].model_copy(update={"lags": lags})
    shown = plain(shared_page(SharedPage(title="Shared", key_results=(one,))).blocks)
    assert "Lags: CRM (blocked), Data and Mobile (no word yet), Search\n" in shown


def test_a_card_does_not_measure_the_way_where_nothing_is_due_or_all_is_kept() -> None:
    for share in (0.0, 1.0):
        line = BEHIND.model_copy(update={"progress": share, "expected_progress": share, "status": "on_track"})
        assert "● on track: 41 days, expected 33, confidence 6\n" in plain(
            card(CARD.model_copy(update={"line": line})).blocks
        )


def test_a_card_without_a_value_says_so_once() -> None:
    line = OWN.model_copy(update={"owners": ("CRM",)})
    shown = card(CARD.model_copy(update={"line": line, "why": ()}))
    assert plain(shown.blocks).startswith("KR-9 Search answers within a second\n◌ no data\n")
    assert shown.text == "KR-9 Search answers within a second: no data."


def test_of_many_that_fall_behind_the_rest_is_a_command_away() -> None:
    many = tuple(SHARED.key_results[0].model_copy(update={"lags": ()}) for _ in range(9))
    shown = plain(shared_page(SharedPage(title="Shared", key_results=many)).blocks)
    assert "and 4 more: `/okr list shared behind`" in shown


def test_a_portfolio_without_shared_key_results_is_told_so() -> None:
    assert shared_page(SharedPage(title="Shared", key_results=())).text == "No key result is shared by two units."


def test_a_card_has_everything_about_one_key_result() -> None:
    assert plain(card(CARD).blocks) == (
        "KR-1 Average onboarding time\n"
        "○ off track: 41 days, expected 33, 16 % of the way (expected 50 %), confidence 6\n"
        "Falling behind\nPace: 34 points behind (16 % of the way, expected 50 %), since 10 Nov\n"
        "Next: agree on what closes the gap\nStalled two rounds\nNext: name what holds it up\n"
        "(line chart: KR-1: % of the way: Actual so far, Expected, Forecast)\n"
        "Goal  45 → 20 days, 1 Oct – 31 Dec, aspirational\n"
        "Objective  O-1 Reduce time-to-value · Product suite\n"
        "Forecast  Lands at 52–61 % on 31 Dec, from 4 updates\n"
        "Owners  CRM, Analytics; Bo reports\n"
        "Moves  O-9 Grow in enterprise (Acme): a faster start\n"
        "Seen by its owners\n"
        "• CRM (reports)  30 days, confidence 7, blocked by another, Wed 4 Nov, differs: the pilot is live\n"
        "• Mobile  41 days, confidence 3, Wed 4 Nov, differs · does O-5 Fewer steps for it\n"
        "• Data  asked to own it, has not agreed yet\n"
        "Fell and recovered\n10 Nov  fell behind: 34 points behind\n"
        "Open blockers\n"
        "B-12 waiting for the billing API: CRM waits for Payments, KR-1, 12 days, until 12 Dec\n"
        "Last updates\n"
        "Wed 4 Nov  41 days, confidence 6, Bo: Pilot started evidence (words)\n"
        "Wed 4 Nov  41 days, confidence 6, as seen by Bo from CRM: Pilot started evidence (words)\n"
        "and 7 before these\n"
        "Advice: It has no metric.\n"
        "[ Update ] [ History ] [ Edit ] [ What Mobile does for it ] [ What Data does for it ]"
    )
    assert check_message(card(CARD).blocks) == []


def test_a_cards_chart_draws_the_forecast_after_the_last_actual_value() -> None:
    (chart,) = [block["chart"] for block in card(CARD).blocks if block["type"] == "data_visualization"]
    assert chart["axis_config"]["categories"] == ["1 Oct", "19 Oct", "by 31 Dec"]
    assert [[point["value"] for point in series["data"]] for series in chart["series"]] == [
        [0.0, 16.0, 16.0],
        [0.0, 20.0, 100.0],
        [0.0, 16.0, 56.0],
    ]
    assert [series["name"] for series in chart["series"]] == ["Actual so far", "Expected", "Forecast"]


def test_a_single_point_makes_no_chart_and_neither_does_a_lower_rung() -> None:
    one = CARD.model_copy(update={"chart": (ChartPoint(day=AT.date(), expected=0.0, actual=0.0),)})
    for shown in (card(one), card(CARD, "fields"), card(CARD, "text")):
        assert "data_visualization" not in {block["type"] for block in shown.blocks}


def test_days_without_any_value_are_no_part_of_the_chart() -> None:
    gap = ChartPoint(day=AT.date(), expected=0.4)
    (chart,) = [
        block["chart"]
        for block in card(CARD.model_copy(update={"chart": (*CARD.chart, gap)})).blocks
        if block["type"] == "data_visualization"
    ]
    assert len(chart["axis_config"]["categories"]) == 3


def test_a_key_result_without_updates_says_so() -> None:
    fresh = CARD.model_copy(update={"history": (), "updates": 0, "chart": (), "blockers": ()})
    assert "Last updates  None yet." in plain(card(fresh).blocks)


@evil
def test_the_most_extreme_replies_are_valid(text: str) -> None:
    long = blown_up(LIST, text)
    assert check_message(card(blown_up(CARD, text)).blocks) == []
    assert check_message(list_page(list_of(long.lines, 8, title=text, why=long.why, read=long.read)).blocks) == []
    assert check_message(shared_page(blown_up(SHARED, text)).blocks) == []
    assert check_message(saved(blown_up(SAVED_REPLY, text)).blocks) == []
    assert check_message(choose(text, CHOICES * 20, ids.OKR_SHOW).blocks) == []


def test_what_was_saved_is_said_with_its_way_back() -> None:
    shown = saved(SAVED_REPLY)
    assert plain(shown.blocks) == (
        "Saved: KR-1 41 → 30 days, 60 % of the way (expected 49 %), confidence 7 (was 5)\n"
        "Average onboarding time\n[ Undo ] [ Edit ]"
    )
    assert buttons(shown.blocks) == {ids.SAVED_UNDO: "17", ids.SAVED_EDIT: "17"}


def test_an_undone_update_offers_nothing_more() -> None:
    undone = SAVED_REPLY.model_copy(update={"line": SAVED.model_copy(update={"undone": True})})
    assert buttons(saved(undone).blocks) == {}


def test_a_choice_is_a_button_each_with_the_key_as_value() -> None:
    shown = choose("Which one did you mean?", CHOICES, ids.OKR_SHOW)
    assert plain(shown.blocks) == "Which one did you mean?\n[ KR-9 Search answers ] [ KR-19 Search ranking ]"
    assert buttons(shown.blocks) == {"okr_show:0": "KR-9", "okr_show:1": "KR-19"}


def test_a_card_of_an_unshared_key_result_has_one_owner() -> None:
    own = CARD.model_copy(update={"line": BEHIND.model_copy(update={"shared": False, "owners": ("CRM",)})})
    assert "Owner  CRM; Bo reports" in plain(card(own).blocks)


def test_below_the_chart_stand_a_table_and_then_words() -> None:
    (rows,) = [block["rows"] for block in card(CARD, "fields").blocks if block["type"] == "table"]
    assert [[cell["text"].replace("\xa0", " ") for cell in row] for row in rows] == [
        ["Day", "Actual", "Expected", "Forecast"],
        ["1 Oct", "0 %", "0 %", "–"],
        ["19 Oct", "16 %", "20 %", "–"],
        ["by 31 Dec", "–", "100 %", "56 %"],
    ]
    shown = plain(card(CARD, "text").blocks)
    assert "Course  1 Oct 0 %, 19 Oct 16 % (expected 20 %), by 31 Dec 56 % forecast" in shown


def test_a_card_is_shared_from_a_channel_only_and_then_says_by_whom() -> None:
    assert "okr_share" not in buttons(card(CARD).blocks)
    assert buttons(card(CARD, shareable=True).blocks)["okr_share"] == "KR-1"
    posted = shared(SharedCard(card=CARD, by="Ana Ruiz"))
    assert plain(posted.blocks).endswith("[ Update ] [ Open ]\nShared by Ana Ruiz")
    assert posted.text.startswith("Ana Ruiz shares KR-1 Average onboarding time: off track, 41 days")


def test_a_history_marks_what_was_taken_back_and_names_changes_and_proposals() -> None:
    assert plain(history(HISTORY_PAGE).blocks) == (
        "History of KR-1 Average onboarding time  4\n"
        "Wed 4 Nov  ~41 → 30 days, confidence 7~ undone Wed 4 Nov, Bo: Pilot started evidence (words)\n"
        "Wed 4 Nov  33 days as seen, Mia from Mobile\n"
        "Wed 4 Nov  Changed: target 20 → 25, Ana: the pilot is late\n"
        "Wed 4 Nov  Proposed A-3 proposed: lower the target, Bo\n"
        "That is all of it."
    )


def test_a_long_history_is_turned_in_its_place() -> None:
    page = HistoryPage(key="KR-1", title="Onboarding", events=HISTORY_PAGE.events * 5)
    assert ids.unpack(buttons(history(page).blocks)["history_turn:on"]) == {"query": "KR-1", "start": 8}
    assert set(buttons(history(page, 16).blocks)) == {"history_turn:back"}
    empty = history(HistoryPage(key="KR-1", title="Onboarding", events=()))
    assert "nothing was said or changed yet" in empty.text


@evil
def test_the_most_extreme_history_is_valid(text: str) -> None:
    for start in (0, 8, 999):
        assert check_message(history(blown_up(HISTORY_PAGE, text), start).blocks) == []
