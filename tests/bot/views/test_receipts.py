"""The receipt: what was understood of an answer, each line with its way back."""

from bot.views import ids
from bot.views.receipts import receipt
from rituals.notices import Receipt
from tests.bot.views.reading import buttons, plain
from tests.bot.views.samples import AT, BLOCKER, GUESS, RECEIPT, SAVED

DONE = Receipt(answer=9, ask=31, number=4, saved=(SAVED,), nothing=(2, 3), finished=True, seconds=70, next_slot=AT)


def test_what_needs_the_reader_comes_before_what_was_saved() -> None:
    assert plain(receipt(RECEIPT).blocks) == (
        "No key result KR-99.\n"
        'I read "1.250" as 1.25 or 1,250 days. Which? Nothing is written until you choose.\n'
        "[ 1.25 ] [ 1,250 ]\n"
        "Saved: KR-1 41 → 30 days, 60 % of the way (expected 49 %), confidence 7 (was 5) [ Undo ]\n"
        "Blocker B-12 waiting for the billing API: CRM waits for Payments, KR-1, 12 days, until 12 Dec "
        "[ Not a blocker ]\n"
        "Nothing to adjust.\nStill open: KR-7.\nQuestion 2 is still open.\n"
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


def test_many_values_keep_undo_for_the_first_and_stay_within_a_message() -> None:
    saved = tuple(SAVED.model_copy(update={"update": n, "key": f"KR-{n}"}) for n in range(40))
    shown = receipt(DONE.model_copy(update={"saved": saved}))
    undos = [name for name in buttons(shown.blocks) if name.startswith(ids.RECEIPT_UNDO)]
    assert len(undos) == 8
    assert "and 20 more" in plain(shown.blocks)


def test_a_long_label_of_a_choice_is_shortened_while_its_value_stays() -> None:
    guess = GUESS.model_copy(update={"choices": (("KR-9", "KR-9 " + "very long title " * 20),)})
    shown = receipt(DONE.model_copy(update={"guesses": (guess,)}))
    assert ids.unpack(buttons(shown.blocks)["guess_pick:4:0"])["value"] == "KR-9"


def test_the_fallback_tells_what_was_saved_and_what_is_open() -> None:
    assert receipt(RECEIPT).text == "Saved KR-1. 1 value to confirm. No key result KR-99. 1 blocker noted."
    assert receipt(Receipt(answer=1, ask=None)).text == "Your answer is stored."


def test_a_blocker_of_today_says_since_today() -> None:
    fresh = BLOCKER.model_copy(update={"days": 0, "on": None, "key_result": None, "until": None})
    shown = plain(receipt(DONE.model_copy(update={"blockers": (fresh,)})).blocks)
    assert "Blocker B-12 waiting for the billing API: holds up CRM, since today [ Not a blocker ]" in shown
