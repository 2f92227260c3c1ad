"""The rating: the question, the vote shown and changed, the result."""

from dataclasses import replace

import pytest

from bot.views import ids
from bot.views.home import home_view
from bot.views.mine import mine
from bot.views.polls import closed, closing, opened
from bot.views.ratings import FOR_GOOD, ask, reminder, result
from rituals.notices import Owed, RatingAsk, RatingLine, RatingReminder, RatingResult
from rituals.ratings.by_hand import Opened
from sandbox.blocks import check_message
from tests.bot.views.reading import buttons, elements, plain
from tests.bot.views.samples import AT, EVIL, HOME

ASK = RatingAsk(poll=2, person=8, cycle="2026-Q4", unit="Product suite", closes_at=AT)
UNSIGNED = ASK.model_copy(update={"anonymous": True, "fewest": 4})
POLL = Opened(poll=2, unit="Product suite", cycle="2026-Q4", asked=7, voted=3, closes_at=AT)
SECRET = Opened(poll=2, unit="Product suite", cycle="2026-Q4", asked=3, voted=3, closes_at=AT, anonymous=True, fewest=4)
RESULT = RatingResult(
    poll=2, unit="Product suite", cycle="2026-Q4", mean=3.8, spread=0.94, votes=6, asked=7,
    scores={1: 0, 2: 0, 3: 2, 4: 3, 5: 1}, before=("2026-Q3", 4.1), comments=(("CRM", "weekly sync\nhelps"),),
)  # fmt: skip


def test_the_question_has_five_buttons_and_says_who_sees_the_vote() -> None:
    assert plain(ask(ASK).blocks) == (
        "How well did the product lines of Product suite work together in 2026-Q4?\n1 not at all – 5 seamlessly\n"
        "[ 1 ] [ 2 ] [ 3 ] [ 4 ] [ 5 ]\n"
        "One vote each, changeable until Wed 4 Nov 17:00 UTC. It is not anonymous: the result shows a mean for each "
        "product line, and a sentence with your name."
    )
    assert buttons(ask(ASK).blocks) == dict.fromkeys(ids.RATING_VOTES, "2")
    assert [e.get("accessibility_label") for e in elements(ask(ASK).blocks)][::4] == ["1 not at all", "5 seamlessly"]


@pytest.mark.parametrize("score", range(1, 6))
def test_the_vote_given_is_marked_and_stays_changeable(score: int) -> None:
    shown = ask(ASK.model_copy(update={"score": score}))
    marked = [e["action_id"] for e in elements(shown.blocks) if e.get("style") == "primary"]
    assert marked == [ids.RATING_VOTES[score - 1]]
    assert f"You said {score}." in plain(shown.blocks)
    assert buttons(shown.blocks)[ids.RATING_COMMENT] == "2"


def test_the_sentence_is_shown_and_can_be_changed() -> None:
    shown = plain(ask(ASK.model_copy(update={"score": 4, "comment": "weekly sync"})).blocks)
    assert "You said 4.\n> weekly sync\n[ Change the sentence ]" in shown


def test_a_closed_question_has_no_buttons() -> None:
    voted = ask(ASK.model_copy(update={"score": 4, "closed": True}))
    assert buttons(voted.blocks) == {}
    assert plain(voted.blocks).endswith("Closed; you said 4.")
    assert ask(ASK.model_copy(update={"closed": True})).text.endswith("Closed; you did not vote.")


def test_the_result_has_mean_spread_response_rate_and_the_last_cycle() -> None:
    assert plain(result(RESULT).blocks) == (
        "Working together in 2026-Q4, Product suite: 3.8 of 5 (−0.3 since 2026-Q3, 4.1)\n"
        "6 of 7 voted (86 %), spread 0.9. 1 said 5, 3 said 4, 2 said 3.\n"
        "CRM:\n> weekly sync\n> helps"
    )
    assert result(RESULT).text == (
        "Working together in 2026-Q4, Product suite: 3.8 of 5 (−0.3 since 2026-Q3, 4.1). "
        "6 of 7 voted (86 %), spread 0.9."
    )


def test_a_first_result_has_nothing_to_compare_with() -> None:
    shown = plain(result(RESULT.model_copy(update={"before": None, "comments": ()})).blocks)
    assert shown.startswith("Working together in 2026-Q4, Product suite: 3.8 of 5\n")


def test_a_poll_without_votes_says_so_and_gives_no_mean() -> None:
    none = RESULT.model_copy(update={"mean": None, "spread": None, "votes": 0, "scores": {}, "comments": ()})
    assert plain(result(none).blocks) == (
        "Working together in 2026-Q4, Product suite: nobody of 7 voted, so there is no rating."
    )


def test_an_anonymous_question_says_before_the_press_that_a_vote_cannot_be_changed() -> None:
    shown = ask(UNSIGNED)
    assert plain(shown.blocks).endswith(
        "Anonymous, until Wed 4 Nov 17:00 UTC. That you voted is kept apart from what you vote, with nothing to join "
        "the two, so a vote cannot be changed. The result and the sentences, shuffled, are shown from 4 votes on."
    )
    asked = [e["confirm"] for e in elements(shown.blocks) if "confirm" in e]
    assert [one["title"]["text"] for one in asked] == [f"Vote {score} of 5?" for score in range(1, 6)]
    assert {one["text"]["text"] for one in asked} == {FOR_GOOD}
    assert [block["type"] for block in shown.blocks] == ["section", "input", "actions", "context"]


def test_after_an_anonymous_vote_the_question_says_that_one_voted_and_not_what() -> None:
    shown = ask(UNSIGNED.model_copy(update={"voted": True}))
    assert plain(shown.blocks).endswith(
        "You have voted. What you chose is kept apart from your name, so it cannot be shown or changed.\n"
        "The result comes Wed 4 Nov 17:00 UTC."
    )
    assert elements(shown.blocks) == []
    over = {"voted": True, "closed": True}
    assert plain(ask(UNSIGNED.model_copy(update=over)).blocks).endswith("Closed; you voted.")


def test_home_and_the_bare_command_ask_before_an_anonymous_vote_counts_too() -> None:
    owed = Owed(what="rating", poll=2, unit="Product suite", due_at=AT, anonymous=True)
    notice = HOME.model_copy(update={"owed": (owed,)})
    for blocks in (home_view(notice)["blocks"], mine(notice).blocks):
        votes = [e for e in elements(blocks) if e["action_id"].startswith("rating_vote")]
        assert len(votes) == 5
        assert all("confirm" in e for e in votes)


def test_a_withheld_result_says_how_many_votes_it_lacks_and_nothing_else() -> None:
    few: dict[str, object] = {
        "mean": None,
        "spread": None,
        "votes": 3,
        "fewest": 4,
        "anonymous": True,
        "scores": {},
        "comments": (),
    }
    assert plain(result(RESULT.model_copy(update=few)).blocks) == (
        "Working together in 2026-Q4, Product suite: withheld, because it is anonymous and 3 of 7 voted; "
        "from 4 votes on it is shown."
    )


def test_an_anonymous_result_has_sentences_without_names_and_says_why_no_line_is_shown() -> None:
    unsigned = {"anonymous": True, "comments": (("", "weekly sync"), ("", "too many meetings"))}
    shown = plain(result(RESULT.model_copy(update=unsigned)).blocks)
    assert shown.endswith(
        "Anonymous, so not by line: a line has too few leads for that.\n> weekly sync\n> too many meetings"
    )


def test_an_attributed_result_has_the_lines_and_the_cycles_before() -> None:
    lines = tuple(RatingLine(unit=f"Line {n}", mean=1 + n / 4, votes=1 + n % 2) for n in range(10))
    more = {"lines": lines, "earlier": (("2026-Q2", 3.0), ("2026-Q3", 4.1))}
    shown = plain(result(RESULT.model_copy(update=more)).blocks)
    assert "Before: 2026-Q2 3.0, 2026-Q3 4.1.\nBy line: Line 0 1.0 · Line 1 1.2 (2) · " in shown
    assert "Line 7 2.8 (2) · and 2 more." in shown


def test_the_reminder_mentions_who_must_act_and_by_when() -> None:
    shown = reminder(RatingReminder(poll=2, unit="Product suite", cycle="2026-Q4", closes_at=AT, user="U01BO"))
    assert shown.text == (
        "<@U01BO> Your vote is missing: the rating of Product suite for 2026-Q4 closes "
        "<!date^1793811600^{date_short_pretty} at {time}|Wed 4 Nov 17:00 UTC>. One tap above is enough."
    )


def test_what_was_opened_is_said_with_what_an_anonymous_one_lacks() -> None:
    assert plain(opened(POLL).blocks) == (
        "The rating of Product suite for 2026-Q4 is open until Wed 4 Nov 17:00 UTC.\n"
        "7 leads of product lines are asked in a DM, with their names."
    )
    assert "An anonymous result needs 4 votes, so with 3 none will be shown." in plain(opened(SECRET).blocks)


def test_closing_early_says_who_can_then_vote_no_more() -> None:
    assert plain(closing(POLL).blocks) == (
        "Close the rating of Product suite for 2026-Q4 now, before Wed 4 Nov 17:00 UTC?\n"
        "3 of 7 have voted. The others then no longer can.\n[ Close it now ]"
    )
    assert "An anonymous result needs 4 votes: closed now, it will not be shown." in plain(closing(SECRET).blocks)
    assert buttons(closing(POLL).blocks) == {ids.POLL_CLOSE: "2"}
    assert "3 of 7 voted" in plain(closed(POLL).blocks)


def test_a_result_is_said_to_be_posted_where_there_is_a_channel_for_it() -> None:
    assert "posted to the portfolio's channel" in plain(closed(POLL).blocks)
    assert "channel" not in plain(closed(replace(POLL, posted=False)).blocks)


@pytest.mark.parametrize("text", EVIL.values(), ids=EVIL.keys())
def test_nasty_names_break_no_reply_about_a_poll(text: str) -> None:
    poll = Opened(poll=2, unit=text, cycle=text, asked=7, voted=3, closes_at=AT)
    for view in (opened, closing, closed):
        assert check_message(view(poll).blocks) == []
