"""Proposed adjustments as they are read: the question, the decision, the list, the form to decline."""

from bot.views.adjustments import ask, decline_form, told, waiting
from rituals.notices import AdjustmentAsk
from sandbox.blocks import check_message, check_view
from tests.bot.views.reading import plain
from tests.bot.views.samples import ADJUSTED, ADJUSTMENT, DECLINED, EVIL, PROPOSAL, blown_up


def test_the_question_says_what_is_proposed_by_whom_and_has_the_decision_first() -> None:
    assert plain(ask(ADJUSTMENT).blocks) == (
        "A-3 target 30 → 25 %: the market shrank · Mia Stone, Wed 4 Nov\n"
        "KR-7 Accounts on three products\n"
        "[ Agree ] [ Decline ] [ Open ]"
    )


def test_the_question_says_what_agreeing_does_until_it_is_decided() -> None:
    effect = {"effect": "expected today stays 51 %, progress 48 % → 83 %"}
    shown = plain(ask(AdjustmentAsk(line=PROPOSAL.model_copy(update=effect))).blocks)
    assert "\nExpected today stays 51 %, progress 48 % → 83 %.\n[ Agree ]" in shown
    assert "48 %" not in plain(ask(AdjustmentAsk(line=DECLINED.model_copy(update=effect))).blocks)


def test_what_was_said_in_words_is_made_by_hand() -> None:
    by_hand = PROPOSAL.model_copy(update={"applies": False})
    assert "[ Agree and edit ]" in plain(ask(AdjustmentAsk(line=by_hand)).blocks)


def test_after_the_decision_there_is_nothing_to_press() -> None:
    shown = plain(ask(AdjustmentAsk(line=DECLINED)).blocks)
    assert shown.endswith("Ana Ruiz declined A-3: not before January")
    assert "[" not in shown


def test_all_concerned_read_what_was_decided_and_what_stands_now() -> None:
    assert plain(told(ADJUSTED).blocks) == (
        "Ana Ruiz agreed to A-3.\nKR-7 Accounts on three products\nNow: target 30 → 25 %"
    )


def test_the_list_gives_buttons_to_who_may_decide_only() -> None:
    shown = plain(waiting([(PROPOSAL, True), (PROPOSAL.model_copy(update={"number": 4}), False)]).blocks)
    assert shown.startswith("2 proposals to decide\nA-3 ")
    assert shown.count("[ Agree ]") == 1
    assert waiting([]).text.startswith("No proposal waits for a decision.")


def test_a_long_list_and_the_longest_texts_hold_slacks_limits() -> None:
    for text in EVIL.values():
        lines = [(blown_up(PROPOSAL, text).model_copy(update={"key": "KR-7", "number": n}), True) for n in range(60)]
        assert check_message(waiting(lines).blocks) == []
        assert "and 50 more" in plain(waiting(lines).blocks)
    assert check_view(decline_form(3), "modal") == []


def test_what_ended_with_its_cycle_says_so_and_asks_for_nothing() -> None:
    shown = plain(ask(AdjustmentAsk(line=PROPOSAL.model_copy(update={"ended": True}))).blocks)
    assert shown.endswith("Its cycle was closed before anybody decided.")
