"""The digest's use cases on a real database: once each, compared with the last one, never late, model outside."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from prompts.client import ModelClient, Outcome
from prompts.facts import SummaryFacts
from rituals.alignment.rules import connection_rate
from rituals.digests.due import open_due
from rituals.digests.issuing import prepare
from rituals.digests.service import preview
from rituals.errors import Refusal
from rituals.notices import Digest, DigestDetails
from storage import people, tables
from storage.database import Database
from storage.outbox import Promise, promise
from storage.tables import DigestIssue, OutboxRow
from tests.prompts.model_server import ModelServer
from tests.rituals.digest_workspace import (
    FRIDAY,
    LINK,
    PORTFOLIO,
    TEAM,
    add,
    add_answer,
    add_blocker,
    add_round,
    person_ids,
    set_up,
    unit_ids,
)
from tests.rituals.stored import rows

OFF = ModelClient(mode="off")
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def give(db: Database, now: datetime, model: ModelClient = OFF) -> int:
    """What the heartbeat and its job do."""
    open_due(db, TEAM, now=now)
    return prepare(db, TEAM, now=now, model=model, connection=connection_rate)


def show(db: Database, now: datetime, unit: str | None = None) -> Digest:
    return preview(db, TEAM, unit, now=now, connection=connection_rate)


def outbox(db: Database) -> list[OutboxRow]:
    return rows(db, OutboxRow)


def ledger(db: Database) -> list[DigestIssue]:
    return rows(db, DigestIssue)


def digests(db: Database) -> list[Digest]:
    return [Digest.model_validate(row.data) for row in outbox(db) if row.kind == "digest"]


def report(db: Database, key: str, value: int, at: datetime, **more: Any) -> None:
    with db.transaction(readonly=True) as session:
        kr = session.exec(select(tables.KeyResult).where(tables.KeyResult.key == key)).one()
    row = tables.KeyResultUpdate(
        team_id=TEAM,
        key_result_id=kr.id or 0,
        person_id=kr.reporter_id,
        at=at,
        value=Decimal(value),
        source="command",
        source_key=f"{key}:{at}",
        **more,
    )
    add(db, row)


@pytest.fixture
def suite(db: Database) -> Database:
    set_up(db)
    return db


@pytest.fixture
def sqlite_suite(sqlite_db: Database) -> Database:
    set_up(sqlite_db)
    return sqlite_db


def test_a_digest_is_promised_once_to_the_leadership_channel_with_its_lists_in_the_thread(suite: Database) -> None:
    assert give(suite, FRIDAY) == 1
    first, *rest = outbox(suite)
    assert (first.kind, first.to, first.key, first.mode) == ("digest", "C01LEADERS", "digest:suite:2026-11-13", "post")
    assert rest
    assert all((row.kind, row.thread_of, row.to) == ("digest_details", first.key, "C01LEADERS") for row in rest)
    assert DigestDetails.model_validate(rest[0].data).title == "Falling behind"


def test_running_again_changes_nothing(suite: Database) -> None:
    give(suite, FRIDAY)
    before = len(outbox(suite))
    assert open_due(suite, TEAM, now=FRIDAY + MINUTE) == 0
    assert give(suite, FRIDAY + MINUTE) == 0
    assert len(outbox(suite)) == before
    assert [(i.state, i.local_date) for i in ledger(suite)] == [("issued", date(2026, 11, 13))]


def test_nothing_is_due_a_minute_before_its_slot_but_that_of_the_week_before(suite: Database) -> None:
    assert open_due(suite, TEAM, now=FRIDAY - MINUTE) == 1
    assert [i.local_date for i in ledger(suite)] == [date(2026, 11, 6)]


def test_a_digest_more_than_a_day_late_is_skipped_with_the_reason(suite: Database) -> None:
    assert give(suite, FRIDAY + DAY + MINUTE) == 0
    assert outbox(suite) == []
    assert [(i.state, i.reason) for i in ledger(suite)] == [("skipped", "it was more than a day late")]


def test_a_digest_exactly_a_day_late_is_still_given(suite: Database) -> None:
    assert give(suite, FRIDAY + DAY) == 1


def test_one_that_was_opened_in_time_and_never_prepared_is_skipped_when_it_is_too_late(suite: Database) -> None:
    open_due(suite, TEAM, now=FRIDAY)
    assert prepare(suite, TEAM, now=FRIDAY + 2 * DAY, model=OFF, connection=connection_rate) == 0
    assert [(i.state, i.reason) for i in ledger(suite)] == [("skipped", "it was more than a day late")]


def test_after_three_weeks_down_there_is_one_digest_and_it_names_what_was_skipped(suite: Database) -> None:
    give(suite, FRIDAY)
    give(suite, FRIDAY + WEEK + 2 * DAY)
    give(suite, FRIDAY + 3 * WEEK)
    assert [i.state for i in ledger(suite)] == ["issued", "skipped", "issued"]
    parts = [DigestDetails.model_validate(row.data) for row in outbox(suite) if row.kind == "digest_details"]
    assert [p.lines for p in parts if p.title == "Digests not given"] == [("Fri 20 Nov: it was more than a day late",)]


def test_a_unit_without_any_channel_is_skipped_with_the_reason(sqlite_db: Database) -> None:
    set_up(sqlite_db, PORTFOLIO.replace("    channel: C01ALL\n    leadership_channel: C01LEADERS\n", ""))
    give(sqlite_db, FRIDAY)
    assert [(i.state, i.reason) for i in ledger(sqlite_db)] == [("skipped", "no channel is set for it")]
    assert outbox(sqlite_db) == []


def test_without_a_leadership_channel_it_goes_to_the_units_own(sqlite_db: Database) -> None:
    set_up(sqlite_db, PORTFOLIO.replace("    leadership_channel: C01LEADERS\n", ""))
    give(sqlite_db, FRIDAY)
    assert {row.to for row in outbox(sqlite_db)} == {"C01ALL"}


def test_after_the_cycle_there_is_one_last_digest_and_then_none(sqlite_suite: Database) -> None:
    assert give(sqlite_suite, datetime(2027, 1, 1, 14, tzinfo=UTC)) == 1
    assert give(sqlite_suite, datetime(2027, 1, 8, 14, tzinfo=UTC)) == 0
    assert len(ledger(sqlite_suite)) == 1


def test_it_covers_the_unit_and_what_is_below_it_and_nothing_beside(sqlite_suite: Database) -> None:
    give(sqlite_suite, FRIDAY)
    assert sorted((ledger(sqlite_suite)[0].snapshot or {})["key_results"]) == ["KR-1", "KR-2", "KR-3"]


def test_it_says_who_falls_behind_and_why_with_their_last_words(sqlite_suite: Database) -> None:
    give(sqlite_suite, FRIDAY)
    (digest,) = digests(sqlite_suite)
    (one,) = digest.falling
    assert (one.line.key, one.line.now, one.line.expected) == ("KR-1", "42 days", "33")
    assert one.why == ("35 points behind (12 % of the way, expected 47 %)",)
    assert one.words == "Pilot waits"
    assert one.words_on == date(2026, 11, 9)
    assert one.line.owners == ("CRM", "Payments")
    assert digest.silent == ("CRM: KR-3 no value yet after 43 days",)
    assert digest.connection_rate == 1.0
    assert (digest.unit, digest.cycle, digest.week_of) == ("Product suite", "2026-Q4", date(2026, 11, 9))
    assert digest.elapsed == pytest.approx(43 / 91, abs=1e-4)


def test_the_second_digest_says_what_changed_since_the_first(sqlite_suite: Database) -> None:
    give(sqlite_suite, FRIDAY)
    report(sqlite_suite, "KR-2", 60, FRIDAY + DAY)
    report(sqlite_suite, "KR-3", 10, FRIDAY + 2 * DAY)
    give(sqlite_suite, FRIDAY + WEEK)
    second = digests(sqlite_suite)[1]
    assert second.moved == ("KR-2 +13 points",)
    assert second.achieved == ("KR-3 achieved",)
    assert second.connection_change == 0.0
    assert second.headline == "One shared key result is still behind; connection rate 100 %."


def test_a_week_in_which_nothing_changed_is_one_line(sqlite_suite: Database) -> None:
    give(sqlite_suite, FRIDAY)
    give(sqlite_suite, FRIDAY + WEEK)
    assert digests(sqlite_suite)[1].headline == (
        "Nothing changed since 13 Nov: one shared key result is behind, no blockers open."
    )


def test_an_update_that_was_taken_back_still_compares_with_what_was_said(sqlite_suite: Database) -> None:
    report(sqlite_suite, "KR-2", 90, FRIDAY - DAY)
    give(sqlite_suite, FRIDAY)
    with sqlite_suite.transaction() as session:
        row = session.exec(select(tables.KeyResultUpdate).where(tables.KeyResultUpdate.source == "command")).one()
        row.retracted_at = FRIDAY + DAY
        session.add(row)
    give(sqlite_suite, FRIDAY + WEEK)
    assert digests(sqlite_suite)[1].moved == ("KR-2 −43 points",)


def test_the_first_digest_compares_with_the_week_before(sqlite_suite: Database) -> None:
    give(sqlite_suite, FRIDAY)
    assert digests(sqlite_suite)[0].moved == ("KR-2 +27 points",)


def test_blockers_are_told_with_links_to_the_answers(sqlite_suite: Database) -> None:
    answer = add_answer(sqlite_suite, "2. We wait for <@U03MIA>'s API until 12 Dec &amp; cannot test. 3. no")
    add_blocker(sqlite_suite, 9, "API", answer=answer, until=date(2026, 12, 12))
    give(sqlite_suite, FRIDAY)
    (digest,) = digests(sqlite_suite)
    (claim,) = digest.blockers
    assert claim.text == (
        "Payments holds up CRM, for 3 days, until 12 Dec (B-9): “We wait for Mia Kern's API until 12 Dec & cannot test”"
    )
    assert claim.sources == ((1, LINK),)
    assert (digest.worded_by, digest.why_rules) == ("rules", "no model")


def copy_in_thread(db: Database, ask: int) -> None:
    """The answer's copy in the round's thread, as it is once both were delivered."""
    board = Promise(key="board:1", kind="checkin_board", to="C01ALL", data={"round": 1}, mode="live")
    copy = Promise(
        key=f"shared:{ask}",
        kind="checkin_shared_answer",
        to="C01ALL",
        data={"ask": ask},
        mode="live",
        thread_of="board:1",
    )
    with db.transaction() as session:
        for what, ts in ((board, "1731000000.000100"), (copy, "1731000009.000200")):
            promise(session, TEAM, what, now=FRIDAY - DAY)
            row = session.exec(select(OutboxRow).where(OutboxRow.key == what.key)).one()
            row.ts, row.channel, row.state = ts, "C01ALL", "sent"
            session.add(row)


def test_an_answer_given_in_a_dm_is_linked_by_its_copy_in_the_channel(suite: Database) -> None:
    (ask,) = add_round(suite, ("bo", "answered"))
    answer = add_answer(suite, "We wait for Payments", source="dm", ask=ask)
    add_blocker(suite, 9, "API", answer=answer)
    report(suite, "KR-1", 42, FRIDAY - DAY, note="Slower", answer_id=answer)
    with suite.transaction() as session:
        session.get_one(tables.Workspace, TEAM).url = "https://acme.slack.com/"
    assert show(suite, FRIDAY).blockers[0].sources == ((1, None),)
    copy_in_thread(suite, ask)
    link = "https://acme.slack.com/archives/C01ALL/p1731000009000200?thread_ts=1731000000.000100&cid=C01ALL"
    digest = show(suite, FRIDAY)
    assert digest.blockers[0].sources == ((1, link),)
    assert (digest.falling[0].words, digest.falling[0].permalink) == ("Slower", link)


def test_words_are_quoted_past_a_confirmation_that_nothing_changed(sqlite_suite: Database) -> None:
    report(sqlite_suite, "KR-1", 42, FRIDAY - DAY, note="No change")
    (one,) = show(sqlite_suite, FRIDAY).falling
    assert (one.words, one.words_on) == ("Pilot waits", date(2026, 11, 9))


def test_an_answer_given_in_a_form_is_quoted_by_what_was_registered(sqlite_suite: Database) -> None:
    add_blocker(sqlite_suite, 9, "The staging API is down", answer=add_answer(sqlite_suite, ""))
    give(sqlite_suite, FRIDAY)
    assert "“The staging API is down”" in digests(sqlite_suite)[0].blockers[0].text


def test_blockers_resolved_since_the_last_digest_are_in_the_thread(sqlite_suite: Database) -> None:
    add_blocker(sqlite_suite, 1, "Old", state="resolved", resolved_at=FRIDAY - 10 * DAY)
    add_blocker(sqlite_suite, 2, "Access", state="resolved", resolved_at=FRIDAY - DAY)
    add_blocker(sqlite_suite, 3, "Oops", state="withdrawn", resolved_at=FRIDAY - DAY)
    give(sqlite_suite, FRIDAY)
    parts = {p.title: p.lines for row in outbox(sqlite_suite)[1:] for p in [DigestDetails.model_validate(row.data)]}
    assert [line.split(":")[0] for line in parts["Blockers resolved"]] == ["B-2 Access"]
    assert "Blockers open" not in parts


def test_a_blocker_of_another_portfolio_is_not_told(sqlite_suite: Database) -> None:
    add_blocker(sqlite_suite, 9, "Lab bench", by="labs", on=None)
    assert show(sqlite_suite, FRIDAY).blockers_open == 0
    assert show(sqlite_suite, FRIDAY, "labs").blockers_open == 1


def test_proposals_and_leads_who_have_not_answered_are_named(sqlite_suite: Database) -> None:
    add_round(sqlite_suite, ("bo", "answered"), ("mia", "missed"), ("ana", "late"))
    proposal = tables.Adjustment(
        team_id=TEAM,
        number=3,
        text="lower KR-2 to 80 %",
        unit_id=unit_ids(sqlite_suite)["crm"],
        person_id=person_ids(sqlite_suite)["bo"],
        proposed_at=FRIDAY - DAY,
    )
    add(sqlite_suite, proposal)
    digest = show(sqlite_suite, FRIDAY)
    assert digest.not_answered == ("Mia Kern",)
    assert digest.decisions == ("A-3 lower KR-2 to 80 % (Bo Lind asks)",)


def test_who_missed_a_round_is_named_in_one_digest_only(sqlite_suite: Database) -> None:
    add_round(sqlite_suite, ("mia", "missed"))
    give(sqlite_suite, FRIDAY)
    give(sqlite_suite, FRIDAY + WEEK)
    assert [d.not_answered for d in digests(sqlite_suite)] == [("Mia Kern",), ()]


def test_a_preview_writes_nothing_and_says_that_it_is_one(sqlite_suite: Database) -> None:
    digest = show(sqlite_suite, FRIDAY)
    assert digest.preview
    assert digest.unit == "Product suite"
    assert outbox(sqlite_suite) == []
    assert ledger(sqlite_suite) == []


def test_a_preview_of_an_instant_in_the_past_knows_nothing_later(sqlite_suite: Database) -> None:
    add_blocker(sqlite_suite, 9, "Later", opened_at=FRIDAY)
    digest = show(sqlite_suite, datetime(2026, 10, 20, 12, tzinfo=UTC))
    assert digest.blockers_open == 0
    assert {row[0]: row[1] for row in digest.chart} == {"KR-1": 0.08, "KR-2": 0.2}


def test_a_preview_of_an_unknown_unit_is_refused_with_the_ones_there_are(sqlite_suite: Database) -> None:
    with pytest.raises(Refusal, match='No unit "nope"') as refused:
        show(sqlite_suite, FRIDAY, "nope")
    assert [c.value for c in refused.value.choices] == ["acme", "suite", "crm", "payments", "labs"]


def test_a_unit_may_be_named_as_people_say_it(sqlite_suite: Database) -> None:
    assert show(sqlite_suite, FRIDAY, " product SUITE ").unit == "Product suite"


def test_before_there_is_a_portfolio_the_preview_says_so(sqlite_db: Database) -> None:
    assert open_due(sqlite_db, TEAM, now=FRIDAY) == 0
    with pytest.raises(Refusal, match="no portfolio yet"):
        show(sqlite_db, FRIDAY)


def test_a_model_words_the_blockers_and_names_stay_here(sqlite_suite: Database) -> None:
    answer = add_answer(sqlite_suite, "We wait for Mia Kern and her Payments API until 12 Dec.")
    add_blocker(sqlite_suite, 9, "API", answer=answer)
    with ModelServer() as server:
        model = ModelClient(api_key="k", base_url=server.url, model="m")
        give(sqlite_suite, FRIDAY, model)
        assert "Mia" not in server.requests[0].text
    (digest,) = digests(sqlite_suite)
    assert (digest.worded_by, digest.checked_against, digest.dropped) == ("model", 1, 0)
    assert digest.blockers[0].text == "CRM waits for Payments: We wait for Mia Kern and her Payments API"


def test_a_workspace_that_turned_the_model_off_asks_none_and_says_so(sqlite_suite: Database) -> None:
    add_blocker(sqlite_suite, 9, "API", answer=add_answer(sqlite_suite, "We wait for the API."))
    with sqlite_suite.transaction() as session:
        people.workspace(session, TEAM).model_off = True
    with ModelServer() as server:
        model = ModelClient(api_key="k", base_url=server.url, model="m")
        give(sqlite_suite, FRIDAY, model)
        seen = preview(sqlite_suite, TEAM, None, now=FRIDAY, connection=connection_rate, model=model)
        assert server.requests == []
    (digest,) = digests(sqlite_suite)
    for shown in (digest, seen):
        assert (shown.worded_by, shown.why_rules) == ("rules", "the model is turned off for this workspace")
    assert digest.blockers


@pytest.mark.parametrize("reply", ["refusal", "truncated", "bad_json", "ungrounded", 500])
def test_whatever_the_model_does_the_digest_is_given(sqlite_suite: Database, reply: str | int) -> None:
    add_blocker(sqlite_suite, 9, "API", answer=add_answer(sqlite_suite, "We wait for the API."))
    with ModelServer().reply_with(reply) as server:
        give(sqlite_suite, FRIDAY, ModelClient(api_key="k", base_url=server.url, model="m"))
    (digest,) = digests(sqlite_suite)
    assert digest.worded_by == "rules"
    assert digest.why_rules
    assert digest.blockers[0].text == "Payments holds up CRM, for 3 days (B-9): “We wait for the API”"


class Meddler(ModelClient):
    """While the model is asked, someone else writes, and another process prepares the same digest."""

    def __init__(self, db: Database) -> None:
        super().__init__(mode="off")
        self.db = db

    def summarise(self, facts: SummaryFacts, *, language: str = "English") -> Outcome:
        add_blocker(self.db, 50, "written meanwhile")
        prepare(self.db, TEAM, now=FRIDAY, model=OFF, connection=connection_rate)
        return super().summarise(facts, language=language)


def test_no_transaction_is_open_while_the_model_is_asked_and_the_faster_process_wins(suite: Database) -> None:
    open_due(suite, TEAM, now=FRIDAY)
    assert prepare(suite, TEAM, now=FRIDAY, model=Meddler(suite), connection=connection_rate) == 0
    assert len(digests(suite)) == 1
    assert digests(suite)[0].blockers_open == 1
    assert [i.state for i in ledger(suite)] == ["issued"]
