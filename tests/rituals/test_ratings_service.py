"""The rating over a cycle's end, on both databases: who is asked, one vote each, what closes it and what it says."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from rituals.errors import Refusal
from rituals.notices import RatingAsk, RatingResult
from rituals.ratings.closing import close_due
from rituals.ratings.opening import open_due
from rituals.ratings.results import result as newest_result
from rituals.ratings.shown import rating_ask
from rituals.ratings.voting import Given, comment, comment_of, vote
from storage import outbox, ratings
from storage.database import Database
from storage.outbox import Promise
from storage.people import by_slack, units
from tests.rituals.rating_workspace import (
    CLOSES,
    OPEN,
    OPENS,
    PORTFOLIO,
    TEAM,
    earlier_poll,
    invited,
    polls,
    posted_result,
    set_up,
    votes,
)
from tests.rituals.stored import promised


@pytest.fixture
def suite(db: Database) -> Database:
    """The suite's portfolio, before its poll."""
    set_up(db)
    return db


@pytest.fixture
def poll(suite: Database) -> int:
    """The suite's poll, just opened."""
    assert open_due(suite, TEAM, now=OPENS) == 1
    return polls(suite)[0].id or 0


def shown_to(db: Database, poll: int, user: str) -> RatingAsk:
    """The question as this person sees it now."""
    with db.transaction(readonly=True) as session:
        person = by_slack(session, TEAM, user)
        assert person is not None
        notice = rating_ask(session, TEAM, {"poll": poll, "person": person.id}, OPEN)
    assert notice is not None
    return notice


def test_nothing_opens_before_the_third_last_working_day(suite: Database) -> None:
    assert open_due(suite, TEAM, now=OPENS - timedelta(seconds=1)) == 0
    assert polls(suite) == []


def test_the_leads_of_lines_that_work_on_the_cycle_are_asked_once_each(suite: Database, poll: int) -> None:
    assert invited(suite) == {"bo", "kim", "mia", "lee"}
    asks = promised(suite, RatingAsk.KIND)
    assert [(row.to, row.mode) for row in asks] == [("U02BO", "live"), ("U03MIA", "live"), ("U04KIM", "live")]
    assert {row.key.rpartition(":")[0] for row in asks} == {f"rating:{poll}"}


def test_the_poll_closes_on_the_third_working_day_after_the_cycle(suite: Database, poll: int) -> None:
    [row] = polls(suite)
    assert (row.id, row.opens_at, row.closes_at, row.state) == (poll, OPENS, CLOSES, "open")


def test_opening_again_asks_nobody_again(suite: Database, poll: int) -> None:
    assert open_due(suite, TEAM, now=OPEN) == 0
    assert len(polls(suite)) == 1
    assert [row.wanted for row in promised(suite, RatingAsk.KIND)] == [1, 1, 1]


def test_two_opens_at_the_same_instant_give_one_poll(suite: Database) -> None:
    together = Barrier(2)

    def open_now(_: int) -> int:
        together.wait()
        return open_due(suite, TEAM, now=OPENS)

    with ThreadPoolExecutor(2) as pool:
        opened = list(pool.map(open_now, range(2)))
    assert sorted(opened) == [0, 1]
    assert len(polls(suite)) == 1
    assert len(promised(suite, RatingAsk.KIND)) == 3


def test_a_poll_whose_closing_has_passed_is_skipped_and_nobody_is_asked(suite: Database) -> None:
    assert open_due(suite, TEAM, now=CLOSES) == 0
    assert [row.state for row in polls(suite)] == ["skipped"]
    assert invited(suite) == set()
    assert promised(suite, RatingAsk.KIND) == []
    assert close_due(suite, TEAM, now=CLOSES) == 0


def test_a_late_start_within_the_window_still_asks(suite: Database) -> None:
    assert open_due(suite, TEAM, now=CLOSES - timedelta(seconds=1)) == 1
    assert len(promised(suite, RatingAsk.KIND)) == 3


def test_a_line_belongs_to_the_nearest_portfolio_only(db: Database) -> None:
    nested = PORTFOLIO.replace(
        "units:\n", "units:\n  - {key: group, name: Group, level: portfolio, leads: [ana], channel: C09}\n"
    ).replace("level: portfolio, leads: [ana], channel: C01ALL", "level: portfolio, parent: group, channel: C01ALL")
    set_up(db, nested)
    assert open_due(db, TEAM, now=OPENS) == 1
    assert len(promised(db, RatingAsk.KIND)) == 3


def test_the_question_names_the_unit_the_cycle_and_the_closing(suite: Database, poll: int) -> None:
    asked = shown_to(suite, poll, "U02BO")
    assert (asked.unit, asked.cycle, asked.closes_at) == ("Product suite", "2026-Q4", CLOSES)
    assert (asked.score, asked.comment, asked.closed) == (None, "", False)


def test_a_vote_is_written_and_shown_in_the_question(suite: Database, poll: int) -> None:
    vote(suite, TEAM, "U02BO", poll, Given(4), now=OPEN)
    assert votes(suite) == [(4, "")]
    assert shown_to(suite, poll, "U02BO").score == 4
    assert [row.wanted for row in promised(suite, RatingAsk.KIND)] == [2, 1, 1]


def test_a_second_vote_of_one_person_takes_the_place_of_the_first(suite: Database, poll: int) -> None:
    vote(suite, TEAM, "U02BO", poll, Given(2), now=OPEN)
    comment(suite, TEAM, "U02BO", poll, "Shared backlog", now=OPEN)
    vote(suite, TEAM, "U02BO", poll, Given(5), now=OPEN + timedelta(hours=1))
    assert votes(suite) == [(5, "Shared backlog")]


def test_votes_of_one_person_at_the_same_instant_are_one_vote(suite: Database, poll: int) -> None:
    together = Barrier(4)

    def cast(score: int) -> None:
        together.wait()
        vote(suite, TEAM, "U02BO", poll, Given(score), now=OPEN)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(cast, (2, 3, 4, 5)))
    assert len(votes(suite)) == 1


def test_a_score_outside_1_to_5_is_refused_with_what_is_possible(suite: Database, poll: int) -> None:
    for score in (0, 6, -1):
        with pytest.raises(Refusal, match="Choose a whole number from 1 to 5: 1 is not at all"):
            vote(suite, TEAM, "U02BO", poll, Given(score), now=OPEN)
    assert votes(suite) == []


def test_who_is_not_asked_cannot_vote_and_is_told_who_is(suite: Database, poll: int) -> None:
    for user in ("U06ZOE", "U01ANA", "U99STRANGER"):
        with pytest.raises(Refusal, match="asks the leads of its product lines, and you were not one of them"):
            vote(suite, TEAM, user, poll, Given(4), now=OPEN)
    assert votes(suite) == []


def test_a_poll_that_does_not_exist_is_refused(suite: Database, poll: int) -> None:
    with pytest.raises(Refusal, match="not there any more"):
        vote(suite, TEAM, "U02BO", poll + 1, Given(4), now=OPEN)


def test_a_poll_of_another_workspace_is_not_there(suite: Database, poll: int) -> None:
    with pytest.raises(Refusal, match="not there any more"):
        vote(suite, "T02OTHER", "U02BO", poll, Given(4), now=OPEN)


def test_from_the_closing_instant_on_nothing_changes_and_the_vote_that_stands_is_named(
    suite: Database, poll: int
) -> None:
    vote(suite, TEAM, "U02BO", poll, Given(4), now=CLOSES - timedelta(seconds=1))
    with pytest.raises(Refusal, match=r"2026-Q4 has closed\. Your 4 stays as it is\. See /okr poll results"):
        vote(suite, TEAM, "U02BO", poll, Given(1), now=CLOSES)
    close_due(suite, TEAM, now=CLOSES)
    with pytest.raises(Refusal, match=r"has closed\. You did not vote\."):
        vote(suite, TEAM, "U03MIA", poll, Given(1), now=OPEN)
    assert votes(suite) == [(4, "")]


def test_a_sentence_stands_beside_the_vote_and_an_empty_one_takes_it_back(suite: Database, poll: int) -> None:
    vote(suite, TEAM, "U02BO", poll, Given(4), now=OPEN)
    comment(suite, TEAM, "U02BO", poll, "  Reviews took days ", now=OPEN)
    assert comment_of(suite, TEAM, "U02BO", poll, now=OPEN) == "Reviews took days"
    assert shown_to(suite, poll, "U02BO").comment == "Reviews took days"
    comment(suite, TEAM, "U02BO", poll, "", now=OPEN)
    assert votes(suite) == [(4, "")]


def test_a_sentence_needs_a_vote_first(suite: Database, poll: int) -> None:
    with pytest.raises(Refusal, match="Choose 1 to 5 first"):
        comment_of(suite, TEAM, "U02BO", poll, now=OPEN)
    with pytest.raises(Refusal, match="Choose 1 to 5 first"):
        comment(suite, TEAM, "U02BO", poll, "Why", now=OPEN)


def test_a_sentence_of_501_characters_is_refused_with_its_length(suite: Database, poll: int) -> None:
    vote(suite, TEAM, "U02BO", poll, Given(4), now=OPEN)
    comment(suite, TEAM, "U02BO", poll, "x" * 500, now=OPEN)
    with pytest.raises(Refusal, match="That has 501 characters; 500 fit"):
        comment(suite, TEAM, "U02BO", poll, "x" * 501, now=OPEN)
    assert comment_of(suite, TEAM, "U02BO", poll, now=OPEN) == "x" * 500


def test_an_open_poll_does_not_close_before_its_instant(suite: Database, poll: int) -> None:
    assert close_due(suite, TEAM, now=CLOSES - timedelta(seconds=1)) == 0
    assert promised(suite, RatingResult.KIND) == []


def test_the_result_is_posted_once_with_mean_spread_and_response_rate(suite: Database, poll: int) -> None:
    vote(suite, TEAM, "U02BO", poll, Given(5), now=OPEN)
    vote(suite, TEAM, "U03MIA", poll, Given(2), now=OPEN + timedelta(minutes=1))
    vote(suite, TEAM, "U04KIM", poll, Given(5), now=OPEN + timedelta(minutes=2))
    comment(suite, TEAM, "U03MIA", poll, "Reviews took days", now=OPEN + timedelta(minutes=3))
    assert close_due(suite, TEAM, now=CLOSES) == 1
    assert close_due(suite, TEAM, now=CLOSES) == 0
    [row] = promised(suite, RatingResult.KIND)
    assert (row.to, row.mode, row.key) == ("C01ALL", "post", f"rating_result:{poll}")
    result = posted_result(suite)
    assert (result.unit, result.cycle, result.mean, result.spread) == ("Product suite", "2026-Q4", 4.0, 2**0.5)
    assert (result.votes, result.asked, result.scores) == (3, 4, {1: 0, 2: 1, 3: 0, 4: 0, 5: 2})
    assert result.comments == (("Mia Kern", "Reviews took days"),)
    assert result.before is None


def test_two_closings_at_the_same_instant_are_one(suite: Database, poll: int) -> None:
    together = Barrier(2)

    def close_now(_: int) -> int:
        together.wait()
        return close_due(suite, TEAM, now=CLOSES)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(close_now, range(2))) == [0, 1]
    assert len(promised(suite, RatingResult.KIND)) == 1


def test_a_result_without_votes_says_so(suite: Database, poll: int) -> None:
    close_due(suite, TEAM, now=CLOSES)
    result = posted_result(suite)
    assert (result.mean, result.spread, result.votes, result.asked) == (None, None, 0, 4)


def test_the_result_names_the_mean_of_the_cycle_before(suite: Database) -> None:
    earlier_poll(suite, "2026-Q3", 3, 4)
    open_due(suite, TEAM, now=OPENS)
    vote(suite, TEAM, "U02BO", polls(suite)[-1].id or 0, Given(5), now=OPEN)
    close_due(suite, TEAM, now=CLOSES)
    assert posted_result(suite).before == ("2026-Q3", 3.5)


def test_closing_shows_every_asked_lead_that_it_closed(suite: Database, poll: int) -> None:
    vote(suite, TEAM, "U02BO", poll, Given(4), now=OPEN)
    close_due(suite, TEAM, now=CLOSES)
    assert [row.wanted for row in promised(suite, RatingAsk.KIND)] == [3, 2, 2]
    assert shown_to(suite, poll, "U02BO").closed
    assert shown_to(suite, poll, "U02BO").score == 4


def test_opening_voting_and_closing_refresh_the_home_of_who_is_asked(suite: Database) -> None:
    with suite.transaction() as session:
        for user in ("U02BO", "U06ZOE"):
            home = Promise(key=f"home:{user}", kind="home", to=user, data={}, mode="home")
            outbox.keep_current(session, TEAM, home, now=OPENS)
    open_due(suite, TEAM, now=OPENS)
    vote(suite, TEAM, "U02BO", polls(suite)[0].id or 0, Given(4), now=OPEN)
    close_due(suite, TEAM, now=CLOSES)
    assert [(row.to, row.wanted) for row in promised(suite, "home")] == [("U02BO", 4), ("U06ZOE", 1)]


def test_a_lead_owes_a_vote_until_it_is_given_or_the_poll_closes(suite: Database, poll: int) -> None:
    def owes(user: str, now_is_closing: bool = False) -> list[int]:
        with suite.transaction(readonly=True) as session:
            person = by_slack(session, TEAM, user)
            assert person is not None
            found = ratings.owed(session, TEAM, person.id or 0, now=CLOSES if now_is_closing else OPEN)
            return [p.id for p in found]

    assert (owes("U02BO"), owes("U03MIA"), owes("U06ZOE")) == ([poll], [poll], [])
    vote(suite, TEAM, "U02BO", poll, Given(4), now=OPEN)
    assert (owes("U02BO"), owes("U03MIA")) == ([], [poll])
    assert owes("U03MIA", now_is_closing=True) == []


def test_the_newest_result_is_shown_on_request(suite: Database) -> None:
    earlier_poll(suite, "2026-Q3", 3, 4)
    assert newest_result(suite, TEAM, "U06ZOE", now=OPEN).cycle == "2026-Q3"
    open_due(suite, TEAM, now=OPENS)
    vote(suite, TEAM, "U02BO", polls(suite)[-1].id or 0, Given(5), now=OPEN)
    close_due(suite, TEAM, now=CLOSES)
    result = newest_result(suite, TEAM, "U06ZOE", now=CLOSES)
    assert (result.cycle, result.mean, result.before) == ("2026-Q4", 5.0, ("2026-Q3", 3.5))


def test_before_any_result_the_running_poll_or_the_next_opening_is_named(suite: Database) -> None:
    with pytest.raises(Refusal, match=r"There is no rating yet\. The next one opens on Tue 29 Dec 09:00"):
        newest_result(suite, TEAM, "U02BO", now=OPENS - timedelta(days=30))
    open_due(suite, TEAM, now=OPENS)
    vote(suite, TEAM, "U02BO", polls(suite)[0].id or 0, Given(5), now=OPEN)
    with pytest.raises(Refusal, match=r"2026-Q4 is open until Tue 5 Jan 18:00\. 1 of 4 have voted so far"):
        newest_result(suite, TEAM, "U02BO", now=OPEN)


def test_the_result_of_a_private_portfolio_is_for_those_who_answer_for_it(suite: Database, poll: int) -> None:
    close_due(suite, TEAM, now=CLOSES)
    with suite.transaction() as session:
        next(unit for unit in units(session, TEAM) if unit.key == "suite").private = True
    assert newest_result(suite, TEAM, "U01ANA", now=CLOSES).poll == poll
    with pytest.raises(Refusal, match="There is no rating yet"):
        newest_result(suite, TEAM, "U0STRANGER", now=CLOSES)
