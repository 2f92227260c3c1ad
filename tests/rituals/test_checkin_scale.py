"""A round of many leads: in small transactions, and read as plain rows that say what the records say."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import event
from sqlmodel import select

from benchmarks.rig import portfolio
from rituals.checkins import advancing, service
from rituals.okrs.portfolio.service import import_portfolio
from rituals.quiet import NEVER, dump_quiet
from storage import checkins, people
from storage.database import Database
from storage.tables import CheckinAsk, OutboxRow

TEAM = "T01TEST"
NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)
LEADS = 3 * advancing.AT_ONCE + 5


def opened(db: Database) -> None:
    """A round whose leads are all to be asked now."""
    with db.transaction() as session:
        people.welcome(session, TEAM, name="Halden", now=NOON).quiet = dump_quiet(NEVER)
    import_portfolio(db, TEAM, portfolio(LEADS, now=NOON), now=NOON)
    assert service.open_due(db, TEAM, now=NOON) == 1


def test_many_leads_are_asked_some_to_a_transaction_and_each_once(sqlite_db: Database) -> None:
    opened(sqlite_db)
    begun: list[object] = []
    event.listen(sqlite_db.engine, "commit", begun.append)
    assert advancing.advance(sqlite_db, TEAM, now=NOON) == LEADS
    assert len(begun) == 4
    assert advancing.advance(sqlite_db, TEAM, now=NOON + timedelta(seconds=5)) == 0
    with sqlite_db.transaction(readonly=True) as session:
        asked = session.exec(select(OutboxRow.to).where(OutboxRow.kind == "checkin_prompt")).all()
    assert len(asked) == len(set(asked)) == LEADS


def test_asks_as_plain_rows_say_what_the_records_say(sqlite_db: Database) -> None:
    opened(sqlite_db)
    with sqlite_db.transaction(readonly=True) as session:
        rounds = [row.id or 0 for row in checkins.open_rounds(session, TEAM)]
        records, rows = checkins.asks_of(session, TEAM, rounds), checkins.asks_seen(session, TEAM, rounds)
        assert len(records) == LEADS
        for name in CheckinAsk.model_fields:
            assert [getattr(r.ask, name) for r in rows] == [getattr(r.ask, name) for r in records]
        assert [r.person.slack for r in rows] == [r.person.slack for r in records]
