"""People and Slack's members brought together: by id, by address, and never two people as one member."""

from storage import people
from storage.database import Database
from storage.people import Member
from storage.tables import Person


def member(slack: str, email: str | None = None, zone: str | None = "Asia/Tokyo") -> Member:
    return Member(slack, email, zone)


def persons(db: Database, team: str, *rows: Person) -> None:
    with db.transaction() as s:
        s.add_all(rows)


def found(db: Database, team: str) -> list[tuple[str | None, str | None]]:
    with db.transaction(readonly=True) as s:
        return [(person.slack, person.timezone) for person in people.everyone(s, team)]


def test_two_people_with_one_members_address_keep_nobody_else_from_being_found(db: Database, team: str) -> None:
    persons(
        db,
        team,
        Person(team_id=team, key="ana", name="Ana", slack="U1"),
        Person(team_id=team, key="ana2", name="Ana", email="ana@example.com"),
        Person(team_id=team, key="ana3", name="Ana", email="Ana@example.com"),
        Person(team_id=team, key="bo", name="Bo", email="bo@example.com"),
    )
    with db.transaction() as s:
        people.merge_members(s, team, [member("U1", "ana@example.com"), member("U2", "bo@example.com")])
    assert [slack for slack, _ in found(db, team)] == ["U1", None, None, "U2"]


def test_a_zone_that_slack_does_not_tell_is_kept_as_it_was_known(db: Database, team: str) -> None:
    persons(db, team, Person(team_id=team, key="ana", name="Ana", slack="U1", timezone="Europe/Madrid"))
    with db.transaction() as s:
        assert people.merge_members(s, team, [member("U1", zone=None)]) == 0
    assert found(db, team) == [("U1", "Europe/Madrid")]


def test_who_is_an_admin_is_slacks_word_and_goes_when_slack_takes_it_back(db: Database, team: str) -> None:
    persons(db, team, Person(team_id=team, key="ana", name="Ana", slack="U1"))
    for said in (True, False):
        with db.transaction() as s:
            people.merge_members(s, team, [Member("U1", None, None, is_admin=said)])
        with db.transaction(readonly=True) as s:
            assert [person.admin for person in people.everyone(s, team)] == [said]
