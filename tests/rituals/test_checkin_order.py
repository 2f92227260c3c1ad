"""What comes in another order than it was said, and what cannot be read: neither hides what another says."""

import pytest
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from rituals.checkins import answers
from rituals.checkins.answers import Said
from storage.database import Database
from storage.tables import Answer
from tests.rituals.checkin_workspace import (
    ASKED,
    BO,
    KIM,
    PAT,
    TEAM,
    ask_everybody,
    ask_of,
    receipt,
    say,
    set_up,
    state,
)
from tests.rituals.stored import promised, rows


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    """Everybody has been asked."""
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    return sqlite_db


def values(db: Database) -> list[int]:
    return [int(u.value) for u in state(db).key_results["KR-1"].updates if u.value is not None]


def edited(text: str, at: str) -> Said:
    return Said(BO, f"D{BO}", "1763300000.000100", text, direct=True, edited=at)


def test_of_two_edits_that_come_swapped_the_one_that_was_made_last_counts(db: Database) -> None:
    say(db, BO, "KR-1: 30 days")
    answers.edit(db, TEAM, edited("KR-1: 28 days", "1763300200.000000"), now=ASKED)
    answers.edit(db, TEAM, edited("KR-1: 29 days", "1763300100.000000"), now=ASKED)
    assert values(db) == [33, 28]


def test_an_edit_that_comes_before_its_message_is_not_undone_by_an_older_one(db: Database) -> None:
    answers.edit(db, TEAM, edited("KR-1: 28 days", "1763300200.000000"), now=ASKED)
    answers.edit(db, TEAM, edited("KR-1: 29 days", "1763300100.000000"), now=ASKED)
    say(db, BO, "KR-1: 30 days")
    assert values(db) == [33, 28]


def test_two_edits_in_their_order_are_two_versions(db: Database) -> None:
    say(db, BO, "KR-1: 30 days")
    answers.edit(db, TEAM, edited("KR-1: 29 days", "1763300100.000000"), now=ASKED)
    answers.edit(db, TEAM, edited("KR-1: 28 days", "1763300200.000000"), now=ASKED)
    assert [a.version for a in rows(db, Answer)] == [1, 2, 3]
    assert values(db) == [33, 28]


def test_a_message_that_comes_after_its_deletion_does_not_count(db: Database) -> None:
    gone = Said(BO, f"D{BO}", "1763300000.000100", "KR-1: 30 days", direct=True)
    assert not answers.withdraw(db, TEAM, gone, now=ASKED)
    say(db, BO, "KR-1: 30 days")
    assert values(db) == [33]
    assert ask_of(db, BO).state == "asked"
    assert [(a.text, a.superseded) for a in rows(db, Answer)] == [("KR-1: 30 days", True)]


def unreadable(db: Database, ask: int) -> None:
    """Whatever is read of the answers to this ask cannot be written."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER no_room BEFORE UPDATE OF reading ON answer "
            f"WHEN NEW.ask_id = {ask} AND NEW.reading IS NOT NULL BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )


def left_by_a_crash(db: Database, user: str, text: str, ts: str) -> None:
    with db.transaction() as session:
        ask = ask_of(db, user)
        session.add(
            Answer(
                team_id=TEAM,
                ask_id=ask.id,
                person_id=ask.person_id,
                slack_user=user,
                source="dm",
                source_key=f"message:D{user}:{ts}",
                text=text,
                channel=f"D{user}",
                ts=ts,
                at=ASKED,
            )
        )


def test_an_answer_that_can_never_be_read_stops_none_after_it_and_its_author_is_told(db: Database) -> None:
    left_by_a_crash(db, KIM, "KR-4: 4%", "1.1")
    left_by_a_crash(db, BO, "KR-1: 30 days", "1.2")
    unreadable(db, ask_of(db, KIM).id or 0)
    faults: list[Exception] = []

    def noted(fault: Exception) -> str:
        faults.append(fault)
        return "7F3A-09C2"

    assert answers.read_stored(db, TEAM, now=ASKED, on_fault=noted) == 2
    assert values(db) == [33, 30]
    assert [a.fault for a in rows(db, Answer)] == ["7F3A-09C2", ""]
    assert all(isinstance(fault, DatabaseError) for fault in faults)
    assert answers.read_stored(db, TEAM, now=ASKED, on_fault=noted) == 0
    assert len(faults) == 1
    assert {row.to for row in promised(db, "checkin_receipt")} == {f"D{KIM}", f"D{BO}"}
    [problem] = receipt(db, 0).problems
    assert "ref 7F3A-09C2" in problem
    assert "Your words are kept" in problem


def test_an_edit_of_what_could_not_be_read_is_read(db: Database) -> None:
    left_by_a_crash(db, PAT, "KR-2: 20%", "1.1")
    with db.transaction() as session:
        for answer in session.exec(select(Answer)):
            answer.fault = "7F3A-09C2"
    assert answers.edit(db, TEAM, Said(PAT, f"D{PAT}", "1.1", "KR-2: 21%", direct=True), now=ASKED)
    assert [int(u.value or 0) for u in state(db).key_results["KR-2"].updates] == [10, 21]
    assert [a.fault for a in rows(db, Answer)] == ["7F3A-09C2", ""]
