"""For whom a digest is: leadership, portfolio, each product line; when and where, and what each of them reads."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from prompts.client import ModelClient
from rituals.alignment.rules import connection_rate
from rituals.cadence import parse_cadence
from rituals.digests.audiences import SHARED_CHANNEL, Place, plans, why_not_there
from rituals.digests.due import open_due
from rituals.digests.issuing import prepare
from rituals.digests.service import Reader, preview
from rituals.errors import Refusal
from rituals.notices import Digest
from rituals.okrs.portfolio.service import export_portfolio, import_portfolio
from rituals.okrs.portfolio.write import write_yaml
from storage import tables
from storage.database import Database
from storage.tables import DigestIssue, OutboxRow
from tests.rituals.digest_workspace import FRIDAY, PORTFOLIO, TEAM, add, add_blocker, set_up, unit_ids

OFF = ModelClient(mode="off")
WEEKLY = {"every": "1 week", "on": "friday", "at": "15:00"}
EARLY = {"every": "1 week", "on": "friday", "at": "09:00"}
WITH_CHANNELS = PORTFOLIO.replace(
    "name: CRM, level: product_line, parent: suite,", "name: CRM, level: product_line, parent: suite, channel: C02CRM,"
).replace(
    "name: Payments, level: product_line, parent: suite,",
    "name: Payments, level: product_line, parent: suite, channel: C03PAY,",
)


def wants(db: Database, unit: str, audiences: dict[str, Any]) -> None:
    """As the settings write it."""
    with db.transaction() as session:
        row = session.exec(select(tables.Unit).where(tables.Unit.key == unit)).one()
        row.audiences = audiences
        session.add(row)


def give(db: Database, now: datetime) -> int:
    open_due(db, TEAM, now=now)
    return prepare(db, TEAM, now=now, model=OFF, connection=connection_rate)


def posted(db: Database) -> dict[str, Digest]:
    with db.transaction(readonly=True) as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.kind == "digest").order_by(col(OutboxRow.id)))
        return {row.to: Digest.model_validate(row.data) for row in rows}


def ledger(db: Database) -> list[tuple[str, str, str]]:
    names = {number: key for key, number in unit_ids(db).items()}
    with db.transaction(readonly=True) as session:
        rows = session.exec(select(DigestIssue).order_by(col(DigestIssue.id)))
        return [(names[row.unit_id], row.audience, row.state) for row in rows]


@pytest.fixture
def suite(sqlite_db: Database) -> Database:
    set_up(sqlite_db, WITH_CHANNELS)
    return sqlite_db


def test_without_a_word_there_is_one_digest_for_the_leadership(suite: Database) -> None:
    give(suite, FRIDAY)
    assert ledger(suite) == [("suite", "leadership", "issued")]


def test_each_audience_gets_its_own_in_its_own_channel_once(suite: Database) -> None:
    wants(suite, "suite", {"portfolio": WEEKLY, "unit": {**WEEKLY, "timezone": "Europe/Berlin"}})
    assert give(suite, FRIDAY) == 4
    assert {to: (d.unit, d.audience) for to, d in posted(suite).items()} == {
        "C01LEADERS": ("Product suite", "leadership"),
        "C01ALL": ("Product suite", "portfolio"),
        "C02CRM": ("CRM", "unit"),
        "C03PAY": ("Payments", "unit"),
    }
    assert give(suite, FRIDAY + timedelta(minutes=1)) == 0
    assert len(ledger(suite)) == 4


def test_an_audience_is_told_in_its_own_rhythm_and_zone(suite: Database) -> None:
    wants(suite, "suite", {"portfolio": {**EARLY, "timezone": "America/New_York"}})
    assert give(suite, datetime(2026, 11, 13, 13, 59, tzinfo=UTC)) == 0
    ten_past = datetime(2026, 11, 13, 14, 10, tzinfo=UTC)
    assert give(suite, ten_past) == 2  # 09:10 in New York, 15:10 in Berlin
    assert {audience for _, audience, state in ledger(suite) if state == "issued"} == {"leadership", "portfolio"}


def test_a_product_lines_digest_comes_at_that_hour_where_its_lead_is(suite: Database) -> None:
    with suite.transaction() as session:
        bo = session.exec(select(tables.Person).where(tables.Person.key == "bo")).one()
        bo.timezone = "Asia/Tokyo"
        session.add(bo)
    wants(suite, "suite", {"unit": WEEKLY})
    give(suite, datetime(2026, 11, 13, 6, 1, tzinfo=UTC))  # 15:01 in Tokyo, 07:01 in Berlin
    assert [unit for unit, audience, state in ledger(suite) if (audience, state) == ("unit", "issued")] == ["crm"]


def test_a_line_may_have_its_own_or_turn_it_off(suite: Database) -> None:
    wants(suite, "suite", {"unit": {**WEEKLY, "timezone": "Europe/Berlin"}})
    wants(suite, "payments", {"unit": "off"})
    give(suite, FRIDAY)
    assert [unit for unit, audience, _ in ledger(suite) if audience == "unit"] == ["crm"]


def test_the_leadership_reads_why_and_the_portfolio_who_decides(suite: Database) -> None:
    with suite.transaction(readonly=True) as session:
        kr = session.exec(select(tables.KeyResult).where(tables.KeyResult.key == "KR-1")).one()
    add(
        suite,
        tables.Adjustment(
            team_id=TEAM, number=3, text="lower KR-1's target to 30", key_result_id=kr.id, reason="the vendor left",
            proposed_at=FRIDAY - timedelta(days=2),
        ),
    )  # fmt: skip
    wants(suite, "suite", {"portfolio": WEEKLY})
    give(suite, FRIDAY)
    assert posted(suite)["C01LEADERS"].decisions == ("A-3 lower KR-1's target to 30: the vendor left",)
    assert posted(suite)["C01ALL"].decisions == ("A-3 lower KR-1's target to 30: the vendor left; Ana Ruiz to decide",)


def test_the_portfolio_reads_who_waits_for_whom_and_who_was_asked(suite: Database) -> None:
    asked = add_blocker(suite, 9, "the export API")
    add_blocker(suite, 10, "a contract", by="payments", on="crm", next_action="calls the lawyer")
    add(suite, tables.Handshake(team_id=TEAM, blocker_id=asked, unit_id=unit_ids(suite)["payments"], asked_by=1,
                                asked_at=FRIDAY, day=date(2026, 12, 12), state="countered"))  # fmt: skip
    wants(suite, "suite", {"portfolio": WEEKLY})
    give(suite, FRIDAY)
    (section,) = posted(suite)["C01ALL"].more
    assert section.title == "Who is asked"
    assert section.lines == (
        "B-10 Payments waits for CRM: nobody was asked; next: calls the lawyer",
        "B-9 CRM waits for Payments: Payments offers 12 Dec",
    )
    assert posted(suite)["C01LEADERS"].more == ()


def test_a_unit_reads_its_own_key_results_who_waits_for_it_and_what_is_due(suite: Database) -> None:
    add_blocker(suite, 9, "the export API", by="payments", on="crm", until=date(2026, 11, 20))
    add_blocker(suite, 10, "a contract", by="crm", on="payments")
    wants(suite, "suite", {"unit": {**WEEKLY, "timezone": "Europe/Berlin"}})
    give(suite, FRIDAY)
    crm = posted(suite)["C02CRM"]
    assert {one.line.key for one in crm.falling} == {"KR-1"}
    assert crm.headline == "One key result recovered; Payments waits for it; connection rate 100 %."
    waits, due = crm.more
    assert (waits.title, waits.lines) == (
        "Others wait for you",
        ("Payments waits for CRM, for 3 days, until 20 Nov (B-9): the export API",),
    )
    assert due.title == "Due"
    assert due.lines == ("16 Nov: the next check-in", "20 Nov: B-9 CRM for Payments: the export API")
    assert [claim.text for claim in crm.blockers] == ["Payments holds up CRM, for 3 days (B-10): “a contract”"]


MILESTONES = """
      - key: KR-4
        title: Pilot
        kind: milestone
        owners: [crm]
        milestones: [{title: Contract, weight: 1, due: 2026-11-10}]
  - key: O-9
"""


@pytest.mark.parametrize(("closed", "told"), [(False, ("10 Nov (over): KR-4: Contract",)), (True, ())])
def test_nothing_is_due_any_more_in_a_cycle_that_was_closed(
    sqlite_db: Database, closed: bool, told: tuple[str, ...]
) -> None:
    set_up(sqlite_db, WITH_CHANNELS.replace("\n  - key: O-9\n", MILESTONES))
    if closed:
        with sqlite_db.transaction() as session:
            session.exec(select(tables.Cycle)).one().closed_at = FRIDAY - timedelta(days=1)
    found = preview(sqlite_db, TEAM, "crm", now=FRIDAY, connection=connection_rate)
    due = [line for part in found.more if part.title == "Due" for line in part.lines]
    assert tuple(line for line in due if "KR-4" in line) == told


def test_in_its_own_digest_a_unit_falls_behind_by_what_it_shares_with_nobody(sqlite_db: Database) -> None:
    behind = "measured_in: fields, owners: [crm], updates: [{at: 2026-11-09, value: 29, by: bo}]}"
    set_up(sqlite_db, WITH_CHANNELS.replace("measured_in: fields, owners: [crm]}", behind))
    found = preview(sqlite_db, TEAM, "crm", now=FRIDAY, connection=connection_rate)
    assert found.audience == "unit"
    assert [one.line.key for one in found.falling] == ["KR-3", "KR-1"]
    assert found.falling[0].why == ("42 points behind (5 % of the way, expected 47 %)",)
    assert found.headline == "One key result fell off track; connection rate 100 %."


def test_each_audience_is_compared_with_what_it_was_told_itself(suite: Database) -> None:
    give(suite, FRIDAY)
    wants(suite, "suite", {"portfolio": WEEKLY})
    give(suite, FRIDAY + timedelta(days=7))
    assert posted(suite)["C01LEADERS"].headline.startswith("Nothing changed since 13 Nov")
    assert posted(suite)["C01LEADERS"].nothing
    assert not posted(suite)["C01ALL"].headline.startswith("Nothing changed")


PRIVATE = WITH_CHANNELS.replace("channel: C02CRM,", "channel: C02CRM, private: true,")


def test_a_private_units_digest_stands_in_its_own_channel_and_nowhere_else(sqlite_db: Database) -> None:
    set_up(sqlite_db, PRIVATE)
    wants(sqlite_db, "suite", {"portfolio": WEEKLY, "unit": {**WEEKLY, "timezone": "Europe/Berlin"}})
    give(sqlite_db, FRIDAY)
    told = posted(sqlite_db)
    assert "KR-3" in told["C02CRM"].model_dump_json()
    for channel in ("C01LEADERS", "C01ALL", "C03PAY"):
        assert "KR-3" not in told[channel].model_dump_json()
        assert "CRM" not in told[channel].model_dump_json()


def test_a_private_units_digest_is_not_posted_where_others_read_as_well(sqlite_db: Database) -> None:
    set_up(sqlite_db, PRIVATE.replace("C02CRM", "C01ALL"))
    wants(sqlite_db, "suite", {"unit": {**WEEKLY, "timezone": "Europe/Berlin"}})
    give(sqlite_db, FRIDAY)
    with sqlite_db.transaction(readonly=True) as session:
        rows = session.exec(select(DigestIssue).where(DigestIssue.state == "skipped")).all()
        assert [row.reason for row in rows] == [SHARED_CHANNEL]
    assert "C01ALL" not in posted(sqlite_db)


def test_below_a_private_portfolio_a_line_may_use_its_channel_but_no_other() -> None:
    places = {
        "acme": Place("acme", "company", channel="C0"),
        "labs": Place("labs", "portfolio", "acme", channel="C1", private=True),
        "x": Place("x", "product_line", "labs", channel="C2"),
        "y": Place("y", "product_line", "labs", channel="C3", private=True),
    }
    assert why_not_there(places, "x", "C1") == ""
    assert why_not_there(places, "x", "C2") == ""
    assert why_not_there(places, "x", "C3") == SHARED_CHANNEL
    assert why_not_there(places, "x", "C0") == SHARED_CHANNEL
    assert why_not_there(places, "acme", "C9") == ""


def test_a_team_gets_no_digest_by_the_rhythm_of_the_lines_above_it() -> None:
    weekly = parse_cadence(WEEKLY)
    places = {
        "suite": Place("suite", "portfolio", audiences={"unit": weekly}),
        "crm": Place("crm", "product_line", "suite", channel="C1"),
        "crew": Place("crew", "team", "crm", channel="C2"),
    }
    assert [(plan.unit, plan.audience, plan.set_by) for plan in plans(places, "UTC")] == [("crm", "unit", "suite")]


def test_export_import_export_is_identical_and_leaves_the_audiences_alone(suite: Database) -> None:
    audiences = {"portfolio": WEEKLY, "unit": EARLY}
    wants(suite, "suite", audiences)
    first = write_yaml(export_portfolio(suite, TEAM))
    import_portfolio(suite, TEAM, first, now=FRIDAY)
    assert write_yaml(export_portfolio(suite, TEAM)) == first
    with suite.transaction(readonly=True) as session:
        assert session.exec(select(tables.Unit).where(tables.Unit.key == "suite")).one().audiences == audiences


@pytest.mark.parametrize(
    ("typed", "unit", "audience"),
    [
        (None, "Product suite", "leadership"),
        ("portfolio", "Product suite", "portfolio"),
        ("crm", "CRM", "unit"),
        ("Product  Suite portfolio", "Product suite", "portfolio"),
        ("payments LEADERSHIP", "Payments", "leadership"),
        ("unit", "CRM", "unit"),  # Bo leads it
    ],
)
def test_a_preview_is_of_the_unit_and_audience_that_were_typed(
    suite: Database, typed: str | None, unit: str, audience: str
) -> None:
    found = preview(suite, TEAM, typed, now=FRIDAY, connection=connection_rate, reader=Reader("U02BO"))
    assert (found.unit, found.audience) == (unit, audience)


def test_a_mistyped_word_is_asked_back(suite: Database) -> None:
    with pytest.raises(Refusal, match=r'No unit "previw"[.] Did you mean preview'):
        preview(suite, TEAM, "previw", now=FRIDAY, connection=connection_rate)


def test_finding_out_that_nothing_is_due_takes_a_handful_of_statements(suite: Database) -> None:
    from sqlalchemy import event

    wants(suite, "suite", {"portfolio": WEEKLY, "unit": WEEKLY})
    give(suite, FRIDAY)
    seen: list[str] = []
    event.listen(suite.engine, "before_cursor_execute", lambda c, cur, statement, *rest: seen.append(statement))
    assert open_due(suite, TEAM, now=FRIDAY + timedelta(hours=1)) == 0
    assert len(seen) <= 6
    assert not [statement for statement in seen if "key_result" in statement or statement.startswith("BEGIN IMM")]
