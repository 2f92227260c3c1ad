"""The rating from the question in a DM to the result in the portfolio's channel, through the sandbox."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from slack_bolt import BoltRequest
from sqlmodel import select

from bot import jobs
from sandbox.people import Person
from sandbox.records import Message
from sandbox.stage import Stage
from storage.tables import RatingPoll, RatingVote
from tests.portfolios import small_portfolio
from tests.scenarios.conftest import StageMaker
from tests.scenarios.seen import rows, told
from tests.scenarios.trouble import another_bot, everything_again

BO, MIA, ZOE = "U02BO", "U03MIA", "U06ZOE"
OPENS, CLOSES = "2026-12-29T08:00Z", "2027-01-05T17:00Z"

PORTFOLIO = small_portfolio(
    ["Bo Lind U02BO", "Mia Kern U03MIA", "Zoe Blum U06ZOE"],
    {"CRM": "leads: [bo]", "Payments": "leads: [mia]", "Idle": "leads: [zoe]"},
    suite="channel: C01ALL, leadership_channel: C01LEADERS",
)


@pytest.fixture
def stage(staged: StageMaker) -> Stage:
    """The day before the rating opens."""
    return staged(at="2026-12-28T12:00Z", portfolio=PORTFOLIO)


def question(person: Person) -> Message:
    """The rating's question in this person's DM."""
    [found] = [m for m in person.dm if "work together" in person.reads(m)]
    return found


def results(stage: Stage) -> list[Message]:
    """What the rating posted to the portfolio's channel."""
    return [message for message in stage.messages("C01ALL") if "Working together" in message.text]


def test_a_vote_is_given_changed_explained_and_told_in_the_result(stage: Stage) -> None:
    stage.go_to(OPENS)
    bo, mia = stage.person(BO), stage.person(MIA)
    assert "How well did the product lines of Product suite work together in 2026-Q4?" in bo.reads(question(bo))

    bo.clicks(question(bo), label="2")
    stage.settle()
    assert "You said 2." in bo.reads(question(bo))
    bo.clicks(question(bo), label="4")
    stage.settle()
    assert "You said 4." in bo.reads(question(bo))

    bo.clicks(question(bo), label="Add a sentence")
    stage.settle()
    bo.submits(values={"Why this score?": "Reviews took <days> & days"})
    stage.settle()
    assert "Reviews took <days> & days" in bo.reads(question(bo))
    mia.clicks(question(mia), label="5")
    stage.settle()

    stage.go_to(CLOSES)
    assert "Closed; you said 4." in bo.reads(question(bo))
    [result] = results(stage)
    text = bo.reads(result)
    assert "Working together in 2026-Q4, Product suite: 4.5 of 5" in text
    assert "2 of 2 voted (100 %), spread 0.5." in text
    assert "Reviews took <days> & days" in text


def test_the_question_is_asked_of_the_leads_concerned_and_of_nobody_else(stage: Stage) -> None:
    stage.go_to(OPENS)
    stage.tick()
    assert [len(stage.person(user).dm) for user in (BO, MIA, ZOE)] == [1, 1, 0]


def test_a_click_that_comes_in_again_changes_nothing(stage: Stage) -> None:
    stage.go_to(OPENS)
    bo = stage.person(BO)
    bo.clicks(question(bo), label="2")
    stage.settle()
    bo.clicks(question(bo), label="4")
    stage.settle()
    first = next(d.payload for d in stage.sandbox.deliveries if d.payload.get("type") == "block_actions")
    assert stage.bot.app.dispatch(BoltRequest(body=first, mode="socket_mode")).status == 200
    stage.settle()
    assert "You said 4." in bo.reads(question(bo))


def test_the_newest_result_is_shown_to_who_asks_and_other_words_are_explained(stage: Stage) -> None:
    zoe = stage.person(ZOE)

    def shown(typed: str) -> str:
        zoe.types(typed)
        stage.settle()
        return zoe.reads(zoe.ephemerals()[-1])

    assert "There is no rating yet. The next one opens on Tue 29 Dec 09:00." in shown("/okr poll results")
    stage.go_to(OPENS)
    assert "open until Tue 5 Jan 18:00. 0 of 2 have voted so far." in shown("/okr poll results")
    bo = stage.person(BO)
    bo.clicks(question(bo), label="3")
    stage.settle()
    stage.go_to(CLOSES)
    assert "1 of 2 voted (50 %), spread 0.0." in shown("/okr poll results")
    assert "Product suite's: ask an admin of this workspace" in shown("/okr poll start")
    assert 'I read "begin". /okr poll start opens the rating now' in shown("/okr poll begin")


def test_it_opens_at_nine_on_the_third_last_working_day_and_closes_on_the_third_after_the_cycle(stage: Stage) -> None:
    stage.go_to("2026-12-29T07:59Z")
    assert [len(stage.person(user).dm) for user in (BO, MIA)] == [0, 0]
    stage.go_to(OPENS)
    bo = stage.person(BO)
    assert "5 seamlessly" in bo.reads(question(bo))
    stage.go_to("2027-01-05T16:59Z")
    assert "5 seamlessly" in bo.reads(question(bo))
    assert results(stage) == []
    stage.go_to(CLOSES)
    stage.tick()
    assert "Closed; you did not vote." in bo.reads(question(bo))
    assert len(results(stage)) == 1


def test_two_bots_on_one_database_ask_once_and_post_one_result(stage: Stage) -> None:
    with closing(another_bot(stage).services) as other:
        services = [stage.bot.services, other]
        for instant in (OPENS, CLOSES):
            stage.clock.move_to(stage.clock.now().fromisoformat(instant))

            def work(number: int) -> None:
                jobs.tick(services[number % 2])
                services[number % 2].delivery.deliver_all()

            with ThreadPoolExecutor(6) as pool:
                list(pool.map(work, range(6)))
    assert [len(stage.person(user).dm) for user in (BO, MIA)] == [1, 1]
    assert len(results(stage)) == 1


def test_everybody_has_one_vote_however_often_they_click(stage: Stage) -> None:
    stage.go_to(OPENS)
    bo = stage.person(BO)
    for label in ("2", "4", "3", "4"):
        bo.clicks(question(bo), label=label)
    stage.settle()
    everything_again(stage)
    assert [vote.score for vote in rows_of_votes(stage)] == [4]
    stage.go_to(CLOSES)
    assert "4.0 of 5" in bo.reads(results(stage)[0])
    assert "1 of 2 voted (50 %), spread 0.0." in bo.reads(results(stage)[0])


def rows_of_votes(stage: Stage) -> list[RatingVote]:
    """Every vote that counts."""
    with stage.db.transaction(readonly=True) as session:
        return list(session.exec(select(RatingVote)))


def test_a_vote_after_the_closing_changes_nothing_and_says_why(stage: Stage) -> None:
    stage.go_to(OPENS)
    bo = stage.person(BO)
    bo.clicks(question(bo), label="2")
    stage.settle()
    stage.clock.move_to(stage.clock.now().fromisoformat(CLOSES))  # it is over, but nobody has noticed yet
    bo.clicks(question(bo), label="5")
    stage.settle()
    assert "The rating of Product suite for 2026-Q4 has closed. Your 2 stays as it is." in told(stage, BO)
    stage.tick()
    assert "2.0 of 5" in bo.reads(results(stage)[0])


def test_a_rating_nobody_answered_says_so(stage: Stage) -> None:
    stage.go_to(OPENS)
    stage.go_to(CLOSES)
    assert "nobody of 2 voted, so there is no rating" in stage.person(BO).reads(results(stage)[0])


def test_after_an_outage_over_its_whole_time_nobody_is_asked_and_the_books_say_so(stage: Stage) -> None:
    stage.go_to("2027-01-06T09:00Z")
    assert [len(stage.person(user).dm) for user in (BO, MIA)] == [0, 0]
    assert results(stage) == []
    assert [poll.state for poll in rows(stage, RatingPoll)] == ["skipped"]
