"""A digest that waits, its form and its words; and how each audience's own parts and edited lines are shown."""

import pytest

from bot.views.digest_approval import approval, comment_form, edit_form, thanks, waiting
from bot.views.digests import digest
from rituals.digests.approving import EditForm
from rituals.digests.edits import Line
from rituals.notices import DigestWaiting
from sandbox.blocks import check_view
from tests.bot.views.reading import plain
from tests.bot.views.samples import APPROVAL, AT, DIGEST, EVIL, OWN_DIGEST


def test_a_digest_that_waits_says_where_it_goes_and_until_when_above_the_digest_itself() -> None:
    shown = plain(approval(APPROVAL).blocks)
    assert shown.startswith("Approve the digest of CRM, for the unit itself\nIt goes to ")
    assert "[ Approve and post ] [ Edit a line ] [ Do not post ]" in shown
    assert "Falling behind" in shown
    assert "[ Useful ]" not in shown


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("issued", "✓ Posted by Ana Ruiz: the digest of CRM"),
        ("skipped", "Not posted: the digest of CRM, for the unit itself. Nobody approved it by Mon 16 Nov, 18:00."),
        ("withdrawn", "Taken back: the digest of CRM"),
    ],
)
def test_later_it_says_what_became_of_it_and_no_more(state: str, says: str) -> None:
    shown = plain(approval(APPROVAL.model_copy(update={"state": state})).blocks)
    assert shown.startswith(says)
    assert "Falling behind" not in shown
    assert "Approve and post" not in shown


def test_the_undo_is_there_while_it_can_be_undone() -> None:
    posted = APPROVAL.model_copy(update={"state": "issued"})
    assert "[ Undo ]" in plain(approval(posted).blocks)
    assert "[ Undo ]" not in plain(approval(posted.model_copy(update={"undo_until": None})).blocks)


def test_the_words_in_the_thread_mention_who_must_act_and_only_then() -> None:
    reminder = DigestWaiting(issue=5, unit="CRM", audience="unit", user="U01BO", until=AT)
    assert waiting(reminder).text.startswith("<@U01BO> The digest of CRM, for the unit itself, waits for you above")
    lapsed = waiting(reminder.model_copy(update={"lapsed": True}))
    assert "<@" not in lapsed.text
    assert "was not posted: nobody approved it by" in lapsed.text


@pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())
def test_the_forms_take_whatever_stands_in_the_lines(text: str) -> None:
    lines = tuple(Line(f"blockers:{n}", "Blocker", text) for n in range(30))
    form = EditForm(5, text, lines, {line.place: text for line in lines}, "seen")
    assert check_view(edit_form(form), "modal") == []
    assert check_view(comment_form(5, text), "modal") == []


def test_the_form_has_every_line_as_it_stands_and_the_computed_words_below() -> None:
    lines = (Line("headline", "Headline", "Mine"), Line("blockers:0", "Blocker", "Payments holds up CRM"))
    view = edit_form(EditForm(5, "CRM", lines, {"headline": "One key result fell"}, "seen"))
    first, second = (block for block in view["blocks"] if block["type"] == "input")
    assert (first["block_id"], first["element"]["initial_value"]) == ("digest_line:headline", "Mine")
    assert first["hint"]["text"] == "Computed: One key result fell"
    assert "hint" not in second


def test_a_reader_is_told_that_they_can_change_their_mind() -> None:
    assert thanks(useful=True).text == "Noted: useful. You can change it by the other button."


def test_a_units_own_parts_stand_after_the_blockers_and_an_edited_line_says_whose_it_is() -> None:
    shown = plain(digest(OWN_DIGEST).blocks)
    assert shown.index("Blockers") < shown.index("Others wait for you") < shown.index("Due") < shown.index("Moved")
    assert shown.count("(edited by Ana Ruiz)") == 2
    assert "Not checked: 2 lines edited by Ana Ruiz." in shown


def test_when_nothing_changed_it_is_one_line_with_what_is_behind_all_the_same() -> None:
    quiet = DIGEST.model_copy(update={"nothing": True, "headline": "Nothing changed since 6 Nov."})
    assert plain(digest(quiet).blocks) == (
        "Product suite · week of 9 Nov · 2026-Q4 is 44 % through\nNothing changed since 6 Nov.\n"
        "Falling behind  still KR-1; the lists are in the thread\n"
        "Worded by rules; the figures are always computed.\n[ Useful ] [ Not useful ]"
    )
