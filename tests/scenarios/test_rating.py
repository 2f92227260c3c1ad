"""The rating from the question in a DM to the result in the portfolio's channel, through the sandbox."""

import pytest
from slack_bolt import BoltRequest

from sandbox.people import Person
from sandbox.records import Message
from sandbox.stage import Stage
from tests.scenarios.conftest import StageMaker

BO, MIA, ZOE = "U02BO", "U03MIA", "U06ZOE"
OPENS, CLOSES = "2026-12-29T08:00Z", "2027-01-05T17:00Z"

PORTFOLIO = """
schema: plumbline/1
timezone: Europe/Berlin
people:
  - {key: bo, name: Bo Lind, slack: U02BO}
  - {key: mia, name: Mia Kern, slack: U03MIA}
  - {key: zoe, name: Zoe Blum, slack: U06ZOE}
units:
  - {key: suite, name: Product suite, level: portfolio, channel: C01ALL, leadership_channel: C01LEADERS}
  - {key: crm, name: CRM, level: product_line, parent: suite, leads: [bo]}
  - {key: payments, name: Payments, level: product_line, parent: suite, leads: [mia]}
  - {key: idle, name: Idle, level: product_line, parent: suite, leads: [zoe]}
cycles:
  - {key: 2026-Q4, starts: 2026-10-01, ends: 2026-12-31}
objectives:
  - key: O-1
    unit: suite
    cycle: 2026-Q4
    title: Customers start faster
    key_results:
      - {key: KR-1, title: Onboarding time, kind: decrease, start: 45, target: 20, owners: [crm, payments]}
"""


@pytest.fixture
def stage(staged: StageMaker) -> Stage:
    """The day before the rating opens."""
    return staged(at="2026-12-28T12:00Z", portfolio=PORTFOLIO)


def question(person: Person) -> Message:
    """The rating's question in this person's DM."""
    [found] = [m for m in person.dm if "work together" in person.reads(m)]
    return found


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
    mia.clicks(question(mia), label="5 seamlessly")
    stage.settle()

    stage.go_to(CLOSES)
    assert "Closed; you said 4." in bo.reads(question(bo))
    [result] = stage.messages("C01ALL")
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


def test_the_newest_result_is_shown_to_who_asks_and_opening_by_hand_is_explained(stage: Stage) -> None:
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
    assert "opens by itself near the end of a cycle" in shown("/okr poll start")
