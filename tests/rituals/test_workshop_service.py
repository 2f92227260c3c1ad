"""The workshop's moves in a real database: one move a press, in one direction, by who may."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from rituals.alignment.covered import covered
from rituals.errors import FormRefusal, Refusal
from rituals.okrs.roles import public
from rituals.workshops import drafts, service
from rituals.workshops.noting import Noted
from rituals.workshops.record import document
from storage.database import Database
from storage.people import by_slack
from tests.rituals.stored import promised
from tests.rituals.workshop_workspace import (
    ANA,
    BO,
    MIA,
    NOW,
    PORTFOLIO,
    STARTS,
    TEAM,
    ZOE,
    all_items,
    begun,
    move_on,
    note,
    planned,
    portfolio,
    set_up,
    workshop,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ready(sqlite_db: Database) -> Database:
    set_up(sqlite_db)
    return sqlite_db


def test_it_begins_with_the_first_line_and_the_figures_as_they_are(ready: Database) -> None:
    row = workshop(ready, begun(ready))
    assert (row.state, row.turn, row.turn_ends_at) == ("presenting", 0, STARTS + 10 * MINUTE)
    assert row.turns == ["crm", "payments", "search"]
    assert row.before is not None
    assert (row.before["connection"], row.before["linked"], row.before["objectives"]) == (0.5, 1, 2)
    assert (row.before["thin"], row.before["tops"], row.before["unlinked"], row.before["lines"]) == (2, 2, 2, 3)
    assert [one.key for one in promised(ready, "workshop_turn")] == [f"workshop_turn:{row.id}:1:crm"]
    assert [one.to for one in promised(ready, "workshop_board")] == ["C01ALL"]


def test_next_goes_from_line_to_line_to_the_round_to_the_confirmation(ready: Database) -> None:
    number, seen = begun(ready), []
    for _ in range(4):
        move_on(ready, number, 1)
        row = workshop(ready, number)
        seen.append((row.state, row.turn))
    assert seen == [("presenting", 1), ("presenting", 2), ("adjusting", 2), ("confirming", 2)]
    assert len(promised(ready, "workshop_turn")) == 3
    assert [one.to for one in promised(ready, "workshop_confirm")] == [ANA]
    with pytest.raises(Refusal, match="word of Ana Ruiz"):
        move_on(ready, number, 1)


def test_the_confirmation_freezes_the_figures_ends_it_and_leaves_one_record(ready: Database) -> None:
    number = begun(ready)
    move_on(ready, number, 4)
    service.confirm(ready, TEAM, ANA, number, now=STARTS + 50 * MINUTE, figures=covered, step=5)
    row = workshop(ready, number)
    assert (row.state, row.confirmed_by, row.closed_at) == ("closed", ANA, STARTS + 50 * MINUTE)
    assert row.after is not None
    assert row.after["connection"] == 0.5
    [record] = promised(ready, "workshop_record")
    assert record.to == "C01ALL"


def test_extending_adds_five_minutes_to_what_is_left_and_counts_from_now_when_it_is_over(ready: Database) -> None:
    number = begun(ready)
    service.extend(ready, TEAM, ANA, number, now=STARTS + 3 * MINUTE, step=1)
    assert workshop(ready, number).turn_ends_at == STARTS + 15 * MINUTE
    service.extend(ready, TEAM, ANA, number, now=STARTS + 20 * MINUTE, step=2)
    assert workshop(ready, number).turn_ends_at == STARTS + 25 * MINUTE


def test_a_button_that_somebody_pressed_before_moves_nothing_and_says_where_it_stands(ready: Database) -> None:
    number = begun(ready)
    service.next_turn(ready, TEAM, ANA, number, now=STARTS, figures=covered, step=1)
    with pytest.raises(Refusal, match=r"moved on already\. Payments has the floor"):
        service.next_turn(ready, TEAM, ANA, number, now=STARTS, figures=covered, step=1)
    assert workshop(ready, number).turn == 1


def test_of_two_who_type_next_at_once_one_moves_it(ready: Database) -> None:
    number, admin = begun(ready), _admin(ready)
    move_on(ready, number, 1, at=STARTS + MINUTE)
    with pytest.raises(Refusal, match=r"Ana Ruiz moved it on just now\. Payments has the floor"):
        service.next_turn(ready, TEAM, admin, number, now=STARTS + MINUTE, figures=covered)
    assert workshop(ready, number).turn == 1


def _admin(db: Database) -> str:
    """Mia becomes an admin of the Slack workspace."""
    with db.transaction() as session:
        person = by_slack(session, TEAM, MIA)
        assert person is not None
        person.admin = True
        session.add(person)
    return MIA


def test_only_who_facilitates_or_leads_the_unit_moves_it_on(ready: Database) -> None:
    number = begun(ready)
    with pytest.raises(Refusal, match="Ana Ruiz moves this workshop on"):
        service.next_turn(ready, TEAM, BO, number, now=STARTS + MINUTE, figures=covered, step=1)
    with pytest.raises(Refusal, match="Ana Ruiz moves"):
        service.close(ready, TEAM, ZOE, number, now=STARTS + MINUTE, figures=covered, step=1)
    assert workshop(ready, number).step == 1


def test_a_line_does_not_confirm_and_not_yet_wants_its_reason(ready: Database) -> None:
    number = begun(ready)
    move_on(ready, number, 4)
    with pytest.raises(Refusal, match="is said by Ana Ruiz"):
        service.confirm(ready, TEAM, BO, number, now=STARTS, figures=covered, step=5)
    with pytest.raises(FormRefusal, match="what is missing"):
        service.not_yet(ready, TEAM, ANA, number, " ", now=STARTS)
    service.not_yet(ready, TEAM, ANA, number, "nothing keeps customers", now=STARTS)
    row = workshop(ready, number)
    assert (row.state, row.remark) == ("confirming", "nothing keeps customers")
    service.confirm(ready, TEAM, ANA, number, now=STARTS, figures=covered, step=5)
    assert workshop(ready, number).remark == ""


def test_what_has_not_begun_is_called_off_and_what_has_is_closed(ready: Database) -> None:
    number = planned(ready)
    with pytest.raises(Refusal, match="It has not begun"):
        service.close(ready, TEAM, ANA, number, now=NOW, figures=covered)
    service.begin(ready, TEAM, ANA, number, now=STARTS, figures=covered)
    with pytest.raises(Refusal, match="closed and not called off"):
        service.cancel(ready, TEAM, ANA, number, now=STARTS + MINUTE)
    service.close(ready, TEAM, ANA, number, now=STARTS + MINUTE, figures=covered)
    row = workshop(ready, number)
    assert (row.state, row.confirmed_by) == ("closed", "")
    assert len(promised(ready, "workshop_record")) == 1


def test_one_that_was_called_off_can_be_planned_anew_with_messages_of_its_own(ready: Database) -> None:
    number = planned(ready)
    service.cancel(ready, TEAM, ANA, number, now=NOW)
    assert planned(ready, starts_at=STARTS + timedelta(days=1)) == number
    service.begin(ready, TEAM, ANA, number, now=STARTS + timedelta(days=1), figures=covered)
    assert [row.key for row in promised(ready, "workshop_board")] == [f"workshop:{number}:2"]


def test_the_adjustment_round_can_be_opened_early_and_says_who_did_not_present(ready: Database) -> None:
    number = begun(ready)
    service.adjust(ready, TEAM, ANA, number, now=STARTS, figures=covered, step=1)
    row = workshop(ready, number)
    assert (row.state, row.turn) == ("adjusting", 0)


@pytest.mark.parametrize("press", ["next", "extend", "close"])
def test_of_people_who_press_at_the_same_instant_one_moves_it(db: Database, press: str) -> None:
    set_up(db)
    number, people = begun(db), 6
    barrier, refused = Barrier(people), []
    presses: dict[str, Callable[[], str]] = {
        "next": lambda: service.next_turn(db, TEAM, ANA, number, now=STARTS, figures=covered, step=1),
        "extend": lambda: service.extend(db, TEAM, ANA, number, now=STARTS, step=1),
        "close": lambda: service.close(db, TEAM, ANA, number, now=STARTS, figures=covered, step=1),
    }

    def work(_: int) -> None:
        barrier.wait()
        try:
            presses[press]()
        except Refusal as no:
            refused.append(no.text)

    with ThreadPoolExecutor(people) as pool:
        list(pool.map(work, range(people)))
    row = workshop(db, number)
    assert row.step == 2
    assert len(refused) == people - 1
    assert len(promised(db, "workshop_record")) == (press == "close")
    assert row.turn == (press == "next")


def test_people_who_note_while_it_is_moved_on_lose_nothing(db: Database) -> None:
    set_up(db)
    number, people = begun(db), 6
    barrier = Barrier(people + 1)

    def say(n: int) -> None:
        barrier.wait()
        note(db, number, Noted("conflict", "crm", "search", text=f"words {n}"), user=BO, key=f"k{n}")

    def press() -> None:
        barrier.wait()
        move_on(db, number, 1)

    with ThreadPoolExecutor(people + 1) as pool:
        calls = [pool.submit(say, n) for n in range(people)] + [pool.submit(press)]
        for call in calls:
            call.result()
    assert sorted(item.text for item in all_items(db)) == [f"words {n}" for n in range(people)]
    assert workshop(db, number).turn == 1


PRIVATE = (
    PORTFOLIO.replace("parent: suite, leads: [kim]", "parent: suite, leads: [kim], private: true").replace(
        "owners: [crm, payments]", "owners: [crm, payments, search]"
    )
    + """  - key: O-5
    unit: search
    cycle: 2027-Q1
    title: Nobody knows of this yet
    contributes_to: [{objective: O-2, how: in a way that is not told}]
    key_results:
      - {key: KR-2, title: Secret answers, start: 1, target: 9, measured_in: answers, owners: [search]}
"""
)


def test_what_a_private_team_has_under_a_line_is_no_draft_of_the_line(sqlite_db: Database) -> None:
    set_up(
        sqlite_db,
        PRIVATE.replace("parent: suite, leads: [kim], private", "parent: crm, leads: [kim], private")
        .replace("level: product_line, parent: crm", "level: team, parent: crm")
        .replace("measured_in: answers, owners: [search]", "measured_in: answers, owners: [search, payments]"),
    )
    state = public(portfolio(sqlite_db))
    assert "O-5" in state.objectives_by_key  # what it shares is public, its objective is not
    assert [one.key for one in drafts.shown(state, "crm", "2027-Q1")] == ["O-3"]
    assert [one.key for one in drafts.shown(portfolio(sqlite_db), "crm", "2027-Q1")] == ["O-3", "O-5"]


def test_a_private_line_is_in_no_figure_and_no_record_of_a_public_workshop(sqlite_db: Database) -> None:
    set_up(sqlite_db, PRIVATE)
    number = begun(sqlite_db)
    move_on(sqlite_db, number, 3)
    service.confirm(sqlite_db, TEAM, ANA, number, now=STARTS, figures=covered, step=4)
    row = workshop(sqlite_db, number)
    for kept in (row.before, row.after):
        assert kept is not None
        assert (kept["linked"], kept["objectives"], kept["lines"], kept["unlinked"]) == (1, 2, 2, 1)
        assert "Search" not in str(kept)
    in_channel = document(sqlite_db, TEAM, number, now=STARTS)
    assert not [word for word in ("Search", "Nobody knows", "Secret", "O-5", "KR-2") if word in in_channel]
    assert "O-3" in in_channel
