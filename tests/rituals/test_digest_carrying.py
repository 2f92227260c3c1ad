"""What is carried over from round to round, and what does not fit together."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from prompts.client import ModelClient
from rituals.alignment.rules import connection_rate
from rituals.digests.carrying import Quiet, contradictions, rounds_since, to_decide, unchanged_since
from rituals.digests.due import open_due
from rituals.digests.facts import Contradiction
from rituals.digests.issuing import prepare
from rituals.digests.rules import contradiction_lines, decision_lines
from rituals.digests.service import preview
from rituals.notices import Digest, DigestDetails
from storage import outbox, tables
from storage.database import Database
from tests.rituals.digest_samples import NOW, behind, blocker, facts, key_result, known, on_pace
from tests.rituals.digest_workspace import FRIDAY, PORTFOLIO, TEAM, add_answer, add_blocker, add_round, set_up

OPENED = datetime(2026, 10, 5, 9, tzinfo=UTC)
STALLED = known(key_result("KR-5", (date(2026, 10, 12), 46), (date(2026, 10, 26), 46), (date(2026, 11, 9), 46)))


@pytest.mark.parametrize(
    ("before", "since"),
    [
        ({}, OPENED),
        ({"9": ["same", "2026-10-20T09:00:00+00:00"]}, datetime(2026, 10, 20, 9, tzinfo=UTC)),
        ({"9": ["other", "2026-10-20T09:00:00+00:00"]}, NOW),
        ({"10": ["same", "2026-10-20T09:00:00+00:00"]}, OPENED),
    ],
)
def test_a_blocker_is_unchanged_since_it_was_opened_or_last_said_otherwise(
    before: dict[str, list[str]], since: datetime
) -> None:
    assert unchanged_since("same", 9, before, opened_at=OPENED, now=NOW) == since


def test_rounds_count_from_the_one_after_it_was_said_to_now() -> None:
    slots = [OPENED + timedelta(days=14 * n) for n in range(5)]
    assert rounds_since(OPENED, slots, NOW) == 2
    assert rounds_since(OPENED, slots, slots[3]) == 3
    assert rounds_since(NOW, slots, NOW) == 0


def test_from_the_third_unchanged_round_on_a_decision_is_asked_for() -> None:
    given = [replace(blocker(n, "CRM", "Payments"), rounds=n) for n in (1, 2, 3, 5)]
    assert [b.number for b in to_decide(given)] == [5, 3]
    alone = replace(blocker(7, "Search", None), rounds=3)
    assert decision_lines(facts(blockers=(*given, alone))) == (
        "B-5 CRM waits for Payments, unchanged for five rounds: help, another way, or drop it",
        "B-3 CRM waits for Payments, unchanged for three rounds: help, another way, or drop it",
        "B-7 Search is held up, unchanged for three rounds: help, another way, or drop it",
    )


def test_no_blockers_beside_what_has_not_moved_is_said() -> None:
    assert "stalled" in [f.reason for f in STALLED.figures.flags]
    said = [Quiet("CRM", OPENED), Quiet("CRM", NOW), Quiet("Payments", NOW)]
    found = contradictions(said, [STALLED, behind(), on_pace()], ())
    assert found == (Contradiction("CRM", NOW, ("KR-5",)),)
    assert contradiction_lines(facts(contradictions=found)) == (
        "CRM said on 13 Nov that nothing blocks it; KR-5 has not moved for two rounds",
    )


def test_who_has_an_open_blocker_or_said_nothing_contradicts_nothing() -> None:
    assert contradictions([Quiet("CRM", NOW)], [STALLED], {"CRM"}) == ()
    assert contradictions([], [STALLED], ()) == ()
    assert contradictions([Quiet("CRM", NOW)], [on_pace()], ()) == ()


def shown(db: Database, now: datetime) -> Digest:
    return preview(db, TEAM, None, now=now, connection=connection_rate)


def test_the_digest_asks_after_three_rounds_and_no_more_once_it_changes(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    opened = datetime(2026, 10, 6, 9, tzinfo=UTC)
    add_blocker(sqlite_db, 9, "the API", opened_at=opened)
    for day in (date(2026, 10, 19), date(2026, 11, 2)):
        add_round(sqlite_db, day=day)
    assert shown(sqlite_db, FRIDAY).decisions == ()
    add_round(sqlite_db, day=date(2026, 11, 9))
    asked = "B-9 CRM waits for Payments, unchanged for three rounds: help, another way, or drop it"
    assert shown(sqlite_db, FRIDAY).decisions == (asked,)

    open_due(sqlite_db, TEAM, now=FRIDAY)
    prepare(sqlite_db, TEAM, now=FRIDAY, model=ModelClient(mode="off"), connection=connection_rate)
    later = FRIDAY + timedelta(days=7)
    assert shown(sqlite_db, later).decisions == (asked,)
    with sqlite_db.transaction() as session:
        found = session.get(tables.Blocker, 1)
        assert found is not None
        found.until = date(2026, 12, 12)
        session.add(found)
    assert shown(sqlite_db, later).decisions == ()


def test_the_digests_thread_says_what_does_not_fit_together(sqlite_db: Database) -> None:
    still = (
        "{at: 2026-10-12, value: 40, by: bo}, {at: 2026-10-26, value: 40, by: bo}, {at: 2026-11-09, value: 40, by: bo}"
    )
    moving = """
          - {at: 2026-10-19, value: 43, by: bo}
          - {at: 2026-11-09, value: 42, by: bo, note: Pilot waits}"""
    assert moving in PORTFOLIO
    set_up(sqlite_db, PORTFOLIO.replace(moving, f" [{still}]"))
    answer = add_answer(sqlite_db, "No blockers.")
    with sqlite_db.transaction() as session:
        row = session.get(tables.Answer, answer)
        assert row is not None
        row.reading = {"nothing": [2]}
        session.add(row)
    open_due(sqlite_db, TEAM, now=FRIDAY)
    prepare(sqlite_db, TEAM, now=FRIDAY, model=ModelClient(mode="off"), connection=connection_rate)
    with sqlite_db.transaction(readonly=True) as session:
        rows = [r for r in outbox.unsettled(session, TEAM) if r.kind == DigestDetails.KIND]
    parts = {p.title: p.lines for p in (DigestDetails.model_validate(r.data) for r in rows)}
    assert parts["Does not fit together"] == (
        "CRM said on 10 Nov that nothing blocks it; KR-1 has not moved for two rounds",
    )
