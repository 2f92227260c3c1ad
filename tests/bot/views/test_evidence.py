"""The form, the confirmation and the line of evidence."""

import pytest

from bot.views import ids
from bot.views.cards import card
from bot.views.evidence import evidence_added, evidence_form, evidence_line
from rituals.notices import EvidenceLine
from sandbox.blocks import check_message, check_view
from tests.bot.views.reading import buttons, plain, shown
from tests.bot.views.samples import AT, CARD, EVIL, LINK

LINE = EvidenceLine(
    id=3,
    key="KR-1",
    title="Onboarding time",
    excerpt="pilot is live",
    by="Ana Ruiz",
    said_at=AT,
    permalink=LINK,
    fresh=True,
)


@pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())
def test_whatever_was_said_the_views_are_valid(text: str) -> None:
    assert check_view(evidence_form(text, private=False, metadata="{}"), "modal") == []
    line = LINE.model_copy(update={"title": text, "excerpt": text, "by": text})
    assert check_message(evidence_added(line).blocks) == []


def test_the_form_says_who_reads_the_words_and_who_can_follow_the_link() -> None:
    public = plain(evidence_form("pilot is live", private=False, metadata="{}")["blocks"])
    assert "Everybody who sees the key result reads these words and can open the link." in public
    private = plain(evidence_form("between us", private=True, metadata="{}")["blocks"])
    assert "only its link is kept, not its words, and only people in that conversation can open it" in private


def test_the_confirmation_names_the_key_result_and_has_a_way_back() -> None:
    message = evidence_added(LINE)
    assert plain(message.blocks) == (
        "Added as evidence for KR-1 Onboarding time:\n“pilot is live” Ana Ruiz, Wed 4 Nov\n[ Undo ] [ Show ]"
    )
    assert buttons(message.blocks) == {ids.EVIDENCE_UNDO: "3", "okr_show:KR-1": "KR-1"}


def test_a_private_message_is_a_link_without_words() -> None:
    line = LINE.model_copy(update={"excerpt": "", "by": ""})
    assert shown(evidence_line(line)) == "a private message Wed 4 Nov"
    assert LINK in evidence_line(line)


def test_a_card_shows_its_evidence_between_blockers_and_updates() -> None:
    text = plain(card(CARD.model_copy(update={"evidence": (LINE,)})).blocks)
    assert "Evidence\n“pilot is live” Ana Ruiz, Wed 4 Nov\nLast updates" in text
    assert "Evidence" not in plain(card(CARD).blocks)
