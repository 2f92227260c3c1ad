"""An anonymous rating: what is shown and when, and that nothing which is kept joins a vote to who gave it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlmodel import select

from rituals import align
from rituals.errors import Refusal
from rituals.notices import RatingAsk, RatingResult
from rituals.ratings.closing import close_due
from rituals.ratings.opening import open_due
from rituals.ratings.results import result
from rituals.ratings.shown import rating_ask
from rituals.ratings.voting import Given, comment, vote
from rituals.status import status
from storage.database import Database
from storage.tables import RatingBallot, RatingInvite, RatingVote, Workspace
from tests.rituals.rating_workspace import (
    CLOSES,
    OPEN,
    OPENS,
    PORTFOLIO,
    TEAM,
    earlier_poll,
    polls,
    posted_result,
    set_up,
)
from tests.rituals.stored import promised

USERS = ("U02BO", "U03MIA", "U04KIM", "U05LEE")
KNOWN = PORTFOLIO.replace("email: lee@example.com", "slack: U05LEE")
CROWD = 40
_DRAWN = Random(11)
SIGNS = [f"{_DRAWN.getrandbits(64):016x}" for _ in range(CROWD)]
"""What each of the crowd writes, known to the test alone; in no order that tells whose it is."""
SCORES = [_DRAWN.randint(1, 5) for _ in range(CROWD)]


def choose(db: Database, *, anonymous: bool) -> None:
    """What the workspace's settings say."""
    with db.transaction() as session:
        row = session.get(Workspace, TEAM)
        assert row is not None
        row.anonymous_ratings = anonymous
        session.add(row)


@pytest.fixture
def suite(db: Database) -> Database:
    """The suite, whose ratings are anonymous."""
    set_up(db, KNOWN)
    choose(db, anonymous=True)
    return db


@pytest.fixture
def poll(suite: Database) -> int:
    """Its poll, just opened: four leads are asked."""
    assert open_due(suite, TEAM, now=OPENS) == 1
    return polls(suite)[0].id or 0


def ballots(db: Database) -> list[tuple[int, str]]:
    """Every ballot as (score, sentence)."""
    with db.transaction(readonly=True) as session:
        return sorted((b.score, b.comment) for b in session.exec(select(RatingBallot)))


def voters(db: Database) -> int:
    """How many are marked as having voted."""
    with db.transaction(readonly=True) as session:
        return sum(invite.voted for invite in session.exec(select(RatingInvite)))


def shown_to(db: Database, poll: int, person: int) -> RatingAsk:
    """The question as a person (row id) sees it now."""
    with db.transaction(readonly=True) as session:
        notice = rating_ask(session, TEAM, {"poll": poll, "person": person}, OPEN)
    assert notice is not None
    return notice


def all_vote(db: Database, poll: int, *scores: int) -> None:
    """The four vote one after the other, each with a sentence."""
    for number, (user, score) in enumerate(zip(USERS, scores, strict=False)):
        given = Given(score, f"sentence {number}")
        vote(db, TEAM, user, poll, given, now=OPEN + timedelta(minutes=number))


def test_a_ballot_has_no_person_and_no_time_and_the_invitation_only_that_one_voted(suite: Database, poll: int) -> None:
    vote(suite, TEAM, "U02BO", poll, Given(2, "Reviews took days"), now=OPEN)
    assert ballots(suite) == [(2, "Reviews took days")]
    assert voters(suite) == 1
    assert set(RatingBallot.model_fields) == {"key", "team_id", "poll_id", "score", "comment"}
    with suite.transaction(readonly=True) as session:
        assert list(session.exec(select(RatingVote))) == []


def test_a_vote_is_for_good_and_a_second_one_is_told_so(suite: Database, poll: int) -> None:
    vote(suite, TEAM, "U02BO", poll, Given(2), now=OPEN)
    with pytest.raises(Refusal, match=r"You have voted\..*cannot be changed"):
        vote(suite, TEAM, "U02BO", poll, Given(5), now=OPEN)
    with pytest.raises(Refusal, match="a sentence goes with the vote"):
        comment(suite, TEAM, "U02BO", poll, "Afterwards", now=OPEN)
    assert ballots(suite) == [(2, "")]


def test_votes_of_one_person_on_several_devices_at_once_are_one(suite: Database, poll: int) -> None:
    together = Barrier(4)

    def press(score: int) -> bool:
        together.wait()
        try:
            vote(suite, TEAM, "U02BO", poll, Given(score), now=OPEN)
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, (1, 2, 3, 4))) == [False, False, False, True]
    assert len(ballots(suite)) == voters(suite) == 1


def test_the_question_says_that_one_voted_and_never_what(suite: Database, poll: int) -> None:
    before = shown_to(suite, poll, 2)
    assert (before.anonymous, before.fewest, before.voted) == (True, 4, False)
    vote(suite, TEAM, "U02BO", poll, Given(2, "Reviews took days"), now=OPEN)
    after = shown_to(suite, poll, 2)
    assert (after.voted, after.score, after.comment) == (True, None, "")


def test_a_sentence_that_is_too_long_loses_no_vote(suite: Database, poll: int) -> None:
    with pytest.raises(Refusal, match="That has 501 characters; 500 fit"):
        vote(suite, TEAM, "U02BO", poll, Given(2, "x" * 501), now=OPEN)
    assert voters(suite) == len(ballots(suite)) == 0


def test_below_four_votes_nothing_is_said_anywhere(suite: Database, poll: int) -> None:
    all_vote(suite, poll, 1, 1, 2)
    close_due(suite, TEAM, now=CLOSES)
    posted = posted_result(suite)
    assert (posted.mean, posted.spread, posted.votes, posted.asked, posted.fewest) == (None, None, 3, 4, 4)
    assert set(posted.scores.values()) == {0}
    assert (posted.comments, posted.lines) == ((), ())
    assert result(suite, TEAM, "U02BO", now=CLOSES).mean is None
    [row] = status(suite, TEAM, now=CLOSES)["ratings"]
    assert (row["mean"], row["spread"], row["n"], row["anonymous"]) == (None, None, 3, True)
    made = align.made(suite, TEAM, "U01ANA", "suite", "ratings", now=CLOSES)
    assert made.lines == ("2026-Q4: withheld, anonymous and below 4 votes, 3 of 4 voted",)


def test_from_four_votes_on_the_result_is_shown_without_names_and_lines(suite: Database, poll: int) -> None:
    all_vote(suite, poll, 1, 1, 2, 4)
    close_due(suite, TEAM, now=CLOSES)
    posted = posted_result(suite)
    assert (posted.mean, posted.votes, posted.asked) == (2.0, 4, 4)
    assert posted.scores == {1: 2, 2: 1, 3: 0, 4: 1, 5: 0}
    assert posted.lines == ()
    assert sorted(posted.comments) == [("", f"sentence {n}") for n in range(4)]
    made = align.made(suite, TEAM, "U01ANA", "suite", "ratings", now=CLOSES)
    assert made.lines == ("2026-Q4: 2.0 of 5, spread 1.2, 4 of 4 voted, anonymous",)


def test_sentences_come_in_an_order_that_is_drawn_anew(suite: Database, poll: int) -> None:
    all_vote(suite, poll, 1, 1, 2, 4)
    close_due(suite, TEAM, now=CLOSES)
    orders = {result(suite, TEAM, "U02BO", now=CLOSES).comments for _ in range(60)}
    assert len(orders) > 8


def test_while_it_is_open_only_how_many_voted_is_told(suite: Database, poll: int) -> None:
    all_vote(suite, poll, 1, 1, 2, 4)
    with pytest.raises(Refusal, match=r"4 of 4 have voted so far\.$"):
        result(suite, TEAM, "U01ANA", now=OPEN + timedelta(hours=1))
    [row] = status(suite, TEAM, now=OPEN)["ratings"]
    assert (row["mean"], row["spread"], row["n"]) == (None, None, 4)
    assert promised(suite, RatingResult.KIND) == []


def test_a_poll_stays_as_it_was_announced_whatever_the_settings_say_later(suite: Database, poll: int) -> None:
    choose(suite, anonymous=False)
    vote(suite, TEAM, "U02BO", poll, Given(2), now=OPEN)
    assert shown_to(suite, poll, 2).anonymous
    assert ballots(suite) == [(2, "")]


def test_an_anonymous_result_stands_beside_the_attributed_one_before_it(suite: Database) -> None:
    earlier_poll(suite, "2026-Q3", 3, 4)
    open_due(suite, TEAM, now=OPENS)
    all_vote(suite, polls(suite)[-1].id or 0, 4, 4, 4, 4)
    close_due(suite, TEAM, now=CLOSES)
    assert posted_result(suite).before == ("2026-Q3", 3.5)


# What an attacker has: everything the database keeps. Each person writes a sign as the sentence, so that a ballot which
# is told to be somebody's is either right or wrong.


def crowd(db: Database) -> list[int]:
    """Forty leads who have voted in a random order; their row ids in that order."""
    people = "\n".join(f"  - {{key: p{n}, name: P {n}, slack: U1{n:03}}}" for n in range(CROWD))
    leads = ", ".join(f"p{n}" for n in range(CROWD))
    set_up(
        db,
        KNOWN.replace("people:\n", f"people:\n{people}\n").replace("leads: [bo, kim]", f"leads: [{leads}]"),
    )
    choose(db, anonymous=True)
    open_due(db, TEAM, now=OPENS)
    order = list(range(CROWD))
    Random(7).shuffle(order)
    poll = polls(db)[0].id or 0
    for step, number in enumerate(order):
        given = Given(SCORES[number], SIGNS[number])
        vote(db, TEAM, f"U1{number:03}", poll, given, now=OPEN + timedelta(minutes=step))
    return order


def dump(db: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every table, its rows in the order in which the database itself keeps them."""
    with db.transaction(readonly=True) as session:
        connection = session.connection()
        if db.is_sqlite:
            names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
            return {n: [tuple(r) for r in connection.execute(text(f'SELECT * FROM "{n}"'))] for n in names}
        names = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
        query = 'SELECT xmin::text, ctid::text, * FROM "{}" ORDER BY ctid'
        return {n: [tuple(r) for r in connection.execute(text(query.format(n)))] for n in names}


def orders_of_people(db: Database, voted: list[int]) -> Iterator[tuple[str, list[int]]]:
    """Every order of the voters that any table gives away, and the one in which they really voted."""
    yield "the order of the votes themselves", voted
    for name, rows in dump(db).items():
        for column in range(max((len(row) for row in rows), default=0)):
            ordered = sorted(rows, key=lambda row: str(row[column]))
            found = [n for row in ordered if (n := _voter(row)) is not None]
            unique = list(dict.fromkeys(found))
            if len(unique) == CROWD:
                yield f"{name} by column {column}", unique


def _voter(row: tuple[object, ...]) -> int | None:
    """The voter that a row names: by Slack id, by name, or by the id that is the first of two."""
    said = " ".join(str(value) for value in row)
    return next((n for n in range(CROWD) if f"U1{n:03}" in said or f"P {n}" in said.split("'")), None)


def orders_of_ballots(db: Database) -> Iterator[tuple[str, list[int]]]:
    """Every order of the ballots that their table, and on SQLite the file itself, gives away."""
    rows = dump(db)["rating_ballot"]
    for column in range(len(rows[0])):
        ordered = sorted(rows, key=lambda row: str(row[column]))
        yield f"column {column}", [SIGNS.index(str(row[-1])) for row in ordered]
    yield "as kept", [SIGNS.index(str(row[-1])) for row in rows]
    if db.is_sqlite:
        raw = Path(db.url.removeprefix("sqlite:///")).read_bytes()
        yield "in the file", sorted(range(CROWD), key=lambda n: raw.index(SIGNS[n].encode()))


def test_no_order_in_a_dumped_database_joins_votes_to_people_better_than_chance(db: Database) -> None:
    voted = crowd(db)
    tried = 0
    for _, people in orders_of_people(db, voted):
        for _, cast in orders_of_ballots(db):
            for one in (cast, cast[::-1]):
                tried += 1
                right = sum(a == b for a, b in zip(people, one, strict=True))
                assert right < 12  # of 40; by chance one is, and twelve once in 10^9
    assert tried > 20


def test_no_row_that_names_a_person_has_a_sentence_or_stands_with_a_ballot(db: Database) -> None:
    crowd(db)
    for name, rows in dump(db).items():
        for row in rows if name != "rating_ballot" else []:
            said = " ".join(str(value) for value in row)
            assert not any(sign in said for sign in SIGNS), name


def test_all_ballots_and_all_invitations_look_as_if_written_at_once(db: Database) -> None:
    crowd(db)
    with db.transaction(readonly=True) as session:
        if db.is_sqlite:
            found = session.connection().execute(text("SELECT sql FROM sqlite_master WHERE name = 'rating_ballot'"))
            assert "WITHOUT ROWID" in found.scalar_one()
            return
        for table in ("rating_ballot", "rating_invite"):
            written = session.connection().execute(text(f"SELECT DISTINCT xmin::text FROM {table}")).scalars().all()
            assert len(written) == 1, table


def test_nothing_of_a_ballot_is_left_in_the_file_but_the_ballot(sqlite_db: Database) -> None:
    crowd(sqlite_db)
    path = Path(sqlite_db.url.removeprefix("sqlite:///"))
    raw = path.read_bytes()
    assert [raw.count(sign.encode()) for sign in SIGNS] == [1] * CROWD
    log = path.with_name(f"{path.name}-wal")
    assert not log.exists() or log.stat().st_size == 0


def test_an_error_of_the_database_names_no_value(sqlite_db: Database) -> None:
    with pytest.raises(Exception, match="CHECK constraint") as failed, sqlite_db.transaction() as session:
        row = {"k": "key", "t": TEAM, "p": 1, "s": 9, "c": "Reviews took days"}
        statement = "INSERT INTO rating_ballot (key, team_id, poll_id, score, comment) VALUES (:k, :t, :p, :s, :c)"
        session.connection().execute(text(statement), row)
    assert "Reviews" not in str(failed.value)


def test_votes_of_many_at_the_same_instant_are_all_there_and_each_once(suite: Database, poll: int) -> None:
    together = Barrier(4)

    def press(number: int) -> None:
        together.wait()
        vote(suite, TEAM, USERS[number], poll, Given(number + 1, f"sentence {number}"), now=OPEN)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(press, range(4)))
    assert ballots(suite) == [(n + 1, f"sentence {n}") for n in range(4)]
    assert voters(suite) == 4
