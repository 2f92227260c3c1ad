"""A status set by hand as people see it: in full on a card and in a thread, short in lists, forms and tables."""

import pytest

from bot.views import ids
from bot.views.answer_form import field_blocks
from bot.views.cards import card
from bot.views.flags import thread
from bot.views.history import history
from bot.views.lines import asked_line, kr_line, saved_line
from bot.views.okrs import list_page, update_form
from bot.views.reminders import kr_nudge
from rituals.checkins.form import FormField
from rituals.notices import KrNudge
from rituals.okrs.cards import HistoryPage, UpdateForm
from sandbox.blocks import check_message, check_view
from tests.bot.views.reading import plain
from tests.bot.views.samples import (
    CARD,
    EVIL,
    FLAG_THREAD,
    HISTORY,
    HISTORY_PAGE,
    SAVED,
    SET_BY_HAND,
    blown_up,
    list_of,
)

BESIDE = "at risk, set by Bo Lindqvist (computed off track)"
ON_CARD = CARD.model_copy(update={"line": SET_BY_HAND})
SILENT = SET_BY_HAND.model_copy(
    update={
        "status": "stale",
        "by_hand": SET_BY_HAND.by_hand and SET_BY_HAND.by_hand.model_copy(update={"status": "on_track"}),
    }
)


def test_a_card_says_who_set_it_why_and_what_is_computed_and_keeps_its_flags() -> None:
    shown = plain(card(ON_CARD).blocks)
    assert "◐ at risk, set by Bo Lindqvist: the vendor slips (computed ○ off track)\n41 days, expected 33" in shown
    assert "Falling behind" in shown
    assert BESIDE in card(ON_CARD).text


def test_silence_stands_before_what_was_set() -> None:
    shown = plain(card(CARD.model_copy(update={"line": SILENT})).blocks)
    assert "◌ stale (Bo Lindqvist set ● on track: the vendor slips)" in shown
    assert kr_line(SILENT).startswith("◌ ")
    assert "stale (Bo Lindqvist set on track)" in kr_line(SILENT)


def test_lists_and_prompts_have_it_short_with_the_shape_of_what_was_set() -> None:
    assert kr_line(SET_BY_HAND).startswith("◐ *KR-1* Average onboarding time: ")
    assert kr_line(SET_BY_HAND).endswith(f", {BESIDE}")
    assert BESIDE in asked_line(SET_BY_HAND)
    assert BESIDE in plain(list_page(list_of((SET_BY_HAND,), title="All")).blocks)


def test_a_check_in_form_and_a_nudge_say_it() -> None:
    field = FormField(key="KR-1", title="Onboarding", status="off_track", by_hand=SET_BY_HAND.by_hand)
    assert f"◐ {BESIDE}" in plain(field_blocks(field))
    nudge = KrNudge(
        key="KR-1", title="Onboarding", status="off_track", by_hand=SET_BY_HAND.by_hand, user="U1", by="Ana"
    )
    assert f"Known so far: ◐ {BESIDE}" in plain(kr_nudge(nudge).blocks)


def test_a_thread_about_a_flag_says_it() -> None:
    shown = plain(thread(FLAG_THREAD.model_copy(update={"line": SET_BY_HAND})).blocks)
    assert "set by Bo Lindqvist: the vendor slips (computed ○ off track)\n41 days" in shown


def test_the_update_form_offers_three_statuses_with_the_reason_and_says_what_stands() -> None:
    form = UpdateForm(key="KR-1", title="Onboarding", computed="off_track", by_hand=SET_BY_HAND.by_hand)
    fields = {block["block_id"]: block for block in update_form(form)["blocks"] if "block_id" in block}
    status = fields[ids.KR_STATUS]
    assert [one["value"] for one in status["element"]["options"]] == ["on_track", "at_risk", "off_track"]
    assert "initial_option" not in status["element"]
    assert BESIDE in status["hint"]["text"].replace("\N{NO-BREAK SPACE}", " ")
    chosen = form.model_copy(update={"status": "at_risk", "status_reason": "vendor slips"})
    fields = {block["block_id"]: block for block in update_form(chosen)["blocks"] if "block_id" in block}
    assert fields[ids.KR_STATUS]["element"]["initial_option"]["value"] == "at_risk"
    assert fields[ids.KR_REASON]["element"]["initial_value"] == "vendor slips"


def test_what_was_saved_and_the_history_say_what_was_set() -> None:
    given = {"status": "at_risk", "status_reason": "vendor slips"}
    assert saved_line(SAVED.model_copy(update=given)).endswith(", set ◐ at risk: vendor slips")
    told = CARD.model_copy(update={"history": (HISTORY.model_copy(update=given),)})
    assert "set ◐ at risk: vendor slips" in plain(card(told).blocks)
    event = HISTORY_PAGE.events[1].model_copy(update={**given, "after": None})
    page = HistoryPage(key="KR-1", title="Onboarding", events=(event,))
    assert "set ◐ at risk: vendor slips" in plain(history(page).blocks)


@pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())
def test_whatever_the_reason_and_the_name_are_it_fits_and_calls_nobody(text: str) -> None:
    hostile = blown_up(ON_CARD, text)
    for shown in (card(hostile), list_page(list_of((hostile.line,), title="All"))):
        assert check_message(shown.blocks) == []
        texts = [block["text"]["text"] for block in shown.blocks if block["type"] == "section" and "text" in block]
        assert texts
        assert not any("<!channel" in one or "<!here" in one for one in texts)
    form = UpdateForm(key="KR-1", title="x", computed="off_track", by_hand=hostile.line.by_hand, status_reason=text)
    assert check_view(update_form(form), "modal") == []
