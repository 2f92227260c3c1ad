"""The forms to add and edit within Slack's limits, what is read back from them, and what was saved."""

from typing import Any

import pytest

from bot.views import authoring, ids
from bot.views.cards import card
from rituals.okrs.authoring.cards import LONG, Authored, AuthorForm, Field, Pick
from sandbox.blocks import check_message, check_view
from sandbox.elements import state_of
from tests.bot.views.reading import buttons, plain
from tests.bot.views.samples import CARD, EVIL, blown_up

evil = pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())

FIELDS = (
    Field(name="title", label="Key result", value="Average onboarding time", optional=False),
    Field(
        name="kind",
        label="Kind",
        kind="one",
        value="decrease",
        picks=(
            Pick(value="increase", label="Increase to a target"),
            Pick(value="decrease", label="Decrease to a target"),
        ),
        redraws=True,
    ),
    Field(name="milestones", label="Milestones", kind="long", value="Pilot | 2", hint="One a line"),
    Field(name="owners", label="Owners", kind="several", chosen=("crm",), picks=(Pick(value="crm", label="CRM"),)),
    Field(name="reporter", label="Reporter", kind="person", value="U03BO"),
    Field(name="leads", label="Leads", kind="people", chosen=("U03BO", "U04MIA")),
    Field(name="channel", label="Channel", kind="channel", value="C03CRM"),
    Field(name="starts", label="Starts", kind="day", value="2026-11-01"),
    Field(name="private", label="Private", kind="yes", value="yes", placeholder="Only its leads see it"),
)
FORM = AuthorForm(
    what="key_result",
    title="Edit KR-1",
    key="KR-1",
    fields=FIELDS,
    hidden={"start": "45"},
    effect="expected today 49 % → 61 %",
    advice=("It has no date. Say by when.",),
    told=True,
)
SAVED = Authored(
    what="key_result", key="KR-1", title="Average onboarding time", action="edit", changes=("target 20 → 15",),
    effect="expected today stays 51 %, progress 36 % → 30 %", advice=FORM.advice,
)  # fmt: skip


def test_advice_and_effect_stand_above_the_fields_and_saving_is_offered_all_the_same() -> None:
    view = authoring.form(FORM)
    assert check_view(view, "modal") == []
    assert plain(view["blocks"]).splitlines()[:3] == [
        "What it changes  Expected today 49 % → 61 %.", "Advice", "–  It has no date. Say by when.",
    ]  # fmt: skip
    assert view["submit"]["text"] == "Save anyway"
    assert authoring.form(FORM.model_copy(update={"advice": ()}))["submit"]["text"] == "Save"


def test_who_decides_is_said_and_the_button_proposes() -> None:
    view = authoring.form(FORM.model_copy(update={"deciders": "Ana Ruiz"}))
    assert "It is shared, so Ana Ruiz decides. You can propose it." in plain(view["blocks"])
    assert view["submit"]["text"] == "Propose"


def test_what_stands_in_the_modal_is_read_back_as_it_was_with_what_is_hidden() -> None:
    view = authoring.form(FORM, channel="C03CRM")
    state = {"state": {"values": state_of(view["blocks"], {})}}
    typed = authoring.typed(state, ids.unpack(view["private_metadata"]))
    assert (typed.what, typed.key, typed.told) == ("key_result", "KR-1", True)
    texts = {"title": "Average onboarding time", "kind": "decrease", "milestones": "Pilot | 2", "start": "45"}
    rest = {"reporter": "U03BO", "channel": "C03CRM", "starts": "2026-11-01", "private": "yes"}
    assert {name: typed.text(name) for name in texts | rest} == texts | rest
    assert (typed.several("owners"), typed.several("leads")) == (("crm",), ("U03BO", "U04MIA"))


def test_an_empty_form_is_read_as_empty() -> None:
    bare = tuple(field.model_copy(update={"value": "", "chosen": ()}) for field in FIELDS)
    view = authoring.form(FORM.model_copy(update={"fields": bare, "hidden": {}}))
    typed = authoring.typed({"state": {"values": state_of(view["blocks"], {})}}, ids.unpack(view["private_metadata"]))
    assert {name for name, text in typed.texts.items() if text} == set()
    assert typed.several("owners") == typed.several("leads") == ()


def test_only_the_choice_on_which_others_depend_is_sent_at_once() -> None:
    view = authoring.form(FORM)
    assert [block["block_id"] for block in view["blocks"] if block.get("dispatch_action")] == [ids.AUTHOR_KIND]


@evil
def test_the_most_extreme_forms_and_replies_are_valid(text: str) -> None:
    form = blown_up(FORM, text).model_copy(update={"fields": tuple(_named(n, f, text) for n, f in enumerate(FIELDS))})
    assert check_view(authoring.form(form), "modal") == []
    for action in ("add", "edit", "same", "propose"):
        reply = blown_up(SAVED, text).model_copy(update={"action": action, "key": "KR-1", "number": 3})
        assert check_message(authoring.saved(reply).blocks) == []
    assert check_message(authoring.what_to_add().blocks) == []


def _named(number: int, field: Field, text: str) -> Field:
    """Distinct names and choices, as a portfolio gives them; everything that is read is extreme."""
    picks = tuple(Pick(value=f"KR-{n}", label=text) for n in range(150)) if field.picks else ()
    chosen: dict[str, Any] = {"value": text} if field.kind in {"text", "long", "one"} else {}
    return field.model_copy(update={"label": text, "hint": text, "placeholder": text, "picks": picks, **chosen})


def test_what_is_hidden_fits_beside_the_rest_into_what_slack_keeps() -> None:
    names = ("start", "target", "low", "high", "tolerance", "measured_in")
    hidden = {**dict.fromkeys(names, "9" * 100), "milestones": "m" * LONG, "due": "2026-11-30"}
    view = authoring.form(
        FORM.model_copy(update={"hidden": hidden}), channel="C" * 20, url="https://x.example/" + "u" * 200
    )
    assert check_view(view, "modal") == []


def test_a_hidden_text_of_nothing_but_quotes_still_opens_a_form() -> None:
    view = authoring.form(FORM.model_copy(update={"hidden": {"milestones": '"\n' * (LONG // 2), "start": "45"}}))
    assert check_view(view, "modal") == []
    assert ids.unpack(view["private_metadata"])["h_start"] == "45"


def test_what_was_saved_is_told_with_what_it_changed_and_the_way_on() -> None:
    message = authoring.saved(SAVED)
    assert plain(message.blocks) == (
        "Saved: KR-1\nAverage onboarding time\nTarget 20 → 15\n"
        "Expected today stays 51 %, progress 36 % → 30 %\nAdvice: It has no date. Say by when.\n[ Show ] [ Edit ]"
    )
    assert buttons(message.blocks)[ids.AUTHOR_EDIT] == "KR-1"


def test_a_proposal_says_its_number_and_that_nothing_was_changed() -> None:
    message = authoring.saved(SAVED.model_copy(update={"action": "propose", "number": 3, "deciders": "Ana Ruiz"}))
    assert "Proposed as A-3: KR-1 is shared, so Ana Ruiz decides. Nothing was changed yet." in plain(message.blocks)


def test_a_new_objective_offers_its_first_key_result() -> None:
    message = authoring.saved(Authored(what="objective", key="O-9", title="Sell by itself", action="add"))
    assert buttons(message.blocks)[f"{ids.AUTHOR_ADD}:kr"] == "kr O-9"


def test_a_card_offers_its_form_to_who_may_open_it_and_says_in_a_line_what_is_advised() -> None:
    assert ids.AUTHOR_EDIT in buttons(card(CARD).blocks)
    assert "Advice: It has no metric." in plain(card(CARD).blocks)
    other = CARD.model_copy(update={"editable": False, "advice": ""})
    assert ids.AUTHOR_EDIT not in buttons(card(other).blocks)
    assert "Advice" not in plain(card(other).blocks)
