"""What is written down of flags and when it is looked at: once a local day, after a value, cheaply in between."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event as sql
from sqlmodel import col, select

from rituals.flags.looking import look_due
from rituals.next_event import next_event
from rituals.okrs import service
from rituals.okrs.cards import Saved
from rituals.okrs.flags.events import events, look, newest
from rituals.okrs.flags.log import told
from rituals.okrs.flags.shown import flag_lines, news, news_of
from rituals.okrs.load import load_portfolio
from storage import flags as store
from storage.database import Database
from storage.tables import FlagEvent, FlagLook, Workspace
from tests.rituals.halden import BO, GRACE, NOW, PRIYA, TEAM, import_sample

DAY = timedelta(days=1)


@pytest.fixture
def filled(db: Database) -> Iterator[Database]:
    """The sample portfolio on either database."""
    import_sample(db)
    yield db


def written(db: Database, key: str = "") -> list[tuple[str, str, date]]:
    """What is in the book of one key result, or of all."""
    with db.transaction(readonly=True) as session:
        rows = session.exec(select(FlagEvent).where(FlagEvent.team_id == TEAM).order_by(col(FlagEvent.id))).all()
        keys = load_portfolio(session, TEAM).key_result_ids
    return [(row.reason, row.event, row.local_date) for row in rows if not key or keys[row.key_result_id] == key]


def update(db: Database, user: str, line: str, at: datetime) -> int:
    """Somebody types a value; the update's id."""
    saved = service.update_line(db, TEAM, user, line, now=at, key=f"typed:{line}:{at}")
    assert isinstance(saved, Saved)
    return saved.line.update


def test_the_first_look_writes_down_every_reason_that_holds_and_a_second_nothing(filled: Database) -> None:
    assert look_due(filled, TEAM, now=NOW) > 0
    with filled.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
        shared = [kr for kr in state.current_key_results(NOW) if kr.shared]
        held = {kr.key: {flag.reason for flag in state.figures(kr, NOW).flags} for kr in shared}
        standing = {key: {e.reason for e in newest(book).values()} for key, book in told(session, TEAM, shared).items()}
    assert all(reasons <= standing[key] for key, reasons in held.items())
    before = written(filled)
    assert look_due(filled, TEAM, now=NOW) == 0
    assert written(filled) == before


def test_between_two_looks_three_rows_are_read_and_nothing_is_written(halden: Database) -> None:
    look_due(halden, TEAM, now=NOW)
    statements: list[str] = []

    @sql.listens_for(halden.engine, "before_cursor_execute")
    def seen(conn: object, cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    assert look_due(halden, TEAM, now=NOW + timedelta(minutes=5)) == 0
    asked = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(asked) == 3
    assert not any(word in " ".join(statements) for word in ("IMMEDIATE", "INSERT", "UPDATE"))


def test_days_without_the_bot_are_made_up_for_with_their_own_dates(filled: Database) -> None:
    look_due(filled, TEAM, now=NOW)
    look_due(filled, TEAM, now=NOW + 10 * DAY)
    later = {day for _, _, day in written(filled) if day > date(2026, 11, 16)}
    assert len(later) > 2
    assert max(later) <= date(2026, 11, 26)


def test_day_by_day_and_all_at_once_is_the_same_book(halden: Database, sqlite_db: Database) -> None:
    import_sample(sqlite_db)
    look_due(halden, TEAM, now=NOW)
    look_due(sqlite_db, TEAM, now=NOW)
    midnight = datetime(2026, 11, 16, 23, tzinfo=UTC)
    for day in range(10):
        look_due(halden, TEAM, now=midnight + day * DAY)
    look_due(sqlite_db, TEAM, now=midnight + 9 * DAY)
    assert sorted(written(halden)) == sorted(written(sqlite_db))


def test_a_value_recovers_its_flag_in_the_same_breath(filled: Database) -> None:
    look_due(filled, TEAM, now=NOW)
    assert ("pace", "opened", date(2026, 11, 3)) in written(filled, "KR-30")
    update(filled, PRIYA, "KR-30 60%", NOW + timedelta(hours=1))
    assert ("pace", "recovered", date(2026, 11, 16)) in written(filled, "KR-30")
    assert written(filled, "KR-30")[-1] == ("divergence", "opened", date(2026, 11, 16))


def test_a_value_that_is_taken_back_leaves_no_news(filled: Database) -> None:
    look_due(filled, TEAM, now=NOW)
    at = NOW + timedelta(hours=1)
    number = update(filled, PRIYA, "KR-30 60%", at)
    service.undo(filled, TEAM, PRIYA, number, now=at + timedelta(minutes=2))
    assert look_due(filled, TEAM, now=at + timedelta(minutes=2)) > 0
    assert ("pace", "opened", date(2026, 11, 16)) in written(filled, "KR-30")
    with filled.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
        found = news_of(session, state, [state.key_results["KR-30"]], after=NOW, until=at + DAY)
    assert found == ()


def test_one_kind_is_written_once_a_day_and_reason(filled: Database) -> None:
    look_due(filled, TEAM, now=NOW)
    for hour in range(1, 7):
        update(filled, PRIYA, f"KR-30 {60 if hour % 2 else 20}%", NOW + timedelta(hours=hour))
    of_day = [(r, e) for r, e, day in written(filled, "KR-30") if day == date(2026, 11, 16) and r == "pace"]
    assert len(of_day) == len(set(of_day))
    look_due(filled, TEAM, now=NOW + DAY)
    turns = [e for r, e, _ in written(filled, "KR-30") if r == "pace" and e != "worsened"]
    assert turns == ["opened", "recovered"] * (len(turns) // 2) + ["opened"] * (len(turns) % 2)


def test_values_are_looked_at_ten_minutes_after_the_last_look_at_most(filled: Database) -> None:
    look_due(filled, TEAM, now=NOW)
    update(filled, BO, "KR-14 4 days", NOW + timedelta(minutes=1))
    look_due(filled, TEAM, now=NOW + timedelta(minutes=9))
    assert looked_at(filled) == NOW
    look_due(filled, TEAM, now=NOW + timedelta(minutes=10))
    assert looked_at(filled) == NOW + timedelta(minutes=10)


def looked_at(db: Database) -> datetime:
    """When the last look was."""
    with db.transaction(readonly=True) as session:
        return session.exec(select(FlagLook)).one().looked_at


def test_two_processes_that_look_at_once_write_each_event_once(filled: Database) -> None:
    with filled.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
        kr = state.key_results["KR-30"]
    sight = look(kr, {}, now=NOW, zone=state.zone, interval=state.interval(kr), bands=state.bands)
    found = events(sight, {})
    for _ in range(2):
        with filled.transaction() as session:
            values = {"key_result_id": kr.id, "local_date": date(2026, 11, 16), "at": NOW}
            for one in found:
                store.add_event(
                    session, TEAM, {**values, "reason": one.reason, "event": one.event, "numbers": one.numbers}
                )
    assert len(written(filled, "KR-30")) == len(found) > 0


def test_another_workspace_is_not_looked_at(filled: Database) -> None:
    with filled.transaction() as session:
        session.add(Workspace(team_id="T2", name="Other", created_at=NOW))
    assert look_due(filled, "T2", now=NOW) == 0
    assert written(filled) == []


def test_the_news_has_the_newest_word_of_each_reason_with_owners_and_next_step(halden: Database) -> None:
    look_due(halden, TEAM, now=NOW)
    update(halden, GRACE, "KR-9 5", NOW + timedelta(hours=1))
    with halden.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
        krs = state.current_key_results(NOW)
        found = news_of(session, state, krs, after=NOW - 4 * DAY, until=NOW + DAY)
        all_of = news(state, state.key_results["KR-9"], told(session, TEAM, krs)["KR-9"])
    [fell] = [one for one in found if one.key == "KR-1"]
    assert (fell.event, fell.rule, fell.on) == ("opened", "Divergence", date(2026, 11, 16))
    assert "CRM is blocked" in fell.words
    assert fell.owners == ("CRM", "Analytics", "Identity")
    assert fell.step == "ask who blocks it for a date: /okr blockers"
    [gone] = [one for one in found if one.event == "recovered"]
    assert (gone.key, gone.rule, gone.all_clear, gone.step) == ("KR-9", "Pace", True, "")
    assert found[-1] == gone
    assert [one.event for one in all_of] == ["recovered", "opened"]


def test_reasons_that_hold_know_since_when(halden: Database) -> None:
    look_due(halden, TEAM, now=NOW)
    with halden.transaction(readonly=True) as session:
        state = load_portfolio(session, TEAM)
        kr = state.key_results["KR-30"]
        lines = flag_lines(state, kr, state.figures(kr, NOW), told(session, TEAM, [kr])["KR-30"])
    assert [(line.rule, line.since) for line in lines] == [("Pace", date(2026, 11, 3))]
    assert lines[0].step == "agree on what closes the gap, or propose another target: /okr adjust KR-30"


def test_a_thread_that_waits_for_its_hour_is_the_next_event(halden: Database) -> None:
    before = datetime(2026, 11, 16, 5, tzinfo=UTC)
    look_due(halden, TEAM, now=before)
    with halden.transaction(readonly=True) as session:
        found = next_event(session, TEAM, now=before)
        look = session.exec(select(FlagLook)).one()
    assert look.next_at == datetime(2026, 11, 16, 8, tzinfo=UTC)
    assert found is not None
    assert found.at <= look.next_at
    look_due(halden, TEAM, now=look.next_at)
    with halden.transaction(readonly=True) as session:
        assert session.exec(select(FlagLook)).one().next_at == datetime(2026, 11, 16, 23, tzinfo=UTC)
        waits = next_event(session, TEAM, now=look.next_at)
    assert waits is None or "co-owners" not in waits.what
