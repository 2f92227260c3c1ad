"""A whole message is within what Slack takes of one, however long its parts: none of it is refused for its size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views import VIEWS, plainer
from bot.views.blocks import actions, button, context, fields, message, section
from bot.views.fitting import MESSAGE_TEXT, SHORTEST, characters, fitted
from rituals.notices import DigestDetails, Home, Notice
from sandbox.blocks import check_message
from tests.bot.views.reading import buttons, plain
from tests.bot.views.samples import EVIL, NOTICE_SAMPLES, blown_up

POSTED = [notice for notice in NOTICE_SAMPLES if not isinstance(notice, Home)]
TEXTS = st.lists(st.integers(1, 3000), min_size=1, max_size=49)


@pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())
@pytest.mark.parametrize("notice", POSTED, ids=lambda notice: notice.KIND)
def test_the_most_extreme_notice_is_not_too_long_as_a_whole(notice: Notice, text: str) -> None:
    extreme = blown_up(notice, text)
    for shown in (VIEWS[notice.KIND](extreme), *plainer(extreme)):
        assert characters(shown.blocks) <= MESSAGE_TEXT


def test_two_hundred_lines_of_a_digest_are_shown_as_far_as_they_go_and_the_rest_is_counted() -> None:
    lines = tuple(
        f"KR-{n} Accounts on three products fell behind and wait for an answer of Payments" for n in range(200)
    )
    shown = VIEWS[DigestDetails.KIND](DigestDetails(digest=1, title="Falling behind", lines=lines))
    assert check_message(shown.blocks) == []
    assert characters(shown.blocks) <= MESSAGE_TEXT
    told = plain(shown.blocks)
    seen = sum(f"KR-{n} " in told for n in range(200))
    assert 100 < seen < 200
    assert f"and {200 - seen} more" in told
    assert "…" not in told


@given(lengths=TEXTS)
def test_only_the_longest_texts_give_way_and_every_block_stays(lengths: list[int]) -> None:
    blocks = [section("word " * (n // 5) + "x" * (n % 5)) for n in lengths]
    kept = fitted(blocks)
    assert len(kept) == len(blocks)
    assert characters(kept) <= max(MESSAGE_TEXT, SHORTEST * len(blocks))
    most = max(characters(block) for block in kept)
    assert all(after == before for before, after in zip(blocks, kept, strict=True) if characters(before) <= most // 2)


def test_what_fits_is_not_touched() -> None:
    blocks = [section("a" * 2900), section("b" * 2900), section("c" * 2900)]
    assert fitted(blocks) == blocks


def test_fields_and_small_print_give_way_too_and_buttons_do_not() -> None:
    blocks = [fields(["word " * 390] * 4), context("word " * 500), actions(button("Answer", "answer", "1"))] * 4
    shown = message("long", blocks)
    assert characters(shown.blocks) <= MESSAGE_TEXT
    assert buttons(shown.blocks) == {"answer": "1"}
