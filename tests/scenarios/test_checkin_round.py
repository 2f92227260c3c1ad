"""A round of check-ins from its slot to its end: who is asked when, once, and what the board shows."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot import jobs
from rituals.next_event import next_event
from sandbox.stage import Stage
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import ANA, BO, EVERY_TWO_WEEKS, IN_BERLIN, MIA, OMAR, SAM, SUITE, portfolio
from tests.scenarios.seen import (
    asks,
    board,
    boards,
    let_go,
    opened,
    prompt,
    prompts,
    receipts,
    replies,
    rounds,
)
from tests.scenarios.trouble import another_bot

BEFORE = "2026-11-01T12:00"
TOKYO_NINE, CAIRO_NINE, STOCKHOLM_NINE = "2026-11-02T00:00", "2026-11-02T07:00", "2026-11-02T08:00"
ALL_ASKED = "2026-11-02T08:10"
LEADS = (BO, MIA, OMAR)


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """The day before a round."""
    made = staged(at=BEFORE, portfolio=portfolio())
    yield made
    let_go(made)


def asked(stage: Stage) -> list[int]:
    """How many check-ins Bo, Mia and Omar have got."""
    return [len(prompts(stage.person(lead))) for lead in LEADS]


def answer(stage: Stage, lead: str, text: str) -> None:
    """Reply in the thread of the newest prompt."""
    person = stage.person(lead)
    person.says("dm", text, thread_ts=prompt(person).ts)
    stage.settle()


def test_the_round_opens_with_the_first_lead_and_each_is_asked_at_nine_where_they_live(stage: Stage) -> None:
    stage.go_to("2026-11-01T23:59")
    assert (len(boards(stage)), asked(stage)) == (0, [0, 0, 0])
    stage.go_to(TOKYO_NINE)
    assert (len(boards(stage)), asked(stage)) == (1, [0, 1, 0])
    assert "0 of 3 have answered" in board(stage)
    assert "– Mia Tanaka (asked Mon 2 Nov); Bo Lindqvist, Omar Haddad (not asked yet)" in board(stage)
    stage.go_to("2026-11-02T06:59")
    assert asked(stage) == [0, 1, 0]
    stage.go_to(CAIRO_NINE)
    assert asked(stage) == [0, 1, 1]
    stage.go_to(STOCKHOLM_NINE)
    assert (len(boards(stage)), asked(stage)) == (1, [1, 1, 1])
    assert "not asked yet" not in board(stage)


def test_with_a_zone_of_its_own_the_round_is_asked_at_one_instant(staged: StageMaker) -> None:
    stage = staged(at=BEFORE, portfolio=portfolio(cadence=IN_BERLIN))
    stage.go_to("2026-11-02T07:59")
    assert (len(boards(stage)), asked(stage)) == (0, [0, 0, 0])
    stage.go_to("2026-11-02T08:00")
    assert (len(boards(stage)), asked(stage)) == (1, [1, 1, 1])


def test_only_leads_are_asked(stage: Stage) -> None:
    stage.go_to(ALL_ASKED)
    assert set(asks(stage)) == {"bo", "mia", "omar"}
    assert stage.person(ANA).dm == stage.person(SAM).dm == []


def test_ticking_again_at_the_same_instant_asks_nobody_twice(stage: Stage) -> None:
    stage.go_to(ALL_ASKED)
    calls = len(stage.sandbox.calls)
    assert jobs.tick(stage.bot.services) == 0
    stage.tick()
    assert (len(boards(stage)), asked(stage)) == (1, [1, 1, 1])
    assert len(stage.sandbox.calls) == calls


def test_two_bots_on_one_database_ask_everybody_once(stage: Stage) -> None:
    with closing(another_bot(stage).services) as other:
        services = [stage.bot.services, other]
        stage.clock.move_to(stage.clock.now().replace(day=2, hour=8, minute=10))

        def work(number: int) -> None:
            jobs.tick(services[number % 2])
            services[number % 2].delivery.deliver_all()

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(work, range(6)))
        stage.deliver()
    assert (len(boards(stage)), asked(stage)) == (1, [1, 1, 1])
    assert [r.state for r in rounds(stage)] == ["open"]


def test_whoever_changes_their_zone_between_two_ticks_is_asked_once(stage: Stage) -> None:
    stage.go_to(TOKYO_NINE)
    stage.sandbox.change_user(MIA, tz="America/Los_Angeles")  # was asked; nine comes again for her
    stage.sandbox.change_user(BO, tz="Pacific/Auckland")  # nine is over where he is now
    stage.settle()
    for hour in ("2026-11-02T03:00", STOCKHOLM_NINE, "2026-11-02T17:00", "2026-11-02T20:00", "2026-11-03T09:00"):
        stage.go_to(hour)
    assert (len(boards(stage)), asked(stage)) == (1, [1, 1, 1])
    assert [r.local_date.isoformat() for r in rounds(stage)] == ["2026-11-02"]


def test_every_two_weeks_means_local_dates_across_the_october_clock_change(staged: StageMaker) -> None:
    stage = staged(at="2026-10-05T06:00", portfolio=portfolio(cadence=IN_BERLIN))
    for instant in (
        "2026-10-05T07:00",  # nine o'clock in summer
        "2026-10-12T07:00",
        "2026-10-19T07:00",
        "2026-10-26T08:00",
        "2026-11-02T07:00",  # eight o'clock in winter: too early
        "2026-11-02T07:59",
        "2026-11-02T08:00",
        "2026-11-09T08:00",
        "2026-11-16T08:00",
    ):
        stage.go_to(instant)
    found = [(r.number, r.local_date.isoformat(), f"{r.slot:%H:%M}", r.of) for r in rounds(stage)]
    assert found == [
        (1, "2026-10-05", "07:00", 7),
        (2, "2026-10-19", "07:00", 7),
        (3, "2026-11-02", "08:00", 7),
        (4, "2026-11-16", "08:00", 7),
    ]
    assert asked(stage) == [4, 4, 4]


def test_after_three_days_down_a_round_that_is_over_is_written_as_skipped_and_nobody_is_asked(stage: Stage) -> None:
    stage.go_to("2026-11-05T09:00")
    assert (len(boards(stage)), asked(stage)) == (0, [0, 0, 0])
    missed = rounds(stage)[-1]
    assert (missed.local_date.isoformat(), missed.state) == ("2026-11-02", "skipped")
    assert missed.reason == "the bot was not running while it was open"


def test_after_two_days_down_each_gets_one_late_prompt_while_their_own_time_runs_and_no_reminder(stage: Stage) -> None:
    stage.go_to("2026-11-04T10:00")  # 19:00 in Tokyo, where the window closed at 18:00
    stage.tick()
    stage.go_to("2026-11-04T10:30")
    assert (len(boards(stage)), asked(stage)) == (1, [1, 0, 1])
    assert replies(stage.person(BO), prompt(stage.person(BO))) == []
    assert asks(stage)["mia"].state == "missed"


def test_weeks_of_absence_bring_the_newest_round_only(staged: StageMaker) -> None:
    stage = staged(at="2026-10-01T00:00", portfolio=portfolio())
    stage.go_to("2026-11-16T09:00")
    assert asked(stage) == [1, 1, 1]
    assert [r.number for r in rounds(stage)] == [4]


def test_the_board_is_one_message_that_is_kept_current(stage: Stage) -> None:
    stage.go_to(ALL_ASKED)
    assert "Shared key results: 1 at risk, 1 on track." in board(stage)
    answer(stage, BO, "1. KR-1 30 days 7/10; KR-4 40 %\n2. no\n3. no")
    assert "1 of 3 has answered. Shared key results: 2 on track." in board(stage)
    assert "✓ Bo Lindqvist" in board(stage)
    assert "– Mia Tanaka, Omar Haddad" in board(stage)
    answer(stage, MIA, "1. KR-2 28 %\n2. no\n3. no")
    answer(stage, OMAR, "1. KR-5 2,100\n2. no\n3. no")
    assert "All 3 have answered." in board(stage)
    assert len(boards(stage)) == 1


def test_who_has_not_answered_is_reminded_at_80_percent_and_called_before_the_end_where_they_live(stage: Stage) -> None:
    stage.go_to(TOKYO_NINE)
    stage.go_to(ALL_ASKED)
    answer(stage, OMAR, "1. KR-5 2,100\n2. no\n3. no")
    bo, mia, omar = (stage.person(lead) for lead in LEADS)

    def reminded() -> list[int]:
        return [
            sum("closes" in text and "[ Answer ]" in text for text in replies(p, prompt(p))) for p in (bo, mia, omar)
        ]

    stage.go_to("2026-11-03T21:59")
    assert reminded() == [0, 0, 0]
    stage.go_to("2026-11-03T22:00")  # 07:00 in Tokyo: 80 % of the window lies in the night
    assert reminded() == [0, 1, 0]
    assert "@Mia Tanaka Check-in 3 of Product suite closes" in replies(mia, prompt(mia))[-1]
    assert "two key results still open" in replies(mia, prompt(mia))[-1]
    stage.go_to("2026-11-04T05:59")
    assert reminded() == [0, 1, 0]
    stage.go_to("2026-11-04T06:00")
    stage.tick()
    assert reminded() == [1, 1, 0]
    assert "behind: KR-1, KR-4" in replies(bo, prompt(bo))[-1]
    stage.go_to("2026-11-04T07:00")  # 16:00 in Tokyo
    assert reminded() == [1, 2, 0]
    assert "@Mia Tanaka Last call: Check-in 3 of Product suite closes" in replies(mia, prompt(mia))[-1]
    stage.go_to("2026-11-04T15:00")
    stage.tick()
    stage.go_to("2026-11-04T16:30")
    assert reminded() == [2, 2, 0]


def test_the_reminder_counts_what_has_no_word_yet(stage: Stage) -> None:
    stage.go_to(ALL_ASKED)
    bo = stage.person(BO)
    bo.types("/okr update KR-4 40 %")
    stage.settle()
    stage.go_to("2026-11-04T06:00")
    assert "three key results still open; behind: KR-1." in replies(bo, prompt(bo))[-1]


def test_a_reminded_lead_answers_by_the_reminders_button(stage: Stage) -> None:
    stage.go_to(ALL_ASKED)
    stage.go_to("2026-11-04T06:00")
    bo = stage.person(BO)
    reminder = next(m for m in bo.messages("dm", prompt(bo).ts) if "closes" in bo.reads(m))
    bo.clicks(reminder, label="Answer")
    bo.submits(opened(stage, bo), {"kr_value:KR-1": "30 days", "question:2": "no", "question:3": "no"})
    stage.settle()
    assert asks(stage)["bo"].state == "answered"


def test_the_round_closes_and_shows_who_is_missing(stage: Stage) -> None:
    stage.go_to(ALL_ASKED)
    answer(stage, BO, "1. KR-1 30 days\n2. no\n3. no")
    stage.go_to("2026-11-04T16:59")
    assert "[ Answer ]" in board(stage)
    stage.go_to("2026-11-04T17:00")
    assert "closed" in board(stage)
    assert "1 of 3 has answered" in board(stage)
    assert "– Mia Tanaka, Omar Haddad" in board(stage)
    assert "[ Answer ]" not in board(stage)
    assert {key: ask.state for key, ask in asks(stage).items()} == {"bo": "answered", "mia": "missed", "omar": "missed"}
    assert rounds(stage)[-1].state == "closed"


def test_the_prompt_shows_only_what_this_lead_answers_for_with_values_expectation_and_reporter(stage: Stage) -> None:
    stage.go_to(ALL_ASKED)
    bo, omar = stage.person(BO), stage.person(OMAR)
    text = bo.reads(prompt(bo))
    assert text.startswith("Check-in 3 of 7 · Product suite · by")
    assert "You report:\n◐ KR-1 Average onboarding time: 41 days, expected 36, at risk (updated 13 days ago)\n" in text
    assert "● KR-2 Accounts on three products: 24 %, expected 21 %, on track (Mia Tanaka, 3 days ago)" in text
    assert "Others report; how does it look from your side?\n● KR-2" in text
    assert "○ KR-4 Quotes accepted within a week: 22 %, expected 38 %, off track" in text
    assert "KR-5" not in text
    assert text.index("KR-1") < text.index("KR-2") < text.index("KR-4") < text.index("KR-3")
    assert "For example: 1. KR-1 39 days 7/10" in text
    theirs = omar.reads(prompt(omar))
    assert "One key result waits for you" in theirs
    assert "KR-5" in theirs
    assert not any(key in theirs for key in ("KR-1", "KR-2", "KR-3", "KR-4"))


def test_the_example_can_be_sent_as_it_stands(stage: Stage) -> None:
    stage.go_to(ALL_ASKED)
    bo = stage.person(BO)
    answer(stage, BO, bo.reads(prompt(bo)).split("For example: ")[1])
    (receipt,) = [bo.reads(m) for m in receipts(bo, prompt(bo))]
    assert "Saved: KR-1 41 → 39 days" in receipt
    assert "Blocker B-1 waiting for the billing API until 12 Dec" in receipt
    assert "Nothing to adjust." in receipt


def test_a_key_result_that_another_reports_is_asked_for_as_it_looks_from_here(stage: Stage) -> None:
    stage.go_to(ALL_ASKED)
    answer(stage, MIA, "2. no\n3. no")
    answer(stage, BO, "2. no\n3. no")
    (mias,) = [stage.person(MIA).reads(m) for m in receipts(stage.person(MIA), prompt(stage.person(MIA)))]
    (bos,) = [stage.person(BO).reads(m) for m in receipts(stage.person(BO), prompt(stage.person(BO)))]
    assert "KR-1: how does it look from your side?\n" in mias
    assert "Still open" not in mias
    assert "Still open: KR-1, KR-4.\n" in bos
    assert "how does it look" not in bos


def test_the_three_questions_are_asked_word_for_word(stage: Stage) -> None:
    stage.go_to(ALL_ASKED)
    text = stage.person(BO).reads(prompt(stage.person(BO)))
    for question in (
        "Are shared key results on track?",
        "Have any dependencies or blockers emerged?",
        "Do any OKRs need to be adjusted based on new information?",
    ):
        assert question in text


def test_the_next_prompt_shows_the_blocker_that_is_open_with_its_days_to_both_sides(stage: Stage) -> None:
    stage.go_to(ALL_ASKED)
    answer(stage, BO, "1. no change\n2. waiting for Payments' API until 12 Dec\n3. no")
    stage.go_to("2026-11-16T08:10")
    for lead in (BO, OMAR):
        text = stage.person(lead).reads(prompt(stage.person(lead)))
        assert "Open: B-1 “waiting for Payments' API until 12 Dec” from Payments, 14 days" in text
    assert "B-1" not in stage.person(MIA).reads(prompt(stage.person(MIA)))


def test_no_change_confirms_what_is_on_pace_and_asks_for_what_is_behind(stage: Stage) -> None:
    stage.go_to(ALL_ASKED)
    bo = stage.person(BO)
    bo.clicks(prompt(bo), label="No change")
    form = opened(stage, bo)
    assert "KR-1" in bo.reads(form)
    assert "KR-4" in bo.reads(form)
    assert "KR-3" not in bo.reads(form)
    assert "KR-2" not in bo.reads(form)
    bo.submits(form, {"kr_value:KR-1": "30", "kr_value:KR-4": "40"})
    stage.settle()
    told = [bo.reads(m) for m in receipts(bo, prompt(bo))]
    assert any("KR-3 still 48 %" in text for text in told)
    assert any("41 → 30 days" in text and "22 → 40 %" in text for text in told)
    assert "✓ Bo Lindqvist" in board(stage)


def test_no_change_is_not_offered_where_nothing_is_on_pace(staged: StageMaker) -> None:
    behind = """
      - {key: KR-1, title: Onboarding time, kind: decrease, start: 45, target: 20, owners: [crm, analytics],
         reporter: bo, updates: [{at: 2026-10-20, value: 44, by: bo}]}
      - {key: KR-2, title: Uptime, kind: keep_above, target: 99, owners: [payments],
         updates: [{at: 2026-10-30, value: 99.5, by: omar}]}
"""
    stage = staged(at=BEFORE, portfolio=portfolio(key_results=behind, cadence=EVERY_TWO_WEEKS))
    stage.go_to(ALL_ASKED)
    assert "[ No change ]" not in stage.person(BO).reads(prompt(stage.person(BO)))
    assert "[ No change ]" in stage.person(OMAR).reads(prompt(stage.person(OMAR)))


def test_a_lead_without_a_slack_member_is_shown_as_missing_and_holds_nobody_up(staged: StageMaker) -> None:
    text = portfolio().replace(f", slack: {OMAR}", "")
    stage = staged(at=BEFORE, portfolio=text)
    stage.go_to(ALL_ASKED)
    assert [len(prompts(stage.person(lead))) for lead in (BO, MIA)] == [1, 1]
    assert "Omar Haddad" in board(stage)
    assert stage.messages(SUITE)


def test_the_samples_leads_are_asked_at_nine_in_their_nine_zones(staged: StageMaker) -> None:
    stage = staged(at="2026-11-15T22:30")
    until = datetime(2026, 11, 16, 18, tzinfo=UTC)
    while True:
        with stage.db.transaction(readonly=True) as session:
            event = next_event(session, stage.team, now=stage.clock.now())
        if event is None or event.at > until:
            break
        stage.go_to(event.at)
    found = {}
    for user in stage.sandbox.workspace.users.values():
        if user.id != stage.sandbox.bot_user and (got := prompts(stage.person(user.id))):
            assert len(got) == 1
            found[user.name] = datetime.fromtimestamp(float(got[0].ts), ZoneInfo(user.tz)).strftime("%a %H:%M")
    leads = ("bo", "mia", "omar", "ines", "priya", "dario", "grace", "walt")
    assert {name: found[name] for name in leads} == dict.fromkeys(leads, "Mon 09:00")
    assert len(boards(stage)) == 1
    assert f"0 of {len(found)} have answered" in board(stage)
    assert stage.sandbox.rejected == []
