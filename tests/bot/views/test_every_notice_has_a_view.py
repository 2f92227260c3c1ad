"""A promise: nothing can be put in the outbox that cannot be shown, and whatever it holds, Slack takes it."""

from inspect import signature
from itertools import pairwise
from typing import get_type_hints

import pytest

from bot.later import found
from bot.uploads import FILES
from bot.views import LADDERS, VIEWS, WHERE, home_view, plainer
from bot.views.mine import mine
from rituals import notices
from rituals.notices import NOTICES, Home, Notice
from rituals.notices.parts import Filed
from sandbox.blocks import check_message, check_view
from tests.bot.views.reading import mrkdwn
from tests.bot.views.samples import EVIL, HOME, NOTICE_SAMPLES, OWED, PROMPT, blown_up

POSTED = [notice for notice in NOTICE_SAMPLES if not isinstance(notice, Home)]
by_kind = pytest.mark.parametrize("notice", POSTED, ids=lambda notice: notice.KIND)
evil = pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())


def test_every_kind_but_home_has_a_view_and_home_has_its_own() -> None:
    assert set(VIEWS) == set(NOTICES) - {Home.KIND}


@pytest.mark.parametrize("kind", WHERE)
def test_a_view_is_made_for_its_notice(kind: str) -> None:
    view = found(f"bot.views.{WHERE[kind]}")
    assert get_type_hints(view)[next(iter(signature(view).parameters))] is NOTICES[kind]
    assert kind == NOTICES[kind].KIND


def test_every_name_of_the_notices_is_there_and_another_is_an_ordinary_mistake() -> None:
    assert all(getattr(notices, name) for name in notices.__all__)
    with pytest.raises(AttributeError, match="Kingdom"):
        notices.__getattr__("Kingdom")


def test_these_tests_cover_every_kind() -> None:
    assert {notice.KIND for notice in NOTICE_SAMPLES} == set(NOTICES)


def test_what_carries_files_has_what_makes_them_and_the_words_above_them() -> None:
    assert set(FILES) == {kind for kind, notice in NOTICES.items() if issubclass(notice, Filed)}
    for kind, (maker, words) in FILES.items():
        assert get_type_hints(found(maker))["notice"] is NOTICES[kind]
        assert NOTICES[kind] in get_type_hints(found(words)).values()


@by_kind
def test_a_usual_notice_is_a_valid_message_with_a_sentence_as_fallback(notice: Notice) -> None:
    shown = VIEWS[notice.KIND](notice)
    assert check_message(shown.blocks) == []
    assert len(shown.text) > 20
    assert "\n" not in shown.text


@evil
@by_kind
def test_the_most_extreme_notice_is_still_a_valid_message(notice: Notice, text: str) -> None:
    shown = VIEWS[notice.KIND](blown_up(notice, text))
    assert check_message(shown.blocks) == []
    assert len(shown.text) <= 3000


@evil
@by_kind
def test_what_is_tried_when_slack_refuses_blocks_ends_with_the_text_alone(notice: Notice, text: str) -> None:
    extreme = blown_up(notice, text)
    rungs = plainer(extreme)
    assert len(rungs) == 1 + len(LADDERS.get(notice.KIND, ()))
    assert all(check_message(rung.blocks) == [] for rung in rungs)
    assert [block["type"] for block in rungs[-1].blocks] == ["section"]
    assert rungs[-1].text == VIEWS[notice.KIND](extreme).text


def test_every_rung_gives_up_what_slack_may_have_refused() -> None:
    may_be_refused = {"data_visualization": 2, "table": 1}
    for notice in POSTED:
        rungs = [VIEWS[notice.KIND](notice), *plainer(notice)]
        most = [max(may_be_refused.get(block["type"], 0) for block in rung.blocks) for rung in rungs]
        assert most[-1] == 0
        assert all(below < above or above == 0 for above, below in pairwise(most)), (notice.KIND, most)


@evil
@pytest.mark.parametrize("notice", [HOME, OWED], ids=["usual", "asked to own"])
def test_the_most_extreme_home_is_still_a_valid_view(notice: Home, text: str) -> None:
    assert check_view(home_view(blown_up(notice, text)), "home") == []
    assert check_message(mine(blown_up(notice, text)).blocks) == []


@pytest.mark.parametrize("notice", [HOME, OWED], ids=["usual", "asked to own"])
def test_a_usual_home_is_a_valid_view(notice: Home) -> None:
    assert check_view(home_view(notice), "home") == []


@by_kind
def test_what_people_wrote_never_pings_anyone(notice: Notice) -> None:
    shown = VIEWS[notice.KIND](blown_up(notice, EVIL["mentions of everyone"]))
    for text in [shown.text, *mrkdwn(shown.blocks)]:
        assert "<!channel" not in text
        assert "<!here" not in text
        assert "<@U999" not in text
        assert "<!subteam" not in text


@by_kind
def test_slack_is_told_not_to_look_for_names_in_texts(notice: Notice) -> None:
    shown = VIEWS[notice.KIND](notice)
    assert all(part.get("verbatim") for part in _texts(shown.blocks))


def _texts(value: object) -> list[dict[str, object]]:
    if isinstance(value, dict):
        own = [value] if value.get("type") == "mrkdwn" else []
        return own + [text for part in value.values() for text in _texts(part)]
    return [text for part in value for text in _texts(part)] if isinstance(value, list) else []


def test_a_view_refuses_the_data_of_another_kind() -> None:
    with pytest.raises(TypeError, match="digest cannot show CheckinPrompt"):
        VIEWS["digest"](PROMPT)
    with pytest.raises(TypeError, match="home cannot show CheckinPrompt"):
        home_view(PROMPT)
