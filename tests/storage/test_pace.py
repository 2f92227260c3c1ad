"""The pace's books: what a call takes, what holds it, and that nothing makes a wait shorter."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta

from storage import outbox, pace
from storage.database import Database, Session
from storage.outbox import Promise
from storage.pace import Pace
from storage.tables import OutboxRow

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def rows(session: Session, team: str, *places: str) -> list[OutboxRow]:
    for number, place in enumerate(places):
        outbox.promise(session, team, Promise(key=f"{number}", kind="digest", to=place, data={}), now=NOW)
    return outbox.ready(session, team, now=NOW, limit=10)


def test_what_one_row_takes_another_of_the_same_channel_does_not_get(db: Database, team: str) -> None:
    with db.transaction() as session:
        first, second, elsewhere = rows(session, team, "C1", "C1", "C2")
        limits = Pace(channel=1, workspace=0.75)
        assert pace.reserve(session, first, limits, now=NOW)
        assert not pace.reserve(session, elsewhere, limits, now=NOW)
        assert pace.reserve(session, elsewhere, limits, now=NOW + SECOND / 4)
        assert not pace.reserve(session, second, limits, now=NOW + SECOND * 0.99)
        assert pace.reserve(session, second, limits, now=NOW + SECOND)


def test_half_a_second_of_the_workspaces_pace_may_be_caught_up_and_no_more(db: Database, team: str) -> None:
    with db.transaction() as session:
        found = rows(session, team, *(f"C{n}" for n in range(8)))
        limits = Pace(channel=1, workspace=0.25)
        assert sum(pace.reserve(session, row, limits, now=NOW) for row in found) == 3
        assert sum(pace.reserve(session, row, limits, now=NOW + SECOND / 4) for row in found[3:]) == 1
        assert sum(pace.reserve(session, row, limits, now=NOW + 60 * SECOND) for row in found[4:]) == 3


def test_rows_in_the_way_of_the_pace_are_not_ready(db: Database, team: str) -> None:
    with db.transaction() as session:
        first, _, _ = rows(session, team, "C1", "C1", "C2")
        pace.reserve(session, first, Pace(channel=1, workspace=0), now=NOW)
        assert [row.key for row in outbox.ready(session, team, now=NOW, limit=10)] == ["2"]
        assert [row.key for row in outbox.ready(session, team, now=NOW + SECOND, limit=10)] == ["0", "1", "2"]


def test_a_hold_is_never_made_shorter(db: Database, team: str) -> None:
    with db.transaction() as session:
        first, second = rows(session, team, "C1", "C1")
        pace.hold(session, first, until=NOW + 30 * SECOND)
        pace.hold(session, second, until=NOW + SECOND)
        assert outbox.next_due(session, team) == NOW + 30 * SECOND


def test_the_workspaces_hold_is_not_another_workspaces(db: Database, team: str) -> None:
    with db.transaction() as session:
        [row] = rows(session, team, "C1")
        other = OutboxRow.model_validate({**row.model_dump(), "team_id": "T02OTHER"})
        pace.hold(session, other, until=NOW + SECOND)
        assert [r.key for r in outbox.ready(session, team, now=NOW, limit=10)] == ["0"]


def test_without_a_pace_nothing_is_taken(db: Database, team: str) -> None:
    with db.transaction() as session:
        first, second = rows(session, team, "C1", "C1")
        assert pace.reserve(session, first, Pace.off(), now=NOW)
        assert pace.reserve(session, second, Pace.off(), now=NOW)


def test_two_claims_at_once_do_not_take_the_same_turn(db: Database, team: str) -> None:
    """The second begins before the first has committed; on PostgreSQL it sees none of what the first took."""
    limits = Pace(channel=0, workspace=2)
    with db.transaction() as session:
        rows(session, team, "C1", "C2")

    def claim() -> bool:
        with db.transaction() as session:
            outbox.alone(session)
            found = outbox.ready(session, team, now=NOW, limit=2)
            return any(pace.reserve(session, row, limits, now=NOW) for row in found)

    with ThreadPoolExecutor(1) as pool:
        with db.transaction() as session:
            outbox.alone(session)
            [first] = outbox.ready(session, team, now=NOW, limit=1)
            assert pace.reserve(session, first, limits, now=NOW)
            second = pool.submit(claim)
            assert not wait([second], timeout=0.3).done
        assert not second.result()


def test_calls_that_were_held_up_and_arrive_together_are_not_followed_by_what_was_missed(
    db: Database, team: str
) -> None:
    with db.transaction() as session:
        found = rows(session, team, *(f"C{n}" for n in range(8)))
        limits = Pace(channel=1, workspace=0.25)
        starts = [NOW + SECOND * n / 4 for n in range(3)]
        taken = [pace.reserve(session, row, limits, now=at) for row, at in zip(found[:3], starts, strict=True)]
        late = NOW + SECOND * 1.2
        for row, at in zip(found[:3], starts, strict=True):
            pace.posted(session, row, limits, claimed=at, at=late)
        assert taken == [True] * 3
        assert not any(pace.reserve(session, row, limits, now=late) for row in found[3:])
        assert sum(pace.reserve(session, row, limits, now=late + SECOND / 4) for row in found[3:]) == 1


def test_a_call_that_took_no_time_leaves_the_pace_as_it_was(db: Database, team: str) -> None:
    with db.transaction() as session:
        first, second = rows(session, team, "C1", "C2")
        limits = Pace(channel=1, workspace=0.25)
        assert pace.reserve(session, first, limits, now=NOW)
        pace.posted(session, first, limits, claimed=NOW, at=NOW + SECOND / 5)
        assert pace.reserve(session, second, limits, now=NOW + SECOND / 4)
