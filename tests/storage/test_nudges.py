"""The ledger of nudges, on both databases: what counts, what is about an ask, and who missed a round."""

from datetime import UTC, date, datetime, timedelta

import pytest

from storage import checkins, nudges
from storage.database import Database
from storage.tables import Answer, CheckinAsk, CheckinRound, Nudge, Person, Unit

NOW = datetime(2026, 11, 19, 9, tzinfo=UTC)
CLOSED = NOW - timedelta(days=1)


@pytest.fixture
def filled(db: Database, team: str) -> Database:
    """Two people in one closed round: the first has missed it, the second has answered."""
    with db.transaction() as session:
        people = [Person(team_id=team, key=key, name=key.title()) for key in ("bo", "kim")]
        unit = Unit(team_id=team, key="suite", name="Suite", level="portfolio")
        session.add_all([*people, unit])
        session.flush()
        row = CheckinRound(
            team_id=team, unit_id=unit.id or 0, local_date=date(2026, 11, 16), number=4, slot=NOW - timedelta(days=3),
            due_at=CLOSED, state="closed", closed_at=CLOSED,
        )  # fmt: skip
        session.add(row)
        session.flush()
        for person, state in zip(people, ("missed", "answered"), strict=True):
            ask = CheckinAsk(
                team_id=team, round_id=row.id or 0, person_id=person.id or 0, slot=row.slot, due_at=CLOSED,
                remind_at=CLOSED, asked_at=row.slot, state=state,
            )  # fmt: skip
            session.add(ask)
    return db


def nudge(
    team: str, key: str, *, at: datetime = NOW, kind: str = "reminder", dropped: str = "", person: int = 1
) -> Nudge:
    return Nudge(team_id=team, person_id=person, kind=kind, key=key, at=at, dropped=dropped, ask_id=person)


def test_an_occasion_is_entered_once_and_read_back(filled: Database, team: str) -> None:
    with filled.transaction() as session:
        assert nudges.enter(session, nudge(team, "reminder:1", dropped="limit"))
        assert not nudges.enter(session, nudge(team, "reminder:1"))
        found = nudges.entered(session, team, "reminder:1")
        assert found is not None
        assert (found.dropped, found.at, found.ask_id) == ("limit", NOW, 1)
        assert nudges.entered(session, team, "reminder:2") is None
        assert nudges.entered(session, "T99OTHER", "reminder:1") is None


def test_only_what_was_sent_to_that_person_within_the_week_counts(filled: Database, team: str) -> None:
    with filled.transaction() as session:
        for row in (
            nudge(team, "sent", at=NOW - timedelta(days=1)),
            nudge(team, "promised", at=NOW + timedelta(hours=8)),
            nudge(team, "dropped", dropped="away"),
            nudge(team, "another", person=2),
            nudge(team, "a week old", at=NOW - timedelta(days=7)),
        ):
            assert nudges.enter(session, row)
        found = nudges.sent_to(session, team, 1, since=NOW - timedelta(days=7))
        assert [row.key for row in found] == ["sent", "promised"]
        assert [row.key for row in nudges.about(session, team, [1])] == ["a week old", "sent", "dropped", "promised"]


def test_who_missed_a_round_is_found_until_they_are_told_and_it_has_gone_up(filled: Database, team: str) -> None:
    since = NOW - timedelta(days=7)
    with filled.transaction() as session:
        [(ask, row)] = nudges.unanswered(session, team, since=since)
        assert (ask.person_id, row.number) == (1, 4)
        assert [one.id for one, _ in nudges.untold(session, team, since=since)] == [ask.id]
        assert nudges.unanswered(session, team, since=CLOSED) == []
        nudges.enter(session, nudge(team, "missed:1", kind="escalation"))
        assert nudges.untold(session, team, since=since) == []
        ask.escalated_at = NOW
        session.add(ask)
        session.flush()
        assert nudges.unanswered(session, team, since=since) == []


def test_when_something_was_said_is_known_for_every_version_of_every_answer(filled: Database, team: str) -> None:
    with filled.transaction() as session:
        for number, minutes in enumerate((5, 2), start=1):
            session.add(
                Answer(
                    team_id=team,
                    ask_id=2,
                    slack_user="U1",
                    source="dm",
                    source_key="k",
                    version=number,
                    at=NOW + timedelta(minutes=minutes),
                    superseded=number == 1,
                )
            )
        session.flush()
        assert checkins.said_at(session, team, [1, 2]) == {2: [NOW + timedelta(minutes=n) for n in (2, 5)]}
