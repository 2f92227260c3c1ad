"""The portfolio changes while a round is open: channels move, come and go, people get or lose their member."""

from collections.abc import Callable, Iterator

import pytest

from bot import jobs
from rituals.okrs.portfolio.service import import_portfolio
from sandbox.stage import Stage
from storage import outbox
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import ANA, BO, MIA, OMAR, SUITE, portfolio
from tests.scenarios.seen import asks, boards, holding, let_go, opened, prompt, prompts, replies, shared, words

BEFORE, ASKED = "2026-11-01T12:00", "2026-11-02T08:10"
ELSEWHERE = "C09ELSEWHERE"
Change = Callable[[str], str]


@pytest.fixture
def stages(staged: StageMaker) -> Iterator[Callable[[str], Stage]]:
    """Makes a stage with a portfolio before the round."""
    made: list[Stage] = []

    def make(text: str) -> Stage:
        stage = staged(at=BEFORE, portfolio=text)
        stage.sandbox.add_channel(ELSEWHERE, "elsewhere", members=[ANA, BO, MIA, OMAR])
        made.append(stage)
        return stage

    yield make
    for stage in made:
        let_go(stage)


def bring_in(stage: Stage, text: str) -> None:
    import_portfolio(stage.db, stage.team, text, now=stage.clock.now())


def answer(stage: Stage, lead: str = BO) -> None:
    person = stage.person(lead)
    person.says("dm", "1. KR-1 38 days\n2. no\n3. no", thread_ts=prompt(person).ts)
    stage.settle()


def left(stage: Stage) -> list[str]:
    """What was promised and not sent."""
    with stage.db.transaction(readonly=True) as session:
        return [f"{row.key} {row.state} {row.error}" for row in outbox.unsettled(session, stage.team)]


def without(text: str, part: str) -> str:
    assert part in text
    return text.replace(part, "")


def test_answers_follow_their_round_when_the_unit_gets_another_channel(stages: Callable[[str], Stage]) -> None:
    stage = stages(portfolio())
    stage.go_to(ASKED)
    bring_in(stage, portfolio().replace(f" channel: {SUITE}", f" channel: {ELSEWHERE}"))
    answer(stage)
    assert len(shared(stage)) == 1
    assert "1 of 3 has answered" in words(stage, boards(stage)[-1])
    assert stage.messages(ELSEWHERE) == []
    assert left(stage) == []
    assert stage.sandbox.rejected == []


def test_a_round_that_began_without_a_channel_stays_without_and_leaves_nothing_waiting(
    stages: Callable[[str], Stage],
) -> None:
    bare = without(portfolio(), f"    channel: {SUITE}\n")
    stage = stages(bare)
    stage.go_to(ASKED)
    bring_in(stage, portfolio())
    answer(stage)
    assert (left(stage), boards(stage), asks(stage)["bo"].state) == ([], [], "answered")


def test_a_lead_who_is_found_in_slack_while_the_round_is_open_is_asked_then(stages: Callable[[str], Stage]) -> None:
    stage = stages(without(portfolio(), f", slack: {BO}"))
    stage.go_to(ASKED)
    assert prompts(stage.person(BO)) == []
    assert "Bo Lindqvist (not asked yet)" in words(stage, boards(stage)[-1])
    assert jobs.tick(stage.bot.services) == 0
    bring_in(stage, portfolio())
    stage.go_to("2026-11-03T08:00")
    assert len(prompts(stage.person(BO))) == 1
    stage.go_to("2026-11-04T13:00")  # 80 % of the time that was left to him
    assert holding(replies(stage.person(BO), prompt(stage.person(BO))), "closes")
    assert left(stage) == []


def test_a_lead_who_is_never_found_in_slack_has_missed_the_round(stages: Callable[[str], Stage]) -> None:
    stage = stages(without(portfolio(), f", slack: {BO}"))
    stage.go_to(ASKED)
    stage.go_to("2026-11-04T17:00")
    assert asks(stage)["bo"].state == "missed"
    stage.go_to("2026-11-05T12:00")  # those above are told, and each lead in their own morning
    stage.go_to("2026-11-06T12:00")
    assert left(stage) == []


def test_a_field_that_is_not_in_the_form_any_more_is_told_where_the_person_can_see_it(
    stages: Callable[[str], Stage],
) -> None:
    stage = stages(portfolio())
    stage.go_to(ASKED)
    bo = stage.person(BO)
    bo.clicks(prompt(bo), label="Answer")
    assert bo.submits(opened(stage, bo), {"kr_value:KR-3": "50 %"}).closed
    stage.settle()
    bring_in(
        stage,
        portfolio().replace(
            """        title: Quotes sent without a call
        start: 0
        target: 100
        measured_in: "%\"""",
            """        title: Quotes sent without a call
        start: 0
        target: 100
        measured_in: quotes""",
        ),
    )
    bo.clicks(prompt(bo), label="No change")
    sent = bo.submits(opened(stage, bo), {"kr_value:KR-1": "30 days"})
    assert sent.error is None
    assert "quotes" in " ".join(sent.errors.values())
