"""A round of check-ins as people see it: what is asked, who has answered, what was said."""

from datetime import timedelta

import pytest

from bot.views import VIEWS, ids
from bot.views.checkins import board, shared_answer
from bot.views.prompt import prompt
from rituals.notices import CheckinBoard, KrLine, Missing, SharedAnswer
from tests.bot.views.reading import buttons, mrkdwn, plain
from tests.bot.views.samples import AT, BEHIND, BLOCKER, OWN, PROMPT, SAVED, VIEWED

BOARD = CheckinBoard(
    round=3, number=4, unit="Product suite", opened_at=AT, due_at=AT, answered=("CRM", "Search"),
    missing=(Missing(name="Payments", asked_at=AT), Missing(name="Identity", asked_at=AT), Missing(name="Data")),
    statuses={"on_track": 5, "off_track": 1, "at_risk": 2},
)  # fmt: skip
ANSWER = SharedAnswer(
    ask=31, name="Bo Chen", units=("CRM",), answers=((1, "KR-1 30 days\npilot live"), (2, "the API"), (3, "no")),
    saved=(SAVED,), blockers=(BLOCKER,), edited=True,
)  # fmt: skip


def test_the_prompt_reads_from_what_to_do_to_the_three_questions() -> None:
    assert plain(prompt(PROMPT).blocks) == (
        "Check-in 4 of 6 · Product suite · by Wed 4 Nov 17:00 UTC\n"
        "Three key results wait for you, about two minutes. Reply in this thread or use the form.\n"
        "Later: back Wed 4 Nov 17:00 UTC; Answer works any time.\n"
        "1  Are shared key results on track?\n"
        "You report:\n"
        "○ KR-1 Average onboarding time: 41 days, expected 33, off track (updated 16 days ago)\n"
        "Others report; how does it look from your side?\n"
        "◐ KR-7 Accounts on three products: 18 %, expected 21 %, at risk (Mia)\n"
        "And your own:\n"
        "◌ KR-9 Search answers within a second: no data\n"
        "2  Have any dependencies or blockers emerged?\n"
        "Open: B-12 “waiting for the billing API” from Payments, 12 days\n"
        "3  Do any OKRs need to be adjusted based on new information?\n"
        "[ Answer ] [ No change ] [ Later ]\n"
        "You said on Wed 4 Nov: “KR-1 41 days · the API · no”\n"
        "For example: 1. KR-1 30 days 7/10 pilot live 2. no 3. no"
    )


def test_the_prompts_buttons_name_the_ask() -> None:
    assert buttons(prompt(PROMPT).blocks) == {ids.CHECKIN_ANSWER: "31", ids.CHECKIN_NO_CHANGE: "31"}


def test_no_change_is_offered_only_where_the_rules_allow_it() -> None:
    assert list(buttons(prompt(PROMPT.model_copy(update={"no_change": False})).blocks)) == [ids.CHECKIN_ANSWER]


def test_the_prompts_fallback_stands_alone() -> None:
    assert prompt(PROMPT).text.startswith(
        "Check-in 4 of Product suite: three key results wait for you. Please answer by <!date^"
    )


def test_one_key_result_waits_in_the_singular() -> None:
    shown = plain(prompt(PROMPT.model_copy(update={"lines": (BEHIND,)})).blocks)
    assert "One key result waits for you, about one minute." in shown


def test_a_lead_with_nothing_due_is_still_asked_the_questions() -> None:
    shown = plain(prompt(PROMPT.model_copy(update={"lines": ()})).blocks)
    assert "No key result of yours is due, only the questions wait" in shown
    assert "None of yours; say what you see." in shown


def test_a_prompt_with_a_hundred_key_results_shows_the_first_and_how_many_more() -> None:
    lines = tuple(BEHIND.model_copy(update={"key": f"KR-{n}"}) for n in range(100))
    shown = plain(prompt(PROMPT.model_copy(update={"lines": lines})).blocks)
    assert "and 95 more in the form" in shown
    assert len(shown.splitlines()) < 20


def test_own_key_results_have_room_beside_many_shared_ones() -> None:
    shared = tuple(BEHIND.model_copy(update={"key": f"KR-{n}"}) for n in range(20))
    own = tuple(OWN.model_copy(update={"key": f"KR-9{n}"}) for n in range(20))
    shown = plain(prompt(PROMPT.model_copy(update={"lines": shared + own})).blocks)
    assert shown.index("KR-3 ") < shown.index("And your own:") < shown.index("KR-90") < shown.index("and 35 more")


@pytest.mark.parametrize(
    ("status", "mark"),
    [
        ("on_track", ("●", "on track")),
        ("at_risk", ("◐", "at risk")),
        ("off_track", ("○", "off track")),
        ("stale", ("◌", "stale")),
        ("achieved", ("✓", "achieved")),
        ("closed", ("–", "closed")),
        ("not_started", ("–", "not started")),
    ],
)
def test_a_status_is_a_shape_with_its_word(status: str, mark: tuple[str, str]) -> None:
    line = KrLine.model_validate({"key": "KR-1", "title": "Onboarding", "status": status, "now": "41 days"})
    shown = plain(prompt(PROMPT.model_copy(update={"lines": (line,)})).blocks)
    assert f"{mark[0]} KR-1 Onboarding: 41 days, {mark[1]}\n" in shown


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (BEHIND, "off track (updated 16 days ago)\n"),
        (BEHIND.model_copy(update={"days": 1}), "off track (updated yesterday)\n"),
        (BEHIND.model_copy(update={"days": 0}), "off track (updated today)\n"),
        (VIEWED.model_copy(update={"days": 3}), "at risk (Mia, 3 days ago)\n"),
        (OWN, "no data\n"),
    ],
)
def test_each_key_result_says_how_long_ago_it_was_last_heard_of(line: KrLine, told: str) -> None:
    assert told in plain(prompt(PROMPT.model_copy(update={"lines": (line,)})).blocks)


def test_what_was_said_last_time_is_one_short_line_with_its_day() -> None:
    long = PROMPT.model_copy(update={"last_words": "KR-1 41 days " + "and so on " * 40})
    [line] = [text for text in plain(prompt(long).blocks).splitlines() if text.startswith("You said on Wed 4 Nov")]
    assert len(line) < 120
    assert "You said" not in plain(prompt(PROMPT.model_copy(update={"last_words": ""})).blocks)


def test_a_usual_prompt_fits_a_phone() -> None:
    usual = PROMPT.model_copy(update={"back_at": None})
    assert len(plain(prompt(usual).blocks).splitlines()) <= 15  # with three headings, the buttons and the small print


def test_a_prompt_that_was_put_off_says_when_it_comes_back_and_can_be_answered() -> None:
    shown = prompt(PROMPT)
    assert "Later: back Wed 4 Nov 17:00 UTC; Answer works any time." in plain(shown.blocks)
    assert buttons(shown.blocks)[ids.CHECKIN_ANSWER] == "31"


def test_where_nothing_later_is_possible_there_is_no_later() -> None:
    assert "[ Later ]" not in plain(prompt(PROMPT.model_copy(update={"later": ()})).blocks)


def test_whoever_answered_in_part_is_marked_on_the_board() -> None:
    some = BOARD.model_copy(
        update={"partly": ("Mobile",), "missing": (Missing(name="Data", asked_at=AT, partly=True),)}
    )
    shown = plain(board(some).blocks)
    assert "3 of 4 have answered." in shown
    assert "✓ CRM, Search, Mobile (partly)" in shown
    assert "– Data (partly) (asked Wed 4 Nov)" in shown


@pytest.mark.parametrize("closed", [True, False])
def test_who_was_missed_without_being_asked_is_not_said_to_be_asked_yet(closed: bool) -> None:
    never = BOARD.model_copy(update={"closed": closed, "missing": (Missing(name="Data", over=True),)})
    shown = plain(board(never).blocks)
    assert "– Data (was not asked)" in shown
    assert "not asked yet" not in shown


def test_a_lead_who_has_only_own_key_results_reads_no_heading_for_them() -> None:
    shown = plain(prompt(PROMPT.model_copy(update={"lines": (OWN,)})).blocks)
    assert "on track?\n◌ KR-9" in shown


def test_the_board_says_who_has_answered_and_who_not() -> None:
    assert plain(board(BOARD).blocks) == (
        "Check-in 4 · Product suite · until Wed 4 Nov 17:00 UTC\n"
        "2 of 5 have answered. Shared key results: 1 off track, 2 at risk, 5 on track.\n"
        "✓ CRM, Search\n"
        "– Payments, Identity (asked Wed 4 Nov); Data (not asked yet)\n"
        "[ Answer ]\n"
        "Leads can also reply in this thread: 1. key results  2. blockers  3. adjustments"
    )
    assert board(BOARD).text == "Check-in 4 of Product suite is open: 2 of 5 have answered."


def test_the_boards_button_names_the_round() -> None:
    assert buttons(board(BOARD).blocks) == {ids.BOARD_ANSWER: "3"}


def test_nobody_is_pinged_by_the_board_or_a_shared_answer() -> None:
    for text in [*mrkdwn(board(BOARD).blocks), *mrkdwn(shared_answer(ANSWER).blocks)]:
        assert "<@" not in text


def test_a_closed_board_offers_no_button_and_counts_late_answers() -> None:
    closed = BOARD.model_copy(update={"closed": True, "late": ("Mobile",)})
    shown = board(closed)
    assert buttons(shown.blocks) == {}
    assert plain(shown.blocks).startswith("Check-in 4 · Product suite · closed\n3 of 6 have answered.")
    assert "✓ CRM, Search, Mobile (late)" in plain(shown.blocks)


def test_a_full_board_says_that_all_have_answered() -> None:
    shown = plain(board(BOARD.model_copy(update={"missing": ()})).blocks)
    assert "All 2 have answered." in shown
    assert "–" not in shown


def test_missing_leads_asked_at_other_times_are_told_apart() -> None:
    missing = (
        Missing(name="Identity"),
        Missing(name="Payments", asked_at=AT),
        Missing(name="Data", asked_at=AT + timedelta(hours=8)),
        Missing(name="Search", asked_at=AT - timedelta(hours=8)),
    )
    shown = plain(board(BOARD.model_copy(update={"missing": missing})).blocks)
    assert "– Payments, Search (asked Wed 4 Nov); Data (asked Thu 5 Nov); Identity (not asked yet)" in shown


def test_a_closed_board_names_those_who_did_not_answer_and_no_more() -> None:
    shown = plain(board(BOARD.model_copy(update={"closed": True})).blocks)
    assert "– Payments, Identity, Data" in shown
    assert "asked" not in shown


def test_a_board_of_a_hundred_leads_names_the_first_of_each_and_counts_the_rest() -> None:
    names = tuple(f"Line {n}" for n in range(50))
    missing = tuple(Missing(name=name, asked_at=AT) for name in names)
    shown = plain(board(BOARD.model_copy(update={"answered": names, "missing": missing})).blocks)
    assert "50 of 100 have answered." in shown
    assert "Line 9 and 40 more" in shown
    assert "; and 40 more" in shown


def test_an_answer_is_quoted_word_for_word_under_its_questions() -> None:
    assert plain(shared_answer(ANSWER).blocks) == (
        "Bo Chen for CRM · edited\n"
        "Key results\n> KR-1 30 days\n> pilot live\n"
        "Blockers  the API\n"
        "Adjustments  no\n"
        "KR-1 41 → 30 days, 60 % of the way (expected 49 %)\n"
        "Blocker B-12: CRM waits for Payments"
    )


def test_what_did_not_move_is_only_named_to_the_others() -> None:
    same = SAVED.model_copy(update={"before": "30 days"})
    saved = (SAVED, same.model_copy(update={"key": "KR-2"}), same.model_copy(update={"key": "KR-3"}))
    shown = plain(shared_answer(ANSWER.model_copy(update={"saved": saved})).blocks)
    assert "(expected 49 %)\nUnchanged: KR-2, KR-3\n" in shown


def test_words_that_fit_no_question_are_quoted_without_one() -> None:
    shown = plain(shared_answer(ANSWER.model_copy(update={"answers": ((0, "all fine here"),)})).blocks)
    assert "\n> all fine here\n" in shown


def test_a_closed_board_says_what_the_round_took_beside_the_budget() -> None:
    closed = BOARD.model_copy(update={"closed": True, "seconds": 1441, "measured": 2, "budget": 1800})
    assert plain(board(closed).blocks).endswith("\nIt took 24 min in all; the budget is 30 min.")
    some = plain(board(closed.model_copy(update={"measured": 1, "seconds": 70})).blocks)
    assert some.endswith("\nIt took 1 min 10 s in all (measured for 1 of 2); the budget is 30 min.")


def test_an_open_board_does_not_count_the_minutes_and_an_unmeasured_one_neither() -> None:
    measured = {"seconds": 1441, "measured": 2, "budget": 1800}
    assert "budget" not in plain(board(BOARD.model_copy(update=measured)).blocks)
    assert "budget" not in plain(board(BOARD.model_copy(update={"closed": True, "budget": 1800})).blocks)


def test_who_was_left_alone_because_of_the_weeks_limit_is_shown_as_such() -> None:
    missing = (Missing(name="Bo", asked_at=AT, over=True, limit=True), Missing(name="Kim", asked_at=AT, over=True))
    shown = plain(board(BOARD.model_copy(update={"closed": True, "missing": missing})).blocks)
    assert "– Bo (not reminded, enough this week), Kim" in shown


def test_every_posted_view_has_a_fallback_for_screen_readers() -> None:
    for notice in (PROMPT, BOARD, ANSWER):
        assert VIEWS[notice.KIND](notice).text
