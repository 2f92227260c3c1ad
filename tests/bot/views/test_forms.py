"""The forms: what is asked, what stands in the fields, and that a form of a hundred key results still opens."""

import pytest

from bot.views import ids
from bot.views.answer_form import KINDS as KINDS_SHOWN
from bot.views.answer_form import answer_form, queue_of, still_owed
from bot.views.answer_typed import typed_over
from bot.views.okrs import update_form
from bot.views.pickers import key_result_picker, suggested
from bot.views.ratings import comment_form
from rituals.checkins.form import Queue
from rituals.checkins.registering import KINDS
from rituals.errors import Choice
from rituals.okrs.cards import UpdateForm
from sandbox.blocks import check_message, check_view
from tests.bot.views.reading import plain
from tests.bot.views.samples import ANSWER_FORM, AT, EVIL, UPDATE_FORM, blown_up

evil = pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())


def test_the_answer_form_asks_value_confidence_and_note_for_each_and_the_other_questions() -> None:
    assert plain(answer_form(ANSWER_FORM)["blocks"]) == (
        "Product suite: fill in what you know. What stays empty is left as it is.\n"
        "1 Are shared key results on track?\n"
        "KR-1 Average onboarding time | ○ off track; last 41 days, expected 33 | [ Last: 41 days ]\n"
        "KR-1 confidence | [ Last: 6 of 10 ]\n"
        "KR-1 note and evidence | [ What moved it; a link as evidence ]\n"
        "KR-7 Accounts on three products | ◌ no data. How does it look from your side? A value or a confidence. "
        "| [ A number, such as 30 or 45% or +5 ]\n"
        "KR-7 confidence | [ 0 no hope to 10 certain ]\n"
        "KR-7 note and evidence | [ What moved it; a link as evidence ]\n"
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
        "Confidence | [ 7 ]\nNote | [ What moved it ]\nEvidence | [ https://… ]\n"
        "Status, if it is not what the figures say | Now ◐ at risk, set by Bo Lindqvist (computed off track). "
        "What you set stands beside it until the next update. | [ on_track ]\n"
        "Reason for that status | [ the vendor promised ]"
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


MANY = ANSWER_FORM.model_copy(
    update={
        "fields": tuple(
            ANSWER_FORM.fields[0].model_copy(update={"key": f"KR-{n}", "first": n <= 3}) for n in range(1, 16)
        )
    }
)


def test_a_form_of_fifteen_shows_what_matters_and_a_button_for_the_rest() -> None:
    view = answer_form(MANY)
    shown = plain(view["blocks"])
    assert "KR-3 confidence" in shown
    assert "KR-4 confidence" not in shown
    assert "12 more key results on pace or said already: leave them, or\n[ Show all 15 ]" in shown
    assert check_view(view, "modal") == []


def test_everything_is_shown_on_demand_within_slacks_limit() -> None:
    view = answer_form(MANY.model_copy(update={"everything": True}))
    assert "KR-15 confidence" in plain(view["blocks"])
    assert "Show all" not in plain(view["blocks"])
    assert len(view["blocks"]) <= 100
    assert ids.unpack(view["private_metadata"])["all"] == 1


def test_of_several_check_ins_the_form_says_how_far_the_lead_is_and_offers_to_skip() -> None:
    first = answer_form(ANSWER_FORM.model_copy(update={"queue": Queue(rest=(32, 33), total=3)}))
    assert plain(first["blocks"]).startswith("3 check-ins wait for you. [ Skip for now ]\n")
    second = answer_form(ANSWER_FORM.model_copy(update={"queue": Queue(rest=(33,), done=1, total=3)}))
    assert plain(second["blocks"]).startswith("1 of 3 done. [ Skip for now ]\n")
    last = answer_form(ANSWER_FORM.model_copy(update={"queue": Queue(done=2, total=3)}))
    assert plain(last["blocks"]).startswith("2 of 3 done.\n")
    assert queue_of(ids.unpack(second["private_metadata"])) == Queue(rest=(33,), done=1, total=3)


def test_the_end_of_a_queue_names_what_still_waits() -> None:
    view = still_owed([(31, 4, "CRM")], Queue(done=1, total=2))
    assert plain(view["blocks"]) == "1 of 2 done. Still open:\nCheck-in 4 · CRM [ Answer ]"
    assert check_view(view, "modal") == []
    assert "submit" not in view


def test_a_late_form_says_that_the_answer_is_marked() -> None:
    late = plain(answer_form(ANSWER_FORM.model_copy(update={"late": True, "due_at": AT}))["blocks"])
    assert "It was due Wed 4 Nov 17:00 UTC; your answer is kept and marked late." in late


def test_what_was_said_of_a_blocker_and_a_change_stands_in_its_fields() -> None:
    form = ANSWER_FORM.model_copy(
        update={"kind": "decision", "owner": "U04MIA", "next_step": "asks Ana", "reason": "slipped", "answer": 9}
    )
    found = {b["block_id"]: b["element"] for b in answer_form(form)["blocks"] if b["type"] == "input"}
    assert found[ids.BLOCKER_KIND]["initial_option"]["value"] == "decision"
    assert found[ids.BLOCKER_OWNER]["initial_user"] == "U04MIA"
    assert found[ids.BLOCKER_NEXT]["initial_value"] == "asks Ana"
    assert found[ids.CHANGE_REASON]["initial_value"] == "slipped"


def test_the_forms_kinds_of_blockers_are_those_that_are_kept() -> None:
    assert set(KINDS_SHOWN) == KINDS


def test_what_was_typed_stands_in_the_fuller_form() -> None:
    view = {"blocks": [], "state": {"values": {
        "kr_value:KR-1": {"kr_value:KR-1": {"type": "plain_text_input", "value": "30"}},
        "kr_confidence:KR-1": {"x": {"type": "static_select", "selected_option": {"value": "7"}}},
        "blocker_owner": {"x": {"type": "users_select", "selected_user": "U04MIA"}},
        "question:2": {"x": {"type": "plain_text_input", "value": None}},
    }}}  # fmt: skip
    form = typed_over(MANY.model_copy(update={"blockers": "the API"}), view)
    assert (form.fields[0].value, form.fields[0].confidence, form.owner, form.blockers) == ("30", 7, "U04MIA", "")
    assert form.fields[1] == MANY.fields[1]
