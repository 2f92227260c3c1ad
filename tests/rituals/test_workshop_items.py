"""What is noted in a workshop, and what the lines answer: nothing is lost, nothing counts twice, hands are shaken."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from rituals.alignment.covered import covered
from rituals.errors import FormRefusal, Refusal
from rituals.workshops.answering import answer_item
from rituals.workshops.noting import Noted, Reaction, edit_item, reacted, take_back
from rituals.workshops.service import confirm
from storage import outbox
from storage.database import Database
from storage.outbox import Promise
from storage.people import by_slack
from storage.tables import Blocker, Handshake, Unit
from tests.rituals.stored import promised
from tests.rituals.workshop_workspace import (
    ANA,
    BO,
    KIM,
    MIA,
    STARTS,
    TEAM,
    ZOE,
    all_items,
    begun,
    move_on,
    note,
    planned,
    set_up,
    workshop,
)

WAITS = Noted("dependency", "payments", "crm", text="the billing API", provider="draft", until=date(2027, 2, 1))
AT = STARTS + timedelta(minutes=1)


@pytest.fixture
def number(sqlite_db: Database) -> int:
    set_up(sqlite_db)
    return begun(sqlite_db)


def react(db: Database, user: str, name: str, seconds: int, *, added: bool = True) -> bool:
    """A reaction on the drafts of CRM, so many seconds into the workshop."""
    said_at = STARTS + timedelta(seconds=seconds)
    return reacted(db, TEAM, user, Reaction("C01ALL", "17.1", name, said_at, added), now=said_at)


def posted(db: Database) -> None:
    """The drafts of CRM stand in the channel as message 17.1."""
    with db.transaction() as session:
        row = outbox.find(session, TEAM, promised(db, "workshop_turn")[0].key)
        assert row is not None
        row.channel, row.ts, row.state = "C01ALL", "17.1", "sent"
        session.add(row)


def test_a_reaction_notes_an_item_with_the_line_of_who_reacts_and_taking_it_off_keeps_it_in_the_books(
    sqlite_db: Database, number: int
) -> None:
    posted(sqlite_db)
    assert react(sqlite_db, MIA, "zap::skin-tone-3", 1)
    [item] = all_items(sqlite_db)
    assert (item.kind, item.slack_user, item.retracted_at) == ("conflict", MIA, None)
    assert react(sqlite_db, MIA, "zap", 2, added=False)
    [item] = all_items(sqlite_db)
    assert item.retracted_at == STARTS + timedelta(seconds=2)
    assert react(sqlite_db, MIA, "zap", 3)
    assert [one.retracted_at for one in all_items(sqlite_db)] == [None]


def test_reactions_that_come_out_of_order_or_twice_end_as_they_were_meant(sqlite_db: Database, number: int) -> None:
    posted(sqlite_db)
    assert react(sqlite_db, MIA, "link", 5, added=False)
    assert not react(sqlite_db, MIA, "link", 4)
    assert not react(sqlite_db, MIA, "link", 5, added=False)
    [item] = all_items(sqlite_db)
    assert item.retracted_at is not None


def test_other_signs_and_other_messages_mean_nothing(sqlite_db: Database, number: int) -> None:
    posted(sqlite_db)
    assert not react(sqlite_db, MIA, "tada", 1)
    other = Reaction("C01ALL", "99.9", "link", AT, added=True)
    assert not reacted(sqlite_db, TEAM, MIA, other, now=AT)
    with sqlite_db.transaction() as session:
        outbox.promise(session, TEAM, Promise("any", "digest", "C01ALL", {}), now=AT)
        row = outbox.find(session, TEAM, "any")
        assert row is not None
        row.channel, row.ts = "C01ALL", "99.9"
        session.add(row)
    assert not reacted(sqlite_db, TEAM, MIA, other, now=AT)
    assert all_items(sqlite_db) == []


def test_a_form_counts_once_and_says_at_its_fields_what_is_missing(sqlite_db: Database, number: int) -> None:
    assert note(sqlite_db, number, WAITS, key="same") == note(sqlite_db, number, WAITS, key="same")
    assert len(all_items(sqlite_db)) == 1
    with pytest.raises(FormRefusal) as no:
        note(sqlite_db, number, Noted("conflict", "crm", "crm", text=" "))
    assert set(no.value.errors) == {"other", "text"}
    with pytest.raises(FormRefusal) as no:
        note(sqlite_db, number, Noted("decision", "crm", text="we keep both"), user=BO)
    assert set(no.value.errors) == {"kind"}
    assert note(sqlite_db, number, Noted("decision", "crm", text="we keep both"), user=ANA, key="decided")


def test_who_noted_it_can_say_more_and_take_it_back_until_it_is_answered(sqlite_db: Database, number: int) -> None:
    item = note(sqlite_db, number, WAITS)
    with pytest.raises(Refusal, match="Who noted it changes it"):
        edit_item(sqlite_db, TEAM, KIM, item, WAITS, now=AT)
    edit_item(sqlite_db, TEAM, BO, item, Noted("conflict", "payments", "search", text="one team for two"), now=AT)
    [row] = all_items(sqlite_db)
    assert (row.kind, row.text, row.provider, row.until) == ("conflict", "one team for two", "", None)
    take_back(sqlite_db, TEAM, BO, item, now=AT)
    [row] = all_items(sqlite_db)
    assert row.retracted_at == AT
    with pytest.raises(Refusal, match="taken back"):
        take_back(sqlite_db, TEAM, BO, item, now=AT)


def test_nothing_is_noted_before_it_begins_or_after_it_ends(sqlite_db: Database) -> None:
    set_up(sqlite_db)
    number = planned(sqlite_db)
    with pytest.raises(Refusal, match="It begins Mon 4 Jan 10:00"):
        note(sqlite_db, number, WAITS)


def answered(db: Database, item: int, *, by: str = MIA) -> None:
    answer_item(db, TEAM, by, item, "accepted", now=AT)


def test_an_item_goes_only_to_who_may_know_of_both_lines(sqlite_db: Database, number: int) -> None:
    note(sqlite_db, number, WAITS, user=MIA)
    with sqlite_db.transaction() as session:
        session.exec(select(Unit).where(Unit.key == "payments")).one().private = True
    move_on(sqlite_db, number, 3)
    assert [row.to for row in promised(sqlite_db, "workshop_card")] == [MIA]


def test_an_accepted_dependency_becomes_one_blocker_with_its_handshake(sqlite_db: Database, number: int) -> None:
    item = note(sqlite_db, number, WAITS)
    move_on(sqlite_db, number, 3)
    answered(sqlite_db, item)
    answered(sqlite_db, item)
    with sqlite_db.transaction(readonly=True) as session:
        [blocker], [shake] = session.exec(select(Blocker)).all(), session.exec(select(Handshake)).all()
    assert (blocker.number, blocker.text, blocker.until, blocker.kind) == (
        1, "the billing API", date(2027, 2, 1), "dependency",
    )  # fmt: skip
    assert (shake.state, shake.day, shake.blocker_id) == ("accepted", date(2027, 2, 1), blocker.id)
    answer_item(sqlite_db, TEAM, MIA, item, "declined", note="not in this quarter", now=AT)
    with sqlite_db.transaction(readonly=True) as session:
        [blocker] = session.exec(select(Blocker)).all()
    assert blocker.state == "withdrawn"


def test_only_the_line_that_is_asked_answers_and_only_in_the_round(sqlite_db: Database, number: int) -> None:
    item = note(sqlite_db, number, WAITS)
    with pytest.raises(Refusal, match="answered in the adjustment round"):
        answered(sqlite_db, item)
    move_on(sqlite_db, number, 3)
    with pytest.raises(Refusal, match="is Payments': ask Mia Kern"):
        answered(sqlite_db, item, by=KIM)
    with pytest.raises(FormRefusal, match="why"):
        answer_item(sqlite_db, TEAM, MIA, item, "declined", now=AT)
    answered(sqlite_db, item, by=ANA)
    [row] = all_items(sqlite_db)
    assert (row.state, row.decided_by) == ("accepted", ANA)


def test_the_round_sends_each_item_to_both_lines_and_what_comes_later_at_once(sqlite_db: Database, number: int) -> None:
    note(sqlite_db, number, WAITS)
    assert promised(sqlite_db, "workshop_card") == []
    move_on(sqlite_db, number, 3)
    assert sorted(row.to for row in promised(sqlite_db, "workshop_card")) == [BO, MIA]
    note(sqlite_db, number, Noted("opportunity", "search", "crm", text="one search box"), key="later")
    assert sorted(row.to for row in promised(sqlite_db, "workshop_card")) == [BO, BO, MIA, KIM]


def test_what_a_line_answered_stays_when_the_reaction_goes(sqlite_db: Database, number: int) -> None:
    posted(sqlite_db)
    react(sqlite_db, MIA, "link", 1)
    move_on(sqlite_db, number, 3)
    [item] = all_items(sqlite_db)
    answered(sqlite_db, item.id or 0, by=BO)
    assert not react(sqlite_db, MIA, "link", 9, added=False)
    assert [one.retracted_at for one in all_items(sqlite_db)] == [None]


def test_a_stranger_can_note_and_is_not_asked(sqlite_db: Database, number: int) -> None:
    posted(sqlite_db)
    assert react(sqlite_db, "U99NOBODY", "bulb", 1)
    assert react(sqlite_db, ZOE, "bulb", 1)
    assert [(one.slack_user, one.other_unit_id) for one in all_items(sqlite_db)] == [("U99NOBODY", None), (ZOE, None)]
    move_on(sqlite_db, number, 3)
    assert workshop(sqlite_db, number).state == "adjusting"


def test_who_no_longer_answers_an_item_sees_that_it_went_to_another_line(sqlite_db: Database, number: int) -> None:
    item = note(sqlite_db, number, Noted("conflict", "payments", "crm", "both rebuild the sign-up"), user=ANA)
    move_on(sqlite_db, number, 3)
    sent = {row.to: row.wanted for row in promised(sqlite_db, "workshop_card")}
    assert MIA in sent
    edit_item(
        sqlite_db, TEAM, ANA, item, Noted("dependency", "payments", "search", "an API", None, "other"), now=STARTS
    )
    now = {row.to: row.wanted for row in promised(sqlite_db, "workshop_card")}
    assert now[BO] > sent[BO]
    assert KIM in now


def away(db: Database, user: str, delegate: str) -> None:
    """Somebody is away on the workshop's day, and another answers."""
    with db.transaction() as session:
        person, other = by_slack(session, TEAM, user), by_slack(session, TEAM, delegate)
        assert person is not None
        assert other is not None
        person.away_from = person.away_until = STARTS.date()
        person.delegate_id = other.id
        session.add(person)


def test_who_stands_in_for_a_lead_who_is_away_gets_the_item_and_answers_it(sqlite_db: Database, number: int) -> None:
    away(sqlite_db, MIA, ZOE)
    item = note(sqlite_db, number, WAITS)
    move_on(sqlite_db, number, 3)
    assert ZOE in [row.to for row in promised(sqlite_db, "workshop_card")]
    answer_item(sqlite_db, TEAM, ZOE, item, "accepted", now=AT)
    assert all_items(sqlite_db)[0].decided_by == ZOE
    with pytest.raises(Refusal):
        answer_item(sqlite_db, TEAM, ZOE, item, "declined", note="back", now=AT + timedelta(days=1))


def test_who_stands_in_for_the_portfolios_lead_is_asked_to_confirm_and_does(sqlite_db: Database, number: int) -> None:
    away(sqlite_db, ANA, KIM)
    move_on(sqlite_db, number, 4)
    assert [row.to for row in promised(sqlite_db, "workshop_confirm")] == [ANA, KIM]
    confirm(sqlite_db, TEAM, KIM, number, now=AT, figures=covered)
    assert workshop(sqlite_db, number).confirmed_by == KIM
