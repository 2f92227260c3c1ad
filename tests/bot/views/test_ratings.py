"""The rating: the question, the vote shown and changed, the result."""

import pytest

from bot.views import ids
from bot.views.ratings import ask, result
from rituals.notices import RatingAsk, RatingResult
from tests.bot.views.reading import buttons, elements, plain
from tests.bot.views.samples import AT

ASK = RatingAsk(poll=2, person=8, cycle="2026-Q4", unit="Product suite", closes_at=AT)
RESULT = RatingResult(
    poll=2, unit="Product suite", cycle="2026-Q4", mean=3.8, spread=0.94, votes=6, asked=7,
    scores={1: 0, 2: 0, 3: 2, 4: 3, 5: 1}, before=("2026-Q3", 4.1), comments=(("CRM", "weekly sync\nhelps"),),
)  # fmt: skip


def test_the_question_has_five_buttons_and_says_who_sees_the_vote() -> None:
    assert plain(ask(ASK).blocks) == (
        "How well did the product lines of Product suite work together in 2026-Q4?\n1 not at all – 5 seamlessly\n"
        "[ 1 ] [ 2 ] [ 3 ] [ 4 ] [ 5 ]\n"
        "One vote each, changeable until Wed 4 Nov 17:00 UTC. The result shows how many chose each score, not who; "
        "a sentence is shown with your name."
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
