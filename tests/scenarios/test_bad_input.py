"""Input that cannot be used: clear words where it was typed, what is possible, and nothing typed is lost."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.config import Settings, SettingsError
from bot.inbound import replay
from bot.socket import connect
from bot.wiring import build_bot
from rituals.okrs.portfolio.service import export_portfolio, import_portfolio
from rituals.okrs.portfolio.yaml_lines import PortfolioErrors
from sandbox.records import Message
from sandbox.stage import Stage
from storage.database import BUSY_SECONDS, Database
from storage.pace import Pace
from storage.tables import KeyResultUpdate, Proposal
from tests.scenarios.conftest import StageMaker
from tests.scenarios.portfolios import ANA, BO, MIA, OMAR, SAM, SUITE, portfolio
from tests.scenarios.seen import (
    answers,
    asks,
    board,
    boards,
    let_go,
    opened,
    prompt,
    receipts,
    replies,
    rows,
    shared,
    told,
    value,
    words,
    written,
)
from tests.scenarios.trouble import all_hands_full, locked

A_MINUTE_LATER = timedelta(seconds=61)


@pytest.fixture
def stage(staged: StageMaker) -> Iterator[Stage]:
    """All three leads were asked."""
    made = staged(at="2026-11-01T12:00", portfolio=portfolio(), busy_seconds=BUSY_SECONDS)
    made.go_to("2026-11-02T08:10")
    yield made
    let_go(made)


def reply(stage: Stage, text: str, lead: str = BO) -> str:
    """Answer in the prompt's thread; the receipt's words."""
    person = stage.person(lead)
    person.says("dm", text, thread_ts=prompt(person).ts)
    stage.settle()
    return replies(person, prompt(person))[-1]


@pytest.mark.parametrize(
    ("typed", "answer", "kept"),
    [
        ("KR-99: 30 days", "No key result KR-99.", ()),
        ("KR-1: banana", 'KR-1: I found no number in "banana". Write for example KR-1 30 days 7/10.', ()),
        ("KR-1: 30 days 11/10", "Confidence runs from 0 to 10; I read 11.", (30,)),
        ("KR-1: 10 %", 'This is measured in days: I read "10 %".', ()),
        ("KR-5: 1,950", "KR-5 is Payments': ask Omar Haddad or Ana Ruiz.", ()),
    ],
)
def test_a_reply_that_cannot_be_used_says_what_was_read_and_what_is_possible(
    stage: Stage, typed: str, answer: str, kept: tuple[float, ...]
) -> None:
    assert answer in reply(stage, typed)
    assert [a.text for a in answers(stage)] == [typed]
    assert [float(u.value or 0) for u in written(stage)] == list(kept)


def test_an_ambiguous_name_gets_a_choice_and_the_choice_writes_the_value(stage: Stage) -> None:
    text = reply(stage, "Quotes: 55 %, 8/10")
    assert 'I read "Quotes: 55 %, 8/10". Which key result is it? Nothing is written until you choose.' in text
    assert written(stage) == []
    bo = stage.person(BO)
    label = next(c[1] for c in rows(stage, Proposal)[0].choices or [] if "KR-3" in c[1])
    bo.clicks(receipts(bo, prompt(bo))[-1], label=label)
    stage.settle()
    assert (value(stage, "KR-3"), value(stage, "KR-4")) == (55, 22)
    assert answers(stage)[0].text == "Quotes: 55 %, 8/10"


def test_a_number_that_can_be_two_is_asked_back(stage: Stage) -> None:
    text = reply(stage, "1. KR-5 1.250\n2. no\n3. no", OMAR)
    assert 'I read "1.250" as 1.25 or 1,250 invoices. Which? Nothing is written until you choose.' in text
    assert value(stage, "KR-5") == 1900
    assert answers(stage)[0].text == "1. KR-5 1.250\n2. no\n3. no"


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"kr_value:KR-5": "1.250"}, {"kr_value:KR-5": '"1.250" as 1.25 or 1,250'}),
        (
            {"kr_value:KR-5": "banana", "question:2": "a long story"},
            {"kr_value:KR-5": 'I read "banana", which has no number.'},
        ),
        ({}, {"question:2": "Fill in at least one field, or close the form."}),
    ],
)
def test_a_form_stays_open_with_what_was_typed_and_the_words_beside_the_field(
    stage: Stage, fields: dict[str, str], errors: dict[str, str]
) -> None:
    omar = stage.person(OMAR)
    omar.clicks(prompt(omar), label="Answer")
    form = opened(stage, omar)
    sent = omar.submits(form, fields)
    assert sent.errors.keys() == errors.keys()
    for field, part in errors.items():
        assert part in sent.errors[field]
    assert omar.view is form
    assert {name: omar.value(form, name) for name in fields} == fields
    assert not written(stage)
    assert not answers(stage)


def test_a_form_names_every_unusable_field_at_once_and_is_taken_when_they_are_mended(stage: Stage) -> None:
    bo = stage.person(BO)
    bo.clicks(prompt(bo), label="Answer")
    form = opened(stage, bo)
    sent = bo.submits(form, {"kr_value:KR-1": "banana", "kr_value:KR-4": "1.2.3", "kr_value:KR-3": "50 %"})
    assert set(sent.errors) == {"kr_value:KR-1", "kr_value:KR-4"}
    assert written(stage) == []
    assert bo.submits(form, {"kr_value:KR-1": "30", "kr_value:KR-4": "40"}).closed
    stage.settle()
    assert [value(stage, key) for key in ("KR-1", "KR-3", "KR-4")] == [30, 50, 40]


@pytest.mark.parametrize("typed", ["What a lovely day for a boat trip", "asdf 42"])
def test_a_reply_that_fits_no_question_is_kept_said_so_and_shown_to_nobody_else(stage: Stage, typed: str) -> None:
    text = reply(stage, typed)
    assert "I could not tell which of the three questions this answers" in text
    assert "Questions 2 and 3 are still open." in text
    assert [a.text for a in answers(stage)] == [typed]
    assert asks(stage)["bo"].state == "asked"
    assert "0 of 3 have answered" in board(stage)
    assert shared(stage) == []


def test_an_answer_after_the_round_closed_is_kept_saved_and_marked_late(stage: Stage) -> None:
    stage.go_to("2026-11-04T17:00")
    text = reply(stage, "1. KR-1 30 days\n2. no\n3. no")
    assert "That check-in closed on Wed 4 Nov; I kept your answer and marked it late." in text
    assert "41 → 30 days" in text
    assert [(a.text, a.late) for a in answers(stage)] == [("1. KR-1 30 days\n2. no\n3. no", True)]
    assert asks(stage)["bo"].state == "late"
    assert "✓ Bo Lindqvist (late)" in board(stage)
    assert "closed" in board(stage)
    assert "Bo Lindqvist for CRM · late" in shared(stage)[0]
    assert value(stage, "KR-1") == 30


def test_a_lead_whose_own_time_is_over_is_late_though_others_still_have_time(stage: Stage) -> None:
    stage.go_to("2026-11-04T09:30")  # 18:30 in Tokyo
    text = reply(stage, "1. KR-2 28 %\n2. no\n3. no", MIA)
    assert "I kept your answer and marked it late" in text
    assert asks(stage)["mia"].state == "late"


def test_the_form_of_a_round_that_closed_is_kept_and_marked_late_too(stage: Stage) -> None:
    bo = stage.person(BO)
    bo.clicks(prompt(bo), label="Answer")
    form = opened(stage, bo)
    stage.go_to("2026-11-04T17:00")
    assert bo.submits(form, {"kr_value:KR-1": "30 days"}).closed
    stage.settle()
    assert [(a.source, a.late) for a in answers(stage)] == [("form", True)]
    assert "marked it late" in replies(bo, prompt(bo))[-1]


@pytest.mark.parametrize("who", [SAM, ANA])
def test_someone_who_is_not_asked_is_told_so_in_the_thread_and_their_words_are_kept(stage: Stage, who: str) -> None:
    person = stage.person(who)
    person.says(SUITE, "KR-1 is at 25 days", thread_ts=boards(stage)[-1].ts)
    stage.settle()
    text = told(stage, who, SUITE)
    assert "I kept your words, but changed nothing. Only the leads who are asked in check-in 3" in text
    assert [(a.text, a.slack_user, a.ask_id) for a in answers(stage)] == [("KR-1 is at 25 days", who, None)]
    assert value(stage, "KR-1") == 41
    assert "0 of 3 have answered" in board(stage)


def test_someone_who_is_not_a_lead_is_told_in_the_dm_what_they_can_do(stage: Stage) -> None:
    sam = stage.person(SAM)
    sam.says("dm", "KR-1 is at 25 days")
    stage.settle()
    assert "No check-in waits for you." in told(stage, SAM)
    assert "/okr help" in told(stage, SAM).replace("`", "")
    assert value(stage, "KR-1") == 41
    sam.clicks(boards(stage)[-1], label="Answer")
    stage.settle()
    assert sam.view is None
    assert "No check-in waits for you." in told(stage, SAM, SUITE)


def test_a_file_with_a_dangling_owner_and_a_cycle_that_ends_before_it_starts_is_refused_whole(stage: Stage) -> None:
    before = export_portfolio(stage.db, stage.team)
    text = (
        portfolio().replace("owners: [payments]", "owners: [paiments]").replace("ends: 2026-12-31", "ends: 2026-09-30")
    )
    lines = text.splitlines()
    with pytest.raises(PortfolioErrors) as refused:
        import_portfolio(stage.db, stage.team, text, now=stage.clock.now())
    said = str(refused.value)
    owner = next(n for n, line in enumerate(lines, start=1) if "paiments" in line)
    cycle = next(n for n, line in enumerate(lines, start=1) if "2026-09-30" in line)
    assert f"line {owner}" in said
    assert '"paiments"' in said
    assert "payments" in said
    assert f"line {cycle}" in said
    assert export_portfolio(stage.db, stage.team) == before


def test_while_the_database_is_locked_each_is_told_where_they_typed_and_nothing_typed_is_lost(stage: Stage) -> None:
    bo, mia, omar = stage.person(BO), stage.person(MIA), stage.person(OMAR)
    bo.clicks(prompt(bo), label="Answer")
    form = opened(stage, bo)
    with locked(stage):
        sent = bo.submits(form, {"kr_value:KR-1": "30 days"})
        typed = mia.types("/okr update KR-2 28 % 7/10 two more")
        clicked = omar.clicks(prompt(omar), label="No change")
        mia.says("dm", "1. KR-2 28 %\n2. no\n3. no", thread_ts=prompt(mia).ts)
        assert "The database is busy" in sent.errors["kr_value:KR-1"]
        assert bo.value(form, "kr_value:KR-1") == "30 days"
        assert typed.error is None
        assert "The database is busy and nothing was changed." in typed.text
        assert "You typed: /okr update KR-2 28 % 7/10 two more" in typed.text.replace("`", "")
        assert clicked.error is None
        assert "The database is busy and nothing was changed." in clicked.text
    stage.sandbox.redeliver()  # as Slack does with events that were not acknowledged
    stage.settle()
    assert value(stage, "KR-2") == 28
    assert bo.submits(form).closed
    stage.settle()
    assert value(stage, "KR-1") == 30
    assert len([a for a in answers(stage) if a.slack_user == MIA]) == 1


@pytest.mark.parametrize(
    "act",
    [
        lambda stage: stage.person(BO).says("dm", "1. KR-1 30 days\n2. no\n3. no"),
        lambda stage: stage.person(BO).types("/okr update KR-1 30 days"),
    ],
    ids=["message", "command"],
)
def test_what_was_taken_in_before_the_lock_is_worked_off_when_it_is_released(
    stage: Stage, act: Callable[[Stage], object]
) -> None:
    with all_hands_full(stage):
        act(stage)
        stage.sandbox.settle()
        holding = locked(stage)
        holding.__enter__()
    assert "The database is busy. What you typed is kept and I will get to it within two minutes" in told(stage, BO)
    holding.__exit__(None, None, None)
    assert value(stage, "KR-1") == 41
    stage.clock.move_to(stage.clock.now() + A_MINUTE_LATER)
    assert replay(stage.bot.app, stage.bot.services) == 1
    stage.settle()
    assert value(stage, "KR-1") == 30
    assert replay(stage.bot.app, stage.bot.services) == 0


def settings_with(stage: Stage, *, bot: str, app: str) -> Settings:
    """Settings for the stage's Slack with these tokens."""
    return Settings(
        slack_bot_token=SecretStr(bot),
        slack_app_token=SecretStr(app),
        slack_api_url=stage.sandbox.api_url,
        plumbline_llm="off",
    )


def test_a_bot_token_that_is_refused_at_the_start_is_one_line_that_says_what_to_do(stage: Stage) -> None:
    wrong = settings_with(stage, bot="xoxb-wrong-1", app=stage.sandbox.app_token)
    with closing(Database(stage.db.url)) as db, pytest.raises(SettingsError) as refused:
        build_bot(wrong, db, clock=stage.clock, limits=Pace.off())
    assert str(refused.value) == "Slack refuses SLACK_BOT_TOKEN (invalid_auth); copy it anew from your app's page"
    stage.sandbox.faults.revoke_token()
    right = settings_with(stage, bot=stage.sandbox.bot_token, app=stage.sandbox.app_token)
    with closing(Database(stage.db.url)) as db, pytest.raises(SettingsError, match="token_revoked"):
        build_bot(right, db, clock=stage.clock, limits=Pace.off())


def test_an_app_token_that_is_refused_at_the_start_is_one_line_that_says_what_to_do(stage: Stage) -> None:
    wrong = settings_with(stage, bot=stage.sandbox.bot_token, app="xapp-1-wrong")
    with pytest.raises(SettingsError, match="Slack refuses SLACK_APP_TOKEN") as refused:
        connect(stage.bot.app, wrong)
    assert "\n" not in str(refused.value)
    assert "xapp-1-wrong" not in str(refused.value)


def test_what_a_refused_token_held_back_is_delivered_when_the_token_is_good_again(stage: Stage) -> None:
    stage.sandbox.faults.error("invalid_auth", method="chat.postMessage", next=None)
    bo = stage.person(BO)
    bo.says("dm", "1. KR-1 30 days\n2. no\n3. no", thread_ts=prompt(bo).ts)
    stage.settle()
    assert value(stage, "KR-1") == 30
    assert receipts(bo, prompt(bo)) == []
    stage.sandbox.faults.clear()
    stage.clock.move_to(stage.clock.now() + timedelta(minutes=6))
    stage.deliver()
    assert "41 → 30 days" in replies(bo, prompt(bo))[-1]
    assert len(shared(stage)) == 1


def pings(message: Message) -> bool:
    """Whether a message of the bot's would notify people: mentions, broadcasts, and names that Slack would link."""
    raw = f"{message.text} {message.blocks}"
    return any(mark in raw for mark in ("<!channel", "<!here", "<!everyone", "<@", "<!subteam"))


def asks_the_owners(message: Message) -> bool:
    """Whether it is the thread of what fell behind: that one calls its owners, whatever was typed."""
    return "What is the true value today" in str(message.blocks)


def test_an_answer_full_of_markup_is_shown_as_typed_and_pings_nobody(stage: Stage) -> None:
    typed = "1. KR-1 30 days <!channel> <!here> @mia <b>bold</b> & <script>alert(1)</script>\n2. no\n3. no"
    reply(stage, typed)
    text = shared(stage)[0]
    assert "<b>bold</b> & <script>alert(1)</script>" in text
    assert "@Mia Tanaka" in text
    assert not any(pings(m) for m in stage.messages(SUITE) if m.bot and not asks_the_owners(m))
    bo = stage.person(BO)
    assert not any(pings(m) for m in receipts(bo, prompt(bo)))
    assert value(stage, "KR-1") == 30
    assert "&lt;b&gt;bold&lt;/b&gt; &amp;" in answers(stage)[0].text  # as Slack sends it


def test_forty_thousand_characters_are_kept_whole_and_every_message_still_fits(stage: Stage) -> None:
    typed = "1. KR-1 30 days\n2. waiting for Payments " + "and more words " * 2660 + "\n3. no"
    assert 39_900 < len(typed) <= 40_000
    reply(stage, typed)
    assert answers(stage)[0].text == typed
    assert value(stage, "KR-1") == 30
    assert stage.sandbox.rejected == []
    assert len(shared(stage)[0]) < 3000
    assert "…" in shared(stage)[0]
    assert "B-1" in words(stage, receipts(stage.person(BO), prompt(stage.person(BO)))[-1])


def test_no_answer_is_lost_between_its_message_and_its_record(stage: Stage) -> None:
    with stage.db.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER no_room BEFORE INSERT ON answer BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )
    with capture_logs() as logged:
        bo = stage.person(BO)
        bo.says("dm", "1. KR-1 30 days\n2. no\n3. no", thread_ts=prompt(bo).ts)
        stage.settle()
    (ref,) = [line["ref"] for line in logged if line["event"] == "fault"]
    assert f"Something broke on our side (ref {ref})." in told(stage, BO)
    assert not answers(stage)
    with stage.db.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT body FROM inbox WHERE body LIKE '%KR-1 30 days%'").all()
    assert len(kept) == 1
    assert [u for u in rows(stage, KeyResultUpdate) if u.source == "checkin"] == []
