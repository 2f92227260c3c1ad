"""Every path that changes what a Home shows makes it due again: of those concerned, where it was opened."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from rituals import home
from rituals.checkins import advancing, answers, service, snoozing
from rituals.checkins.answers import Said
from rituals.okrs import blockers
from rituals.okrs import service as okrs
from rituals.okrs.cards import Saved
from rituals.okrs.portfolio.service import import_portfolio
from rituals.ratings import closing, opening, voting
from storage.database import Database
from storage.tables import CheckinAsk, OutboxRow
from tests.rituals.checkin_workspace import (  # fmt: skip
    ARI,
    ASKED,
    BO,
    KIM,
    LEE,
    MONDAY,
    PAT,
    PORTFOLIO,
    TEAM,
    ZOE,
    ask_everybody,
    ask_of,
    edit,
    say,
    send_form,
    set_up,
)
from tests.rituals.stored import rows

ANA = "U01ANA"
OPENED = (ANA, BO, KIM, LEE, ZOE, ARI, PAT)
Change = Callable[[], object]


@pytest.fixture
def suite(db: Database) -> Database:
    """The suite of the check-in's tests, where all but Raj have opened their Home."""
    set_up(db)
    for user in OPENED:
        home.promise(db, TEAM, user, now=MONDAY - timedelta(days=1))
    return db


def wanted(db: Database) -> dict[str, int]:
    return {row.to: row.wanted for row in rows(db, OutboxRow) if row.mode == "home"}


def refreshed(db: Database, change: Change) -> set[str]:
    """Whose Home a change made due again."""
    before = wanted(db)
    change()
    after = wanted(db)
    assert after.keys() == before.keys(), "a Home that nobody opened was promised"
    return {user for user, times in after.items() if times > before[user]}


def advance(db: Database, at: datetime) -> None:
    service.open_due(db, TEAM, now=at)
    advancing.advance(db, TEAM, now=at)


def test_a_value_concerns_the_leads_of_its_owners_those_above_and_its_reporter(suite: Database) -> None:
    def save(text: str, user: str) -> Change:
        return lambda: okrs.update_line(suite, TEAM, user, text, now=MONDAY, key=f"command:{text}")

    assert refreshed(suite, save("KR-1 30 days", BO)) == {BO, KIM, LEE, ARI, ANA}
    assert refreshed(suite, save("KR-2 12", PAT)) == {ZOE, PAT, ANA}


def test_undo_concerns_the_same_people(suite: Database) -> None:
    saved = okrs.update_line(suite, TEAM, KIM, "KR-4 4", now=MONDAY, key="command:1")
    assert isinstance(saved, Saved)
    update = saved.line.update
    assert refreshed(suite, lambda: okrs.undo(suite, TEAM, KIM, update, now=MONDAY)) == {KIM, LEE, ANA}


def test_a_round_that_opens_concerns_who_counts_it_and_who_is_asked_at_their_hour(suite: Database) -> None:
    assert refreshed(suite, lambda: service.open_due(suite, TEAM, now=MONDAY)) == {ANA}
    assert refreshed(suite, lambda: advancing.advance(suite, TEAM, now=MONDAY)) == {BO, KIM, LEE, PAT}
    assert refreshed(suite, lambda: advancing.advance(suite, TEAM, now=ASKED)) == {ZOE, ARI}


@pytest.fixture
def asked(suite: Database) -> Database:
    """The round in which everybody has been asked."""
    ask_everybody(suite)
    return suite


def test_an_answer_concerns_its_author_who_counts_it_and_the_owners_of_what_it_says(asked: Database) -> None:
    words = "1. KR-1 30 days\n2. no\n3. no"

    def answer() -> None:
        say(asked, BO, words)
        answers.read_stored(asked, TEAM, now=ASKED, on_fault=str)

    assert refreshed(asked, answer) == {BO, ANA, KIM, LEE, ARI}


def test_who_leads_above_the_round_sees_its_answers_counted_too(db: Database) -> None:
    company = "units:\n  - {key: acme, name: Acme, level: company, leads: [pat]}\n"
    above = PORTFOLIO.replace("units:\n", company).replace("level: portfolio\n", "level: portfolio\n    parent: acme\n")
    set_up(db, above)
    ask_everybody(db)
    for user in (PAT, ARI):
        home.promise(db, TEAM, user, now=ASKED)

    def answer() -> None:
        say(db, ZOE, "1. KR-3 10\n2. no\n3. no")
        answers.read_stored(db, TEAM, now=ASKED, on_fault=str)

    assert refreshed(db, answer) == {PAT}


def test_an_edit_and_a_deletion_concern_them_again(asked: Database) -> None:
    say(asked, BO, "1. KR-1 30 days\n2. no\n3. no")
    answers.read_stored(asked, TEAM, now=ASKED, on_fault=str)

    def change() -> None:
        edit(asked, BO, "1. KR-1 29 days\n2. no\n3. no")
        answers.read_stored(asked, TEAM, now=ASKED, on_fault=str)

    def delete() -> None:
        gone = Said(user=BO, channel=f"D{BO}", ts="1763300000.000100", text="", direct=True)
        answers.withdraw(asked, TEAM, gone, now=ASKED)

    assert refreshed(asked, change) == {BO, ANA, KIM, LEE, ARI}
    assert refreshed(asked, delete) >= {BO, ANA}


def test_a_form_concerns_them_likewise_and_a_blocker_whom_it_waits_for(asked: Database) -> None:
    def send() -> None:
        send_form(asked, ZOE, {"KR-3": "10"}, blockers="waiting for Payments' API until 12 Dec", adjustments="no")

    assert refreshed(asked, send) >= {ZOE, ANA, BO, KIM, LEE}


def test_resolving_a_blocker_concerns_both_sides_and_those_above(asked: Database) -> None:
    send_form(asked, ZOE, {}, blockers="waiting for Payments' API until 12 Dec", adjustments="no")
    assert refreshed(asked, lambda: blockers.resolve(asked, TEAM, KIM, "1", now=ASKED)) == {ZOE, KIM, LEE, ANA}


def test_putting_a_check_in_off_concerns_who_does(asked: Database) -> None:
    ask = ask_of(asked, BO).id or 0
    assert refreshed(asked, lambda: snoozing.snooze(asked, TEAM, BO, ask, "tomorrow", now=ASKED)) == {BO}


def test_a_round_that_closes_concerns_all_who_were_asked(asked: Database) -> None:
    ends = max(ask.due_at for ask in rows(asked, CheckinAsk))
    assert refreshed(asked, lambda: advancing.advance(asked, TEAM, now=ends)) == set(OPENED)


def test_a_rating_that_opens_is_voted_on_and_closes_concerns_who_is_asked(suite: Database) -> None:
    opens, closes = datetime(2026, 12, 29, 8, tzinfo=UTC), datetime(2027, 1, 6, tzinfo=UTC)
    lines = {BO, KIM, LEE, ZOE, ARI}
    assert refreshed(suite, lambda: opening.open_due(suite, TEAM, now=opens)) == lines
    assert refreshed(suite, lambda: voting.vote(suite, TEAM, BO, 1, voting.Given(4), now=opens)) == {BO}
    assert refreshed(suite, lambda: closing.close_due(suite, TEAM, now=closes)) == lines


def test_an_import_that_changes_anything_concerns_everybody_and_one_that_does_not_nobody(suite: Database) -> None:
    changed = PORTFOLIO.replace("Onboarding time", "Time to first value")
    assert refreshed(suite, lambda: import_portfolio(suite, TEAM, changed, now=MONDAY)) == set(OPENED)
    assert refreshed(suite, lambda: import_portfolio(suite, TEAM, changed, now=MONDAY)) == set()
