"""Rhythm from end to end: a holiday moves a round, an absent lead's delegate answers, and a lead's night is kept."""

from datetime import UTC, datetime

from sandbox.stage import Stage
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import BO, IN_BERLIN, MIA, OMAR, portfolio
from tests.scenarios.seen import asks, board, boards, let_go, prompts, receipts, shared, told

HOLIDAYS = "    leadership_channel: C02LEADERS\n    holidays: {country: DE, region: BE}\n"


def asked(stage: Stage) -> dict[str, int]:
    """How many check-ins each lead has got."""
    return {lead: len(prompts(stage.person(lead))) for lead in (BO, MIA, OMAR)}


def test_a_holiday_moves_the_whole_round_to_the_next_working_day(staged: StageMaker) -> None:
    file = portfolio(cadence=IN_BERLIN.replace("monday", "friday").replace("10-05", "10-16"))
    file = file.replace("    leadership_channel: C02LEADERS\n", HOLIDAYS)
    stage = staged(at="2026-12-24T12:00", portfolio=file)
    stage.go_to("2026-12-27T23:00")  # Christmas Day was the Friday, then came a weekend
    assert (len(boards(stage)), asked(stage)) == (0, {BO: 0, MIA: 0, OMAR: 0})
    stage.go_to("2026-12-28T08:00")
    assert asked(stage) == {BO: 1, MIA: 1, OMAR: 1}
    assert board(stage).startswith("Check-in 6 · Product suite")
    let_go(stage)


def test_the_delegate_of_an_absent_lead_is_asked_and_answers_and_the_board_says_so(staged: StageMaker) -> None:
    stage = staged(at="2026-11-01T12:00", portfolio=portfolio())
    bo, mia = stage.person(BO), stage.person(MIA)
    bo.types("/okr away until 5 Nov delegate <@U04MIA|mia>")
    assert "You are away until Thu 5 Nov; from Fri 6 Nov on you are asked again." in told(stage, BO)
    assert "Mia Tanaka is asked instead for CRM." in told(stage, BO)
    stage.go_to("2026-11-02T08:10")
    assert asked(stage) == {BO: 0, MIA: 2, OMAR: 1}
    assert "~ Bo Lindqvist (away until Thu; Mia Tanaka answers)" in board(stage)
    [instead] = [m for m in prompts(mia) if "You answer for Bo Lindqvist, who is away until Thu 5 Nov." in mia.reads(m)]
    mia.says("dm", "1. KR-1 30 days 7/10, KR-3 60%, KR-4 40%\n2. none\n3. none", thread_ts=instead.ts)
    stage.settle()
    assert len(receipts(mia, instead)) == 1
    assert "✓ Bo Lindqvist" in board(stage)
    assert "~ Bo" not in board(stage)
    assert [line.splitlines()[0] for line in shared(stage)] == ["Mia Tanaka in place of Bo Lindqvist for CRM"]
    assert asks(stage)["mia"].state == "asked", "Mia's own check-in is another matter"
    let_go(stage)


def test_a_status_on_slack_makes_a_lead_away_until_it_is_cleared(staged: StageMaker) -> None:
    stage = staged(at="2026-11-01T12:00", portfolio=portfolio())
    ends = datetime(2026, 11, 6, 22, 59, tzinfo=UTC)
    vacation = {"status_emoji": ":palm_tree:", "status_text": "Vacationing"}
    stage.sandbox.change_user(OMAR, **vacation, status_expiration=int(ends.timestamp()))
    stage.settle()
    stage.go_to("2026-11-02T08:10")
    assert asked(stage) == {BO: 1, MIA: 1, OMAR: 0}
    assert "~ Omar Haddad (away until " in board(stage)
    assert "0 of 2 have answered" in board(stage)
    stage.sandbox.change_user(OMAR, status_emoji="", status_text="", status_expiration=0)
    stage.settle()
    stage.go_to("2026-11-02T09:00")
    assert asked(stage)[OMAR] == 1, "back early, and asked after all"
    let_go(stage)


def test_a_round_at_one_instant_respects_the_night_of_each_lead(staged: StageMaker) -> None:
    stage = staged(at="2026-11-01T12:00", portfolio=portfolio(cadence=IN_BERLIN.replace("09:00", "14:00")))
    stage.go_to("2026-11-02T13:00")  # 22:00 in Tokyo
    assert (len(boards(stage)), asked(stage)) == (1, {BO: 1, MIA: 0, OMAR: 1})
    stage.go_to("2026-11-02T21:59")
    assert asked(stage)[MIA] == 0
    stage.go_to("2026-11-02T22:00")  # seven in the morning of Tuesday
    assert asked(stage)[MIA] == 1
    due = {name: ask.due_at for name, ask in asks(stage).items()}
    assert due["mia"] == datetime(2026, 11, 5, 9, tzinfo=UTC), "18:00 of her second working day after"
    let_go(stage)
