"""How the portfolio stands in App Home: what is cheap is of now, what is not of the newest kept day."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from rituals import home
from rituals.alignment.coverage import coverage, linkless
from rituals.alignment.rules import connection_rate
from rituals.alignment.scope import Scope
from rituals.digests.service import preview
from rituals.notices import Digest, HomeAlignment, RatedCycle
from rituals.okrs.load import load_portfolio
from rituals.ratings import by_hand
from rituals.ratings.voting import Given, vote
from storage import alignment as store
from storage.database import Database
from storage.tables import Cycle, Workspace
from tests.rituals.rating_workspace import PORTFOLIO, TEAM, earlier_poll, polls_unit, set_up

NOW = datetime(2026, 11, 19, 10, tzinfo=UTC)
ANA, BO, MIA, KIM = "U01ANA", "U02BO", "U03MIA", "U04KIM"
NEWEST = {"connection_rate": 0.2, "shared_lag_index": 0.75, "net_confidence": -0.25, "connected_and_moving": 0.4}


@pytest.fixture
def suite(sqlite_db: Database) -> Database:
    """Three lines in the cycle, a fourth that is not; one objective of theirs, which is linked to nothing."""
    set_up(sqlite_db)
    return sqlite_db


def shown(db: Database, user: str = ANA) -> HomeAlignment:
    """What a person's Home says."""
    found = home.overview(db, TEAM, user, now=NOW).alignment
    assert found is not None
    return found


def keep(db: Database, day: date, **figures: float | None) -> None:
    """Figures that were kept on a day of the cycle."""
    unit = polls_unit(db)
    with db.transaction() as session:
        cycle = session.exec(select(Cycle.id).where(Cycle.key == "2026-Q4")).one()
        store.keep(session, TEAM, unit_id=unit, cycle_id=cycle or 0, day=day, figures=dict(figures), at=NOW)


def test_connection_rate_and_gaps_are_those_of_now(suite: Database) -> None:
    found = shown(suite)
    assert (found.unit, found.unit_key, found.connection, found.connection_before) == (
        "Product suite",
        "suite",
        0.0,
        None,
    )
    assert (found.thin, found.unlinked) == (0, 2)  # Search and Idle; both other lines own KR-1
    linked = PORTFOLIO.replace(
        "title: Found at once", "title: Found at once, contributes_to: [{objective: O-1, how: x}]"
    )
    set_up(suite, linked)
    assert (shown(suite).connection, shown(suite).unlinked) == (1.0, 1)


def test_the_gaps_are_those_of_the_matrix(suite: Database) -> None:
    with suite.transaction(readonly=True) as session:
        scope = Scope(load_portfolio(session, TEAM), "suite", NOW)
    found = coverage(scope.objectives, scope.units, now=NOW, zone=scope.state.zone, interval=scope.interval)
    assert linkless(scope.objectives, scope.units) == (list(found.thin), list(found.unlinked))


def test_the_lag_index_is_that_of_the_newest_kept_day_and_says_which(suite: Database) -> None:
    assert (shown(suite).lag, shown(suite).kept_on) == (None, None)
    keep(suite, date(2026, 11, 9), connection_rate=0.4, shared_lag_index=0.9)
    keep(suite, date(2026, 11, 16), **NEWEST)
    found = shown(suite)
    assert (found.lag, found.kept_on, found.connection_before) == (0.75, date(2026, 11, 16), 0.2)
    assert (found.net, found.moving) == (-0.25, 0.4)


def test_what_was_kept_today_stands_there_today_and_the_change_is_since_an_earlier_day(suite: Database) -> None:
    keep(suite, date(2026, 11, 16), **NEWEST)
    keep(suite, date(2026, 11, 19), **{**NEWEST, "connection_rate": 0.4, "shared_lag_index": 0.8})
    found = shown(suite)
    assert (found.lag, found.kept_on) == (0.8, NOW.date())
    assert (found.connection_before, found.before_on) == (0.2, date(2026, 11, 16))


def test_the_newest_rating_stands_there_with_the_change_to_the_one_before(suite: Database) -> None:
    assert shown(suite).rating is None
    earlier_poll(suite, "2026-Q3", 3, 4)
    first = shown(suite).rating
    assert first is not None
    assert (first.cycle, first.mean, first.before) == ("2026-Q3", 3.5, None)
    poll = by_hand.start(suite, TEAM, ANA, "2026-Q4", now=NOW).poll
    vote(suite, TEAM, BO, poll, Given(5), now=NOW)
    assert shown(suite).rating == first  # nothing of a rating that is open
    by_hand.close_now(suite, TEAM, ANA, poll, now=NOW)
    newest = shown(suite).rating
    assert newest is not None
    assert (newest.cycle, newest.mean, newest.before) == ("2026-Q4", 5.0, 3.5)


def test_an_anonymous_rating_of_too_few_is_withheld_in_home_too(suite: Database) -> None:
    with suite.transaction() as session:
        workspace = session.get(Workspace, TEAM)
        assert workspace is not None
        workspace.anonymous_ratings = True
    poll = by_hand.start(suite, TEAM, ANA, "", now=NOW).poll
    for user in (BO, MIA, KIM):
        vote(suite, TEAM, user, poll, Given(1), now=NOW)
    by_hand.close_now(suite, TEAM, ANA, poll, now=NOW)
    found = shown(suite).rating
    assert found is not None
    assert (found.mean, found.withheld, found.votes) == (None, True, 3)
    assert preview(suite, TEAM, "suite", now=NOW, connection=connection_rate).rating == found


def test_the_digest_repeats_the_kept_index_and_the_rating_that_was_posted(suite: Database) -> None:
    def told() -> Digest:
        return preview(suite, TEAM, "suite", now=NOW, connection=connection_rate)

    assert (told().lag, told().lag_on, told().rating) == (None, None, None)
    keep(suite, date(2026, 11, 16), **NEWEST)
    earlier_poll(suite, "2026-Q3", 3, 4)
    assert told().rating is None  # it was never told to the channel
    poll = by_hand.start(suite, TEAM, ANA, "2026-Q4", now=NOW).poll
    vote(suite, TEAM, BO, poll, Given(5), now=NOW)
    assert told().rating is None
    by_hand.close_now(suite, TEAM, ANA, poll, now=NOW)
    found = told()
    assert (found.lag, found.net, found.moving, found.lag_on) == (0.75, -0.25, 0.4, date(2026, 11, 16))
    assert found.rating == RatedCycle(cycle="2026-Q4", mean=5.0, before=3.5, votes=1, asked=4)


def test_a_rating_that_was_opened_by_hand_is_not_announced_any_more(suite: Database) -> None:
    assert "Next rating" in dict(home.overview(suite, TEAM, BO, now=NOW).rhythm)
    by_hand.start(suite, TEAM, ANA, "", now=NOW)
    assert "Next rating" not in dict(home.overview(suite, TEAM, BO, now=NOW).rhythm)


def test_leads_of_lines_see_how_their_portfolio_stands_and_who_leads_nothing_sees_none(suite: Database) -> None:
    assert shown(suite, MIA).unit_key == "suite"
    assert home.overview(suite, TEAM, "U99STRANGER", now=NOW).alignment is None
