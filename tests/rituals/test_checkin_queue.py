"""Several check-ins owed are one queue: the first due first, on after each, past with Skip, and taken up again."""

from datetime import UTC, datetime, timedelta

import pytest

from rituals import home
from rituals.checkins import form_opening
from rituals.checkins.form import Queue
from rituals.checkins.form_service import Submitted, submit_form
from rituals.errors import Refusal
from rituals.okrs.form import Entry
from storage.database import Database
from tests.rituals.checkin_workspace import KIM, PORTFOLIO, TEAM, ask_everybody, ask_of, say, set_up

THREE = PORTFOLIO.replace(
    "level: product_line, parent: suite, leads: [kim, lee]}",
    'level: product_line, parent: suite, leads: [kim, lee], cadence: {every: 1 week, on: tuesday, at: "09:00", '
    "starts: 2026-10-06}}",
).replace(
    "{key: crm, name: CRM, level: product_line, parent: suite, leads: [bo]}",
    "{key: crm, name: CRM, level: product_line, parent: suite, leads: [kim], cadence: {every: 1 week, on: wednesday, "
    'at: "09:00", starts: 2026-10-07}}',
)
WEDNESDAY = datetime(2026, 11, 18, 9, tzinfo=UTC)
"""Kim is asked for the suite since Monday, for Payments since Tuesday, for CRM since this morning."""


@pytest.fixture
def db(sqlite_db: Database) -> Database:
    set_up(sqlite_db, THREE.replace("reporter: bo", "reporter: kim"))
    for day in (16, 17, 18):
        ask_everybody(sqlite_db, now=datetime(2026, 11, day, 9, tzinfo=UTC))
    return sqlite_db


def opened(db: Database, now: datetime = WEDNESDAY) -> tuple[str, Queue]:
    form = form_opening.open_form(db, TEAM, KIM, ask_id=None, now=now)
    return form.unit, form.queue


def owed(db: Database, now: datetime = WEDNESDAY) -> list[str]:
    return [one.unit for one in home.overview(db, TEAM, KIM, now=now).owed]


def test_the_first_due_opens_first_and_knows_the_others(db: Database) -> None:
    unit, queue = opened(db)
    assert owed(db)[0] == unit
    assert len(queue.rest) == queue.total - 1 == len(owed(db)) - 1 >= 1


def answer(db: Database, now: datetime) -> None:
    """Answer what is open first, all of it."""
    form = form_opening.open_form(db, TEAM, KIM, ask_id=None, now=now)
    entries = [Entry(field.key, "5", "6") for field in form.fields]
    submit_form(db, TEAM, KIM, Submitted(form.ask, f"V{form.ask}", entries, "no", "no"), now=now)


def test_after_one_the_next_is_next_and_at_last_nothing(db: Database) -> None:
    total = len(owed(db))
    for done in range(total):
        _, queue = opened(db)
        assert queue.total == total - done
        answer(db, WEDNESDAY)
    assert owed(db) == []


def test_a_skipped_one_stays_owed_and_is_named_at_the_end(db: Database) -> None:
    _, queue = opened(db)
    skipped, left = owed(db)[0], queue
    while (found := form_opening.next_form(db, TEAM, KIM, left, now=WEDNESDAY)).form is not None:
        left = found.form.queue
    assert [unit for _, _, unit in found.waiting] == owed(db)
    assert skipped in owed(db)
    assert opened(db)[0] == skipped


def test_what_was_answered_elsewhere_meanwhile_is_left_out(db: Database) -> None:
    _, queue = opened(db)
    for ask in queue.rest:
        form = form_opening.open_form(db, TEAM, KIM, ask_id=ask, now=WEDNESDAY)
        entries = [Entry(field.key, "5") for field in form.fields]
        submit_form(db, TEAM, KIM, Submitted(ask, f"V{ask}", entries, "no", "no"), now=WEDNESDAY)
    assert form_opening.next_form(db, TEAM, KIM, queue, now=WEDNESDAY).form is None


def test_one_that_is_late_says_so_while_its_round_is_open(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    due = ask_of(sqlite_db, KIM).due_at
    before = form_opening.open_form(sqlite_db, TEAM, KIM, ask_id=None, now=due - timedelta(minutes=1))
    after = form_opening.open_form(sqlite_db, TEAM, KIM, ask_id=None, now=due)
    assert (before.late, after.late) == (False, True)
    [owed] = home.overview(sqlite_db, TEAM, KIM, now=due).owed
    assert owed.late


def test_what_is_answered_in_part_is_owed_still(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    now = datetime(2026, 11, 16, 18, tzinfo=UTC)
    say(sqlite_db, KIM, "1. KR-4 4%")
    [owed] = home.overview(sqlite_db, TEAM, KIM, now=now).owed
    assert owed.partly
    say(sqlite_db, KIM, "1. KR-1 33 days, KR-5 1\n2. no\n3. no", ts="2.0")
    assert home.overview(sqlite_db, TEAM, KIM, now=now).owed == ()


def test_who_owes_nothing_opens_the_newest_to_change_it_and_a_stranger_none(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    ask_everybody(sqlite_db)
    say(sqlite_db, KIM, "1. KR-1 33 days, KR-4 4%, KR-5 1\n2. no\n3. no")
    form = form_opening.open_form(sqlite_db, TEAM, KIM, ask_id=None, now=datetime(2026, 11, 16, 18, tzinfo=UTC))
    assert form.queue == Queue()
    with pytest.raises(Refusal, match="No check-in waits for you"):
        form_opening.open_form(sqlite_db, TEAM, "U99", ask_id=None, now=WEDNESDAY)


def test_what_was_said_in_one_check_in_is_not_asked_again_in_the_next(db: Database) -> None:
    before = form_opening.open_form(db, TEAM, KIM, ask_id=None, now=WEDNESDAY)
    answer(db, WEDNESDAY)
    after = form_opening.open_form(db, TEAM, KIM, ask_id=None, now=WEDNESDAY)
    both = {field.key for field in before.fields} & {field.key for field in after.fields}
    assert both
    assert [field.key for field in after.fields if field.first and field.key in both] == []
