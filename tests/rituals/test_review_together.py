"""Two processes, or two threads of one, do the same at the same moment: on SQLite and on PostgreSQL it is done once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from rituals.checkins import advancing, answers, form_service
from rituals.digests import due as digests
from rituals.okrs import service as okrs
from storage.database import Database, DatabaseBusyError
from storage.tables import Answer, Blocker, CheckinAsk, CheckinRound, KeyResultUpdate
from tests.rituals.checkin_workspace import ASKED, BO, KIM, TEAM, ask_everybody, ask_of, say, set_up
from tests.rituals.stored import rows

AT_ONCE = 4


def together(*work: Callable[[], Any]) -> list[Any]:
    """All of it begun at one moment, each in a thread; raises what one of them raised."""
    ready = Barrier(len(work))

    def begun(call: Callable[[], Any]) -> Any:
        ready.wait(timeout=10)
        return call()

    with ThreadPoolExecutor(len(work)) as pool:
        return [done.result() for done in [pool.submit(begun, call) for call in work]]


def test_a_round_opens_once_and_nobody_who_was_too_late_fails(db: Database) -> None:
    set_up(db)
    together(*[lambda: ask_everybody(db)] * AT_ONCE)
    assert len(rows(db, CheckinRound)) == 1
    assert len({(a.round_id, a.person_id) for a in rows(db, CheckinAsk)}) == len(rows(db, CheckinAsk))
    assert sum(together(*[lambda: advancing.advance(db, TEAM, now=ASKED)] * AT_ONCE)) == 0


@pytest.mark.parametrize("attempt", range(3))
def test_a_stored_answer_that_several_read_has_its_blocker_once(db: Database, attempt: int) -> None:
    set_up(db)
    ask_everybody(db)
    said = answers.Said(user=BO, channel="D1", ts="1.1", text="2. waiting for Payments' API\n3. no", direct=True)
    with db.transaction() as session:
        session.add(
            Answer(
                team_id=TEAM,
                ask_id=ask_of(db, BO).id,
                person_id=ask_of(db, BO).person_id,
                slack_user=BO,
                source="dm",
                source_key=said.key,
                text=said.text,
                channel=said.channel,
                ts=said.ts,
                at=ASKED,
            )
        )
    together(*[lambda: answers.read_stored(db, TEAM, now=ASKED, on_fault=str)] * AT_ONCE)
    assert [b.number for b in rows(db, Blocker)] == [1]


def test_blockers_that_several_report_at_once_have_a_number_each(db: Database) -> None:
    set_up(db)
    ask_everybody(db)
    together(
        *[
            lambda user=user, n=n: say(db, user, f"2. waiting for thing {n}\n3. no", ts=f"{n}.1")
            for n, user in enumerate((BO, KIM) * 2, start=1)
        ]
    )
    assert sorted(b.number for b in rows(db, Blocker)) == [1, 2, 3, 4]


def test_one_tap_that_comes_twice_at_once_is_one_answer(db: Database) -> None:
    set_up(db)
    ask_everybody(db)
    ask = ask_of(db, KIM).id or 0
    together(*[lambda: form_service.no_change(db, TEAM, KIM, ask, now=ASKED)] * AT_ONCE)
    assert [a.source for a in rows(db, Answer)] == ["button"]


def test_a_message_that_comes_twice_at_once_is_stored_once(db: Database) -> None:
    set_up(db)
    ask_everybody(db)
    together(*[lambda: say(db, BO, "1. KR-1 30 days\n2. waiting for the API\n3. no")] * AT_ONCE)
    assert (len(rows(db, Answer)), len(rows(db, Blocker))) == (1, 1)


def test_a_command_that_comes_twice_at_once_is_written_once(db: Database) -> None:
    set_up(db)
    before = len(rows(db, KeyResultUpdate))
    together(*[lambda: okrs.update_line(db, TEAM, BO, "KR-1 30 days", now=ASKED, key="command:1")] * AT_ONCE)
    assert len(rows(db, KeyResultUpdate)) == before + 1


def test_a_digest_is_due_once(db: Database) -> None:
    set_up(db)
    friday = ASKED.replace(day=20, hour=14)
    assert sum(together(*[lambda: digests.open_due(db, TEAM, now=friday)] * AT_ONCE)) == 1


def test_a_writer_who_waits_too_long_is_told_so(db: Database) -> None:
    impatient = Database(db.url, busy_seconds=0.05)
    with db.transaction(), pytest.raises(DatabaseBusyError), impatient.transaction():
        pass
    impatient.close()
