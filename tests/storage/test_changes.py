"""The record of changes: appended once a submission, read newest first."""

from datetime import UTC, datetime, timedelta

from storage import changes
from storage.database import Database

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def test_the_changes_of_a_thing_are_read_newest_first_and_nobody_elses_with_them(db: Database, team: str) -> None:
    with db.transaction() as session:
        for number, key in enumerate(("KR-1", "KR-2", "KR-1")):
            at = AT + timedelta(hours=number)
            changes.add_change(session, team, at=at, by="U1", what="key_result", key=key, action="edit")
        changes.add_change(session, team, at=AT, by="U1", what="objective", key="KR-1", action="edit")
    with db.transaction(readonly=True) as session:
        found = changes.changes_of(session, team, "key_result", "KR-1")
    assert [row.at for row in found] == [AT + timedelta(hours=2), AT]


def test_a_submission_is_recorded_once_with_what_was_before_and_after(db: Database, team: str) -> None:
    said = {"by": "U1", "what": "unit", "key": "crm", "action": "edit", "source_key": "view:1"}
    with db.transaction() as session:
        first = changes.add_change(session, team, at=AT, before={"name": "CRM"}, after={"name": "C"}, **said)
        again = changes.add_change(session, team, at=AT, before={"name": "CRM"}, after={"name": "D"}, **said)
        found = changes.change_by_source(session, team, "view:1")
    assert (first, again) == (True, False)
    assert found is not None
    assert (found.before, found.after) == ({"name": "CRM"}, {"name": "C"})
