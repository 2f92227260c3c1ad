"""The co-owners' thread as they read it, what is said in it, its form, and what flags did as lines."""

from collections.abc import Callable

import pytest

from bot.views.flags import ended, form, news_line, reason_lines, said_in_thread, thread, words
from rituals.flags.questions import Question, Typed
from rituals.notices import FlagSaid
from sandbox.blocks import check_message, check_view
from tests.bot.views.reading import buttons, mrkdwn, plain, shown
from tests.bot.views.samples import EVIL, FLAG_ENDED, FLAG_THREAD, FLAG_WORDS, NEWS, REASONS, SAYS, SILENT, blown_up

ASKED = Question(
    thread=4,
    unit="crm",
    name="CRM",
    key="KR-1",
    title="Average onboarding time",
    measured_in="days",
    last="41 days",
    expected="33",
    typed=Typed(value="30 days", step="start the pilot", day="2026-12-01", note="two customers are live"),
)


def test_what_happened_comes_first_with_its_numbers_then_the_question_then_both_views() -> None:
    assert plain(thread(FLAG_THREAD).blocks) == (
        "KR-1 Average onboarding time is falling behind\n"
        "○ off track: 41 days, expected 33\n"
        "Pace: 34 points behind (16 % of the way, expected 50 %), since 10 Nov\n"
        "Stalled two rounds\n"
        "<@U03BO> <@U04MIA> What is the true value today, and what is the next step by when?\n"
        "CRM\n41 days (Bo Lind, Wed 4 Nov)\nNext: start the pilot by 1 Dec\n> the pilot is late "
        "Mobile\nnothing said yet (Mia Stone, Kim)\n"
        "[ CRM: change ] [ Mobile: answer ] [ Agree with 41 days ]\n"
        "Once all owners say the same within 2.5 days of each other, it is written as Bo's report."
    )


def test_a_direct_message_has_the_buttons_of_its_reader_only() -> None:
    mine = thread(FLAG_THREAD.model_copy(update={"mine": ("crm",)}))
    assert "[ Change ]" in plain(mine.blocks)
    assert "Agree" not in plain(mine.blocks)
    theirs = thread(FLAG_THREAD.model_copy(update={"mine": ("mobile",)}))
    assert "[ Answer ] [ Agree with 41 days ]" in plain(theirs.blocks)


def test_of_many_owners_each_has_a_button_to_answer() -> None:
    views = tuple(SILENT.model_copy(update={"unit_key": f"u{n}", "name": f"Unit {n}"}) for n in range(30))
    seven = thread(FLAG_THREAD.model_copy(update={"views": views[:7]}))
    assert "and 1 more owner\n" in plain(seven.blocks)
    assert len(buttons(seven.blocks)) == 7
    last = thread(FLAG_THREAD.model_copy(update={"views": views, "mine": ("u29",)}))
    assert "[ Answer ]" in plain(last.blocks)
    for many in (views, tuple(one.model_copy(update={"value": "41 days", "view": 3}) for one in views)):
        assert check_message(thread(FLAG_THREAD.model_copy(update={"views": many})).blocks) == []


def test_who_speaks_for_no_owner_any_more_reads_it_without_buttons() -> None:
    blocks = thread(FLAG_THREAD.model_copy(update={"mine": ()})).blocks
    assert buttons(blocks) == {}
    assert all(block["elements"] for block in blocks if block["type"] == "actions")
    assert "What is the true value today" in plain(blocks)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"state": "agreed", "agreed": "30 days", "step": "start the pilot"}, "agreed on 30 days; next: start the"),
        ({"state": "ended", "ended": "recovered"}, "recovered by itself"),
        ({"state": "ended", "ended": "closed"}, "cycle is over"),
        ({"state": "ended"}, "Nothing more is asked here."),
    ],
)
def test_an_ended_thread_says_how_and_has_no_buttons(changes: dict[str, object], says: str) -> None:
    shown_now = thread(FLAG_THREAD.model_copy(update=changes))
    assert says in plain(shown_now.blocks)
    assert buttons(shown_now.blocks) == {}
    assert says in shown(shown_now.text).replace("\u00a0", " ")


def test_without_a_distance_only_the_same_value_is_the_same() -> None:
    assert "say the same, it is written" in plain(thread(FLAG_THREAD.model_copy(update={"within": ""})).blocks)


def test_each_owners_last_words_are_quoted_and_linked() -> None:
    assert plain(words(FLAG_WORDS).blocks) == (
        "The last words of each\nCRM (Bo Lind, 9 Nov, words)\n> the API is late\nMobile: no words yet"
    )
    assert any("https://acme.slack.com/archives/C1/p1" in text for text in mrkdwn(words(FLAG_WORDS).blocks))


def test_what_one_says_and_how_it_ended_are_sentences_that_stand_alone() -> None:
    told = said_in_thread(FlagSaid(thread=4, key="KR-1", view=SAYS))
    assert plain(told.blocks) == "CRM (Bo Lind): 41 days; next: start the pilot by 1 Dec\n> the pilot is late"
    assert "CRM and Mobile agree: 30 days; next: start the pilot by 1 Dec." in plain(ended(FLAG_ENDED).blocks)


def test_somebody_without_a_name_is_not_named() -> None:
    hidden = SAYS.model_copy(update={"name": "a private unit", "by": ""})
    assert plain(said_in_thread(FlagSaid(thread=4, key="KR-1", view=hidden)).blocks).startswith("a private unit: 41")


def test_the_form_keeps_what_was_said_before() -> None:
    view = form(ASKED)
    assert check_view(view, "modal") == []
    assert plain(view["blocks"]) == (
        "KR-1 Average onboarding time as CRM sees it\n"
        "Value today in days | Expected 33 by now | [ 30 days ]\n"
        "Next step | [ start the pilot ]\nBy when | [  ]\nNote | [ two customers are live ]"
    )


@pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())
def test_the_form_keeps_slacks_limits_whatever_is_in_it(text: str) -> None:
    named = {"name": text, "title": text, "measured_in": text, "last": text, "expected": text}
    typed = Typed(value=text[:200], step=text[:500], day="2026-12-01", note=text[:500])
    assert check_view(form(Question(thread=4, unit="crm", key="KR-1", typed=typed, **named)), "modal") == []


@pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())
def test_lines_of_cards_ping_nobody_and_are_short(text: str) -> None:
    lines: list[Callable[[], str]] = [
        lambda: news_line(blown_up(NEWS, text)),
        *(lambda line=line: line for line in reason_lines([blown_up(line, text) for line in REASONS])),
    ]
    for line in lines:
        assert "<!" not in line().replace("<!date", "")
        assert "<@" not in line()
        assert len(line()) < 1500


def test_reasons_and_news_have_rule_numbers_day_and_next_step() -> None:
    assert [shown(line) for line in reason_lines(REASONS)] == [
        "Pace: 34 points behind (16 % of the way, expected 50 %), since 10 Nov\nNext: agree on what closes the gap",
        "Stalled two rounds\nNext: name what holds it up",
    ]
    assert shown(news_line(NEWS)) == "10 Nov  fell behind: 34 points behind"


def test_an_owner_nobody_is_asked_for_has_no_brackets() -> None:
    alone = FLAG_THREAD.model_copy(update={"views": (SILENT.model_copy(update={"people": (), "ping": ()}),)})
    assert "Mobile\nnothing said yet\n" in plain(thread(alone).blocks)
