"""The receipt: what was understood of an answer, each line with its way back."""

from bot.views import ids
from bot.views.receipts import receipt
from rituals.notices import Receipt
from tests.bot.views.reading import buttons, elements, plain
from tests.bot.views.samples import AT, BLOCKER, GUESS, RECEIPT, SAVED

DONE = Receipt(answer=9, ask=31, number=4, saved=(SAVED,), nothing=(2, 3), finished=True, seconds=70, next_slot=AT)


def test_what_needs_the_reader_comes_before_what_was_saved() -> None:
    assert plain(receipt(RECEIPT).blocks) == (
        "No key result KR-99.\n"
        'I read "1.250" as 1.25 or 1,250 days. Which? Nothing is written until you choose.\n'
        "[ 1.25 ] [ 1,250 ]\n"
        "Still open: KR-7.\n"
        "KR-8, KR-9: how do they look from your side?\n"
        "Question 2 is still open. Reply `2. no`, or what there is.\n"
        "Saved: KR-1 41 → 30 days, 60 % of the way (expected 49 %), confidence 7 (was 5) [ Undo ]\n"
        "Blocker B-12 waiting for the billing API: CRM waits for Payments, KR-1, 12 days, until 12 Dec\n"
        "[ Ask Payments ] [ Other unit ] [ Not a blocker ]\n"
        "Nothing to adjust.\n"
        "[ Edit ]"
    )


def test_a_finished_answer_says_how_long_it_took_and_when_the_next_is() -> None:
    shown = plain(receipt(DONE).blocks)
    assert "No blockers. Nothing to adjust.\nDone in 1 min 10 s; next check-in Wed 4 Nov 17:00 UTC." in shown


def test_every_button_says_what_it_is_about() -> None:
    found = buttons(receipt(RECEIPT).blocks)
    assert found["receipt_undo:17"] == "17"
    assert found["blocker_not:12"] == "12"
    assert found[ids.RECEIPT_EDIT] == "9"
    assert ids.unpack(found["guess_pick:4:0"]) == {"proposal": 4, "value": "1.25"}
    assert ids.unpack(found["guess_pick:4:1"]) == {"proposal": 4, "value": "1250"}


def test_an_undone_value_says_where_it_stands_and_has_no_undo() -> None:
    undone = SAVED.model_copy(update={"undone": True})
    shown = receipt(DONE.model_copy(update={"saved": (undone,)}))
    assert "KR-1 undone. It stands at 41 days." in plain(shown.blocks)
    assert list(buttons(shown.blocks)) == [ids.RECEIPT_EDIT]


def test_a_value_that_cannot_be_undone_any_more_has_no_undo() -> None:
    later = SAVED.model_copy(update={"undoable": False})
    assert list(buttons(receipt(DONE.model_copy(update={"saved": (later,)})).blocks)) == [ids.RECEIPT_EDIT]


def test_a_co_owners_look_is_told_from_the_reported_value() -> None:
    view = SAVED.model_copy(update={"role": "view"})
    shown = plain(receipt(DONE.model_copy(update={"saved": (view,)})).blocks)
    assert "Saved: KR-1 30 days as you see it, confidence 7 (was 5)" in shown


def test_an_unchanged_value_says_so() -> None:
    same = SAVED.model_copy(update={"after": "41 days", "confidence_before": 7})
    shown = plain(receipt(DONE.model_copy(update={"saved": (same,)})).blocks)
    assert "KR-1 still 41 days, 60 % of the way (expected 49 %), confidence 7" in shown
    assert "(was" not in shown


def test_a_late_answer_is_told_that_it_was_kept() -> None:
    shown = plain(receipt(DONE.model_copy(update={"late": True, "closed_at": AT})).blocks)
    assert shown.startswith("That check-in closed on Wed 4 Nov; I kept your answer and marked it late.")


def test_many_values_are_one_list_with_a_menu_to_undo_any_of_them() -> None:
    saved = tuple(SAVED.model_copy(update={"update": n, "key": f"KR-{n}"}) for n in range(40))
    shown = receipt(DONE.model_copy(update={"saved": saved}))
    (menu,) = [e for e in elements(shown.blocks) if e["type"] == "static_select"]
    assert menu["action_id"] == ids.RECEIPT_UNDO
    assert [o["value"] for o in menu["options"]] == [str(n) for n in range(40)]
    assert menu["options"][0]["text"]["text"] == "KR-0 41 → 30 days"
    assert list(buttons(shown.blocks)) == [ids.RECEIPT_EDIT]
    assert plain(shown.blocks).startswith("Saved 40 values:\nKR-0 41 → 30 days, 60 % of the way")
    assert "and 28 more" in plain(shown.blocks)


def test_of_many_values_those_that_did_not_move_are_only_named() -> None:
    same = SAVED.model_copy(update={"before": "30 days", "confidence": None})
    saved = (SAVED, *(same.model_copy(update={"update": n, "key": f"KR-{n}"}) for n in (2, 3)))
    looked = same.model_copy(update={"key": "KR-4", "role": "view"})
    shown = plain(receipt(DONE.model_copy(update={"saved": (*saved, looked)})).blocks)
    assert "KR-4 30 days as you see it\nUnchanged: KR-2 30 days, KR-3 30 days\n" in shown
    four = tuple(same.model_copy(update={"update": n, "key": f"KR-{n}"}) for n in range(4))
    shown = plain(receipt(DONE.model_copy(update={"saved": four})).blocks)
    assert shown.startswith("Saved, unchanged: KR-0 30 days, KR-1 30 days")


def test_what_cannot_be_undone_is_not_in_the_menu() -> None:
    saved = tuple(SAVED.model_copy(update={"update": n, "undoable": n != 2, "undone": n == 3}) for n in range(5))
    shown = receipt(DONE.model_copy(update={"saved": saved}))
    (menu,) = [e for e in elements(shown.blocks) if e["type"] == "static_select"]
    assert [o["value"] for o in menu["options"]] == ["0", "1", "4"]
    undone = tuple(line.model_copy(update={"undone": True}) for line in saved)
    shown = receipt(DONE.model_copy(update={"saved": undone}))
    assert [e["type"] for e in elements(shown.blocks)] == ["button"]


def test_where_the_time_it_took_cannot_be_seen_nothing_is_said_of_it() -> None:
    shown = plain(receipt(DONE.model_copy(update={"seconds": None})).blocks)
    assert "Nothing to adjust.\nDone; next check-in Wed 4 Nov 17:00 UTC." in shown


def test_a_long_label_of_a_choice_is_shortened_while_its_value_stays() -> None:
    guess = GUESS.model_copy(update={"choices": (("KR-9", "KR-9 " + "very long title " * 20),)})
    shown = receipt(DONE.model_copy(update={"guesses": (guess,)}))
    assert ids.unpack(buttons(shown.blocks)["guess_pick:4:0"])["value"] == "KR-9"


def test_the_fallback_tells_what_was_saved_and_what_is_open() -> None:
    assert receipt(RECEIPT).text == (
        "Saved KR-1. 1 value to confirm. No key result KR-99. 1 blocker noted. Still open: KR-7, KR-8, KR-9."
    )
    assert receipt(Receipt(answer=1, ask=None)).text == "Your answer is stored."


def test_a_blocker_that_was_just_named_has_no_age_and_says_its_day_once() -> None:
    fresh = BLOCKER.model_copy(update={"days": 0, "on": None, "key_result": None, "until": None})
    shown = plain(receipt(DONE.model_copy(update={"blockers": (fresh,)})).blocks)
    assert "Blocker B-12 waiting for the billing API: holds up CRM\n[ Ask a unit ] [ Not a blocker ]" in shown
    said = BLOCKER.model_copy(update={"days": 0, "text": "the API until 12 Dec", "key_result": None})
    shown = plain(receipt(DONE.model_copy(update={"blockers": (said,)})).blocks)
    assert "Blocker B-12 the API until 12 Dec: CRM waits for Payments\n[ Ask Payments ]" in shown


def test_a_blocker_says_its_kind_and_who_acts_next() -> None:
    blocker = BLOCKER.model_copy(update={"kind": "decision", "next_step": "Kim Oda: asks the board"})
    shown = plain(receipt(RECEIPT.model_copy(update={"blockers": (blocker,)})).blocks)
    assert "CRM waits for Payments, decision, KR-1" in shown
    assert "next: Kim Oda: asks the board" in shown


def test_who_was_asked_about_a_blocker_is_not_asked_again() -> None:
    asked = BLOCKER.model_copy(update={"handshake": "Payments was asked"})
    shown = plain(receipt(DONE.model_copy(update={"blockers": (asked,)})).blocks)
    assert "until 12 Dec, Payments was asked [ Not a blocker ]" in shown
