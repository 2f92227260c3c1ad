"""The forms: what is asked, what stands in the fields, and that a form of a hundred key results still opens."""

import pytest

from bot.views import ids
from bot.views.answer_form import answer_form
from bot.views.okrs import update_form
from bot.views.pickers import key_result_picker, suggested
from bot.views.ratings import comment_form
from rituals.errors import Choice
from rituals.okrs.cards import UpdateForm
from sandbox.blocks import check_message, check_view
from tests.bot.views.reading import plain
from tests.bot.views.samples import ANSWER_FORM, EVIL, UPDATE_FORM, blown_up

evil = pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())


def test_the_answer_form_asks_value_confidence_and_note_for_each_and_the_other_questions() -> None:
    assert plain(answer_form(ANSWER_FORM)["blocks"]) == (
        "Product suite: fill in what you know. What stays empty is left as it is.\n"
        "1 Are shared key results on track?\n"
        "KR-1 Average onboarding time | ○ off track; last 41 days, expected 33 | [ Last: 41 days ]\n"
        "KR-1 confidence | [ Last: 6 of 10 ]\n"
        "KR-1 note and evidence | [ What moved it, or is in the way; a link is its evidence ]\n"
        "KR-7 Accounts on three products | ◌ no data. How does it look from your side? A value or a confidence. "
        "| [ A number, such as 30 or 45% or +5 ]\n"
        "KR-7 confidence | [ 0 no hope to 10 certain ]\n"
        "KR-7 note and evidence | [ What moved it, or is in the way; a link is its evidence ]\n"
        "Open: B-12 “waiting for the billing API” from Payments, 12 days\n"
        "2 Have any dependencies or blockers emerged? | [ Waiting for … until …, or no ]\n"
        "Kind of the blocker | Of several blockers the first one's | [ What kind ]\n"
        "Who acts next | [ Nobody yet ]\n"
        "Next step | [ What they do, and by when ]\n"
        "3 Do any OKRs need to be adjusted based on new information? | [ Which, and to what, or no ]\n"
        "Reason for the change | [ What is new, so that it can be decided ]"
    )


def test_the_form_says_who_reports_what_and_in_which_unit() -> None:
    first, second = ANSWER_FORM.fields
    seen = first.model_copy(update={"role": "view", "reporter": "Mia"})
    unknown = second.model_copy(update={"role": "report", "measured_in": "accounts"})
    shown = plain(answer_form(ANSWER_FORM.model_copy(update={"fields": (seen, unknown)}))["blocks"])
    assert (
        "○ off track; Mia reports 41 days, expected 33. How does it look from your side? A value or a confidence."
        in shown
    )
    assert "◌ no data, in accounts |" in shown


def test_a_new_answer_form_is_prefilled_with_nothing() -> None:
    for block in answer_form(ANSWER_FORM)["blocks"]:
        assert "initial_value" not in block.get("element", {})
        assert "initial_option" not in block.get("element", {})


def test_an_edited_answer_stands_in_its_fields() -> None:
    field = ANSWER_FORM.fields[0].model_copy(update={"value": "30 days", "confidence": 7, "note": "pilot live"})
    form = ANSWER_FORM.model_copy(update={"fields": (field,), "answer": 9, "blockers": "the API"})
    view = answer_form(form)
    shown = plain(view["blocks"])
    assert shown.startswith("Product suite: your answer as it stands. Change what is wrong.")
    assert "[ 30 days ]\nKR-1 confidence | [ 7 ]\nKR-1 note and evidence | [ pilot live ]" in shown
    assert "blockers emerged? | [ the API ]" in shown
    assert ids.unpack(view["private_metadata"]) == {"ask": 31, "answer": 9}


def test_the_answer_form_names_its_ask_and_its_blocks_by_key() -> None:
    view = answer_form(ANSWER_FORM)
    assert (view["callback_id"], ids.unpack(view["private_metadata"])) == (ids.ANSWER_FORM, {"ask": 31})
    found = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    assert found == [
        "kr_value:KR-1", "kr_confidence:KR-1", "kr_note:KR-1", "kr_value:KR-7", "kr_confidence:KR-7",
        "kr_note:KR-7", "question:2", "blocker_kind", "blocker_owner", "blocker_next", "question:3", "change_reason",
    ]  # fmt: skip


def test_nothing_in_the_answer_form_has_to_be_filled_in() -> None:
    assert all(b["optional"] for b in answer_form(ANSWER_FORM)["blocks"] if b["type"] == "input")


def test_confidence_runs_from_nought_to_ten_so_eleven_cannot_be_chosen() -> None:
    (select,) = [b["element"] for b in answer_form(ANSWER_FORM)["blocks"] if b.get("block_id") == "kr_confidence:KR-1"]
    assert [option["value"] for option in select["options"]] == [str(score) for score in range(11)]


def test_what_does_not_fit_the_form_is_asked_for_in_the_thread() -> None:
    form = blown_up(ANSWER_FORM, "Onboarding")
    view = answer_form(form)
    assert len(form.fields) == 100
    assert check_view(view, "modal") == []
    assert "please answer these in the thread: KR-28, KR-29" in plain(view["blocks"])
    assert "and 60 more" in plain(view["blocks"])


@evil
def test_the_most_extreme_forms_are_valid(text: str) -> None:
    assert check_view(answer_form(blown_up(ANSWER_FORM, text)), "modal") == []
    assert check_view(update_form(blown_up(UPDATE_FORM, text)), "modal") == []
    assert check_view(comment_form(2, text), "modal") == []


def test_the_update_form_of_one_key_result_shows_where_it_stands() -> None:
    form = UPDATE_FORM.model_copy(update={"expected": "33", "value": "30", "confidence": 7})
    view = update_form(form)
    assert plain(view["blocks"]) == (
        "KR-1 Average onboarding time\n"
        "Value in days | Last 41 days, expected 33 | [ 30 ]\n"
        "Confidence | [ 7 ]\nNote | [ What moved it ]\nEvidence | [ https://… ]"
    )
    assert ids.unpack(view["private_metadata"]) == {"key": "KR-1"}


def test_the_update_form_without_a_key_result_asks_which() -> None:
    view = update_form(UpdateForm())
    assert check_view(view, "modal") == []
    assert plain(view["blocks"]).startswith("Key result | [ A key, or words of its title ]")
    asked = view["blocks"][0]
    assert "optional" not in asked
    assert asked["element"]["type"] == "external_select"
    assert asked["element"]["min_query_length"] == 0


@evil
def test_what_a_picker_offers_keeps_slacks_limits_with_the_key_first(text: str) -> None:
    options = suggested([Choice(f"KR-{n}", f"KR-{n} {text}") for n in range(150)])
    menu = {"type": "static_select", "action_id": "a", "options": options}
    assert check_message([{"type": "actions", "elements": [menu]}]) == []
    assert len(options) == 100
    assert all(one["text"]["text"].startswith(one["value"]) for one in options)


def test_a_picker_can_hold_what_is_chosen_already() -> None:
    picker = key_result_picker(action_id="kr_any", initial=Choice("KR-1", "KR-1 Onboarding"))
    assert check_message([{"type": "actions", "elements": [picker]}]) == []
    assert picker["initial_option"]["value"] == "KR-1"
